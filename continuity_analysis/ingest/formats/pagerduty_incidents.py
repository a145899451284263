"""PagerDuty incidents: pages of the REST list `/incidents`, as objects, a list or one page per line.

Get it with: ``curl -H 'Authorization: Token token=KEY' 'https://api.pagerduty.com/incidents?since=…&until=…&limit=100&offset=0'``,
the next offset while `more` is true. Add the log entries (`pagerduty_log_entries`): only they keep acknowledgements.

- `created_at` is when the incident was created by an alert or a person, not when users were first hit: started_basis is
  creation. As nothing earlier is known, the time to detect is unknown and `detected_at` stays null.
- `resolved_at` is missing in older exports; `last_status_change_at` stands in, but only once the status is resolved.
- `acknowledgements` is emptied when an incident is resolved, so it is read only while the status is acknowledged.
- An incident merged into another one becomes a cancelled row rather than nothing: it counts nowhere, and it replaces
  what an earlier export, or its log entries, said of it.
- `priority` is named by the account: P1 to P5 map to severity, any other name is only kept as reported; without a
  priority the urgency is what is reported, and the severity is unknown.
- With `time_zone=` in the query, moments carry an offset instead of Z.

Checked against: PagerDuty's published API schema and its examples; no real export was available.
"""

CONTAINER = "json"
KEY = ("incidents", "incident")
FIELDS = {
    "id": "id",
    "title": "title",
    "created_at": "created_at",
    "updated_at": ("updated_at", "last_status_change_at"),
    "status": "status",
    "status_since": "last_status_change_at",
    "resolved_at": "resolved_at",
    "urgency": "urgency",
    "priority": ("priority.summary", "priority.name"),
    "service": ("service.summary", "service.name", "service.id"),
    "acknowledgements": "acknowledgements",
    "resolve_reason": "resolve_reason.type",
    "url": "html_url",
}
EXPORT = "window"
REFUSES = {
    "PagerDuty alerts of an incident, which say no more than it: export `/incidents` and its log entries": (
        r'^\{\s*"alerts": ?\['
    ),
}


def recognises(head) -> bool:
    """Whether it is a page of incidents as PagerDuty pages them, also one that is cut off, or one incident."""
    first = head.first["incident"] if head.first.keys() == {"incident"} else head.first
    if {"incidents", "limit", "more"} <= first.keys():
        return True
    listed = first.get("incidents")
    record = listed[0] if isinstance(listed, list) and listed else first
    return isinstance(record, dict) and {"incident_number", "urgency"} <= record.keys()


REJECTS = {"acknowledgements: expected a list, got something else": "NOT starts_with(acknowledgements, '[')"}
TABLES = {
    "incidents": """
        SELECT record_no, id AS incident_id, service AS component, created_at AS started_at, 'incident' AS kind, title,
            regexp_extract(priority, '^[Pp]([1-5])(\\D.*)?$', 1) AS severity,
            coalesce(priority, urgency) AS severity_reported, false AS planned,
            CASE WHEN resolve_reason = 'merge_resolve_reason' THEN 'cancelled'
                WHEN status IN ('triggered', 'acknowledged') THEN 'open' ELSE status END AS status,
            'creation' AS started_basis,
            CASE WHEN status = 'acknowledged' THEN list_min(list_transform(
                TRY(json_transform(acknowledgements, '[{"at": "VARCHAR"}]')),
                lambda one: {'moment': moment(one."at"), 'text': one."at"})).text END AS acknowledged_at,
            CASE WHEN status = 'resolved' THEN coalesce(resolved_at, status_since) END AS restored_at,
            CASE WHEN status = 'resolved' THEN 'restored' END AS restored_basis,
            updated_at, url
        FROM records""",
}
