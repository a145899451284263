"""BorgBackup list: the archives that a repository still holds.

Get it with: ``borg list --json REPOSITORY``, regularly and for the whole of it: `prune` and `delete` leave no trace.

- Borg 1 prints local times of the machine on which `list` ran, without an offset: state the zone of that machine. One
  archive printed in two zones is two hours of the day. Borg 2 prints an offset, which counts.
- Files are read one after the other: the start is the safe choice for the moment whose data it holds. It can be set at
  will (`--timestamp`), and lags the time in the archive's name, which is not read.
- There is no end and no size, unless `--format '{end}'` asks for the former; `borg_info` has both.
- A run that could not read some files (exit code 1) leaves the same entry as a good one, and a failed run leaves none:
  the status is unknown. What an interrupted run leaves is called `.checkpoint`, listed only when asked for
  (`--consider-checkpoints`), and ignored.
- Host and paths are not here. The asset is "repository::name", without what follows a date in the name; archives whose
  names hold no date are an asset each.

Checked against: real output of 1.2.4 (a sample of this project was written by it); Borg 2 was not tried.
"""

from continuity_analysis.ingest.formats import _borg

CONTAINER = "json"
KEY = "archives"
FIELDS = _borg.FIELDS
NAIVE = ("start", "end")
EXPORT = "listing"
REFUSES = {
    "what borg says of a repository, or logs, without its archives: export `borg list --json REPOSITORY`": (
        r'^\{\s*"cache": ?\{|^\{"type": ?"(log_message|question_|progress_)'
    ),
}
SCOPE = "repository"


def recognises(head) -> bool:
    """Whether it is a repository with its archives, without what only `info` tells."""
    archives = head.first.get("archives")
    if not {"encryption", "repository"} <= head.first.keys() or not isinstance(archives, list):
        return False
    return "cache" not in head.first and not any("stats" in archive for archive in archives[:1])


IGNORES = _borg.IGNORES
TABLES = {"backups": f"SELECT {_borg.COLUMNS} FROM records"}
