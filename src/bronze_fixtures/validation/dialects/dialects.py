"""The views as statements that can be pasted: in DuckDB's dialect, or translated into another."""

from __future__ import annotations

from typing import NamedTuple

from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.suites.suites import load_suite, view_names

_STOPS = "A text that is no number or date stops the query, where DuckDB's TRY_CAST gives null."


class _Engine(NamedTuple):
    """What the head of a view says of an engine.

    Attributes:
        name: How people spell it.
        notes: What to mind.
        about_decimals: What to mind where the type of a decimal is judged.
    """

    name: str
    notes: tuple[str, ...] = ()
    about_decimals: tuple[str, ...] = ()


_ENGINES = {
    "duckdb": _Engine("DuckDB"),
    "spark": _Engine(
        "Spark",
        (
            "Needs Spark 3.4. SET TIME ZONE 'UTC' first: Spark counts seconds in the session's "
            "zone.",
        ),
    ),
    "postgres": _Engine(
        "Postgres",
        (_STOPS,),
        ("A decimal's precision is not judged: PG_TYPEOF does not know it.",),
    ),
    "snowflake": _Engine(
        "Snowflake",
        (
            _STOPS,
            "Names are in no quotes: the tables' columns are upper case, as Snowflake makes them.",
        ),
    ),
    "bigquery": _Engine(
        "BigQuery",
        ("Tables and view are in the default dataset of the query.",),
        ("A decimal's precision is not judged: TYPEOF does not know it.",),
    ),
}
DIALECTS = tuple(_ENGINES)


def view_in(name: str, dialect: str) -> str:
    """Return the statement that makes a view `<name>_check`, with a head that says what it reads.

    Args:
        name: The view's name, such as `orders` or `cross_ltv`.
        dialect: One of `DIALECTS`; all but `duckdb` need sqlglot.

    Returns:
        The text; it ends with a line break.

    Raises:
        SuiteError: There is no such view or dialect, or sqlglot is not installed.
    """
    if name not in view_names():
        message = f"unknown view {name!r}.{did_you_mean(name, list(view_names()))}"
        raise SuiteError(message)
    suite = load_suite(f"bronze/{name}")
    query = translate(suite.sql, dialect).rstrip()
    engine = _ENGINES[dialect]
    head = [
        f"What the suites bronze/{name} and silver/{name} run on, for {engine.name}.",
        f"It reads: {', '.join(suite.datasets)}.",
        *engine.notes,
        *(engine.about_decimals if "= 'DECIMAL(" in suite.sql else ()),
    ]
    lines = "".join(f"-- {line}\n" for line in head)
    return f"{lines}CREATE OR REPLACE VIEW {name}_check AS\n{query};\n"


def translate(view_sql: str, dialect: str) -> str:
    """Return a view's query in a dialect, with the same columns in the same order.

    Args:
        view_sql: The query in DuckDB's dialect, as `views.view_sql` gives it.
        dialect: One of `DIALECTS`; `duckdb` gives the query as it is.

    Raises:
        SuiteError: There is no such dialect, the query says what the dialect cannot, or sqlglot is
            not installed.
    """
    if dialect not in DIALECTS:
        message = f"unknown dialect {dialect!r}.{did_you_mean(dialect, list(DIALECTS))}"
        raise SuiteError(message)
    if dialect == "duckdb":
        return view_sql
    try:
        from bronze_fixtures.validation.dialects.rewrites import rewritten
    except ImportError:
        message = (
            f"the dialect {dialect} needs sqlglot, which is not installed. "
            'Run: pip install "bronze-fixtures[validate]"'
        )
        raise SuiteError(message) from None
    return rewritten(view_sql, dialect)
