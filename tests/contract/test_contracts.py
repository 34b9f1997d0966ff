"""The contracts keep their word: a dataset is tested here as soon as it has a contract."""

import re
from collections.abc import Iterator
from itertools import chain

import pytest

from bronze_fixtures.contracts.model import Column, Contract, Range
from bronze_fixtures.packs.registry import load_contracts
from tests.contract.columns import arrow_type
from tests.contract.damage import read_ledger
from tests.contract.lakes import Shelf, World, open_table
from tests.contract.shares import share_offenders

CONTRACTS = load_contracts()
COLUMNS = [(contract, column) for contract in CONTRACTS.values() for column in contract.columns]
each_column = pytest.mark.parametrize(
    ("contract", "column"), COLUMNS, ids=[f"{one.name}.{column.name}" for one, column in COLUMNS]
)
each_contract = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))


def listed(values: tuple[str, ...]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def outside(column: str, bounds: Range) -> str:
    ends = [f"{column} < '{bounds.low}'"] if bounds.low is not None else []
    ends += [f"{column} > '{bounds.high}'"] if bounds.high is not None else []
    return " OR ".join(ends) or "false"


def broken_promises(contract: Contract, column: Column) -> Iterator[str]:
    """Conditions on a clean row under which the column is not what the contract says."""
    name = column.name
    yield f"({name} IS NULL) <> ({column.null_when or 'false'})"
    if column.values:
        yield f"{name}::VARCHAR NOT IN ({listed(column.values)})"
    if column.bounds:
        yield outside(name, column.bounds)
    for value, bounds in column.bounds_of.items():
        yield f"{column.bounds_by} = '{value}' AND ({outside(name, bounds)})"
    for value, values in column.values_of.items():
        yield f"{column.values_by} = '{value}' AND {name} NOT IN ({listed(values)})"
    if column.pattern:
        yield f"NOT regexp_matches({name}, '{column.pattern}')"
    if column.formula and column.type.name in {"DECIMAL", "INTEGER"}:
        # An exact half is rounded up, and may lie a hair below in a double: DuckDB 2.0.1 rounds it
        # down then, older ones up.
        exact = re.sub(
            r"^round\((.*), (\d)\)$", r"round((\1)::DECIMAL(38, 12), \2)", column.formula
        )
        yield f"abs({name}::DOUBLE - ({exact})::DOUBLE) > 1e-6"
    elif column.formula:
        yield f"{name} <> {column.formula}"
    if column.reference:
        parent = column.reference
        yield f"{name} NOT IN (SELECT {parent.column} FROM {parent.dataset})"
    if column.copy_of:
        (link,) = (
            other
            for other in contract.columns
            if other.reference and other.reference.dataset == column.copy_of.dataset
        )
        assert link.reference
        yield (
            f"{name} <> (SELECT any_value(parent.{column.copy_of.column})"
            f" FROM {column.copy_of.dataset} AS parent"
            f" WHERE parent.{link.reference.column} = {contract.name}.{link.name})"
        )


@each_contract
def test_columns_and_types(contract: Contract, shelf: Shelf) -> None:
    schema = open_table(shelf.lake("tiny", 42, "standard"), contract.name).schema

    assert list(zip(schema.names, schema.types, strict=True)) == [
        (column.name, arrow_type(column.type.declared)) for column in contract.columns
    ]


@each_column
def test_clean_cells(contract: Contract, column: Column, world: World) -> None:
    promises = list(broken_promises(contract, column))
    counts = ", ".join(f"count(*) FILTER ({promise})" for promise in promises)
    offenders = world.reading.row(f"SELECT {counts} FROM {contract.name}")

    assert {
        promise: count for promise, count in zip(promises, offenders, strict=True) if count
    } == {}


@each_contract
def test_unique_columns(contract: Contract, world: World) -> None:
    for column in contract.columns:
        if column.unique or column.name == contract.key:
            rows, values = world.reading.row(
                f"SELECT count(*), count(DISTINCT {column.name}) FROM {contract.name}"
            )
            assert rows == values, column.name


@each_contract
def test_shares(contract: Contract, world: World) -> None:
    for column in contract.columns:
        for text, shares in (
            (f"{column.name}::VARCHAR", column.shares),
            (f"split_part({column.name}, '-', 1)", column.prefixes),
        ):
            if shares:
                counts = world.reading.counts(
                    f"SELECT {text}, count(*) FROM {contract.name}"
                    f" WHERE {column.name} IS NOT NULL GROUP BY 1"
                )
                percent = {value: 100 * share for value, share in shares.items()}
                assert share_offenders(counts, percent) == {}, column.name


@each_contract
def test_rows_come_in_the_declared_order(contract: Contract, world: World) -> None:
    for column in (contract.key, *filter(None, [contract.order_by])):
        unordered = world.reading.rows(
            f"SELECT * FROM (SELECT {column}, lag({column}) OVER (ORDER BY rowid) AS before"
            f" FROM {contract.name}) WHERE {column} < before LIMIT 5"
        )
        assert unordered == [], column


@pytest.mark.parametrize("profile", ["standard", "harsh"])
@each_contract
def test_delivered_required_cells_are_never_null(
    contract: Contract, profile: str, world: World
) -> None:
    required = [column.name for column in contract.columns if column.required]
    nulls = world.damaged(profile).row(
        f"SELECT {', '.join(f'count(*) - count({name})' for name in required)}"
        f" FROM {profile}.{contract.name}"
    )

    assert dict(zip(required, nulls, strict=True)) == dict.fromkeys(required, 0)


def test_the_ledger_has_every_declared_defect(shelf: Shelf) -> None:
    declared = chain.from_iterable(contract.defects for contract in CONTRACTS.values())

    assert set(read_ledger(shelf.lake("tiny", 42, "standard"))["defect"]) == {
        defect.id for defect in declared
    }
