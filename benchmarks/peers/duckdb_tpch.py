"""DuckDB: TPC-H's `dbgen` in SQL, then each table to Parquet, with one thread.

The extension comes as a Python package, since DuckDB would download it from a host of its own.
"""

from __future__ import annotations

from importlib.resources import files

import duckdb

from benchmarks.peers.script import asked, report
from benchmarks.process_tree import cpu_so_far

_ROWS_PER_SCALE = 8_661_245  # of the eight tables


def main() -> None:
    """Make the eight tables in memory and write them."""
    what = asked()
    connection = duckdb.connect(config={"threads": 1})
    folder = files("duckdb_extension_tpch").joinpath("extensions", f"v{duckdb.__version__}")
    connection.load_extension(str(folder.joinpath("tpch.duckdb_extension")))
    started = cpu_so_far()
    connection.execute(f"CALL dbgen(sf={what.rows / _ROWS_PER_SCALE:.2g})")
    for (name,) in connection.execute("SHOW TABLES").fetchall():
        connection.execute(f"COPY {name} TO '{what.folder / name}.parquet' (FORMAT parquet)")
    report(started)


if __name__ == "__main__":
    main()
