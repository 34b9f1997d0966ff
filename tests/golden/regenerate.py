"""Write the golden files again: `python -m tests.golden.regenerate` in the root of the project.

Only when rows were meant to move; CONTRIBUTING.md says what goes with it.
"""

import tempfile
from pathlib import Path

import bronze_fixtures
from tests.golden import content


def main() -> None:
    digests = {}
    version = 0
    with tempfile.TemporaryDirectory() as folder:
        for scale, defects in content.LAKES:
            name = content.lake_name((scale, defects))
            path = Path(folder, name)
            lake = bronze_fixtures.generate(
                path, scale=scale, seed=content.SEED, defects=defects, jobs=1
            )
            version = lake.manifest["data_version"]
            digests[name] = content.digests_of(path)
        readable = Path(folder, content.lake_name(content.READABLE))
        for dataset in bronze_fixtures.open_lake(readable):
            content.write_json(content.rows_file(dataset), content.readable_rows(readable, dataset))
    content.write_json(content.DIGESTS, {"data_version": version, "lakes": digests})


if __name__ == "__main__":
    main()
