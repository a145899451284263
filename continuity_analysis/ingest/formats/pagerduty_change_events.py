"""PagerDuty change events: pages of the REST list `/change_events`.

Get it with: ``curl -H 'Authorization: Token token=KEY' 'https://api.pagerduty.com/change_events?since=…&until=…&limit=100&offset=0'``,
the next offset while `more` is true.

- An event has one moment, `timestamp`: it is taken for the begin; when the change ended, and how, is not said.
- What kind of change it was stands at most in `summary` and `custom_details`, in words of whoever sent it (a build that
  passed is no deployment): kind and status stay unknown.
- One row per service. Services have a name only where it was exported, else their id. An event without a service
  cannot be placed and is rejected.

Checked against: PagerDuty's published API schema and its example; no real export was available.
"""

CONTAINER = "json"
KEY = ("change_events", "change_event")
FIELDS = {"id": "id", "at_text": "timestamp", "services": "services"}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of change events, or one of them."""
    return "change_events" in head.first or head.first.keys() == {"change_event"}


REJECTS = {
    "services: expected a list of services with one or more": """
        services IS NULL OR NOT starts_with(services, '[') OR json_array_length(services) = 0""",
}
TABLES = {
    "changes": """
        WITH named AS (
            SELECT DISTINCT record_no, coalesce(s.summary, s.name, s.id) AS component
            FROM (SELECT record_no, unnest(TRY(json_transform(services,
                '[{"summary": "VARCHAR", "name": "VARCHAR", "id": "VARCHAR"}]'))) AS s FROM records)
        )
        SELECT record_no, id AS change_id, component, at_text AS started_at
        FROM records LEFT JOIN named USING (record_no)""",
}
