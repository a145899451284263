"""Velero restores of Kubernetes namespaces and their volumes.

Get it with: ``kubectl -n velero get restores.velero.io -o json`` or ``velero restore get -o json``, regularly: they are
deleted with their backup. For a single restore the latter prints the bare object.

- Completed means that Velero has made all objects anew, not that the application serves: scope data, and the moment is
  that of the data.
- PartiallyFailed left something out: failed, with the number of errors in `findings`.
- The completion is set after a failure too.
- Most restores name no namespace (or "*"): all that their backup holds. The asset is then unknown here, and is that of
  `backup_id`. A restore into other namespaces (`namespaceMapping`) says so in `findings`.
- Which moment's data was restored is the backup's to say. A restore from a schedule names its backup too.

Checked against: Velero's own types; the status block of one real restore quoted in public.
"""

CONTAINER = "json"
KEY = "items"
FIELDS = {
    "kind": "kind",
    "name": "metadata.name",
    "namespaces": "spec.includedNamespaces",
    "mapping": "spec.namespaceMapping",
    "backup": "spec.backupName",
    "phase": "status.phase",
    "started_at": "status.startTimestamp",
    "finished_at": "status.completionTimestamp",
    "reason": "status.failureReason",
    "invalid": "status.validationErrors",
    "errors": "status.errors",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a restore of Velero's, or a list that begins with one."""
    first = (head.first.get("items") or [head.first])[0]
    group = str(first.get("apiVersion", "")).partition("/")[0]
    return group == "velero.io" and first.get("kind") in ("Restore", "RestoreList")


IGNORES = {"not a restore": "kind <> 'Restore'"}
TABLES = {
    "recoveries": """
        SELECT record_no, name AS recovery_id, 'restore' AS kind, backup AS backup_id, 'data' AS scope,
            started_at, CASE WHEN phase = 'Completed' THEN finished_at END AS data_restored_at, finished_at,
            CASE WHEN NOT list_contains(namespaces->>'$[*]', '*')
                THEN array_to_string(list_sort(namespaces->>'$[*]'), ',') END AS asset,
            CASE WHEN phase IN ('PartiallyFailed', 'Failed', 'FailedValidation') THEN 'failed'
                WHEN phase IS NULL OR phase IN ('New', 'InProgress', 'Finalizing', 'FinalizingPartiallyFailed',
                    'WaitingForPluginOperations', 'WaitingForPluginOperationsPartiallyFailed') THEN 'running'
                WHEN phase = 'Completed' THEN 'completed' ELSE phase END AS status,
            concat_ws(chr(10), reason, array_to_string(invalid->>'$[*]', chr(10)), 'errors: ' || errors,
                'restored into other namespaces: ' || nullif(mapping, '{}')) AS findings
        FROM records""",
}
