"""Barman's log: begin and end of every backup run, and how those that failed did so.

Get it with: the file that `log_file` of barman.conf names (/var/log/barman/barman.log), with the older ones beside it.
Say the server's zone (`timezone`): the times have none.

- The lists name failed backups without any time; here they begin and end. Rows are those of `barman_list_backups`: id,
  asset and location are made alike.
- Lines of one process belong together (`[pid]`). One process may back up several servers one after the other, so that
  only the first end after a begin counts; numbers of processes come again.
- A failure without a begin names neither server nor backup: ignored. So is a check that kept a backup from starting.
- A run that was killed has no end: it failed once another one of its server begins. The last one may still run: no row.
- "Backup completed" says that files were copied. Whether the log that a backup needs has arrived, only the lists say:
  status and recovery point are unknown here. Alone, this log shows runs, not what can be restored.
- Deletions are not read: a listing that is declared complete shows them. Restores log no end: see `barman_recover`.
- Other lines, and tracebacks, say nothing of runs.

Checked against: real logs of 3.4 (the sample of this project was written by it) and 3.19, with PostgreSQL 15.
"""

import re

from continuity_analysis.ingest.formats import _barman

CONTAINER = "lines"
_LINE = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},\d{3} \[\d+\] barman\.backup "
FIELDS = {
    "at_text": r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},\d{3}) \[\d+\] ",
    "process": r"^\S+ \S+ \[(\d+)\] ",
    "server": _LINE + r"INFO: Starting backup (?:using \S+ method )?for server (\S+) in ",
    "id": _LINE + r"INFO: Starting backup (?:using \S+ method )?for server \S+ in \S*/(\d{8}T\d{6})",
    "completed": _LINE + r"INFO: (Backup completed) ",
    "failed": _LINE + r"ERROR: (Backup failed .+)",
    "details": r"^DETAILS: (.+)",
}
NAIVE = ("at_text",)
EXPORT = "events"


def recognises(head) -> bool:
    """Whether there are lines of Barman's own modules, each with the number of a process."""
    return re.search(r"(?m)^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},\d{3} \[\d+\] barman\.\w+ ", head.text) is not None


IGNORES = {
    "goes on with the line before": "at_text IS NULL AND details IS NULL",
    "tells neither the begin nor the end of a backup": "coalesce(server, completed, failed, details) IS NULL",
    "the end of a backup whose begin is not told": """coalesce(completed, failed) IS NOT NULL
        AND lag(CASE WHEN server IS NOT NULL THEN 'begin' WHEN coalesce(completed, failed) IS NOT NULL THEN 'end' END
            IGNORE NULLS) OVER (PARTITION BY process ORDER BY record_no) IS DISTINCT FROM 'begin'""",
}
TABLES = {
    "backups": f"""
        WITH lines AS (
            SELECT *, max(CASE WHEN server IS NOT NULL THEN record_no END)
                    OVER (PARTITION BY process ORDER BY record_no) AS run,
                CASE WHEN lead(record_no) OVER whole = record_no + 1 THEN lead(details) OVER whole END AS why
            FROM records WINDOW whole AS (ORDER BY record_no)
        ), runs AS (
            SELECT run, max(server) AS server, max(id) AS id, min(at_text) FILTER (server IS NOT NULL) AS started_at,
                max(at_text) FILTER (server IS NULL) AS ended_at, max(completed) AS completed,
                max(concat_ws(' ', failed, why)) AS failed
            FROM lines GROUP BY run
        ), told AS (
            SELECT *, ended_at IS NULL AS endless, lead(run) OVER (PARTITION BY server ORDER BY run) AS next FROM runs
        )
        SELECT run AS record_no, server || '/' || id AS backup_id, server AS asset, {_barman.LOCATION} AS location,
            CASE WHEN completed IS NULL THEN 'failed' END AS status, started_at, ended_at AS finished_at,
            CASE WHEN endless THEN 'killed: it has no end, and another run began' ELSE failed END AS error
        FROM told WHERE NOT endless OR next IS NOT NULL""",
}
