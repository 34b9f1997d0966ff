"""A kind that copies whole rows, under a name of a pack's own: treated as `duplicate` is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from bronze_fixtures.contracts.model import Column, Contract, Defect
from bronze_fixtures.defects import kinds
from bronze_fixtures.defects.kinds.kind import Kind
from bronze_fixtures.packs.registry import load_contracts, read_pack
from bronze_fixtures.validation.judging.across_shards import _index
from bronze_fixtures.validation.plans.derive import plans
from bronze_fixtures.validation.results import Result
from bronze_fixtures.validation.runs.run_request import row_parameters
from bronze_fixtures.webshop.pack import PACK


class Echo(Kind):
    """As `duplicate`, by another name, and no class of its family."""

    name = "echo"
    needs = "the primary key"
    claimed_rows = 1
    copies_rows = True

    def fits(self, column: Column, contract: Contract) -> bool:
        return column.name == contract.key

    def condition(self, _defect: Defect, _contract: Contract) -> str:
        return "p.copy_number > 1"


@pytest.fixture(scope="module")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Contract]]:
    """The shop's contracts, in which orders are copied by the other kind."""
    folder = tmp_path_factory.mktemp("contracts")
    for path in PACK.contracts.iterdir():
        if path.name.endswith(".yaml"):
            text = path.read_text(encoding="utf-8")
            for old in (
                "orders.order_id.duplicate",
                "column: order_id\n            kind: duplicate",
            ):
                text = text.replace(old, old.replace("duplicate", "echo"))
            (folder / path.name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "_KINDS", {**kinds._KINDS})
        kinds.register_kind(Echo())
        yield dict(read_pack(replace(PACK, contracts=folder)))


def test_its_copies_are_among_the_rows_of_full_scale(contracts: dict[str, Contract]) -> None:
    orders = contracts["orders"]
    rates = {d.id: d.rate for each in contracts.values() for d in each.defects}

    assert "orders.order_id.echo" in rates
    assert orders.copied_share == load_contracts()["orders"].copied_share == Fraction(1, 100)
    rows = row_parameters("bronze", Fraction(1), rates, contracts)
    assert rows["orders_fewest_rows"] == rows["orders_most_rows"] == orders.rows == 100_000


def test_its_suites_are_those_of_duplicates(contracts: dict[str, Contract]) -> None:
    echoed, usual = plans(contracts)["orders"], plans(load_contracts())["orders"]

    assert "orders.order_id.echo" in repr(echoed)
    assert repr(echoed).replace("echo", "duplicate") == repr(usual)


def test_its_quota_is_what_fails_across_shards(contracts: dict[str, Contract]) -> None:
    bronze = plans(contracts)["orders"].expectations["bronze"]
    results = [Result(each, "passed", "", "") for each in bronze]

    index = _index(results, contracts["orders"], "order_id")

    assert index is not None
    assert bronze[index].id == "orders.order_id.echo"
