"""Fixtures of ours that a project overrides: single frames, and the lake that all are made of."""

from __future__ import annotations

import pytest

OVERRIDE = """
import pytest


@pytest.fixture(scope="SCOPE")
def bronze_orders(bronze_orders):
    bronze_orders["override"] = 1
    return bronze_orders
"""

OVERRIDDEN = """
from marks import marks


def test_first(bronze_orders):
    assert marks(bronze_orders) == ["override"]
    bronze_orders["first"] = 1


def test_second(bronze_orders):
    assert marks(bronze_orders) == SECOND
"""

OUTSIDE = """
import pytest
from marks import marks


@pytest.fixture(scope="module")
def kept(bronze_orders):
    return bronze_orders


def test_outside(kept, bronze_orders):
    assert [marks(kept), marks(bronze_orders)] == [[], []]
"""

OTHER_LAKES = """
import json

import pyarrow.parquet as pq
import pytest
from marks import marks


@pytest.fixture(scope="session", params=[7, 42])
def bronze(bronze_factory, request):
    return bronze_factory(scale="tiny", seed=request.param)


@pytest.mark.parametrize("turn", [1, 2])
def test(bronze_orders, bronze_path, bronze_duckdb, bronze_clean, request, turn):
    seed = request.node.callspec.params["bronze"]
    assert json.loads((bronze_path / "_manifest.json").read_text())["seed"] == seed
    customers = pq.read_table(bronze_path / "orders/orders.parquet")["customer_id"].to_pylist()
    assert bronze_orders["customer_id"].tolist() == customers
    asked = bronze_duckdb.execute("SELECT customer_id FROM orders").fetchall()
    assert asked == [(customer,) for customer in customers]
    assert (bronze_clean.seed, len(bronze_clean.orders)) == (seed, 990)
    assert marks(bronze_orders) == []
    bronze_orders["mine"] = 1
"""

HARSH = """
import pytest


@pytest.fixture(scope="session")
def bronze(bronze_factory):
    return bronze_factory(defects="harsh")
"""

OTHERS_AND_OURS = """
def test_frame(bronze_orders, bronze):
    assert len(bronze_orders) == bronze.rows["orders"]


def test_lake(bronze):
    assert len(bronze.orders) == bronze.rows["orders"]
"""


def test_an_override_is_as_any_fixture_of_its_scope(marking: pytest.Pytester) -> None:
    for scope, second in (("function", ["override"]), ("session", ["override", "first"])):
        folder = marking.mkdir(scope)
        folder.joinpath("conftest.py").write_text(OVERRIDE.replace("SCOPE", scope))
        test = folder.joinpath(f"test_{scope}.py")
        test.write_text(OVERRIDDEN.replace("SECOND", repr(second)))
    marking.makepyfile(OUTSIDE)
    marking.runpytest_subprocess("-q").assert_outcomes(passed=5)


def test_an_override_of_the_lake_changes_all_fixtures(marking: pytest.Pytester) -> None:
    marking.makepyfile(OTHER_LAKES)
    marking.runpytest_subprocess("-q").assert_outcomes(passed=4)


@pytest.mark.parametrize("order", [1, -1])
def test_a_frame_of_another_lake_than_the_test_has_is_refused(
    project: pytest.Pytester, order: int
) -> None:
    """pytest keeps a session fixture's value, also where what it is made of is overridden."""
    folder = project.mkdir("harsh")
    folder.joinpath("conftest.py").write_text(HARSH)
    files = ["harsh/test_harsh.py", "test_standard.py"][::order]
    for file in files:
        project.path.joinpath(file).write_text(OTHERS_AND_OURS)
    result = project.runpytest_subprocess("-q", *files)
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at setup of test_frame*",
            "bronze_orders was made of another 'bronze' than this test has: *",
            f"ERROR {files[1]}::test_frame*",
        ]
    )


def test_frames_are_judged_by_the_lake_they_are_of(project: pytest.Pytester) -> None:
    """And not by the options, which say standard here."""
    project.makeconftest(
        """
        import pytest

        MANY = {"orders.order_id.duplicate": 0.2}

        @pytest.fixture(scope="session", params=["standard", "harsh", MANY], ids=str)
        def bronze(bronze_factory, request):
            return bronze_factory(scale="tiny", defects=request.param)
        """
    )
    project.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_its_own(bronze_orders, bronze_check, turn):
            bronze_check(bronze_orders, "bronze/orders")

        def test_another(bronze, bronze_factory, bronze_check):
            other = "harsh" if bronze.defects == "standard" else "standard"
            with pytest.raises(AssertionError, match="orders.order_id"):
                bronze_check(bronze_factory(scale="tiny", defects=other).orders, "bronze/orders")
        """
    )
    project.runpytest_subprocess("-q").assert_outcomes(passed=9)


def test_a_lake_of_another_folder_judges_no_frame_here(project: pytest.Pytester) -> None:
    folder = project.mkdir("harsh")
    folder.joinpath("conftest.py").write_text(HARSH)
    folder.joinpath("test_harsh.py").write_text("def test_lake(bronze): pass")
    project.makepyfile(
        test_first="def test_lake(bronze): pass",
        test_last="""
        def test_frame(bronze_orders, bronze_check):
            bronze_check(bronze_orders, "bronze/orders")
        """,
    )
    files = ("test_first.py", "harsh/test_harsh.py", "test_last.py")
    project.runpytest_subprocess("-q", *files).assert_outcomes(passed=3)
