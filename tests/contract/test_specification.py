"""The specification and the contracts state the same, and every citation names a statement."""

import re
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from bronze_fixtures.contracts.model import Column, Contract
from bronze_fixtures.packs.registry import load_contracts
from tests.contract.lakes import each_dataset
from tests.contract.specification import NUMBER, ROOT, numbers, statements, table


def percent(share: Fraction) -> str:
    return f"{float(share * 100):g}%"


def shown(values: Any) -> str:
    """Values with their shares as the page lists them."""
    shares = values if isinstance(values, dict) else dict.fromkeys(values)
    return ", ".join(f"{v} {percent(s)}" if s is not None else v for v, s in shares.items())


def null_of(column: Column) -> str:
    if column.null_when:
        return column.null_when
    return "never" if column.required else "defect"


def by(contract: Contract, column: str, value: str) -> str:
    one = contract.column(column)
    return f"{column} where {one.bounds_by or one.values_by} = {value}"


def sources() -> list[Path]:
    """Every text file of the project that may cite a statement."""
    kinds = {".py", ".md", ".toml", ".yaml", ".sql"}
    files = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in ("benchmarks", "docs", "examples", "src", "tests", "tools"):
        files += (ROOT / folder).rglob("*.*")
    return [path for path in files if path.suffix in kinds]


def test_numbers_rise_in_each_chapter_and_none_is_there_twice() -> None:
    pairs = [tuple(map(int, number[1:].split("."))) for number in numbers()]

    assert pairs == sorted(set(pairs))
    assert {chapter for chapter, _ in pairs} == set(range(1, 14))


def test_datasets_files_rows_keys_and_order() -> None:
    page = table("A lake", "dataset", "file", "rows", "fewest", "key", "order")

    assert page == [
        (
            name,
            f"{name}/{contract.file}.parquet",
            f"{contract.rows:,}",
            str(contract.minimum_rows),
            contract.key,
            contract.order_by or "—",
        )
        for name, contract in load_contracts().items()
    ]


def test_rows_in_all() -> None:
    rows = [contract.rows for contract in load_contracts().values()]

    assert f"there are {sum(rows):,} delivered rows" in statements()["S1.2"]
    assert f"and {sum(rows) - 1_000:,} clean rows" in statements()["S1.2"]


@each_dataset
def test_columns_types_and_nulls(dataset: str) -> None:
    page = table(dataset, "column", "type", "null", "meaning")
    columns = load_contracts()[dataset].columns

    assert [row[:3] for row in page] == [(c.name, c.type.declared, null_of(c)) for c in columns]
    assert {row[0] for row in page if "personal data" in row[3]} == {
        column.name for column in columns if column.pii
    }


@each_dataset
def test_ids(dataset: str) -> None:
    contract = load_contracts()[dataset]

    assert table(dataset, "id column", "prefix of the ids, share of the rows") == [
        (column.name, shown(dict(column.prefixes)))
        for column in contract.columns
        if column.prefixes
    ]


@each_dataset
def test_foreign_keys_and_computed_columns(dataset: str) -> None:
    columns = load_contracts()[dataset].columns

    assert table(dataset, "foreign key", "refers to") == [
        (column.name, str(column.reference)) for column in columns if column.reference
    ]
    assert table(dataset, "computed column", "equals") == [
        (column.name, column.formula or str(column.copy_of))
        for column in columns
        if column.formula or column.copy_of
    ]


@each_dataset
def test_allowed_values_and_shares(dataset: str) -> None:
    contract = load_contracts()[dataset]
    found = []
    for column in contract.columns:
        if column.values:
            found.append((column.name, shown(dict(column.shares) or column.values)))
        for value, allowed in column.values_of.items():
            found.append((by(contract, column.name, value), shown(allowed)))

    assert table(dataset, "column", "allowed values, share of the rows") == found


@each_dataset
def test_ranges(dataset: str) -> None:
    contract = load_contracts()[dataset]
    found = []
    for column in contract.columns:
        bounds = {column.name: column.bounds} if column.bounds else {}
        for value, one in column.bounds_of.items():
            bounds[by(contract, column.name, value)] = one
        for name, one in bounds.items():
            ends = ["—" if end is None else str(end) for end in (one.low, one.high)]
            if ends != ["—", "—"]:
                found.append((name, *ends))

    assert table(dataset, "column", "from", "to") == found


@each_dataset
def test_defects(dataset: str) -> None:
    contract = load_contracts()[dataset]
    page = table(dataset, "defect", "rate", "at full scale", "what happens")

    assert [row[:3] for row in page] == [
        (defect.id, percent(defect.rate), f"{int(contract.rows * defect.rate):,}")
        for defect in contract.defects
    ]
    assert all(row[3] for row in page)
    for defect in contract.defects:
        assert defect.id == f"{dataset}.{defect.column}.{defect.kind}"


def test_one_to_many() -> None:
    assert set(table("Relationships", "one", "many", "by")) == {
        (column.reference.dataset, name, column.name)
        for name, contract in load_contracts().items()
        for column in contract.columns
        if column.reference
    }


def test_use_cases_read_columns_that_exist() -> None:
    page = table("Use cases", "use case", "dataset", "key columns")

    assert [(name[:2], len(list(rows))) for name, rows in groupby(page, lambda row: row[0])] == [
        ("A1", 2),
        ("A2", 2),
        ("B3", 3),
        ("C2", 3),
    ]
    for _, dataset, columns in page:
        for column in columns.split(", "):
            assert load_contracts()[dataset].column(column)


# What the statement with that number says, and the parameters of the column's distribution.
DISTRIBUTIONS = {
    "orders.order_date": {
        "S5.25 60% are on Monday to Friday": {"weekday_share": "0.60"},
        "S5.26 in November or December has 30% more": {"season_lift": "0.30"},
    },
    "orders.total_amount": {
        "S5.28 mean 125 and standard deviation 150": {"mean": "125", "std": "150"},
    },
    "orders.customer_id": {
        "S5.29 20% of customers with the most orders": {"top_share": "0.2"},
        "S5.29 place 80% of the orders": {"order_share": "0.8"},
        "S5.29 (i + 1 + q) ^ -1.5": {"alpha": "1.5"},
    },
    "orders.discount_amount": {
        "S5.30 20% of the orders have a discount": {"share_of_rows": "0.20"},
        "S5.30 of 5% to 30% of": {"rate_low": "0.05", "rate_high": "0.30"},
    },
    "orders.tax_amount": {"S5.31 8%": {"rate": "0.08"}},
    "marketing_campaigns.end_date": {"S6.10 7 to 90 days": {"days_low": "7", "days_high": "90"}},
}


@pytest.mark.parametrize("path", DISTRIBUTIONS)
def test_distributions(path: str) -> None:
    dataset, column = path.split(".")
    declared = dict(load_contracts()[dataset].column(column).shape)
    for apart in ("family", "season_months", "hour_shares"):
        declared.pop(apart, None)

    for words, parameters in DISTRIBUTIONS[path].items():
        number, text = words.split(" ", 1)
        assert text in statements()[number]
        for name, value in parameters.items():
            assert declared.pop(name) == Fraction(value)
    assert declared == {}


def test_every_distribution_is_compared() -> None:
    assert set(DISTRIBUTIONS) == {
        f"{name}.{column.name}"
        for name, contract in load_contracts().items()
        for column in contract.columns
        if column.shape
    }


def test_shares_of_the_hours() -> None:
    _, listed = statements()["S5.27"].split("in percent: ")
    hours = load_contracts()["orders"].column("order_date").shape["hour_shares"]

    assert [Fraction(hour) / 100 for hour in listed.rstrip(".").split(", ")] == list(hours)


def test_the_pattern_of_the_email_addresses() -> None:
    pattern = load_contracts()["customers"].column("email").pattern

    assert f"`{pattern}`" in statements()["S3.19"]


def test_every_citation_names_a_statement() -> None:
    unknown = {
        f"{path.relative_to(ROOT)}: {number}"
        for path in sources()
        for number in set(NUMBER.findall(path.read_text("utf-8"))) - set(numbers())
    }

    assert unknown == set()


def test_nothing_cites_a_document_that_is_not_here() -> None:
    # Written so that this file does not find itself.
    signs = re.compile("\N{SECTION SIGN}|[Tt]he plan's own|[Oo]f the plan promises|DESIGN[.]md")

    assert [str(path) for path in sources() if signs.search(path.read_text("utf-8"))] == []
