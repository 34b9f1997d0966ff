"""The engines that views are written for: how they name types, and what to know about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_STOPS = "A text that is no number or date stops the query, where DuckDB's TRY_CAST gives null."
_NO_PRECISION = "A decimal's precision is not judged: {} does not return it."


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
    notes: tuple[str, ...] = ()
    about_decimals: tuple[str, ...] = ()


# Types as the functions of the engines' manuals return them.
ENGINES = {
    "duckdb": Engine("DuckDB"),
    "spark": Engine(
        "Spark",
        types={
            "VARCHAR": "^(string|varchar|char)",
            "INTEGER": "^int$",
            "DECIMAL": "^decimal[(]{0},{1}[)]$",
            "TIMESTAMP": "^timestamp(_ntz)?$",
            "DATE": "^date$",
            "BOOLEAN": "^boolean$",
        },
        number="^(tinyint|smallint|int|bigint|float|double|decimal)",
        time="^(timestamp|date)",
        decimal="DECIMAL(38, 12)",
        notes=(
            "Needs Spark 3.4. SET TIME ZONE 'UTC' first: Spark counts seconds in the session's "
            "zone.",
        ),
    ),
    "postgres": Engine(
        "Postgres",
        typeof="PG_TYPEOF",
        types={
            "VARCHAR": "^(text|character)",
            "INTEGER": "^integer$",
            "DECIMAL": "^numeric$",
            "TIMESTAMP": "^timestamp without time zone$",
            "DATE": "^date$",
            "BOOLEAN": "^boolean$",
        },
        number="^(smallint|integer|bigint|numeric|real|double precision)$",
        time="^(timestamp|date)",
        notes=(_STOPS,),
        about_decimals=(_NO_PRECISION.format("PG_TYPEOF"),),
    ),
    "snowflake": Engine(
        "Snowflake",
        typeof="SYSTEM$TYPEOF",
        types={
            "VARCHAR": "^VARCHAR",
            "INTEGER": "^NUMBER[(][0-9]+,0[)]",
            "DECIMAL": "^NUMBER[(]{0},{1}[)]",
            "TIMESTAMP": "^TIMESTAMP_NTZ",
            "DATE": "^DATE",
            "BOOLEAN": "^BOOLEAN",
        },
        number="^(NUMBER|FLOAT|DECFLOAT)",
        time="^(TIMESTAMP|DATE)",
        decimal="DECIMAL(38, 12)",
        notes=(
            _STOPS,
            "Names are in no quotes: the tables' columns are upper case, as Snowflake makes them.",
        ),
    ),
    "bigquery": Engine(
        "BigQuery",
        types={
            "VARCHAR": "^STRING",
            "INTEGER": "^INT64$",
            "DECIMAL": "^(BIG)?NUMERIC",
            "TIMESTAMP": "^(DATETIME|TIMESTAMP)$",
            "DATE": "^DATE$",
            "BOOLEAN": "^BOOL",
        },
        number="^(INT64|(BIG)?NUMERIC|FLOAT64)",
        time="^(DATETIME|TIMESTAMP|DATE)$",
        notes=("Tables and view are in the default dataset of the query.",),
        about_decimals=(_NO_PRECISION.format("TYPEOF"),),
    ),
}
