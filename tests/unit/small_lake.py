"""Small lakes with a manifest written by hand, for the tests of what reads lakes."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ORDER_SCHEMA = pa.schema(
    [
        pa.field("order_id", pa.string(), False, {"declared_type": "VARCHAR(50)"}),
        pa.field("quantity", pa.int32(), True, {"declared_type": "INTEGER"}),
        pa.field("total", pa.decimal128(10, 2), True, {"declared_type": "DECIMAL(10,2)"}),
        pa.field("day", pa.date32(), True, {"declared_type": "DATE"}),
        pa.field("at", pa.timestamp("us"), False, {"declared_type": "TIMESTAMP"}),
        pa.field("gift", pa.bool_(), False, {"declared_type": "BOOLEAN"}),
    ],
    {"dataset": "bronze.orders"},
)
ORDERS = pa.Table.from_pylist(
    [
        {
            "order_id": f"ORD-{number:08d}",
            "quantity": None if number == 2 else number,
            "total": None if number == 3 else Decimal(number) / 100 - 2,
            "day": None if number == 4 else dt.date(2024, 2, 28) + dt.timedelta(number),
            "at": dt.datetime(2024, 2, 28, 23, 59, 58) + dt.timedelta(seconds=number),
            "gift": number % 3 == 0,
        }
        for number in range(6)
    ],
    ORDER_SCHEMA,
)
LEDGER = pa.table(
    {
        "dataset": pa.array(["orders"]),
        "shard": pa.array([0], pa.int32()),
        "row": pa.array([2], pa.int64()),
        "key": pa.array(["ORD-00000002"]),
        "column": pa.array(["quantity"]),
        "defect": pa.array(["orders.quantity.null"]),
        "kind": pa.array(["null"]),
        "clean": pa.array(["2"]),
        "delivered": pa.array([None], pa.string()),
        "source_row": pa.array([None], pa.int64()),
    }
)
PATHS = {"orders": "orders/orders.parquet", "marketing_events": "marketing_events/events.parquet"}


def write_small_lake(
    folder: Path, tables: Mapping[str, Sequence[pa.Table]] | None = None, **options: Any
) -> Path:
    """Write a lake; a dataset of several tables gets a part file for each.

    Args:
        folder: The lake's folder, made here.
        tables: The tables by dataset; None for the orders above.
        options: What `pyarrow.parquet.write_table` takes.

    Returns:
        The folder.
    """
    tables = {"orders": [ORDERS]} if tables is None else tables
    options = {"write_page_checksum": True, **options}
    for name, parts in tables.items():
        path = folder / PATHS[name]
        path.parent.mkdir(parents=True)
        path.with_name(f"{path.stem}_metadata.json").write_text("{}\n")
        if len(parts) > 1:
            path.mkdir()
        for number, part in enumerate(parts):
            place = path / f"part-{number:05d}.parquet" if len(parts) > 1 else path
            pq.write_table(part, place, **options)
    pq.write_table(LEDGER, folder / "_ledger.parquet", write_page_checksum=True)
    shards = max(map(len, tables.values()), default=1)
    manifest = {
        "format": 1,
        "package_version": "0.1.0",
        "data_version": 1,
        "seed": 7,
        "scale": shards - 0.75,  # the last shard is a quarter
        "names": "snapshot",
        "defects": {"profile": "custom", "rates": {"orders.quantity.null": 0.125}},
        "shards": shards,
        "datasets": {
            name: {
                "path": PATHS[name],
                "rows": sum(part.num_rows for part in parts),
                "clean_rows": sum(part.num_rows for part in parts) - 1,
            }
            for name, parts in tables.items()
        },
        "files": [],
    }
    (folder / "_manifest.json").write_text(json.dumps(manifest))
    seal(folder)
    return folder


def seal(folder: Path) -> None:
    """Write the sizes and checksums of the files as they are into the manifest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    entries = [
        {
            "path": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files
        if path.name != "_manifest.json"
    ]
    change_manifest(folder, files=entries)


def change_manifest(folder: Path, **changes: Any) -> None:
    """Write other values for some of the manifest's keys."""
    path = folder / "_manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def flip_last_byte(path: Path, column: str) -> None:
    """Change the last byte of a column's last page in the first row group."""
    group = pq.ParquetFile(path).metadata.row_group(0)
    chunks = [group.column(place) for place in range(group.num_columns)]
    (chunk,) = [chunk for chunk in chunks if chunk.path_in_schema == column]
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    content = bytearray(path.read_bytes())
    content[start + chunk.total_compressed_size - 1] ^= 1
    path.write_bytes(content)
