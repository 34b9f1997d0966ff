"""The HTML report of a run, from results made by hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bronze_fixtures.validation.plans.expectation import Expectation, Kind
from bronze_fixtures.validation.reporting.html import render_report, write_report
from bronze_fixtures.validation.reporting.report import Report
from bronze_fixtures.validation.results import Result, Shares, SuiteResult, Verdict
from tests.unit.validation.reporting.html_tree import Node, Tree

EVIL = "\"'><script>alert(1)</script><img>&amp;"


def result(name: str = "orders.rows", verdict: Verdict = "passed", **said: Any) -> Result:
    """Return a result; what is not said is dull."""
    expectation = Expectation(
        suite="silver/orders",
        id=name,
        severity=said.pop("severity", "warning"),
        note=said.pop("note", "There is a value in every row."),
        kind=Kind.ROWS,
        type="expect_something",
        arguments={},
        defects=said.pop("defects", ()),
    )
    said = {"expected": expectation.note, "observed": "every row", **said}
    return Result(expectation, verdict, **said)


def page_of(*suites: SuiteResult, **said: Any) -> Node:
    return Tree(render_report(Report("lake", suites, **said))).root


def of(*results: Result) -> Node:
    return page_of(SuiteResult("silver/orders", results))


EVERYTHING = Report(
    "lake",
    [
        SuiteResult(
            "silver/orders",
            [
                result("a", "failed", rows=[{"order_id": "1"}], defects=("orders.a.null",)),
                result("b", "failed", shares=Shares({"x": 0.5, "y": 0.5}, {"x": 1, "z": 1})),
                result("c", "error", observed="KeyError: 'c'"),
                result("d", "not judged"),
                result("e", shares=Shares({"x": 1.0}, {"x": 2})),
            ],
            seconds=1.25,
        ),
        SuiteResult("silver/products", error="IO Error", seconds=0.5),
    ],
    {"scale": 0.1, "seed": 1234567, "defects": "standard", "rows": 81620},
    (0, 3),
    4,
)


def test_the_page_fetches_nothing_and_lets_nothing_be_fetched() -> None:
    page = render_report(EVERYTHING)
    (policy,) = Tree(page).root.all("meta", **{"http-equiv": "Content-Security-Policy"})
    said = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert policy.attributes["content"] == said
    for way_out in ("http:", "https:", "src=", "url(", "@import", "<script"):
        assert way_out not in page


def test_tags_balance_and_links_lead_somewhere() -> None:
    page = Tree(render_report(EVERYTHING)).root
    tags = ("section", "h2", "symbol")
    ids = [node.attributes["id"] for tag in tags for node in page.all(tag)]
    assert len(ids) == len(set(ids))
    links = [node.attributes["href"] or "" for tag in ("a", "use") for node in page.all(tag)]
    assert {"#silver/orders", "#silver/products", "#summary", "#icon-not-judged"} <= set(links)
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_nothing_that_was_found_becomes_markup() -> None:
    shares = Shares({EVIL: 1.0}, {f"other {EVIL}": 1})
    found = [
        result(EVIL, "failed", note=f"note {EVIL}", expected=EVIL, observed=EVIL, shares=shares)
    ]
    found += [result(f"row {EVIL}", "failed", rows=[{f"column {EVIL}": EVIL}], defects=(EVIL,))]
    suites = SuiteResult(f"silver/{EVIL}", found, error=f"error {EVIL}")
    page = page_of(suites, facts={f"fact {EVIL}": EVIL})
    assert not page.all("script")
    assert not page.all("img")
    for start in ("", "other ", "note ", "row ", "column ", "silver/", "error ", "fact "):
        assert start + EVIL in page.text
    (link,) = (a for a in page.all("a") if EVIL in a.text)
    assert re.fullmatch(r"#[\w./-]+", link.attributes["href"] or "")


def test_failed_ones_stand_first_the_gravest_above() -> None:
    page = of(
        result("passes"),
        result("unjudged", "not judged", severity="critical"),
        result("errs", "error"),
        result("fails a little", "failed", severity="info"),
        result("fails", "failed", severity="warning"),
        result("fails badly", "failed", severity="critical"),
    )
    names = [code.text for row in page.all("th", scope="row") for code in row.all("code")]
    assert names == ["fails badly", "fails", "fails a little", "errs", "unjudged", "passes"]
    (folded,) = page.all("details")
    assert [code.text for code in folded.all("code")] == ["passes"]
    assert "1 passed" in folded.all("summary")[0].text


def test_the_summary_counts_each_suite_and_all() -> None:
    (table,) = Tree(render_report(EVERYTHING)).root.all("table", class_="summary")
    rows = [[cell.text.strip() for cell in row.all("td")] for row in table.all("tr")[1:]]
    assert rows == [
        ["error", "5", "1", "2", "1", "1", "1.25"],
        ["error", "0", "0", "0", "1", "0", "0.50"],
        ["", "5", "1", "2", "2", "1", "1.75"],
    ]
    labels = [cell.attributes.get("data-label") for cell in table.all("tr")[1].all("td")]
    assert labels == [None, "expectations", "passed", "failed", "error", "not judged", "s"]
    assert [row.all("th")[0].text for row in table.all("tr")[1:]] == [
        "silver/orders",
        "silver/products",
        "2 suites",
    ]


@pytest.mark.parametrize(
    ("suite", "headline", "verdict"),
    [
        (SuiteResult("s", [result(), result()]), "2 of 2 expectations passed", "passed"),
        (SuiteResult("s", [result("a", "failed"), result()]), "1 of 2 expectations", "failed"),
        (SuiteResult("s", [result("a", "error"), result()]), "Errors in 1 of 1 suites", "error"),
        (SuiteResult("s", error="gone"), "Errors in 1 of 1 suites", "error"),
        (SuiteResult("s", [result("a", "not judged")]), "Nothing was checked", "not judged"),
        (SuiteResult("s", [result("a", "not judged"), result()]), "1 of 2 exp", "passed"),
    ],
)
def test_the_head_says_how_it_ended(suite: SuiteResult, headline: str, verdict: Verdict) -> None:
    page = page_of(suite)
    (head,) = page.all("h1")
    assert head.text.startswith(headline)
    assert head.all("svg", **{"aria-label": verdict})
    assert page.all("td", class_="verdict")[0].text == verdict


def test_the_head_says_how_grave_the_failures_are() -> None:
    page = of(
        result("a", "failed", severity="info"),
        result("b", "failed", severity="critical"),
        result("c", "failed", severity="info"),
    )
    assert "1 critical, 2 info" in page.all("li", class_="failed")[0].text


def test_the_head_has_the_facts() -> None:
    page = Tree(render_report(EVERYTHING)).root
    facts = [(dt.text, dd.text) for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)]
    assert facts == [
        ("scale", "0.1"),
        ("seed", "1234567"),
        ("defects", "standard"),
        ("rows", "81,620"),
        ("shards checked", "2 of 4: 0, 3"),
    ]


@pytest.mark.parametrize(
    ("shards", "of_shards", "said"),
    [
        ((), 1, None),
        ((0, 1, 2), 3, "all 3, one after the other"),
        ((0, 7, 49), 50, "3 of 50: 0, 7, 49"),
    ],
)
def test_the_head_says_which_shards_were_judged(
    shards: tuple[int, ...], of_shards: int, said: str | None
) -> None:
    page = page_of(SuiteResult("s"), shards=shards, of_shards=of_shards)
    assert [dd.text for dd in page.all("dd")] == ([said] if said else [])


def test_a_suite_that_did_not_run_says_why() -> None:
    whole = page_of(SuiteResult("s", error="no such file"))
    assert whole.all("p", class_="alert")[0].text == "Could not run. no such file"
    part = page_of(SuiteResult("s", [result()], error="shard 1: gone"))
    assert part.all("p", class_="alert")[0].text == "Not all of it ran. shard 1: gone"


def test_a_note_is_not_said_twice() -> None:
    page = of(
        result("a", "failed", note="Same.", expected="Same."),
        result("b", "failed", note="The table has its rows.", expected="5 rows"),
    )
    assert page.text.count("Same.") == 1
    assert "The table has its rows." in page.text


def test_offending_rows_stand_below_their_expectation() -> None:
    rows = [
        {"order_id": "ORD-1", "total": -15.5, "note": None},
        {"order_id": "", "total": 3, "note": "a\x00b\u202e"},
    ]
    page = of(result("a", "failed", rows=rows), result("b", "failed"))
    (table,) = page.all("table", class_="results")
    outer = [row for body in table.children if isinstance(body, Node) for row in body.children]
    kinds = [row.attributes.get("class") for row in outer if isinstance(row, Node)]
    assert kinds == [None, "failed more", "detail", "failed"]
    (inner,) = table.all("table", class_="rows")
    assert [[cell.text for cell in row.all("td")] for row in inner.all("tr")[1:]] == [
        ["ORD-1", "-15.5", "NULL"],
        ["empty", "3", "a\\x00b\\u202e"],
    ]
    assert [th.text for th in inner.all("th")] == ["order_id", "total", "note"]


def test_a_long_value_is_cut() -> None:
    page = of(result("a", "failed", rows=[{"note": "x" * 301}]))
    assert f">{'x' * 300}…<" in "".join(f">{td.text}<" for td in page.all("td", class_="long"))


def bars_of(page: Node) -> list[tuple[str, ...]]:
    """Return of each value of the only plot: its name, the bars' lengths, the shares in words."""
    (plot,) = page.all("table", class_="plot")
    return [
        (
            row.all("th")[0].text,
            *(rect.attributes["width"] or "" for rect in row.all("rect")),
            *(cell.text for cell in row.all("td", class_="number")),
        )
        for row in plot.all("tr")[1:]
    ]


@pytest.mark.parametrize("verdict", ["passed", "failed"])
def test_bars_are_as_long_as_their_shares(verdict: Verdict) -> None:
    # The longest is a's 60 of 100 rows; 0.5 is 83.33% of it, 0.3 half, 0.2 a third.
    shares = Shares({"a": 0.5, "b": 0.3, "c": 0.2}, {"d": 20, "b": 20, "a": 60})
    assert bars_of(of(result("x", verdict, shares=shares))) == [
        ("a", "83.33%", "100.00%", "50.0%", "60.0%"),
        ("b", "50.00%", "33.33%", "30.0%", "20.0%"),
        ("c", "33.33%", "0.00%", "20.0%", "0.0%"),
        ("d not in the contract", "0.00%", "33.33%", "none", "20.0%"),
    ]


def test_a_plot_without_rows_has_the_contract_alone() -> None:
    page = of(result(shares=Shares({"a": 0.9996, "b": 0.0004}, {})))
    assert bars_of(page) == [
        ("a", "100.00%", "0.00%", "100.0%", "0.0%"),
        ("b", "0.04%", "0.00%", "<0.1%", "0.0%"),
    ]
    assert "Shares of 0 rows" in page.text


def test_of_many_values_without_a_contract_the_most_frequent_have_bars() -> None:
    counted = {"a": 60} | {f"other {number:02}": number for number in range(1, 13)}
    bars = bars_of(of(result(shares=Shares({"a": 1.0}, counted))))
    assert [name.removesuffix(" not in the contract") for name, *_ in bars] == [
        "a",
        *(f"other {number:02}" for number in range(12, 2, -1)),
        "2 more",
    ]
    # 60 and 1 to 12 are 138 rows; the two rarest have 1 and 2 of them.
    assert bars[-1][1:] == ("0.00%", "2.17%", "none", "2.2%")


def test_only_seconds_tell_two_reports_of_the_same_run_apart() -> None:
    one = SuiteResult("s", [result()], seconds=1.0)
    other = SuiteResult("s", [result()], seconds=2.0)
    first, second = (render_report(Report("lake", [suite])) for suite in (one, other))
    assert first == render_report(Report("lake", [one]))
    assert first != second
    assert first.replace(">1.00<", ">2.00<") == second


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    write_report(EVERYTHING, path)
    assert path.read_text(encoding="utf-8") == render_report(EVERYTHING)
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_is_named_as_it_was_given(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in (folder, tmp_path / "none" / "report.html"):
        with pytest.raises(OSError, match=re.escape(repr(str(path)))) as caught:
            write_report(EVERYTHING, path)
        assert caught.value.filename == str(path)
    assert list(tmp_path.iterdir()) == [folder]
