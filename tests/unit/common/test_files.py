"""Files that are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bronze_fixtures.common.files import write_whole

LONGEST = 255  # bytes of a name, on the usual file systems


@pytest.mark.parametrize("name", ["a.html", f"{'a' * (LONGEST - 5)}.html"])
def test_a_file_of_any_name_is_replaced_and_nothing_is_left(tmp_path: Path, name: str) -> None:
    for text in ("old", "new"):
        write_whole(tmp_path / name, text)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text("utf-8") == "new"


def test_what_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "file", "half of it, then \ud800")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text("utf-8") == "old"
