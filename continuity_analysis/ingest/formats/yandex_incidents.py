"""Yandex Cloud incidents: the list behind its status page.

Get it with: ``curl 'https://status.yandex.cloud/api/incidents?installation=all&lang=en&from=2026-01-01&to=2026-06-30'``,
all pages; or one incident, ``…/api/incidents/ID``.

- An incident may stay "opened" although its last comment says resolved: that comment counts. The end of an opened one
  is otherwise no end. "withReport" is resolved, with a report published since.
- Start and end are set by the author; a start that differs from the creation is the begin of impact, and then the
  creation is the detection, if it lies between the two.
- Each incident names several services: one row each, by the service's name in the language asked for (keep to one).
- Level 1 is Minor, 2 Unavailable; they say nothing of the share of the service lost.

Checked against: two incidents of 2024 and the constants in a published client of the API.
"""

CONTAINER = "json"
KEY = "items"
FIELDS = {
    "id": "id",
    "title": "title",
    "said": "status",
    "starts_at": "startDate",
    "ends_at": "endDate",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "level": "levelId",
    "level_name": ("level.label", "levelId"),
    "services": "services",
    "comments": "comments",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of incidents, or one incident."""
    items = head.first.get("items")
    one = items[0] if isinstance(items, list) and items else head.first
    return isinstance(one, dict) and {"levelId", "startDate", "services", "comments"} <= one.keys()


NAMES = """TRY(json_transform(services, '[{"name": "VARCHAR"}]'))"""
SAID = """TRY(json_transform(comments, '[{"type": "VARCHAR", "createdAt": "VARCHAR"}]'))"""
REJECTS = {
    "services: expected a list of services, got something else": f"services IS NOT NULL AND {NAMES} IS NULL",
    "comments: expected a list of comments, got something else": f"comments IS NOT NULL AND {SAID} IS NULL",
}
TABLES = {
    "incidents": f"""
        WITH comments AS (
            SELECT record_no, arg_max(c.type, moment(c.createdAt)) AS last_said
            FROM (SELECT record_no, unnest({SAID}) AS c FROM records) GROUP BY record_no
        ), told AS (
            SELECT *, said IN ('resolved', 'withReport') OR said = 'opened' AND last_said = 'resolved' AS over,
                starts_at IS DISTINCT FROM created_at AS stated
            FROM records LEFT JOIN comments USING (record_no)
        )
        SELECT record_no, id AS incident_id, 'incident' AS kind, false AS planned, title, updated_at,
            unnest(CASE WHEN coalesce(len({NAMES}), 0) = 0 THEN ['Yandex Cloud']
                ELSE list_distinct(list_transform({NAMES}, lambda s: s.name)) END) AS component,
            starts_at AS started_at, CASE WHEN stated THEN 'impact' ELSE 'creation' END AS started_basis,
            CASE WHEN moment(created_at) > moment(starts_at)
                AND (ends_at IS NULL OR moment(created_at) <= moment(ends_at)) THEN created_at END AS detected_at,
            CASE level WHEN '2' THEN 1 WHEN '1' THEN 3 END AS severity, level_name AS severity_reported,
            CASE WHEN over THEN 'resolved' WHEN said = 'opened' THEN 'open' ELSE coalesce(said, 'none') END AS status,
            CASE WHEN over THEN ends_at END AS restored_at,
            CASE WHEN over AND ends_at IS NOT NULL THEN 'restored' END AS restored_basis
        FROM told""",
}
