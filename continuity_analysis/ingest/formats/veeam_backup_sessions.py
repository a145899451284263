"""Veeam backup sessions of jobs, as the VeeamBackupSessionReport script of VeeamHub writes them.

Get it with: that PowerShell script on the backup server, which exports the sessions of all jobs to CSV. Say the
server's zone (`timezone`), and `dayfirst` where no date decides it: dates are in the server's own spelling.

- One row per session of a job, not per machine: the asset is the job. A retry is a session of its own.
- Date is when the session began; it is the safe choice for the moment whose data it holds. Its end is not told.
- A warning is usable. DataSize is what this run read, not the size of what is protected: only BackupSize is kept, and
  not of a failed run. It is in GB of 1024³ bytes, with a decimal point or comma.
- There is no id: it is made of job and begin, so that rows written twice are one backup.

Checked against: sample output published by VeeamHub (2,343 sessions).
"""

from continuity_analysis.ingest.formats import _veeam

CONTAINER = "csv"
FIELDS = {
    "job": "JobName",
    "result": "Result",
    "stored": "BackupSize(GB)",
    "began": "Date",
}
NAIVE = ("began",)
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it has the headers of that script."""
    return {"JobName", "Result", "DataSize(GB)", "BackupSize(GB)", "Date"} <= set(head.header)


REJECTS = {"Date: expected a date and time, got none": "began = ''"}
TABLES = {
    "backups": f"""
        SELECT record_no, {_veeam.id_of("began", "job")} AS backup_id, job AS asset,
            'not stated' AS location, {_veeam.status("result")} AS status, began AS started_at,
            CASE WHEN status = 'completed' THEN began END AS recovery_point_at,
            CASE WHEN status = 'completed' THEN 'job_start' END AS recovery_point_basis,
            CASE WHEN status = 'completed' THEN coalesce(CAST(round(
                try_cast(replace(stored, ',', '.') AS DOUBLE) * 1073741824) AS BIGINT)::VARCHAR, stored)
                END AS stored_bytes
        FROM records""",
}
