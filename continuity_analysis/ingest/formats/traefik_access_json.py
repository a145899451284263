"""Traefik access log in JSON: requests by service and minute, those that failed, and how long they took.

Get it with: ``--accesslog=true --accesslog.format=json --accesslog.filepath=/logs/access.json`` without
`accesslog.filters`; or ``kubectl logs -n traefik deploy/traefik > access.json`` where it goes to the standard output.

- Failed: 5xx, no answer at all (status 0), and 429 from the backend, which sheds load. Refused, not failed: 401, 403
  and 429 that Traefik answered itself, without asking a backend (filters, quotas). 499, a client gone, is neither.
- A request that no router took (404) reached no service and is ignored.
- `Duration` is in nanoseconds, and is what the client waited for. `StartUTC` may be dropped by configuration; then
  `StartLocal`, then `time` (when the line was written, to the second) count.
- A log that holds only errors, or lacks a tenth of the numbers of `RequestCount` or more, was filtered
  (`filters.statusCodes`, `minDuration`): no share can be made of it and all of it is ignored, unless `complete: true`
  in `sources` of the catalogue says that it is whole. Fewer than a thousand slow requests alone are not found out.
- The backend was not asked where `OriginStatus` is 0 or absent and `OriginDuration`, too. `ServiceURL` is an object, a
  text or null, and is not read.
- The component is `ServiceName` with its provider (`shop@kubernetes`); where a middleware answered there is none, and
  the service counts that the router leads to elsewhere in the log, else the last router of `RouterName`.
- Lines of Traefik itself in the same file are ignored, those of its plugins, which are no JSON, rejected.
- A log is known by its first request, so that a grown one replaces itself; one that was rotated meanwhile is another.

Checked against: Traefik's code and documentation; 86 recorded lines of versions 2 and 3 in other people's fixtures.
"""

from continuity_analysis.ingest.formats import _traefik

CONTAINER = "json"
FIELDS = {
    "began": ("StartUTC", "StartLocal", "time"),
    "service": "ServiceName",
    "router": "RouterName",
    "status": "DownstreamStatus",
    "origin_status": "OriginStatus",
    "origin_took": "OriginDuration",
    "took": "Duration",
    "number": "RequestCount",
    "message": "msg",
}
EXPORT = "window"
of_source = _traefik.of_source


def recognises(head) -> bool:
    """Whether among its first lines is a request as Traefik logs it."""
    return head.by_line and all(f'"{name}"' in head.text for name in ("DownstreamStatus", "RequestCount", "Overhead"))


IGNORES = {
    "a message of Traefik itself": "status IS NULL AND message <> ''",
    _traefik.NO_SERVICE: "service IS NULL AND router IS NULL",
    _traefik.NOT_WHOLE: _traefik.filtered("status", "try_cast(number AS BIGINT)"),
}
REJECTS = {
    "DownstreamStatus: expected a status of three digits, or 0": (
        "NOT coalesce(try_cast(status AS INT) BETWEEN 100 AND 999 OR status = '0', false)"
    ),
    "StartUTC: expected a moment with its offset, such as 2026-01-31T12:00:00Z, or none and `StartLocal` instead": (
        "coalesce(moment(began) = '-infinity', true)"
    ),
    "Duration: expected a whole number of nanoseconds": "took NOT NULL AND coalesce(try_cast(took AS BIGINT), -1) < 0",
}
TABLES = {
    "requests": _traefik.requests("""
        SELECT record_no, began, service, trimmed(split_part(router, ' -> ', -1)) AS router, status::INT AS status,
            coalesce(try_cast(origin_status AS INT), 0) > 0 OR coalesce(try_cast(origin_took AS BIGINT), 0) > 0
                AS reached, took::BIGINT / 1e9 AS seconds, number
        FROM records"""),
}
