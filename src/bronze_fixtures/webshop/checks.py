"""Figures that the generators take from code or from a table instead of a contract."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.errors import ContractError
from bronze_fixtures.webshop.as_of import AS_OF
from bronze_fixtures.webshop.baskets import MEAN, STD


def check_fixed(contracts: Mapping[str, Contract]) -> None:
    """Refuse contracts with other figures than those.

    Args:
        contracts: Contracts of the web shop by dataset.

    Raises:
        ContractError: A figure differs.
    """
    for contract in contracts.values():
        if contract.as_of != AS_OF:
            message = f"{contract.name}: as of {contract.as_of}, but rows are made as of {AS_OF}."
            raise ContractError(message)
    if "orders" in contracts:
        total = contracts["orders"].column("total_amount").shape
        if (total["mean"], total["std"]) != (MEAN, STD):
            message = (
                f"orders.total_amount: mean {total['mean']} and std {total['std']} have no table "
                f"of amounts, {MEAN} and {STD} have. Make one with tools/make_lognormal_table.py."
            )
            raise ContractError(message)
        if contracts["orders"].column("customer_id").shape["alpha"] != Fraction(3, 2):
            message = "orders.customer_id: alpha must be 1.5, whose powers are exact everywhere."
            raise ContractError(message)
