"""restic backup: the messages of `restic backup --json`, with its exit code, which `restic snapshots` cannot know.

Get it with: ``(restic backup --json PATHS; echo "{\\"message_type\\":\\"exit\\",\\"code\\":$?}") >> restic.ndjson``

- Only the summary and the exit code are read; progress, of some ten lines a second, is ignored.
- Exit code 0 is completed, 3 partial (a snapshot was written, but some files could not be read), all others failed.
  The code is that of the summary before it; `exit_error`, which newer versions print, is read alike. Without a code the
  status is unknown: the summary of a partial run looks like that of a good one.
- 0.14 ends with code 0 though a path was missing: nothing here tells.
- A run that failed before its summary has neither time nor snapshot: its row says only that it failed.
- `backup_start` and `backup_end` are there since 0.17; before that no moment is known. The data is no newer than the
  start.
- A dry run, and a run that was skipped as nothing had changed, leave no snapshot: no row.
- The snapshot's id is cut to 8 places in old versions, and is then not the one that `restic_snapshots` has.
- Neither host nor paths are told: the asset is "restic" unless `sources` of the catalogue states `asset`, best as
  "host:paths" as `restic_snapshots` has it.

Checked against: real output of 0.14 and summaries of 0.17 to 0.19 quoted by others; `exit_error` after the vendor's
documentation.
"""

CONTAINER = "json"
KEY = None
FIELDS = {
    "type": "message_type",
    "code": "code",
    "message": "message",
    "id": "snapshot_id",
    "dry_run": "dry_run",
    "backup_start": "backup_start",
    "backup_end": "backup_end",
    "size_bytes": "total_bytes_processed",
    "stored_bytes": ("data_added_packed", "data_added"),
    "file": "$file",
}
EXPORT = "events"
MESSAGES = ("status", "verbose_status", "summary", "error", "exit", "exit_error")


def recognises(head) -> bool:
    """Whether it holds messages of a backup, and none of a restore or a check, and no other text."""
    other = any(word in head.text for word in ('"files_restored"', '"num_errors"', '"total_restored"'))
    plain = all(line.startswith("{") for line in head.text.split("\n")[:200] if line.strip())
    return head.first.get("message_type") in MESSAGES and plain and not other


IGNORES = {
    "progress": "type IN ('status', 'verbose_status')",
    "an error on one file: the exit code counts": "type = 'error'",
}
REJECTS = {
    "message_type: expected summary or exit": "coalesce(type, '') NOT IN ('summary', 'exit', 'exit_error')",
    "code: expected a whole number": "starts_with(type, 'exit') AND try_cast(code AS INT) IS NULL",
}
TABLES = {
    "backups": """
        WITH near AS (
            SELECT *, lead(type) OVER w AS next_type, lead(code) OVER w AS next_code,
                CASE WHEN type = 'summary' THEN lead(message) OVER w END AS next_message, lag(type) OVER w AS before
            FROM records WINDOW w AS (ORDER BY record_no)
        ), told AS (
            SELECT *, CASE WHEN type <> 'summary' THEN code WHEN starts_with(next_type, 'exit') THEN next_code END
                AS ended
            FROM near
        )
        SELECT record_no, 'restic' AS asset, 'repository' AS location, 'snapshot' AS method,
            CASE WHEN type = 'summary' THEN id ELSE 'run/' || file || '/' || record_no END AS backup_id,
            CASE WHEN ended = '0' THEN 'completed' WHEN ended = '3' THEN 'partial' WHEN ended IS NOT NULL THEN 'failed'
                END AS status,
            backup_start AS started_at,
            CASE WHEN status IS DISTINCT FROM 'failed' THEN backup_start END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            backup_end AS finished_at, size_bytes, stored_bytes,
            CASE WHEN ended <> '0' THEN concat_ws(': ', 'exit code ' || ended, coalesce(message, next_message)) END
                AS error
        FROM told
        WHERE CASE WHEN type = 'summary' THEN id <> '' AND dry_run IS DISTINCT FROM 'true'
            ELSE code <> '0' AND coalesce(before, '') NOT IN ('summary', 'exit_error') END""",
}
