"""Plant the defects of one dataset of one shard, and write down what was done."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from bronze_fixtures.arrow.arrays import whole
from bronze_fixtures.arrow.kernels import take
from bronze_fixtures.contracts.model import Contract, Defect
from bronze_fixtures.defects.cells import Rows
from bronze_fixtures.defects.counts import count_defects
from bronze_fixtures.defects.entries import Copies, Entries, write_down
from bronze_fixtures.defects.kinds import Planting, copies_rows, kind_of
from bronze_fixtures.defects.zones import Zones
from bronze_fixtures.generation.streams import Streams


class Delivered(NamedTuple):
    """A table with its defects.

    Attributes:
        table: The delivered table.
        entries: What was done to it; None where nothing was.
    """

    table: pa.Table
    entries: Entries | None


def inject(
    dataset: str,
    clean: pa.Table,
    rates: Mapping[str, Fraction],
    streams: Streams,
    contracts: Mapping[str, Contract],
) -> Delivered:
    """Plant a dataset's defects over its clean table.

    Args:
        dataset: The dataset.
        clean: The clean table; each column in one chunk.
        rates: The rate of each defect by id.
        streams: The shard's random streams.
        contracts: The contracts of all datasets.

    Returns:
        The delivered table and its ledger.

    Raises:
        DefectError: The defects ask for more rows than there are.
    """
    contract = contracts[dataset]
    counts = count_defects(contract, rates, clean.num_rows)
    planted = [defect for defect in contract.defects if counts.hits[defect.id]]
    if not planted:
        return Delivered(clean, None)
    shared = any(kind_of(defect).claimed_rows for defect in contract.defects)
    zones = Zones(dataset, clean.num_rows, streams, shared)
    before = {name: clean.column(name).chunk(0) for name in clean.column_names}
    after = dict(before)
    cells = []
    copies = np.zeros(0, np.int64)
    for defect in planted:
        count = counts.hits[defect.id]
        if copies_rows(defect):
            copies = zones.claimed(count)
            continue
        rows, stream = _rows_of(defect, zones, count), streams(f"{defect.id}.value")
        planting = Planting(defect, contract, dict(after), rows, stream, contracts)
        kind = kind_of(defect)
        changed = kind.plant(planting)
        after.update(changed)
        cells += [(defect, name, kind.changed_rows(planting)) for name in changed]
    # Before which clean row each copy goes: somewhere after its original.
    gap = streams(f"{dataset}.{contract.key}.duplicate.gap")
    gaps = copies + 1 + gap.below(clean.num_rows - copies, len(copies))
    placed = Copies.placed(copies, gaps)
    schema = pa.schema([field.with_type(after[field.name].type) for field in clean.schema])
    table = pa.Table.from_arrays(list(after.values()), schema=schema)
    if copies.size:
        rows = np.insert(np.arange(clean.num_rows), placed.gaps, placed.originals)
        table = take(table, whole(rows, pa.int64()))
    return Delivered(table, write_down(contract, before, after, cells, placed))


def _rows_of(defect: Defect, zones: Zones, count: int) -> Rows:
    """Return the clean rows that a defect hits."""
    if claimed := kind_of(defect).claimed_rows:
        return zones.claimed(claimed * count)
    if defect.rows == "latest":
        return np.arange(zones.rows - 1, zones.rows - 1 - count, -1)
    return zones.cells(defect.id, count)
