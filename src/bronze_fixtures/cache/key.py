"""What decides the content of a cache entry, and its name."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, SupportsIndex

from bronze_fixtures.common.exact_numbers import plain
from bronze_fixtures.packs.registry import known_packs, load_contracts
from bronze_fixtures.world.data_version import DATA_VERSION
from bronze_fixtures.world.scale import parse_scale, parse_seed

if TYPE_CHECKING:
    from bronze_fixtures.defects.rates import Defects
    from bronze_fixtures.packs.pack import Pack

FORMAT = 1  # of the entries: raised when their files change, so that versions can share a folder

# Their rates are in the contracts, so the contracts' digest stands for them.
_NAMED = ("none", "standard", "harsh")


class Key(NamedTuple):
    """A lake, as the cache knows it: equal keys, equal rows.

    A tuple, since every pytest session makes one: a dataclass takes a millisecond to define.

    Attributes:
        scale: How many full-scale worlds.
        seed: From 0 to 2^64 - 1.
        profile: `none`, `standard`, `harsh` or `custom`.
        rates: The rates that differ from the standard ones, for `custom`; else empty.
    """

    scale: Fraction
    seed: int
    profile: str
    rates: tuple[tuple[str, Fraction], ...] = ()

    @property
    def name(self) -> str:
        """The name of the entry: readable, and ending in a digest of all that decides it."""
        decisive = [
            FORMAT,
            DATA_VERSION,
            _digest_of(known_packs()),
            str(self.scale),
            self.seed,
            self.profile,
            [[name, str(rate)] for name, rate in self.rates],
            os.environ.get("SOURCE_DATE_EPOCH") or "",  # it is written into the sidecars
        ]
        digest = hashlib.sha256(json.dumps(decisive).encode()).hexdigest()[:16]
        return f"{self.scale_text}_{self.seed}_{self.profile}_{digest}"

    @property
    def scale_text(self) -> str:
        """The scale as a decimal number: `0.1`, `1`."""
        return repr(plain(self.scale))

    @property
    def defects(self) -> str | Mapping[str, Fraction]:
        """The defects, as `generate` takes them."""
        return dict(self.rates) if self.profile == "custom" else self.profile

    def command(self, folder: str) -> str:
        """Return the command that generates these rows.

        Args:
            folder: Where to.
        """
        choices = [f"{name}={float(rate)!r}" for name, rate in self.rates] or [self.profile]
        values = f"--output-dir {folder} --scale {self.scale_text} --seed {self.seed}"
        defects = " ".join(f"--defects {choice}" for choice in choices)
        return f"bronze-fixtures generate {values} {defects}"


def make_key(
    scale: str | float | Fraction, seed: str | SupportsIndex, defects: Defects = "standard"
) -> Key:
    """Check a scale, a seed and defects.

    A named profile needs no contract to be read, so that a cached lake is opened without.

    Args:
        scale: See `scale.parse_scale`.
        seed: See `scale.parse_seed`.
        defects: See `rates.parse_defects`.

    Raises:
        ScaleError: It is neither the name of a scale nor a number that can be generated.
        SeedError: The seed is not a whole number in range.
        DefectError: The defects are unknown, or their rates out of range.
    """
    parsed_scale, parsed_seed = parse_scale(scale), parse_seed(seed)
    if isinstance(defects, list | tuple) and len(defects) == 1:
        defects = defects[0]
    if isinstance(defects, str) and defects in _NAMED:
        return Key(parsed_scale, parsed_seed, defects)

    from bronze_fixtures.defects.rates import parse_defects, standard_rates

    contracts = load_contracts()  # reads YAML
    profile, rates = parse_defects(defects, contracts)
    if profile != "custom":
        return Key(parsed_scale, parsed_seed, profile)
    standard = standard_rates(contracts)
    changed = {name: rate for name, rate in rates.items() if rate != standard[name]}
    return Key(parsed_scale, parsed_seed, profile, tuple(sorted(changed.items())))


@cache
def _digest_of(packs: Sequence[Pack]) -> str:
    """Return a digest of the packs' contracts as they are written, which costs no parsing."""
    digest = hashlib.sha256()
    for pack in packs:
        digest.update(f"{pack.name} {pack.version}\n".encode())
        for path in sorted(pack.contracts.iterdir(), key=lambda path: path.name):
            content = path.read_bytes()
            digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
