"""incident.io incidents: pages of the list `/v2/incidents`, as objects or one page per line, or single incidents.

Get it with: ``curl -H 'Authorization: Bearer KEY' 'https://api.incident.io/v2/incidents?page_size=250'``, the next page
with `after` from `pagination_meta`.

- Moments stand in a list, told apart by names that the account may change. Those it comes with are read: "Impact
  started" (else "Reported at", else `created_at`), "Reported at", "Accepted at", "Fixed at", "Resolved at" and
  "Closed at". Only the first is the begin of impact; from the others started_basis is creation.
- A name without a value is a moment not reached. Of an incident that is open again, old ends are not read.
- The category of its status counts, not its name: triage, live (active in webhooks) and paused are open; learning and
  closed are resolved; declined, merged and canceled are cancelled, which counts nowhere and replaces older rows.
- Resolved without "Resolved at" ends with "Closed at", an upper bound, else its end is unknown.
- `mode` test and tutorial are ignored, and streams, which are parts of another incident.
- Critical, Major, Minor and SEV1 to SEV5 or P1 to P5 map to severity; ranks run the other way and are not read.
- The component is taken from custom fields called after services, components, products or systems ("Affected
  services"); without any, "not stated".

Checked against: one example of the vendor's documentation; the modes test and tutorial and the
categories closed and declined in a client made from the vendor's schema. Other categories, the mode stream, and the
names of moments but the first, are from third parties and general knowledge; no real export was available.
"""

CONTAINER = "json"
KEY = ("incidents", "incident")
PRODUCT = "incident.io"
FIELDS = {
    "id": "id",
    "title": "name",
    "mode": "mode",
    "category": "incident_status.category",
    "severity": "severity.name",
    "created": "created_at",
    "updated": "updated_at",
    "stamps": "incident_timestamp_values",
    "entries": "custom_field_entries",
    "url": "permalink",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of incidents with named moments, or one of them."""
    top = head.first.get("incidents", head.first.get("incident", head.first))
    first = top[0] if isinstance(top, list) and top else top
    if not isinstance(first, dict):
        return top == [] and "pagination_meta" in head.first
    return {"reference", "incident_status", "mode"} <= first.keys()


IGNORES = {
    "a test or a tutorial": "mode IN ('test', 'tutorial')",
    "a stream, part of another incident": "mode = 'stream'",
}
REJECTS = {
    "incident_timestamp_values: expected a list, got something else": "NOT starts_with(stamps, '[')",
    "custom_field_entries: expected a list, got something else": "NOT starts_with(entries, '[')",
}


def _stamp(column: str, name: str) -> str:
    return f"any_value(reached) FILTER (name = '{name}') AS {column}"


_NAMES = {"impact": "impact started", "accepted": "accepted at", "fixed": "fixed at", "ended": "resolved at"}
_NAMES |= {"reported": "reported at", "over": "closed at"}
TABLES = {
    "incidents": f"""
        WITH stamped AS (
            SELECT record_no, lower(trim(s.incident_timestamp.name)) AS name, s.value.value AS reached
            FROM (SELECT record_no, unnest(TRY(json_transform(stamps, '[{{"incident_timestamp": {{"name": "VARCHAR"}},
                "value": {{"value": "VARCHAR"}}}}]'))) AS s FROM records)
        ), moments AS (
            SELECT record_no, {", ".join(_stamp(column, name) for column, name in _NAMES.items())}
            FROM stamped GROUP BY record_no
        ), custom AS (
            SELECT record_no, e.custom_field.name AS field, unnest(e."values") AS v
            FROM (SELECT record_no, unnest(TRY(json_transform(entries, '[{{"custom_field": {{"name": "VARCHAR"}},
                "values": [{{"value_catalog_entry": {{"name": "VARCHAR"}}, "value_option": {{"value": "VARCHAR"}},
                "value_text": "VARCHAR"}}]}}]'))) AS e FROM records)
        ), named AS (
            SELECT DISTINCT record_no, trim(coalesce(v.value_catalog_entry.name, v.value_option.value, v.value_text))
                AS component
            FROM custom WHERE component <> '' AND regexp_full_match(lower(trim(field)),
                '((affected|impacted) )?(service|component|product|system)s?( (affected|impacted))?')
        ), told AS (
            SELECT *, CASE WHEN category IN ('triage', 'live', 'active', 'paused') THEN 'open'
                WHEN category IN ('learning', 'closed') THEN 'resolved'
                WHEN category IN ('declined', 'merged', 'canceled') THEN 'cancelled' ELSE coalesce(category, 'none') END
                AS stands
            FROM records LEFT JOIN moments USING (record_no)
        )
        SELECT record_no, id AS incident_id, coalesce(component, 'not stated') AS component, title, url,
            'incident' AS kind, false AS planned, coalesce(impact, reported, created) AS started_at, stands AS status,
            CASE WHEN impact IS NULL THEN 'creation' ELSE 'impact' END AS started_basis,
            CASE WHEN moment(reported) >= moment(impact) THEN reported END AS detected_at, accepted AS acknowledged_at,
            coalesce(list_position(['critical', 'major', 'minor'], lower(severity))::VARCHAR,
                regexp_extract(upper(severity), '^(?:SEV|P)[- ]?([1-5])(?:\\D.*)?$', 1)) AS severity,
            severity AS severity_reported, updated AS updated_at,
            CASE WHEN stands = 'resolved' OR (category IN ('live', 'active') AND ended IS NULL) THEN fixed END
                AS mitigated_at,
            CASE WHEN stands = 'resolved' THEN coalesce(ended, over) END AS restored_at,
            CASE WHEN restored_at NOT NULL THEN if(ended IS NULL, 'closure', 'restored') END AS restored_basis,
            CASE WHEN category = 'closed' THEN over END AS closed_at
        FROM told LEFT JOIN named USING (record_no)""",
}
