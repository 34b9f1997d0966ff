"""What belongs to the user's process is after each call as it was before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.lakes import Shelf
from tests.integration.guest import CALLS

# A project of Great Expectations that the user has on disk, whose objects are made before a call
# and saved after it.
USER = """
import sys
import great_expectations as gx
import pandas as pd
from bronze_fixtures.validation.runs.checker import Checker

context = gx.get_context(mode="file", project_root_dir=sys.argv[1])
asset = context.data_sources.add_pandas("mine").add_dataframe_asset("mine")
batches = asset.add_batch_definition_whole_dataframe("mine")

Checker()(sys.argv[2], "cross_spend_budget")

suite = context.suites.add(gx.ExpectationSuite(name="mine"))
suite.add_expectation(gx.expectations.ExpectColumnToExist(column="a"))
suite.save()
definition = gx.ValidationDefinition(name="mine", data=batches, suite=suite)
definition = context.validation_definitions.add(definition)
checkpoint = gx.Checkpoint(name="mine", validation_definitions=[definition])
checkpoint = context.checkpoints.add(checkpoint)
checkpoint.save()
found = checkpoint.run(batch_parameters={"dataframe": pd.DataFrame({"a": [1]})})
assert found.success
assert gx.data_context.project_manager.get_current_project() is context
"""

# Nobody's project is there before, and none of ours afterwards.
NOBODY = """
import sys
from bronze_fixtures.validation import validate

validate(sys.argv[2], "cross_spend_budget")
from great_expectations.data_context import project_manager
from great_expectations.exceptions.exceptions import DataContextRequiredError
try:
    project_manager.get_current_project()
except DataContextRequiredError:
    sys.exit(0)
sys.exit("a context of ours is the current one")
"""


@pytest.fixture(scope="module")
def lake(shelf: Shelf) -> Path:
    return shelf.lake("tiny", 42, "standard")


def python(*arguments: object) -> str:
    ended = subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("call", CALLS)
def test_a_call_leaves_the_process_as_it_was(call: str, lake: Path, tmp_path: Path) -> None:
    changed = python("-m", "tests.integration.guest", call, lake, tmp_path)
    assert json.loads(changed) == {}


def test_a_project_of_great_expectations_can_be_saved_after_a_check(
    lake: Path, tmp_path: Path
) -> None:
    python("-c", USER, tmp_path, lake)
    saved = {path.parent.name for path in (tmp_path / "gx").rglob("mine*") if path.is_file()}
    assert saved >= {"expectations", "checkpoints", "validation_definitions"}
    suite = json.loads((tmp_path / "gx" / "expectations" / "mine.json").read_text("utf-8"))
    assert len(suite["expectations"]) == 1


def test_no_project_of_great_expectations_is_left(lake: Path, tmp_path: Path) -> None:
    python("-c", NOBODY, tmp_path, lake)
