"""The type of the fixture `bronze_factory`, for annotations."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bronze_fixtures.defects.rates import Defects
    from bronze_fixtures.lake.lake import Lake


class LakeFactory(Protocol):
    """Gives lakes of other scales, seeds and defects; the session's are the defaults.

    Example:
        >>> from bronze_fixtures import LakeFactory
        >>> def test_seeds_differ(bronze_factory: LakeFactory) -> None:
        ...     one, other = (bronze_factory(scale="tiny", seed=seed) for seed in (1, 2))
        ...     assert one != other
    """

    def __call__(
        self,
        *,
        scale: str | float | Fraction | None = None,
        seed: int | None = None,
        defects: Defects | None = None,
    ) -> Lake:
        """Return a lake, from the cache or built.

        Args:
            scale: `tiny`, `small`, `full`, or a positive number.
            seed: From 0 to 2^64 - 1.
            defects: As `bronze_fixtures.generate` takes them.

        Raises:
            BronzeError: There is no such lake, or it cannot be built.
        """
