"""A report in a terminal, in a debugger and in a notebook."""

from __future__ import annotations

from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.results import SuiteResult
from tests.unit.validation.reporting.html_tree import Tree
from tests.unit.validation.reporting.test_report import EVERYTHING, EVIL, result

PASSED = Report("lake", [SuiteResult("silver/orders", [result(), result("b")], seconds=0.25)])


def test_its_representation_is_one_short_line() -> None:
    assert repr(PASSED) == "<Report of 'lake': 1 suite: 2 passed>"
    counts = "1 passed, 2 failed, 1 not judged, 2 errors"
    assert repr(EVERYTHING) == f"<Report of 'lake': 2 suites: {counts}>"
    assert repr(Report("lake", [])) == "<Report of 'lake': 0 suites: nothing checked>"


def test_its_text_has_the_suites_and_the_verdict() -> None:
    assert str(PASSED).splitlines() == [
        "suite          expectations  passed  failed  not judged  errors  seconds",
        "-------------  ------------  ------  ------  ----------  ------  -------",
        "silver/orders             2       2       0           0       0      0.2",
        "",
        "Everything passed.",
    ]


def test_its_text_begins_with_what_failed_and_ends_with_the_errors() -> None:
    lines = str(EVERYTHING).splitlines()
    assert lines[0] == "silver/orders: a (warning)"
    assert lines[-3:] == [
        "Not everything could be checked.",
        "silver/orders: c: KeyError: 'c'",
        "silver/products: IO Error",
    ]


def test_a_notebook_shows_a_row_for_each_suite() -> None:
    page = EVERYTHING._repr_html_()
    rows = [[cell.text for cell in row.all("td")] for row in Tree(page).root.all("tr")]
    assert rows[1:] == [
        ["silver/orders", "5", "1", "2", "1", "1", "1.2"],
        ["silver/products", "0", "0", "0", "0", "1", "0.5"],
    ]
    assert "observed  every row" in page
    for way_out in ("http:", "https:", "src=", "url(", "@import", "<script", "<style"):
        assert way_out not in page


def test_a_notebook_gets_no_markup_of_the_data() -> None:
    bad = result(EVIL, "failed", observed=EVIL)
    page = Report(EVIL, [SuiteResult(EVIL, [bad], error=EVIL)])._repr_html_()
    assert [tag for tag in ("script", "img") if Tree(page).root.all(tag)] == []
    assert EVIL not in page
