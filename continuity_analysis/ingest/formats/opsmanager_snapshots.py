"""MongoDB Ops Manager and Cloud Manager snapshots of one cluster: replica sets and sharded clusters.

Get it with: ``GET /api/public/v1.0/groups/GROUP/clusters/CLUSTER/snapshots?completed=all``, every page, regularly:
expired snapshots are not listed, and without `completed` those that are not complete are hidden.

- `lastOplogAppliedTimestamp` is the moment whose data it holds, a little before `created`, its begin.
- `complete` may be missing, which is false: it is still being made, or never will be. There is no finish time.
- `isPossiblyInconsistent`, and shards that are missing (`missingShards`), make it partial.
- `doNotDelete` keeps it: `expires` does not count then.
- Only the cluster's id is there, not its name: the asset is the id, as in `opsmanager_restore_jobs`.
- The size is that of the data of all parts. Location is "opsmanager".
- Snapshot schedules are configuration and are left aside.

Checked against: small answers of the API in the tests of a vendor's client. Missing shards and possibly inconsistent
ones are written after descriptions by others.
"""

CONTAINER = "json"
KEY = "results"
FIELDS = {
    "id": "id",
    "cluster": "clusterId",
    "created_at": "created.date",
    "point_at": "lastOplogAppliedTimestamp.date",
    "complete": "complete",
    "doubtful": "isPossiblyInconsistent",
    "missing": "missingShards",
    "kept": "doNotDelete",
    "expires_at": "expires",
    "parts": "parts",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether its first record, or its own address, is that of a snapshot of Ops Manager."""
    records = head.first.get("results", [head.first])
    if isinstance(records, list) and records and isinstance(records[0], dict):
        return {"id", "clusterId", "created", "parts"} <= records[0].keys() and isinstance(records[0]["created"], dict)
    return records == [] and "/clusters/" in head.text and "/snapshots" in head.text and "/backup/" not in head.text


TABLES = {
    "backups": """
        WITH sized AS (
            SELECT *, list_sum(TRY(from_json(parts, '[{"dataSizeBytes": "BIGINT"}]')).list_transform(
                lambda p: p.dataSizeBytes)) AS size_bytes,
                doubtful = 'true' OR missing <> '[]' AS less
            FROM records
        )
        SELECT record_no, id AS backup_id, cluster AS asset, 'opsmanager' AS location, 'snapshot' AS method,
            CASE WHEN complete IS DISTINCT FROM 'true' THEN 'running' WHEN less THEN 'partial' ELSE 'completed' END
                AS status,
            created_at AS started_at, CASE WHEN complete = 'true' THEN point_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'oplog_end' END AS recovery_point_basis,
            CASE WHEN kept IS DISTINCT FROM 'true' THEN expires_at END AS expires_at, size_bytes
        FROM sized""",
}
