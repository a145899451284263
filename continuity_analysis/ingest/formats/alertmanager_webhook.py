"""Alertmanager webhook: what it posts to a receiver (version 4), one payload per line.

Get it with: ``receivers: [{name: log, webhook_configs: [{url: http://receiver.example.com/, send_resolved: true}]}]``
in alertmanager.yml, and a receiver that appends each body to a file. Also takes one payload, or a list of them.

- A firing alert ends in the year 1 (`0001-01-01T00:00:00Z`), which is no end. Starts carry nanoseconds and the offset
  of the server.
- The status of the payload is "resolved" only when all its alerts are: each alert's own counts. Old payloads have none,
  nor a fingerprint: then a true end means resolved, and the labels make the id.
- The same alert is sent anew every repeat_interval, and to each receiver: fingerprint and start make one incident.
- The component is the label `service`, else job/instance (as in `prometheus_query_range`), else the alert's name. Of
  severities those of the usual convention count: critical 1, warning 3, info 4; others are only kept as reported.
- The start is when the rule fired, after its `for:`; when the trouble began is not known. There is no acknowledgement.
- Alerts above `max_alerts` are left out and only counted in `truncatedAlerts`. Silenced ones are never sent.

Checked against: Alertmanager's documentation and code; one published payload of 2018.
"""

from continuity_analysis.ingest.formats import _alertmanager

CONTAINER = "json"
KEY = "alerts"
FIELDS = _alertmanager.FIELDS | {"ends_at": "endsAt", "status": "status"}
IGNORES = _alertmanager.IGNORES
REJECTS = _alertmanager.REJECTS
EXPORT = "events"


def recognises(head) -> bool:
    """Whether it is a payload of version 4; Grafana's, which looks alike, names its organisation."""
    first = head.first
    return {"groupKey", "alerts", "receiver"} <= first.keys() and first.get("version") == "4" and "orgId" not in first


TABLES = {
    "incidents": f"""
        SELECT {_alertmanager.ALERT},
            CASE said WHEN 'firing' THEN 'open' ELSE said END AS status,
            CASE WHEN said = 'resolved' THEN ends_at END AS restored_at,
            CASE WHEN moment(restored_at) IS NOT NULL THEN 'restored' END AS restored_basis,
            coalesce(restored_at, starts_at) AS updated_at
        FROM (SELECT *, coalesce(status, CASE WHEN moment(ends_at) IS NULL THEN 'firing' ELSE 'resolved' END) AS said
            FROM records)""",
}
