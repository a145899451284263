"""Statuspage scheduled maintenances: `/api/v2/scheduled-maintenances.json` of any page of Atlassian Statuspage.

Get it with: ``curl https://status.example.com/api/v2/scheduled-maintenances.json``, regularly.

- `started_at` and `created_at` are when the work was announced, days or weeks before: neither is read. The window is
  `scheduled_for` to `scheduled_until`; the work began with the first update in_progress, which the page usually posts
  by its own clock, and ended when it was completed.
- Not begun, also after its window, is scheduled: without a start, so it counts nowhere. What is called off is usually
  deleted from the page, which no single file can show; completed before its window without having begun is cancelled.
- What an announcement says of components is not a state: levels count from the first update in_progress.
- Moments, component names and levels are as in `statuspage_incidents`.

Checked against: one real page of 2026.
"""

from continuity_analysis.ingest.formats import _statuspage

CONTAINER = "json"
KEY = "scheduled_maintenances"
FIELDS = _statuspage.FIELDS | _statuspage.OF_MAINTENANCES
REJECTS = _statuspage.REJECTS
EXPORT = "window"
OBSERVED = "page.updated_at"
SCOPE = "page_name"


def recognises(head) -> bool:
    """Whether it is a page's list of maintenances, or one of them."""
    listed = {"page", "scheduled_maintenances"} <= head.first.keys() and "incidents" not in head.first
    return listed or {"incident_updates", "scheduled_for"} <= head.first.keys()


MAINTENANCES = """
    SELECT record_no, id AS incident_id, coalesce(component, page_name) AS component, title, url, updated_at,
        'maintenance' AS kind, true AS planned, impact AS severity_reported,
        CASE WHEN status IN ('in_progress', 'verifying') THEN 'open' WHEN status <> 'completed' THEN status
            WHEN begun IS NULL AND moment(coalesce(resolved_at, ended)) <= moment(scheduled_for) THEN 'cancelled'
            ELSE 'resolved' END AS status,
        begun AS started_at, CASE WHEN begun IS NOT NULL THEN 'impact' END AS started_basis, watched AS mitigated_at,
        CASE WHEN status = 'completed' THEN coalesce(resolved_at, ended) END AS restored_at,
        CASE WHEN restored_at IS NOT NULL THEN 'restored' END AS restored_basis,
        scheduled_for AS scheduled_from_at, scheduled_until AS scheduled_until_at
    FROM records LEFT JOIN parts USING (record_no) LEFT JOIN phases USING (record_no)"""
TABLES = {"incidents": f"WITH {_statuspage.SAID} {MAINTENANCES}", "states": _statuspage.STATES}
