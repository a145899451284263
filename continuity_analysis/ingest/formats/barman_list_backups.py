"""Barman list-backups: what the catalogue of each server holds.

Get it with: ``barman -f json list-backups all``, regularly: what was deleted is no longer there.

- `end_time` has no zone; `end_time_timestamp` is read instead. There is no begin: `barman_show_backup` has it.
- A backup that failed or has not ended has no time at all but its id, which is named in the server's zone and is not
  read as a time. One that was killed may stay STARTED for ever.
- WAITING_FOR_WALS is copied but not yet consistent: running.
- Later moments can be restored from archived log, of which nothing here tells the time: the exposure from this listing
  alone is too long, on the safe side.
- OBSOLETE can still be restored until it is deleted; nothing says when that will be.
- Ids are unique only within a server: the id is "server/id". The catalogue is not named: the location is "catalogue".
- `size_bytes` includes the log that the backup needs. An incremental one needs its parent, which is not named here.
- `rsync` backups are whole ones.
- Messages stand beside the servers under `_INFO`, `_WARNING` and `_ERROR`; each is rejected as being no backup.

Checked against: real output of 3.4 (a sample of this project was written by it) and 3.19, with PostgreSQL 15.
"""

import re

from continuity_analysis.ingest.formats import _barman

CONTAINER = "json"
KEY = "*"
FIELDS = {
    "server": "$key",
    "id": "backup_id",
    "type": "backup_type",
    "phase": "status",
    "end_at": "end_time_timestamp",
    "size_bytes": "size_bytes",
}
EXPORT = "listing"
REFUSES = {
    "the text for people of Barman: export it with `barman -f json list-backups all`": (
        r"(?m)^\S+ \d{8}T\d{6} .*- Size: .* - WAL Size: |^Backup \d{8}T\d{6}:$"
    ),
    "Barman check: a health check without a moment: export `barman -f json list-backups all`": (
        r'^\{"[^"]+": ?\{"[a-z_]+": ?\{"hint": '
    ),
    "what Barman printed during a backup, without moments: export `barman -f json list-backups all`": (
        r'(^\{"_INFO": ?\["|(?m:^))Starting backup using '
    ),
}


def recognises(head) -> bool:
    """Whether it is lists of backups by server, or only empty ones in a file named after Barman."""
    servers = [value for name, value in head.first.items() if not name.startswith("_")]
    if not servers or not all(isinstance(value, list) for value in servers):
        return False
    first = next((value[0] for value in servers if value), None)
    if first is None:
        return "barman" in head.name.lower()
    stamped = isinstance(first, dict) and re.fullmatch(r"\d{8}T\d{6}", str(first.get("backup_id")))
    return bool(stamped) and "status" in first


TABLES = {
    "backups": f"""
        SELECT record_no, server || '/' || id AS backup_id, server AS asset, {_barman.LOCATION} AS location,
            {_barman.METHOD} AS method, {_barman.STATUS} AS status, {_barman.recovery_point("epoch_s(end_at)")},
            size_bytes
        FROM records""",
}
