"""The benchmark page states every bound, and a ratio is the median over pairs."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.figures import COMMAND, ENGINE, FIGURES, MEMORY, TPCHGEN, Limit, Pairs
from benchmarks.fixtures import OURS
from benchmarks.page import Results, bound_text, figures_table, render, updated, validation_section
from benchmarks.peer_runs import Outcome, read_peers
from benchmarks.scales import SCALES, Large, Size

PAGE = Path(__file__).parents[3] / "docs" / "benchmarks.md"

MAY_BE_ABSENT = ("misata", "great-generator")  # where they do not install
HEADINGS = [
    "Scale",
    "Other tools",
    "Figures",
    "Beside them",
    "Fixtures",
    "Validation",
    "Machine and versions",
    "How each figure is measured",
]


def headings(page: str) -> list[str]:
    return [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]


def text_of(page: str, heading: str) -> str:
    return page.partition(f"## {heading}\n")[2].partition("\n## ")[0].strip()


def all_at(ratio: float) -> dict[str, Pairs]:
    return {figure.title: Pairs([ratio], [1.0]) for figure in FIGURES}


def rows_of(page: str) -> dict[str, list[str]]:
    """Return the cells of the lines that name a figure, by its title."""
    lines = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("|")]
    titles = {figure.title for figure in FIGURES}
    return {cells[1]: cells for cells in lines if len(cells) > 2 and cells[1] in titles}


def test_ratio_is_the_median_of_the_pairs_not_the_ratio_of_the_medians() -> None:
    pairs = Pairs([2.0, 30.0, 4.0], [1.0, 10.0, 8.0])
    assert pairs.ratios == [2.0, 3.0, 0.5]
    assert pairs.ratio == 2.0
    assert pairs.medians == (4.0, 8.0)


def test_pairs_that_do_not_pair_up_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        _ = Pairs([1.0, 2.0], [1.0]).ratio


def test_bounds_are_the_promised_ones_and_inclusive() -> None:
    assert [(figure.sense, figure.bound) for figure in FIGURES] == [
        ("at most", 1.1),
        ("at most", 2.6),
        ("at least", 1.5),
        ("at most", 1.3),
        ("at most", 1.1),
        ("at least", 1.5),
        ("at most", 1.7),
    ]
    assert ENGINE.holds(1.1)
    assert not ENGINE.holds(1.11)
    assert TPCHGEN.holds(1.5)
    assert not TPCHGEN.holds(1.49)


def test_memory_is_held_by_every_pair_and_speed_by_the_median() -> None:
    rising = Pairs([1.0, 1.0, 1.7], [1.0, 1.0, 1.0])
    assert [figure.title for figure in FIGURES if figure.every_run] == [MEMORY.title]
    assert ENGINE.kept(rising)
    assert not MEMORY.kept(rising)


def test_a_figure_that_was_not_measured_says_so() -> None:
    pairs = all_at(1.55)
    del pairs[TPCHGEN.title]
    cells = rows_of(figures_table(pairs))[TPCHGEN.title]
    assert cells[2:] == ["not measured", "", "at least 1.5"]


def test_table_tells_what_does_not_hold() -> None:
    verdicts = {title: cells[-1] for title, cells in rows_of(figures_table(all_at(1.55))).items()}
    assert verdicts[ENGINE.title] == "**no**"
    assert [list(verdicts.values()).count(verdict) for verdict in ("yes", "**no**")] == [4, 3]


def test_page_says_so_when_the_runs_are_too_few() -> None:
    few = Results("run", 3, [], all_at(1.0), [])
    enough = Results("run", 5, [], all_at(1.0), [])
    assert "trial run" in render(few)
    assert "trial run" not in render(enough)


def test_page_shows_the_picture_and_every_part_that_was_measured() -> None:
    sizes = {scale: Size(1, 1, [1.0], [1.0], [1]) for scale in SCALES}
    large = Large(sizes, 7, [[3]], 8, [], Pairs([9.0], [3.0]))
    frames = {OURS: {"wall": [9.0]}}
    results = Results("run", 5, [], all_at(1.0), [], large=large, frames=frames)
    page = render(replace(results, peers=[Outcome(read_peers()[0], reason="no index")]))
    assert headings(page) == HEADINGS
    assert "](benchmarks.svg)" in page


@pytest.mark.parametrize("heading", ["Figures", "Validation", "How each figure is measured"])
def test_a_section_that_was_measured_again_names_its_command(heading: str) -> None:
    page = render(Results("all of it", 5, [], all_at(1.0), [], [Limit("old", 1, "s", [0.5])]))
    section = f"## {heading}\n\n| a | b |\n| --- | --- |\n| new | 2 |\n"
    new = updated(page, [section], "one part")
    assert headings(new) == headings(page)
    told = f"## {heading}\n\nMeasured on its own: `one part`\n\n| a | b |\n"
    assert new.count("Measured on its own") == new.count(told) == 1
    for other in set(headings(page)) - {heading}:
        assert text_of(new, other) == text_of(page, other)
    assert updated(new, [section], "one part") == new


def test_a_section_that_the_page_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="not found"):
        updated(render(Results("all", 5, [], all_at(1.0), [])), ["## Else\n"], "part")


def test_the_section_on_validation_is_the_one_of_the_page() -> None:
    limits = [Limit("the whole command", 15, "CPU s", [9.0])]
    assert validation_section(limits) in render(Results("all", 5, [], all_at(1.0), [], limits))


def test_committed_page_has_every_part_and_every_peer() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert headings(page) == HEADINGS
    for peer in read_peers():
        assert f"\n| {peer.name}" in page, peer.name
        if peer.name not in MAY_BE_ABSENT:
            assert f"\n| {peer.name} | not run" not in page, peer.name
    assert "trial run" not in page
    assert "Not measured" not in page


def test_committed_page_links_a_picture_that_is_there() -> None:
    page = PAGE.read_text(encoding="utf-8")
    links = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)
    assert links == ["benchmarks.svg"]
    picture = (PAGE.parent / "benchmarks.svg").read_text(encoding="utf-8")
    assert "<svg" in picture
    for peer in read_peers():
        ran = f"| {peer.name} | not run" not in page
        assert (peer.name in html.unescape(picture)) == ran, peer.name


def test_committed_page_has_every_figure_with_its_bound() -> None:
    rows = rows_of(PAGE.read_text(encoding="utf-8"))
    assert {title: cells[-2] for title, cells in rows.items()} == {
        figure.title: bound_text(figure) for figure in FIGURES
    }
    assert COMMAND.title in rows
