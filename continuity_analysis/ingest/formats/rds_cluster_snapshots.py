"""RDS cluster snapshots: those of Aurora, Multi-AZ clusters, DocumentDB and Neptune.

Get it with: ``aws rds describe-db-cluster-snapshots --output json`` (or ``aws docdb``, ``aws neptune``), regularly and
in every region: deleted ones are not listed.

- `SnapshotCreateTime` is the moment whose data it holds, except in a copy (`SourceDBClusterSnapshotArn`), where it is
  when it was copied and nothing here says how old its data is: ignored, so that it never looks fresher than it is.
- It says when a snapshot was taken, not when it became available: that is unknown.
- Identifiers are unique within a region and account: the id is the ARN, the location the region.
- `AllocatedStorage` is GiB, 0 for Aurora (unknown). Point-in-time restore is not in this list.

Checked against: botocore's service model; an answer quoted in the tool's documentation; no real export was available.
"""

from continuity_analysis.ingest.formats import _awsbackup

CONTAINER = "json"
KEY = "DBClusterSnapshots"
FIELDS = {
    "arn": "DBClusterSnapshotArn",
    "asset": "DBClusterIdentifier",
    "phase": "Status",
    "created": "SnapshotCreateTime",
    "copied_from": "SourceDBClusterSnapshotArn",
    "storage": "AllocatedStorage",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a list of snapshots of database clusters."""
    return head.keys <= {"DBClusterSnapshots", "Marker"} and isinstance(head.first.get("DBClusterSnapshots"), list)


IGNORES = {"a copy: nothing says how old its data is": "copied_from <> ''"}
TABLES = {
    "backups": f"""
        SELECT record_no, arn AS backup_id, asset, {_awsbackup.region_of("arn")} AS location, 'snapshot' AS method,
            CASE WHEN phase = 'available' THEN 'completed' WHEN phase = 'deleting' THEN 'deleted'
                WHEN phase IN ('creating', 'copying') THEN 'running' ELSE phase END AS status,
            {_awsbackup.at("created")} AS started_at,
            CASE WHEN status NOT IN ('running', 'failed') THEN started_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'snapshot' END AS recovery_point_basis,
            nullif(try_cast(storage AS BIGINT), 0) * 1073741824 AS size_bytes
        FROM records""",
}
