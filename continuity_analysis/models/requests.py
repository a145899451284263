"""Achieved request availability, latency and bad-minute availability, with the bounds that unlogged time leaves."""

import numpy as np
import pandas as pd

from continuity_analysis.models.verdicts import column, hours, percent

_NO_TIME = 1e-9


def estimate_requests(measured: pd.DataFrame) -> pd.DataFrame:
    """Shares of requests, as facts about what the logs hold, and their bounds.

    Request availability is 1 - failed / (total - rejected). How many requests there were in agreed hours of which no
    access log speaks is not known; the bounds assume as many an hour as in logged ones, all of them failed (low) or
    none (high), as the bounds of availability in time take unwatched hours as down or up.

    Parameters
    ----------
    measured : DataFrame
        Result of `measure_requests`, with latency_under_seconds (the limit, null where none is promised).

    Returns
    -------
    DataFrame
        `measured`, and: request_availability, request_availability_low and _high; latency_share (served requests
        within the limit; where the response times leave it open, the least it can be), latency_share_most (the most),
        latency_share_low and _high; bad_minute_availability (minutes good, of those with enough requests to tell); all
        0 to 1, null where there was nothing to count; logged (share of agreed hours of which a log speaks).
    """
    asked, served = _some(column(measured, "asked")), _some(column(measured, "served", default=0.0))
    failed, unseen = column(measured, "failed"), _unseen(measured)
    low, high = (column(measured, f"in_time_{end}", default=np.nan) for end in ("low", "high"))
    served = np.where(np.isnan(column(measured, "latency_under_seconds", default=np.nan)), np.nan, served)
    known = column(measured, "good_hours") + column(measured, "bad_hours")
    return measured.assign(
        request_availability=1 - failed / asked,
        request_availability_low=1 - (failed + asked * unseen) / (asked * (1 + unseen)),
        request_availability_high=1 - failed / (asked * (1 + unseen)),
        latency_share=low / served,
        latency_share_most=high / served,
        latency_share_low=low / (served * (1 + unseen)),
        latency_share_high=(high + served * unseen) / (served * (1 + unseen)),
        bad_minute_availability=column(measured, "good_hours") / _some(known),
        logged=column(measured, "logged_hours") / _some(column(measured, "agreed_hours")),
    )


def why_open(estimates: pd.DataFrame) -> pd.DataFrame:
    """The estimates with what keeps bounds apart: the sentences for a verdict that they leave open.

    Returns
    -------
    DataFrame
        `estimates`, and request_availability_open and latency_share_open.
    """
    unlogged = column(estimates, "agreed_hours") - column(estimates, "logged_hours")
    logs = "no access log speaks of " + hours(unlogged) + " of the agreed hours: add the logs of that time"
    apart = column(estimates, "latency_share_most") - column(estimates, "latency_share") > _NO_TIME
    times = "response times are counted up to fixed bounds, and the limit or failed requests leave open "
    times = (
        times + percent(column(estimates, "latency_share")) + " to " + percent(column(estimates, "latency_share_most"))
    )
    return estimates.assign(
        request_availability_open=logs.to_numpy(),
        latency_share_open=np.where(apart & ~(unlogged > _NO_TIME), times, np.where(apart, times + "; " + logs, logs)),
    )


def _unseen(measured: pd.DataFrame) -> np.ndarray:
    """Requests not logged per logged one, had there been as many an hour."""
    agreed, logged = column(measured, "agreed_hours"), column(measured, "logged_hours")
    return np.maximum(agreed - logged, 0.0) / _some(logged)


def _some(values: np.ndarray) -> np.ndarray:
    """Counts to divide by; missing where there are none."""
    return np.where(values > 0, values, np.nan)
