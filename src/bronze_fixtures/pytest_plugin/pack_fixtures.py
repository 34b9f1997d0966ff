"""The fixtures `bronze_<dataset>` of other packs; those of the web shop are in `fixtures`."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from bronze_fixtures.pytest_plugin.failures import in_one_line
from bronze_fixtures.pytest_plugin.fresh_values import handed_out

if TYPE_CHECKING:
    from bronze_fixtures.lake.lake import Lake


def add_pack_fixtures(config: pytest.Config, known: set[str]) -> None:
    """Add a fixture for each dataset of a pack that has none; no pack is imported for it.

    Args:
        config: The configuration of the session.
        known: The names of the fixtures that there are; those added are added here.
    """
    from bronze_fixtures.packs.registry import dataset_names

    datasets = {f"bronze_{name}": name for name in dataset_names()}
    fresh = sorted(datasets.keys() - known)
    if fresh:
        holder = ModuleType(f"fixtures {', '.join(fresh)}")
        for fixture in fresh:
            setattr(holder, fixture, _frame_fixture(fixture, datasets[fixture]))
        config.pluginmanager.register(holder)
        known |= {*fresh}


def _frame_fixture(fixture: str, dataset: str) -> Any:
    def frame(bronze: Lake) -> Any:
        if dataset not in bronze:
            from bronze_fixtures.packs.registry import pack_of

            pack_of(dataset)  # raises the reason if the pack is broken
        return bronze[dataset]

    frame.__name__ = frame.__qualname__ = fixture
    frame.__doc__ = f"The dataset {dataset} as a frame. Yours to change."
    return pytest.fixture(scope="session", name=fixture)(handed_out(in_one_line(frame)))
