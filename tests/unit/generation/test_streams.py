"""Streams: named, seeded by all that names them, and the same numbers for ever."""

import hashlib
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bronze_fixtures.generation.streams import Stream, Streams

WORD = 2**64 - 1


def sfc64(seed: int, shard: int, name: str, count: int) -> list[int]:
    """Chris Doty-Humphrey's small fast counting generator, seeded by a hash of the name."""
    digest = hashlib.blake2b(f"{seed}/{shard}/{name}".encode(), digest_size=24).digest()
    a, b, c = (int.from_bytes(digest[i : i + 8], "little") for i in (0, 8, 16))
    drawn = []
    for counter in range(1, 13 + count):  # the first twelve only mix the seed
        value = (a + b + counter) & WORD
        a, b = b ^ (b >> 11), (c + (c << 3)) & WORD
        c = (((c << 24) | (c >> 40)) + value) & WORD
        drawn.append(value)
    return drawn[12:]


def parts(words: list[int], bits: int) -> list[int]:
    """Cut words into smaller ones, the low bits first."""
    return [word >> low & (2**bits - 1) for word in words for low in range(0, 64, bits)]


def test_first_values_of_one_stream() -> None:
    assert Stream(42, 0, "orders.status").u64(4).tolist() == [
        0x43CB428377C0BF4A,
        0x07F99979A9D6EFDC,
        0x1F50F47F8E9DD0D4,
        0x3926A1044D509300,
    ]
    assert Stream(42, 0, "orders.status").below(100, 8).tolist() == [46, 26, 66, 3, 55, 12, 30, 22]


@settings(deadline=None)
@given(st.integers(0, WORD), st.integers(0, 90_000), st.text(max_size=20))
def test_generator_is_sfc64_seeded_by_the_hash_of_seed_shard_and_name(
    seed: int, shard: int, name: str
) -> None:
    assert Stream(seed, shard, name).u64(5).tolist() == sfc64(seed, shard, name, 5)


@pytest.mark.parametrize("count", range(10))
def test_narrow_draws_cut_words_low_bits_first(count: int) -> None:
    words = sfc64(7, 1, "a.b", 10)
    assert Stream(7, 1, "a.b").u32(count).tolist() == parts(words, 32)[:count]
    assert Stream(7, 1, "a.b").u16(count).tolist() == parts(words, 16)[:count]


@pytest.mark.parametrize("width", ["u16", "u32", "u64"])
def test_a_longer_draw_begins_with_the_shorter_one(width: str) -> None:
    long = getattr(Stream(1, 0, "x"), width)(101)
    for count in (0, 1, 3, 50):
        assert getattr(Stream(1, 0, "x"), width)(count).tolist() == long[:count].tolist()


def test_each_call_takes_the_next_words() -> None:
    stream = Stream(3, 0, "x")
    drawn = [*stream.u64(2).tolist(), *stream.u64(0).tolist(), *stream.u64(3).tolist()]
    assert drawn == sfc64(3, 0, "x", 5)


@pytest.mark.parametrize("count", range(1, 10))
def test_narrow_draws_use_up_whole_words_and_no_more(count: int) -> None:
    quarters, halves = Stream(3, 0, "x"), Stream(3, 0, "x")
    quarters.u16(count)
    halves.u32(count)
    words = sfc64(3, 0, "x", 10)
    assert quarters.u64(1).tolist() == [words[-(-count // 4)]]
    assert halves.u64(1).tolist() == [words[-(-count // 2)]]


def test_seed_shard_and_name_each_make_another_stream() -> None:
    named = itertools.product((0, 1, 12, WORD), (0, 1, 2), ("orders.a", "orders.b", "2/orders.a"))
    firsts = [tuple(Stream(*name).u64(2).tolist()) for name in named]
    assert len(set(firsts)) == len(firsts) == 36


def test_streams_open_at_the_start_and_leave_each_other_alone() -> None:
    streams = Streams(42, 3)
    first, other = streams("a"), streams("b")
    first.u64(10)
    assert other.u64(3).tolist() == sfc64(42, 3, "b", 3)
    assert streams("a").u64(3).tolist() == sfc64(42, 3, "a", 3)


@settings(deadline=None)
@given(st.lists(st.integers(1, 2**31), min_size=1, max_size=50), st.integers(0, WORD))
def test_below_is_multiply_and_shift_under_each_bound(bounds: list[int], seed: int) -> None:
    halves = parts(sfc64(seed, 0, "n", len(bounds)), 32)
    drawn = Stream(seed, 0, "n").below(np.array(bounds, np.int64), len(bounds))
    assert drawn.dtype == np.int64
    expected = [half * bound >> 32 for half, bound in zip(halves, bounds, strict=False)]
    assert drawn.tolist() == expected
    assert all(0 <= value < bound for value, bound in zip(drawn, bounds, strict=True))


def test_below_reaches_both_ends_and_is_even() -> None:
    counts = np.bincount(Stream(5, 0, "n").below(10, 100_000), minlength=10)
    assert len(counts) == 10
    assert abs(counts - 10_000).max() < 500  # five standard deviations of 95


def test_below_one_is_always_nothing() -> None:
    assert Stream(5, 0, "n").below(1, 100).tolist() == [0] * 100


def test_between_includes_both_ends() -> None:
    assert set(Stream(5, 0, "n").between(-1, 3, 1000).tolist()) == {-1, 0, 1, 2, 3}
    assert set(Stream(5, 0, "n").between(4, 4, 10).tolist()) == {4}


@pytest.mark.parametrize(("width", "bits"), [("u16", 16), ("u32", 32), ("u64", 64)])
def test_types_of_draws(width: str, bits: int) -> None:
    assert getattr(Stream(5, 0, "n"), width)(5).dtype == np.dtype(f"u{bits // 8}")
