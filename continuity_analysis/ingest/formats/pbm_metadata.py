"""Percona Backup for MongoDB metadata: the `.pbm.json` files that lie on the storage beside the backups.

Get it with: ``aws s3 cp s3://BUCKET/PREFIX . --recursive --exclude '*' --include '*.pbm.json'``, or copy the files from
the filesystem; one per file or one per line. They go when the backup is deleted.

- Failed and cancelled backups have such a file too. `last_write_ts` is the restore point, and `last_transition_ts` the
  end, only of a backup that is done; the end of any other is not that of a usable copy.
- The point of a sharded cluster is the one at the top; those of its replica sets differ and are not read.
- `last_write_ts` lies at the end of a logical backup, but seconds after the start of a physical or incremental one.
- A selective backup (`nss`) holds some collections only: partial. An incremental one without `src_backup` is a base.
- Replica sets may be none yet when a run has just begun or failed early: the asset is then "mongodb".
- `size` is missing in files of old versions. `opid` is the id of the command, not of the backup.
- The cluster is not named. The asset is the list of its replica sets ("cfg,rs0,rs1"), the location the name of the
  storage profile, or "main", as in `pbm_status`.

Checked against: two real files of 1.6 (sharded, logical) and a test document of 2.12 (sharded, physical).
"""

from continuity_analysis.ingest.formats import _pbm

CONTAINER = "json"
KEY = None
FIELDS = {
    "name": "name",
    "status": "status",
    "type": "type",
    "source": "src_backup",
    "namespaces": "nss",
    "profile": "store.name",
    "start": "start_ts",
    "written": "last_write_ts.T",
    "changed": "last_transition_ts",
    "size": "size",
    "size_raw": "size_uncompressed",
    "replica_sets": "replsets",
    "error": "error",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is the metadata of a backup as PBM stores it."""
    return {"opid", "name", "replsets", "start_ts", "last_write_ts", "conditions"} <= head.first.keys()


REJECTS = {"replsets: expected a list of replica sets, got something else": "NOT starts_with(replica_sets, '[')"}
TABLES = {
    "backups": f"""
        WITH told AS (
            SELECT *, status = 'done' AS done, nullif(source, '') AS parent_id,
                array_to_string(list_sort(TRY(replica_sets->>'$[*].name')), ',') AS names,
                array_to_string(TRY(replica_sets->>'$[*].error'), '; ') AS errors
            FROM records
        )
        SELECT record_no, name AS backup_id, coalesce(nullif(names, ''), 'mongodb') AS asset, parent_id,
            coalesce(nullif(profile, ''), 'main') AS location,
            CASE WHEN type IN ('logical', 'physical') OR type = 'incremental' AND parent_id IS NULL THEN 'full'
                WHEN type = 'external' THEN 'snapshot' ELSE type END AS method,
            CASE WHEN done AND namespaces <> '[]' THEN 'partial' WHEN done THEN 'completed'
                WHEN {_pbm.FAILED} THEN 'failed'
                WHEN {_pbm.RUNNING} THEN 'running' ELSE status END AS status,
            coalesce(epoch_s(start), moment(name)) AS started_at,
            CASE WHEN done THEN epoch_s(nullif(written, '0')) END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NULL THEN NULL WHEN type = 'logical' THEN 'oplog_end' ELSE 'cursor' END
                AS recovery_point_basis,
            CASE WHEN done THEN epoch_s(changed) END AS finished_at, size_raw AS size_bytes, size AS stored_bytes,
            concat_ws('; ', nullif(error, ''), nullif(errors, '')) AS error
        FROM told""",
}
