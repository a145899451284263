"""Percona Backup for MongoDB describe-backup: one backup with its end and size, which `pbm list` and `status` lack.

Get it with: ``pbm describe-backup NAME -o json >> backups.json`` for each name of `pbm list`, also of a failed one.

- There is no start: the name is the start, in UTC.
- `last_write_ts` is the restore point, and `last_transition_ts` the end, only of a backup that is done. Both are also
  there as text (`_time`), which is not read.
- What type, status and a selection of collections (`namespaces`) mean is as in `pbm_metadata`, and so are asset and
  location: rows of both, and of `pbm status`, complete each other.
- The parent of an incremental backup is not told, so that it would pass for a base that stands alone: the method is
  then left unknown. (A version that tells it would call it `src_backup`, as in the metadata.)

Checked against: PBM's own source of several versions, none of which prints `src_backup`, and real metadata of the same
fields; no raw export was at hand.
"""

from continuity_analysis.ingest.formats import pbm_metadata

CONTAINER = "json"
KEY = None
FIELDS = pbm_metadata.FIELDS | {
    "namespaces": ("namespaces", "nss"),
    "profile": ("storage_name", "profile"),
    "written": "last_write_ts",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a backup as `describe-backup` prints it."""
    return {"opid", "name", "replsets", "last_write_time", "last_transition_time"} <= head.first.keys()


REJECTS = pbm_metadata.REJECTS
TABLES = {
    "backups": f"""
        SELECT made.* REPLACE (CASE WHEN type IS DISTINCT FROM 'incremental' OR source IS NOT NULL THEN method END
            AS method)
        FROM ({pbm_metadata.TABLES["backups"]}) AS made
            JOIN (SELECT record_no, type, source FROM records) USING (record_no)""",
}
