"""Rows are what they were: a committed digest of every table, and rows to read.

A difference means that rows have moved. If that was meant, raise the data version and run
`python -m tests.golden.regenerate` (CONTRIBUTING.md, Golden digests and the data version).
"""

from pathlib import Path

import pytest

import bronze_fixtures
from tests.contract.lakes import Shelf
from tests.golden import content


@pytest.fixture(scope="module", params=content.LAKES, ids=content.lake_name)
def lake(request: pytest.FixtureRequest, shelf: Shelf) -> Path:
    scale, defects = request.param
    return shelf.lake(scale, content.SEED, defects)


def test_digests(lake: Path) -> None:
    golden = content.read_json(content.DIGESTS)

    assert content.digests_of(lake) == golden["lakes"][lake.name]


def test_the_digests_are_of_this_data_version(lake: Path) -> None:
    golden = content.read_json(content.DIGESTS)

    assert bronze_fixtures.open_lake(lake).manifest["data_version"] == golden["data_version"]


def test_readable_rows(shelf: Shelf) -> None:
    scale, defects = content.READABLE
    lake = shelf.lake(scale, content.SEED, defects)
    datasets = list(bronze_fixtures.open_lake(lake))

    assert {path.stem for path in content.rows_file("any").parent.iterdir()} == set(datasets)
    for dataset in datasets:
        assert content.readable_rows(lake, dataset) == content.read_json(content.rows_file(dataset))
