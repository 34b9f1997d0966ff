"""A view's query rewritten for another engine where sqlglot alone would change what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from bronze_fixtures.errors import SuiteError


class _Engine(NamedTuple):
    """How an engine differs.

    Attributes:
        typeof: Gives the type of a column as text.
        types: By declared type, the pattern of the text; `{0}` and `{1}` are precision and scale.
        number: Pattern of every type of numbers.
        time: Pattern of every type of dates and times.
        decimal: The type to round in; those that tell no precision have one.
    """

    typeof: Callable[[exp.Expr], exp.Expr]
    types: Mapping[str, str]
    number: str
    time: str
    decimal: str


def _call(name: str) -> Callable[[exp.Expr], exp.Expr]:
    return lambda column: exp.Anonymous(this=name, expressions=[column])


def _pg_typeof(column: exp.Expr) -> exp.Expr:
    return exp.cast(_call("PG_TYPEOF")(column), "text")


# What the functions of the engines' manuals return; patterns have no backslash, which some escape.
_ENGINES = {
    "spark": _Engine(
        _call("TYPEOF"),
        {
            "VARCHAR": "^(string|varchar|char)",
            "INTEGER": "^int$",
            "DECIMAL": "^decimal[(]{0},{1}[)]$",
            "TIMESTAMP": "^timestamp(_ntz)?$",
            "DATE": "^date$",
            "BOOLEAN": "^boolean$",
        },
        "^(tinyint|smallint|int|bigint|float|double|decimal)",
        "^(timestamp|date)",
        "DECIMAL(38, 12)",
    ),
    "postgres": _Engine(
        _pg_typeof,
        {
            "VARCHAR": "^(text|character)",
            "INTEGER": "^integer$",
            "DECIMAL": "^numeric$",
            "TIMESTAMP": "^timestamp without time zone$",
            "DATE": "^date$",
            "BOOLEAN": "^boolean$",
        },
        "^(smallint|integer|bigint|numeric|real|double precision)$",
        "^(timestamp|date)",
        "DECIMAL",
    ),
    "snowflake": _Engine(
        _call("SYSTEM$TYPEOF"),
        {
            "VARCHAR": "^VARCHAR",
            "INTEGER": "^NUMBER[(][0-9]+,0[)]",
            "DECIMAL": "^NUMBER[(]{0},{1}[)]",
            "TIMESTAMP": "^TIMESTAMP_NTZ",
            "DATE": "^DATE",
            "BOOLEAN": "^BOOLEAN",
        },
        "^(NUMBER|FLOAT|DECFLOAT)",
        "^(TIMESTAMP|DATE)",
        "DECIMAL(38, 12)",
    ),
    "bigquery": _Engine(
        _call("TYPEOF"),
        {
            "VARCHAR": "^STRING",
            "INTEGER": "^INT64$",
            "DECIMAL": "^(BIG)?NUMERIC",
            "TIMESTAMP": "^(DATETIME|TIMESTAMP)$",
            "DATE": "^DATE$",
            "BOOLEAN": "^BOOL",
        },
        "^(INT64|(BIG)?NUMERIC|FLOAT64)",
        "^(DATETIME|TIMESTAMP|DATE)$",
        "DECIMAL",
    ),
}
# NUMERIC of BigQuery holds no more decimals.
_NUMERIC_SCALE = 9


def rewritten(view_sql: str, dialect: str) -> str:
    """Return a query in a dialect.

    Args:
        view_sql: The query in DuckDB's dialect.
        dialect: `spark`, `postgres`, `snowflake` or `bigquery`.

    Raises:
        SuiteError: sqlglot cannot read the query, or the dialect cannot say it.
    """
    try:
        tree = parse_one(view_sql, read="duckdb")
        rewrite(tree, dialect)
        return tree.sql(dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        problem = next(iter(str(error).splitlines()), "")
        message = f"the query cannot be said in the dialect {dialect}: {problem}"
        raise SuiteError(message) from error


def rewrite(tree: exp.Expr, dialect: str) -> None:
    """Rewrite a query, which was read as DuckDB's, so that sqlglot says in a dialect what it means.

    Args:
        tree: The query; it is changed.
        dialect: See `rewritten`.
    """
    _types(tree, _ENGINES[dialect])
    _divisions(tree)
    _rounding(tree, _ENGINES[dialect])
    _names(tree, dialect)
    for own in _OWN.get(dialect, ()):
        own(tree)


def _types(tree: exp.Expr, engine: _Engine) -> None:
    """Judge the types of columns by what the engine calls them."""
    for typeof in list(tree.find_all(exp.Typeof)):
        test = typeof.parent
        assert isinstance(test, exp.EQ | exp.RegexpLike), test
        expected = test.expression.name
        if isinstance(test, exp.EQ):
            name, _, size = expected.rstrip(")").partition("(")
            pattern = engine.types[name].format(*size.split(","))
        else:
            pattern = _family(expected, engine)
        test.replace(
            exp.RegexpLike(this=engine.typeof(typeof.this), expression=exp.Literal.string(pattern))
        )


def _family(pattern: str, engine: _Engine) -> str:
    """Return the pattern of the engine's types for a pattern of DuckDB's."""
    families = {"INTEGER": engine.number, "DATE": engine.time}
    (found,) = (
        name for name in ("VARCHAR", "INTEGER", "DATE", "BOOLEAN") if re.search(pattern, name)
    )
    return families.get(found) or engine.types[found]


def _divisions(tree: exp.Expr) -> None:
    """Divide as DuckDB does: in floating point, and without an error where a divisor is 0."""
    for division in list(tree.find_all(exp.Div)):
        left = division.this
        if not (isinstance(left, exp.Cast) and left.is_type("double")):
            division.set("this", exp.cast(left.unnest(), "double"))
        right = division.expression.unnest()
        if not isinstance(right, exp.Literal | exp.Greatest):
            nought = exp.Literal.number(0)
            division.set("expression", exp.Nullif(this=right, expression=nought))


def _rounding(tree: exp.Expr, engine: _Engine) -> None:
    """Round decimals, not doubles: of those Postgres cannot, and the others differ in halves."""
    for rounded in list(tree.find_all(exp.Round)):
        if rounded.args.get("decimals") is not None:
            rounded.set("this", exp.cast(rounded.this, engine.decimal))
            rounded.replace(exp.cast(rounded.copy(), "double"))


def _names(tree: exp.Expr, dialect: str) -> None:
    """Quote names that are words of the dialect; in Snowflake quotes would change their case."""
    words = Dialect.get_or_raise(dialect).tokenizer_class.KEYWORDS
    for name in tree.find_all(exp.Identifier):
        name.set("quoted", dialect != "snowflake" and name.name.upper() in words)


def _match_parts(tree: exp.Expr) -> None:
    """Find patterns anywhere in a text: Snowflake's REGEXP_LIKE matches all of it or nothing."""
    for match in list(tree.find_all(exp.RegexpLike)):
        place = exp.Anonymous(this="REGEXP_INSTR", expressions=[match.this, match.expression])
        match.replace(exp.GT(this=place, expression=exp.Literal.number(0)))


def _nulls_last(tree: exp.Expr) -> None:
    """Order nulls last by a key of their own; BigQuery's windows take no NULLS LAST.

    Where rows are in range of a value only one key may be; nulls are in range of nulls alone.
    """
    for order in tree.find_all(exp.Order):
        if _of_range(order):
            for key in order.expressions:
                key.set("nulls_first", not key.args.get("desc"))
            continue
        keys: list[exp.Expr] = []
        for key in order.expressions:
            if not key.args.get("nulls_first"):
                absent = exp.Is(this=key.this.copy(), expression=exp.Null())
                keys.append(exp.Ordered(this=absent, nulls_first=True))
            key.set("nulls_first", not key.args.get("desc"))
            keys.append(key)
        order.set("expressions", keys)


def _of_range(order: exp.Order) -> bool:
    """Tell whether a window's rows are those in range of a value."""
    spec = order.parent.args.get("spec") if isinstance(order.parent, exp.Window) else None
    return spec is not None and spec.args.get("kind") == "RANGE"


def _exact_numbers(tree: exp.Expr) -> None:
    """Reckon with decimals; a bare 0.08 is a FLOAT64 in BigQuery and would make the rest one."""
    for number in list(tree.find_all(exp.Literal)):
        decimals = number.name.partition(".")[2]
        sums = isinstance(number.parent, exp.Mul | exp.Add | exp.Sub)
        if not number.is_string and sums and 0 < len(decimals) <= _NUMERIC_SCALE:
            number.replace(exp.cast(exp.Literal.string(number.name), "decimal"))


_OWN: Mapping[str, tuple[Callable[[exp.Expr], None], ...]] = {
    "snowflake": (_match_parts,),
    "bigquery": (_nulls_last, _exact_numbers),
}
