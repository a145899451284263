"""Percona Backup for MongoDB restores: `pbm list --restore -o json` and `pbm describe-restore -o json`.

Get it with: ``pbm list --restore -o json``, and for each of its names, while the list has no ends,
``pbm describe-restore NAME -o json >> restores.json`` (after a physical restore with ``-c pbm.conf.yaml``).

- The name is the start, in UTC. `start` is the same in the list, but in older versions of `describe-restore` it is the
  first moment of a replay of the oplog: it is not read.
- The list has no end: `finished_at` is unknown. `describe-restore` has `finish` in newer versions and only of a restore
  that is done; otherwise `last_transition_ts` is the end of one that is over, well or not.
- A restore that lost nodes (partlyDone) counts as failed; `findings` says so.
- The end of a physical restore is before mongod and the agents are started again: scope data.
- `point-in-time` (`ts_to_restore`) is the moment asked for; without it, it is the backup's to say. A replay has no
  backup. A selective restore says so in `findings`.
- The list does not say of which cluster: the asset is the list of replica sets in `describe-restore`, else unknown.

Checked against: PBM's own source (the result of `describe-restore`, 2.0, and the naming of restores); no raw export was
at hand.
"""

from continuity_analysis.ingest.formats import _pbm

CONTAINER = "json"
KEY = None
FIELDS = {
    "name": "name",
    "status": "status",
    "backup": ("snapshot", "backup"),
    "point": ("point-in-time", "ts_to_restore"),
    "finish": "finish",
    "changed": "last_transition_ts",
    "namespaces": "namespaces",
    "error": "error",
    "replica_sets": "replsets",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a list of restores, or one restore as `describe-restore` prints it."""
    described = {"name", "opid", "backup", "status", "last_transition_time", "replsets"} <= head.first.keys()
    return described or {"start", "status", "type", "snapshot", "name"} <= head.first.keys()


REJECTS = {
    "replsets: expected a list of replica sets, got something else": "NOT starts_with(replica_sets, '[')",
}
TABLES = {
    "recoveries": f"""
        WITH told AS (
            SELECT *, status IN ('done', 'partlyDone', 'error', 'canceled', 'cancelled') AS over,
                array_to_string(list_sort(TRY(replica_sets->>'$[*].name')), ',') AS names,
                array_to_string(TRY(replica_sets->>'$[*].error'), chr(10)) AS errors
            FROM records
        )
        SELECT record_no, name AS recovery_id, names AS asset, 'restore' AS kind, 'data' AS scope,
            backup AS backup_id, moment(name) AS started_at,
            CASE WHEN status = 'done' THEN 'completed' WHEN status IN ('partlyDone', 'error') THEN 'failed'
                WHEN status IN ('canceled', 'cancelled') THEN 'aborted'
                WHEN {_pbm.RUNNING} THEN 'running' ELSE status END AS status,
            CASE WHEN over THEN coalesce(moment(finish), epoch_s(changed)) END AS finished_at,
            CASE WHEN status = 'done' THEN finished_at END AS data_restored_at,
            epoch_s(nullif(point, '0')) AS recovery_point_at,
            concat_ws(chr(10), CASE WHEN status = 'partlyDone' THEN 'some nodes were lost' END,
                nullif(error, ''), nullif(errors, ''), 'only ' || nullif(namespaces, '[]')) AS findings
        FROM told""",
}
