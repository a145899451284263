"""A lock on a run's folder, so that two runs never write into it at once.

It is the system's own lock on an open file: it ends with the process that holds it, however that ends, so that there is
no stale lock to remove by hand. Systems without `fcntl` (Windows) have none, and neither have object stores.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from continuity_analysis.errors import InputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

KEPT = ".continuity"
"""Folder below a run's folder that holds what the program keeps for itself."""
LOCK = "lock"
_EVERY = 0.2  # seconds between two looks at a lock


@contextlib.contextmanager
def locked(folder: Path, *, wait: float = 0) -> Iterator[None]:
    """Hold the lock of a folder; folders made for it are removed again if nothing was written into them.

    Parameters
    ----------
    folder : Path
        Of the run; made if it is not there.
    wait : float
        How long to wait for another run to end [s].

    Raises
    ------
    InputError
        If another run still holds it.
    """
    kept = folder / KEPT
    made = [place for place in (kept, folder, *folder.absolute().parents) if not place.exists()]
    held = _taken(kept / LOCK, until=time.monotonic() + wait)
    try:
        yield
    finally:
        (kept / LOCK).unlink(missing_ok=True)  # while it is held: nobody else has this very file
        os.close(held)
        with contextlib.suppress(OSError):  # somebody wrote into it, which is the rule
            for place in made:
                place.rmdir()


def _taken(file: Path, *, until: float) -> int:
    """The descriptor of the lock file, locked by this process."""
    while True:
        descriptor = _try(file)
        if descriptor is not None:
            return descriptor
        if time.monotonic() >= until:
            raise InputError(
                f"Expected to be the only run into {file.parents[1]}, got another that is still running: "
                "wait for it (--wait SECONDS does), or name another folder with --out."
            )
        time.sleep(_EVERY)


def _try(file: Path) -> int | None:
    """Lock the file that stands in its place now, or None if another process has it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except FileNotFoundError:  # a run that ended removed the folder in between
        return None
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_ino == file.stat().st_ino:
            return descriptor
    except (BlockingIOError, FileNotFoundError):  # held, or removed by the run that had it
        pass
    os.close(descriptor)
    return None
