"""Traefik access log in the common format: requests by router and minute, those that failed, and how long they took.

Get it with: ``--accesslog=true --accesslog.filepath=/logs/access.log`` without `accesslog.filters`.

- Counted as in the JSON format, which knows more: here the component is the router (`shop@kubernetes`; of a chain the
  last), since the service is not told, and response times are whole milliseconds.
- `-` stands for what is not known: no answer was sent (failed), no router took it (ignored), no backend was asked.
- A filtered log is found out, and refused, as there.
- Other servers write lines that begin alike but end without counter, router, backend and `ms`: not claimed.

Checked against: Traefik's code and documentation; 7 recorded lines in other people's fixtures.
"""

import re

from continuity_analysis.ingest.formats import _traefik

CONTAINER = "lines"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_END = rf" {_QUOTED} {_QUOTED} (\d+) {_QUOTED} {_QUOTED} \d+ms$"
FIELDS = {
    "began": r"^\S+ - .*? \[(\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] \"",
    "status": rf" (\d+|-) (?:\d+|-) {_QUOTED} {_QUOTED} \d+ {_QUOTED} {_QUOTED} \d+ms$",
    "number": _END,
    "router": r'"([^"]*)" "[^"]*" \d+ms$',
    "backend": r'"([^"]*)" \d+ms$',
    "took": r" (\d+)ms$",
}
EXPORT = "window"
of_source = _traefik.of_source


def recognises(head) -> bool:
    """Whether among its first lines is a request with Traefik's own ending."""
    line = rf'(?m)^\S+ - .*\[\d\d/[A-Z][a-z][a-z]/\d{{4}}:[^\]]*\] "[^\n]*{_END}'
    return re.search(line, head.text) is not None


IGNORES = {
    _traefik.NO_SERVICE: "router = '-'",
    _traefik.NOT_WHOLE: _traefik.filtered("status", "try_cast(number AS BIGINT)"),
}
REJECTS = {
    "status: expected a status of three digits, or -, before size, referrer, agent and Traefik's own fields": (
        "NOT coalesce(status = '-' OR try_cast(status AS INT) BETWEEN 100 AND 999, false)"
    ),
    "expected a time such as [31/Jan/2026:12:00:00 +0000]": ("try_strptime(began, '%d/%b/%Y:%H:%M:%S %z') IS NULL"),
}
TABLES = {
    "requests": _traefik.requests("""
        SELECT record_no, try_strptime(began, '%d/%b/%Y:%H:%M:%S %z')::VARCHAR AS began, NULL::VARCHAR AS service,
            trimmed(split_part(router, ' -> ', -1)) AS router, coalesce(try_cast(status AS INT), 0) AS status,
            backend <> '-' AS reached, took::BIGINT / 1e3 AS seconds, number
        FROM records"""),
}
