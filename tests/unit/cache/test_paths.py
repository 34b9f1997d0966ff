"""The cache's folder: where it is, what it is made of, and what lies in it."""

import re
from pathlib import Path

import platformdirs
import pytest

from bronze_fixtures.cache.key import make_key
from bronze_fixtures.cache.paths import (
    cache_folder,
    entry_names,
    is_cache,
    leftovers,
    make_folder,
    sibling,
)
from bronze_fixtures.errors import CacheError

NAMES = sorted(make_key(scale, 42).name for scale in ("tiny", "1e-9", 2.5, 89_999))


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRONZE_CACHE_DIR", raising=False)


def test_what_is_chosen_comes_first_then_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRONZE_CACHE_DIR", str(tmp_path / "environment"))
    assert cache_folder(tmp_path / "chosen") == tmp_path / "chosen"
    assert cache_folder(str(tmp_path / "chosen")) == tmp_path / "chosen"
    assert cache_folder() == tmp_path / "environment"
    assert list(tmp_path.iterdir()) == []  # asking makes nothing


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_choice_it_is_the_platforms(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if value is not None:
        monkeypatch.setenv("BRONZE_CACHE_DIR", value)
    folder = cache_folder()
    assert folder.name == "bronze-fixtures"
    assert folder.is_relative_to(tmp_path)
    assert folder == Path(platformdirs.user_cache_dir("bronze-fixtures", appauthor=False))


def test_a_path_is_absolute_and_home_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert cache_folder("~/lakes") == tmp_path / "home" / "lakes"
    assert cache_folder("here/../there") == tmp_path / "there"
    monkeypatch.setenv("BRONZE_CACHE_DIR", "~/others")
    assert cache_folder() == tmp_path / "home" / "others"


def test_a_link_to_a_folder_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    for asked in ("link", "link/deeper/still"):
        assert cache_folder(tmp_path / asked) == tmp_path / asked  # as it was named
    make_folder(cache_folder(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert is_cache(tmp_path / "real")


@pytest.mark.parametrize("below", ["", "x", "x/y"])
def test_a_file_or_a_broken_link_is_no_folder(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "to-file").symlink_to("file")
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    for name, what in [
        ("file", "a file"),
        ("to-file", "a file"),
        ("broken", "a broken link"),
        ("loop", "a broken link"),
    ]:
        place = tmp_path / name
        with pytest.raises(CacheError) as caught:
            cache_folder(place / below)
        assert str(caught.value).startswith(f"cache folder {place / below}: {place} is {what}")
        assert str(caught.value).endswith(", not a folder. Choose another one.")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("name", ["a" * 300, "~nobody-of-this-name/lakes"], ids=["long", "home"])
def test_what_no_system_can_open_is_an_error_in_one_line(name: str, tmp_path: Path) -> None:
    chosen = name if name.startswith("~") else tmp_path / name
    with pytest.raises(CacheError) as caught:
        cache_folder(chosen)
    assert "\n" not in str(caught.value)
    assert re.search(r"[^.]\. Choose another one\.$", str(caught.value))


def test_the_folder_is_its_owners_and_left_out_of_backups(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "cache"
    make_folder(root)
    assert root.stat().st_mode & 0o777 == 0o700
    assert (root / ".locks").stat().st_mode & 0o777 == 0o700
    # https://bford.info/cachedir/ has these 43 bytes.
    tag = (root / "CACHEDIR.TAG").read_bytes()
    assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    assert (root / ".gitignore").read_text() == "*\n"
    assert is_cache(root)
    before = {path: path.stat().st_mtime_ns for path in root.iterdir()}
    make_folder(root)
    assert {path: path.stat().st_mtime_ns for path in root.iterdir()} == before


def test_a_folder_that_is_there_keeps_its_mode_and_its_files(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir(mode=0o755)
    root.chmod(0o755)
    (root / ".gitignore").write_text("build/\n")
    (root / "code.py").write_text("mine")
    make_folder(root)
    assert root.stat().st_mode & 0o777 == 0o755
    assert (root / ".gitignore").read_text() == "build/\n"
    assert (root / "code.py").read_text() == "mine"


def test_a_folder_without_our_tag_is_no_cache(tmp_path: Path) -> None:
    assert not is_cache(tmp_path)
    assert not is_cache(tmp_path / "missing")
    (tmp_path / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n")
    assert not is_cache(tmp_path)  # it is another tool's
    (tmp_path / "CACHEDIR.TAG").write_bytes(b"\xff\xfe")
    assert not is_cache(tmp_path)


def test_entries_are_known_by_their_names(tmp_path: Path) -> None:
    make_folder(tmp_path)
    for name in NAMES:
        (tmp_path / name).mkdir()
    for other in ("lake", "0.01_42_standard", f"{NAMES[0]}x", f"x{NAMES[0]}", f"_{NAMES[0]}"):
        (tmp_path / other).mkdir()
    assert entry_names(tmp_path) == NAMES
    assert entry_names(tmp_path / "missing") == []


def test_leftovers_are_known_by_their_entries(tmp_path: Path) -> None:
    first, second, *_ = NAMES
    left = {sibling(tmp_path, name, kind) for name in NAMES[:2] for kind in ("new", "old")}
    assert len(left | {sibling(tmp_path, first, "new")}) == 5  # no two have one name
    for path in left:
        path.mkdir()
        assert re.match(r"\.(new|old)-", path.name)
    for other in (first, f".new-{first}", ".new-lake-0123abcd", f".tmp-{first}-0123abcd"):
        (tmp_path / other).mkdir()
    assert {path for _, path in leftovers(tmp_path)} == left
    assert {name for name, _ in leftovers(tmp_path)} == {first, second}
    assert {path for _, path in leftovers(tmp_path, first)} == {
        path for path in left if first in path.name
    }
    assert list(leftovers(tmp_path, NAMES[2])) == []
    assert list(leftovers(tmp_path / "missing")) == []
