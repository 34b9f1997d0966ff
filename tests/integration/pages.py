"""Pages as scripts: the blocks of a page, in order, for one shell.

A block of `sh` is run as it is. A block of `python` is run by `python`. If its first line is a
path, as in `# tests/test_orders.py`, it is a file of a project, and pytest runs that project at
the end of the section. Right before a block, `<!-- not run: REASON -->` says why it is not run,
and a line that ends in "`FILE`:" says that the block is a part of that file. A block that begins
with `# stores-pack/` is a file of the package that `stores` builds.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "examples/*/README.md")
    for path in ROOT.glob(pattern)
)

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NOT_RUN = re.compile(r"<!-- not run: (.+) -->")
_PART = re.compile(r"`([\w/]+\.py)`:$")
_PACKAGE = re.compile(r"# (stores-pack/[\w/.]+)\n")
_END = "END_OF_THE_BLOCK"

# Commands that a page expects of the machine. They install nothing: the environment is the tests'.
PRELUDE = """
set -euo pipefail
environment() { mkdir -p .venv/bin; cp "$ACTIVATE" .venv/bin/activate; }
python3() { if [[ "$*" == "-m venv .venv" ]]; then environment; else command python3 "$@"; fi; }
pip() { "$PYTHON" "$PIP" "${VIRTUAL_ENV:?: pip without an active environment}" "$@"; }
uv() {
  if [[ "$*" == "venv --clear" ]]; then environment;
  elif [[ $1 == pip ]]; then shift; pip "$@"; else exit 1; fi
}
"""

# Whoever has such a project has an environment for it.
RUN_PROJECT = '(cd "$PROJECT"; "$PYTHON" -m pytest -q -p no:cacheprovider); rm -r "$PROJECT"/*/'


@dataclass(frozen=True)
class Block:
    """A code block of a page."""

    section: str
    line: int
    language: str
    text: str
    not_run: str | None
    part_of: str | None

    @property
    def file(self) -> str | None:
        """The path in the first line of Python, if there is one."""
        found = re.match(r"# (tests/\w+\.py)\n", self.text) if self.language == "python" else None
        return found and found[1]


def blocks(page: str) -> list[Block]:
    """Return the code blocks of a page."""
    text = (ROOT / page).read_text("utf-8")
    found = []
    for match in _FENCE.finditer(text):
        before = text[: match.start()]
        paragraph = before.rstrip().rpartition("\n\n")[2]
        mark = _NOT_RUN.search(paragraph)
        part = _PART.search(paragraph) or _PACKAGE.match(match[2])
        found.append(
            Block(
                section=re.findall(r"^#+ (.*)$", _FENCE.sub("", before), re.MULTILINE)[-1],
                line=before.count("\n") + 1,
                language=match[1],
                text=match[2],
                not_run=mark and mark[1],
                part_of=part and part[1],
            )
        )
    return found


def script(page: str) -> str:
    """Return a page as one script, for a copy of the project with an empty folder `project`."""
    lines = [PRELUDE]
    run = [block for block in blocks(page) if not (block.not_run or block.part_of)]
    for block, following in zip(run, [*run[1:], None], strict=True):
        lines.append(f"echo {shlex.quote(f'--- {page}:{block.line}')}")
        if block.language == "sh":
            lines.append(block.text)
        elif block.file:
            path = f'"$PROJECT/{block.file}"'
            lines.append(
                f'mkdir -p "$(dirname {path})"; cat > {path} <<"{_END}"\n{block.text}{_END}'
            )
            if not (following and following.file and following.section == block.section):
                lines.append(RUN_PROJECT)
        elif block.language == "python":
            lines.append(f'python - <<"{_END}"\n{block.text}{_END}')
    return "\n".join(lines)
