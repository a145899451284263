"""MongoDB replica set status: `rs.status()` (replSetGetStatus) as JSON: how far each member is behind the primary.

Get it with: ``mongosh --quiet --eval 'EJSON.stringify(rs.status())' >> rs_status.ndjson``, regularly, on any member.

- `rs.status()` printed as it is is no JSON (`ISODate(…)`): take `EJSON.stringify`. Dates may be EJSON of both kinds or
  texts with an offset, as Go tools write them.
- The lag is the primary's `optimeDate` less that of each other member that holds data and can be reached, to the
  second; a member that is ahead of what this one knows of the primary is 0 s behind. Without a primary no lag is known.
- A member that is down has an `optimeDate` of 1970: that is no lag. An arbiter has none.
- What a member sees of the others is not their role (as in the log, `mongodb_log`): only the one that was asked
  (`self`) gives a state, at that moment. Others that could not be reached are counted as ignored.

Checked against: one status of a real set, as a Go tool had written it. EJSON and unreachable members are written after
descriptions by others.
"""

CONTAINER = "json"
KEY = "members"


def _date(path: str) -> tuple[str, ...]:
    return (f"{path}.$date.$numberLong", f"{path}.$date", path)


FIELDS = {
    "replica_set": "$page.set",
    "page_at": _date("$page.date"),
    "name": "name",
    "state": "stateStr",
    "itself": "self",
    "optime_at": _date("optimeDate"),
    "optime_s": ("optime.ts.$timestamp.t", "optime.ts.T", "optime.ts.t"),
}
EXPORT = "events"


def recognises(head) -> bool:
    """Whether it is the answer to replSetGetStatus."""
    members = head.first.get("members")
    return {"set", "date", "myState"} <= head.first.keys() and isinstance(members, list)


REFUSES = {
    "the answer of rs.status() as the shell prints it, which is no JSON: print EJSON.stringify(rs.status())": (
        r"(?s)^\s*\{.*\bset\W+\w.*\bdate\W+ISODate\(.*\bmyState\b"
    ),
}


def _moment(column: str) -> str:
    millis = f"epoch_s(try_cast({column} AS BIGINT) / 1000)"
    return f"CASE WHEN regexp_full_match({column}, '-?[0-9]+') THEN {millis} ELSE moment({column}) END"


IGNORES = {
    "cannot be reached from the member that was asked": "state IN ('(not reachable/healthy)', 'DOWN', 'UNKNOWN')",
}
REJECTS = {
    "set: expected the name of the replica set, got none": "replica_set IS NULL",
    "name: expected host and port of the member, got none": "name IS NULL",
    "optimeDate: expected a moment with its offset from UTC": f"({_moment('optime_at')}) = '-infinity'",
}
ROLES = """CASE WHEN state IN ('STARTUP', 'STARTUP2', 'RECOVERING', 'ROLLBACK') THEN 'starting'
    WHEN state = 'ARBITER' THEN 'up' ELSE lower(coalesce(state, 'none')) END"""
TABLES = {
    "states": f"""
        SELECT record_no, 'member' AS observer, replica_set || '/' || name AS component, {ROLES} AS state,
            {_moment("page_at")} AS from_at, {_moment("page_at")} AS until_at
        FROM records WHERE itself = 'true'""",
    "lag": f"""
        WITH dated AS (
            SELECT *, coalesce({_moment("optime_at")}, epoch_s(optime_s)) AS optime, {_moment("page_at")} AS seen_at
            FROM records
        ), beside AS (
            SELECT *, max(optime) FILTER (state = 'PRIMARY') OVER (PARTITION BY replica_set, page_at) AS newest
            FROM dated
        )
        SELECT record_no, replica_set AS asset, replica_set || '/' || name AS replica, seen_at AS observed_at,
            greatest(date_diff('millisecond', optime, newest) / 1000, 0) AS lag_seconds
        FROM beside WHERE state <> 'PRIMARY' AND optime > '1970-01-02'::TIMESTAMPTZ AND newest IS NOT NULL""",
}
