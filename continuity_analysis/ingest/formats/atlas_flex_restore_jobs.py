"""MongoDB Atlas restore jobs of flex clusters.

Get it with: ``atlas backups restores list CLUSTER -o json`` for a flex cluster, regularly, or
``GET /api/atlas/v2/groups/GROUP/flexClusters/CLUSTER/backup/restoreJobs``, every page (100 jobs each, newest first).

- `restoreScheduledDate` is the moment of the request, so that the duration holds the waiting in the queue.
- A failed job has `restoreFinishedDate` too: that is when the attempt ended, no data was back.
- `snapshotFinishedDate` is not the moment of the data restored: that is the snapshot's, found by `backup_id`.
- A download is not a restore: ignored.
- The asset is `instanceName`, whose data it was; where it was restored to stands in `findings` if it is another one.

Checked against: a real page of 100 jobs of August 2026, all completed; other states after the documentation.
"""

CONTAINER = "json"
KEY = "results"
FIELDS = {
    "id": "id",
    "status": "status",
    "delivery": "deliveryType",
    "started_at": "restoreScheduledDate",
    "finished_at": "restoreFinishedDate",
    "snapshot": "snapshotId",
    "instance": "instanceName",
    "target": "targetDeploymentItemName",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether its first record, or its own address, is that of a restore job of a flex cluster."""
    records = head.first.get("results", [head.first])
    if records:
        return {"id", "status", "deliveryType", "restoreScheduledDate"} <= records[0].keys()
    return "/backup/restoreJobs" in head.text and "/flexClusters/" in head.text


IGNORES = {"a download, not a restore": "lower(delivery) = 'download'"}
TABLES = {
    "recoveries": """
        SELECT record_no, id AS recovery_id, instance AS asset, 'restore' AS kind, snapshot AS backup_id,
            CASE WHEN status IN ('PENDING', 'QUEUED') THEN 'running' ELSE lower(status) END AS status,
            started_at, CASE WHEN status = 'COMPLETED' THEN finished_at END AS data_restored_at, finished_at,
            'data' AS scope, CASE WHEN target <> instance THEN 'restored into ' || target END AS findings
        FROM records""",
}
