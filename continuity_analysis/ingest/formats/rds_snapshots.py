"""RDS snapshots of database instances.

Get it with: ``aws rds describe-db-snapshots --output json``, regularly and in every region: deleted ones are gone.

- `SnapshotDatabaseTime` is the last transaction in it, earlier than its creation where a replica was behind: the moment
  whose data it holds. Otherwise `OriginalSnapshotCreateTime`, which a copy keeps.
- `SnapshotCreateTime` changes when a snapshot is copied: of a copy it says nothing about its data. A copy without the
  other two is ignored, so that it never looks fresher than it is.
- It says when a snapshot was begun, not when it became available: that is unknown.
- Identifiers are unique within a region and account: the id is the ARN, the location the region.
- `AllocatedStorage` is GiB, 0 where unknown. Point-in-time restore is not in this list.

Checked against: botocore's service model; an answer quoted in the tool's documentation; no real export was available.
"""

from continuity_analysis.ingest.formats import _awsbackup

CONTAINER = "json"
KEY = "DBSnapshots"
FIELDS = {
    "arn": "DBSnapshotArn",
    "asset": "DBInstanceIdentifier",
    "phase": "Status",
    "created": "SnapshotCreateTime",
    "original": "OriginalSnapshotCreateTime",
    "database": "SnapshotDatabaseTime",
    "copied_from": "SourceDBSnapshotIdentifier",
    "storage": "AllocatedStorage",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a list of snapshots of database instances."""
    return head.keys <= {"DBSnapshots", "Marker"} and isinstance(head.first.get("DBSnapshots"), list)


IGNORES = {
    "a copy: nothing says how old its data is": "copied_from <> '' AND original IS NULL AND database IS NULL",
}
TABLES = {
    "backups": f"""
        SELECT record_no, arn AS backup_id, asset, {_awsbackup.region_of("arn")} AS location, 'snapshot' AS method,
            CASE WHEN phase = 'available' THEN 'completed' WHEN phase = 'deleting' THEN 'deleted'
                WHEN phase IN ('creating', 'copying') THEN 'running' ELSE phase END AS status,
            {_awsbackup.at("created")} AS started_at,
            CASE WHEN status NOT IN ('running', 'failed') THEN coalesce({_awsbackup.at("database")},
                {_awsbackup.at("original")}, started_at) END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'snapshot' END AS recovery_point_basis,
            nullif(try_cast(storage AS BIGINT), 0) * 1073741824 AS size_bytes
        FROM records""",
}
