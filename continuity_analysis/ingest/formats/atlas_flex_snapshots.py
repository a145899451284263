"""MongoDB Atlas snapshots of flex clusters: one a day, kept for eight days.

Get it with: ``atlas backups snapshots list CLUSTER -o json`` for a flex cluster, at least weekly, or
``GET /api/atlas/v2/groups/GROUP/flexClusters/CLUSTER/backup/snapshots``.

- Which moment's data a snapshot holds is not documented: its start is the safe choice.
- Expired snapshots are not listed.
- Only the page's own link names the cluster; without it (records saved one per line) the asset is "flex cluster", and
  `asset` of `sources` in the catalogue gives the proper name.

Checked against: a real export of August 2026 with 8 snapshots, all completed; other states after the documentation.
"""

CONTAINER = "json"
KEY = "results"
FIELDS = {
    "id": "id",
    "status": "status",
    "started_at": "startTime",
    "finished_at": "finishTime",
    "expires_at": "expiration",
    "links": "$page.links",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether its first record, or its own address, is that of a snapshot of a flex cluster."""
    records = head.first.get("results", [head.first])
    if records:
        return {"id", "status", "scheduledTime", "expiration"} <= records[0].keys()
    return "/backup/snapshots" in head.text and "/flexClusters/" in head.text


TABLES = {
    "backups": """
        SELECT record_no, id AS backup_id, 'atlas' AS location, 'snapshot' AS method,
            coalesce(nullif(regexp_extract(links, '/flexClusters/([^/"?]+)', 1), ''), 'flex cluster') AS asset,
            CASE WHEN status IN ('PENDING', 'QUEUED') THEN 'running' ELSE lower(status) END AS status,
            started_at, CASE WHEN status = 'COMPLETED' THEN started_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            finished_at, expires_at
        FROM records""",
}
