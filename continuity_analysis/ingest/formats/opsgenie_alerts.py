"""Opsgenie alerts: pages of the list `/v2/alerts`, as objects, one page per line, or single alerts.

Get it with: ``curl -H 'Authorization: GenieKey KEY' 'https://api.opsgenie.com/v2/alerts?limit=100&offset=0'`` (EU:
api.eu.opsgenie.com), following `paging.next`.

- `report.ackTime` and `report.closeTime` are durations in milliseconds since `createdAt`, not moments; a value that
  can only be a moment is rejected.
- A closed alert has no other end: where `closeTime` is missing, `updatedAt` stands in as an upper bound. It also moves
  with every note, so it is read for nothing else. An open alert with a `closeTime` was opened again.
- `acknowledged` false with an `ackTime` was acknowledged once; that first time counts.
- `count` says how often the same alert came in; it stays one alert. Many alerts may belong to one incident.
- An alert names no service: the component is `entity` (in single alerts only), else the integration it came by, else
  "not stated". `source` is a host or a person and is not read. `tinyId` is used again: the id is `id`.

Checked against: the vendor's published schema and one example alert; no real export was available.
"""

CONTAINER = "json"
KEY = "data"
FIELDS = {
    "id": "id",
    "title": "message",
    "status": "status",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "priority": "priority",
    "ack": "report.ackTime",
    "close": "report.closeTime",
    "entity": "entity",
    "integration": ("integration.name", "integration"),
}
EXPORT = "window"
_LONGEST = 10**12


def recognises(head) -> bool:
    """Whether it holds alerts as Opsgenie lists them."""
    top = head.first.get("data", head.first)
    first = top[0] if isinstance(top, list) and top else top
    return isinstance(first, dict) and {"tinyId", "alias", "message", "createdAt", "status"} <= first.keys()


def _is_wrong(name: str) -> str:
    return f"{name} NOT NULL AND coalesce(try_cast({name} AS BIGINT) NOT BETWEEN 0 AND {_LONGEST}, true)"


REJECTS = {
    "report.ackTime: expected milliseconds since createdAt": _is_wrong("ack"),
    "report.closeTime: expected milliseconds since createdAt": _is_wrong("close"),
}
TABLES = {
    "incidents": """
        SELECT record_no, id AS incident_id, title, created_at AS started_at, 'alert' AS kind, false AS planned,
            coalesce(nullif(trim(entity), ''), nullif(trim(integration), ''), 'not stated') AS component,
            regexp_extract(priority, '^P([1-5])$', 1) AS severity, priority AS severity_reported,
            CASE status WHEN 'closed' THEN 'resolved' ELSE status END AS status, 'alert' AS started_basis,
            moment(created_at) + to_milliseconds(ack::BIGINT) AS acknowledged_at, updated_at,
            CASE WHEN status = 'closed' THEN moment(created_at) + to_milliseconds(close::BIGINT) END AS closed_at,
            CASE WHEN status = 'closed' THEN coalesce(closed_at, moment(updated_at)) END AS restored_at,
            CASE WHEN restored_at NOT NULL THEN if(closed_at IS NULL, 'closure', 'restored') END AS restored_basis
        FROM records""",
}
