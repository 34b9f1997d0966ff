"""The digests of a lake: one job's, two jobs', a local Spark's and those of a cluster of two.

The cluster's Python has numpy and pyarrow alone; the package comes to it as a zip.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bronze_fixtures
from bronze_fixtures import generate
from bronze_fixtures.lake.digest import lake_digests
from bronze_fixtures.spark import frames, ledger
from tests.spark.bare_python import bare_python
from tests.spark.rows import written_digest
from tests.spark.session import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CLUSTER = "local-cluster[2,1,1024]"


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The package as an archive that executors import from."""
    package = Path(bronze_fixtures.__file__).parent
    archive = tmp_path_factory.mktemp("zip") / "bronze_fixtures"
    return shutil.make_archive(str(archive), "zip", package.parent, package.name)


@pytest.fixture(scope="module", params=["local[2]", CLUSTER])
def spark(
    request: pytest.FixtureRequest, zipped: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SparkSession]:
    """A session on this machine, and one on a cluster of two that has nothing but the zip."""
    if request.param != CLUSTER:
        with session(request.param) as spark:
            yield spark
        return
    with pytest.MonkeyPatch.context() as environment:
        python = bare_python(tmp_path_factory.mktemp("cluster") / "python")
        environment.setenv("PYSPARK_PYTHON", str(python))
        with session(CLUSTER, spark__submit__pyFiles=zipped) as spark:
            spark.sparkContext.addPyFile(zipped)
            yield spark


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, str]]:
    """The digests of the lake of a scale that one job and two jobs write."""

    @cache
    def digests(scale: str) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("local")
        one, two = (
            lake_digests(generate(folder / str(jobs), scale=scale, jobs=jobs).path())
            for jobs in (1, 2)
        )
        assert one == two
        return one

    return digests


@pytest.mark.parametrize("spark", [CLUSTER], indirect=True)
def test_workers_have_the_package_from_the_zip_alone(spark: SparkSession) -> None:
    def look(_: object) -> Iterator[tuple[str, bool]]:
        from importlib.util import find_spec

        spec = find_spec("bronze_fixtures")
        yield str(spec and spec.origin), find_spec("pandas") is None

    found = spark.sparkContext.parallelize(range(2), 2).mapPartitions(look).collect()
    assert all("bronze_fixtures.zip/" in origin and bare for origin, bare in found), found


@pytest.mark.parametrize("scale", ["tiny", "3"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_digests_are_those_of_local_jobs(
    spark: SparkSession,
    local: Callable[[str], dict[str, str]],
    zone: str,
    scale: str,
    tmp_path: Path,
) -> None:
    spark.conf.set("spark.sql.session.timeZone", zone)
    made = {**frames(spark, scale=scale), "_ledger": ledger(spark, scale=scale)}
    found = {name: written_digest(made[name], name, tmp_path / name) for name in made}
    assert found == local(scale)
