"""A child process: are some shards of a lake what they are when each is made alone?

`python -m benchmarks.shard_digests LAKE SCALE SHARD...` reads the part files of each shard, makes
the shard in memory without its neighbours, and compares content digests, the ledger's too. It
prints a JSON object: `tables` compared, and the `different` ones as `shard/table`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from bronze_fixtures.arrow.parquet_reader import read_batches, read_schema
from bronze_fixtures.arrow.table_digest import table_digest
from bronze_fixtures.defects.ledger import ledger_table
from bronze_fixtures.lake.layout import LEDGER, data_path
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.world.request import make_request
from bronze_fixtures.world.row_counts import census
from bronze_fixtures.world.world import delivered_tables, shards_of


def main(lake: str, scale: str, *shards: str) -> None:
    """Compare the shards and print what was found."""
    compared, different = 0, []
    for number in map(int, shards):
        for path, table in alone(scale, number):
            part = Path(lake, path, f"part-{number:05d}.parquet")
            schema = read_schema(part)
            compared += 1
            if table_digest(read_batches([part]), schema) != table_digest([table], schema):
                different.append(f"{number}/{path}")
    print(json.dumps({"tables": compared, "different": different}))


def alone(scale: str, number: int) -> Iterator[tuple[str, pa.Table]]:
    """Yield the path and the table of each dataset of one shard, the ledger last."""
    contracts = load_contracts()
    request = make_request(scale)
    shard = next(islice(shards_of(request, contracts), number, None))
    entries = {}
    for name, delivered in delivered_tables(shard, request.rates, list(contracts)):
        if delivered.entries is not None:
            entries[name] = delivered.entries
        yield data_path(contracts[name]), delivered.table
    whole = census(make_request("full"), contracts).rows  # of each shard before this one
    first_rows = {name: number * rows for name, rows in whole.items()}
    yield LEDGER, ledger_table(number, entries, contracts, first_rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
