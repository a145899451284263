"""FireHydrant incidents: pages of the list `/v1/incidents`, as objects or one page per line, or single incidents.

Get it with: ``curl -H 'Authorization: Bearer KEY' 'https://api.firehydrant.io/v1/incidents?per_page=100&page=1'``, and
the further pages that `pagination` tells of.

- Moments are those of `milestones`, else of the milestones within `lifecycle_phases`: started, detected, acknowledged,
  mitigated, resolved, closed. Durations beside them are texts of no certain form and are not read.
- An incident starts when it was declared unless somebody sets it back: only a start that differs from `created_at` is
  the begin of impact.
- `current_milestone` says where it stands: resolved, closed and all of the retrospective are resolved; a milestone of
  the account's own is open or resolved as `active` says. Of an open incident no old resolution is read.
- `discarded_at` set: the incident is cancelled, which counts nowhere and replaces older rows.
- One row per impacted service or functionality; impacted environments are no components; without any, "not stated".
- SEV1 to SEV5 map to severity, other names are kept as reported. Severities MAINTENANCE and GAMEDAY, if an account has
  them, are planned work and a rehearsal (ignored).

Checked against: the field names of the vendor's published schema; the names of milestones after mitigated and the two
severities last named are from general knowledge; no real export was available.
"""

CONTAINER = "json"
KEY = "data"
FIELDS = {
    "id": "id",
    "title": "name",
    "severity": "severity",
    "milestone": "current_milestone",
    "active": "active",
    "created": "created_at",
    "begun": "started_at",
    "discarded": "discarded_at",
    "milestones": "milestones",
    "phases": "lifecycle_phases",
    "impacts": "impacts",
    "url": "incident_url",
}
EXPORT = "window"


def recognises(head) -> bool:
    """Whether it is a page of incidents with milestones, or one of them."""
    top = head.first.get("data", head.first)
    first = top[0] if isinstance(top, list) and top else top
    return isinstance(first, dict) and {"current_milestone", "milestones", "created_at", "number"} <= first.keys()


IGNORES = {"a rehearsal (severity GAMEDAY)": "upper(severity) = 'GAMEDAY'"}
REJECTS = {
    f"{name}: expected a list, got something else": f"NOT starts_with({name}, '[')"
    for name in ("milestones", "impacts")
}


def _reached(name: str) -> str:
    return f"arg_min(reached, source) FILTER (milestone = '{name}' AND reached <> '') AS {name}"


_NAMES = ("started", "detected", "acknowledged", "mitigated", "resolved", "closed")
TABLES = {
    "incidents": f"""
        WITH reached AS (
            SELECT record_no, 1 AS source, m.type AS milestone, m.occurred_at AS reached
            FROM (SELECT record_no, unnest(TRY(json_transform(milestones,
                '[{{"type": "VARCHAR", "occurred_at": "VARCHAR"}}]'))) AS m FROM records)
            UNION ALL
            SELECT record_no, 2, m->>'$.slug', m->>'$.occurred_at'
            FROM (SELECT record_no, unnest(json_extract(phases, '$[*].milestones[*]')) AS m FROM records)
        ), moments AS (
            SELECT record_no, {", ".join(map(_reached, _NAMES))} FROM reached GROUP BY record_no
        ), named AS (
            SELECT DISTINCT record_no, coalesce(i.impact.name, i.impact.id) AS component
            FROM (SELECT record_no, unnest(TRY(json_transform(impacts,
                '[{{"type": "VARCHAR", "impact": {{"id": "VARCHAR", "name": "VARCHAR"}}}}]'))) AS i FROM records)
            WHERE i.type IS DISTINCT FROM 'environment'
        ), told AS (
            SELECT *, coalesce(upper(severity) = 'MAINTENANCE', false) AS work,
                coalesce(started, begun, created) AS start,
                CASE WHEN discarded <> '' THEN 'cancelled'
                    WHEN regexp_full_match(milestone, 'resolved|closed|(postmortem|retrospective)_.*') THEN 'resolved'
                    WHEN regexp_full_match(milestone, '(start|detect|acknowledg|identifi|mitigat)ed|investigating')
                        OR lower(active) = 'true' THEN 'open'
                    WHEN lower(active) = 'false' THEN 'resolved' ELSE coalesce(milestone, 'none') END AS stands
            FROM records LEFT JOIN moments USING (record_no)
        )
        SELECT record_no, id AS incident_id, coalesce(component, 'not stated') AS component, title, url,
            CASE WHEN work THEN 'maintenance' ELSE 'incident' END AS kind, work AS planned, start AS started_at,
            CASE WHEN abs(epoch(moment(start)) - epoch(moment(created))) <= 1 THEN 'creation' ELSE 'impact' END
                AS started_basis,
            stands AS status, detected AS detected_at, acknowledged AS acknowledged_at,
            regexp_extract(upper(severity), '^SEV[- ]?([1-5])(?:\\D.*)?$', 1) AS severity,
            severity AS severity_reported,
            CASE WHEN stands = 'resolved' OR milestone = 'mitigated' THEN mitigated END AS mitigated_at,
            CASE WHEN stands = 'resolved' THEN coalesce(resolved, closed) END AS restored_at,
            CASE WHEN restored_at NOT NULL THEN if(resolved IS NULL, 'closure', 'restored') END AS restored_basis,
            CASE WHEN stands = 'resolved' THEN closed END AS closed_at
        FROM told LEFT JOIN named USING (record_no)""",
}
