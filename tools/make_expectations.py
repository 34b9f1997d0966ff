"""Write what is made from the contracts: the suites and views, and the parsed contracts.

`python tools/make_expectations.py` after any change to a contract or to
`bronze_fixtures.validation`; a test fails while the files under `src/bronze_fixtures/expectations`
and `checked.json` beside the contracts are not what this writes.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from bronze_fixtures.contracts.loading import CHECKED, checked_documents
from bronze_fixtures.contracts.model import Contract
from bronze_fixtures.lake.sidecar import write_json
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.suites.suites import Suite, suites_by_name

PACKAGE = Path(__file__).parents[1] / "src" / "bronze_fixtures"
FOLDER = PACKAGE / "expectations"
CONTRACTS = PACKAGE / "webshop" / "contracts"


def write_expectations(folder: Path, contracts: Mapping[str, Contract]) -> list[Path]:
    """Write every suite and view below a folder, and delete files of suites that no longer exist.

    They are files that need nothing of this package to be run.

    Args:
        folder: The folder.
        contracts: The contracts that the suites are derived from.

    Returns:
        What was written, sorted.
    """
    texts = dict(pair for suite in suites_by_name(contracts).values() for pair in _texts(suite))
    for path in [*folder.glob("*/*.json"), *folder.glob("views/*.sql")]:
        if path.relative_to(folder).as_posix() not in texts:
            path.unlink()
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [folder / name for name in sorted(texts)]


def _texts(suite: Suite) -> Iterator[tuple[str, str]]:
    yield f"{suite.name}.json", json.dumps(suite.content, indent=1, ensure_ascii=False) + "\n"
    yield (
        f"views/{suite.view}.sql",
        f"-- What the suites bronze/{suite.view} and silver/{suite.view} run on.\n"
        f"-- It reads: {', '.join(suite.datasets)}. This is DuckDB's dialect; for others:\n"
        f"-- bronze-fixtures describe {suite.view} --views --dialect postgres\n"
        f"{suite.sql}",
    )


if __name__ == "__main__":
    write_json(CONTRACTS / CHECKED, checked_documents(CONTRACTS))
    print(CHECKED)
    for path in write_expectations(FOLDER, load_contracts()):
        print(path.relative_to(FOLDER).as_posix())
