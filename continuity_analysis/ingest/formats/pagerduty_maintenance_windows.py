"""PagerDuty maintenance windows: pages of the REST list `/maintenance_windows`.

Get it with: ``curl -H 'Authorization: Token token=KEY' 'https://api.pagerduty.com/maintenance_windows?filter=past&limit=100&offset=0'``,
the next offset while `more` is true; the filters `ongoing` and `future` give the others.

- Within a window PagerDuty creates no incidents for its services: what failed there is missing from the incidents.
- A window says when work was announced, not whether service was lost, nor when work began: it is kept as scheduled,
  with its window and without a start, and makes no down time of its own.
- One row per service. Moments have the offset of the account's zone. A window that names no service is rejected, as is
  one that ends before it begins.

Checked against: PagerDuty's published API schema and its example; no real export was available.
"""

CONTAINER = "json"
KEY = ("maintenance_windows", "maintenance_window")
FIELDS = {
    "id": "id",
    "title": ("description", "summary"),
    "from_at": "start_time",
    "until_at": "end_time",
    "services": "services",
    "url": "html_url",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of maintenance windows, or one of them."""
    return "maintenance_windows" in head.first or head.first.keys() == {"maintenance_window"}


REJECTS = {
    "services: expected a list of services with one or more": """
        services IS NULL OR NOT starts_with(services, '[') OR json_array_length(services) = 0""",
    "the window ends before it begins": """
        isfinite(moment(until_at)) AND moment(until_at) < moment(from_at)""",
}
TABLES = {
    "incidents": """
        WITH named AS (
            SELECT DISTINCT record_no, coalesce(s.summary, s.name, s.id) AS component
            FROM (SELECT record_no, unnest(TRY(json_transform(services,
                '[{"summary": "VARCHAR", "name": "VARCHAR", "id": "VARCHAR"}]'))) AS s FROM records)
        )
        SELECT record_no, id AS incident_id, component, title, 'maintenance' AS kind, true AS planned, url,
            'scheduled' AS status, from_at AS scheduled_from_at, until_at AS scheduled_until_at
        FROM records LEFT JOIN named USING (record_no)""",
}
