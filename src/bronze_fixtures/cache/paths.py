"""Where the cache is: its folder, and the paths in it."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bronze_fixtures.common.files import write_whole
from bronze_fixtures.errors import CacheError

VARIABLE = "BRONZE_CACHE_DIR"

# In an entry: what was recorded of it, the lake, and the same tables for memory-mapping.
RECORD = "_entry.json"
LAKE = "lake"
ARROW = "arrow"

# https://bford.info/cachedir/: backups leave such a folder out.
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# The cache of bronze-fixtures: safe to delete.\n"
)
_ENTRY = re.compile(r"[0-9.e-]+_[0-9]+_[a-z]+_[0-9a-f]{16}", re.ASCII)
_LEFTOVER = re.compile(rf"\.(?:new|old)-({_ENTRY.pattern})-[0-9a-f]+", re.ASCII)


def cache_folder(chosen: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of the cache, which need not exist.

    Args:
        chosen: The requested folder; None for that of `BRONZE_CACHE_DIR` or, without one, the
            platform's folder for caches.

    Raises:
        CacheError: It is not a folder, or lies in something that is not one.
    """
    if chosen is None:
        chosen = os.environ.get(VARIABLE) or None
    if chosen is None:
        from platformdirs import user_cache_path  # not when a folder is chosen

        try:
            folder = user_cache_path("bronze-fixtures", appauthor=False)
        except RuntimeError:  # no HOME, and the user is not known to the system
            folder = Path()
        if not folder.is_absolute():  # older versions leave a `~` in it
            message = (
                "no folder for the cache: the user has no home directory. Set HOME, or name a "
                f"folder with {VARIABLE}."
            )
            raise CacheError(message)
        return folder
    try:
        folder = Path(os.path.abspath(Path(chosen).expanduser()))  # noqa: PTH100 (keeps symlinks)
        above = (path for path in (folder, *folder.parents) if path.exists() or path.is_symlink())
        found = next(above, None)
        if found is None or found.is_dir():
            return folder
        kind = "a file" if found.exists() else "a broken link"
        problem = f"{folder}: {found} is {kind}, not a folder"
    except (OSError, RuntimeError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        problem = f"{os.fspath(chosen)!r}: {str(why).rstrip('.')}"
    message = f"cache folder {problem}. Choose another one."
    raise CacheError(message)


def make_folder(root: Path) -> None:
    """Make the cache's folder, for its owner alone, and tag it so that backups leave it out.

    Raises:
        OSError: It cannot be made.
    """
    if not root.is_dir():
        root.parent.mkdir(parents=True, exist_ok=True)
        root.mkdir(mode=0o700, exist_ok=True)
        # It may have been chosen inside a repository.
        (root / ".gitignore").touch()
    if not is_cache(root):
        if (root / ".gitignore").exists() and not (root / ".gitignore").stat().st_size:
            (root / ".gitignore").write_text("*\n", encoding="ascii")
        write_whole(root / _TAG, _TAG_TEXT)
    (root / ".locks").mkdir(mode=0o700, exist_ok=True)


def is_cache(root: Path) -> bool:
    """Tell whether a folder is a cache: nothing is ever deleted from one that is not."""
    with suppress(OSError):
        return (root / _TAG).read_bytes() == _TAG_TEXT.encode()
    return False


def entry_names(root: Path) -> list[str]:
    """Return the names of the entries in a cache, sorted."""
    if not root.is_dir():
        return []
    return sorted(path.name for path in root.iterdir() if _ENTRY.fullmatch(path.name))


def leftovers(root: Path, name: str | None = None) -> Iterator[tuple[str, Path]]:
    """Yield what killed builds left, with the entry's name.

    Args:
        root: The cache's folder.
        name: The entry whose leftovers are wanted; None for all.
    """
    if root.is_dir():
        for path in sorted(root.iterdir()):
            match = _LEFTOVER.fullmatch(path.name)
            if match and name in (None, match[1]):
                yield match[1], path


def sibling(root: Path, name: str, kind: str) -> Path:
    """Return a name for a folder that is to become an entry (`new`) or was one (`old`)."""
    return root / f".{kind}-{name}-{secrets.token_hex(4)}"


def beside(root: Path, name: str, kind: str) -> Path:
    """Return a file or folder about an entry that is not in it.

    It is in a hidden folder: tools that watch a project and run its tests again do not see it.

    Args:
        root: The cache's folder.
        name: The entry.
        kind: `lock`, which is held while the entry is built, replaced or removed; `holder`, who
            holds it; `used`, which is touched whenever the entry is served, so that its time is
            the last use; `readers`, the folder where the processes that read the entry leave their
            marks; or `guard`, the lock of that folder.
    """
    return root / ".locks" / f"{name}.{kind}"
