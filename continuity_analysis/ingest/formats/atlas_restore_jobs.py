"""MongoDB Atlas restore jobs of dedicated clusters: automated and point-in-time restores.

Get it with: ``atlas backups restores list CLUSTER -o json``, regularly, or
``GET /api/atlas/v2/groups/GROUP/clusters/CLUSTER/backup/restoreJobs``, every page (100 jobs each).

- There is no status and no start: the start is the second in the id, the end `finishedAt`, and `failed`, `cancelled`
  and `expired` are flags. A failed job has an end as well; then no data was back. Expired without an end: failed.
- A download is not a restore, and never gets an end: ignored.
- `timestamp` is the moment of the data restored; for a point-in-time restore the moment asked for.
- The asset is the cluster whose data it was (from the links); where it was restored to stands in `findings` if it is
  another one. A job proves the data, not the service: scope data.
- `deliveryUrl` is a secret and is never read.

Checked against: 148 real jobs of 2025 and 2026 (75 automated, 73 downloads, none failed); failures, cancellations and
point-in-time restores after the vendor's documentation.
"""

CONTAINER = "json"
KEY = "results"
FIELDS = {
    "id": "id",
    "delivery": "deliveryType",
    "failed": "failed",
    "cancelled": "cancelled",
    "expired": "expired",
    "ended": "finishedAt",
    "snapshot": "snapshotId",
    "snapshot_at": "timestamp",
    "point": ("pointInTimeUTCSeconds", "oplogTs"),
    "links": ("links", "$page.links"),
    "target": "targetClusterName",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether its first record, or its own address, is that of a restore job of a dedicated cluster."""
    records = head.first.get("results", [head.first])
    if records:
        return {"id", "deliveryType", "cancelled", "failed"} <= records[0].keys()
    return "/backup/restoreJobs" in head.text and "/clusters/" in head.text


IGNORES = {"a download, not a restore": "lower(delivery) = 'download'"}
REJECTS = {"the id is no ObjectId": "NOT regexp_full_match(coalesce(id, ''), '[0-9a-f]{24}')"}
TABLES = {
    "recoveries": """
        WITH told AS (
            SELECT *, coalesce(nullif(regexp_extract(links, '/clusters/([^/"?]+)', 1), ''), target) AS asset,
                CASE WHEN failed = 'true' THEN 'failed' WHEN cancelled = 'true' THEN 'aborted'
                    WHEN ended IS NOT NULL THEN 'completed' WHEN expired = 'true' THEN 'failed'
                    ELSE 'running' END AS status
            FROM records
        )
        SELECT record_no, id AS recovery_id, asset, 'restore' AS kind, snapshot AS backup_id, status,
            object_id_at(id) AS started_at, CASE WHEN status = 'completed' THEN ended END AS data_restored_at,
            ended AS finished_at, coalesce(epoch_s(point), moment(snapshot_at)) AS recovery_point_at, 'data' AS scope,
            CASE WHEN target <> asset THEN 'restored into ' || target END AS findings
        FROM told""",
}
