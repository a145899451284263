"""Barman show-backup: one backup in full.

Get it with: ``barman -f json show-backup SERVER ID`` (or `latest`), after each backup; one file may hold many, one
after the other. Rows complete those of `barman_list_backups`: id, asset and location are made alike.

- Of a backup that failed or has not ended only id, status and error are here.
- The times of `base_backup_information` have an offset; where one has not, as in old versions, its timestamp is read.
- The end may lie before the begin in real catalogues; both are kept as they stand.
- `previous_backup` is its neighbour in the catalogue, or prose, and not what it needs; `parent_backup_id` is.
- `size_bytes` includes the log that the backup needs; `stored_bytes` is what it added to those before.
- WAITING_FOR_WALS, later moments from archived log, `rsync`, OBSOLETE: as for `barman_list_backups`.

Checked against: real output of 3.4 (a sample of this project was written by it) and 3.19, with PostgreSQL 15;
incremental backups against neither.
"""

import re

from continuity_analysis.ingest.formats import _barman

CONTAINER = "json"
FIELDS = {"raw": "$raw"}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is one backup under the name of its server."""
    servers = [value for name, value in head.first.items() if not name.startswith("_")]
    if len(servers) != 1 or not isinstance(servers[0], dict) or "status" not in servers[0]:
        return False
    return re.fullmatch(r"\d{8}T\d{6}", str(servers[0].get("backup_id"))) is not None


def _base(*names: str) -> str:
    return "coalesce(" + ", ".join(f"shown->'base_backup_information'->>'{name}'" for name in names) + ")"


def _moment(name: str) -> str:
    """SQL of a moment: the one with a fraction where it has an offset, else the whole seconds."""
    text = _base(name)
    return f"""CASE WHEN regexp_full_match({text}, '.*[0-9][+-][0-9:]+') THEN moment({text})
                ELSE epoch_s({_base(f"{name}_timestamp")}) END"""


TABLES = {
    "backups": f"""
        WITH named AS (
            SELECT record_no, raw, list_filter(json_keys(raw), lambda k: NOT starts_with(k, '_'))[1] AS server
            FROM records),
        opened AS (SELECT record_no, server, json_extract(raw, '$."' || server || '"') AS shown FROM named),
        told AS (
            SELECT *, shown->>'status' AS phase, shown->>'backup_type' AS type, {_moment("end_time")} AS end_at,
                shown->'catalog_information'->>'parent_backup_id' AS parent
            FROM opened)
        SELECT record_no, server || '/' || (shown->>'backup_id') AS backup_id, server AS asset,
            {_barman.LOCATION} AS location, {_barman.METHOD} AS method, {_barman.STATUS} AS status,
            CASE WHEN type = 'incremental' THEN server || '/' || parent END AS parent_id,
            {_moment("begin_time")} AS started_at, {_barman.recovery_point("end_at")},
            {_base("backup_size_with_wals_bytes", "disk_usage_with_wals_bytes")} AS size_bytes,
            {_base("incremental_size_bytes")} AS stored_bytes, shown->>'error' AS error
        FROM told""",
}
