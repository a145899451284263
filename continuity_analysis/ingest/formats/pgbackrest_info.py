"""pgBackRest info: the base backups of every stanza in every repository.

Get it with: ``pgbackrest info --output=json``, regularly: expired backups are no longer there.

- Only completed backups are listed: a failed or killed one leaves no trace, and a running one is only a lock
  (`status.lock.backup.held`, which expiry holds too): no row is made of it.
- A backup is consistent at its stop, not at its start.
- `error` true means that pages failed their checksum, in a backup that otherwise succeeded: partial.
- All repositories stand in one list; a label is unique only within stanza and repository, so the id is
  "stanza/repo1/label" and the location "repo1". A label is named in the host's zone and is not read as a time.
- A differential or incremental backup needs `prior`, and with it everything that one needs.
- With log archiving one can restore to later moments, but `archive` names segments, not times: the exposure from this
  listing alone is too long, on the safe side.
- A stanza without backups, missing, or different across repositories (`status.code`) gives no row.
- `size_bytes` is the database, `stored_bytes` what this backup added to the repository.

Checked against: real output of 2.45 with PostgreSQL 15 (the samples of this project were written by it).
"""

CONTAINER = "json"
KEY = "backup"
FIELDS = {
    "label": "label",
    "stanza": "$page.name",
    "repository": "database.repo-key",
    "type": "type",
    "prior": "prior",
    "start": "timestamp.start",
    "stop": "timestamp.stop",
    "page_error": "error",
    "size_bytes": "info.size",
    "stored_bytes": "info.repository.delta",
    "stanza_status": "status.code",
}
EXPORT = "listing"
REFUSES = {
    "the text for people of pgBackRest: export it with `pgbackrest info --output=json`": (
        r"(?m)^stanza: .+\n +status: "
    ),
}


def recognises(head) -> bool:
    """Whether it is a list of stanzas, or an empty list in a file named after pgBackRest."""
    if not head.first:
        return "pgbackrest" in head.name.lower() and head.text.strip() == "[]"
    return {"name", "status", "cipher", "db"} <= head.first.keys()


IGNORES = {"stanza without a list of backups": "stanza_status IS NOT NULL"}
TABLES = {
    "backups": """
        WITH told AS (SELECT *, 'repo' || coalesce(repository, '1') AS location FROM records)
        SELECT record_no, stanza || '/' || location || '/' || label AS backup_id, stanza AS asset, location,
            CASE type WHEN 'incr' THEN 'incremental' WHEN 'diff' THEN 'differential' ELSE type END AS method,
            stanza || '/' || location || '/' || prior AS parent_id,
            CASE WHEN page_error = 'true' THEN 'partial' ELSE 'completed' END AS status,
            CASE WHEN page_error = 'true' THEN 'pages failed their checksum' END AS error,
            epoch_s(start) AS started_at, epoch_s(stop) AS recovery_point_at,
            CASE WHEN stop IS NOT NULL THEN 'backup_end' END AS recovery_point_basis, epoch_s(stop) AS finished_at,
            size_bytes, stored_bytes
        FROM told""",
}
