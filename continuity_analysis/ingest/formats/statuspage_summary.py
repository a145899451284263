"""Statuspage summary: `/api/v2/summary.json` of any page of Atlassian Statuspage: what is open and what is coming.

Get it with: ``curl https://status.example.com/api/v2/summary.json``, regularly; `incidents.json` shows ends as well.

- Only what is unresolved is listed: an incident that vanished from one capture to the next was resolved in between, at
  a time no summary tells.
- Incidents and maintenances read as in `statuspage_incidents` and `statuspage_maintenances`. The list of all components
  has their level of this moment without since when, so it is left aside.

Checked against: the vendor's documentation and the two lists in real files of their own.
"""

from continuity_analysis.ingest.formats import _statuspage
from continuity_analysis.ingest.formats.statuspage_incidents import INCIDENTS
from continuity_analysis.ingest.formats.statuspage_maintenances import MAINTENANCES

CONTAINER = "json"
KEY = "*"
FIELDS = _statuspage.FIELDS | _statuspage.OF_INCIDENTS | _statuspage.OF_MAINTENANCES | {"list": "$key"}
REJECTS = _statuspage.REJECTS
EXPORT = "open_only"
OBSERVED = "page.updated_at"
SCOPE = "page_name"


def recognises(head) -> bool:
    """Whether a page's incidents and maintenances stand side by side."""
    return {"page", "incidents", "scheduled_maintenances"} <= head.first.keys()


IGNORES = {"a component's level of this moment, without since when": "list = 'components'"}
TABLES = {
    "incidents": f"""WITH {_statuspage.SAID} ({INCIDENTS} WHERE list = 'incidents')
        UNION ALL BY NAME ({MAINTENANCES} WHERE list = 'scheduled_maintenances')""",
    "states": _statuspage.STATES,
}
