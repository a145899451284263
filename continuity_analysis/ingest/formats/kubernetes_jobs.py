"""Kubernetes Jobs: runs of batch work, which the catalogue may declare to be backups.

Get it with: ``kubectl get jobs -A -o json``, regularly: a CronJob keeps its last 3 successful and its last failed Job
unless told otherwise, and a time to live may remove them sooner. Where the Jobs are backups, one file for each asset
(``-n NAMESPACE -l app=mongo-dump``), and in `sources` of the catalogue what they protect::

    sources:
      - {path: "jobs/mongo-*.json", asset: mongo-prod}

- Declared so, each Job is a backup run. That it ended with exit code 0 proves no backup (a pipe may hide a failure):
  the status of a successful run is unknown, which counts as completed and is listed as assumed; a restore proves it.
  When its data was read is not known either, nor is its size. A Job that is gone says nothing of its backup: never
  declare such a file complete, and collect more often than Jobs are cleared away, or gaps look like missed backups.
- Without that, a failed Job is a degraded stretch of its CronJob (or itself), from start to failure. Successful and
  running ones are no sign of trouble, and the file vouches for no time: which runs are still listed is no fair sample.
- `completionTime` is set on success only; the end of a failed one is the transition of its condition Failed.
  SuccessCriteriaMet and FailureTarget come before the end and are none. Pods that failed before the Job succeeded are
  counted in `error`.
- A CronJob's last times repeat those of its Jobs; runs that were skipped (Forbid, suspended) leave no Job.
- Lists with other kinds, too, are read by `kubernetes_objects`, where Jobs are never backups. In JSON lines the first
  object decides.

Checked against: one real Job; the API's reference for batch/v1. No real failed Job was available.
"""

from dataclasses import replace

from continuity_analysis.ingest.formats import _kubernetes
from continuity_analysis.ingest.formats._kubernetes import FAILED, KIND, SUCCEEDED, condition
from continuity_analysis.ingest.moments import quoted

CONTAINER = "json"
KEY = "items"
FIELDS = _kubernetes.JOB_FIELDS | {"completed_at": "status.completionTime", "retried": "status.failed"}
EXPORT = "glance"


def recognises(head) -> bool:
    """Whether all objects are Jobs or CronJobs."""
    found = set(_kubernetes.kinds(head))
    return bool(found) and found <= {"Job", "CronJob"}


def of_source(made, source, head):
    """The format itself, or that of an entry of `sources` which says what the Jobs protect."""
    if not source.asset:
        return made
    return replace(made, export="listing", ignores=DECLARED_IGNORES, tables={"backups": backups(quoted(source.asset))})


def backups(asset: str) -> str:
    """SQL of Jobs as backup runs of an asset, itself SQL; none where it is null."""
    return f"""
        SELECT record_no, namespace || '/' || name AS backup_id, {asset} AS asset, 'not stated' AS location, started_at,
            CASE WHEN {SUCCEEDED} THEN NULL WHEN {FAILED} THEN 'failed' ELSE 'running' END AS status,
            CASE WHEN {SUCCEEDED} THEN coalesce(completed_at, {condition("Complete")}.lastTransitionTime)
                ELSE {condition("Failed")}.lastTransitionTime END AS finished_at,
            coalesce({condition("Failed")}.reason, 'pods that failed: ' || nullif(retried, '0')) AS error
        FROM records WHERE {asset} IS NOT NULL"""


_SUSPENDED = "a Job that is suspended"
DECLARED_IGNORES = {_SUSPENDED: _kubernetes.JOB_IGNORES[_SUSPENDED]} | _kubernetes.CRONJOB_IGNORES
IGNORES = _kubernetes.JOB_IGNORES | _kubernetes.CRONJOB_IGNORES
REJECTS = {"kind: expected Job or CronJob, got something else": f"coalesce({KIND}, '') <> 'Job'"}
TABLES = {"states": _kubernetes.FAILED_JOBS, "backups": backups("NULL::VARCHAR")}
