"""Statuspage incidents: `/api/v2/incidents.json` of any page of Atlassian Statuspage, with its components' levels.

Get it with: ``curl https://status.example.com/api/v2/incidents.json``, regularly: only some 50 incidents are listed. Or
`incidents/unresolved.json`; `summary.json`, which mixes kinds, is `statuspage_summary`.

- Moments carry the page's own offset, which changes with summer time and with the page's settings.
- `started_at` equals `created_at` (or is absent, before 2020) unless the author set it: only then is it the begin of
  impact, and only then is the posting taken as detection, if it came after the start and not after the end. Otherwise
  detection is unknown. There is no acknowledgement.
- `impact` none is still an incident (severity 4); `impact` maintenance is planned work. None of them says a share of
  the service lost: that is for the component levels, in `states`.
- `monitoring_at` is the first monitoring update; after a relapse into investigating the next one is taken instead.
- `affected_components` of an update are components, null, or a sentence instead of a component. Updates come in any
  order; `display_at` is when it happened, `created_at` when it was typed. A level holds from one update to the next
  that names the component, changed or not, at last until the incident is resolved.
- An update names "Group - Name", the incident "Name", with the same id: the short name is used, wherever in the file it
  is found. `components` may be absent or empty: then the incident's components are those that updates told below
  operational, at last the page itself. The status inside `components` is that of now and is not read.

Checked against: two real pages, of 2019 (old schema) and 2026.
"""

from continuity_analysis.ingest.formats import _statuspage

CONTAINER = "json"
KEY = "incidents"
FIELDS = _statuspage.FIELDS | _statuspage.OF_INCIDENTS
REJECTS = _statuspage.REJECTS
EXPORT = "window"
OBSERVED = "page.updated_at"
SCOPE = "page_name"


def recognises(head) -> bool:
    """Whether it is a page's list of incidents, or one incident of a page."""
    listed = {"page", "incidents"} <= head.first.keys() and "scheduled_maintenances" not in head.first
    return listed or ({"incident_updates", "impact"} <= head.first.keys() and "scheduled_for" not in head.first)


INCIDENTS = """
    SELECT record_no, id AS incident_id, coalesce(component, page_name) AS component, title, url, updated_at,
        coalesce(started_at, created_at) AS started_at,
        CASE WHEN impact = 'maintenance' THEN 'maintenance' ELSE 'incident' END AS kind,
        list_position(['critical', 'major', 'minor', 'none'], impact) AS severity, impact AS severity_reported,
        impact IS NOT DISTINCT FROM 'maintenance' AS planned,
        CASE WHEN status IN ('resolved', 'postmortem') THEN 'resolved'
            WHEN status IN ('investigating', 'identified', 'monitoring') THEN 'open' ELSE status END AS status,
        CASE WHEN moment(created_at) NOT BETWEEN moment(started_at) - INTERVAL 1 SECOND
            AND moment(started_at) + INTERVAL 1 SECOND THEN 'impact' ELSE 'creation' END AS started_basis,
        CASE WHEN moment(created_at) > moment(started_at) + INTERVAL 1 SECOND
            AND (resolved_at IS NULL OR moment(created_at) <= moment(resolved_at)) THEN created_at END AS detected_at,
        CASE WHEN moment(monitoring_at) < relapsed OR monitoring_at IS NULL THEN watched ELSE monitoring_at
            END AS mitigated_at,
        CASE WHEN status IN ('resolved', 'postmortem') THEN coalesce(resolved_at, ended) END AS restored_at,
        CASE WHEN restored_at IS NOT NULL THEN 'restored' END AS restored_basis
    FROM records LEFT JOIN parts USING (record_no) LEFT JOIN phases USING (record_no)"""
TABLES = {"incidents": f"WITH {_statuspage.SAID} {INCIDENTS}", "states": _statuspage.STATES}
