"""AWS Backup jobs: every run of the last 30 days, whatever became of it.

Get it with: ``aws backup list-backup-jobs --output json``, at least monthly: older jobs are not listed. Add the
recovery points of every vault (`awsbackup_recovery_points`): only they tell what is still there.

- State EXPIRED means that the job never began before `StartBy` ran out: failed. ABORTING still runs, ABORTED failed.
- The id is that of the recovery point, so that both exports speak of the same backup; a job without one keeps its own.
- A composite parent (`IsParent`) is ignored, as its children are jobs of their own.
- `CreationDate` is the safe choice for the moment whose data it holds. A continuous backup moves on by itself, which
  nothing here says: its latest moment is unknown.
- `BackupSizeInBytes` is 0 for RDS (unknown), the size of the volume for EBS and EC2, what was added for the others.
- Moments are seconds with a fraction (tool version 1) or ISO text with the offset of where it was run (version 2).
- Vaults of several regions are often all called Default: the location is "region/vault".

Checked against: botocore's service model; two answers quoted in the tool's documentation; no real export was available.
"""

from continuity_analysis.ingest.formats import _awsbackup

CONTAINER = "json"
KEY = "BackupJobs"
FIELDS = {
    "id": "BackupJobId",
    "state": "State",
    "message": "StatusMessage",
    "category": "MessageCategory",
    "created": "CreationDate",
    "completed": "CompletionDate",
    "size": "BackupSizeInBytes",
    "resource": "ResourceArn",
    "resource_type": "ResourceType",
    "vault": "BackupVaultName",
    "vault_arn": "BackupVaultArn",
    "point": "RecoveryPointArn",
    "parent": "IsParent",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a list of backup jobs."""
    return head.keys <= {"BackupJobs", "NextToken"} and isinstance(head.first.get("BackupJobs"), list)


IGNORES = {"a composite backup: its parts are jobs of their own": "parent = 'true'"}
TABLES = {
    "backups": f"""
        SELECT record_no, coalesce(point, id) AS backup_id, resource AS asset, {_awsbackup.LOCATION} AS location,
            CASE WHEN {_awsbackup.CONTINUOUS} THEN 'log' ELSE 'snapshot' END AS method,
            CASE WHEN state IN ('CREATED', 'PENDING', 'ABORTING') THEN 'running'
                WHEN state IN ('ABORTED', 'EXPIRED') THEN 'failed' ELSE lower(state) END AS status,
            {_awsbackup.at("created")} AS started_at, {_awsbackup.at("completed")} AS finished_at,
            CASE WHEN method = 'log' THEN started_at END AS covers_from_at,
            CASE WHEN status IN ('completed', 'partial') AND method <> 'log' THEN started_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            CASE WHEN resource_type IN ('EBS', 'EC2') THEN size END AS size_bytes,
            CASE WHEN resource_type NOT IN ('EBS', 'EC2', 'RDS') THEN size END AS stored_bytes,
            CASE WHEN category IS DISTINCT FROM 'SUCCESS' THEN coalesce(message,
                CASE WHEN state = 'EXPIRED' THEN 'did not start before its window ended' END) END AS error
        FROM records""",
}
