"""Exact shares: every value has share x rows of the rows, rounded up or down."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

from tests.contract.lakes import DATASETS, Reading


@dataclass(frozen=True)
class Share:
    """The values of an expression over some rows of a clean table, in percent of these rows.

    Rows of one `within`, such as a session, have one value: a handful of rows may then leave no
    exact solution, and the nearest will do.
    """

    dataset: str
    of: str
    percent: Mapping[str, int]
    where: str = "true"
    within: str | None = None

    def __str__(self) -> str:
        return f"{self.dataset}: {self.of}"

    def offenders(self, reading: Reading) -> dict[str, tuple[int, Fraction]]:
        """Values with another number of rows than is their due: (rows there are, share x rows)."""
        counts = reading.counts(
            f"SELECT ({self.of})::VARCHAR, count(*) FROM {self.dataset}"
            f" WHERE {self.where} GROUP BY 1"
        )
        found = share_offenders(counts, self.percent)
        if found and self.within:
            query = f"SELECT count(*) FROM {self.dataset} GROUP BY {self.within}"
            sizes = [size for (size,) in reading.rows(query)]
            return {
                value: (count, due)
                for value, (count, due) in found.items()
                if abs(count - due) > distance_of_a_quota(sizes, due)
            }
        return found


def share_offenders(
    counts: Mapping[str, int], percent: Mapping[str, int] | Mapping[str, Fraction]
) -> dict[str, tuple[int, Fraction]]:
    """The same for rows that were counted already."""
    rows = sum(counts.values())
    found = {
        value: (counts.get(value, 0), Fraction(percent.get(value, 0) * rows, 100))
        for value in counts.keys() | percent.keys()
    }
    return {
        value: (count, due)
        for value, (count, due) in found.items()
        if not floor(due) <= count <= ceil(due)
    }


def distance_of_a_quota(sizes: list[int], due: Fraction) -> Fraction:
    """How far from its due a quota, within one row of it, can end up when whole units are dealt."""
    quotas = {floor(due), ceil(due)}
    return max(
        abs(quota - due) + distance_of_the_nearest(sizes, Fraction(quota)) for quota in quotas
    )


def distance_of_the_nearest(sizes: Iterable[int], due: Fraction) -> Fraction:
    """How near to its due a value can come that has all of a group's rows or none."""
    sums = 1  # bit n: some groups have n rows together
    for size in sizes:
        sums |= sums << size
    return min(abs(count - due) for count in range(sums.bit_length()) if sums >> count & 1)


def every_share() -> list[Share]:
    return [share for dataset in DATASETS for share in _shares_of(dataset)]


def _shares_of(dataset: str) -> list[Share]:
    text = Path(__file__).with_name("laws").joinpath(f"{dataset}.toml").read_text("utf-8")
    return [Share(dataset, **entry) for entry in tomllib.loads(text)["share"]]
