"""Prometheus alerts: those that are active now, from the API's `/api/v1/alerts`.

Get it with: ``curl https://prometheus.example.com/api/v1/alerts``, regularly: what is over vanishes. A history is only
in what Alertmanager sends (`alertmanager_webhook`); take one or the other, since the two do not share ids.

- A pending alert still waits for its `for:` and may never fire.
- `activeAt` is when the condition first held, so before the `for:`: earlier than Alertmanager's start. Its fraction has
  up to nine digits and it carries the offset of the server.
- An alert has no id: its labels and its begin are one. Nothing says when the file was made: state that moment
  (`as_of`), else it is taken to be that of the last alert.
- Component and severity are as in `alertmanager_webhook`.

Checked against: the example in Prometheus's documentation.
"""

from continuity_analysis.ingest.formats import _alertmanager

CONTAINER = "json"
KEY = "data.alerts"
FIELDS = _alertmanager.FIELDS | {"starts_at": "activeAt", "state": "state"}
IGNORES = {"it is pending: it has not fired yet": "state = 'pending'"} | _alertmanager.IGNORES
REJECTS = _alertmanager.REJECTS
EXPORT = "open_only"


def recognises(head) -> bool:
    """Whether it is the API's answer, or its bare list of alerts."""
    data = head.first.get("data")
    alert = (data.get("alerts") or [{}])[0] if isinstance(data, dict) else head.first
    return isinstance(alert, dict) and {"activeAt", "labels", "state"} <= alert.keys()


TABLES = {
    "incidents": f"""
        SELECT {_alertmanager.ALERT}, CASE state WHEN 'firing' THEN 'open' ELSE coalesce(state, 'none') END AS status
        FROM records""",
}
