"""Velero backups of Kubernetes namespaces and their volumes.

Get it with: ``kubectl -n velero get backups.velero.io -o json`` or ``velero backup get -o json``, regularly: what was
deleted is no longer there. For a single backup the latter prints the bare object.

- `metadata.creationTimestamp` changes when the object is synchronised anew from the storage: never used.
- Files are copied one after the other: `startTimestamp` is the safe choice for the moment whose data it holds.
- PartiallyFailed is partial; so is a Completed one that finished fewer volumes (or item operations) than it attempted.
  `error` says how many of what. Counts that are 0 are left out by Velero.
- The completion is set after a failure too. `expiration` is when it may be deleted, and is set before the run begins:
  one that never left New has no start and an expiry long past.
- A Completed backup may hold no volume at all; nothing here says so. There is no size.
- The asset is the list of namespaces ("cart,shop") or "all namespaces"; the location is the storage location.

Checked against: Velero's own types; status blocks of three real backups quoted in public.
"""

CONTAINER = "json"
KEY = "items"
FIELDS = {
    "kind": "kind",
    "name": "metadata.name",
    "namespaces": "spec.includedNamespaces",
    "labels": "metadata.labels",
    "storage": "spec.storageLocation",
    "phase": "status.phase",
    "started_at": "status.startTimestamp",
    "finished_at": "status.completionTimestamp",
    "expires_at": "status.expiration",
    "reason": "status.failureReason",
    "invalid": "status.validationErrors",
    "errors": "status.errors",
    "snapshots": "status.volumeSnapshotsAttempted",
    "snapshots_done": "status.volumeSnapshotsCompleted",
    "csi": "status.csiVolumeSnapshotsAttempted",
    "csi_done": "status.csiVolumeSnapshotsCompleted",
    "operations": "status.backupItemOperationsAttempted",
    "operations_done": "status.backupItemOperationsCompleted",
    "hooks_failed": "status.hookStatus.hooksFailed",
}
EXPORT = "listing"
REFUSES = {
    "the text for people of Velero: export it with `velero backup get -o json`": (
        r"(?m)^NAME +STATUS +ERRORS +WARNINGS +CREATED|^Name: .+\nNamespace: [\s\S]*velero\.io/"
    ),
}


def recognises(head) -> bool:
    """Whether it is a backup of Velero's, or a list that begins with one."""
    first = (head.first.get("items") or [head.first])[0]
    group = str(first.get("apiVersion", "")).partition("/")[0]
    return group == "velero.io" and first.get("kind") in ("Backup", "BackupList")


IGNORES = {"not a backup": "kind <> 'Backup'"}
TABLES = {
    "backups": """
        WITH told AS (
            SELECT *, coalesce(try_cast(snapshots AS INT), 0) - coalesce(try_cast(snapshots_done AS INT), 0)
                    + coalesce(try_cast(csi AS INT), 0) - coalesce(try_cast(csi_done AS INT), 0) AS missing_volumes,
                try_cast(operations AS INT) - coalesce(try_cast(operations_done AS INT), 0)
                    AS missing_items,
                phase IS NULL OR phase IN ('New', 'Queued', 'ReadyToStart', 'InProgress', 'Finalizing',
                    'WaitingForPluginOperations', 'WaitingForPluginOperationsPartiallyFailed',
                    'FinalizingPartiallyFailed') AS unfinished
            FROM records
        )
        SELECT record_no, name AS backup_id, 'full' AS method, started_at, finished_at, expires_at,
            CASE WHEN coalesce(namespaces, '[]') = '[]' OR list_contains(namespaces->>'$[*]', '*')
                THEN 'all namespaces' ELSE array_to_string(list_sort(namespaces->>'$[*]'), ',') END AS asset,
            coalesce(storage, labels->>'$."velero.io/storage-location"', 'default') AS location,
            CASE WHEN phase = 'PartiallyFailed' OR phase = 'Completed' AND (missing_volumes > 0 OR missing_items > 0)
                    THEN 'partial'
                WHEN phase IN ('Failed', 'FailedValidation') THEN 'failed' WHEN phase = 'Deleting' THEN 'deleted'
                WHEN unfinished THEN 'running' WHEN phase = 'Completed' THEN 'completed' ELSE phase END AS status,
            CASE WHEN status IN ('completed', 'partial', 'deleted') THEN started_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            concat_ws('; ', reason, array_to_string(invalid->>'$[*]', '; '), 'errors: ' || errors,
                CASE WHEN missing_volumes > 0 AND NOT unfinished THEN 'volumes missing: ' || missing_volumes END,
                CASE WHEN missing_items > 0 AND NOT unfinished THEN 'item operations missing: ' || missing_items END,
                'hooks failed: ' || hooks_failed) AS error
        FROM told""",
}
