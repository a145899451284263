"""Veeam backup sessions of Nutanix AHV machines, as VeeamHub's VeeamAHVBackupSessionReport writes them.

Get it with: that PowerShell script, which exports one row per machine and session to CSV. Say the server's zone
(`timezone`), and `dayfirst` where no date decides it: dates are in the server's own spelling, without a zone.

- StartTime is the safe choice for the moment whose data it holds. A warning is usable.
- Sizes are words such as "17.04 MB" and mean what was moved: they are not read.
- There is no id: it is made of job, machine and begin, so that rows written twice are one backup.

Checked against: sample output published by VeeamHub (6 sessions).
"""

from continuity_analysis.ingest.formats import _veeam

CONTAINER = "csv"
FIELDS = {
    "job": "JobName",
    "machine": "VM",
    "result": "Status",
    "kind": "BackupType",
    "began": "StartTime",
    "ended": "EndTime",
}
NAIVE = ("began", "ended")
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it has the headers of that report."""
    return {"JobName", "VM", "BackupType", "Status", "StartTime", "EndTime", "Transferred"} <= set(head.header)


REJECTS = {"StartTime: expected a date and time, got none": "began = ''"}
TABLES = {
    "backups": f"""
        SELECT record_no, {_veeam.id_of("began", "job", "machine")} AS backup_id, machine AS asset,
            'not stated' AS location, {_veeam.METHOD} AS method, {_veeam.status("result")} AS status,
            began AS started_at, CASE WHEN status <> 'running' THEN ended END AS finished_at,
            CASE WHEN status = 'completed' THEN began END AS recovery_point_at,
            CASE WHEN status = 'completed' THEN 'job_start' END AS recovery_point_basis
        FROM records""",
}
