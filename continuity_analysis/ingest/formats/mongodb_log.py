"""MongoDB server log: the structured log of one member of a replica set (4.4 and newer), its roles as states.

Get it with: copy ``/var/log/mongodb/mongod.log*`` of *every* member (each member a folder of its own, rotated files
too), or ``kubectl logs POD -c mongod > POD.json``. A set without a primary can only be told from all its members' logs.

- Lines are told apart by `id`; texts differ between versions. Of all lines eleven kinds are read.
- 21358 is the member's own role; 21215 and 21216 are what it sees of others, and say nothing of it: ignored.
- Elected is not writable: until 21331 a new primary still tells clients that it is a secondary (it catches up), so it
  is `secondary` until then and `primary` from then on.
- STARTUP, STARTUP2, RECOVERING and ROLLBACK are `starting`: it runs and serves nothing. An arbiter is `up`.
- A signal (23377) is no end: the member hands over and serves what runs, then exits (20565, 23138): down from there on.
- SIGKILL and a lost machine leave no line. Where a start (20698, 4615611) follows other lines of the file without an
  exit, its state is unknown from the last of them on (those of the second before may be the new process's own).
  At the end of a file, a state is vouched for up to its last line and no further.
- The member is "set/host:port" as the set's configuration has it (21393), which `rs.status()` shows as well. A rotated
  file lacks that, but begins with process, configuration and role (20721, 20722): then it is the one of the
  configuration with the same host and port, else with the same short name, else `localhost` with the same port, else
  the process's own. A file with none of this is rejected, as is one in which the logs of several processes are mixed.
- A log may begin with text lines of an older version: they are rejected, one by one. `attr` may be missing.
- The configuration says how many members hold data (arbiters do not): `workloads.replicas` of the set.

Checked against: logs of three members of a real 6.0 set (initiation, hand-over, SIGTERM); rotation (20721, 20722),
restart (20698) and what a primary tells while it catches up after MongoDB's source.
"""

CONTAINER = "json"
FIELDS = {
    "at_text": "t.$date",
    "id": "id",
    "new_state": ("attr.newState", "attr.memberState"),
    "old_state": "attr.oldState",
    "member": "attr.hostAndPort",
    "set_name": ("attr.config._id", "attr.options.replication.replSetName", "attr.options.replication.replSet"),
    "members": "attr.config.members",
    "host": "attr.host",
    "port": "attr.port",
}
EXPORT = "events"


def recognises(head) -> bool:
    """Whether it holds lines of mongod's structured log."""
    stamp = head.first.get("t")
    return {"s", "c", "id", "ctx", "msg"} <= head.first.keys() and isinstance(stamp, dict) and "$date" in stamp


STARTS = "('20698', '4615611')"
ROLES = "('21358', '21331', '20722', '20565', '23138', '20698', '4615611')"
PROCESS = "('4615611', '20721')"
NAMES = "('21392', '21393', '21951', '20721')"
IGNORES = {
    "another member's role, as this one sees it": "id IN ('21215', '21216')",
    "told to stop: the member is down once it exits": "id IN ('23377', '23381', '4784900')",
    "says nothing of the member's role": f"id NOT IN {ROLES} AND id NOT IN {NAMES}",
}
REJECTS = {
    "id: expected the number of a kind of line, as MongoDB 4.4 and newer have, got none": "id IS NULL",
    "the logs of several processes are mixed: expected one member's log per file": (
        f"(SELECT count(DISTINCT host || ':' || port) FROM candidates WHERE id IN {PROCESS}) > 1"
    ),
    "no line says which member wrote this: expected those of a start, a rotation or a new configuration": (
        "NOT EXISTS (FROM candidates WHERE set_name IS NOT NULL) OR NOT EXISTS "
        f"(FROM candidates WHERE id IN {PROCESS} OR id = '21393')"
    ),
}
_MEMBERS = """TRY(from_json(members, '[{"host": "VARCHAR", "arbiterOnly": "VARCHAR"}]'))"""
_HOSTS = f"list_transform({_MEMBERS}, lambda m: m.host)"
_MEMBER = f"""
    all_lines AS (
        SELECT moment(at_text) AS t FROM candidates WHERE moment(at_text) > '-infinity'
    ), told AS (
        SELECT split_part(arg_max(set_name, record_no), '/', 1) AS set_name,
            arg_max(member, record_no) AS itself, arg_max(host, record_no) AS host,
            arg_max(port, record_no) AS port, arg_max({_HOSTS}, record_no) AS hosts
        FROM records
    ), fitting AS (
        SELECT *, list_filter(hosts, lambda h: split_part(h, '.', 1) = split_part(host, '.', 1)
                AND ends_with(h, ':' || port)) AS short,
            list_filter(hosts, lambda h: h IN ('localhost:' || port, '127.0.0.1:' || port)) AS here
        FROM told
    ), name AS (
        SELECT set_name, set_name || '/' || coalesce(itself, CASE WHEN len(short) = 1 THEN short[1] END,
            here[1], host || ':' || port) AS component
        FROM fitting
    )"""


def _role(column: str) -> str:
    """SQL of our word for one of MongoDB's; another one stays as it is, and is rejected."""
    return f"""CASE WHEN {column} IN ('STARTUP', 'STARTUP2', 'RECOVERING', 'ROLLBACK') THEN 'starting'
        WHEN {column} = 'ARBITER' THEN 'up' ELSE lower(coalesce({column}, 'none')) END"""


TABLES = {
    "states": f"""
        WITH {_MEMBER}, said AS (
            SELECT record_no, id, moment(at_text) AS t, CASE
                    WHEN id = '21331' THEN 'primary'
                    WHEN id = '21358' AND new_state = 'PRIMARY' THEN 'secondary'
                    WHEN new_state = 'PRIMARY' AND lead(id) OVER w = '21331' THEN 'secondary'
                    WHEN id IN ('21358', '20722') THEN {_role("new_state")}
                    WHEN id IN {STARTS} THEN 'starting' ELSE 'down' END AS state,
                CASE id WHEN '21331' THEN 'secondary' WHEN '21358' THEN {_role("old_state")} END AS before
            FROM records WHERE id IN {ROLES} WINDOW w AS (ORDER BY moment(at_text), record_no)
        ), starts AS (
            SELECT record_no, t, lag(t) OVER w AS former_at, lag(state) OVER w AS former, id FROM said
            WINDOW w AS (ORDER BY t, record_no)
        ), killed AS (
            SELECT starts.record_no, all_lines.t + INTERVAL 1 MILLISECOND AS t FROM starts
                ASOF JOIN all_lines ON starts.t - INTERVAL 1 SECOND >= all_lines.t
            WHERE starts.id IN {STARTS} AND starts.former IS DISTINCT FROM 'down'
                AND all_lines.t >= starts.former_at
        ), every AS (
            SELECT record_no, t, state, before FROM said
            UNION ALL SELECT record_no, t, 'unknown', NULL FROM killed
        ), apart AS (
            SELECT * FROM every QUALIFY row_number() OVER (PARTITION BY t ORDER BY record_no DESC) = 1
        ), ranked AS (
            SELECT *, lead(t) OVER w - CASE lead(state) OVER w WHEN 'unknown' THEN INTERVAL 1 MILLISECOND
                ELSE INTERVAL 0 MILLISECOND END AS next_at, row_number() OVER w AS place FROM apart
            WINDOW w AS (ORDER BY t, record_no)
        ), dated AS (
            SELECT record_no, state, t AS from_at,
                coalesce(next_at, CASE WHEN state <> 'down' THEN (SELECT max(t) FROM all_lines) END) AS until_at
            FROM ranked
            UNION ALL
            SELECT record_no, before, least((SELECT min(t) FROM all_lines), t - INTERVAL 1 MILLISECOND), t
            FROM ranked WHERE place = 1 AND before <> 'none'
        )
        SELECT record_no, 'member' AS observer, component, state, from_at, until_at FROM dated CROSS JOIN name""",
    "workloads": f"""
        WITH {_MEMBER}
        SELECT record_no, name.set_name AS component, at_text AS observed_at,
            len(list_filter({_MEMBERS}, lambda m: m.arbiterOnly IS DISTINCT FROM 'true')) AS replicas
        FROM records CROSS JOIN name WHERE members IS NOT NULL""",
}
