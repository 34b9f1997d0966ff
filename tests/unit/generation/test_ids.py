"""Ids of retired rows: no shard of their dataset reaches them."""

import pytest

from bronze_fixtures.generation.ids import retired_ids
from bronze_fixtures.world.scale import parse_scale


@pytest.mark.parametrize("rows", [1, 50, 1_000, 10_000, 500_000])
def test_no_shard_reaches_them(rows: int) -> None:
    last_shard = int(parse_scale("89999")) - 1

    assert retired_ids(rows) > last_shard * rows + rows - 1


def test_those_of_the_shop_are_where_they_were() -> None:
    assert retired_ids(1_000) == retired_ids(50) == 90_000_000  # products, campaigns
