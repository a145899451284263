"""Requests of Traefik's access logs, counted by service and minute: what its JSON and its common format share.

Both give `began` (text that `moment` reads), `service` and `router` (null where there was none), `status`, `reached` (a
backend was asked), `seconds` and `number` (the proxy's own counter of requests).
"""

from dataclasses import replace

from continuity_analysis.tables import LATENCY_BOUNDS

NOT_WHOLE = (
    "a filtered log: failures without the requests that succeeded make no share; `complete: true` in `sources` of \
the catalogue says that it holds every request"
)
NO_SERVICE = "no router took it: no service was asked"
_BLOCK = 8
_BOUNDS = ", ".join([*map(str, LATENCY_BOUNDS), "'inf'::DOUBLE"])


def filtered(status: str, number: str) -> str:
    """SQL: whether the log holds only errors, or lacks a tenth or more of the numbers that its requests have."""
    only_errors = f"bool_and(try_cast({status} AS INT) >= 400)"
    held = f"count(DISTINCT {number}::BIGINT // {_BLOCK}) * {_BLOCK}"
    return f"(SELECT {only_errors} OR count({number}) >= 1000 AND count({number}) < 0.9 * {held} FROM candidates)"


def of_source(made, source, head):
    """The format as an entry of `sources` has it: where that says `complete`, a log is not filtered."""
    kept = {reason: condition for reason, condition in made.ignores.items() if reason != NOT_WHOLE}
    return replace(made, ignores=kept) if source.complete else made


def requests(asked: str) -> str:
    """SELECT of `requests` from the SELECT `asked`, which has the columns above and record_no.

    A request that a middleware answered names its router only; it counts for the service that this router leads to,
    where the log knows one and no other.
    """
    return f"""
        WITH asked AS NOT MATERIALIZED ({asked}), routes AS (
            SELECT router, any_value(service) AS known FROM asked
            WHERE router IN (SELECT router FROM asked WHERE service IS NULL)
            GROUP BY router HAVING count(DISTINCT service) = 1
        ), log AS (
            SELECT md5(concat_ws('|', arg_min_null(began, record_no), arg_min_null(number, record_no),
                arg_min_null(seconds, record_no))) AS log_id FROM asked
        )
        SELECT min(record_no) AS record_no, (SELECT log_id FROM log) AS log_id,
            coalesce(service, known, router) AS component, time_bucket(INTERVAL 1 MINUTE, moment(began)) AS minute_at,
            count(*) AS total, count(*) FILTER (status >= 500 OR status = 0 OR status = 429 AND reached) AS failed,
            count(*) FILTER (status IN (401, 403, 429) AND NOT reached) AS rejected,
            map_values(histogram(seconds, [{_BOUNDS}]::DOUBLE[])) AS latency_histogram
        FROM asked LEFT JOIN routes USING (router) GROUP BY component, minute_at"""
