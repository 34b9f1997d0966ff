"""The views in other dialects: all of them, with the same columns, and what sqlglot gets wrong."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from sqlglot import exp, parse, parse_one

from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.dialects.dialects import DIALECTS, translate, view_in
from bronze_fixtures.validation.suites.suites import view_names

OTHERS = [dialect for dialect in DIALECTS if dialect != "duckdb"]


def _said(expression: str, dialect: str) -> str:
    """Return one expression over a table `t` in a dialect, on one line."""
    said = translate(f"SELECT {expression} AS x FROM t", dialect)
    line = " ".join(said.split()).removeprefix("SELECT ").removesuffix(" AS x FROM t")
    return line.replace("( ", "(").replace(" )", ")")


def test_there_is_a_view_for_each_dataset_and_between_them() -> None:
    assert {"customers", "orders", "cross_ltv"} <= {*view_names()}


@pytest.mark.parametrize("name", view_names())
@pytest.mark.parametrize("dialect", OTHERS)
def test_a_translated_view_has_the_same_columns_and_nothing_of_duckdb(
    name: str, dialect: str
) -> None:
    """sqlglot hands on what it does not know."""
    (ours,) = parse(view_in(name, "duckdb"), read="duckdb")
    (theirs,) = parse(view_in(name, dialect), read=dialect)
    assert isinstance(ours, exp.Create)
    assert isinstance(theirs, exp.Create)
    assert theirs.this.name == f"{name}_check"
    columns = ours.expression.named_selects
    assert len(columns) > 2
    assert theirs.expression.named_selects == columns
    unknown = {call.name.upper() for call in theirs.find_all(exp.Anonymous)}
    known = {"postgres": {"PG_TYPEOF"}, "snowflake": {"SYSTEM$TYPEOF", "REGEXP_INSTR"}}
    assert unknown <= known.get(dialect, set())


@pytest.mark.parametrize("name", view_names())
def test_duckdbs_views_are_the_files_as_they_are(name: str) -> None:
    statement = view_in(name, "duckdb")
    assert f"CREATE OR REPLACE VIEW {name}_check AS\nWITH " in statement
    assert statement.count("--") == 2
    assert statement.endswith(";\n")


EMAIL = r"^[a-z+\-]+@[a-z]+(\.[a-z]+)*\.[a-z]{2,}$"


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("duckdb", None),
        ("postgres", rf"email ~ '{EMAIL}'"),
        ("spark", r"email RLIKE '^[a-z+\\-]+@[a-z]+(\\.[a-z]+)*\\.[a-z]{2,}$'"),
        (
            "snowflake",
            r"REGEXP_INSTR(email, '^[a-z+\\-]+@[a-z]+(\\.[a-z]+)*\\.[a-z]{2,}$') > 0",
        ),
        (
            "bigquery",
            r"REGEXP_CONTAINS(email, '^[a-z+\\-]+@[a-z]+(\\.[a-z]+)*\\.[a-z]{2,}$')",
        ),
    ],
)
def test_a_pattern_keeps_its_backslashes(dialect: str, said: str | None) -> None:
    ours = f"regexp_matches(email, '{EMAIL}')"
    assert _said(ours, dialect) == (said or ours)


def test_a_pattern_may_match_a_part_of_the_text() -> None:
    assert _said("regexp_matches(a, 'b')", "snowflake") == "REGEXP_INSTR(a, 'b') > 0"


NUMBERS = "^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)"


@pytest.mark.parametrize(
    ("condition", "dialect", "said"),
    [
        ("= 'DECIMAL(10,2)'", "spark", "TYPEOF(a) RLIKE '^decimal[(]10,2[)]$'"),
        ("= 'DECIMAL(10,2)'", "postgres", "CAST(PG_TYPEOF(a) AS TEXT) ~ '^numeric$'"),
        (
            "= 'DECIMAL(10,2)'",
            "snowflake",
            "REGEXP_INSTR(SYSTEM$TYPEOF(a), '^NUMBER[(]10,2[)]') > 0",
        ),
        ("= 'DECIMAL(10,2)'", "bigquery", "REGEXP_CONTAINS(TYPEOF(a), '^(BIG)?NUMERIC')"),
        ("= 'VARCHAR'", "postgres", "CAST(PG_TYPEOF(a) AS TEXT) ~ '^(text|character)'"),
        (
            "= 'TIMESTAMP'",
            "postgres",
            "CAST(PG_TYPEOF(a) AS TEXT) ~ '^timestamp without time zone$'",
        ),
        ("= 'TIMESTAMP'", "spark", "TYPEOF(a) RLIKE '^timestamp(_ntz)?$'"),
        ("= 'DATE'", "bigquery", "REGEXP_CONTAINS(TYPEOF(a), '^DATE$')"),
        ("~ '^(TIMESTAMP|DATE)'", "spark", "TYPEOF(a) RLIKE '^(timestamp|date)'"),
        (
            f"~ '{NUMBERS}'",
            "bigquery",
            "REGEXP_CONTAINS(TYPEOF(a), '^(INT64|(BIG)?NUMERIC|FLOAT64)')",
        ),
        ("~ '^(VARCHAR|ENUM.''.*''.)$'", "spark", "TYPEOF(a) RLIKE '^(string|varchar|char)'"),
        ("~ '^BOOLEAN$'", "snowflake", "REGEXP_INSTR(SYSTEM$TYPEOF(a), '^BOOLEAN') > 0"),
    ],
)
def test_types_go_by_the_engines_own_names(condition: str, dialect: str, said: str) -> None:
    ours = f"typeof(a) {condition}"
    if condition.startswith("~ "):
        ours = f"regexp_matches(typeof(a), {condition[2:]})"
    assert _said(ours, dialect) == said


@pytest.mark.parametrize(
    ("unit", "dialect", "said"),
    [
        ("day", "spark", "DATEDIFF(DAY, a, b)"),
        ("day", "snowflake", "DATEDIFF(DAY, a, b)"),
        ("day", "bigquery", "DATE_DIFF(b, a, DAY)"),
        ("second", "spark", "DATEDIFF(SECOND, a, b)"),
        ("second", "snowflake", "DATEDIFF(SECOND, a, b)"),
        ("second", "bigquery", "DATE_DIFF(b, a, SECOND)"),
    ],
)
def test_a_difference_of_dates_is_second_less_first(unit: str, dialect: str, said: str) -> None:
    assert _said(f"date_diff('{unit}', a, b)", dialect) == said


@pytest.mark.parametrize("unit", ["day", "second"])
def test_a_difference_of_dates_is_a_subtraction_in_postgres(unit: str) -> None:
    """Its text depends on sqlglot's release; what it gives is judged on a real server."""
    said = _said(f"date_diff('{unit}', a, b)", "postgres")
    assert re.search(r"CAST\(b AS \w+\)+ - .*CAST\(a AS ", said)


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("postgres", 't."timestamp"'),
        ("spark", "t.`timestamp`"),
        ("bigquery", "t.`timestamp`"),
        # In quotes it would be another name than the table's TIMESTAMP.
        ("snowflake", "t.timestamp"),
    ],
)
@pytest.mark.parametrize("ours", ['t."timestamp"', "t.timestamp"])
def test_a_name_that_is_a_word_of_sql_is_quoted(ours: str, dialect: str, said: str) -> None:
    assert _said(f"length({ours})", dialect) == f"LENGTH({said})"


@pytest.mark.parametrize("dialect", OTHERS)
def test_a_division_is_in_floating_point_and_never_by_nought(dialect: str) -> None:
    division = parse_one(_said("a / b", dialect), read=dialect).find(exp.Div)
    assert division is not None
    assert division.this.is_type("double")
    assert isinstance(division.expression, exp.Nullif)


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("postgres", "CAST(ROUND(CAST(a AS DECIMAL), 2) AS DOUBLE PRECISION)"),
        ("spark", "CAST(ROUND(CAST(a AS DECIMAL(38, 12)), 2) AS DOUBLE)"),
        ("snowflake", "CAST(ROUND(CAST(a AS DECIMAL(38, 12)), 2) AS DOUBLE)"),
        ("bigquery", "CAST(ROUND(CAST(a AS NUMERIC), 2) AS FLOAT64)"),
    ],
)
def test_halves_are_rounded_as_decimals(dialect: str, said: str) -> None:
    assert _said("round(a, 2)", dialect) == said


def test_bigquery_reckons_with_exact_numbers() -> None:
    assert _said("a * 0.08", "bigquery") == "a * CAST('0.08' AS NUMERIC)"
    assert _said("a * 0.0123456789", "bigquery") == "a * 0.0123456789"
    assert _said("a * 2", "bigquery") == "a * 2"


def test_nulls_come_last_in_bigquerys_windows() -> None:
    said = _said("sum(a) OVER (ORDER BY b, c DESC)", "bigquery")
    assert said == "SUM(a) OVER (ORDER BY b IS NULL, b, c IS NULL, c DESC)"


def test_what_cannot_be_said_is_an_error() -> None:
    with pytest.raises(SuiteError, match="the dialect bigquery cannot express the query"):
        translate("SELECT a FROM", "bigquery")


def test_unknown_names_are_told() -> None:
    with pytest.raises(SuiteError, match=r"^unknown dialect 'sprak'. Did you mean 'spark'\?$"):
        translate("SELECT 1", "sprak")
    with pytest.raises(SuiteError, match=r"^unknown view 'order'. Did you mean 'orders'\?$"):
        view_in("order", "spark")


def test_sqlglot_is_needed_for_others_dialects_alone() -> None:
    script = """
import sys
sys.modules["sqlglot"] = None
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.dialects.dialects import view_in
assert "CREATE" in view_in("orders", "duckdb")
try:
    view_in("orders", "spark")
except SuiteError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "the dialect spark needs sqlglot, which is not installed. "
        'Run: pip install "bronze-fixtures[validate]"\n'
    )
