"""PagerDuty analytics CSV: the incident report as it is downloaded, with or without its advanced columns.

Get it with: *Analytics > Incidents > Download CSV* (Reports: *Download CSV*, best with the advanced columns).

- Times are in the account's time zone and have no offset: state it.
- A report ends at exactly 20,000 rows, whatever there is: export shorter periods.
- Without the advanced columns an incident is named by its number alone (`#`), and is then no row together with those of
  other exports. With them its id is that of `pagerduty_incidents`.
- `seconds_to_first_ack` counts from the creation. `seconds_to_resolve` and "Duration" are not read: the vendor's own
  example contradicts them.
- A row without a resolution is open. `auto_resolved` (ended by a timeout) says nothing of the service.
- The start is when the incident was created: started_basis is creation, and `detected_at` stays null.

Checked against: the vendor's description of both kinds; no real export was available. The columns of the newer Insights
download are not known.
"""

CONTAINER = "csv"
NAIVE = ("created", "resolved")
FIELDS = {
    "id": "id",
    "number": ("incident_number", "#"),
    "title": "description",
    "service": ("service_name", "Service"),
    "service_id": "service_id",
    "created": ("created_on", "Opened On"),
    "resolved": ("resolved_on", "Resolved On"),
    "ack": "seconds_to_first_ack",
    "urgency": "urgency",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether the header has the columns of one of the two kinds of report."""
    header = set(head.header)
    return {"#", "Service", "Opened On", "Resolved On"} <= header or {
        "incident_number",
        "service_id",
        "created_on",
        "seconds_to_first_ack",
    } <= header


REJECTS = {
    "seconds_to_first_ack: expected seconds since the creation": """
        nullif(trim(ack), '') NOT NULL AND coalesce(try_cast(ack AS DOUBLE) NOT BETWEEN 0 AND 1e9, true)""",
    "#: expected the number of the incident, got none": """
        coalesce(nullif(trim(id), ''), nullif(trim(number), '')) IS NULL""",
}
TABLES = {
    "incidents": """
        WITH told AS (
            SELECT * REPLACE (moment(created) AS created, moment(resolved) AS resolved, try_cast(ack AS DOUBLE) AS ack)
            FROM records
        )
        SELECT record_no, coalesce(nullif(trim(id), ''), '#' || trim(number)) AS incident_id,
            coalesce(nullif(trim(service), ''), service_id) AS component, created AS started_at, 'incident' AS kind,
            title, urgency AS severity_reported,
            false AS planned, 'creation' AS started_basis, if(resolved IS NULL, 'open', 'resolved') AS status,
            created + to_microseconds((ack * 1e6)::BIGINT) AS acknowledged_at,
            resolved AS restored_at, CASE WHEN restored_at NOT NULL THEN 'restored' END AS restored_basis
        FROM told""",
}
