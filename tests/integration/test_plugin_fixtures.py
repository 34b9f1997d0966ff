"""All fixtures but `bronze_check`: what each gives, and that it is what the lake's files hold."""

from __future__ import annotations

import pytest

from tests.contract.lakes import FILES, FLOORS, FULL_ROWS
from tests.integration.plugin_output import ours

# Rows at scale tiny (S1.9): products and campaigns at least 20.
ROWS = {name: max(FLOORS.get(name, 1), rows // 100) for name, rows in FULL_ROWS.items()}

EVERY = f"""
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

import bronze_fixtures
from bronze_fixtures.lake.digest import lake_digests

ROWS = {ROWS}

@pytest.mark.parametrize("name", ROWS)
def test_datasets(name, request):
    frame = request.getfixturevalue(f"bronze_{{name}}")
    assert type(frame) is pd.DataFrame
    assert len(frame) == ROWS[name]

def test_lake(bronze):
    assert isinstance(bronze, bronze_fixtures.Lake)
    assert bronze.rows == ROWS
    assert list(bronze) == list(ROWS)
    assert (bronze.scale, bronze.seed, bronze.defects) == (0.01, 42, "standard")

def test_path(bronze, bronze_path):
    assert isinstance(bronze_path, Path)
    assert bronze_path == bronze.path()
    assert bronze_fixtures.open_lake(bronze_path) == bronze
    files = [path for path in bronze_path.rglob("*") if path.is_file()]
    assert len(files) == 2 * len(ROWS) + 2
    assert all(path.stat().st_mode & 0o222 == 0 for path in files)

def test_clean(bronze, bronze_clean, tmp_path):
    generated = bronze_fixtures.generate(tmp_path / "clean", scale="tiny", defects="none")
    assert bronze_clean == generated
    assert lake_digests(bronze_clean.path()) == lake_digests(generated.path())
    assert bronze_clean.rows == {{**ROWS, "orders": 990}} == bronze.clean_rows
    assert len(bronze_clean.ledger) == 0

def test_ledger(bronze_ledger, bronze_path):
    assert type(bronze_ledger) is pd.DataFrame
    rows = bronze_ledger.astype(object).where(bronze_ledger.notna(), None).to_dict("records")
    assert rows == pq.read_table(bronze_path / "_ledger.parquet").to_pylist()
    # The rates of S5.21 to S5.24 of 1,000 orders, and of the others at least a row (S2.4).
    counts = bronze_ledger["defect"].value_counts()
    assert counts["orders.discount_amount.null"] == 20
    assert counts["orders.category.mismatch"] == 30
    assert len(counts) == 13

def test_duckdb(bronze_duckdb, bronze_path):
    assert type(bronze_duckdb) is duckdb.DuckDBPyConnection
    names = [name for name, in bronze_duckdb.execute("SHOW TABLES").fetchall()]
    assert names == sorted(ROWS)
    for name, rows in ROWS.items():
        assert bronze_duckdb.execute(f"SELECT count(*) FROM {{name}}").fetchall() == [(rows,)]

@pytest.mark.parametrize("name", ["orders", "ledger"])
def test_the_lake_gives_the_same(name, bronze, request):
    frame = request.getfixturevalue(f"bronze_{{name}}")
    pd.testing.assert_frame_equal(frame, getattr(bronze, name))
"""

# Compares a frame with its file, read by pyarrow alone; types come from what the file declares.
EQUAL = f"""
import re

import pyarrow.parquet as pq
import pytest

PATHS = {FILES}

def pandas_type(kind, digits):
    import pandas as pd
    text = "str" if int(pd.__version__.partition(".")[0]) >= 3 else "string"
    return {{
        "VARCHAR": text, "INTEGER": "Int32", "BOOLEAN": "bool", "DATE": "date32[day][pyarrow]",
        "TIMESTAMP": "datetime64[us]", "DECIMAL": f"decimal128({{digits}})[pyarrow]",
    }}[kind]

def float_type(kind, digits):
    return "float64" if kind == "DECIMAL" else pandas_type(kind, digits)

def pyarrow_type(kind, digits):
    return {{
        "VARCHAR": "string", "INTEGER": "int32", "BOOLEAN": "bool", "DATE": "date32[day]",
        "TIMESTAMP": "timestamp[us]", "DECIMAL": f"decimal128({{digits}})",
    }}[kind]

def polars_type(kind, digits):
    return {{
        "VARCHAR": "String", "INTEGER": "Int32", "BOOLEAN": "Boolean", "DATE": "Date",
        "TIMESTAMP": "Datetime(time_unit='us', time_zone=None)",
        "DECIMAL": "Decimal(precision={{}}, scale={{}})".format(*digits.split(", ") * 2),
    }}[kind]

def pandas_cells(column):
    return column.astype(object).where(column.notna(), None).tolist()

KINDS = {{
    "pandas": ("pandas", pandas_type, lambda c: c.dtype, pandas_cells),
    "pandas-float": ("pandas", float_type, lambda c: c.dtype, pandas_cells),
    "pyarrow": ("pyarrow", pyarrow_type, lambda c: c.type, lambda c: c.to_pylist()),
    "polars": ("polars", polars_type, lambda c: c.dtype, lambda c: c.to_list()),
}}

@pytest.mark.parametrize("name", PATHS)
def test_frame(name, request, bronze_path, pytestconfig):
    frame = request.getfixturevalue(f"bronze_{{name}}")
    backend = pytestconfig.getoption("bronze_frame")
    library, expected_type, type_of, cells = KINDS[backend]
    assert type(frame).__module__.partition(".")[0] == library
    table = pq.read_table(bronze_path / PATHS[name])
    for field, column in zip(table.schema, table.columns, strict=True):
        declared = field.metadata[b"declared_type"].decode()
        kind, _, digits = declared.rstrip(")").partition("(")
        found = frame[field.name]
        assert str(type_of(found)) == expected_type(kind, digits.replace(",", ", "))
        values = column.to_pylist()
        if kind == "DECIMAL" and backend == "pandas-float":
            values = [None if value is None else float(value) for value in values]
        assert cells(found) == values
    columns = frame.column_names if library == "pyarrow" else list(frame.columns)
    assert columns == table.column_names
"""

FACTORY = """
import numpy as np
import pytest

import bronze_fixtures
from bronze_fixtures.errors import DefectError, ScaleError, SeedError

NULL = "orders.discount_amount.null"

def test_what_is_left_out_is_the_sessions(bronze, bronze_clean, bronze_factory):
    assert bronze_factory() is bronze
    assert bronze_factory(defects="none") is bronze_clean
    assert bronze_factory(scale="0.001").seed == bronze.seed == 7
    assert bronze_factory(seed=8).scale == bronze.scale == 0.01

def test_equal_lakes_are_one(bronze_factory):
    lake = bronze_factory(scale="0.001", seed=1, defects={NULL: 0.1})
    for scale, seed, defects in [
        (0.001, "1", f"{NULL}=0.1"),
        ("1e-3", np.int64(1), [{NULL: 0.1}]),
    ]:
        assert bronze_factory(scale=scale, seed=seed, defects=defects) is lake

def test_each_is_what_it_is_asked_to_be(bronze_factory, tmp_path):
    lake = bronze_factory(scale=0.002, seed=2**64 - 1, defects="none")
    assert isinstance(lake, bronze_fixtures.Lake)
    assert (lake.scale, lake.seed, lake.defects) == (0.002, 2**64 - 1, "none")
    assert len(lake.orders) == 198  # of 200, two would be copies
    rates = tmp_path / "rates.yaml"
    rates.write_text(f"profile: none\\nrates:\\n  {NULL}: 0.5\\n")
    lake = bronze_factory(scale=0.002, defects=rates)
    assert lake.orders["discount_amount"].isna().sum() == len(lake.ledger) == 99

@pytest.mark.parametrize("asked, error", [
    ({"scale": 0}, ScaleError),
    ({"scale": True}, ScaleError),
    ({"seed": -1}, SeedError),
    ({"seed": 1.0}, SeedError),
    ({"defects": "hrash"}, DefectError),
    ({"defects": {NULL: 2}}, DefectError),
    ({"defects": 5}, DefectError),
])
def test_what_is_wrong_is_an_error_in_the_test(asked, error, bronze_factory):
    with pytest.raises(error) as caught:
        bronze_factory(**asked)
    assert "\\n" not in str(caught.value)
"""


def test_each_gives_what_it_says(project: pytest.Pytester) -> None:
    project.makepyfile(EVERY)
    project.runpytest_subprocess().assert_outcomes(passed=7 + 5 + 2)


@pytest.mark.parametrize("backend", ["pandas", "pandas-float", "pyarrow", "polars"])
def test_frames_are_what_lies_in_the_files(backend: str, project: pytest.Pytester) -> None:
    project.makepyfile(EQUAL)
    result = project.runpytest_subprocess(f"--bronze-frame={backend}")
    result.assert_outcomes(passed=len(FILES))


def test_the_factory(project: pytest.Pytester) -> None:
    project.makepyfile(FACTORY)
    project.runpytest_subprocess("--bronze-seed=7").assert_outcomes(passed=3 + 7)


@pytest.mark.usefixtures("cold_cache")
def test_above_one_shard(project: pytest.Pytester) -> None:
    """The datasets are folders of part files then, and everything else is as it was."""
    project.makepyfile(
        """
        import pyarrow.parquet as pq

        def test_views(bronze, bronze_duckdb):
            names = [name for name, in bronze_duckdb.execute("SHOW TABLES").fetchall()]
            assert names == sorted(bronze)
            for name in names:
                assert len(bronze.files(name)) == 2
                count = bronze_duckdb.execute(f"SELECT count(*) FROM {name}").fetchall()
                assert count == [(bronze.rows[name],)]
            kinds = bronze_duckdb.execute("DESCRIBE orders").fetchall()
            assert [kind for _, kind, *_ in kinds][:7] == [
                *["VARCHAR"] * 3, "TIMESTAMP", "INTEGER", "DECIMAL(10,2)", "DECIMAL(12,2)"
            ]

        def test_frames(bronze_orders, bronze_ledger, bronze_path):
            table = pq.read_table(bronze_path / "orders" / "orders.parquet", columns=["order_id"])
            assert bronze_orders["order_id"].tolist() == table["order_id"].to_pylist()
            assert len(bronze_orders) == 100_200
            assert set(bronze_ledger["shard"]) == {0, 1}
        """
    )
    project.runpytest_subprocess("--bronze-scale=1.002").assert_outcomes(passed=2)


def test_another_lake_for_all_of_them(project: pytest.Pytester) -> None:
    """A project overrides `bronze`, and every other fixture follows it."""
    project.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def bronze(bronze_factory):
            return bronze_factory(scale="0.002", seed=7)
        """
    )
    project.makepyfile(
        """
        def test_frames(bronze, bronze_orders, bronze_ledger):
            assert (bronze.scale, bronze.seed) == (0.002, 7)
            assert len(bronze_orders) == 200
            assert len(bronze_ledger) == len(bronze.ledger_table())

        def test_others(bronze, bronze_path, bronze_clean, bronze_duckdb):
            assert bronze_path == bronze.path()
            assert (bronze_clean.scale, bronze_clean.seed) == (0.002, 7)
            assert bronze_clean.rows == bronze.clean_rows
            assert bronze_duckdb.execute("SELECT count(*) FROM orders").fetchall() == [(200,)]
        """
    )
    result = project.runpytest_subprocess("-q")
    result.assert_outcomes(passed=2)
    scales = [line.split(",")[0] for line in ours(result)]
    assert scales == ["bronze: scale 0.002"] * 2  # with the clean twin, and nothing else was built


@pytest.mark.parametrize("library", ["duckdb", "polars"])
def test_a_missing_library_is_told_in_one_line(library: str, project: pytest.Pytester) -> None:
    project.makeconftest(f"import sys; sys.modules[{library!r}] = None")
    project.makepyfile(
        "def test_view(bronze_duckdb): pass", test_other="def test_other(bronze): pass"
    )
    install = f'is not installed. Run: pip install "bronze-fixtures[{library}]"'
    if library == "duckdb":
        # Without pytest's own summary, which repeats the line where there is room for it.
        result = project.runpytest_subprocess("-rN")
        result.assert_outcomes(errors=1, passed=1)
        (line,) = [line for line in result.outlines if install in line]
        assert line.startswith("duckdb: DuckDB")
        assert "plugin.py" not in result.stdout.str()
    else:
        result = project.runpytest_subprocess("--bronze-frame=polars")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        (line,) = [line for line in result.errlines if line]
        assert line == f"ERROR: --bronze-frame: frame: Polars {install}"
