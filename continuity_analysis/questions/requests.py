"""How many requests were served, how fast, and do the incidents agree? One row per service, or per service and day."""

import numpy as np
import pandas as pd

from continuity_analysis.catalog import BadMinute
from continuity_analysis.errors import ContinuityError
from continuity_analysis.measurements.clock import to_moments
from continuity_analysis.measurements.disruptions import measure_disruptions
from continuity_analysis.measurements.latency import count_in_time
from continuity_analysis.measurements.requests import add_up, join_minutes, measure_minutes, measure_requests
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.watched_time import Observation
from continuity_analysis.models.objectives import judge_share
from continuity_analysis.models.requests import estimate_requests, why_open
from continuity_analysis.periods import read_period
from continuity_analysis.questions.availability import observe
from continuity_analysis.questions.promises import promises

COLUMNS = (
    "service", "request_availability", "request_availability_low", "request_availability_high", "n", "total",
    "rejected", "failed", "objective", "verdict", "provisional", "reason", "latency_under_seconds", "latency_share",
    "latency_share_most", "latency_share_low", "latency_share_high", "served", "latency_objective", "latency_verdict",
    "latency_reason", "bad_minute_availability", "bad_hours", "good_hours", "few_hours", "asked_hours", "logged_hours",
    "agreed_hours", "logged",
)  # fmt: skip
DAILY = (
    "service", "from_at", "request_availability", "n", "total", "rejected", "failed", "objective", "latency_share",
    "latency_share_most", "served", "bad_minute_availability", "bad_hours", "good_hours", "few_hours",
)  # fmt: skip
SPANS = {"day": "D", "week": "W-SUN"}


def request_availability(logs, period, *, by: str = "service") -> pd.DataFrame:
    """Achieved request availability, latency and bad minutes of every service with requests or a promise about them.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    by : {"service", "day", "week"}
        With day or week one row per service and day (week from Monday) in the logs' time zone that has requests.

    Returns
    -------
    DataFrame
        The lowest first; with day or week by service and time. `request_availability` is 1 - failed / n, n being total
        less rejected; `latency_share` the share of the served within `latency_under_seconds` (where the logs leave it
        open the least it can be, beside `latency_share_most`); `…_low` and `…_high` are bounds, for agreed hours no log
        speaks of; `bad_minute_availability` is good_hours / (good_hours + bad_hours); hours in [h].

    Raises
    ------
    ContinuityError
        If `by` is none of these.
    """
    if by not in ("service", *SPANS):
        raise ContinuityError(f"by: expected service, day or week, got {by!r}.")
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    observation, minutes, limits = observe_requests(logs, window)
    if by != "service":
        return _by_time(logs, observation, minutes.join(limits["latency_under_seconds"], on="code"), SPANS[by])
    measured = measure_requests(logs.requests, minutes, observation)
    estimates = why_open(estimate_requests(measured.assign(latency_under_seconds=limits["latency_under_seconds"])))
    estimates = _judge(estimates, limits, unfinished=bool(logs.as_of < window.end))
    shown = (estimates["total"] > 0) | limits[["requests", "latency_share"]].notna().any(axis=1)
    rows = estimates[shown].sort_values(["request_availability", "service"], kind="stable")
    return rows.rename(columns={"asked": "n"}).reset_index(drop=True)[list(COLUMNS)]


def request_minutes(logs, period) -> pd.DataFrame:
    """Stretches of minutes of one state: what a timeline shows.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        service, state ("good", "bad" or "few": too few requests to tell), start, end, hours [h], asked, failed; by
        service and time. Minutes without a request are in none.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    observation, minutes, _ = observe_requests(logs, window)
    found = join_minutes(minutes[minutes["asked"] > 0])
    names = observation.services["service"].to_numpy()[found["code"].to_numpy(np.int64)]
    found.insert(0, "service", pd.Series(names, dtype="str"))
    return found.drop(columns="code")


def observe_requests(logs, window) -> tuple[Observation, pd.DataFrame, pd.DataFrame]:
    """When services should have run, and `requests_of` that time."""
    services = measure_services(logs)
    observation = observe(logs, services, window=window, disruptions=measure_disruptions(logs, services))
    return observation, *requests_of(logs, observation)


def requests_of(logs, observation: Observation) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The requests by minute in agreed hours of a window, and what is promised about them.

    Returns
    -------
    minutes : DataFrame
        Result of `measure_minutes`, with what was answered within the limit.
    promised : DataFrame
        One row per service: requests, latency_share, latency_under_seconds.
    """
    promised = promises(logs.catalog, observation.services["service"])
    promised = promised.assign(latency_under_seconds=promised["latency_under_hours"] * 3600)
    limit = promised["latency_under_seconds"].reindex(logs.requests["service"]).to_numpy(float)
    minutes = count_in_time(logs.requests, limit)
    minutes = measure_minutes(minutes, observation, bad=_bad(logs, observation.services))
    return minutes, promised.reset_index(drop=True)


def _bad(logs, services: pd.DataFrame) -> pd.DataFrame:
    stated = [logs.catalog.services.get(name) for name in services["service"]]
    rules = [s.bad_minute if s else BadMinute() for s in stated]
    return pd.DataFrame(
        {"failed": [r.failed for r in rules], "of_at_least": [r.of_at_least for r in rules]}, dtype="float64"
    )


def _judge(estimates: pd.DataFrame, promised: pd.DataFrame, *, unfinished: bool) -> pd.DataFrame:
    found = judge_share(estimates, promised["requests"], achieved="request_availability", unfinished=unfinished)
    latency = judge_share(estimates, promised["latency_share"], achieved="latency_share", unfinished=unfinished)
    told = latency[["objective", "verdict", "reason"]].add_prefix("latency_")
    return pd.concat([found, told], axis=1)


def _by_time(logs, observation: Observation, minutes: pd.DataFrame, span: str) -> pd.DataFrame:
    """One row per service and day or week, as calendars of the logs' zone have them."""
    local = to_moments(minutes["minute"].to_numpy()).tz_convert(logs.timezone).tz_localize(None)
    begins = local.to_period(span).start_time
    sums = add_up(minutes.assign(begins=begins), ["code", "begins"])
    limit = minutes.groupby("code")["latency_under_seconds"].first()
    sums = sums.assign(agreed_hours=np.nan, logged_hours=np.nan, latency_under_seconds=sums["code"].map(limit))
    estimates = estimate_requests(sums)
    names = observation.services["service"].to_numpy()[sums["code"]]
    objective = promises(logs.catalog, names)["requests"].to_numpy()
    from_at = pd.DatetimeIndex(sums["begins"]).tz_localize(logs.timezone, ambiguous=True, nonexistent="shift_forward")
    found = estimates.assign(service=pd.Series(names, dtype="str"), objective=objective, from_at=from_at)
    found = found.assign(from_at=found["from_at"].dt.tz_convert("UTC").astype("datetime64[us, UTC]"))
    return found.rename(columns={"asked": "n"}).sort_values(["service", "from_at"], ignore_index=True)[list(DAILY)]
