"""An entry on disk: served when nothing was done to it, and known as broken when something was."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bronze_fixtures.cache.entry import describe, look, write_record
from bronze_fixtures.common.files import checksum
from tests.unit.cache.cache_entries import RECORD, put, record_of

FILES = {
    "arrow/orders.arrow": b"columns",
    "lake/_manifest.json": b"{}",
    "lake/orders/orders.parquet": b"rows, many of them",
    "lake/orders/empty": b"",
}
FACTS = {
    "data_version": 1,
    "scale": "0.001",
    "seed": 42,
    "defects": "standard",
    "rows": 7,
    "build": "one",
    "session": "one",
}


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """A good entry."""
    entry = tmp_path / "entry"
    for name, content in FILES.items():
        path = entry / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    write_record(entry, {**FACTS, "files": describe(entry)})
    return entry


def test_a_record_describes_every_file(entry: Path) -> None:
    files = record_of(entry)["files"]
    assert [file["path"] for file in files] == sorted(FILES)
    for file in files:
        content, stat = FILES[file["path"]], (entry / file["path"]).stat()
        assert file["bytes"] == len(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert checksum(entry / file["path"]) == file["sha256"]
        assert file["times"] == [stat.st_mtime_ns, stat.st_ctime_ns]


def test_a_good_entry_is_served_without_being_written_to(entry: Path) -> None:
    before = (entry / RECORD).stat().st_mtime_ns
    for _ in range(2):
        found = look(entry)
        assert found.broken == ""
        assert found.record == record_of(entry)
        assert found.record is not None
        assert found.record["rows"] == 7
    assert (entry / RECORD).stat().st_mtime_ns == before


def test_its_files_are_not_read(entry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bronze_fixtures.cache.entry.checksum", lambda path: pytest.fail(str(path)))
    assert look(entry).record is not None


def test_where_nothing_is_nothing_is_broken(tmp_path: Path) -> None:
    found = look(tmp_path / "missing")
    assert (found.record, found.broken) == (None, "")


def overwrite(entry: Path) -> None:
    """Change a byte and set the time back, as somebody would who wants it to go unnoticed."""
    path = entry / "lake/orders/orders.parquet"
    stat = path.stat()
    path.write_bytes(b"rows, fewer of it.")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def replace(entry: Path) -> None:
    path = entry / "arrow/orders.arrow"
    path.with_name("other").write_bytes(b"COLUMNS")
    path.with_name("other").replace(path)


def link(entry: Path) -> None:
    path = entry / "arrow/orders.arrow"
    path.rename(entry.parent / "moved")
    path.symlink_to(entry.parent / "moved")


BREAKS: list[tuple[Callable[[Path], object], str]] = [
    (lambda entry: (entry / RECORD).unlink(), "has no _entry.json"),
    (lambda entry: put(entry / RECORD, ""), "_entry.json cannot be read"),
    (lambda entry: put(entry / RECORD, "[]"), "_entry.json cannot be read"),
    (lambda entry: put(entry / RECORD, '{"files": [1]}'), "_entry.json is incomplete"),
    (lambda entry: put(entry / RECORD, '{"rows": 7}'), "_entry.json is incomplete"),
    (lambda entry: put(entry / RECORD, b"\xff"), "_entry.json cannot be read"),
    (lambda entry: (entry / "lake/orders/empty").unlink(), "lake/orders/empty is missing"),
    (lambda entry: shutil.rmtree(entry / "arrow"), "arrow/orders.arrow is missing"),
    (lambda entry: (entry / "lake/x").write_text(""), "lake/x does not belong to it"),
    (lambda entry: (entry / ".hidden").symlink_to("gone"), ".hidden does not belong to it"),
    (
        lambda entry: (entry / "lake/_manifest.json").write_text("{" + " " * 1998 + "}"),
        "lake/_manifest.json has 2,000 bytes instead of 2",
    ),
    (overwrite, "lake/orders/orders.parquet was changed"),
    (replace, "arrow/orders.arrow was changed"),
    (link, "arrow/orders.arrow has "),
]


@pytest.mark.parametrize(("break_it", "broken"), BREAKS, ids=[broken for _, broken in BREAKS])
def test_what_was_done_to_it_is_told(
    break_it: Callable[[Path], object], broken: str, entry: Path
) -> None:
    break_it(entry)
    found = look(entry)
    assert found.record is None
    assert found.broken.startswith(broken)
    assert "\n" not in found.broken


@pytest.mark.parametrize("scale", ["", "tiny", "nan", "1e999999999"])
def test_a_record_whose_scale_is_no_number_is_broken(scale: str, entry: Path) -> None:
    write_record(entry, {**record_of(entry), "scale": scale})
    found = look(entry)
    assert (found.record, found.broken) == (None, "_entry.json cannot be read (ValueError)")


@pytest.mark.parametrize("key", [*FACTS, "files", "path", "bytes", "sha256", "times"])
@pytest.mark.parametrize("instead", [None, 0.5, "gone"])
def test_a_record_that_lacks_something_is_broken(key: str, instead: object, entry: Path) -> None:
    record = record_of(entry)
    for place in [record] if key in record else record["files"]:
        if instead == "gone":
            del place[key]
        else:
            place[key] = instead
    write_record(entry, record)
    found = look(entry)
    assert found.record is None
    assert found.broken.startswith("_entry.json ")


def test_a_file_in_its_place_is_broken(tmp_path: Path) -> None:
    (tmp_path / "entry").write_text("not a folder")
    assert look(tmp_path / "entry").record is None
    assert look(tmp_path / "entry").broken.startswith("_entry.json cannot be read")


def test_what_was_copied_is_compared_once(entry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a CI service that restores the cache: other times, the same bytes."""
    copied = shutil.copytree(entry, entry.with_name("copy"), copy_function=shutil.copyfile)
    before = record_of(copied)
    found = look(copied)
    assert found.broken == ""
    after = record_of(copied)
    assert found.record == after
    assert {**after, "files": 0} == {**before, "files": 0}
    for file, was in zip(after["files"], before["files"], strict=True):
        stat = (copied / file["path"]).stat()
        assert file == {**was, "times": [stat.st_mtime_ns, stat.st_ctime_ns]}
    monkeypatch.setattr("bronze_fixtures.cache.entry.checksum", lambda path: pytest.fail(str(path)))
    assert look(copied).record is not None


def test_the_record_of_a_build_that_came_meanwhile_stays(
    entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files may be the same to the byte, so that checksums do not tell."""
    copied = shutil.copytree(entry, entry.with_name("copy"), copy_function=shutil.copyfile)
    new = {**FACTS, "build": "other", "files": describe(copied)}

    def replaced(path: Path) -> str:
        write_record(copied, new)
        return checksum(path)

    monkeypatch.setattr("bronze_fixtures.cache.entry.checksum", replaced)
    found = look(copied)
    assert found.record is not None
    assert (found.record["build"], record_of(copied)["build"]) == ("other", "other")


def test_what_was_copied_and_cannot_be_recorded_is_served(
    entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = shutil.copytree(entry, entry.with_name("copy"), copy_function=shutil.copyfile)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("bronze_fixtures.cache.entry.write_record", refuse)
    for _ in range(2):
        assert look(copied).record is not None


def test_a_wrong_copy_is_broken(entry: Path) -> None:
    copied = shutil.copytree(entry, entry.with_name("copy"), copy_function=shutil.copyfile)
    (copied / "arrow/orders.arrow").write_bytes(b"COLUMNS")
    assert look(copied).broken == "arrow/orders.arrow was changed"
    assert record_of(copied) == record_of(entry)


def test_what_a_killed_process_left_of_a_record_is_no_harm(entry: Path) -> None:
    (entry / f"{RECORD}.12345").write_text('{"rows":')
    assert look(entry).record is not None


def test_a_record_is_written_whole_or_not_at_all(entry: Path) -> None:
    before = (entry / RECORD).read_bytes()
    with pytest.raises(TypeError):
        write_record(entry, {"rows": 8, "files": object()})
    assert (entry / RECORD).read_bytes() == before
    assert [path.name for path in entry.iterdir() if path.is_file()] == [RECORD]


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("arrow/orders.arrow", "arrow/orders.arrow was changed"),
        ("arrow/new", "arrow/new does not belong to it"),
    ],
)
def test_what_is_written_while_it_is_compared_is_found_next_time(
    name: str, broken: str, entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = shutil.copytree(entry, entry.with_name("copy"), copy_function=shutil.copyfile)

    def compared(path: Path) -> str:
        digest = checksum(path)
        if path == copied / "arrow/orders.arrow":
            (copied / name).write_bytes(b"COLUMNS")
            os.utime(copied / name, (1, 1))  # a clock may tick too seldom to show it
        return digest

    with monkeypatch.context() as patched:
        patched.setattr("bronze_fixtures.cache.entry.checksum", compared)
        found = look(copied)
    assert found.broken == ""
    assert found.record == record_of(copied)
    assert look(copied).broken == broken
