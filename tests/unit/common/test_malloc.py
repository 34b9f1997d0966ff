"""Keeping freed memory: both thresholds of glibc once, and nothing elsewhere."""

import ctypes
import platform
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from bronze_fixtures.common.malloc import KEPT, keep_freed_memory

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
MEGABYTE = 1 << 20


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    keep_freed_memory.cache_clear()


def library(
    monkeypatch: pytest.MonkeyPatch, answers: Callable[[int], int]
) -> list[tuple[int, int]]:
    """Stand in for the C library; what is set is noted in the list returned."""
    calls: list[tuple[int, int]] = []

    def mallopt(option: int, value: int) -> int:
        calls.append((option, value))
        return answers(option)

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace(mallopt=mallopt))
    return calls


def test_sets_both_thresholds_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = library(monkeypatch, lambda _option: 1)
    assert keep_freed_memory() is True
    assert keep_freed_memory() is True
    assert sorted(calls) == [(MMAP_THRESHOLD, 32 * MEGABYTE), (TRIM_THRESHOLD, KEPT)]
    assert KEPT == 256 * MEGABYTE


@pytest.mark.parametrize("refused", [TRIM_THRESHOLD, MMAP_THRESHOLD])
def test_says_so_where_a_threshold_is_refused(
    monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    library(monkeypatch, lambda option: int(option != refused))
    assert keep_freed_memory() is False


def test_does_nothing_where_the_library_has_no_mallopt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace())
    assert keep_freed_memory() is False


def test_does_nothing_where_there_is_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: object) -> None:
        message = "no such library"
        raise OSError(message)

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert keep_freed_memory() is False


def test_glibc_takes_both_thresholds() -> None:
    assert keep_freed_memory() is (platform.libc_ver()[0] == "glibc")
