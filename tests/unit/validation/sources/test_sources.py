"""The database that suites run on, wherever it is opened."""

from __future__ import annotations

import subprocess
import sys

# A notebook as DuckDB knows one: no main file, and a kernel of IPython. It has no ipywidgets.
NOTEBOOK = """
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

sys.modules["ipywidgets"] = None
sys.modules["IPython"] = IPython = ModuleType("IPython")
IPython.__spec__ = ModuleSpec("IPython", None)
IPython.get_ipython = lambda: SimpleNamespace(config={"IPKernelApp": {}})
import duckdb
try:
    duckdb.connect().execute("SET enable_progress_bar = false")
except duckdb.InvalidInputException:
    print("refused")
from bronze_fixtures.validation.sources.tables import connect
print(connect().execute("SELECT 1").fetchall())
"""


def test_a_database_opens_in_a_notebook_without_widgets() -> None:
    command = [sys.executable, "-c", NOTEBOOK]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.stdout.splitlines(), ended.stderr) == (["refused", "[(1,)]"], "")
