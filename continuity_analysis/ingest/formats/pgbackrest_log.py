"""pgBackRest logs of backups and restores: every run, also those that failed and that `info` never shows.

Get it with: the files ``STANZA-backup.log`` and ``STANZA-restore.log`` of `log-path` (/var/log/pgbackrest), or what a
run prints with ``--log-level-console=info``. Say the host's zone (`timezone`): the times have none. The level for the
file must be info or above, as it is by default, and `log-timestamp` must not be off.

- A backup that was made has the same id as in `pgbackrest_info`, "stanza/repo1/label", so that both are one row; a run
  that failed has none but its own.
- A run that was killed has no end: it failed once another one begins. One at the end of the file may still run: no row.
- A run that meets the lock ends with [050], in the middle of the one that holds it. That one goes on.
- Pages that failed their checksum are a warning, and the run "completed successfully": partial.
- A backup is consistent from when its stop is executed, not from its begin; it is usable once the command has ended.
- The repository is told on the line of the begin, or on the next one where several are there and none was asked for.
- A restore has copied files when it ends. The server then still replays its log, of which nothing is told here: the
  scope is data. Which moment's data that is, is not told either.
- Sizes are rounded and not kept. A label is named in the host's zone and is not read as a time.
- Expiry and verification are read from their own logs: `pgbackrest_expire_log`, `pgbackrest_verify_log`.
- Where a log was cut, what belongs to a run whose begin is missing is ignored. Runs of several stanzas may stand in one
  file, but not at the same time: their lines could not be told apart.

Checked against: real logs of 2.45 with PostgreSQL 15 (samples of this project were written by it), and output of 2.59
in its user guide.
"""

from continuity_analysis.ingest.formats import _pgbackrest

CONTAINER = "lines"
FIELDS = _pgbackrest.FIELDS | {
    "repository": (*_pgbackrest.REPOSITORY, _pgbackrest.INFO + r"repo(\d+): restore backup set "),
    "first_repository": _pgbackrest.FIRST_REPOSITORY,
    "label": _pgbackrest.INFO + r"new backup label = (\S+)",
    "prior": _pgbackrest.INFO + r"last backup label = ([^\s,]+)",
    "stopped": _pgbackrest.INFO + r"(execute (?:non-exclusive |exclusive )?(?:backup stop|pg_stop_backup\(\)) )",
    "bad_pages": _pgbackrest.WARN + r"(invalid page checksum)",
    "restored": _pgbackrest.INFO + r"(?:repo\d+: )?restore backup set ([^\s,]+)",
    "error": r"^\S+ \S+ P\d+ +ERROR: (\[\d+\]: .+)",
}
NAIVE = ("at_text",)
EXPORT = "events"


def recognises(head) -> bool:
    """Whether the first run in it is a backup or a restore."""
    return _pgbackrest.begins_with(head, "backup", "restore")


IGNORES = _pgbackrest.ignores(
    "'backup', 'restore'", "repository", "label", "prior", "stopped", "bad_pages", "restored", "error"
)
REJECTS = _pgbackrest.REJECTS
TOLD = f"""{_pgbackrest.RUNS}, gathered AS (
        SELECT run, max(began) AS command, max(stanza) AS stanza, {_pgbackrest.LOCATION} AS location,
            max(ended) AS ending,
            min(moment(at_text)) FILTER (began IS NOT NULL) AS began_at,
            max(moment(at_text)) FILTER (ended IS NOT NULL) AS ended_at,
            max(moment(at_text)) FILTER (stopped IS NOT NULL) AS stopped_at,
            max(label) AS label, max(prior) AS prior, max(bad_pages) AS bad_pages, max(restored) AS restored,
            arg_max(error, record_no) AS error, coalesce(max(exec_id), began_at::VARCHAR) AS own_id
        FROM lines GROUP BY run
    ), judged AS (
        SELECT *, starts_with(ending, 'completed successfully') AS done,
            ending IS NULL AND run < max(CASE WHEN starts_with(error, '[050]') THEN NULL ELSE run END)
                OVER (PARTITION BY command, stanza) AS killed
        FROM gathered
    ), told AS (
        SELECT *, run AS record_no,
            CASE WHEN NOT done THEN coalesce(error, ending) WHEN killed THEN
                coalesce(error, 'killed: it has no end, and another run began') END AS trouble
        FROM judged WHERE ending IS NOT NULL OR killed
    )"""
TABLES = {
    "backups": f"""{TOLD}
        SELECT record_no,
            stanza || '/' || location || '/' || CASE WHEN done THEN label ELSE 'run/' || own_id END AS backup_id,
            stanza AS asset, location,
            CASE WHEN done THEN CASE right(label, 1) WHEN 'F' THEN 'full' WHEN 'D' THEN 'differential'
                WHEN 'I' THEN 'incremental' END END AS method,
            CASE WHEN method <> 'full' THEN stanza || '/' || location || '/' || prior END AS parent_id,
            CASE WHEN done THEN CASE WHEN bad_pages IS NULL THEN 'completed' ELSE 'partial' END ELSE 'failed' END
                AS status,
            CASE WHEN bad_pages IS NOT NULL AND done THEN 'pages failed their checksum' ELSE trouble END AS error,
            began_at AS started_at, ended_at AS finished_at, ended_at AS observed_at,
            CASE WHEN done THEN stopped_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'backup_end' END AS recovery_point_basis
        FROM told WHERE command = 'backup'""",
    "recoveries": f"""{TOLD}
        SELECT record_no, stanza || '/restore/' || own_id AS recovery_id, stanza AS asset, 'restore' AS kind,
            stanza || '/' || location || '/' || restored AS backup_id,
            CASE WHEN done THEN 'completed' WHEN starts_with(ending, 'terminated on signal') THEN 'aborted'
                ELSE 'failed' END AS status,
            began_at AS started_at, CASE WHEN done THEN ended_at END AS data_restored_at, ended_at AS finished_at,
            'data' AS scope, trouble AS findings
        FROM told WHERE command = 'restore'""",
}
