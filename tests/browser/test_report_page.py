"""The report of a run as a browser shows it."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bronze_fixtures
from bronze_fixtures.validation import validate
from bronze_fixtures.validation.reporting.html import write_report
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.results import Result, Shares
from tests.browser.conftest import Opener

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LAPTOP, PHONE = 1280, 390

# Of all elements that match, the tag and what is around them: left, right, width, height.
BOXES = """(nodes) => nodes.map((node) => {
  const { left, right, width, height } = node.getBoundingClientRect();
  return [node.outerHTML.slice(0, 120), left, right, width, height];
})"""

# By plot and value, how long the bars of the contract and of the data are, of the most there is.
BARS = """(plots) => Object.fromEntries(plots.map((plot) => [
  plot.dataset.plot,
  Object.fromEntries([...plot.tBodies[0].rows].map((row) => {
    const whole = row.querySelector("svg").getBoundingClientRect().width;
    const bars = [...row.querySelectorAll("rect")];
    const name = row.cells[0].textContent.replace(/ not in the contract$/, "");
    return [name, bars.map((bar) => bar.getBoundingClientRect().width / whole)];
  })),
]))"""

# How many colors a picture has.
COLORS = """async (picture) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const dots = context.getImageData(0, 0, image.width, image.height).data;
  return new Set(new Uint32Array(dots.buffer)).size;
}"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What was found in a lake with defects; one of its distributions is made to fail."""
    lake = tmp_path_factory.mktemp("lakes") / "tiny"
    bronze_fixtures.generate(lake, scale="tiny")
    report = validate(lake, level="silver", with_shares=True)
    suites = list(report.suites)
    results = list(suites[0].results)
    place = next(n for n, r in enumerate(results) if r.expectation.id == "customers.segment.shares")
    results[place] = _spoiled(results[place])
    suites[0] = replace(suites[0], results=results)
    return replace(report, suites=suites)


@pytest.fixture(scope="module")
def path(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reports") / "report.html"
    write_report(report, path)
    return path


def _spoiled(result: Result) -> Result:
    assert result.shares is not None
    counted = {**result.shares.counted, "a value that no contract has": 1}
    return replace(
        result,
        verdict="failed",
        observed="1 row off",
        shares=Shares(result.shares.declared, counted),
    )


def _plots(report: Report) -> dict[str, dict[str, list[float]]]:
    """Return how long each bar has to be, of the longest one."""
    plots = {}
    for suite in report.suites:
        for result in suite.results:
            if result.shares is None:
                continue
            rows = sum(result.shares.counted.values())
            names = [*result.shares.declared, *result.shares.counted]
            bars = {
                name: [
                    result.shares.declared.get(name, 0.0),
                    result.shares.counted.get(name, 0) / rows,
                ]
                for name in names
            }
            longest = max(max(pair) for pair in bars.values())
            plots[result.expectation.id] = {
                name: [part / longest for part in pair] for name, pair in bars.items()
            }
    return plots


def _unfold(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_a_picture_of_the_page_is_not_blank(
    path: Path, open_page: Opener, browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    page = open_page(path, width, "dark" if scheme == "dark" else "light")
    picture = page.screenshot(path=tmp_path / "report.png", full_page=True)
    other = browser.new_page()
    colors = other.evaluate(COLORS, base64.b64encode(picture).decode())
    other.close()
    assert colors > 50


@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_icons_tables_and_plots_can_be_seen(
    report: Report, path: Path, open_page: Opener, width: int
) -> None:
    page = open_page(path, width, "light")
    _unfold(page)
    expectations = sum(len(suite.results) for suite in report.suites)
    plots = _plots(report)
    assert len(plots) > 20
    at_least = {
        "svg.icon": expectations + 2 * len(report.suites),
        "table.summary": 1,
        "table.results": len(report.suites),
        "table.rows": 10,
        "table.plot": len(plots),
        "svg.bars": sum(map(len, plots.values())),
        ".chip": expectations,
    }
    for selector, count in at_least.items():
        boxes = page.eval_on_selector_all(selector, BOXES)
        assert len(boxes) >= count, selector
        for what, left, _, wide, high in boxes:
            assert wide >= 10, what
            assert high >= 10, what
            assert 0 <= left < width, what


@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_bars_are_as_long_as_their_shares(
    report: Report, path: Path, open_page: Opener, width: int
) -> None:
    drawn = open_page(path, width, "light").eval_on_selector_all("table.plot", BARS)
    plots = _plots(report)
    assert drawn.keys() == plots.keys()
    for name, bars in plots.items():
        assert drawn[name].keys() == bars.keys(), name
        for value, lengths in bars.items():
            assert drawn[name][value] == pytest.approx(lengths, abs=0.002), f"{name}: {value}"


@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_the_page_is_not_wider_than_the_window(path: Path, open_page: Opener, width: int) -> None:
    page = open_page(path, width, "light")
    _unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    # Only what has a scroll bar of its own may reach further.
    outside = page.eval_on_selector_all("body *:not(.scroll *, .sprite *)", BOXES)
    assert [what for what, _, right, *_ in outside if right > width] == []


def test_a_link_of_the_summary_leads_to_its_suite(
    report: Report, path: Path, open_page: Opener
) -> None:
    page = open_page(path, PHONE, "light")
    suite = report.suites[-2].suite
    page.locator("table.summary").get_by_role("link", name=suite, exact=True).click()
    section = page.locator("section:target")
    assert section.get_by_role("heading", level=2).inner_text() == suite
    box = section.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 800
    section.get_by_role("link", name="Summary").click()
    assert page.locator("section:target").get_by_role("heading").inner_text() == "Summary"


def test_what_passed_unfolds_without_a_script(path: Path, open_page: Opener) -> None:
    page = open_page(path, LAPTOP, "light")
    folded = page.locator("details").first
    assert not folded.locator("table").is_visible()
    folded.locator("summary").click()
    assert folded.locator("table").is_visible()


def test_the_dark_scheme_is_dark(path: Path, open_page: Opener) -> None:
    background = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    light = open_page(path, LAPTOP, "light").evaluate(background)
    dark = open_page(path, LAPTOP, "dark").evaluate(background)
    assert min(light) > 200
    assert max(dark) < 60
