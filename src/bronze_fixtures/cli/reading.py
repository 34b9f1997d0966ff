"""The commands that only read: describe, verify, digest."""

import os
from pathlib import Path

from bronze_fixtures.cli.output import say, say_json
from bronze_fixtures.common.text import did_you_mean, one_line, table
from bronze_fixtures.errors import DatasetError, SuiteError
from bronze_fixtures.packs.registry import contract_text, load_contracts


def describe(dataset: str | None, form: str | None, dialect: str | None, *, views: bool) -> None:
    """Print the data dictionary, or the statements that make the views.

    Args:
        dataset: The dataset, or the view; None for all.
        form: `table`, `markdown`, `json` or `odcs`; None for `table`. Views have none.
        dialect: See `dialects.DIALECTS`; None for DuckDB's. The dictionary has none.
        views: Whether to print the views.

    Raises:
        DatasetError: There is no such dataset.
        ContractError: There is no such format.
        SuiteError: There is no such view or dialect, a format was given for views or a dialect
            without them, or sqlglot is not installed.
    """
    if views:
        _views(dataset, dialect, form)
    else:
        _dictionary(dataset, form, dialect)


def _dictionary(dataset: str | None, form: str | None, dialect: str | None) -> None:
    from bronze_fixtures.contracts.dictionary import render

    if dialect is not None:
        message = "describe: --dialect is of the views. Add --views."
        raise SuiteError(message)
    contracts = load_contracts()
    if dataset is not None and dataset not in contracts:
        message = f"describe: unknown dataset {dataset!r}.{did_you_mean(dataset, [*contracts])}"
        raise DatasetError(message)
    chosen = contracts if dataset is None else {dataset: contracts[dataset]}
    say(render(chosen, form or "table", contract_text).removesuffix("\n"))


def _views(name: str | None, dialect: str | None, form: str | None) -> None:
    from bronze_fixtures.validation.dialects.dialects import view_in
    from bronze_fixtures.validation.suites.suites import view_names

    if form is not None:
        message = "describe: --format is of the data dictionary. Drop it, or --views."
        raise SuiteError(message)
    chosen = view_names() if name is None else (name,)
    try:
        say("\n".join(view_in(each, dialect or "duckdb") for each in chosen).removesuffix("\n"))
    except SuiteError as error:
        message = f"describe: {error}"
        raise SuiteError(message) from None


def verify(lake: Path, *, as_json: bool) -> int:
    """Print every difference between a lake's files and its manifest.

    Args:
        lake: The lake's folder.
        as_json: Whether to print JSON.

    Returns:
        The exit code: 0 for none, 1 for some.

    Raises:
        LakeError: The folder is not a lake.
    """
    from bronze_fixtures.lake.verify import verify_lake

    problems = verify_lake(lake)
    if as_json:
        found = [{"path": problem.path, "problem": problem.what} for problem in problems]
        say_json({"path": os.fspath(lake), "problems": found})
    else:
        good = f"{os.fspath(lake)}: every file is as the manifest recorded it."
        say("\n".join(map(one_line, problems)) or good)
    return 1 if problems else 0


def digest(lake: Path, *, as_json: bool) -> None:
    """Print the content digest of each table of a lake.

    Raises:
        LakeError: The folder is not a lake, or a file is missing or broken.
    """
    from bronze_fixtures.lake.digest import lake_digests

    digests = lake_digests(lake)
    if as_json:
        say_json(digests)
    else:
        say(table(["dataset", "digest"], [*digests.items()]))
