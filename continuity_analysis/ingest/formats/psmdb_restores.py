"""Percona Operator for MongoDB restores: the `psmdb-restore` objects of a Kubernetes cluster.

Get it with: ``kubectl get psmdb-restore -A -o json``, regularly: what was deleted is no longer there.

- There is no start: the object's creation stands for it, so that waiting counts as well.
- `completed` is the end of a restore that is ready; `lastTransition` that of one that failed or was rejected.
- Ready means that the data is back, not that the application serves: scope data.
- `pitrTarget` has no offset and is not read: which moment's data was restored is the backup's to say.

Checked against: the fields of the operator's own types; no raw export was at hand.
"""

CONTAINER = "json"
KEY = "items"
FIELDS = {
    "kind": "kind",
    "name": "metadata.name",
    "namespace": "metadata.namespace",
    "created": "metadata.creationTimestamp",
    "cluster": "spec.clusterName",
    "backup": "spec.backupName",
    "state": "status.state",
    "completed": "status.completed",
    "changed": "status.lastTransition",
    "error": "status.error",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a restore object of the operator, or a list that begins with one."""
    items = head.first.get("items")
    first = items[0] if isinstance(items, list) and items else head.first
    return isinstance(first, dict) and first.get("kind") == "PerconaServerMongoDBRestore"


IGNORES = {"not a restore": "kind <> 'PerconaServerMongoDBRestore'"}
TABLES = {
    "recoveries": """
        SELECT record_no, namespace || '/' || name AS recovery_id, namespace || '/' || cluster AS asset,
            'restore' AS kind, 'data' AS scope, namespace || '/' || nullif(backup, '') AS backup_id,
            created AS started_at,
            CASE WHEN state = 'ready' THEN 'completed' WHEN state IN ('error', 'rejected') THEN 'failed'
                WHEN coalesce(state, '') IN ('', 'waiting', 'requested') THEN 'running' ELSE state END
                AS status,
            CASE WHEN state = 'ready' THEN completed END AS data_restored_at,
            CASE WHEN state = 'ready' THEN completed WHEN state IN ('error', 'rejected') THEN changed END
                AS finished_at,
            error AS findings
        FROM records""",
}
