"""What one test does to its frame no other test sees, whatever it does and whatever the frame.

Each downstream test compares its frame with the Parquet file, read without our code, and then
changes it in one way: so each finds what the one before it left behind. The last looks once more.
"""

from __future__ import annotations

import pytest

FILES = {
    "orders": "orders/orders.parquet",
    "support_tickets": "support_tickets/tickets.parquet",
    "products": "products/products.parquet",
    "ledger": "_ledger.parquet",
}
# Columns of every type, each with a value that few of its cells have.
TEXT, NUMBER, MOMENT = "'changed'", "-77", "datetime(2001, 2, 3)"
DAY, DECIMAL, FLAG = "date(2001, 2, 3)", "Decimal('7.25')", "False"
COLUMNS = {
    "orders": {"order_id": TEXT, "quantity": NUMBER, "order_date": MOMENT},
    "support_tickets": {"ticket_id": TEXT, "satisfaction_score": NUMBER, "resolved_at": MOMENT},
    "products": {"product_id": TEXT, "is_active": FLAG, "created_at": DAY},
    "ledger": {"dataset": TEXT, "row": NUMBER, "source_row": NUMBER},
}
DECIMALS = {
    "orders": {"discount_amount": DECIMAL},
    "support_tickets": {"resolution_time_hours": DECIMAL},
    "products": {"rating_avg": DECIMAL},
}
WITH_NULLS = {"satisfaction_score", "resolved_at", "source_row"}.union(*DECIMALS.values())

# One way per line: `c` is a column, `v` a value for it, and row `r` has another in that column.
SHAPES = """
frame["new"] = 1
frame.insert(0, "new", range(len(frame)))
frame.drop(columns=c, inplace=True)
frame.pop(c)
del frame[c]
frame.columns = [name.upper() for name in frame.columns]
frame.columns.name = "new"
frame.rename(columns={c: "new"}, inplace=True)
frame.index = frame.index + 1
frame.index.name = "new"
frame.set_index(c, inplace=True)
frame.reset_index(inplace=True)
frame.sort_values(c, ascending=False, inplace=True)
frame.drop(index=[0, 3], inplace=True)
frame.loc[len(frame)] = frame.loc[r]
frame.update(pd.DataFrame({c: [v] * len(frame)}))
frame.replace({c: {frame.at[r, c]: v}}, inplace=True)
frame.eval(f"new = {c}", inplace=True)
frame.attrs["note"] = "new"
frame.flags.allows_duplicate_labels = False
"""
CELLS = """
frame[c] = v
frame.loc[r, c] = v
frame.iloc[r, frame.columns.get_loc(c)] = v
frame.at[r, c] = v
frame.iat[r, frame.columns.get_loc(c)] = v
frame.loc[frame.index >= r, c] = v
frame.loc[:, c] = v
frame[c] = frame[c].shift()
"""
NULLS = """
frame.loc[r, c] = None
frame.fillna({c: v}, inplace=True)
frame.dropna(subset=[c], inplace=True)
"""
# Behind the frame's back: what is written to here may be a copy, or refuse.
LABELS = """
frame.columns.values[0] = "new"
frame.columns.array[0] = "new"
np.asarray(frame.columns)[0] = "new"
frame.index.values[0] = 77
frame.index.array[0] = 77
frame.values[r] = v
"""
ARRAYS = """
frame[c].array[r] = v
frame[c].values[r] = v
frame[c].to_numpy()[r] = v
frame[[c]].to_numpy()[r] = v
np.asarray(frame[c])[r] = v
array = frame[c].to_numpy(); array.flags.writeable = True; array[r] = v
inner(frame[c].array)[0][:] = inner(frame[c].array)[0][::-1].copy()
inner(frame[c].array)[-1][:] = inner(frame[c].array)[-1][::-1].copy()
"""
POLARS = """
frame[r, c] = v
frame[[r], c] = v
frame.insert_column(0, pl.Series("new", range(len(frame))))
frame.replace_column(0, pl.Series("new", range(len(frame))))
frame.drop_in_place(c)
frame.columns = [name.upper() for name in frame.columns]
frame.extend(frame.head(2))
frame.vstack(frame.head(2), in_place=True)
"""
POLARS_ARRAYS = """
frame[c][r] = v
frame[c].scatter(r, v)
frame[c].append(frame[c])
frame[c].sort(descending=True, in_place=True)
frame[c].to_numpy()[r] = v
frame.get_columns().pop()
frame.schema.pop(c)
frame.to_arrow()[c].chunk(0).to_numpy(zero_copy_only=False)[r] = v
"""
PYARROW_ARRAYS = """
frame[c] = v
frame.columns.pop()
(frame.schema.metadata or {}).clear()
frame[c].to_numpy()[r] = v
frame[c].chunk(0).to_numpy(zero_copy_only=False)[r] = v
np.asarray(frame[c])[r] = v
np.frombuffer(frame[c].chunk(0).buffers()[-1], np.uint8)[:1] = 7
memoryview(frame[c].chunk(0).buffers()[-1])[0:1] = b"x"
frame.to_pandas(split_blocks=True)[c].values[r] = v
"""

TRUTH = '''
import functools
from decimal import Decimal

import pandas as pd
import pyarrow.parquet as pq

TYPES = {
    "string": "str" if int(pd.__version__.partition(".")[0]) >= 3 else "string",
    "int32": "Int32",
    "int64": "Int64",
    "bool": "bool",
    "timestamp[us]": "datetime64[us]",
}


def parts(frame):
    """Return all there is to a frame, by name and in plain Python."""
    if hasattr(frame, "to_pydict"):
        cells, types, rest = frame.to_pydict(), frame.schema.types, {}
    elif hasattr(frame, "to_dicts"):
        cells, types, rest = frame.to_dict(as_series=False), frame.dtypes, {}
    else:
        objects = frame.astype(object).to_numpy()
        objects[frame.isna().to_numpy()] = None
        cells, types = dict(zip(frame.columns, objects.T.tolist())), frame.dtypes
        rest = {
            "labels": frame.columns.values.tolist(),
            "index": [*frame.index] if isinstance(frame.index, pd.RangeIndex) else None,
            "places": frame.index.values.tolist(),
            "names": [frame.columns.name, frame.index.name],
            "notes": [frame.attrs, frame.flags.allows_duplicate_labels],
        }
    return {"columns": [*cells], "types": [*map(str, types)], **rest, **cells}


@functools.cache
def expected(path, backend):
    """Return the same of the frame that a file has to give."""
    if backend == "polars":
        return parts(__import__("polars").read_parquet(path))
    there = parts(pq.read_table(path))
    if backend.startswith("pandas"):
        there["types"] = [TYPES.get(kind, f"{kind}[pyarrow]") for kind in there["types"]]
        there["labels"] = there["columns"]
        there["index"] = there["places"] = [*range(pq.read_metadata(path).num_rows)]
        there["names"] = [None, None]
        there["notes"] = [{}, True]
    if backend == "pandas-float":
        there["types"] = ["float64" if "decimal" in kind else kind for kind in there["types"]]
        for name in there["columns"]:
            there[name] = [float(x) if isinstance(x, Decimal) else x for x in there[name]]
    return there


def differing(frame, path, backend):
    """Return the names of the parts that are not as in the file."""
    there, wanted = parts(frame), expected(path, backend)
    return [name for name in {**wanted, **there} if there.get(name) != wanted.get(name)]
'''

CHANGES = '''
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from truth import differing, expected


def inner(array):
    """Return the arrays of NumPy's that an array of pandas consists of."""
    inside = [getattr(array, name, None) for name in ("_ndarray", "_data", "_mask")]
    return [each for each in inside if isinstance(each, np.ndarray)] or [np.zeros(1)]


@pytest.mark.parametrize(("change", "must", "column", "value"), CASES)
def test_change(pytestconfig, bronze_DATASET, bronze_path, change, must, column, value):
    backend = pytestconfig.getoption("bronze_frame")
    file = bronze_path / "FILE", backend
    assert differing(bronze_DATASET, *file) == []
    value = eval(value)
    if backend == "pandas-float" and isinstance(value, Decimal):
        value = float(value)
    row = next(n for n, x in enumerate(expected(*file)[column]) if x not in (None, value))
    known = {"np": np, "pd": pd, "pl": backend == "polars" and __import__("polars"), "inner": inner}
    try:
        exec(change, {**known, "frame": bronze_DATASET, "c": column, "v": value, "r": row})
    except (TypeError, ValueError):
        if must:
            raise
    assert not must or differing(bronze_DATASET, *file)


def test_last(pytestconfig, bronze_DATASET, bronze_path):
    backend = pytestconfig.getoption("bronze_frame")
    assert differing(bronze_DATASET, bronze_path / "FILE", backend) == []
'''

DUCKDB = """
import pyarrow.parquet as pq
import pytest


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE mine AS FROM orders",
        "CREATE OR REPLACE VIEW orders AS SELECT 1 AS order_id",
        "DROP VIEW orders",
        "CREATE SCHEMA other; SET schema = 'other'",
        "ATTACH ':memory:' AS other",
        "CREATE MACRO twice(x) AS 2 * x",
        "BEGIN TRANSACTION",
        "close",
        "SELECT 'the last test looks once more'",
    ],
)
def test_change(bronze_duckdb, bronze_path, change):
    def ask(question):
        return bronze_duckdb.execute(question).fetchall()

    table = pq.read_table(bronze_path / "orders/orders.parquet")
    assert ask("FROM orders") == [tuple(row.values()) for row in table.to_pylist()]
    assert len(ask("SHOW TABLES")) == 7
    assert [row[1] for row in ask("PRAGMA database_list")] == ["memory"]
    assert ask("SELECT count(*) FROM duckdb_functions() WHERE function_name = 'twice'") == [(0,)]
    bronze_duckdb.begin().commit()
    if change == "close":
        bronze_duckdb.close()
    else:
        bronze_duckdb.execute(change)
"""

Case = tuple[str, bool, str, str]


def _cases(columns: dict[str, str], must: str, may: str) -> list[Case]:
    """Every line for every column, and whether it must change the frame or only may."""
    sure = dict.fromkeys(must.split("\n"), True) | dict.fromkeys(may.split("\n"), False)
    return [(line, sure[line], *column) for column in columns.items() for line in sure if line]


def _pandas_cases(columns: dict[str, str]) -> list[Case]:
    first = dict([*columns.items()][:1])
    nullable = {name: value for name, value in columns.items() if name in WITH_NULLS}
    return [
        *_cases(first, SHAPES, LABELS),
        *_cases(columns, CELLS, ARRAYS),
        *_cases(nullable, NULLS, ""),
    ]


def _run(project: pytest.Pytester, backend: str, cases: dict[str, list[Case]]) -> None:
    """Run a downstream file for each dataset: every case passes, and the last look."""
    project.makepyfile(truth=TRUTH)
    for name, its_cases in cases.items():
        source = CHANGES.replace("CASES", repr(its_cases)).replace("FILE", FILES[name])
        project.makepyfile(**{f"test_{name}": source.replace("DATASET", name)})
    result = project.runpytest_subprocess("-qx", f"--bronze-frame={backend}")
    result.assert_outcomes(passed=sum(len(each) + 1 for each in cases.values()))


def test_pandas(project: pytest.Pytester) -> None:
    every = {name: columns | DECIMALS.get(name, {}) for name, columns in COLUMNS.items()}
    _run(project, "pandas", {name: _pandas_cases(columns) for name, columns in every.items()})


def test_pandas_float(project: pytest.Pytester) -> None:
    cases = {name: _pandas_cases(columns) for name, columns in DECIMALS.items()}
    _run(project, "pandas-float", cases)


def test_polars(project: pytest.Pytester) -> None:
    # No decimals: they cannot be set in every Polars that we support.
    cases = {name: _cases(columns, POLARS, POLARS_ARRAYS) for name, columns in COLUMNS.items()}
    _run(project, "polars", cases)


def test_pyarrow(project: pytest.Pytester) -> None:
    every = {name: columns | DECIMALS.get(name, {}) for name, columns in COLUMNS.items()}
    cases = {name: _cases(columns, "", PYARROW_ARRAYS) for name, columns in every.items()}
    _run(project, "pyarrow", cases)


def test_duckdb(project: pytest.Pytester) -> None:
    project.makepyfile(DUCKDB)
    project.runpytest_subprocess("-q").assert_outcomes(passed=9)
