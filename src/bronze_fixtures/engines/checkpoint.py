"""Whether an interrupted run can be gone on with: only if it was asked for the very same lake."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from bronze_fixtures.common.version import VERSION
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.engines.shard_records import FORMAT, read_sealed, recorded, write_sealed
from bronze_fixtures.errors import OutputError
from bronze_fixtures.lake.manifest_writer import as_of_instant, contracts_digest, created_at
from bronze_fixtures.names import people
from bronze_fixtures.world.data_version import DATA_VERSION
from bronze_fixtures.world.request import Request

_NOTE = "request.json"


@dataclass(frozen=True, slots=True)
class Resumption:
    """What an interrupted run must have been asked for, for another one to go on with it.

    Attributes:
        target: The folder of the lake to be, as it was asked for.
        request: All that decides the lake's bytes, by what people call it.
    """

    target: Path
    request: Mapping[str, str]

    @classmethod
    def of(
        cls,
        target: Path,
        request: Request,
        contracts: Mapping[str, Contract],
        only: Collection[str],
    ) -> Resumption:
        """Return that of a lake.

        Args:
            target: The folder of the lake to be.
            request: What the lake is.
            contracts: The contracts of all datasets.
            only: The datasets wanted.
        """
        decisive = {
            "scale": request.scale,
            "seed": request.seed,
            "defects": request.profile,
            **{f"the rate of {name}": rate for name, rate in request.rates.items()},
            "names": request.names,
            "datasets": ", ".join(only),
            "the time it was created": created_at(as_of_instant(contracts)),
            "bronze-fixtures": VERSION,
            "pyarrow": pa.__version__,
            "the source of names": people(request.names).source,
            "the data version": DATA_VERSION,
            "the contracts": contracts_digest(contracts)[:12],
            "the format of its records": FORMAT,
        }
        return cls(target, {name: str(value) for name, value in decisive.items()})

    def note(self, run: Path) -> None:
        """Leave what was asked for in a run's own folder.

        Raises:
            OSError: It cannot be written.
        """
        write_sealed(run / _NOTE, self.request)

    def fits(self, run: Path) -> bool:
        """Tell whether a dead run can be gone on with: has it finished a shard of this lake?

        Raises:
            OutputError: It has finished shards of another lake, or nobody can tell of which.
        """
        there = read_sealed(run / _NOTE)
        if not recorded(run):
            return False
        if there is None:
            message = (
                f"{self.target}: nobody can tell what was interrupted there: {run / _NOTE} is "
                "damaged. Clear it and start anew by leaving out --resume."
            )
            raise OutputError(message)
        for name in [*self.request, *there]:
            ours, theirs = self.request.get(name, "unknown"), there.get(name, "unknown")
            if ours != theirs:
                message = (
                    f"{self.target}: what was interrupted there is another lake: {name} {theirs}, "
                    f"not {ours}. Ask for the same to go on with it, or clear it and start anew by "
                    "leaving out --resume."
                )
                raise OutputError(message)
        return True
