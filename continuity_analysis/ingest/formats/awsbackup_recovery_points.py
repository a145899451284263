"""AWS Backup recovery points: what one vault holds.

Get it with: ``aws backup list-recovery-points-by-backup-vault --backup-vault-name VAULT --output json``, regularly and
for every vault: what was deleted is no longer there.

- Status EXPIRED means that its retention is over and AWS could not delete it: it is still there. DELETING is not to be
  relied upon. STOPPED is a continuous backup that goes on no more, AVAILABLE one that does.
- A composite parent (`IsParent`) is ignored, as its children are listed beside it.
- A copy from another vault (`SourceBackupVaultArn`) was created when it was copied, and nothing here says how old its
  data is: ignored, so that it never looks fresher than it is.
- `CreationDate` is the safe choice for the moment whose data it holds. A continuous one moves on by itself, which
  nothing here says: its latest moment is unknown.
- `LastRestoreTime` says that a restore was begun, not how it ended: no verification is made of it.
- `BackupSizeInBytes` is 0 for RDS (unknown), the size of the volume for EBS and EC2, what was added for the others.

Checked against: botocore's service model; no real export was available.
"""

from continuity_analysis.ingest.formats import _awsbackup

CONTAINER = "json"
KEY = "RecoveryPoints"
FIELDS = {
    "point": "RecoveryPointArn",
    "phase": "Status",
    "message": "StatusMessage",
    "created": "CreationDate",
    "initiated": "InitiationDate",
    "completed": "CompletionDate",
    "delete_at": "CalculatedLifecycle.DeleteAt",
    "size": "BackupSizeInBytes",
    "resource": "ResourceArn",
    "resource_type": "ResourceType",
    "vault": "BackupVaultName",
    "vault_arn": "BackupVaultArn",
    "source_vault": "SourceBackupVaultArn",
    "parent": "IsParent",
}
EXPORT = "listing"
SCOPE = "vault_arn"


def recognises(head) -> bool:
    """Whether it is a list of the recovery points of a vault; those of one resource do not name it."""
    points = head.first.get("RecoveryPoints")
    if not (head.keys <= {"RecoveryPoints", "NextToken"} and isinstance(points, list)):
        return False
    return not points or any("ResourceArn" in point for point in points if isinstance(point, dict))


IGNORES = {
    "a composite recovery point: its parts are listed beside it": "parent = 'true'",
    "a copy from another vault: nothing says how old its data is": "source_vault <> vault_arn",
}
TABLES = {
    "backups": f"""
        WITH told AS (SELECT *, {_awsbackup.at("created")} AS made FROM records)
        SELECT record_no, point AS backup_id, resource AS asset, {_awsbackup.LOCATION} AS location,
            CASE WHEN {_awsbackup.CONTINUOUS} THEN 'log' ELSE 'snapshot' END AS method,
            CASE WHEN phase IN ('AVAILABLE', 'STOPPED', 'EXPIRED') THEN 'completed'
                WHEN phase = 'DELETING' THEN 'deleted' WHEN phase = 'CREATING' THEN 'running'
                ELSE lower(phase) END AS status,
            coalesce({_awsbackup.at("initiated")}, made) AS started_at, {_awsbackup.at("completed")} AS finished_at,
            CASE WHEN method = 'log' THEN made END AS covers_from_at,
            CASE WHEN phase <> 'CREATING' AND method <> 'log' THEN made END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            {_awsbackup.at("delete_at")} AS expires_at,
            CASE WHEN resource_type IN ('EBS', 'EC2') THEN size END AS size_bytes,
            CASE WHEN resource_type NOT IN ('EBS', 'EC2', 'RDS') THEN size END AS stored_bytes, message AS error
        FROM told""",
}
