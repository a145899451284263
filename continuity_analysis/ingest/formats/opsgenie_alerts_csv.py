"""Opsgenie alerts CSV: the export of the alert list.

Get it with: Alerts, the query wanted, then its export as CSV. Prefer `opsgenie_alerts`, which knows ends.

- `CreatedAt` and `UpdatedAt` are milliseconds since 1970; `CreatedAtDate` and `UpdatedAtDate` say the same in words of
  no fixed form and are not read.
- There is neither a time of acknowledgement nor one of closing: of a closed alert `UpdatedAt` is an upper bound, as
  notes move it too. An open alert has no end.
- `Count` says how often the same alert came in; it stays one alert.
- No column names a service: the component is `Entity` where there is one, else `Teams`, else "not stated". Do not mix
  with JSON exports of the same alerts, which name it otherwise.

Checked against: a header and one row that two other programs expect; the vendor does not publish the columns.
"""

CONTAINER = "csv"
FIELDS = {
    "id": "Alert ID",
    "title": "Message",
    "status": "Status",
    "created_at": "CreatedAt",
    "updated_at": "UpdatedAt",
    "priority": "Priority",
    "entity": "Entity",
    "teams": "Teams",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether the header has the columns of an alert list."""
    return {"Alert ID", "TinyID", "Message", "Status", "CreatedAt", "UpdatedAt"} <= set(head.header)


def _moment(name: str) -> str:
    return f"""CASE WHEN regexp_full_match(trim({name}), '[0-9]{{11,14}}')
        THEN epoch_s(try_cast({name} AS DECIMAL(18, 3)) / 1000) ELSE moment({name}) END AS {name}"""


TABLES = {
    "incidents": f"""
        WITH told AS (
            SELECT * REPLACE (lower(trim(status)) AS status, {_moment("created_at")}, {_moment("updated_at")})
            FROM records
        )
        SELECT record_no, id AS incident_id, title, created_at AS started_at, 'alert' AS kind, false AS planned,
            coalesce(nullif(trim(entity), ''), nullif(trim(teams), ''), 'not stated') AS component,
            regexp_extract(priority, '^P([1-5])$', 1) AS severity, priority AS severity_reported,
            CASE status WHEN 'closed' THEN 'resolved' ELSE status END AS status, 'alert' AS started_basis, updated_at,
            CASE WHEN status = 'closed' THEN updated_at END AS restored_at,
            CASE WHEN restored_at NOT NULL THEN 'closure' END AS restored_basis
        FROM told""",
}
