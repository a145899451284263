"""Veeam task sessions of machines, as the VeeamSessionReport script of VeeamHub writes them.

Get it with: that PowerShell script on the backup server, which exports one row per machine and session to CSV. Say the
server's zone (`timezone`), and `dayfirst` where no date decides it: dates are in the server's own spelling.

- CreationTime is when the job's session began, the same for all its machines, earlier than the machine's own snapshot:
  the safe choice for the moment whose data it holds. WorkDuration does not begin there, so the end is unknown.
- Rows are written more than once: there is no id, it is made of job, machine and begin, so that they are one backup.
- A retry (`IsRetry`) is a run of its own, beside the failed one. A warning is usable.
- BackupSize and DataSize are those of the job's session, repeated for each machine, failed ones too: they are not read.

Checked against: the script's columns; no file of it was at hand.
"""

from continuity_analysis.ingest.formats import _veeam

CONTAINER = "csv"
FIELDS = {
    "job": "JobName",
    "machine": "VMName",
    "result": "Status",
    "retry": "IsRetry",
    "kind": "TaskAlgorithm",
    "began": "CreationTime",
}
NAIVE = ("began",)
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it has the headers of that script."""
    return {"JobName", "VMName", "Status", "IsRetry", "TaskAlgorithm", "CreationTime"} <= set(head.header)


REJECTS = {"CreationTime: expected a date and time, got none": "began = ''"}
TABLES = {
    "backups": f"""
        SELECT record_no, {_veeam.id_of("began", "job", "machine")}
                || CASE WHEN lower(retry) = 'true' THEN '/retry' ELSE '' END AS backup_id,
            machine AS asset, 'not stated' AS location, {_veeam.METHOD} AS method,
            {_veeam.status("result")} AS status, began AS started_at,
            CASE WHEN status = 'completed' THEN began END AS recovery_point_at,
            CASE WHEN status = 'completed' THEN 'job_start' END AS recovery_point_basis
        FROM records""",
}
