"""The cache: lakes built once, looked at before they are served, and built elsewhere at need."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest

import bronze_fixtures
from bronze_fixtures.cache.build import build
from bronze_fixtures.cache.entry import Found, look
from bronze_fixtures.cache.key import Key, make_key
from bronze_fixtures.cache.locks import entry_lock, unread
from bronze_fixtures.cache.paths import is_cache, make_folder, sibling
from bronze_fixtures.cache.store import Cache
from bronze_fixtures.common import disk_space
from bronze_fixtures.errors import CacheError, FrameError
from bronze_fixtures.lake.digest import lake_digests
from bronze_fixtures.lake.lake import Lake
from bronze_fixtures.lake.verify import verify_lake
from tests.unit.cache.cache_entries import RECORD, change_record, forget, record_of

KEY = make_key("0.001", 42)  # ten customers, a hundred orders
CLEAN = make_key("0.001", 42, "none")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("BRONZE_CACHE_TIMEOUT", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def cache(root: Path, notices: list[str]) -> Iterator[Cache]:
    cache = Cache(root, notice=notices.append)
    yield cache
    cache.close()


def entry_of(lake: Lake) -> Path:
    """Return the folder that was renamed into place as a whole."""
    return lake.path().parent


def build_of(lake: Lake) -> str:
    """Return what tells one build of an entry from another."""
    return str(record_of(entry_of(lake))["build"])


def is_read(root: Path) -> bool:
    with unread(root, KEY.name) as free:
        return not free


def test_a_lake_is_what_generate_writes(cache: Cache, root: Path, tmp_path: Path) -> None:
    lake = cache.lake(KEY)
    assert lake.path().is_relative_to(root / KEY.name)
    generated = bronze_fixtures.generate(tmp_path / "lake", scale="0.001", seed=42)
    assert lake_digests(lake.path()) == lake_digests(generated.path())
    assert lake == generated
    assert verify_lake(lake.path()) == []
    assert len(lake.orders) == 100
    assert is_cache(root)
    files = [path for path in entry_of(lake).rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}
    assert entry_of(lake).stat().st_mode & 0o777 == 0o700


def test_each_key_has_its_lake_and_each_lake_one_build(cache: Cache, root: Path) -> None:
    lakes = {key: cache.lake(key) for key in (KEY, CLEAN)}
    assert (len(lakes[KEY].ledger) > 0, len(lakes[CLEAN].ledger)) == (True, 0)
    builds = {key: build_of(lake) for key, lake in lakes.items()}
    for other in (cache, Cache(root)):
        assert {key: build_of(other.lake(key)) for key in lakes} == builds
        other.close()
    names = {KEY.name, CLEAN.name, ".gitignore", ".locks", "CACHEDIR.TAG"}
    assert {path.name for path in root.iterdir()} == names


def test_the_backend_is_the_callers(cache: Cache) -> None:
    assert str(cache.lake(KEY, backend="pandas-float").orders["unit_price"].dtype) == "float64"
    assert cache.lake(KEY, backend="pyarrow").orders.num_rows == 100
    with pytest.raises(FrameError, match="Did you mean 'polars'"):
        cache.lake(KEY, backend="polar")


def test_a_session_builds_again_once(root: Path) -> None:
    before = build_of(Cache(root, session="a").lake(KEY))
    first, second = Cache(root, session="b"), Cache(root, session="b")
    again = build_of(first.lake(KEY, refresh=True))
    assert again != before
    assert build_of(first.lake(KEY, refresh=True)) == again
    assert build_of(second.lake(KEY, refresh=True)) == again
    assert build_of(second.lake(KEY)) == again
    assert build_of(Cache(root, session="c").lake(KEY, refresh=True)) != again
    before = build_of(first.lake(KEY))
    assert build_of(Cache(root).lake(KEY, refresh=True)) != before


def test_what_was_built_at_first_in_a_session_is_not_built_again(root: Path) -> None:
    cache = Cache(root, session="a")
    assert build_of(cache.lake(KEY, refresh=True)) == build_of(cache.lake(KEY, refresh=True))


def test_frames_of_a_lake_that_is_replaced_stay(root: Path) -> None:
    lake = Cache(root).lake(KEY)
    frame, expected = lake.orders, lake.orders.copy(deep=True)
    Cache(root).lake(KEY, refresh=True)
    assert frame.equals(expected)
    assert lake.orders.equals(expected)
    assert len(lake.customers) == 10


def remove(name: str) -> Callable[[Path], object]:
    return lambda entry: (entry / name).unlink()


def test_a_broken_link_in_its_place_is_replaced(
    cache: Cache, root: Path, notices: list[str]
) -> None:
    make_folder(root)
    (root / KEY.name).symlink_to("nowhere")
    assert len(cache.lake(KEY).orders) == 100
    assert not (root / KEY.name).is_symlink()
    (notice,) = notices
    assert "has no _entry.json" in notice
    assert not [*root.glob(".old-*"), *root.glob(".new-*")]


def test_an_entry_of_another_lake_is_replaced(cache: Cache, root: Path, notices: list[str]) -> None:
    clean = cache.lake(CLEAN)
    entry_of(clean).rename(root / KEY.name)
    lake = cache.lake(KEY)
    assert lake.defects == "standard"
    assert ["another defects" in notice for notice in notices] == [True]


def test_an_entry_that_is_replaced_while_it_is_opened_is_opened_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Cache(root).lake(KEY)
    looks = []

    def once_gone(entry: Path) -> Found:
        found = look(entry)
        looks.append(entry)
        if len(looks) == 1:  # it was good, and another process takes it away to put a new one
            entry.rename(root / "aside")
        elif len(looks) == 2:
            (root / "aside").rename(entry)
            found = look(entry)
        return found

    monkeypatch.setattr("bronze_fixtures.cache.store.look", once_gone)
    assert len(Cache(root).lake(KEY).orders) == 100


@pytest.mark.parametrize(
    ("break_it", "broken"),
    [
        (remove(RECORD), "has no _entry.json"),
        (remove("lake/_manifest.json"), "lake/_manifest.json is missing"),
        (remove("arrow/orders.arrow"), "arrow/orders.arrow is missing"),
        (lambda entry: (entry / "lake" / "mine.txt").write_text("x"), "does not belong to it"),
        (lambda entry: change_record(entry, data_version=0), "it has another data version"),
        (lambda entry: forget(entry, "data_version"), "_entry.json is incomplete"),
    ],
    ids=["record", "manifest", "arrow", "foreign", "version", "no version"],
)
def test_a_broken_entry_is_told_and_built_again(
    break_it: Callable[[Path], object], broken: str, cache: Cache, notices: list[str], root: Path
) -> None:
    lake = cache.lake(KEY)
    before = lake_digests(lake.path())
    break_it(entry_of(lake))
    again = Cache(root, notice=notices.append).lake(KEY)
    assert lake_digests(again.path()) == before
    assert again.orders.equals(cache.lake(KEY).orders)
    (notice,) = notices
    assert notice.startswith(f"the cache entry {KEY.name} was broken (")
    assert notice.endswith(") and is built again")
    assert broken in notice


def test_what_killed_builds_left_is_cleared(cache: Cache, root: Path) -> None:
    make_folder(root)
    left = [sibling(root, key.name, kind) for key in (KEY, CLEAN) for kind in ("new", "old")]
    for path in left:
        (path / "lake").mkdir(parents=True)
    cache.lake(KEY)
    assert [path for path in left if path.exists()] == []


def test_an_entry_is_in_use_until_the_cache_is_closed(cache: Cache, root: Path) -> None:
    for _ in range(2):  # a closed cache can be used again
        cache.lake(KEY)
        cache.lake(KEY)
        assert is_read(root)
        cache.close()
        assert list((root / ".locks").glob("*.readers/*")) == []
        assert not is_read(root)


def test_use_is_noted(cache: Cache) -> None:
    entry = entry_of(cache.lake(KEY))
    used = entry.parent / ".locks" / f"{entry.name}.used"
    os.utime(used, (1_000, 1_000))
    cache.lake(KEY)
    assert used.stat().st_mtime > 1_000


def test_serving_changes_nothing_that_is_not_hidden(cache: Cache, root: Path) -> None:
    """Or tools that watch a project would run its tests again and again."""

    def seen() -> dict[str, tuple[int, int, int]]:
        visible = (path for path in (root, *root.rglob("*")) if ".locks" not in path.parts)
        stats = {str(path): path.stat() for path in visible}
        return {name: (s.st_ino, s.st_mtime_ns, s.st_ctime_ns) for name, s in stats.items()}

    cache.lake(KEY)
    cache.close()
    before = seen()
    again = Cache(root)
    lake = again.lake(KEY)
    assert len(lake.frame("orders", "pyarrow")) == lake.rows["orders"]
    assert len(lake.table("orders")) == lake.rows["orders"]
    again.close()
    assert seen() == before


def test_what_killed_builds_left_goes_when_a_lake_is_served(cache: Cache, root: Path) -> None:
    name = entry_of(cache.lake(KEY)).name
    cache.close()
    ours, other = root / f".new-{name}-0123abcd", root / f".old-{name[:-1]}0-0123abcd"
    for folder in (ours, other):
        (folder / "lake").mkdir(parents=True)
    with entry_lock(root, f"{name[:-1]}0"):
        Cache(root).lake(KEY)
        assert (ours.exists(), other.exists()) == (False, True)
    Cache(root).lake(KEY)
    assert not other.exists()


def test_a_large_cache_says_so_once(
    cache: Cache, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.lake(KEY)
    cache.close()
    notices: list[str] = []
    again = Cache(root, notice=notices.append)
    again.lake(KEY)
    assert notices == []
    monkeypatch.setattr("bronze_fixtures.cache.store._LARGE", 1_000)
    again = Cache(root, notice=notices.append)
    for _ in range(2):
        again.lake(KEY)
    (notice,) = notices
    assert re.fullmatch(
        rf"the cache {re.escape(str(root))} has [0-9.]+ [kM]B\. To make room: bronze-fixtures "
        rf"cache prune --larger-than 5GB --cache-dir {re.escape(str(root))}",
        notice,
    )


def fail_at(root: Path, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system refuse to make anything in a folder, for root too."""

    def make(folder: Path) -> None:
        if folder == root:
            raise OSError(code, os.strerror(code))
        make_folder(folder)

    monkeypatch.setattr("bronze_fixtures.cache.store.make_folder", make)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_what_a_read_only_cache_lacks_is_built_elsewhere(
    code: int, root: Path, tmp_path: Path, notices: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(root, code, monkeypatch)
    cache = Cache(root, fallback=tmp_path / "fallback", notice=notices.append)
    lake = cache.lake(KEY, backend="pyarrow")
    assert lake.path().is_relative_to(tmp_path / "fallback")
    assert lake.orders.num_rows == 100
    assert cache.lake(KEY).path() == lake.path()
    assert cache.lake(CLEAN).path().is_relative_to(tmp_path / "fallback")
    assert not root.exists()
    (notice,) = notices
    assert notice.startswith(f"the cache {root} is read-only ({os.strerror(code)}): ")
    assert "--bronze-cache-dir" in notice
    assert "BRONZE_CACHE_DIR" in notice
    cache.close()


def test_what_a_read_only_cache_has_is_served(
    root: Path, tmp_path: Path, notices: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = Cache(root).lake(KEY)
    fail_at(root, errno.EROFS, monkeypatch)
    fallback = tmp_path / "fallback"
    cache = Cache(root, fallback=fallback, notice=notices.append)
    lake = cache.lake(KEY)
    assert lake.path() == expected.path()
    assert lake.orders.equals(expected.orders)
    assert notices == []
    assert not fallback.exists()
    assert cache.lake(CLEAN).path().is_relative_to(fallback)
    assert cache.lake(KEY).path() == expected.path()  # nothing is built that is there
    cache.close()
    for folder in (root, fallback):
        for key in (KEY, CLEAN):
            with unread(folder, key.name) as free:
                assert free


@pytest.mark.parametrize(
    ("code", "fallback"), [(errno.EROFS, None), (errno.ENOSPC, None), (errno.ENOSPC, "fallback")]
)
def test_what_no_other_folder_mends_is_an_error(
    code: int, fallback: str | None, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(root, code, monkeypatch)
    elsewhere = tmp_path / fallback if fallback else None
    with pytest.raises(CacheError) as caught:
        Cache(root, fallback=elsewhere).lake(KEY)
    assert str(caught.value) == (
        f"cache {root}: {os.strerror(code)}. Make room or correct its permissions, or name another "
        "folder with --bronze-cache-dir or BRONZE_CACHE_DIR."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_build_that_fails_leaves_nothing(
    cache: Cache, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("bronze_fixtures.cache.build.write_record", full)
        with pytest.raises(CacheError, match="No space left"):
            cache.lake(KEY)
    assert sorted(path.name for path in root.iterdir()) == [".gitignore", ".locks", "CACHEDIR.TAG"]
    assert len(cache.lake(KEY).orders) == 100


def test_all_who_ask_at_once_get_one_build(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    def counted(folder: Path, key: Key, *rest: Any) -> None:
        names.append(key.name)
        build(folder, key, *rest)

    monkeypatch.setattr("bronze_fixtures.cache.build.build", counted)
    with ThreadPoolExecutor(4) as pool:
        lakes = list(pool.map(lambda _: Cache(root).lake(KEY), range(4)))
    assert names == [KEY.name]
    assert len({build_of(lake) for lake in lakes}) == 1


def test_a_hit_imports_nothing_that_generates(root: Path) -> None:
    Cache(root).lake(KEY)
    program = """
import sys
from pathlib import Path
from bronze_fixtures.cache.entry import Found, look
from bronze_fixtures.cache.key import make_key
from bronze_fixtures.cache.store import Cache
Cache(Path(sys.argv[1])).lake(make_key("0.001", 42)).orders
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"faker", "yaml", "pydantic", "open_data_contract_standard", "rich"}
assert not [name for name in sys.modules if name.startswith("bronze_fixtures.webshop.generators")]
"""
    subprocess.run([sys.executable, "-c", program, root], check=True)


def test_an_entry_that_will_not_fit_is_refused_with_all_its_files(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Parquet would fit; the Arrow files are sixteen times as many bytes."""
    parquet, arrow = 163_000, 1_497_000  # of a tiny lake
    monkeypatch.setattr(disk_space, "free_space", lambda _place: 5 * parquet)
    tiny = make_key("tiny", 42)
    wanted = rf"^cache .+: {tiny.name} needs .+ are free on the disk of .+\. Make room"
    with pytest.raises(CacheError, match=wanted) as refused:
        cache.lake(tiny)
    told = re.search(r"needs (\d\.\d) MB", str(refused.value))
    assert told is not None
    assert parquet + arrow < float(told[1]) * 1e6 < 1.3 * (parquet + arrow)
