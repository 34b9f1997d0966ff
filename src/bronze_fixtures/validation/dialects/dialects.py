"""The views as statements that can be pasted: in DuckDB's dialect, or translated into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bronze_fixtures.common.packaged_data import read_json
from bronze_fixtures.common.text import did_you_mean
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.suites.suites import load_suite, view_names


class Engine(NamedTuple):
    """How an engine differs from DuckDB.

    Attributes:
        name: Its name, as people spell it.
        typeof: The function that returns the type of a column as text.
        types: By declared type, the pattern of that text, without backslashes, which some engines
            escape; `{0}` and `{1}` are precision and scale.
        number: Pattern of every type of numbers.
        time: Pattern of every type of dates and times.
        decimal: The type to round in.
        notes: What to know before the view is made.
        about_decimals: What to know where the type of a decimal is judged.
    """

    name: str
    typeof: str = "TYPEOF"
    types: Mapping[str, str] = {}
    number: str = ""
    time: str = ""
    decimal: str = "DECIMAL"
    notes: Sequence[str] = ()
    about_decimals: Sequence[str] = ()


# Types as the functions of the engines' manuals return them.
ENGINES = {name: Engine(**facts) for name, facts in read_json(__package__, "engines.json").items()}
DIALECTS = tuple(ENGINES)


def view_in(name: str, dialect: str) -> str:
    """Return the statement that makes a view `<name>_check`, with comments that say what it reads.

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
    engine = ENGINES[dialect]
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
        view_sql: The query in DuckDB's dialect.
        dialect: One of `DIALECTS`; `duckdb` gives the query as it is.

    Raises:
        SuiteError: There is no such dialect, the dialect cannot express the query, or sqlglot is
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
