"""Write what is made from the contracts: the suites and views, and the parsed contracts.

`python tools/make_expectations.py` after any change to a contract or to
`bronze_fixtures.validation`; a test fails while the files under `src/bronze_fixtures/expectations`
and `checked.json` beside the contracts are not what this writes.
"""

from pathlib import Path

from bronze_fixtures.contracts.loading import CHECKED, checked_documents
from bronze_fixtures.lake.sidecar import write_json
from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.suites.files import write_expectations

PACKAGE = Path(__file__).parents[1] / "src" / "bronze_fixtures"
FOLDER = PACKAGE / "expectations"
CONTRACTS = PACKAGE / "webshop" / "contracts"

if __name__ == "__main__":
    write_json(CONTRACTS / CHECKED, checked_documents(CONTRACTS))
    print(CHECKED)
    for path in write_expectations(FOLDER, load_contracts()):
        print(path.relative_to(FOLDER).as_posix())
