"""Bareos jobs: backups, copies and restores from the director's catalogue.

Get it with: ``printf '.api 2\\nllist jobs\\n' | bconsole``, of which the JSON answers are kept. Say the director's zone
(`timezone`): its times have none. `list jobs` names no client and is not read.

- All values are text, and keys are mostly, but not always, in small letters.
- Status T and W (with warnings) are usable, I is incomplete, E, e, f and A (cancelled) failed; letters differ by case.
  A job that waits or runs is running. "0000-00-00 00:00:00" and empty times are unknown.
- Restores stand in the same list. Verify, admin, migration and other jobs say nothing here and are ignored; so is the
  controlling job of copies (c), while the copy itself (C) is a backup. It keeps the begin of the original, which is
  the moment whose data it holds; its own end is `realendtime` (not verified).
- An asset is "client/job", as a client may have several jobs; a restore's is the client it went to.
- The id is the unique name in `job`, as numbers repeat between directors. The location is the pool.
- `purgedfiles` 1: the list of files was purged, not the data; noted only. Virtual full (level f) is full.
- `jobbytes` is what was written. Files are read one after the other: the begin is the safe choice for their moment.

Checked against: the answers quoted in the developer guide; the catalogue's types and letters in Bareos' source.
"""

CONTAINER = "json"
KEY = "result.jobs"
FIELDS = {
    "job": ("job", "Job"),
    "name": ("name", "Name"),
    "client": ("clientname", "ClientName"),
    "pool": ("poolname", "PoolName"),
    "type": ("type", "Type"),
    "level": ("level", "Level"),
    "letter": ("jobstatus", "JobStatus"),
    "began": ("starttime", "StartTime"),
    "ended": ("realendtime", "RealEndTime", "endtime", "EndTime"),
    "bytes": ("jobbytes", "JobBytes"),
    "read_bytes": ("readbytes", "ReadBytes"),
    "errors": ("joberrors", "JobErrors"),
    "purged": ("purgedfiles", "PurgedFiles"),
}
NAIVE = ("began", "ended")
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is the answer to `llist jobs`."""
    result = head.first.get("result")
    jobs = result.get("jobs") if "jsonrpc" in head.first and isinstance(result, dict) else None
    if not isinstance(jobs, list) or not jobs or not isinstance(jobs[0], dict):
        return False
    return {"jobid", "jobstatus", "clientname", "priorjobid"} <= {key.lower() for key in jobs[0]}


IGNORES = {"neither a backup, nor a copy, nor a restore": "type IN ('V', 'c', 'M', 'g', 'D', 'O', 'U', 'I', 'S')"}
REJECTS = {
    "type: expected the letter of a kind of job, got none that is known": """
        coalesce(type, '') NOT IN ('B', 'A', 'C', 'R')"""
}
TOLD = """
    WITH told AS (
        SELECT * REPLACE (nullif(began, '0000-00-00 00:00:00') AS began, nullif(ended, '0000-00-00 00:00:00') AS ended),
            CASE WHEN letter IN ('T', 'W') THEN 'completed' WHEN letter = 'I' THEN 'partial'
                WHEN letter = 'A' AND type = 'R' THEN 'aborted' WHEN letter IN ('E', 'e', 'f', 'A') THEN 'failed'
                WHEN regexp_full_match(letter, '[CRBFSmMsjcdtpialLq]') THEN 'running' ELSE letter END AS status
        FROM records
    )"""
TABLES = {
    "backups": f"""{TOLD}
        SELECT record_no, job AS backup_id, client || '/' || name AS asset, coalesce(pool, 'not stated') AS location,
            CASE level WHEN 'F' THEN 'full' WHEN 'f' THEN 'full' WHEN 'I' THEN 'incremental'
                WHEN 'D' THEN 'differential' ELSE level END AS method, status,
            began AS started_at, CASE WHEN status <> 'running' THEN ended END AS finished_at,
            CASE WHEN status IN ('completed', 'partial') THEN began END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            read_bytes AS size_bytes, bytes AS stored_bytes,
            concat_ws('; ', 'errors: ' || nullif(errors, '0'), CASE WHEN letter = 'A' THEN 'cancelled' END,
                CASE WHEN purged = '1' THEN 'its list of files was purged' END) AS error
        FROM told WHERE type IN ('B', 'A', 'C')""",
    "recoveries": f"""{TOLD}
        SELECT record_no, job AS recovery_id, client AS asset, 'restore' AS kind, 'data' AS scope,
            CASE WHEN status = 'partial' THEN 'failed' ELSE status END AS status, began AS started_at,
            CASE WHEN letter IN ('T', 'W') THEN ended END AS data_restored_at,
            CASE WHEN told.status <> 'running' THEN ended END AS finished_at, bytes AS size_bytes,
            'errors: ' || nullif(errors, '0') AS findings
        FROM told WHERE type = 'R'""",
}
