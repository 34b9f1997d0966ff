"""Lakes that the tests share: made once a session, whatever the number of processes."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.contract.lakes import EVERY_WORLD, Shelf, World, world_name

pytest_plugins = ["pytester"]

# Nothing is timed: a loaded machine must not fail a test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Where the lakes are made; pytest-xdist's processes share it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    folder = folder / "lakes"
    folder.mkdir(exist_ok=True)
    return Shelf(folder)


@pytest.fixture(scope="session", params=EVERY_WORLD, ids=world_name)
def world(request: pytest.FixtureRequest, shelf: Shelf) -> Iterator[World]:
    """Each scale and seed, down to the smallest lakes there are."""
    scale, seed = request.param
    world = World(scale, seed, shelf)
    yield world
    world.reading.connection.close()
