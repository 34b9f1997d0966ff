"""Plans and views: one meaning for a name, steps by name, suites for any dataset."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from bronze_fixtures.contracts.model import Column, ColumnType, Contract, Range
from bronze_fixtures.errors import SuiteError
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.plans.derive import plans
from bronze_fixtures.validation.plans.plan import Plan
from bronze_fixtures.validation.suites.suites import load_suites, suites_by_name
from bronze_fixtures.validation.suites.views import Step, View, view_of

KINDS = ("null", "negative")


def test_a_helper_column_has_one_meaning() -> None:
    plan = Plan("orders", "orders", "order_id", ("orders",))
    plan.counts["table_rows"] = "count(*)"
    plan.counts["table_rows"] = "count(*)"
    plan.flags["is_new"] = "TRUE"
    with pytest.raises(SuiteError, match=r"^is_new: two helper columns"):
        plan.flags.update(is_new="FALSE")


@pytest.mark.parametrize(
    ("part", "name"),
    [("types", "region"), ("flags", "region"), ("flags", "quantity__type"), ("totals", "region")],
)
def test_a_helper_column_has_no_name_that_the_view_has(part: str, name: str) -> None:
    contracts = load_contracts()
    plan = plans(contracts)["orders"]
    getattr(plan, part)[name] = "TRUE"
    with pytest.raises(SuiteError, match=f"^{name}: two columns of a view"):
        view_of(plan, contracts)


def test_two_columns_of_one_shape_have_helper_columns_of_their_own() -> None:
    """A second one would overwrite the first one's, were they called alike."""
    contracts = load_contracts()
    orders = contracts["orders"]
    shapes = ("total_amount", "order_date", "discount_amount", "region")
    copies = [replace(orders.column(name), name=f"other_{name}", formula=None) for name in shapes]
    both = replace(orders, columns=(*orders.columns, *copies))

    plan = plans({**contracts, "orders": both})["orders"]
    view = view_of(plan, {**contracts, "orders": both})

    for name in shapes:
        made = {each for part in (plan.counts, plan.totals) for each in part}
        first = {each.removeprefix(name) for each in made if each.startswith(f"{name}__")}
        second = {
            each.removeprefix(f"other_{name}") for each in made if each.startswith(f"other_{name}_")
        }
        # Defects are planted in the first one alone.
        damaged = {f"__{kind}__{end}" for kind in KINDS for end in ("count", "rows_off")}
        assert second == first - damaged != set()
    assert [step.name for step in view.steps].count("rows_by_day_of_other_order_date") == 1


def test_a_view_is_its_steps_until_it_is_printed() -> None:
    view = View(
        (Step("few", "SELECT 1 AS a"), Step("more", "SELECT a + 1 AS b\nFROM few")), "FROM more"
    )

    assert str(view) == (
        "WITH few AS (\n  SELECT 1 AS a\n),\n"
        "more AS (\n  SELECT a + 1 AS b\n  FROM few\n)\nFROM more\n"
    )
    connection = duckdb.connect()
    assert connection.execute(str(view)).fetchall() == [(2,)]
    over = view.over("SELECT b, a FROM view CROSS JOIN few")
    assert connection.execute(over).fetchall() == [(2, 1)]


def test_a_dataset_of_somebody_elses_has_suites_without_files() -> None:
    machines = Contract(
        "machines",
        "Machines in the field.",
        "machines",
        100,
        1,
        "machine_id",
        (
            Column("machine_id", ColumnType("VARCHAR", 20), unique=True),
            Column(
                "load", ColumnType("DECIMAL", None, 5, 2), bounds=Range(Decimal(0), Decimal(100))
            ),
        ),
        (),
        None,
        load_contracts()["orders"].as_of,
    )
    contracts = {"machines": machines}

    suites = suites_by_name({**load_contracts(), **contracts})

    assert [*suites][7] == "bronze/machines"
    bronze, silver = load_suites(
        ["bronze/machines", "silver/machines"], {**load_contracts(), **contracts}
    )
    ids = [each.id for each in bronze.expectations]
    assert ids[:2] == ["machines.minimum_rows", "machines.rows"]
    assert {"machines.load.type", "machines.load.range", "machines.machine_id.unique"} <= {*ids}
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE machines AS SELECT 'M-1' AS machine_id, 7.5::DECIMAL(5,2) AS load"
    )
    (row,) = connection.execute(silver.sql).fetchall()
    assert row[:2] == ("M-1", 7.5)


def test_suites_are_derived_once_for_the_same_contracts() -> None:
    contracts = dict(load_contracts())
    assert suites_by_name(contracts) is suites_by_name(dict(contracts))
    other = replace(contracts["orders"], minimum_rows=7)
    assert suites_by_name({**contracts, "orders": other}) is not suites_by_name(contracts)
