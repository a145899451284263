"""restic snapshots: what a repository still holds.

Get it with: ``restic snapshots --json``, regularly, with or without `--group-by`: `forget` leaves no trace.

- Every snapshot can be restored by itself: `parent` only says what it was compared with, and is not read.
- `time` has the offset of the machine that wrote it, so that one list mixes zones. It can be set at will (`--time`);
  `summary.backup_start` cannot. The data is no newer than either: the earlier of the two is the recovery point.
- `summary` exists since 0.17. Without it there is no end, no duration and no size: `finished_at` is unknown.
- A run that could not read some files (exit code 3) leaves the same entry as a good one, and a failed run leaves none:
  the status is unknown.
- The asset is "host:paths"; the repository is not named: the location is "repository".
- `size_bytes` is what was backed up, `stored_bytes` what this snapshot added.

Checked against: real output of 0.14 (the samples of this project were written by it); the `summary` of 0.17 and later
against output quoted by others and the vendor's documentation.
"""

CONTAINER = "json"
KEY = "snapshots"
FIELDS = {
    "id": "id",
    "time": "time",
    "host": "hostname",
    "paths": "paths",
    "backup_start": "summary.backup_start",
    "backup_end": "summary.backup_end",
    "size_bytes": "summary.total_bytes_processed",
    "stored_bytes": ("summary.data_added_packed", "summary.data_added"),
}
EXPORT = "listing"
REFUSES = {
    "the text for people of restic: export it with `restic snapshots --json`": (r"(?m)^ID +Time +Host +Tags +"),
    "restic stats: sizes, and no moment of anything: export `restic snapshots --json`": (
        r'^\{"total_size":\d+,"total_(uncompressed_size|file_count|blob_count)"'
    ),
    "restic forget: it does not say when it removed anything: export `restic snapshots --json` after it": (
        r'^\[\{"tags":[^{]*"keep":'
    ),
    "restic check: it does not say when, nor of which snapshots; a restore proves more: see `restic_restore`": (
        r"(?m)^check all packs$|^\{\"message_type\":\"summary\",\"num_errors\":"
    ),
}


def recognises(head) -> bool:
    """Whether it is a list of snapshots or of groups of them, or an empty list in a file named after restic."""
    if not head.first:
        return "restic" in head.name.lower() and head.text.strip() == "[]"
    grouped = {"group_key", "snapshots"} <= head.first.keys()
    return grouped or {"time", "tree", "paths", "hostname", "id"} <= head.first.keys()


TABLES = {
    "backups": """
        SELECT record_no, id AS backup_id, 'repository' AS location, 'snapshot' AS method,
            host || ':' || array_to_string(list_sort(paths->>'$[*]'), ',') AS asset,
            coalesce(backup_start, time) AS started_at, least(moment(time), moment(backup_start)) AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            backup_end AS finished_at, size_bytes, stored_bytes
        FROM records""",
}
