"""The web shop as a pack. Importing this imports no generator."""

from bronze_fixtures.common.packaged_data import folder_of
from bronze_fixtures.packs.pack import Pack

_HERE = folder_of("bronze_fixtures.webshop")

# Bytes of an empty Parquet file, and of a row, by dataset in the order that they are shown in.
# Measured with pyarrow 26: the sizes at scale 0.01 and at scale 1, seed 42, standard defects, and
# the straight line through the two. Between and beyond them, up to scale 3, it is off by less than
# 8%.
_SIZES = {
    "customers": (10_200, 40.5),
    "products": (8_700, 28.0),
    "orders": (6_000, 19.75),
    "marketing_campaigns": (5_200, 33.3),
    "marketing_events": (8_700, 11.3),
    "user_interactions": (3_500, 11.55),
    "support_tickets": (5_800, 24.7),
}

PACK = Pack(
    name="webshop",
    contracts=_HERE / "contracts",
    generators={name: f"bronze_fixtures.webshop.generators.{name}:generate" for name in _SIZES},
    parents="bronze_fixtures.webshop.shard_parents:ShardParents",
    rules=_HERE / "rules",
    quotations="bronze_fixtures.webshop.words:quotations",
    check="bronze_fixtures.webshop.checks:check_fixed",
    kinds=[
        f"bronze_fixtures.webshop.kinds:{name}" for name in ("COST_ABOVE_PRICE", "SECOND_ACCOUNT")
    ],
    sizes=_SIZES,
)
