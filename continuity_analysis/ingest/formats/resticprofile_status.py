"""resticprofile status: the last backup of every profile, and whether it succeeded.

Get it with: a copy of the file that `status-file` of the profile names, after each run, as the next one overwrites it;
with `extended-status: true` it has sizes.

- Only the last run of a command stands in it. `time` is when it ended, `duration` its whole seconds, rounded up: the
  begin is early by less than a second, which is the safe side.
- A run with exit status 3 is in error, though a snapshot was written: partial. With `no-error-on-warning` it is a
  success like any other, which cannot be told apart.
- `check` and `retention` (forget) speak of the whole repository, not of a backup: not read.
- The asset is the profile: beside `restic_snapshots` name it in the catalogue as well, as the same runs stand there by
  host and paths. The repository is not named: the location is "repository".
- `stderr` may name hosts and users and is not kept.

Checked against: resticprofile's source and the example of its documentation.
"""

CONTAINER = "json"
FIELDS = {"profiles": "profiles"}
EXPORT = "window"
COMMANDS = {"backup", "check", "retention"}


def recognises(head) -> bool:
    """Whether it is profiles, each with the last runs of its commands."""
    told = head.first.get("profiles")
    if not isinstance(told, dict) or not told:
        return False
    return all(isinstance(one, dict) and one and one.keys() <= COMMANDS for one in told.values())


REJECTS = {"profiles: expected an object, got something else": "NOT starts_with(profiles, '{')"}
TABLES = {
    "backups": """
        WITH named AS (SELECT *, unnest(json_keys(profiles)) AS profile FROM records),
        opened AS (SELECT *, json_extract(profiles, '$."' || profile || '".backup') AS run FROM named),
        told AS (
            SELECT *, run->>'time' AS ended, run->>'duration' AS took, run->>'success' AS success,
                run->>'error' AS trouble
            FROM opened WHERE run IS NOT NULL
        )
        SELECT record_no, profile || '/' || ended AS backup_id, profile AS asset, 'repository' AS location,
            'snapshot' AS method, ended AS finished_at,
            CASE WHEN took IS NOT NULL AND try_cast(took AS UINTEGER) IS NULL THEN '-infinity'::TIMESTAMPTZ
                ELSE moment(ended) - to_seconds(try_cast(took AS UINTEGER)) END AS started_at,
            CASE WHEN success = 'true' THEN 'completed' WHEN trouble = 'exit status 3' THEN 'partial'
                WHEN success = 'false' THEN 'failed' ELSE coalesce(success, 'none') END AS status,
            CASE WHEN status IN ('completed', 'partial') THEN started_at END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'job_start' END AS recovery_point_basis,
            CASE WHEN status IN ('completed', 'partial') THEN nullif(run->>'bytes_total', '0') END AS size_bytes,
            CASE WHEN size_bytes IS NOT NULL THEN run->>'bytes_added' END AS stored_bytes, trouble AS error
        FROM told""",
}
