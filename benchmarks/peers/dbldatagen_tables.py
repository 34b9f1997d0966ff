"""dbldatagen on Spark with two local cores: the seven tables, keys by number, shares by weight."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

import dbldatagen as dg
from pyspark import SparkContext
from pyspark.sql import DataFrame, SparkSession

from benchmarks.peers.script import asked, listed, report, shrunk
from benchmarks.process_tree import cpu_so_far

# Or columns of one type would hold the same draws.
_SEED = {"randomSeed": 42, "randomSeedMethod": "hash_fieldname"}
_TEMPLATES = {
    "name": r"\w \w",
    "owner": r"\w \w",
    "email": r"\w.\w@\w.com",
    "phone": r"ddd-555-01dd",
}


def main() -> None:
    """Make the seven tables and write them."""
    what = asked()
    os.environ["PYSPARK_PYTHON"] = sys.executable  # or Spark's workers are the system's Python
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(what.folder / "_warehouse"))
        .getOrCreate()
    )
    _warm_up(session)
    started = cpu_so_far()
    rows = shrunk(what.tables, what.rows)
    for name, table in what.tables.items():
        frame = _table(session, name, table, rows)
        frame.write.parquet(str(what.folder / f"{name}.parquet"))
    gateway = SparkContext._gateway
    session.stop()
    report(started)
    if gateway is not None:  # so that the JVM's CPU time is there to be counted
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()


def _warm_up(session: SparkSession) -> None:
    """Run a job with a Python function: what Spark and its two workers load first is start-up too.

    The workers stay: the texts that dbldatagen makes by templates come from such functions.
    """
    session.range(2, numPartitions=2).mapInPandas(_same, "id long").collect()


def _same(frames: Iterable[Any]) -> Iterable[Any]:
    yield from frames


def _table(session: SparkSession, name: str, table: dict[str, Any], rows: dict[str, int]) -> Any:
    """Say a table in dbldatagen's words."""
    maker = dg.DataGenerator(session, name=name, rows=rows[name], partitions=2, **_SEED)
    for column in table["columns"]:
        maker = _add(maker, column, table["key"], rows)
    frame: DataFrame = maker.build()
    return frame


def _add(maker: Any, column: dict[str, Any], key: str, rows: dict[str, int]) -> Any:
    """Add one column."""
    name, kind = column["name"], column["type"]
    nulls = {"percentNulls": column["nulls"]} if "nulls" in column else {}
    if name == key or "prefix" in column:
        text = f"concat('{column['prefix']}-', lpad(cast({{}} as string), 8, '0'))"
        if name == key:
            return maker.withColumn(name, "string", expr=text.format("id"), baseColumn="id")
        last = rows[column["references"][0]] if "references" in column else 10_000
        number = f"_{name}"
        maker = maker.withColumn(
            number, "long", minValue=0, maxValue=last - 1, random=True, omit=True
        )
        expression = text.format(number)
        return maker.withColumn(name, "string", expr=expression, baseColumn=number, **nulls)
    if column.get("values"):
        weights = [round(share * 1000) for share in column.get("shares", [])]
        chosen = {"values": listed(column), **({"weights": weights} if weights else {})}
        sort = {"integer": "int", "boolean": "boolean"}.get(kind, "string")
        return maker.withColumn(name, sort, random=True, **chosen, **nulls)
    if kind in ("integer", "decimal"):
        sort = f"decimal({column['precision']},{column['scale']})" if kind == "decimal" else "int"
        low, high = float(column.get("low", 0)), float(column.get("high", 20_000))
        step = 10.0 ** -column["scale"] if kind == "decimal" else 1
        if kind == "integer":
            low, high = int(low), int(high)
        return maker.withColumn(
            name, sort, minValue=low, maxValue=high, step=step, random=True, **nulls
        )
    if kind == "date":
        span = {"begin": column["low"], "end": column["high"], "interval": "1 day"}
        return maker.withColumn(name, "date", **span, random=True, **nulls)
    if kind == "timestamp":
        span = {"begin": column["low"], "end": column["high"], "interval": "1 second"}
        return maker.withColumn(name, "timestamp", **span, random=True, **nulls)
    template = _TEMPLATES.get(name, r"\w")
    return maker.withColumn(name, "string", template=template, random=True, **nulls)


if __name__ == "__main__":
    main()
