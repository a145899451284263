"""MongoDB Ops Manager and Cloud Manager restore jobs of one cluster.

Get it with: ``GET /api/public/v1.0/groups/GROUP/clusters/CLUSTER/restoreJobs``, every page, regularly.

- There is no finish time: how long a restore took is unknown, also of one that is finished.
- `statusName` is the job's; `delivery.statusName` is the download link's ("EXPIRED" says nothing of the restore).
- A delivery by HTTP is a download, not a restore: ignored, as those of Atlas are.
- `timestamp` is the moment of the data restored; for a point-in-time restore the moment asked for.
- A sharded cluster is restored by one job per shard and one for the config servers: each is a row, as each may fail.
- The asset is the cluster's id, as in `opsmanager_snapshots`. A job proves the data, not the service: scope data.
- `delivery.url` is a secret and is never read.

Checked against: small answers of the API in the tests of a vendor's client, all of them finished downloads; other
states (IN_PROGRESS, BROKEN, KILLED) and restores by the automation are not verified.
"""

CONTAINER = "json"
KEY = "results"
FIELDS = {
    "id": "id",
    "cluster": "clusterId",
    "created_at": "created",
    "state": "statusName",
    "method": "delivery.methodName",
    "snapshot": "snapshotId",
    "point_at": "timestamp.date",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether its first record, or its own address, is that of a restore job of Ops Manager."""
    records = head.first.get("results", [head.first])
    if isinstance(records, list) and records and isinstance(records[0], dict):
        return {"id", "clusterId", "created", "statusName", "pointInTime"} <= records[0].keys()
    return records == [] and "/clusters/" in head.text and "/restoreJobs" in head.text and "/backup/" not in head.text


IGNORES = {"a download, not a restore": "method = 'HTTP'"}
TABLES = {
    "recoveries": """
        SELECT record_no, id AS recovery_id, cluster AS asset, 'restore' AS kind, snapshot AS backup_id,
            CASE state WHEN 'FINISHED' THEN 'completed' WHEN 'IN_PROGRESS' THEN 'running' WHEN 'BROKEN' THEN 'failed'
                WHEN 'KILLED' THEN 'aborted' ELSE coalesce(state, 'none') END AS status,
            created_at AS started_at, point_at AS recovery_point_at, 'data' AS scope
        FROM records""",
}
