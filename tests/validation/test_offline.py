"""Nothing leaves the machine: validation, the report and the plugin with every socket refused."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.integration.command import start
from tests.integration.conftest import project, warm_cache

__all__ = ["project", "warm_cache"]  # fixtures

# `no_network` lies here; it is for other processes, and must not be imported in this one.
HOOK = Path(__file__).parent


FIRST = f"import sys; sys.path.insert(0, {str(HOOK)!r}); import no_network; "


def without_network(folder: Path, *command: str) -> tuple[int, str, str]:
    then = "from bronze_fixtures.cli import main; sys.exit(main(sys.argv[1:]))"
    ended = start([sys.executable, "-c", FIRST + then, *command], folder)
    return ended.returncode, ended.stdout, ended.stderr


def test_an_attempt_from_python_is_heard(tmp_path: Path) -> None:
    reach = (
        "import socket\ntry: socket.create_connection(('example.com', 80))\nexcept OSError: pass"
    )
    ended = start([sys.executable, "-c", FIRST + f"exec({reach!r})"], tmp_path)
    assert ended.returncode == 97
    assert "network: socket.getaddrinfo" in ended.stderr


def test_an_attempt_from_compiled_code_is_heard(tmp_path: Path) -> None:
    reach = "import duckdb; duckdb.sql('INSTALL spatial')"
    ended = start([sys.executable, "-c", FIRST + reach], tmp_path)
    assert ended.returncode == -signal.SIGSYS


def test_validate_with_its_report_and_data_docs(tmp_path: Path) -> None:
    command = ("generate", "--scale", "tiny", "--output-dir", "lake")
    assert without_network(tmp_path, *command)[0] == 0

    options = ("--level", "silver", "--report", "report.html", "--data-docs", "docs")
    code, out, err = without_network(tmp_path, "validate", "lake", *options)

    assert (code, "network:" in err) == (1, False)
    assert "expectations failed" in out
    assert (tmp_path / "report.html").stat().st_size > 10_000
    assert (tmp_path / "docs" / "index.html").exists()


def test_the_plugin_and_its_check(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HOOK), *sys.path]))
    project.makepyfile(
        """
        def test_lake(bronze, bronze_orders, bronze_check):
            bronze_check(bronze, "bronze/orders")
            orders = bronze_orders.drop_duplicates("order_id")
            bronze_check(orders, "silver/orders", fail_on="critical")
        """
    )
    result = project.runpytest_subprocess("-p", "no_network")
    result.assert_outcomes(passed=1)
