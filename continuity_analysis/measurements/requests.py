"""Requests, minute by minute, into what was asked, what failed, and which minutes were bad.

What is known is what an access log holds. A minute without requests is unknown: nobody asked. Time that no log speaks
of is another kind of unknown; a log speaks, for every service that it names, from its first minute to its last.

Asked is what was received less what client policy refused; failed is what the log's format says failed (5xx, no answer,
load shed). Only minutes that begin in agreed hours count, as for availability in time. Where a log does not say how
many failed, its rows count nowhere. One request that stands in two different logs counts twice: which of two logs
repeats the other cannot be told from their counts.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, to_hours, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import Intervals, clip, intersection, intervals, lengths, union
from continuity_analysis.measurements.services import codes_of
from continuity_analysis.measurements.watched_time import Observation

MINUTE = HOUR // 60
COUNTS = ["total", "rejected", "failed"]
_ROUNDING = 1e-9


def measure_minutes(requests: pd.DataFrame, observation: Observation, *, bad: pd.DataFrame) -> pd.DataFrame:
    """Requests of each service and minute that began in agreed hours of the window, all of its logs together.

    Parameters
    ----------
    requests : DataFrame
        Canonical requests with `service`; columns of further counts, named by `in_time_low`, `in_time_high` and
        `served`, are added up too.
    observation : Observation
    bad : DataFrame
        failed (share) and of_at_least (requests), one row per row of `observation.services`: when a minute is bad.

    Returns
    -------
    DataFrame
        code (row of `observation.services`), minute (its begin [us]), total, rejected, failed, asked (total less
        rejected), state: "bad" (more than the share failed of enough requests), "good", or "few" (too few to tell).
    """
    rows = requests[requests["failed"].notna() & requests["total"].notna()]
    further = [c for c in ("in_time_low", "in_time_high", "served") if c in rows]
    numbers = rows[COUNTS + further].fillna(0).astype("float64")
    numbers = numbers.assign(
        code=codes_of(rows["service"], observation.services), minute=to_microseconds(rows["minute_at"])
    )
    numbers = numbers[numbers["code"] >= 0]
    sums = numbers.groupby(["code", "minute"], as_index=False)[COUNTS + further].sum()
    begins = intervals(sums["code"], sums["minute"], sums["minute"])
    inside = sums.iloc[clip(begins, observation.window)[1]].reset_index(drop=True)
    # what failed was asked, whatever a log says of refusals
    asked = np.maximum(inside["total"] - inside["rejected"], inside["failed"])
    return inside.assign(asked=asked, state=_states(inside["failed"], asked, bad.iloc[inside["code"]]))


def _states(failed: pd.Series, asked: pd.Series, bad: pd.DataFrame) -> np.ndarray:
    share, enough = (bad[c].to_numpy(float) for c in ("failed", "of_at_least"))
    over = failed.to_numpy() > asked.to_numpy() * share * (1 + _ROUNDING)
    return np.where(asked.to_numpy() < enough, "few", np.where(over, "bad", "good")).astype(object)


def measure_logged(requests: pd.DataFrame, observation: Observation) -> Intervals:
    """Agreed hours of the window of which some access log speaks, per row of `observation.services`."""
    log = requests.groupby(["product", "log_id"], dropna=False)["minute_at"]
    spans = pd.DataFrame({"code": codes_of(requests["service"], observation.services)})
    spans = spans.assign(
        first=to_microseconds(log.transform("min")), last=to_microseconds(log.transform("max")) + MINUTE
    )
    pairs = spans[spans["code"] >= 0].drop_duplicates()
    return intersection(union(intervals(pairs["code"], pairs["first"], pairs["last"])), observation.window)


def measure_requests(requests: pd.DataFrame, minutes: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """Requests of every service in a window, what is known of it, and its bad minutes.

    Parameters
    ----------
    requests : DataFrame
        Canonical requests with `service`.
    minutes : DataFrame
        Result of `measure_minutes`.
    observation : Observation

    Returns
    -------
    DataFrame
        One row per service, in their order: service, total, rejected, failed, asked; agreed_hours, logged_hours (of
        which an access log speaks), asked_hours (minutes with a request that was not refused), bad_hours, good_hours,
        few_hours (minutes with too few requests to tell) [h]; sums of further counts there are in `minutes`.
    """
    n = len(observation.services)
    hours = {
        "agreed_hours": to_hours(lengths(observation.window, n)),
        "logged_hours": to_hours(lengths(measure_logged(requests, observation), n)),
    }
    sums = add_up(minutes, ["code"]).set_index("code").reindex(range(n), fill_value=0.0).reset_index(drop=True)
    return pd.concat([observation.services[["service"]], sums, pd.DataFrame(hours)], axis=1)


def add_up(minutes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Counts of minutes added up by some of their columns: what was asked and failed, and hours bad, good and few."""
    hours = {f"{state}_hours": (minutes["state"] == state) / 60 for state in ("bad", "good", "few")}
    hours["asked_hours"] = (minutes["asked"] > 0) / 60
    hours["few_hours"] = hours["few_hours"].where(minutes["asked"] > 0, 0.0)
    counts = [c for c in (*COUNTS, "asked", "in_time_low", "in_time_high", "served") if c in minutes]
    return minutes.assign(**hours).groupby(by, as_index=False)[[*counts, *hours]].sum()


def join_minutes(minutes: pd.DataFrame) -> pd.DataFrame:
    """Minutes of one service and state that touch, as one stretch each.

    Parameters
    ----------
    minutes : DataFrame
        Result of `measure_minutes`, or some of its rows, in their order.

    Returns
    -------
    DataFrame
        code, state, start, end, hours [h], asked, failed.
    """
    goes_on = minutes["minute"] == minutes["minute"].shift() + MINUTE
    for column in ("code", "state"):
        goes_on &= minutes[column] == minutes[column].shift()
    whole = minutes.groupby((~goes_on).cumsum().to_numpy()).agg(
        code=("code", "first"), state=("state", "first"), start=("minute", "min"), n=("minute", "size"),
        asked=("asked", "sum"), failed=("failed", "sum"),
    )  # fmt: skip
    start, n = (whole[c].to_numpy(np.int64) for c in ("start", "n"))
    whole = whole.assign(start=to_moments(start), end=to_moments(start + n * MINUTE), hours=n / 60)
    return whole.drop(columns="n").reset_index(drop=True)
