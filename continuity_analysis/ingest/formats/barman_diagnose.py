"""Barman diagnose: the catalogue of every server at once, with the begin and the error of backups that failed.

Get it with: ``barman diagnose | jq 'del(.servers[].config, .servers[].status)'``, regularly: what was deleted is no
longer there. Rows are those of `barman_list_backups`: id, asset and location are made alike. What is left out is the
configuration, which may hold passwords; nothing is read of it.

- With `-f json` the same text stands in a message (`_INFO`), and is read there.
- Times have an offset; in old releases they are written like "Mon Nov 23 02:01:50 2026", in a zone that is not told and
  need not be the server's: they are not read, and unknown.
- The end may lie before the begin in real catalogues; both are kept as they stand.
- WAITING_FOR_WALS is copied but not yet consistent: running. One that was killed may stay STARTED for ever.
- Later moments can be restored from archived log, of which nothing here tells the time: the exposure from this listing
  alone is too long, on the safe side.
- `deduplicated_size` is what it added on storage; the size that the other lists give includes the log and is not here.

Checked against: real output of 3.4 (the samples of this project were written by it) and 3.19, with PostgreSQL 15, and
excerpts of real catalogues quoted by others.
"""

import json

from continuity_analysis.ingest.formats import _barman

CONTAINER = "json"
FIELDS = {"raw": "$raw", "servers": "servers", "message": "_INFO[0]"}
EXPORT = "listing"
OBSERVED = "global.system_info.timestamp"


def recognises(head) -> bool:
    """Whether it says both what the whole is and what its servers are, plainly or in a message."""
    said = head.first.get("_INFO")
    first = head.first
    if isinstance(said, list) and said and str(said[0]).lstrip().startswith('{\n    "global"'):
        first = _opened(str(said[0]))
    servers = first.get("servers")
    return isinstance(first.get("global"), dict) and isinstance(servers, dict) and "config" in first["global"]


def _opened(text: str) -> dict:
    try:
        return json.loads(text)
    except ValueError:
        return {}


def _moment(name: str) -> str:
    """SQL of a moment that has an offset, or is none at all; one in the old spelling is unknown."""
    text = f"backup->>'{name}'"
    return f"CASE WHEN NOT regexp_full_match({text}, '[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} .*') THEN moment({text}) END"


REJECTS = {
    "expected the servers, got none": """servers IS NULL AND NOT json_valid(message)""",
}
TABLES = {
    "backups": f"""
        WITH whole AS (
            SELECT record_no, json_extract(CASE WHEN servers IS NULL THEN message ELSE raw END, '$.servers') AS servers
            FROM records
        ), each AS (
            SELECT record_no, servers, unnest(json_keys(servers)) AS server FROM whole
        ), catalogues AS (
            SELECT record_no, server, json_extract(servers, '$."' || server || '".backups') AS backups FROM each
        ), listed AS (
            SELECT record_no, server, backups, unnest(json_keys(backups)) AS id FROM catalogues
        ), opened AS (
            SELECT record_no, server, id, json_extract(backups, '$."' || id || '"') AS backup FROM listed
        ), told AS (
            SELECT *, backup->>'status' AS phase, backup->>'mode' AS mode, backup->>'parent_backup_id' AS parent,
                {_moment("end_time")} AS end_at
            FROM opened
        )
        SELECT record_no, server || '/' || id AS backup_id, server AS asset, {_barman.LOCATION} AS location,
            CASE WHEN mode = 'snapshot' THEN 'snapshot' WHEN parent IS NOT NULL THEN 'incremental' ELSE 'full' END
                AS method, server || '/' || parent AS parent_id, {_barman.STATUS} AS status,
            {_moment("begin_time")} AS started_at, {_barman.recovery_point("end_at")},
            backup->>'deduplicated_size' AS stored_bytes, backup->>'error' AS error
        FROM told""",
}
