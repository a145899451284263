"""WAL-G backups of MongoDB: what its storage still holds.

Get it with: ``wal-g backup-list --detail --json`` of the build for MongoDB, regularly: what was deleted is no longer
there, and a run that failed or has not ended was never there. The description of a single backup, as it lies in the
storage, is no listing and not read.

- A binary backup holds the data of `MongoMeta.BackupLastTS`. A logical one begins and ends at different moments and
  holds one state only once the archived oplog is replayed up to `MongoMeta.After.LastMajTS`: that is taken. Whether the
  oplog is there is not told. A stamp of 0 is none.
- `StartLocalTime` and `FinishLocalTime` have an offset. `modify_time` changes when objects are copied: it is not read.
- `DataSize` is the compressed size, in spite of its name.
- The asset is the host it was taken from, which changes where members take turns: name all of them in the catalogue.
- The storage is not named: the location is "default". `Permanent` keeps a backup; nothing says when others will go.

Checked against: WAL-G's own types; no real export was available.
"""

CONTAINER = "json"
FIELDS = {
    "name": "BackupName",
    "host": "Hostname",
    "started_at": "StartLocalTime",
    "finished_at": "FinishLocalTime",
    "binary_at": "MongoMeta.BackupLastTS.T",
    "logical_at": "MongoMeta.After.LastMajTS.TS",
    "size_bytes": "UncompressedSize",
    "stored_bytes": "DataSize",
}
EXPORT = "listing"


def recognises(head) -> bool:
    """Whether it is a list of backups with what MongoDB says of itself."""
    return not head.keys and {"BackupName", "MongoMeta", "StartLocalTime"} <= head.first.keys()


TABLES = {
    "backups": """
        SELECT record_no, 'default/' || name AS backup_id, coalesce(nullif(host, ''), 'default') AS asset,
            'default' AS location, 'full' AS method, 'completed' AS status, started_at, finished_at,
            epoch_s(coalesce(nullif(binary_at, '0'), nullif(logical_at, '0'))) AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'oplog_end' END AS recovery_point_basis,
            size_bytes, stored_bytes
        FROM records""",
}
