"""The rows of a lake as lazy Spark frames: one partition per shard, made where Spark runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bronze_fixtures.arrow.schema import arrow_schema
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.defects.ledger import LEDGER_SCHEMA
from bronze_fixtures.engines.spark.worker import DatasetRows, LedgerRows
from bronze_fixtures.world.request import Request
from bronze_fixtures.world.row_counts import census, rows_per_shard
from bronze_fixtures.world.world import World, world_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

Maker = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def dataset_frame(
    spark: SparkSession,
    world: World,
    rates: Mapping[str, Fraction],
    contract: Contract,
    *,
    utc: bool,
) -> DataFrame:
    """Return the delivered rows of one dataset.

    Args:
        spark: The session.
        world: What makes the shards.
        rates: The rate of each defect by id.
        contract: The dataset.
        utc: Whether timestamps are instants of UTC and not local times without a zone.
    """
    schema = arrow_schema(contract)
    if utc:
        schema = pa.schema([_in_utc(field) for field in schema])
    rows = DatasetRows(world, rates, contract.name, schema)
    comments = {column.name: column.description for column in contract.columns}
    return on_partitions(spark, world.shards, rows, spark_schema(schema, comments))


def ledger_frame(
    spark: SparkSession, request: Request, contracts: Mapping[str, Contract]
) -> DataFrame:
    """Return the ledger of a lake.

    Args:
        spark: The session.
        request: What the lake is made of.
        contracts: The contracts by dataset.

    Raises:
        DefectError: The defects ask for more rows than there are.
    """
    world = world_of(request, contracts)
    whole = rows_per_shard(request, contracts, census(request, contracts))
    rows = LedgerRows(world, request.rates, whole)
    return on_partitions(spark, world.shards, rows, spark_schema(LEDGER_SCHEMA, {}))


def spark_schema(schema: pa.Schema, comments: Mapping[str, str]) -> StructType:
    """Return the Spark types of an Arrow schema; times without a zone are `timestamp_ntz`.

    Args:
        schema: The columns.
        comments: What each column holds, which tables made from the frame show.
    """
    from pyspark.sql.pandas.types import from_arrow_type
    from pyspark.sql.types import StructField, StructType

    return StructType(
        [
            StructField(
                field.name,
                from_arrow_type(field.type, prefer_timestamp_ntz=True),
                field.nullable,
                {"comment": comments[field.name]} if field.name in comments else None,
            )
            for field in schema
        ]
    )


def on_partitions(
    spark: SparkSession, count: int, rows: Maker, schema: StructType | str
) -> DataFrame:
    """Return the rows that are made of the numbers from 0 on, each in a partition of its own.

    Args:
        spark: The session.
        count: How many numbers there are.
        rows: Makes the rows, from batches of one column of numbers; it can be pickled.
        schema: The columns that come out.
    """

    # Spark asks for a plain function.
    def make(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield from rows(batches)

    call: Any = make
    return spark.range(0, count, 1, numPartitions=count).mapInArrow(call, schema)


def _in_utc(field: pa.Field) -> pa.Field:
    if not pa.types.is_timestamp(field.type):
        return field
    return field.with_type(pa.timestamp(field.type.unit, tz="UTC"))
