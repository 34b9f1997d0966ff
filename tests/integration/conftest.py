"""Downstream projects: pytest runs of their own, as users of the plugin have them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cache_copy import build_cache
from tests.unit.cache.cache_entries import copy_cache

MARKS = '''
def marks(frame):
    """Return what was added to the 13 columns that orders have."""
    return [*frame.columns[13:]]
'''


@pytest.fixture(scope="session")
def warm_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that the tests of one process share, so that each lake is built once for them."""
    return tmp_path_factory.mktemp("warm") / "cache"


@pytest.fixture
def project(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, warm_cache: Path
) -> pytest.Pytester:
    """An empty project; `runpytest_subprocess` runs it, with the shared cache and scale tiny."""
    for name in [name for name in os.environ if name.startswith(("BRONZE_", "PYTEST_", "COV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("BRONZE_CACHE_DIR", str(warm_cache))
    monkeypatch.setenv("BRONZE_SCALE", "tiny")
    # They come with the package and its tests, and are half the time that a small run takes.
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:faker -p no:hypothesispytest -p no:fakefs")
    return pytester


@pytest.fixture
def marking(project: pytest.Pytester) -> pytest.Pytester:
    """A project whose tests can import `marks`.

    Downstream, everybody who gets a frame of orders adds a column to it, a mark. So the marks of a
    frame tell who had it.
    """
    project.makepyfile(marks=MARKS)
    return project


@pytest.fixture
def cold_cache(
    project: pytest.Pytester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The folder of a cache of this test's own, which does not exist yet."""
    del project
    folder = tmp_path / "cold"
    monkeypatch.setenv("BRONZE_CACHE_DIR", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)  # pytest keeps the folders of the last three runs


@pytest.fixture
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this run's that tells how a cache builds or how long it waits."""
    for name in ("SOURCE_DATE_EPOCH", "BRONZE_CACHE_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of three lakes; see `cache_copy`."""
    return build_cache(tmp_path_factory.mktemp("built") / "cache")


@pytest.fixture
def cache(built: Path, tmp_path: Path) -> Path:
    """A copy of that cache, for one test to change."""
    return copy_cache(built, tmp_path / "cache")
