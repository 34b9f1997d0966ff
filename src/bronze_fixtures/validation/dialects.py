"""The views as statements that can be pasted: in DuckDB's dialect, or translated into another."""

from __future__ import annotations

from importlib.resources import files

from bronze_fixtures.contract import did_you_mean
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.suites import load_suite, suite_names

DIALECTS = ("duckdb", "spark", "postgres", "snowflake", "bigquery")

_NAMES = {
    "duckdb": "DuckDB",
    "spark": "Spark",
    "postgres": "Postgres",
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
}
_STOPS = "A text that is no number or date stops the query, where DuckDB's TRY_CAST gives null."
_NOTES = {
    "duckdb": (),
    "spark": (
        "Needs Spark 3.4. SET TIME ZONE 'UTC' first: Spark counts seconds in the session's zone.",
    ),
    "postgres": (_STOPS,),
    "snowflake": (
        _STOPS,
        "Names are in no quotes: the tables' columns are upper case, as Snowflake makes them.",
    ),
    "bigquery": ("Tables and view are in the default dataset of the query.",),
}
_NO_PRECISION = {
    "postgres": "A decimal's precision is not judged: PG_TYPEOF does not know it.",
    "bigquery": "A decimal's precision is not judged: TYPEOF does not know it.",
}


def view_names() -> tuple[str, ...]:
    """Return the names of the views, `customers` to `cross_tickets_customers`."""
    return tuple(dict.fromkeys(name.partition("/")[2] for name in suite_names()))


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
    path = files("bronze_fixtures") / "expectations" / "views" / f"{name}.sql"
    source = _without_head(path.read_text(encoding="utf-8"))
    query = translate(source, dialect).rstrip()
    reads = ", ".join(load_suite(f"bronze/{name}").datasets)
    head = [
        f"What the suites bronze/{name} and silver/{name} run on, for {_NAMES[dialect]}.",
        f"It reads: {reads}.",
        *_NOTES[dialect],
    ]
    if dialect in _NO_PRECISION and "= 'DECIMAL(" in source:
        head.append(_NO_PRECISION[dialect])
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
        from bronze_fixtures.validation.rewrites import rewritten  # noqa: PLC0415
    except ImportError:
        message = (
            f"the dialect {dialect} needs sqlglot, which is not installed. "
            'Run: pip install "bronze-fixtures[validate]"'
        )
        raise SuiteError(message) from None
    return rewritten(view_sql, dialect)


def _without_head(text: str) -> str:
    lines = text.splitlines(keepends=True)
    while lines and lines[0].startswith("--"):
        del lines[0]
    return "".join(lines)
