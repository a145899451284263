"""Alertmanager alerts: those firing now, from the API v2 lists `/alerts` and `/alerts/groups`.

Get it with: ``curl https://alertmanager.example.com/api/v2/alerts``, or ``…/api/v2/alerts/groups``, or
``amtool alert query --output=json``, regularly: what is resolved vanishes. Better keep what the webhook sends
(`alertmanager_webhook`); both together are one history.

- The end of a firing alert lies in the future (last heard of plus resolve_timeout): no end. Only one that is not after
  `updatedAt` is.
- In groups each alert stands once per receiver: fingerprint and start make one incident.
- A silenced, inhibited or muted alert (state suppressed) still fires: it is open. `mutedBy` came with newer releases.
- Component, severity and start are as in `alertmanager_webhook`.

Checked against: Alertmanager's documentation; recorded answers of releases 0.22 and 0.31.
"""

from continuity_analysis.ingest.formats import _alertmanager

CONTAINER = "json"
KEY = "alerts"
FIELDS = _alertmanager.FIELDS | {"ends_at": "endsAt", "updated_at": "updatedAt", "state": "status.state"}
IGNORES = _alertmanager.IGNORES
REJECTS = _alertmanager.REJECTS
EXPORT = "open_only"


def recognises(head) -> bool:
    """Whether it is a list of alerts, or of groups of them."""
    first = head.first
    alone = {"fingerprint", "startsAt", "updatedAt", "receivers", "labels"} <= first.keys()
    return alone or first.keys() == {"alerts", "labels", "receiver"}


TABLES = {
    "incidents": f"""
        SELECT {_alertmanager.ALERT}, updated_at,
            CASE WHEN state NOT IN ('active', 'suppressed', 'unprocessed') THEN state
                WHEN over THEN 'resolved' ELSE 'open' END AS status,
            CASE WHEN over THEN ends_at END AS restored_at, CASE WHEN over THEN 'restored' END AS restored_basis
        FROM (SELECT *, moment(ends_at) <= moment(updated_at) AS over FROM records)""",
}
