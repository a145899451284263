"""MongoDB Atlas snapshots of dedicated clusters: scheduled and on-demand, replica sets and sharded clusters.

Get it with: ``atlas backups snapshots list CLUSTER -o json``, regularly, or
``GET /api/atlas/v2/groups/GROUP/clusters/CLUSTER/backup/snapshots``, every page (100 snapshots each).

- The id begins with the second of the request: that is `started_at`. `createdAt` comes half a minute to minutes later,
  is absent until the snapshot is completed, and is the moment whose data it holds.
- There is no finish time: from when it was usable is unknown.
- Expired snapshots are not listed. `expiresAt` is set anew at completion.
- The asset is the cluster's name as the links have it, as in the restore jobs (`replicaSetName`, equal to it wherever
  both were seen, is absent for a sharded cluster). Without either, `asset` of `sources` in the catalogue must say it.
- `copyRegions` says where copies are to go, not whether they arrived: no row is made of it. Location is "atlas".
- `storageSizeBytes` is 0 while running: unknown.

Checked against: 223 real snapshots of 2025 and 2026, all completed, on demand and of replica sets; the states before
that and sharded clusters after the vendor's documentation.
"""

CONTAINER = "json"
KEY = "results"
FIELDS = {
    "id": "id",
    "status": "status",
    "created_at": "createdAt",
    "expires_at": "expiresAt",
    "replica_set": "replicaSetName",
    "links": ("links", "$page.links"),
    "stored_bytes": "storageSizeBytes",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether its first record, or its own address, is that of a snapshot of a dedicated cluster."""
    records = head.first.get("results", [head.first])
    if records:
        return {"id", "status", "snapshotType", "storageSizeBytes"} <= records[0].keys()
    return "/backup/snapshots" in head.text and "/clusters/" in head.text


REJECTS = {"the id is no ObjectId": "NOT regexp_full_match(coalesce(id, ''), '[0-9a-f]{24}')"}
TABLES = {
    "backups": """
        SELECT record_no, id AS backup_id, 'atlas' AS location, 'snapshot' AS method,
            coalesce(nullif(regexp_extract(links, '/clusters/([^/"?]+)', 1), ''), replica_set) AS asset,
            CASE status WHEN 'queued' THEN 'running' WHEN 'inProgress' THEN 'running' ELSE status END AS status,
            object_id_at(id) AS started_at, CASE WHEN status = 'completed' THEN created_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'snapshot' END AS recovery_point_basis, expires_at,
            nullif(stored_bytes, '0') AS stored_bytes
        FROM records""",
}
