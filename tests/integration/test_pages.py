"""Every page works from top to bottom: its blocks run in order, in one shell; see `pages`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.integration.downstream import run
from tests.integration.pages import PAGES, ROOT, RUN_PROJECT, blocks, script

BLOCKS = {page: found for page in PAGES if (found := blocks(page))}
RUN = [
    page
    for page, found in BLOCKS.items()
    if any(
        block.language in ("sh", "python") and not (block.not_run or block.part_of)
        for block in found
    )
]
INDEX = "docs/README.md"
# What the tests cannot have, and how many blocks of all pages need it.
NOT_RUN = {
    "needs Postgres": 1,
    "needs Spark": 5,
    "needs a Spark cluster": 2,
    "needs the network": 2,
    "needs the network and 20 minutes": 1,
    "needs the package of this page": 1,
    "takes a minute": 1,
}


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A copy of what pages use of the project; what they write goes with the test."""
    folder = tmp_path / "checkout"
    for name in ("pyproject.toml", "examples", "tools"):
        if (ROOT / name).is_dir():
            leftovers = shutil.ignore_patterns(".venv", "data", "__pycache__", ".*_cache")
            shutil.copytree(ROOT / name, folder / name, ignore=leftovers)
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder)
    yield folder
    for path in tmp_path.iterdir():
        shutil.rmtree(path, ignore_errors=True)


@pytest.mark.parametrize("page", RUN)
def test_a_page_works_from_top_to_bottom(page: str, checkout: Path) -> None:
    project = checkout.parent / "project"
    project.mkdir()
    # Great Expectations imports modules of Python that are deprecated.
    warnings = "default" if "great_expectations" in script(page) else "error"
    ini = f"[pytest]\nbronze_scale = tiny\nfilterwarnings = {warnings}\naddopts = --strict-config\n"
    (project / "pytest.ini").write_text(ini, "utf-8")
    activate = checkout.parent / "activate"
    binaries = Path(sys.executable).parent
    activate.write_text(
        f'export VIRTUAL_ENV=$PWD/.venv PATH="$PWD/.venv/bin:{binaries}:$PATH"\n', "utf-8"
    )
    start = checkout / Path(page).parent if page.startswith("examples") else checkout
    if page.startswith("docs"):  # README says how to make the environment
        (start / ".venv" / "bin").mkdir(parents=True)
        shutil.copy(activate, start / ".venv" / "bin" / "activate")
    folders = os.environ["PATH"].split(os.pathsep)

    done = run(
        start,
        checkout.parent / "cache",
        "bash",
        "-c",
        script(page),
        ACTIVATE=str(activate),
        PATH=os.pathsep.join(folder for folder in folders if Path(folder) != binaries),
        PIP=str(Path(__file__).with_name("pip_stand_in.py")),
        PROJECT=str(project),
        PYTHON=sys.executable,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    # What pytest says at its end: nothing is skipped, and nothing warns.
    results = re.findall(r"^(?:=+ )?(\d+ .*) in [\d.:]+ ?s", done.stdout, re.MULTILINE)
    for result in results:
        assert re.fullmatch(r"\d+ passed(, \d+ warnings?)?", result), done.stdout
    assert len(results) >= script(page).count(RUN_PROJECT)


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    reasons = [
        block.not_run.partition("; ")[0]
        for found in BLOCKS.values()
        for block in found
        if block.not_run
    ]
    assert {reason: reasons.count(reason) for reason in reasons} == NOT_RUN


def headings(page: Path) -> set[str]:
    """Return the anchors that GitHub gives a page's headings."""
    lines = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", (ROOT / page).read_text("utf-8")):
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


def test_the_first_page_of_the_docs_lists_all_others() -> None:
    listed = re.findall(r"^\| \[.*?\]\((.*?)\) \|", (ROOT / INDEX).read_text("utf-8"), re.MULTILINE)
    pages = {page.removeprefix("docs/") for page in PAGES if page.startswith("docs/")}
    assert {*listed} == {*pages, "../CONTRIBUTING.md"} - {"README.md"}


@pytest.mark.parametrize("page", BLOCKS)
def test_what_is_not_run_is_at_least_written_correctly(page: str) -> None:
    for block in BLOCKS[page]:
        match block.language:
            case "sh":
                done = subprocess.run(["bash", "-n"], input=block.text, text=True, check=False)
                assert done.returncode == 0, block
            case "python" if not block.part_of:
                compile(block.text, f"{page}:{block.line}", "exec")
            case "toml":
                tomllib.loads(block.text)
            case "yaml":
                yaml.safe_load(block.text)
            case other:
                assert other in ("", "python"), block
