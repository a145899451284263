"""pgBackRest logs of expiry: when which backup was removed.

Get it with: the file ``STANZA-expire.log`` of `log-path` (/var/log/pgbackrest). Say the host's zone (`timezone`): the
times have none.

- A removal is a row of the backup's own id with status deleted. Beside `pgbackrest_info` or `pgbackrest_log` it says to
  the moment when the backup was gone; listings say only between which two of them.
- What expiry is about to remove is named before (`expire full backup set …`); only what it says it removes counts.
- A dry run writes the same lines with a mark in front: nothing was removed.
- Segments of archived log that are removed with the backups that need them are not read.
- Removal by `stanza-delete`, or by hand, leaves no line.
- The repository stands on the line; releases that know only one do not name it.

Checked against: real logs of 2.45 with PostgreSQL 15 (a sample of this project was written by it), and output of
2.59 in its user guide.
"""

from continuity_analysis.ingest.formats import _pgbackrest

CONTAINER = "lines"
FIELDS = _pgbackrest.FIELDS | {
    "removed": _pgbackrest.INFO + r"(?:repo\d+: )?remove expired backup (\S+)",
    "removed_from": _pgbackrest.INFO + r"repo(\d+): remove expired backup ",
}
NAIVE = ("at_text",)
EXPORT = "events"


def recognises(head) -> bool:
    """Whether the first run in it is an expiry."""
    return _pgbackrest.begins_with(head, "expire")


IGNORES = _pgbackrest.ignores("'expire'", "removed")
REJECTS = _pgbackrest.REJECTS
TABLES = {
    "backups": f"""{_pgbackrest.RUNS}, runs AS (SELECT run, max(stanza) AS asset FROM lines GROUP BY run)
        SELECT record_no, 'repo' || coalesce(removed_from, '1') AS location, asset, 'deleted' AS status,
            asset || '/' || location || '/' || removed AS backup_id, at_text AS observed_at
        FROM lines JOIN runs USING (run) WHERE removed IS NOT NULL""",
}
