"""The files under `expectations/`: the suites and views as they are derived now."""

from __future__ import annotations

from pathlib import Path

from bronze_fixtures.packs.registry import load_contracts
from tools.make_expectations import FOLDER, write_expectations


def every_file(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def test_regenerating_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "bronze").mkdir()
    (tmp_path / "bronze" / "of_old.json").write_text("{}", encoding="utf-8")

    write_expectations(tmp_path, load_contracts())

    assert every_file(tmp_path) == every_file(FOLDER)
