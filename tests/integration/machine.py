"""What this machine allows: disks to mount, privileges to give up, folders to close."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path


def may_mount() -> bool:
    """Tell whether this user may mount a file system in a namespace of a process's own."""
    if shutil.which("unshare") is None:
        return False
    probe = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def without_privilege() -> list[str]:
    """Return what to put before a command so that modes and owners of files hold, even for root."""
    if os.geteuid() != 0:
        return []
    rights = "-dac_override,-dac_read_search,-fowner,-chown"
    return ["setpriv", f"--inh-caps={rights}", f"--bounding-set={rights}"]


def close(folder: Path) -> None:
    """Take away the right to write to a folder, and give it to somebody else where root may."""
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
        if os.geteuid() == 0:
            os.chown(path, 65534, 65534)


def read_only(folder: Path) -> list[str]:
    """Return what to put before a command so that it cannot write to a folder."""
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    before = ["unshare", "-rm", "sh", "-c", script, str(folder)]
    if may_mount() and subprocess.run([*before, "true"], check=False).returncode == 0:
        return before
    close(folder)
    return without_privilege()
