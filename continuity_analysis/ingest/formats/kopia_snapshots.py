"""Kopia snapshots: what a repository still holds.

Get it with: ``kopia snapshot list --all --json``, regularly: without `--all` only snapshots of the user and host that
ask are listed, and what expired or was deleted leaves no trace.

- `incomplete` tells why a run stopped early (checkpoint, canceled, a limit); the text listing hides such snapshots, the
  JSON one does not. They are ignored.
- Files are read one after the other: `startTime` is the safe choice for the moment whose data it holds.
- Files that could not be read (`numFailed` of the root) make it partial. Errors that the policy says to ignore do not,
  though those files are missing, too. Where the root tells nothing of this, the status is unknown.
- Times of old versions have a local offset, those of newer ones are UTC.
- Every snapshot can be restored by itself. Why one is kept (`retentionReason`) is worked out anew at each listing, and
  nothing says when one expires.
- The asset is "user@host:path"; the repository is not named: the location is "repository".

Checked against: two records of 0.10 quoted by others and what others describe of newer ones; no whole export was
available.
"""

CONTAINER = "json"
FIELDS = {
    "id": "id",
    "host": "source.host",
    "user": "source.userName",
    "path": "source.path",
    "started_at": "startTime",
    "finished_at": "endTime",
    "incomplete": "incomplete",
    "failed": "rootEntry.summ.numFailed",
    "size_bytes": ("rootEntry.summ.size", "stats.totalSize"),
}
EXPORT = "listing"
REFUSES = {
    "the text for people of Kopia: export it with `kopia snapshot list --all --json`": (
        r"(?m)^ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+ k[0-9a-f]{32} "
    ),
}


def recognises(head) -> bool:
    """Whether it is a list of snapshots, or an empty one in a file named after Kopia."""
    if not head.first:
        return "kopia" in head.name.lower() and head.text.strip() in ("[]", "null")
    source = head.first.get("source")
    return {"id", "startTime"} <= head.first.keys() and isinstance(source, dict) and {"host", "path"} <= source.keys()


IGNORES = {"incomplete: the run stopped early": "incomplete <> ''"}
REJECTS = {"numFailed: expected a whole number": "failed IS NOT NULL AND try_cast(failed AS BIGINT) IS NULL"}
TABLES = {
    "backups": """
        SELECT record_no, id AS backup_id, coalesce("user" || '@', '') || host || ':' || path AS asset,
            'repository' AS location, 'snapshot' AS method, started_at, moment(started_at) AS recovery_point_at,
            CASE WHEN try_cast(failed AS BIGINT) > 0 THEN 'partial' WHEN failed = '0' THEN 'completed' END AS status,
            CASE WHEN try_cast(failed AS BIGINT) > 0 THEN 'files that could not be read: ' || failed END AS error,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            finished_at, size_bytes
        FROM records""",
}
