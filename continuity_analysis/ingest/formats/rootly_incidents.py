"""Rootly incidents: pages of the list `/v1/incidents` (JSON:API), as objects or one page per line, or single incidents.

Get it with: ``curl -H 'Authorization: Bearer KEY' 'https://api.rootly.com/v1/incidents?page[size]=100&page[number]=1'``,
following `links.next`.

- The list may name services under `data` of its attribute or directly: both are read, functionalities too. One row per
  each; without any, "not stated". Environments are no components.
- `status` says where it stands: in_triage, started and mitigated are open; resolved, closed and completed are resolved;
  cancelled is cancelled. Duplicates of another incident are cancelled as well, which counts nowhere. Of an incident
  that is open again, old ends are not read.
- `started_at` is the begin of impact only where it differs from `created_at`.
- Resolved without `resolved_at` (completed ones may be) ends with `closed_at` or else `updated_at`, an upper bound.
- Kinds test and example are ignored. Kind scheduled is maintenance: `scheduled_for` to `scheduled_until` is the
  announced window; while it is scheduled there is no start. verifying and in_progress are open.
- Severities have names of the account's own and a class: critical, high, medium, low are 1 to 4.

Checked against: the field names of the vendor's published schema, its list of statuses, and a third party's client;
the kinds test and example and the status verifying are from general knowledge; no real export was available.
"""

CONTAINER = "json"
KEY = "data"
_TIMES = ("created_at", "started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at")
_TIMES += ("updated_at", "scheduled_for", "scheduled_until")
FIELDS = {
    "id": "id",
    "title": "attributes.title",
    "kind": "attributes.kind",
    "status": "attributes.status",
    "severity_name": ("attributes.severity.data.attributes.name", "attributes.severity.name"),
    "severity_class": ("attributes.severity.data.attributes.severity", "attributes.severity.severity"),
    "services": ("attributes.services.data", "attributes.services"),
    "functions": ("attributes.functionalities.data", "attributes.functionalities"),
    "duplicate_of": "attributes.duplicate_incident_id",
    "url": "attributes.url",
    **{name: f"attributes.{name}" for name in _TIMES},
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of incidents as JSON:API with Rootly's attributes, or one of them."""
    top = head.first.get("data", head.first)
    first = top[0] if isinstance(top, list) and top else top
    if not isinstance(first, dict) or first.get("type") != "incidents":
        return False
    attributes = first.get("attributes")
    return isinstance(attributes, dict) and {"title", "started_at", "mitigated_at", "resolved_at"} <= attributes.keys()


IGNORES = {"a test or an example": "regexp_full_match(kind, '(test|example)(_sub)?')"}
REJECTS = {
    f"{name}: expected a list, got something else": f"NOT starts_with({column}, '[')"
    for name, column in (("services", "services"), ("functionalities", "functions"))
}
_READY = ", ".join(f"nullif(trim({name}), '') AS {name}" for name in ("started_at", "resolved_at", "closed_at"))
TABLES = {
    "incidents": f"""
        WITH listed AS (
            SELECT record_no, unnest(json_extract(services, '$[*]')) AS one FROM records UNION ALL
            SELECT record_no, unnest(json_extract(functions, '$[*]')) FROM records
        ), named AS (
            SELECT DISTINCT record_no, coalesce(one->>'$.attributes.name', one->>'$.data.attributes.name',
                one->>'$.name', one->>'$.id', one->>'$.data.id') AS component
            FROM listed WHERE component <> ''
        ), told AS (
            SELECT * REPLACE ({_READY}), coalesce(starts_with(kind, 'scheduled'), false) AS work,
                CASE WHEN duplicate_of <> '' THEN 'cancelled'
                    WHEN status IN ('in_triage', 'started', 'mitigated', 'in_progress', 'verifying') THEN 'open'
                    WHEN status IN ('closed', 'completed') THEN 'resolved'
                    ELSE coalesce(status, 'none') END AS stands
            FROM records
        )
        SELECT record_no, id AS incident_id, coalesce(component, 'not stated') AS component, title, url, updated_at,
            CASE WHEN work THEN 'maintenance' ELSE 'incident' END AS kind, work AS planned, stands AS status,
            CASE WHEN stands <> 'scheduled' THEN coalesce(told.started_at, created_at) END AS started_at,
            CASE WHEN stands <> 'scheduled' THEN if(coalesce(abs(epoch(moment(told.started_at))
                - epoch(moment(created_at))), 0) <= 1, 'creation', 'impact') END AS started_basis,
            detected_at, acknowledged_at,
            list_position(['critical', 'high', 'medium', 'low'], lower(severity_class)) AS severity,
            coalesce(severity_name, severity_class) AS severity_reported,
            CASE WHEN stands = 'resolved' OR status = 'mitigated' THEN told.mitigated_at END AS mitigated_at,
            CASE WHEN stands = 'resolved' THEN coalesce(resolved_at, told.closed_at, updated_at) END AS restored_at,
            CASE WHEN restored_at NOT NULL THEN if(resolved_at IS NULL, 'closure', 'restored') END AS restored_basis,
            CASE WHEN stands = 'resolved' THEN told.closed_at END AS closed_at,
            CASE WHEN work THEN scheduled_for END AS scheduled_from_at,
            CASE WHEN work THEN scheduled_until END AS scheduled_until_at
        FROM told LEFT JOIN named USING (record_no)""",
}
