"""Barman recover: how long it took to copy a backup back.

Get it with: ``barman -f json recover SERVER ID DIRECTORY >> restores.json`` (`restore` in newer releases).

- It ends when files are copied; the server then replays its log, of which nothing is told here: the scope is data.
- `recovery_start_time` has an offset; where it has none, its timestamp is read. The end is the begin and what elapsed.
- Server and backup stand in the messages only (`_INFO`); without them neither is known.
- One that failed prints no time: it is listed, but counts in no duration.
- `missing_files` are parts of the log that were not there: the copy is complete, the recovery may not be.
- What is printed does not say whether it was a drill.

Checked against: real output of 3.4 (the sample of this project was written by it) and 3.19, with PostgreSQL 15.
"""

CONTAINER = "json"
FIELDS = {
    "messages": "_INFO",
    "errors": "_ERROR",
    "started": "recovery_start_time",
    "stamp": "recovery_start_time_timestamp",
    "elapsed": "recovery_elapsed_time_seconds",
    "missing": "missing_files",
    "file": "$file",
}
EXPORT = "events"


def recognises(head) -> bool:
    """Whether a recovery is timed, or its messages say that one was begun."""
    said = head.first.get("_INFO")
    begun = isinstance(said, list) and any(" restore for server " in str(message) for message in said)
    return begun or {"recovery_start_time", "recovery_elapsed_time_seconds"} <= head.first.keys()


_BEGUN = r"Starting \S+ restore for server (\S+) using backup ([^\s\"]+)"
REJECTS = {
    "recovery_elapsed_time_seconds: expected a number of seconds, got something else": """elapsed IS NOT NULL
        AND coalesce(try_cast(elapsed AS DOUBLE), -1) < 0""",
    "expected what elapsed or an error, got neither": "elapsed IS NULL AND errors IS NULL",
}
TABLES = {
    "recoveries": f"""
        WITH told AS (
            SELECT *, nullif(regexp_extract(messages, '{_BEGUN}', 1), '') AS server,
                nullif(regexp_extract(messages, '{_BEGUN}', 2), '') AS id,
                CASE WHEN regexp_full_match(started, '.*[0-9]([+-][0-9:]+|Z)') THEN moment(started)
                    ELSE epoch_s(stamp) END AS began_at
            FROM records
        )
        SELECT record_no, server AS asset, server || '/' || id AS backup_id, 'restore' AS kind, 'data' AS scope,
            concat_ws('/', server, id, coalesce(began_at::VARCHAR, file || '/' || record_no)) AS recovery_id,
            CASE WHEN elapsed IS NULL THEN 'failed' ELSE 'completed' END AS status, began_at AS started_at,
            began_at + to_microseconds(round(elapsed::DOUBLE * 1000000)::BIGINT) AS finished_at,
            finished_at AS data_restored_at,
            concat_ws(chr(10), array_to_string(errors->>'$[*]', chr(10)), 'missing files: '
                || nullif(array_to_string(missing->>'$[*]', ', '), '')) AS findings
        FROM told""",
}
