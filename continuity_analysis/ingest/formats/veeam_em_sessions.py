"""Veeam Enterprise Manager sessions of machines, as VeeamHub's API session report writes them.

Get it with: the script API_Backup_Session_Report of VeeamHub, which asks Enterprise Manager and exports to CSV.

- Times are UTC and say so; a file whose times lost their Z is rejected rather than guessed.
- BackupCreationTime is when the machine's session began: the safe choice for the moment whose data it holds.
- The outcome is Result, once State is Completed; a warning is usable. Reason holds the words on a failure.
- Sessions are written more than once. There is no id: it is made of job, machine and begin, so they are one backup.
- TotalSize is what the run processed, whole for a full backup only.

Checked against: sample output published by VeeamHub (178 sessions).
"""

from continuity_analysis.ingest.formats import _veeam

CONTAINER = "csv"
FIELDS = {
    "job": "JobName",
    "machine": "VMName",
    "state": "State",
    "result": "Result",
    "kind": "RestorePointType",
    "size": "TotalSize",
    "reason": "Reason",
    "began": "BackupCreationTime(UTC)",
    "ended": "BackupEndTime(UTC)",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it has the headers of that report."""
    return {"VMName", "JobName", "State", "Result", "BackupCreationTime(UTC)", "BackupEndTime(UTC)"} <= set(head.header)


REJECTS = {"BackupCreationTime(UTC): expected a moment, got none": "began = ''"}
TABLES = {
    "backups": f"""
        SELECT record_no, {_veeam.id_of("began", "job", "machine")} AS backup_id, machine AS asset,
            'not stated' AS location, {_veeam.METHOD} AS method,
            CASE WHEN lower(state) <> 'completed' THEN 'running' ELSE {_veeam.status("result")} END AS status,
            began AS started_at, CASE WHEN status <> 'running' THEN ended END AS finished_at,
            CASE WHEN status = 'completed' THEN began END AS recovery_point_at,
            CASE WHEN status = 'completed' THEN 'job_start' END AS recovery_point_basis,
            CASE WHEN method = 'full' AND status = 'completed' THEN size END AS size_bytes,
            reason AS error
        FROM records""",
}
