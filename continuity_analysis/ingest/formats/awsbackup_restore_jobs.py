"""AWS Backup restore jobs: restores, and the drills of restore testing plans.

Get it with: ``aws backup list-restore-jobs --output json``, at least monthly: older jobs are not listed.

- The outcome is in `Status` (that of backup jobs is in `State`); ABORTED was called off.
- `CreatedBy.RestoreTestingPlanArn` makes it a drill. COMPLETED says that the resource was made, nothing of whether it
  works: the validation does. A drill whose `ValidationStatus` is FAILED or TIMED_OUT failed; one still VALIDATING runs.
- `CompletionDate` is when data was back; when a service ran on it again is not here, so the scope is data.
- The asset is the resource that was backed up where the answer names it, else the one that was made of it.
- `BackupSizeInBytes` is 0 for RDS: unknown.

Checked against: botocore's service model; no real export was available.
"""

from continuity_analysis.ingest.formats import _awsbackup

CONTAINER = "json"
KEY = "RestoreJobs"
FIELDS = {
    "id": "RestoreJobId",
    "phase": "Status",
    "message": "StatusMessage",
    "point": "RecoveryPointArn",
    "point_created": "RecoveryPointCreationDate",
    "created": "CreationDate",
    "completed": "CompletionDate",
    "size": "BackupSizeInBytes",
    "resource": ("SourceResourceArn", "CreatedResourceArn"),
    "plan": "CreatedBy.RestoreTestingPlanArn",
    "validation": "ValidationStatus",
    "validation_message": "ValidationStatusMessage",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a list of restore jobs."""
    return head.keys <= {"RestoreJobs", "NextToken"} and isinstance(head.first.get("RestoreJobs"), list)


TABLES = {
    "recoveries": f"""
        SELECT record_no, id AS recovery_id, resource AS asset, point AS backup_id,
            CASE WHEN plan IS NULL THEN 'restore' ELSE 'drill' END AS kind, plan AS plan_version, 'data' AS scope,
            CASE WHEN phase = 'PENDING' OR validation = 'VALIDATING' THEN 'running'
                WHEN validation IN ('FAILED', 'TIMED_OUT') THEN 'failed'
                ELSE lower(phase) END AS status,
            {_awsbackup.at("created")} AS started_at,
            CASE WHEN phase = 'COMPLETED' THEN {_awsbackup.at("completed")} END AS data_restored_at,
            CASE WHEN status <> 'running' THEN {_awsbackup.at("completed")} END AS finished_at,
            {_awsbackup.at("point_created")} AS recovery_point_at, nullif(size, '0') AS size_bytes,
            concat_ws(chr(10), message, 'validation: ' || validation, validation_message) AS findings
        FROM records""",
}
