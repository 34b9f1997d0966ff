"""A new dataset is two new files: a contract and a generator."""

import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

import bronze_fixtures

CONTRACT = """
apiVersion: v3.2.0
kind: DataContract
id: bronze.stores
name: stores
version: 1.0.0
status: active
description: {purpose: Where customers can go.}
schema:
  - name: stores
    physicalName: stores.parquet
    physicalType: file
    quality:
      - {metric: rowCount, mustBeGreaterOrEqualTo: 4}
    customProperties:
      - {property: fullScaleRows, value: 300}
      - {property: asOf, value: "2025-11-15 23:59:59"}
      - property: defects
        value:
          - id: stores.manager_id.null
            column: manager_id
            kind: "null"
            rate: 0.10
            description: Nobody knows.
    properties:
      - name: store_id
        description: Unique identifier.
        physicalType: VARCHAR(50)
        logicalType: string
        logicalTypeOptions: {pattern: "^STORE-[0-9]{8,}$"}
        primaryKey: true
        primaryKeyPosition: 1
        required: true
        unique: true
        customProperties:
          - {property: idPrefixes, value: {STORE: 1}}
      - name: manager_id
        description: A customer who runs the store.
        physicalType: VARCHAR(50)
        logicalType: string
        logicalTypeOptions: {pattern: "^CUST-[0-9]{8,}$"}
        required: false
        relationships:
          - {type: foreignKey, to: customers.customer_id}
        customProperties:
          - {property: idPrefixes, value: {CUST: 1}}
      - name: size
        description: Size class.
        physicalType: VARCHAR(10)
        logicalType: string
        required: true
        enum:
          - {value: small, customProperties: [{property: share, value: 0.75}]}
          - {value: large, customProperties: [{property: share, value: 0.25}]}
"""

GENERATOR = '''
"""Stores: which customer runs each."""

import numpy as np
import pyarrow as pa

from bronze_fixtures.arrow.arrays import coded
from bronze_fixtures.webshop.parents import Parents
from bronze_fixtures.arrow.schema import make_table
from bronze_fixtures.generation.shard import Shard


def generate(shard: Shard, parents: Parents) -> pa.Table:
    """Return the clean table."""
    count = shard.rows("stores")
    keys = parents.customers.keys
    managers = shard.stream("stores.manager_id").below(len(keys), count)
    columns = {
        "store_id": shard.keys("stores"),
        "manager_id": coded(managers.astype(np.int32), keys),
        "size": shard.dealt("stores.size", count),
    }
    return make_table(shard.contracts["stores"], columns)
'''


def test_a_contract_and_a_generator_make_a_dataset(tmp_path: Path) -> None:
    package = tmp_path / "bronze_fixtures"
    shutil.copytree(
        Path(bronze_fixtures.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
    )
    package.joinpath("webshop", "contracts", "stores.odcs.yaml").write_text(CONTRACT, "utf-8")
    package.joinpath("webshop", "generators", "stores.py").write_text(GENERATOR, "utf-8")
    command = [sys.executable, "-m", "bronze_fixtures", "generate", "--scale=small", "--seed=42"]
    done = subprocess.run(
        [*command, "--output-dir=lake"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

    stores = pq.read_table(tmp_path / "lake/stores/stores.parquet")
    customers = pq.read_table(tmp_path / "lake/customers/customers.parquet")
    ledger = pq.read_table(tmp_path / "lake/_ledger.parquet").to_pylist()
    sizes = stores["size"].to_pylist()
    assert stores.schema.names == ["store_id", "manager_id", "size"]
    assert stores["store_id"].to_pylist() == [f"STORE-{i:08d}" for i in range(30)]
    small, large = sizes.count("small"), sizes.count("large")
    assert small in {22, 23}  # three quarters of 30
    assert large == 30 - small
    assert stores["manager_id"].null_count == 3
    assert {*stores["manager_id"].to_pylist()} <= {None, *customers["customer_id"].to_pylist()}
    assert sum(entry["defect"] == "stores.manager_id.null" for entry in ledger) == 3
    # Nothing else moved.
    plain = bronze_fixtures.generate(tmp_path / "plain", scale="small", seed=42)
    with_stores = pq.read_table(tmp_path / "lake/orders/orders.parquet")
    assert with_stores.num_rows == 10_000
    assert with_stores.equals(plain.table("orders"))
