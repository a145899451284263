"""Percona Backup for MongoDB status: `pbm status -o json`, failed and running backups and point-in-time chunks too.

Get it with: ``pbm status -o json``, regularly: what was deleted is no longer there.

- A backup's name is its start, in UTC. There is no completion time: `finished_at` is unknown.
- `restoreTo` is the restore point only of a backup that is done; before that, and after a failure, it is the moment of
  the last change of state and no point at all.
- The point lies at the end of a logical backup, but seconds after the start of a physical or incremental one.
- `printStatus` says "success" even of a backup that this version cannot restore: `status` (error) is what counts.
- A selective backup (`nss`) holds some collections only: partial.
- An incremental backup without `src` is the base of its chain and stands on its own.
- Point-in-time chunks are rows of method log, usable up to their end; where they say `noBaseSnapshot` they restore
  nothing by themselves: partial. A range is known by its begin; one that was cut short at the front is a new one.
- The cluster is not named. The asset is the list of its replica sets ("cfg,rs0,rs1"), or "mongodb" where the section
  is missing: `asset` of `sources` in the catalogue gives the proper name. The location is the name of the storage
  profile, or "main".

Checked against: PBM's own types and the vendor's documentation; no raw export was at hand.
"""

from continuity_analysis.ingest.formats import _pbm

CONTAINER = "json"
KEY = ("backups.snapshot", "backups.pitrChunks.pitrChunks")
FIELDS = {
    "name": "name",
    "status": "status",
    "restore_to": "restoreTo",
    "size": "size",
    "type": "type",
    "source": "src",
    "namespaces": "nss",
    "profile": ("profile", "storage"),
    "error": "error",
    "chunk_start": "range.start",
    "chunk_end": "range.end",
    "without_base": "noBaseSnapshot",
    "replica_sets": "$page.cluster",
    "agents": "cluster",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a status with its section on backups, or one that leaves that out."""
    backups = head.first.get("backups")
    if isinstance(backups, dict):
        return "pitrChunks" in backups
    return {"cluster", "pitr", "running"} <= head.keys


IGNORES = {"status without a list of backups": "agents IS NOT NULL"}
TABLES = {
    "backups": f"""
        WITH told AS (
            SELECT *, CASE json_type(replica_sets) WHEN 'ARRAY' THEN replica_sets->>'$[*].rs'
                    ELSE json_keys(replica_sets) END AS names,
                coalesce(nullif(array_to_string(list_sort(names), ','), ''), 'mongodb') AS asset,
                coalesce(profile, 'main') AS location
            FROM records
        )
        SELECT record_no, name AS backup_id, asset, location,
            CASE WHEN type IN ('logical', 'physical') OR type = 'incremental' AND coalesce(source, '') = '' THEN 'full'
                WHEN type = 'external' THEN 'snapshot' ELSE type END AS method,
            source AS parent_id,
            CASE WHEN status = 'done' AND namespaces <> '[]' THEN 'partial'
                WHEN status = 'done' THEN 'completed' WHEN {_pbm.FAILED} THEN 'failed'
                WHEN {_pbm.RUNNING} THEN 'running' ELSE status END AS status,
            moment(name) AS started_at, NULL::TIMESTAMPTZ AS covers_from_at,
            CASE WHEN status = 'done' THEN epoch_s(restore_to) END AS recovery_point_at,
            CASE WHEN status <> 'done' THEN NULL WHEN type = 'logical' THEN 'oplog_end' ELSE 'cursor' END
                AS recovery_point_basis,
            NULL::TIMESTAMPTZ AS finished_at, size AS stored_bytes, error
        FROM told WHERE chunk_start IS NULL
        UNION ALL BY NAME
        SELECT record_no, 'pitr/' || chunk_start AS backup_id, asset, location, 'log' AS method,
            CASE WHEN without_base = 'true' THEN 'partial' ELSE 'completed' END AS status,
            epoch_s(chunk_start) AS started_at, epoch_s(chunk_start) AS covers_from_at,
            epoch_s(chunk_end) AS recovery_point_at, 'oplog_end' AS recovery_point_basis,
            epoch_s(chunk_end) AS finished_at,
            CASE WHEN without_base = 'true' THEN 'no base snapshot' END AS error
        FROM told WHERE chunk_start IS NOT NULL""",
}
