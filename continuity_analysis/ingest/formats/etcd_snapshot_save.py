"""etcd snapshots: what `etcdctl snapshot save` logs of one that was saved.

Get it with: ``etcdctl snapshot save FILE 2>> etcd-snapshots.log`` (the messages are written there, one JSON per line).

- Only "saved" makes a backup; a run that failed has no such line: no row.
- It holds the data of when the fetching began; that is told by the message before it.
- The moment is text with an offset, or seconds since 1970, both within one run of older releases; k3s leaves it out:
  unknown.
- `snapshot status -w json` has no time at all and is ignored.
- The asset is the endpoint that was asked, which is often a local address: name the cluster as `asset` in `sources`.
- The same file may be written again and again: the id is the file and the moment.
- Sizes are rounded and not kept.

Checked against: output of 3.4 to 3.7 quoted by others.
"""

CONTAINER = "json"
FIELDS = {"at_text": "ts", "message": "msg", "path": "path", "endpoint": "endpoint", "hash": "hash"}
EXPORT = "events"
BEGINS = ("created temporary db file", "fetching snapshot", "saved")


def recognises(head) -> bool:
    """Whether it begins with a message of a snapshot that is being saved."""
    return head.first.get("msg") in BEGINS and ("path" in head.first or "endpoint" in head.first)


IGNORES = {
    "the status of a snapshot has no time": "hash IS NOT NULL",
    "another message": "message NOT IN ('fetching snapshot', 'saved')",
}
REJECTS = {"path: expected where it was saved, got none": "message = 'saved' AND path IS NULL"}
_AT = "CASE WHEN try_cast(at_text AS DOUBLE) IS NOT NULL THEN epoch_s(at_text) ELSE moment(at_text) END"
TABLES = {
    "backups": f"""
        WITH told AS (
            SELECT *, {_AT} AS at_moment, lag(message) OVER w = 'fetching snapshot' AS fetched,
                lag({_AT}) OVER w AS before_at, lag(endpoint) OVER w AS asked
            FROM records WINDOW w AS (ORDER BY record_no)
        )
        SELECT record_no, concat_ws('/', path, at_moment) AS backup_id,
            coalesce(CASE WHEN fetched THEN asked END, 'etcd') AS asset,
            coalesce(nullif(regexp_extract(path, '^(.*)/[^/]+$', 1), ''), 'not stated') AS location,
            'snapshot' AS method, 'completed' AS status, at_moment AS finished_at,
            CASE WHEN fetched THEN before_at END AS started_at, started_at AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis
        FROM told WHERE message = 'saved'""",
}
