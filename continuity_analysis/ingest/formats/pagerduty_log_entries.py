"""PagerDuty log entries: who was alerted, who acknowledged and who resolved, one entry per event.

Get it with: ``curl -H 'Authorization: Token token=KEY' 'https://api.pagerduty.com/log_entries?is_overview=true&include[]=services&since=…&until=…'``,
or `/incidents/{id}/log_entries`; all pages. Beside the incidents export it adds the first acknowledgement.

- The published schema calls the same entry `acknowledge_log_entry` and `acknowledgement_log_entry`: the beginning of
  the word decides. `unacknowledge_log_entry` (it ran out) must not match; the first acknowledgement counts.
- Each alert grouped into an incident may write a trigger entry of its own: the earliest counts.
- An acknowledgement leaves the status as it was; a trigger in the very second of a resolution does not reopen. Only
  a reopening does (its entry's name could not be verified); the resolution before it then no longer stands.
- The service is not on every entry, and an incident may move to another one: the newest entry that names one speaks
  for all of them, else the agent that triggered it. An incident of which no entry names a service cannot be placed and
  is rejected.
- Titles of references carry the number, "[#1234] …", which is cut off so that they equal those of the incidents.
- A merged incident is told by the incidents export only.

Checked against: PagerDuty's published API schema and its examples; no real export was available.
"""

CONTAINER = "json"
KEY = "log_entries"
FIELDS = {
    "entry": "type",
    "at_text": "created_at",
    "incident": "incident.id",
    "title": ("incident.title", "incident.summary"),
    "url": "incident.html_url",
    "service": ("service.summary", "service.name", "incident.service.summary", "service.id"),
    "agent_type": "agent.type",
    "agent": ("agent.summary", "agent.name"),
}
EXPORT = "events"


def recognises(head) -> bool:
    """Whether it is a page of log entries, or one entry."""
    return "log_entries" in head.first or ("incident" in head.first and "_log_entry" in str(head.first.get("type")))


IGNORES = {
    "an acknowledgement that ran out; the first one counts": "starts_with(entry, 'unacknowledge')",
    "says who was told or what was noted, not when it began or ended": """regexp_matches(entry,
        '^(annotate|assign|delegate|escalate|exhaust_escalation_path|notify|reach_(ack|trigger)_limit|repeat_escalation_path'
        '|snooze|urgency_change|priority_change|(custom_)?field_value_change)_')""",
    "a kind of entry that is not known to matter": "NOT regexp_matches(entry, '^(trigger|acknowledge|resolve|reopen)')",
}
REJECTS = {"the log entry has no type, so it cannot be told what happened: export it with its type": "entry IS NULL"}
TABLES = {
    "incidents": """
        SELECT record_no, incident AS incident_id, 'incident' AS kind, false AS planned,
            coalesce(arg_max(service, moment(at_text)) OVER one,
                max(agent) FILTER (starts_with(agent_type, 'service')) OVER one) AS component,
            regexp_replace(title, '^\\[#\\d+\\] ', '') AS title, url, at_text AS updated_at,
            CASE WHEN starts_with(entry, 'resolve') THEN 'resolved' WHEN starts_with(entry, 'acknowledge') THEN NULL
                WHEN list_contains(list(at_text) FILTER (starts_with(entry, 'resolve')) OVER one, at_text) THEN NULL
                ELSE 'open' END AS status,
            CASE WHEN starts_with(entry, 'trigger') THEN at_text END AS started_at,
            CASE WHEN starts_with(entry, 'trigger') THEN 'creation' END AS started_basis,
            CASE WHEN starts_with(entry, 'acknowledge') THEN at_text END AS acknowledged_at,
            CASE WHEN starts_with(entry, 'resolve') THEN at_text END AS restored_at,
            CASE WHEN starts_with(entry, 'resolve') THEN 'restored' END AS restored_basis
        FROM records WINDOW one AS (PARTITION BY incident)""",
}
