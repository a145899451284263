"""PagerDuty analytics: raw incidents, whole pages or one incident with what stands around it.

Get it with: ``curl -X POST -H 'Authorization: Token token=KEY' -d '{"filters": {…}, "limit": 1000}' https://api.pagerduty.com/analytics/raw/incidents``,
the next page with `starting_after` while `more` is true. Keep the whole answers: only they name the zone of the times.

- Times have no offset; `time_zone` at the top of the page is their zone. Where one has an offset (single incidents do),
  that counts. Of a time that stands twice on the clock the first is taken, as everywhere.
- `seconds_to_first_ack` counts from `created_at`. `seconds_to_resolve` contradicts the times of the vendor's example
  and is not read, nor are other durations.
- `updated_at` is when the analytics were computed, up to a day later, not when the incident changed: it is the moment
  that the row speaks of.
- `resolved_at` is read once the status is resolved; `auto_resolved` (ended by a timeout) says nothing of the service.
- Priorities P1 to P5 map to severity, others are kept as reported; without one, the urgency is.
- `created_at` is when the incident was created: started_basis is creation, and `detected_at` stays null.

Checked against: PagerDuty's published API schema and its examples; no real export was available.
"""

CONTAINER = "json"
KEY = "data"
FIELDS = {
    "id": "id",
    "title": "description",
    "created": "created_at",
    "resolved": "resolved_at",
    "computed": "updated_at",
    "status": "status",
    "urgency": "urgency",
    "priority": "priority_name",
    "service": ("service_name", "service_id"),
    "ack": "seconds_to_first_ack",
    "zone": "$page.time_zone",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of raw incidents, which names its zone, or one incident in such a page."""
    top = head.first.get("data")
    first = top[0] if isinstance(top, list) and top else top
    empty = top == [] and {"time_zone", "starting_after", "filters"} <= head.first.keys()
    return empty or (
        isinstance(first, dict) and {"incident_number", "seconds_to_resolve", "service_id"} <= first.keys()
    )


_NAIVE = r"'\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?'"
REJECTS = {
    "seconds_to_first_ack: expected seconds since created_at": """
        ack NOT NULL AND coalesce(try_cast(ack AS DOUBLE) NOT BETWEEN 0 AND 1e9, true)""",
    "created_at has no offset from UTC, and the page has no time_zone that is known: export whole pages": f"""
        regexp_full_match(created, {_NAIVE}) AND coalesce(zone, '') NOT IN (SELECT name FROM pg_timezone_names())""",
}


def _utc(name: str) -> str:
    """SQL of a local time in the page's zone as a moment."""
    local = f"CASE WHEN regexp_full_match({name}, {_NAIVE}) THEN try_cast({name} AS TIMESTAMP) END"
    at, hour = f"timezone(zone, {local})", "INTERVAL 1 HOUR"
    return f"""CASE WHEN {local} IS NULL THEN moment({name})
        WHEN timezone(zone, {at} - {hour}) = {local} THEN {at} - {hour} ELSE {at} END AS {name}"""


TABLES = {
    "incidents": f"""
        WITH told AS (SELECT * REPLACE ({_utc("created")}, {_utc("resolved")}, {_utc("computed")}) FROM records)
        SELECT record_no, id AS incident_id, service AS component, created AS started_at, 'incident' AS kind, title,
            regexp_extract(priority, '^[Pp]([1-5])(\\D.*)?$', 1) AS severity,
            coalesce(priority, urgency) AS severity_reported, false AS planned, 'creation' AS started_basis,
            CASE WHEN status IN ('triggered', 'acknowledged') THEN 'open' WHEN status IS NOT NULL THEN status
                WHEN resolved IS NULL THEN 'open' ELSE 'resolved' END AS status,
            created + to_microseconds((ack::DOUBLE * 1e6)::BIGINT) AS acknowledged_at,
            CASE WHEN coalesce(status, 'resolved') = 'resolved' THEN resolved END AS restored_at,
            CASE WHEN restored_at IS NOT NULL THEN 'restored' END AS restored_basis, computed AS observed_at
        FROM told""",
}
