"""Fill a folder with a lake: the shards, written by an engine, the sidecars and the manifest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from bronze_fixtures.common.files import file_record
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.engines.checkpoint import ShardFiles, make_run_folders
from bronze_fixtures.engines.shard_writer import Work
from bronze_fixtures.lake.layout import MANIFEST, data_path, sidecar_path
from bronze_fixtures.lake.manifest import manifest
from bronze_fixtures.lake.sidecar import sidecar, write_json
from bronze_fixtures.lake.staging import Staging
from bronze_fixtures.world.request import Request
from bronze_fixtures.world.row_counts import Census, census, rows_per_shard
from bronze_fixtures.world.world import world_of

Done = Callable[[ShardFiles], None]
"""Takes what was written for a shard; called from the thread that runs the engine."""

Progress = Callable[[int], None]
"""Takes the number of rows just written; called from any thread."""

Engine = Callable[[Work, Done, Progress | None], None]
"""Writes the missing shards of some work.

It calls `write_shard(work, number)` for each number in `work.missing`, in any order and on any
machine, and hands over what was written for each shard. It returns when all are written. If one
cannot be written, it raises once no other is being written any more.
"""


class Plan(NamedTuple):
    """What is to be made.

    Attributes:
        request: What decides the values.
        contracts: The contracts of all datasets.
        chosen: Those of the requested datasets.
        counted: How large the lake is.
    """

    request: Request
    contracts: Mapping[str, Contract]
    chosen: Mapping[str, Contract]
    counted: Census

    @classmethod
    def of(
        cls,
        request: Request,
        contracts: Mapping[str, Contract],
        only: Collection[str] | None = None,
    ) -> Plan:
        """Count what is to be made; None for `only` stands for all datasets.

        Raises:
            DefectError: The defects ask for more rows than there are.
        """
        chosen = {name: contracts[name] for name in contracts if only is None or name in only}
        return cls(request, contracts, chosen, census(request, contracts))

    @property
    def rows(self) -> Mapping[str, int]:
        """Delivered rows by requested dataset."""
        return {name: self.counted.rows[name] for name in self.chosen}

    @property
    def planted(self) -> Mapping[str, int]:
        """Rows that each defect of the requested datasets hits, by its id."""
        defects = [defect for contract in self.chosen.values() for defect in contract.defects]
        return {defect.id: self.counted.defects[defect.id] for defect in defects}

    def work(self, staging: Staging) -> Work:
        """Return the work of the whole lake."""
        return Work(
            root=staging.lake,
            run=staging.run,
            world=world_of(self.request, self.contracts),
            rates=self.request.rates,
            only=tuple(self.chosen),
            rows_per_shard=rows_per_shard(self.request, self.contracts, self.counted),
            missing=range(self.counted.shards),
        )


def fill(
    plan: Plan, work: Work, written: ShardFiles, engine: Engine, progress: Progress | None = None
) -> Mapping[str, int]:
    """Write the missing shards, the sidecars and, last of all, the manifest.

    Args:
        plan: What is to be made.
        work: The shards to write, and where to: a folder with nothing else but kept shards in it.
        written: What the other shards add up to; the new ones are added.
        engine: Writes the shards.
        progress: Called with the number of rows just written, from any thread.

    Returns:
        The bytes of each dataset.

    Raises:
        OSError: A file could not be written.
    """
    lake = work.root
    make_run_folders(work.run)
    for path in work.paths(0):
        (lake / path).parent.mkdir(parents=True, exist_ok=True)
    engine(work, written.add, progress)
    files, sizes = written.files, {}
    for name, contract in plan.chosen.items():
        path, beside = data_path(contract), sidecar_path(contract)
        size = sum(file["bytes"] for file in files if str(file["path"]).startswith(path))
        content = sidecar(contract, written.statistics[name], plan.counted.rows[name], size)
        write_json(lake / beside, content)
        files.append(file_record(lake / beside, beside))
        sizes[name] = size
    write_json(lake / MANIFEST, manifest(plan.request, plan.counted, plan.chosen, files))
    return sizes
