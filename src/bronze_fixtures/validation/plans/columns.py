"""What a contract promises of each column: type, nulls, text, values, formula, distribution."""

from __future__ import annotations

import re

from bronze_fixtures.contracts.checks import columns_in
from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.defects.kinds import kind_of
from bronze_fixtures.validation.plans import sql
from bronze_fixtures.validation.plans.add_expectations import add_flag
from bronze_fixtures.validation.plans.amounts import add_amounts
from bronze_fixtures.validation.plans.bounds import add_bounds
from bronze_fixtures.validation.plans.calendar_shapes import add_calendar
from bronze_fixtures.validation.plans.damage import breaking
from bronze_fixtures.validation.plans.expectation import IN_SET, MAXIMUM, NOT_NULL
from bronze_fixtures.validation.plans.plan import LEVELS, Plan
from bronze_fixtures.validation.plans.shares import add_shares
from bronze_fixtures.validation.plans.types import add_type


def add_columns(plan: Plan, contract: Contract) -> None:
    """Add the expectations of a dataset's columns, one column after the other."""
    for column in contract.columns:
        plan.output[column.name] = _as_plain(column)
        add_type(plan, column)
        _nulls(plan, contract, column)
        _texts(plan, contract, column)
        _values(plan, contract, column)
        add_bounds(plan, contract, column)
        _formula(plan, contract, column)
        add_shares(plan, contract, column)
        if "weekday_share" in column.shape:
            add_calendar(plan, contract, column)
        if column.shape.get("family") == "log-normal":
            add_amounts(plan, contract, column)


def _as_plain(column: Column) -> str:
    """Return a column in the types that Great Expectations judges fast: doubles and timestamps."""
    kind = {"DECIMAL": "DOUBLE", "DATE": "TIMESTAMP"}.get(column.type.name)
    return f"TRY_CAST(p.{column.name} AS {kind})" if kind else f"p.{column.name}"


def _nulls(plan: Plan, contract: Contract, column: Column) -> None:
    where = column.null_when
    if where is not None:
        add_flag(
            plan,
            f"{column.name}__null_when",
            f"(p.{column.name} IS NULL) = ({where})",
            note=f"The value is missing exactly where {_words(where)}.",
            shows=(column.name,),
            reads=(column.name, *columns_in(where)),
        )
        return
    missing = breaking(contract, column, "not_null")
    plan.expect(
        LEVELS if column.required else ("silver",),
        f"{plan.name}.{column.name}.not_null",
        NOT_NULL,
        {"column": column.name},
        (column.name,),
        severity="warning" if missing else "critical",
        note="There is a value in every row.",
        defects=(missing,),
    )


def _words(condition: str) -> str:
    """Return a condition of a contract as people say it, such as `status is not closed`."""
    values = " or ".join(re.findall(r"'(\w+)'", condition))
    plain = re.fullmatch(r"(\w+) (<>|NOT IN) (\('.*'\)|'.*')", condition)
    return f"{plain[1]} is not {values}" if plain else condition


def _texts(plan: Plan, contract: Contract, column: Column) -> None:
    if column.type.length is not None:
        name = f"{column.name}__length"
        plan.flags[name] = f"coalesce(length(p.{column.name}), 0)"
        plan.expect(
            LEVELS,
            f"{plan.name}.{column.name}.length",
            MAXIMUM,
            {"column": name, "max_value": column.type.length},
            (column.name,),
            severity="critical",
            note=f"The text fits {column.type.declared}.",
            shows=(column.name,),
        )
    if column.pattern is None:
        return
    defect = breaking(contract, column, "pattern")
    is_key = column.name == contract.key or column.reference is not None
    add_flag(
        plan,
        f"{column.name}__pattern",
        f"regexp_matches(p.{column.name}, {sql.text(column.pattern)})",
        levels=LEVELS if defect is None else ("silver",),
        severity="critical" if is_key else "warning",
        note=_form(column),
        defects=(defect,),
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
        mismatch = breaking(contract, column, "copy")
        sentinel = mismatch.sentinel if mismatch else None
        defect = breaking(contract, column, "values") or (mismatch if sentinel else None)
        for level in LEVELS if defect is None or sentinel else ("silver",):
            also = [sentinel] if sentinel and level == "bronze" else []
            plan.expect(
                (level,),
                f"{plan.name}.{column.name}.values",
                IN_SET,
                {"column": column.name, "value_set": [*values, *also]},
                (column.name,),
                note=f"The value is one of: {', '.join([*column.values, *also])}.",
                defects=(defect,),
            )
    if column.values_by is not None:
        cases = " ".join(
            f"WHEN {sql.text(value)} THEN p.{column.name} IN {sql.texts(allowed)}"
            for value, allowed in column.values_of.items()
        )
        add_flag(
            plan,
            f"{column.name}__of_{column.values_by}",
            f"CASE p.{column.values_by} {cases} END",
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
    own = breaking(contract, column, "formula")
    # A quotient is a double, in which an exact half may round down: twelve digits bring it back.
    formula = re.sub(
        r"^round\((.*), (\d+)\)$", r"round(TRY_CAST(\1 AS DECIMAL(38, 12)), \2)", column.formula
    )
    # Of whole numbers and decimals DuckDB would make decimals of 18 digits, which may overflow.
    for whole in (c.name for c in contract.columns if c.type.name == "INTEGER"):
        formula = re.sub(rf"\b{whole}\b", f"CAST(p.{whole} AS DECIMAL(20, 0))", formula)
    for level in LEVELS:
        name, size, note = f"{column.name}__formula", f"p.{column.name}", column.formula
        if own is not None and level == "bronze":
            if not kind_of(own).keeps_size:
                continue
            name, size, note = f"{name}_of_size", f"abs({size})", f"{note}, but for the sign"
        add_flag(
            plan,
            name,
            f"{size} = {formula}",
            levels=(level,),
            note=f"The value is {note}.",
            expectation_id=f"{plan.name}.{column.name}.formula",
            defects=(own,),
            shows=(*dict.fromkeys(columns_in(column.formula)), column.name),
        )
