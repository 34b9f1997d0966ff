"""The commands that only read: describe, verify, digest."""

import os
from pathlib import Path

from bronze_fixtures.cli.output import say, say_json, table
from bronze_fixtures.contract import load_contracts
from bronze_fixtures.contract_objects import did_you_mean
from bronze_fixtures.errors import DatasetError


def describe(dataset: str | None, form: str) -> None:
    """Print the data dictionary.

    Args:
        dataset: The dataset; None for all.
        form: `table`, `markdown`, `json` or `odcs`.

    Raises:
        DatasetError: There is no such dataset.
        ContractError: There is no such format.
    """
    from bronze_fixtures.dictionary import render  # noqa: PLC0415

    contracts = load_contracts()
    if dataset is not None and dataset not in contracts:
        message = f"describe: unknown dataset {dataset!r}.{did_you_mean(dataset, [*contracts])}"
        raise DatasetError(message)
    chosen = contracts if dataset is None else {dataset: contracts[dataset]}
    say(render(chosen, form).removesuffix("\n"))


def verify(lake: Path) -> int:
    """Print every difference between a lake's files and its manifest.

    Returns:
        The exit code: 0 for none, 1 for some.

    Raises:
        LakeError: The folder is not a lake.
    """
    from bronze_fixtures.verify import verify_lake  # noqa: PLC0415

    problems = verify_lake(lake)
    for problem in problems:
        say(" ".join(str(problem).split()))
    if not problems:
        say(f"{os.fspath(lake)}: every file is as the manifest recorded it.")
    return 1 if problems else 0


def digest(lake: Path, *, as_json: bool) -> None:
    """Print the content digest of each table of a lake.

    Raises:
        LakeError: The folder is not a lake, or a file is missing or broken.
    """
    from bronze_fixtures.digest import lake_digests  # noqa: PLC0415

    digests = lake_digests(lake)
    if as_json:
        say_json(digests)
    else:
        say(table(["dataset", "digest"], [*digests.items()]))
