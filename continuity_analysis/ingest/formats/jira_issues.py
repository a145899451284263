"""Jira Service Management issues: pages of the REST search, of which the incidents are read.

Get it with: ``curl -u USER:TOKEN 'https://INSTANCE.atlassian.net/rest/api/3/search/jql?jql=project=OPS&fields=*all&maxResults=100'``,
following `nextPageToken` (`startAt` in older versions). CSV exports speak the exporter's language: use `csv` for those.

- Moments have an offset without a colon, 2026-03-16T04:22:37.356+0000. Words such as "2 hours ago" (rendered fields)
  are no moment: rejected.
- Names of states are the account's own; the state's category new, indeterminate or done is what counts. An issue that
  is not done is open, though it may still have a `resolutiondate` from before.
- `resolutiondate` is missing where the workflow sets no resolution: then the change of category is an upper bound.
- Issues marked as duplicates or cancelled are cancelled and count nowhere.
- The first response is read from the field "Time to first response", whichever number it has: its first completed
  cycle's end. Its elapsed and remaining times are not.
- Types with "incident" or "outage" in their name (in the usual languages) are incidents, others are ignored. Changes
  are ignored as well: their dates stand in fields of the account's own.
- One row per component; without any, the project's name. Highest to Lowest, Blocker to Trivial and P1 to P5 are
  severity 1 to 5. `created` is when the issue was written: started_basis is creation.

Checked against: one recorded answer of a real Jira (tasks only), whose fields these are; SLA fields and incident types
against third parties' descriptions.
"""

CONTAINER = "json"
KEY = "issues"
FIELDS = {
    "key": "key",
    "title": "fields.summary",
    "type": "fields.issuetype.name",
    "project": "fields.project.name",
    "components": "fields.components",
    "created": "fields.created",
    "updated": "fields.updated",
    "resolved": "fields.resolutiondate",
    "since": "fields.statuscategorychangedate",
    "status": "fields.status.name",
    "category": "fields.status.statusCategory.key",
    "resolution": "fields.resolution.name",
    "priority": "fields.priority.name",
    "issue": "$raw",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of issues, or one issue."""
    top = head.first.get("issues", head.first)
    first = top[0] if isinstance(top, list) and top else top
    if not isinstance(first, dict):
        return top == [] and bool({"maxResults", "isLast"} & head.first.keys())
    return isinstance(first.get("fields"), dict) and {"issuetype", "created", "status"} <= first["fields"].keys()


IGNORES = {
    "an issue of another type than incident": """
        NOT regexp_matches(lower(coalesce(type, '')), 'incident|inciden[cz]|outage|störung|vorfall')"""
}
REJECTS = {"components: expected a list, got something else": "NOT starts_with(components, '[')"}
_SCALES = """[['highest', 'high', 'medium', 'low', 'lowest'], ['blocker', 'critical', 'major', 'minor', 'trivial'],
    ['p1', 'p2', 'p3', 'p4', 'p5']]"""
TABLES = {
    "incidents": f"""
        WITH named AS (
            SELECT record_no, c.name AS component
            FROM (SELECT record_no, unnest(TRY(json_transform(components, '[{{"name": "VARCHAR"}}]')))
                AS c FROM records)
        ), cycles AS (
            SELECT record_no, coalesce(cycle->>'$.stopTime.iso8601', cycle->>'$.stopTime') AS stop
            FROM (SELECT record_no, unnest(json_extract(field, '$.completedCycles[*]')) AS cycle
                FROM (SELECT record_no, unnest(json_extract(issue, '$.fields.*')) AS field FROM records)
                WHERE lower(field->>'$.name') = 'time to first response')
        ), responses AS (SELECT record_no, arg_min(stop, moment(stop)) AS stop FROM cycles GROUP BY record_no),
        told AS (
            SELECT *, CASE WHEN category <> 'done' THEN if(category IN ('new', 'indeterminate'), 'open', category)
                WHEN lower(resolution) IN ('duplicate', 'canceled', 'cancelled')
                    OR lower(status) IN ('canceled', 'cancelled') THEN 'cancelled'
                WHEN category IS NOT NULL THEN 'resolved' END AS stands
            FROM records
        )
        SELECT record_no, key AS incident_id, coalesce(component, project) AS component, created AS started_at, title,
            'incident' AS kind, false AS planned, 'creation' AS started_basis, stands AS status, updated AS updated_at,
            list_max(list_transform({_SCALES}, lambda s: list_position(s, lower(priority)))) AS severity,
            priority AS severity_reported, stop AS acknowledged_at,
            CASE WHEN stands = 'resolved' THEN coalesce(resolved, since) END AS restored_at,
            CASE WHEN restored_at IS NOT NULL THEN if(resolved IS NULL, 'closure', 'restored') END AS restored_basis
        FROM told LEFT JOIN named USING (record_no) LEFT JOIN responses USING (record_no)""",
}
