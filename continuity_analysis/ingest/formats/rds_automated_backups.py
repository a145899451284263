"""RDS automated backups of database instances: the stretch to whose moments one can restore.

Get it with: ``aws rds describe-db-instance-automated-backups --output json``, regularly and in every region.

- `RestoreWindow` is what can be restored: any moment from its earliest to its latest, which moves on by itself. One
  that is being created has none yet.
- `retained` is kept after its instance was deleted, `replicating` is a copy that another region holds. `Region` is that
  of the instance; where the copy lies is in its own ARN, and that is the location.
- `AllocatedStorage` is GiB, 0 where unknown.

Checked against: botocore's service model; an answer quoted in the tool's documentation; no real export was available.
"""

from continuity_analysis.ingest.formats import _awsbackup

CONTAINER = "json"
KEY = "DBInstanceAutomatedBackups"
FIELDS = {
    "arn": "DBInstanceAutomatedBackupsArn",
    "resource": "DbiResourceId",
    "asset": "DBInstanceIdentifier",
    "region": "Region",
    "phase": "Status",
    "earliest": "RestoreWindow.EarliestTime",
    "latest": "RestoreWindow.LatestTime",
    "storage": "AllocatedStorage",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a list of automated backups of database instances."""
    listed = isinstance(head.first.get("DBInstanceAutomatedBackups"), list)
    return listed and head.keys <= {"DBInstanceAutomatedBackups", "Marker"}


TABLES = {
    "backups": f"""
        SELECT record_no, coalesce(arn, resource) AS backup_id, asset,
            coalesce({_awsbackup.region_of("arn")}, region) AS location, 'log' AS method,
            CASE WHEN phase IN ('active', 'retained', 'replicating') THEN 'completed'
                WHEN phase = 'creating' THEN 'running' ELSE phase END AS status,
            {_awsbackup.at("earliest")} AS covers_from_at, {_awsbackup.at("latest")} AS recovery_point_at,
            CASE WHEN latest IS NOT NULL THEN 'wal_end' END AS recovery_point_basis,
            nullif(try_cast(storage AS BIGINT), 0) * 1073741824 AS size_bytes
        FROM records""",
}
