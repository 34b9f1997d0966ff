"""A cluster of two workers whose Python has numpy and pyarrow alone; the package comes as a zip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bronze_fixtures
from bronze_fixtures import generate
from bronze_fixtures.digest import lake_digests
from bronze_fixtures.spark import frames, ledger
from tests.spark.bare_python import bare_python
from tests.spark.rows import written_digest
from tests.spark.session import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    folder = tmp_path_factory.mktemp("cluster")
    package = Path(bronze_fixtures.__file__).parent
    zipped = shutil.make_archive(
        str(folder / "bronze_fixtures"), "zip", package.parent, package.name
    )
    python = bare_python(folder / "python")
    before = os.environ.get("PYSPARK_PYTHON")
    os.environ["PYSPARK_PYTHON"] = str(python)
    try:
        with session("local-cluster[2,1,1024]", spark__submit__pyFiles=zipped) as spark:
            spark.sparkContext.addPyFile(zipped)
            yield spark
    finally:
        os.environ.pop("PYSPARK_PYTHON")
        if before is not None:
            os.environ["PYSPARK_PYTHON"] = before


@pytest.fixture(scope="module", params=["tiny", "3"])
def local(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, str]]:
    """A scale and the digests of the lake that one job and two jobs write."""
    folder = tmp_path_factory.mktemp("local")
    one, two = folder / "one", folder / "two"
    for path, jobs in ((one, 1), (two, 2)):
        generate(path, scale=request.param, jobs=jobs)
    assert lake_digests(one) == lake_digests(two)
    return request.param, lake_digests(one)


def test_workers_have_the_package_from_the_zip_alone(cluster: SparkSession) -> None:
    def look(_: object) -> Iterator[tuple[str, bool]]:
        from importlib.util import find_spec  # noqa: PLC0415

        spec = find_spec("bronze_fixtures")
        yield str(spec and spec.origin), find_spec("pandas") is None

    found = cluster.sparkContext.parallelize(range(2), 2).mapPartitions(look).collect()
    assert all("bronze_fixtures.zip/" in origin and bare for origin, bare in found), found


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_digests_are_those_of_local_jobs(
    cluster: SparkSession, local: tuple[str, dict[str, str]], zone: str, tmp_path: Path
) -> None:
    scale, expected = local
    cluster.conf.set("spark.sql.session.timeZone", zone)
    made = {**frames(cluster, scale=scale), "_ledger": ledger(cluster, scale=scale)}
    found = {name: written_digest(made[name], name, tmp_path / name) for name in made}
    assert found == expected
