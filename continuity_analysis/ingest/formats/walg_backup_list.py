"""WAL-G backup-list of PostgreSQL: the base backups in its storage.

Get it with: ``wal-g backup-list --detail --json``, regularly: what was deleted is no longer there, and a run
that failed or has not ended was never there.

- `time` is when the file that describes the backup was last written to
  storage: copying it to another bucket changes it. It is not read. When a copy arrived elsewhere is unknown.
- Without `--detail` there are no times but that: the backup is known, its recovery point is not.
- A backup is consistent at its end. Later moments can be restored from archived log, of which nothing here tells the
  time: the exposure from this listing alone is too long, on the safe side. Whether the log that a backup needs is there
  only `wal-g wal-verify` tells.
- A name that ends in `_D_` and a segment is of an incremental backup. What it needs stands in its description in
  storage, not in the name, which tells only the segment: `parent_id` is unknown.
- The asset is "host:directory", and without `--detail` the storage; the id is "storage/name", since a copy of a backup
  has the same name in another storage.
- `is_permanent` keeps it from deletion; nothing says when the others will go.

Checked against: real output of PostgreSQL 15 quoted by others; incremental backups and several storages were not tried.
"""

CONTAINER = "json"
FIELDS = {
    "name": "backup_name",
    "storage": "storage_name",
    "started_at": "start_time",
    "end_at": "finish_time",
    "host": "hostname",
    "directory": "data_dir",
    "size_bytes": "uncompressed_size",
    "stored_bytes": "compressed_size",
}
EXPORT = "listing"
REFUSES = {
    "WAL-G wal-verify: it names neither a backup nor a moment: export `wal-g backup-list --detail --json`": (
        r'^\{\s*"integrity": ?\{\s*"status"'
    ),
}


def recognises(head) -> bool:
    """Whether it is a list of base backups, or an empty one in a file named after WAL-G."""
    if not head.first:
        named = any(word in head.name.lower() for word in ("wal-g", "walg", "wal_g"))
        return named and head.text.strip() in ("[]", "null")
    return {"backup_name", "wal_file_name"} <= head.first.keys()


TABLES = {
    "backups": """
        SELECT record_no, coalesce(storage, 'default') AS location, location || '/' || name AS backup_id,
            coalesce(host || ':' || directory, location) AS asset, started_at,
            moment(end_at) AS recovery_point_at, recovery_point_at AS finished_at, 'completed' AS status,
            CASE WHEN contains(name, '_D_') THEN 'incremental' WHEN starts_with(name, 'base_') THEN 'full' END
                AS method,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'backup_end' END AS recovery_point_basis,
            size_bytes, stored_bytes
        FROM records""",
}
