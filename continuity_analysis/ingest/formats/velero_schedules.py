"""Velero schedules: what is to be backed up when, and what is paused.

Get it with: ``kubectl -n velero get schedules.velero.io -o json`` or ``velero schedule get -o json``, beside the
backups (`velero_backups`), which say what came of it.

- `lastBackup` is the last attempt, however it ended, and `lastSkipped` one that was left out: neither is a backup, so
  that no table is filled. A schedule that is paused, was refused or never ran is counted by that reason.

Checked against: Velero's own types; no real export was available.
"""

CONTAINER = "json"
KEY = "items"
FIELDS = {
    "kind": "kind",
    "paused": "spec.paused",
    "phase": "status.phase",
    "attempted_at": "status.lastBackup",
}
EXPORT = "glance"


def recognises(head) -> bool:
    """Whether it is a schedule of Velero's, or a list that begins with one."""
    items = head.first.get("items")
    first = items[0] if isinstance(items, list) and items else head.first
    if not isinstance(first, dict) or str(first.get("apiVersion", "")).partition("/")[0] != "velero.io":
        return False
    return first.get("kind") in ("Schedule", "ScheduleList")


IGNORES = {
    "not a schedule": "coalesce(kind, '') <> 'Schedule'",
    "a schedule that is paused": "paused = 'true'",
    "a schedule that its validation refused: it makes no backups": "phase = 'FailedValidation'",
    "a schedule that has not run yet": "attempted_at IS NULL",
    "a schedule: its last attempt may have failed": "attempted_at IS NOT NULL",
}
TABLES = {}
