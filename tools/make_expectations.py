"""Write the suites and views under `src/bronze_fixtures/expectations` from the contracts.

`python tools/make_expectations.py` after any change to a contract or to
`bronze_fixtures.validation`; a test fails while the files are not what this writes.
"""

from pathlib import Path

from bronze_fixtures.packs.registry import load_contracts
from bronze_fixtures.validation.suites.files import write_expectations

FOLDER = Path(__file__).parents[1] / "src" / "bronze_fixtures" / "expectations"

if __name__ == "__main__":
    for path in write_expectations(FOLDER, load_contracts()):
        print(path.relative_to(FOLDER).as_posix())
