"""Percona Operator for MongoDB backups: the `psmdb-backup` objects of a Kubernetes cluster.

Get it with: ``kubectl get psmdb-backup -A -o json``, regularly: what was deleted is no longer there.

- `lastWriteAt`, which newer versions write, is the moment whose data it holds; without it that is unknown, and is not
  taken from `completed`, which is right for logical backups only.
- `latestRestorableTime` stands still since the operator last looked, in one real case before the backup's own end: it
  is not read. `pbm status` has the point-in-time ranges.
- An empty state is one that has not begun. `completed` is the end only once the state is ready.
- `size` is a rounded text ("1.2GB"): not read.
- The asset is "namespace/cluster", the location the storage's name, the id "namespace/name".

Checked against: the operator's own types, and one real status of 2024 quoted in public. Not verified: the older
`psmdbCluster`, and the type incremental-base.
"""

CONTAINER = "json"
KEY = "items"
FIELDS = {
    "kind": "kind",
    "name": "metadata.name",
    "namespace": "metadata.namespace",
    "cluster": ("spec.clusterName", "spec.psmdbCluster"),
    "storage": ("spec.storageName", "status.storageName"),
    "type": ("status.type", "spec.type"),
    "state": "status.state",
    "start": "status.start",
    "completed": "status.completed",
    "written": "status.lastWriteAt",
    "error": "status.error",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a backup object of the operator, or a list that begins with one."""
    items = head.first.get("items")
    first = items[0] if isinstance(items, list) and items else head.first
    return isinstance(first, dict) and first.get("kind") == "PerconaServerMongoDBBackup"


IGNORES = {"not a backup": "kind <> 'PerconaServerMongoDBBackup'"}
TABLES = {
    "backups": """
        SELECT record_no, namespace || '/' || name AS backup_id, namespace || '/' || cluster AS asset,
            coalesce(storage, 'default') AS location,
            CASE WHEN type IN ('logical', 'physical', 'incremental-base') THEN 'full'
                WHEN type = 'external' THEN 'snapshot' ELSE type END AS method,
            CASE WHEN state = 'ready' THEN 'completed' WHEN state IN ('error', 'rejected') THEN 'failed'
                WHEN coalesce(state, '') IN ('', 'waiting', 'requested') THEN 'running' ELSE state END
                AS status,
            "start" AS started_at, CASE WHEN state = 'ready' THEN written END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NULL THEN NULL WHEN type = 'logical' THEN 'oplog_end' ELSE 'cursor' END
                AS recovery_point_basis,
            CASE WHEN state = 'ready' THEN completed END AS finished_at, error
        FROM records""",
}
