"""pgBackRest logs of verification: which backups were read in full and found good or damaged.

Get it with: ``pgbackrest --stanza=STANZA --output=text --verbose verify``, whose verdicts stand in the file
``STANZA-verify.log`` of `log-path` (/var/log/pgbackrest), or on its own output with ``--log-level-console=info``. Say
the host's zone (`timezone`): the times have none.

- Without `--output=text` no verdict is written, and without `--verbose` only those on damaged backups.
- A run "completed successfully" whatever it found: the status of the backup counts.
- Every file of the backup is read and compared with its checksum (full_read); the log that recovery needs is checked
  apart, and what is found there is not read: a backup that passed may still lack some of it.
- The verdict stands on a line without a time; it is taken as of the end of its run.
- What is printed stands there twice, in the message and by itself.
- A backup of which the manifest is missing cannot be restored: failed, though nothing of it was read.

Checked against: real logs of 2.45 with PostgreSQL 15 (the samples of this project were written by it), one with a
damaged file.
"""

from continuity_analysis.ingest.formats import _pgbackrest

CONTAINER = "lines"
FIELDS = _pgbackrest.FIELDS | {
    "continues": r"^(\s|-+PROCESS START-+|stanza: |status: )",
    "repository": _pgbackrest.REPOSITORY,
    "first_repository": _pgbackrest.FIRST_REPOSITORY,
    "label": r"^ +backup: ([^\s,]+), status: ",
    "verdict": r"^ +backup: [^\s,]+, status: ([^,]+)",
}
NAIVE = ("at_text",)
EXPORT = "events"


def recognises(head) -> bool:
    """Whether the first run in it is a verification."""
    return _pgbackrest.begins_with(head, "verify")


IGNORES = _pgbackrest.ignores("'verify'", "repository", "label") | {
    _pgbackrest.CONTINUES: "continues IS NOT NULL AND label IS NULL",
    "a backup that was still being made": "verdict = 'in-progress'",
}
REJECTS = _pgbackrest.REJECTS | {
    "status of a backup: expected valid, invalid or manifest missing, got something else": """label IS NOT NULL
        AND coalesce(verdict, '') NOT IN ('valid', 'invalid', 'manifest missing')"""
}
TABLES = {
    "backups": f"""{_pgbackrest.RUNS}, timed AS (
            SELECT *, max(moment(at_text)) OVER (PARTITION BY run) AS told_at FROM lines
        ), runs AS (
            SELECT run, max(stanza) AS asset, {_pgbackrest.LOCATION} AS location FROM lines GROUP BY run
        )
        SELECT min(record_no) AS record_no, asset || '/' || location || '/' || label AS backup_id, asset, location,
            min(told_at) AS verified_at, min(told_at) AS observed_at,
            CASE WHEN verdict <> 'manifest missing' THEN 'full_read' END AS verified_by,
            CASE WHEN verdict = 'valid' THEN 'passed' ELSE 'failed' END AS verified_result
        FROM timed JOIN runs USING (run) WHERE label IS NOT NULL GROUP BY run, asset, location, label, verdict""",
}
