"""Every private part of another library that the package uses is on docs/borrowed-internals.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "borrowed-internals.md"
DOCUMENTED = {"_asdict", "_replace"}  # of named tuples


def attributes(tree: ast.AST) -> Iterator[str]:
    """Yield the attributes that a file reads of other objects than `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls"):
            yield node.attr


def asked_by_name(tree: ast.AST) -> Iterator[str]:
    """Yield the attributes that a file asks for by `getattr`, and the parts of its imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or ""
            for alias in node.names:
                name = f"{module}.{alias.name}"
                yield from [] if name.startswith("bronze_fixtures.") else name.split(".")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr"):
            yield ast.unparse(node.args[1]).strip("'")


def own_names(tree: ast.AST) -> Iterator[str]:
    """Yield the attributes that the classes of a file define."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        for child in node.body if isinstance(node, ast.ClassDef) else []:
            if isinstance(child, ast.FunctionDef):
                yield child.name
            elif isinstance(child, ast.AnnAssign):
                yield ast.unparse(child.target)


def private(names: Iterator[str]) -> set[str]:
    return {name for name in names if re.match("_[^_]", name)}


def borrowed() -> set[str]:
    trees = [ast.parse(path.read_bytes()) for path in (ROOT / "src").rglob("*.py")]
    own = {name for tree in trees for name in own_names(tree)}
    read = {name for tree in trees for name in private(attributes(tree))}
    asked = {name for tree in trees for name in private(asked_by_name(tree))}
    return read - own - DOCUMENTED | asked


def rows() -> list[list[str]]:
    """The cells of the page's table, without its head."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines[2:]]


def test_every_private_part_is_on_the_page_and_no_other() -> None:
    listed = {name for row in rows() for name in re.findall(r"\b_\w+", row[1])}

    assert borrowed() == listed


def test_a_private_part_is_found_however_it_is_reached() -> None:
    code = "import _heapq\nfrom a._b import c\ngetattr(x, '_d', 1)\nx._e\nx.__class__\nx.f"

    assert private(attributes(ast.parse(code))) == {"_e"}
    assert private(asked_by_name(ast.parse(code))) == {"_heapq", "_b", "_d"}


def test_every_row_says_where_and_the_file_is_there() -> None:
    for row in rows():
        assert len(row) == 6, row
        assert (ROOT / "src" / "bronze_fixtures" / row[3].strip("`")).is_file(), row
