"""BorgBackup info and create: some archives of a repository, with their ends and sizes.

Get it with: ``borg info --json --last 10 REPOSITORY``, or ``borg create --json ...`` after each run; one file may hold
many, one after the other. Rows complete those of `borg_list`: id, asset and location are made alike.

- Local times without an offset, exit code 1, `--timestamp`, checkpoints, the asset: as for `borg_list`.
- `size_bytes` is what was backed up. `stored_bytes` is what the archive shares with no other: `create` tells what it
  was then, `info` what it is now, so it changes as others come and go.
- The archive is there once `create` has printed it; with exit code 2 nothing is printed.

Checked against: real output of 1.2.4 (samples of this project were written by it); Borg 2 was not tried.
"""

from continuity_analysis.ingest.formats import _borg

CONTAINER = "json"
KEY = ("archives", "archive")
FIELDS = _borg.FIELDS | {"size_bytes": "stats.original_size", "stored_bytes": "stats.deduplicated_size"}
NAIVE = ("start", "end")
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a repository with archives of which more is told than `list` does."""
    if not {"encryption", "repository"} <= head.first.keys():
        return False
    archives = head.first.get("archives", [head.first.get("archive")])
    if not isinstance(archives, list):
        return False
    if not archives:
        return "cache" in head.first
    return isinstance(archives[0], dict) and "stats" in archives[0]


IGNORES = _borg.IGNORES
TABLES = {"backups": f"SELECT {_borg.COLUMNS}, size_bytes, stored_bytes FROM records"}
