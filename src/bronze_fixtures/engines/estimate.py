"""What a lake will cost in bytes and memory, known before anything is made."""

from collections.abc import Mapping
from typing import NamedTuple

from bronze_fixtures.engines.fill import Plan
from bronze_fixtures.packs.registry import pack_of


class Estimate(NamedTuple):
    """What a lake will cost, roughly.

    Attributes:
        bytes: Bytes of Parquet by dataset.
        ledger: Bytes of the ledger.
        memory: The most memory the process will hold, in bytes.
        shards: How many shards there are.
        mapped: Bytes of the Arrow files that the fixture cache keeps besides.
    """

    bytes: Mapping[str, int]
    ledger: int
    memory: int
    shards: int
    mapped: int

    def space(self, missing: int) -> int:
        """Return the free disk space that so many of the shards need, with a margin of a tenth."""
        size = (sum(self.bytes.values()) + self.ledger) * missing / self.shards
        return round(_MARGIN * size) + missing * _BESIDE_SHARD


# Bytes of an empty file, and of a row, where the pack of a dataset does not give them.
_ANY_FILE_AND_ROW = (6_000, 25.0)
# Of the ledger: a part, and a row that a defect hits. At scale 1 the standard defects are within 1%
# of this, harsh ones 10% below; where few rows are hit it is off by 15 kB at most.
_LEDGER_FILE, _LEDGER_HIT = 5_500, 11.4
# What lies beside a shard's Parquet: its record, its lines in the manifest, and blocks half full.
_BESIDE_SHARD = 64_000

# Bytes of an uncompressed row, the ledger's share with it: 183 at scale 0.01, 177 from 0.1 on.
_MAPPED_A_ROW = 185

# Measured as the peak resident memory of the command on two Linux machines, in MB, the higher of
# both: 186 at scale 0.1; 269, 444, 590 and 1,000 with 1, 2, 4 and 8 jobs and many whole shards of
# 816,050 rows. It grows with their number until the jobs have once been at their largest tables
# together: with 2 jobs 387 at scale 2, 432 at 20, 444 at 100. These are bounds, up to a third more.
_BASE = 170_000_000
_PER_ROW = 180
# With one shard the other jobs write its finished tables while the next is made, and so keep them.
_WAITING = 1.3
_MARGIN = 1.1


def estimate(plan: Plan, jobs: int = 1) -> Estimate:
    """Estimate what a lake will cost.

    Args:
        plan: What is to be made.
        jobs: How many threads work at it; each holds one shard.
    """
    sizes = {}
    shards = plan.counted.shards
    for name, rows in plan.rows.items():
        file, row = pack_of(name).sizes.get(name, _ANY_FILE_AND_ROW)
        sizes[name] = round(shards * file + rows * row)
    hit = sum(plan.planted.values())
    held = _WAITING if shards == 1 < jobs else min(jobs, shards)
    return Estimate(
        sizes,
        round(shards * _LEDGER_FILE + hit * _LEDGER_HIT),
        _BASE + round(held * plan.counted.largest_shard_rows * _PER_ROW),
        shards,
        sum(plan.rows.values()) * _MAPPED_A_ROW,
    )
