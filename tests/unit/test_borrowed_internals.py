"""Every private part of another library that the package uses is on docs/borrowed-internals.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "borrowed-internals.md"
DOCUMENTED = {"_asdict", "_replace"}  # of named tuples


def private_names(tree: ast.AST) -> Iterator[str]:
    """Yield the private attributes and modules that a file uses, by whatever it reaches them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or ""
            for alias in node.names:
                yield from f"{module}.{alias.name}".split(".")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr"):
            yield ast.unparse(node.args[1]).strip("'")


def own_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a file defines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr


def borrowed() -> set[str]:
    files = [*(ROOT / "src").rglob("*.py")]
    trees = [ast.parse(path.read_bytes()) for path in files]
    own = {name for tree in trees for name in own_names(tree)} | {path.stem for path in files}
    used = {name for tree in trees for name in private_names(tree)}
    return {name for name in used if re.match("_[^_]", name)} - own - DOCUMENTED


def rows() -> list[list[str]]:
    """The cells of the page's table, without its head."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines[2:]]


def test_every_private_part_is_on_the_page_and_no_other() -> None:
    listed = {name for row in rows() for name in re.findall(r"\b_\w+", row[1])}

    assert borrowed() == listed


def test_a_private_part_is_found_however_it_is_reached() -> None:
    code = "import _heapq\nfrom a._b import c\ngetattr(x, '_d', 1)\nx._e\nx.__class__\nx.f"

    found = {name for name in private_names(ast.parse(code)) if re.match("_[^_]", name)}

    assert found == {"_heapq", "_b", "_d", "_e"}


def test_every_row_says_where_and_the_file_is_there() -> None:
    for row in rows():
        assert len(row) == 6, row
        assert (ROOT / "src" / "bronze_fixtures" / row[3].strip("`")).is_file(), row
