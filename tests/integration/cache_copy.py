"""A cache for each test to change, and what the commands say of it."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from tests.integration.cache_process import see
from tests.integration.command import TINY_ROWS, names, run_here

SEEDS = (7, 8, 9)
ROWS = sum(TINY_ROWS.values())
FRAME = {".gitignore", ".locks", "CACHEDIR.TAG"}  # what makes a folder a cache


def build_cache(folder: Path) -> Path:
    """Make a cache of three lakes, which nobody reads any more."""
    for seed in SEEDS:
        assert see(folder, seed=seed)["error"] == ""
    return folder


def on_cache(root: Path, *args: str) -> CompletedProcess[str]:
    """Run a command on a cache, from a folder beside it."""
    return run_here(root.parent, "cache", *args, BRONZE_CACHE_DIR=str(root))


def output(root: Path, *args: str) -> str:
    """Return what a command says that does what it is told."""
    done = on_cache(root, *args)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def output_json(root: Path, *args: str) -> dict[str, Any]:
    """Return the JSON object of such a command."""
    said: dict[str, Any] = json.loads(output(root, *args, "--json"))
    assert said["path"] == str(root)
    return said


def entry_of(root: Path, seed: int) -> Path:
    """Return the folder of the entry with a seed."""
    (entry,) = root.glob(f"0.001_{seed}_standard_*")
    return entry


def whats_left(root: Path) -> list[int | str]:
    """Return the seeds of the entries in a cache, and what else is in it."""
    seeds = {entry_of(root, seed).name: seed for seed in SEEDS if [*root.glob(f"0.001_{seed}_*")]}
    return [seeds.get(name, name) for name in names(root) if name not in FRAME]
