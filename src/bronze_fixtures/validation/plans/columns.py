"""What a contract promises of each column: type, nulls, text, allowed values, formula."""

from __future__ import annotations

import re
from typing import NamedTuple

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.bounds import add_bounds
from bronze_fixtures.validation.plans.damage import (
    of_kind,
)
from bronze_fixtures.validation.plans.plan import (
    IN_SET,
    LEVELS,
    MAXIMUM,
    NOT_NULL,
    Check,
    Level,
    Plan,
)
from bronze_fixtures.validation.plans.planning import add, add_flag
from bronze_fixtures.validation.plans.shares import add_shares


def add_columns(plan: Plan, contract: Contract) -> None:
    """Add the checks of a dataset's columns, one column after the other."""
    for column in contract.columns:
        plan.output[column.name] = _as_plain(column)
        _type(plan, column)
        _nulls(plan, contract, column)
        _texts(plan, contract, column)
        _values(plan, contract, column)
        add_bounds(plan, contract, column)
        _formula(plan, contract, column)
        add_shares(plan, contract, column)


def _as_plain(column: Column) -> str:
    """Return a column as Great Expectations is quick with: doubles and timestamps."""
    kind = {"DECIMAL": "DOUBLE", "DATE": "TIMESTAMP"}.get(column.type.name)
    return f"TRY_CAST(p.{column.name} AS {kind})" if kind else f"p.{column.name}"


_NUMBER = "numbers", "^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)"
_TIME = "dates or times", "^(TIMESTAMP|DATE|.NULL.)"
# What DuckDB's types may be once a table has been cleaned. In a pandas frame a column that holds
# nothing has no type, which DuckDB calls "NULL", in quotes.
_FAMILIES = {
    "VARCHAR": ("text", "^(VARCHAR|ENUM.'.*'.|.NULL.)$"),
    "INTEGER": _NUMBER,
    "DECIMAL": _NUMBER,
    "TIMESTAMP": _TIME,
    "DATE": _TIME,
    "BOOLEAN": ("true or false", "^(BOOLEAN|.NULL.)$"),
}


class TypeTest(NamedTuple):
    """How a column's type is judged at one level.

    Attributes:
        helper: What the helper column's name ends in.
        condition: SQL over the dataset as it is stored.
        note: What is promised, in plain words.
    """

    helper: str
    condition: str
    note: str


def type_tests(column: Column) -> dict[Level, TypeTest]:
    """Return how the type of a column is judged at each level."""
    declared = column.type.declared
    stored = declared if column.type.name != "VARCHAR" else "VARCHAR"
    # A cleaned table may be a pandas frame, with floats for decimals and timestamps for dates.
    kind, pattern = _FAMILIES[column.type.name]
    of, there = f"typeof({column.name})", "The column is there"
    held = f"regexp_matches({of}, {sql.text(pattern)})"
    if column.type.name == "INTEGER":
        number = f"TRY_CAST({column.name} AS DOUBLE)"
        held = f"({held} AND coalesce({number} = round({number}), TRUE))"
        kind = "whole numbers"
    return {
        "bronze": TypeTest("type", f"{of} = {sql.text(stored)}", f"{there}, as {declared}."),
        "silver": TypeTest("family", held, f"{there} and holds {kind}."),
    }


def _type(plan: Plan, column: Column) -> None:
    for level, test in type_tests(column).items():
        helper = f"{column.name}__{test.helper}"
        plan.types[helper] = test.condition
        arguments = {"column": helper, "value_set": [True]}
        check_id = f"{plan.name}.{column.name}.type"
        add(plan, level, Check(check_id, "critical", test.note, IN_SET, arguments))


def _nulls(plan: Plan, contract: Contract, column: Column) -> None:
    where = column.null_when
    if where is not None:
        add_flag(
            plan,
            f"{column.name}__null_when",
            f"(p.{column.name} IS NULL) = ({where})",
            severity="warning",
            note=f"The value is missing exactly where {_words(where)}.",
            shows=(column.name,),
        )
        return
    planted = tuple(d.id for d in contract.defects if d.kind == "null" and d.column == column.name)
    for level in LEVELS:
        if level == "bronze" and not column.required:
            continue
        check = Check(
            f"{plan.name}.{column.name}.not_null",
            "warning" if planted else "critical",
            "There is a value in every row.",
            NOT_NULL,
            {"column": column.name},
            defects=planted if level == "silver" else (),
        )
        add(plan, level, check)


def _words(condition: str) -> str:
    """Return a condition of a contract as people say it, such as `status is not closed`."""
    values = " or ".join(re.findall(r"'(\w+)'", condition))
    plain = re.fullmatch(r"(\w+) (<>|NOT IN) (\('.*'\)|'.*')", condition)
    return f"{plain[1]} is not {values}" if plain else condition


def _texts(plan: Plan, contract: Contract, column: Column) -> None:
    if column.type.length is not None:
        name = f"{column.name}__length"
        plan.flags[name] = f"coalesce(length(p.{column.name}), 0)"
        for level in LEVELS:
            check = Check(
                f"{plan.name}.{column.name}.length",
                "critical",
                f"The text fits {column.type.declared}.",
                MAXIMUM,
                {"column": name, "max_value": column.type.length},
                shows=(column.name,),
            )
            add(plan, level, check)
    if column.pattern is None:
        return
    defect = of_kind(contract, column, "invalid")
    key = column.name == contract.key or column.reference is not None
    add_flag(
        plan,
        f"{column.name}__pattern",
        f"regexp_matches(p.{column.name}, {sql.text(column.pattern)})",
        levels=LEVELS if defect is None else ("silver",),
        severity="critical" if key else "warning",
        note=_form(column),
        defects=() if defect is None else (defect.id,),
        shows=(column.name,),
    )


def _form(column: Column) -> str:
    """Return in plain words how a text is written."""
    if column.prefixes:
        return f"The text is {' or '.join(column.prefixes)}, a hyphen and eight digits or more."
    return f"The text is well-formed. {column.description}"


def _values(plan: Plan, contract: Contract, column: Column) -> None:
    if column.values:
        values = [_json_value(text, column) for text in column.values]
        mismatch = of_kind(contract, column, "mismatch")
        sentinel = mismatch.sentinel if mismatch else None
        for level in LEVELS:
            also = [sentinel] if sentinel and level == "bronze" else []
            check = Check(
                f"{plan.name}.{column.name}.values",
                "warning",
                f"The value is one of: {', '.join([*column.values, *filter(None, also)])}.",
                IN_SET,
                {"column": column.name, "value_set": [*values, *also]},
                defects=(mismatch.id,) if mismatch and sentinel and level == "silver" else (),
            )
            add(plan, level, check)
    if column.values_by is not None:
        cases = " ".join(
            f"WHEN {sql.text(value)} THEN p.{column.name} IN {sql.texts(allowed)}"
            for value, allowed in column.values_of.items()
        )
        add_flag(
            plan,
            f"{column.name}__of_{column.values_by}",
            f"CASE p.{column.values_by} {cases} END",
            severity="warning",
            note=f"The value is one that its {column.values_by} allows.",
            shows=(column.values_by, column.name),
        )


def _json_value(text: str, column: Column) -> str | int | bool:
    if column.type.name == "BOOLEAN":
        return text == "true"
    return int(text) if column.type.name == "INTEGER" else text


def _formula(plan: Plan, contract: Contract, column: Column) -> None:
    if column.formula is None or column.type.name == "TIMESTAMP":
        return
    own = of_kind(contract, column, "negative")
    # A quotient is a double, in which an exact half may round down: twelve digits bring it back.
    formula = re.sub(
        r"^round\((.*), (\d+)\)$",
        r"round(TRY_CAST(\1 AS DECIMAL(38, 12)), \2)",
        column.formula,
    )
    # Of whole numbers and decimals DuckDB would make decimals of 18 digits, which may overflow.
    for whole in (c.name for c in contract.columns if c.type.name == "INTEGER"):
        formula = re.sub(rf"\b{whole}\b", f"CAST(p.{whole} AS DECIMAL(20, 0))", formula)
    # A flipped sign leaves the size; where other columns are damaged along, the formula holds.
    flips = own is not None and not own.also
    parts = [c.name for c in contract.columns if re.search(rf"\b{c.name}\b", column.formula)]
    for level in LEVELS:
        size = f"abs(p.{column.name})" if flips and level == "bronze" else f"p.{column.name}"
        name = f"{column.name}__formula"
        add_flag(
            plan,
            f"{name}_of_size" if size.startswith("abs") else name,
            f"{size} = {formula}",
            levels=(level,),
            severity="warning",
            note=f"The value is {column.formula}"
            + (", but for the sign." if size.startswith("abs") else "."),
            check_id=f"{plan.name}.{column.name}.formula",
            defects=(own.id,) if own and flips else (),
            shows=(*parts, column.name),
        )
