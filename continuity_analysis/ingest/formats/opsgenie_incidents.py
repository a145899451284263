"""Opsgenie incidents: pages of the list `/v1/incidents`, as objects, one page per line, or single incidents.

Get it with: ``curl -H 'Authorization: GenieKey KEY' 'https://api.opsgenie.com/v1/incidents?query=status:*&limit=100&offset=0'``
(EU: api.eu.opsgenie.com), following `paging.next`.

- There is no moment of resolution: of a resolved or closed incident `updatedAt` is an upper bound: notes move it,
  too. Alerts (`opsgenie_alerts`) do have an end.
- `createdAt` is when the incident was created: started_basis is creation. Nothing says who acknowledged it.
- `impactedServices` are ids; one row per service, named by its id (say in the catalogue which service that is); without
  any, "not stated".
- Priorities P1 to P5 are severity 1 to 5.

Checked against: the vendor's published schema and one example incident; no real export was available.
"""

CONTAINER = "json"
KEY = "data"
FIELDS = {
    "id": "id",
    "title": "message",
    "status": "status",
    "priority": "priority",
    "created": "createdAt",
    "updated": "updatedAt",
    "services": "impactedServices",
    "url": "links.web",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it holds incidents as Opsgenie lists them, not alerts, which have an alias."""
    top = head.first.get("data", head.first)
    first = top[0] if isinstance(top, list) and top else top
    if not isinstance(first, dict) or "alias" in first:
        return False
    return {"tinyId", "message", "createdAt", "status", "impactedServices"} <= first.keys()


REJECTS = {"impactedServices: expected a list, got something else": "NOT starts_with(services, '[')"}
TABLES = {
    "incidents": """
        WITH named AS (
            SELECT DISTINCT record_no, component FROM (SELECT record_no,
                unnest(json_extract_string(services, '$[*]')) AS component FROM records) WHERE component <> ''
        )
        SELECT record_no, id AS incident_id, title, created AS started_at, 'incident' AS kind, false AS planned, url,
            coalesce(component, 'not stated') AS component, 'creation' AS started_basis, updated AS updated_at,
            regexp_extract(priority, '^P([1-5])$', 1) AS severity, priority AS severity_reported,
            CASE status WHEN 'closed' THEN 'resolved' ELSE coalesce(status, 'none') END AS status,
            CASE WHEN status IN ('resolved', 'closed') THEN updated END AS restored_at,
            CASE WHEN restored_at NOT NULL THEN 'closure' END AS restored_basis
        FROM records LEFT JOIN named USING (record_no)""",
}
