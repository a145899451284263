"""Proxmox Backup Server snapshots: what one namespace of a datastore still holds.

Get it with: ``proxmox-backup-client snapshot list --output-format json``, or the answer of
`/api2/json/admin/datastore/STORE/snapshots`, regularly and for each namespace (`--ns`): what was pruned
leaves no trace.

- `backup-time` is when the run began, and with type and id the name of the snapshot. There is no end and no status;
  a run that failed leaves none.
- The size is read from what is written last: one with a size is complete. One without may still be running or may be
  damaged, so its status is unknown.
- `verification` says how its last check ended, not when. Without it there was none. `failed` counts.
- Nothing says when it will be pruned; `protected` ones are not.
- The asset is "type/id" such as "vm/100"; datastore and namespace are not named: the location is "datastore", and
  listings of several of them must not be mixed.

Checked against: the vendor's types as described by others; no real export was available.
"""

CONTAINER = "json"
KEY = "data"
FIELDS = {
    "type": "backup-type",
    "id": "backup-id",
    "time": "backup-time",
    "size_bytes": "size",
    "verified": "verification.state",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a list of snapshots, bare or as the API answers, or an empty one in a file named after Proxmox."""
    rows = head.first.get("data", [head.first] if head.first else [])
    if not rows:
        return "proxmox" in head.name.lower() and (head.text.strip() == "[]" or head.first.keys() == {"data"})
    first = rows[0] if isinstance(rows, list) else {}
    return isinstance(first, dict) and {"backup-type", "backup-id", "backup-time"} <= first.keys()


REJECTS = {"backup-time: expected a time, got none": "time IS NULL"}
TABLES = {
    "backups": """
        SELECT record_no, type || '/' || id || '/' || time AS backup_id, type || '/' || id AS asset,
            'datastore' AS location, 'snapshot' AS method, epoch_s(time) AS started_at,
            epoch_s(time) AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            CASE WHEN size_bytes IS NOT NULL THEN 'completed' END AS status, size_bytes,
            CASE WHEN verified IS NOT NULL THEN 'checksum' END AS verified_by,
            CASE verified WHEN 'ok' THEN 'passed' ELSE verified END AS verified_result
        FROM records""",
}
