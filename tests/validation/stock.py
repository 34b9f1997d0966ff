"""A user of Great Expectations and DuckDB who has the suites' files and nothing else of ours.

Takes a JSON file: the folder of the expectations, the suites, the Parquet files of each table, and
the values of parameters by level. Prints for each suite how many expectations were kept, and the
verdict of each by its id.
"""

import json
import sys
from pathlib import Path

import duckdb
import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

task = json.loads(Path(sys.argv[1]).read_text())
connection = duckdb.connect()
for name, files in task["tables"].items():
    connection.read_parquet(files).create_view(name)
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
asset = context.data_sources.add_pandas("lake").add_dataframe_asset("view")
batches = asset.add_batch_definition_whole_dataframe("whole")
found = {}
for name in task["suites"]:
    level = name.split("/")[0]
    folder = Path(task["expectations"])
    suite = gx.ExpectationSuite(**json.loads((folder / f"{name}.json").read_text()))
    frame = connection.sql((folder / suite.meta["view"]).read_text()).df()
    outcome = batches.get_batch({"dataframe": frame}).validate(
        suite, result_format="BASIC", expectation_parameters=task["parameters"][level]
    )
    raised = []
    for each in outcome.results:
        told = each.exception_info or {}
        entries = [told] if "raised_exception" in told else told.values()
        if each.expectation_config and any(entry["raised_exception"] for entry in entries):
            raised.append(each.expectation_config.meta["id"])
    found[name] = {
        "raised": raised,
        "kept": len(suite.expectations),
        "verdicts": {
            each.expectation_config.meta["id"]: bool(each.success)
            for each in outcome.results
            if each.expectation_config
        },
    }
sys.stdout.write(json.dumps(found))
