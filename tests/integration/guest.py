"""A user's process that makes one call, and prints what of the process is not as it was before.

Takes the name of the call, the folder of a lake and a folder to write to.
"""

from __future__ import annotations

import gc
import json
import locale
import logging
import os
import random
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from decimal import getcontext
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

import bronze_fixtures
from bronze_fixtures import replay
from bronze_fixtures.lake.digest import lake_digests
from bronze_fixtures.lake.verify import verify_lake
from bronze_fixtures.validation import validate
from bronze_fixtures.validation.runs.checker import Checker
from bronze_fixtures.webshop.pack import PACK

CALLS: dict[str, Callable[[Path, Path], object]] = {
    "validate": lambda lake, _: validate(lake, ["support_tickets"], with_shares=True),
    "validate with data docs": lambda lake, to: validate(
        lake, ["cross_spend_budget"], data_docs=to / "docs"
    ),
    "validate what fails": lambda lake, _: validate(lake, "silver/orders"),
    "bronze_check": lambda lake, _: Checker()(
        bronze_fixtures.open_lake(lake).support_tickets, "support_tickets"
    ),
    "generate": lambda _, to: bronze_fixtures.generate(to / "lake", scale="tiny", jobs=2),
    "open_lake": lambda lake, _: bronze_fixtures.open_lake(lake).orders.shape,
    "digest": lambda lake, _: lake_digests(lake),
    "verify": lambda lake, _: verify_lake(lake),
    "ledger": lambda lake, _: bronze_fixtures.open_lake(lake).ledger.shape,
    "Lake.copy": lambda lake, to: bronze_fixtures.open_lake(lake).copy(to / "copy"),
    "register_pack": lambda _, __: bronze_fixtures.register_pack(PACK),
    "replay": lambda lake, _: replayed(bronze_fixtures.open_lake(lake)),
}


def replayed(lake: bronze_fixtures.Lake) -> pa.Table:
    """Return the orders with their defects taken out and planted again."""
    orders, ledger = lake.table("orders"), lake.ledger_table()
    return replay.apply(ledger, replay.revert(ledger, orders))


def everything() -> dict[str, Any]:
    """Return what of the process is the user's, as texts."""
    loggers = [logging.getLogger(), *map(logging.getLogger, ("py.warnings", "pandas", "users.own"))]
    options = pd.describe_option("", _print_desc=False) or ""
    return {
        "filters of warnings": list(map(repr, warnings.filters)),
        "what shows warnings": repr(warnings.showwarning),
        "warnings in the log": warnings_in_the_log(),
        "loggers": [
            (log.name, log.level, repr(log.handlers), log.propagate, log.disabled)
            for log in loggers
        ],
        "log threshold": logging.root.manager.disable,
        "pandas options": [line for line in options.splitlines() if "currently" in line],
        "environment": dict(os.environ),
        "random": repr(random.getstate()),
        "NumPy's random": repr(np.random.get_state()),  # noqa: NPY002
        "NumPy's errors": repr(np.geterr()),
        "NumPy's printing": repr(np.get_printoptions()),
        "decimal context": repr(getcontext()),
        "locale": locale.setlocale(locale.LC_ALL),
        "working folder": str(Path.cwd()),
        "signal handlers": {
            each.name: repr(signal.getsignal(each))
            for each in signal.valid_signals()
            if isinstance(each, signal.Signals)
        },
        "hooks": [repr(sys.excepthook), repr(sys.displayhook), repr(threading.excepthook)],
        "module path": list(sys.path),
        "recursion limit": sys.getrecursionlimit(),
        "garbage collector": (gc.isenabled(), gc.get_threshold()),
        "umask": umask(),
    }


def warnings_in_the_log() -> bool:
    """Tell whether `logging` takes warnings already, so that it would not begin to."""
    shown = warnings.showwarning
    logging.captureWarnings(True)
    if warnings.showwarning is shown:
        return True
    logging.captureWarnings(False)
    return False


def umask() -> int:
    """Return the mask of new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def main(call: str, lake: str, folder: str) -> None:
    """Make the call and print what has changed."""
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("users.own").setLevel(logging.DEBUG)
    warnings.filterwarnings("error", message="a user's own")
    pd.set_option("display.max_rows", 7)
    before = everything()
    CALLS[call](Path(lake), Path(folder))
    after = everything()
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    sys.stdout.write(json.dumps(changed, default=repr))


if __name__ == "__main__":
    main(*sys.argv[1:])
