"""restic restore: the messages of `restic restore --json`, with the moment it began and its exit code.

Get it with: ``(date +'{"message_type":"begin","at":"%FT%T%:z","snapshot":"ID"}'; restic restore ID --target DIR --json;
echo "{\\"message_type\\":\\"exit\\",\\"code\\":$?}") >> restores.ndjson``, ID in both places.

- restic tells neither when a restore began nor of which snapshot: the line before it does. A summary without that line
  has no place in time and is rejected.
- What elapsed is told in whole seconds, and only by the summary (since 0.16): the end is early by less than a second.
- Exit code 0 is completed, all others failed; without a code the outcome is unknown. `exit_error`, which newer versions
  print, is read alike.
- Files are back when it ends; nothing is told of a service: the scope is data. Whether it was a drill is not told.
- Neither host nor paths are told: the asset is "restic" unless `sources` of the catalogue states `asset`.

Checked against: summaries of 0.16 to 0.18 quoted by others and the vendor's documentation; 0.14 prints text.
"""

CONTAINER = "json"
FIELDS = {
    "type": "message_type",
    "at_text": "at",
    "snapshot": "snapshot",
    "elapsed": "seconds_elapsed",
    "bytes": ("bytes_restored", "total_bytes"),
    "code": "code",
    "message": "message",
}
EXPORT = "events"


def recognises(head) -> bool:
    """Whether it holds a begin as the command above writes it, or messages of a restore."""
    told = head.first.get("message_type")
    begun = told == "begin" and {"at", "snapshot"} <= head.first.keys()
    return begun or (told in ("status", "verbose_status", "summary") and '"files_restored"' in head.text)


IGNORES = {
    "progress": "type IN ('status', 'verbose_status')",
    "an error on one file: the exit code counts": "type = 'error'",
}
_LAST = """lag(CASE WHEN type IN ('begin', 'exit', 'exit_error') THEN type END IGNORE NULLS)
    OVER (ORDER BY record_no)"""
REJECTS = {
    "message_type: expected begin, summary or exit": """coalesce(type, '')
        NOT IN ('begin', 'summary', 'exit', 'exit_error')""",
    "code: expected a whole number": "starts_with(type, 'exit') AND try_cast(code AS INT) IS NULL",
    "seconds_elapsed: expected a whole number": "type = 'summary' AND try_cast(elapsed AS UINTEGER) IS NULL",
    "begin: expected its moment and the snapshot": "type = 'begin' AND (at_text IS NULL OR snapshot IS NULL)",
    "without the line that says when the restore began": f"""type <> 'begin' AND {_LAST} IS DISTINCT FROM 'begin'
        AND NOT (type = 'exit' AND coalesce({_LAST}, '') = 'exit_error')""",
}
TABLES = {
    "recoveries": """
        WITH runs AS (SELECT *, count(*) FILTER (type = 'begin') OVER (ORDER BY record_no) AS run FROM records),
        told AS (
            SELECT min(record_no) AS record_no, max(at_text) AS at_text, max(snapshot) AS snapshot,
                max(elapsed)::UINTEGER AS elapsed, max(bytes) AS bytes, max(code)::INT AS code,
                max(message) AS message
            FROM runs GROUP BY run
        )
        SELECT record_no, 'restic' AS asset, 'restore' AS kind, 'data' AS scope, snapshot AS backup_id,
            concat_ws('/', snapshot, at_text) AS recovery_id, at_text AS started_at,
            CASE WHEN code = 0 THEN 'completed' WHEN code IS NOT NULL THEN 'failed' END AS status,
            moment(at_text) + to_seconds(elapsed) AS finished_at,
            CASE WHEN code = 0 THEN finished_at END AS data_restored_at, bytes AS size_bytes,
            CASE WHEN code <> 0 THEN concat_ws(': ', 'exit code ' || code, message) END AS findings
        FROM told""",
}
