"""Named random streams: the only door to randomness.

Every draw comes from a stream that is named after what it decides (`orders.status`) and seeded from
(seed, name, shard) alone, so that adding a draw in one place never moves a draw elsewhere.

Only the raw 64-bit output of the bit generator is used. NumPy promises that stream to stay the
same for ever (NEP 19); it makes no such promise for the methods of `Generator`. All further
arithmetic is on integers, so no CPU, compiler or library version can change a value.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import DTypeLike, NDArray


class Stream:
    """A sequence of random integers; each call takes the next ones."""

    def __init__(self, seed: int, shard: int, name: str) -> None:
        """Open the stream `name` of one shard at its start.

        Args:
            seed: The world's seed, 0 to 2**64 - 1.
            shard: The shard's number, from 0.
            name: What the stream decides, e.g. `orders.status`.
        """
        seeded: Any = _Named(seed, shard, name)  # any ISeedSequence will do; the stubs say less
        self._bits = np.random.SFC64(seeded)

    def u64(self, count: int) -> NDArray[np.uint64]:
        """Return `count` integers, uniform over 64 bits."""
        return self._bits.random_raw(count)

    def u32(self, count: int) -> NDArray[np.uint32]:
        """Return `count` integers, uniform over 32 bits."""
        return self._bits.random_raw((count + 1) // 2).astype("<u8", copy=False).view("<u4")[:count]

    def u16(self, count: int) -> NDArray[np.uint16]:
        """Return `count` integers, uniform over 16 bits."""
        return self._bits.random_raw((count + 3) // 4).astype("<u8", copy=False).view("<u2")[:count]

    def below(self, bound: int | NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Return `count` integers, each at least 0 and below its bound.

        Args:
            bound: One bound for all, or an array of `count` of them; each from 1 to 2**31.
            count: How many.

        Returns:
            Shape (count,). Uniform up to 1 part in 2**32 / bound (Lemire's multiply and shift).
        """
        wide = self.u32(count).astype(np.uint64)
        wide *= np.asarray(bound).astype(np.uint64)
        wide >>= np.uint64(32)
        return wide.view(np.int64)

    def between(self, low: int, high: int, count: int) -> NDArray[np.int64]:
        """Return `count` integers from `low` to `high`, both included."""
        return self.below(high - low + 1, count) + low


class _Named(ISeedSequence):
    """The seed of a stream: the hash of all that names it, so that no two streams are alike."""

    def __init__(self, seed: int, shard: int, name: str) -> None:
        self._name = f"{seed}/{shard}/{name}".encode()

    def generate_state(self, n_words: int, dtype: DTypeLike = np.uint32) -> NDArray[Any]:
        """Return the first words of the hash, as many as the bit generator asks for."""
        kind = np.dtype(dtype).newbyteorder("<")
        digest = hashlib.blake2b(self._name, digest_size=n_words * kind.itemsize).digest()
        return np.frombuffer(digest, kind).astype(dtype)


class Streams(NamedTuple):
    """All streams of one shard."""

    seed: int
    shard: int

    def __call__(self, name: str) -> Stream:
        """Open the stream `name` at its start: the same name gives the same numbers each time."""
        return Stream(self.seed, self.shard, name)
