"""Whether a lake fits: which disk is asked, what the message says, and what is not known."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from bronze_fixtures.common.disk_space import check_space, free_space, nearest_folder
from bronze_fixtures.errors import OutputError


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A disk with 1,000,000 bytes free; the places it is asked for."""
    asked: list[Path] = []

    def usage(place: Path) -> SimpleNamespace:
        asked.append(place)
        return SimpleNamespace(free=1_000_000)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    return asked


def test_the_nearest_folder_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")

    assert nearest_folder(tmp_path / "there") == tmp_path / "there"
    assert nearest_folder(tmp_path / "there" / "not" / "lake") == tmp_path / "there"
    assert nearest_folder(tmp_path / "link" / "lake") == tmp_path / "link"
    monkeypatch.chdir(tmp_path)
    assert nearest_folder(Path("not", "lake")) == tmp_path


def test_what_just_fits_is_not_refused(tmp_path: Path, free: list[Path]) -> None:
    check_space(tmp_path / "lake", 1_000_000)

    assert free == [tmp_path]


def test_what_does_not_fit_is_refused_in_one_line(
    tmp_path: Path, free: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError) as problem:
        check_space(Path("some/lake"), 2_345_678)

    assert str(problem.value) == (
        f"some/lake: needs 2.3 MB, but 1.0 MB are free on the disk of {tmp_path}. Choose a smaller "
        "scale, fewer datasets or another folder, or free some space."
    )
    assert free == [tmp_path]


def test_where_nobody_can_tell_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_place: Path) -> SimpleNamespace:
        raise PermissionError

    monkeypatch.setattr(shutil, "disk_usage", refuse)

    assert free_space(tmp_path) is None
    check_space(tmp_path / "lake", 10**18)
