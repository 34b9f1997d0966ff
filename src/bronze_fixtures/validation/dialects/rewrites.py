"""Rewrites of a view's query for other engines, where sqlglot alone would change its meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from bronze_fixtures.common.text import first_line
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.validation.dialects.dialects import ENGINES, Engine

# NUMERIC of BigQuery holds no more decimals.
_NUMERIC_SCALE = 9


def rewritten(view_sql: str, dialect: str) -> str:
    """Return a query in a dialect.

    Args:
        view_sql: The query in DuckDB's dialect.
        dialect: `spark`, `postgres`, `snowflake` or `bigquery`.

    Raises:
        SuiteError: sqlglot cannot read the query, or the dialect cannot express it.
    """
    try:
        tree = parse_one(view_sql, read="duckdb")
        rewrite(tree, dialect)
        return tree.sql(dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        problem = first_line(error)
        message = f"the dialect {dialect} cannot express the query: {problem}"
        raise SuiteError(message) from error


def rewrite(tree: exp.Expr, dialect: str) -> None:
    """Rewrite a query of DuckDB's dialect, so that sqlglot's translation keeps its meaning.

    Args:
        tree: The query; it is changed.
        dialect: See `rewritten`.
    """
    _types(tree, ENGINES[dialect])
    _divisions(tree)
    _rounding(tree, ENGINES[dialect])
    _names(tree, dialect)
    for own in _OWN.get(dialect, ()):
        own(tree)


def _types(tree: exp.Expr, engine: Engine) -> None:
    """Judge the types of columns by the engine's names for them."""
    for typeof in list(tree.find_all(exp.Typeof)):
        test = typeof.parent
        assert isinstance(test, exp.EQ | exp.RegexpLike), test
        expected = test.expression.name
        if isinstance(test, exp.EQ):
            kind, _, size = expected.rstrip(")").partition("(")
            pattern = engine.types[kind].format(*size.split(","))
        else:
            pattern = _family(expected, engine)
        test.replace(
            exp.RegexpLike(
                this=_typeof(typeof.this, engine), expression=exp.Literal.string(pattern)
            )
        )


def _typeof(column: exp.Expr, engine: Engine) -> exp.Expr:
    call = exp.Anonymous(this=engine.typeof, expressions=[column])
    # Postgres returns no text, but the name of a type.
    return exp.cast(call, "text") if engine.typeof == "PG_TYPEOF" else call


def _family(pattern: str, engine: Engine) -> str:
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
            zero = exp.Literal.number(0)
            division.set("expression", exp.Nullif(this=right, expression=zero))


def _rounding(tree: exp.Expr, engine: Engine) -> None:
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
        index = exp.Anonymous(this="REGEXP_INSTR", expressions=[match.this, match.expression])
        match.replace(exp.GT(this=index, expression=exp.Literal.number(0)))


def _nulls_last(tree: exp.Expr) -> None:
    """Order nulls last by a key of their own; BigQuery's windows take no NULLS LAST.

    A window of rows in range of a value may have one key only; nulls are in range of nulls alone.
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
    """Return whether a window's rows are those in range of a value."""
    spec = order.parent.args.get("spec") if isinstance(order.parent, exp.Window) else None
    return spec is not None and spec.args.get("kind") == "RANGE"


def _exact_numbers(tree: exp.Expr) -> None:
    """Calculate with decimals: a plain 0.08 is a FLOAT64 in BigQuery, and so is its product."""
    for number in list(tree.find_all(exp.Literal)):
        decimals = number.name.partition(".")[2]
        sums = isinstance(number.parent, exp.Mul | exp.Add | exp.Sub)
        if not number.is_string and sums and 0 < len(decimals) <= _NUMERIC_SCALE:
            number.replace(exp.cast(exp.Literal.string(number.name), "decimal"))


_OWN: Mapping[str, tuple[Callable[[exp.Expr], None], ...]] = {
    "snowflake": (_match_parts,),
    "bigquery": (_nulls_last, _exact_numbers),
}
