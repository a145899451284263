"""Failures one by one: when each began, what down time it brought, and how much up time lay before it.

The failures are those `measure_downtime` counts. What a failure costs is the integral of w_u over its known agreed
time, in hours of full outage. It is *censored*, known only to be at least so long, where it still lasts at the end of
the window, nobody knows its end, or some of its agreed time was not watched.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_hours, to_microseconds, to_moments
from continuity_analysis.measurements.downtime import failures_begun
from continuity_analysis.measurements.impact_steps import impact_steps, lost_from_sight
from continuity_analysis.measurements.intervals import (
    Intervals,
    clip,
    difference,
    intervals,
    last_begun,
    lengths,
    union,
)
from continuity_analysis.measurements.watched_time import Observation


def measure_failures(disruptions: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """Every failure of every service in a window.

    Parameters
    ----------
    disruptions : DataFrame
        Result of `measure_disruptions`.
    observation : Observation

    Returns
    -------
    DataFrame
        One row per failure, by service and time: group (row of the services), service, started_at (its first agreed
        moment), until_at (until when it is known to have lasted), down_hours (hours of full outage in known time),
        censored, down_at_end (still down at the window's end), up_before_hours (up time of the window before it),
        since_previous_hours (known time since the failure before it began; null for the first). All hours in [h].
    """
    steps, values = impact_steps(disruptions, observation)
    lost = lost_from_sight(values)
    blocks, begun, first = failures_begun(disruptions, observation, steps[lost])
    group, known = blocks.group[begun], difference(observation.watched, steps[lost])
    up = difference(known, steps[values[:, :2].any(axis=1)])
    last = np.minimum(blocks.end[begun], observation.end)
    endless, beyond = _endless(disruptions, blocks), blocks.end > observation.end
    at_end = (beyond | (endless & (blocks.end == observation.end)))[begun]
    hidden = _length(blocks, observation.agreed) > _length(blocks, known)
    return pd.DataFrame(
        {
            "group": group,
            "service": pd.Series(observation.services["service"].to_numpy()[group], dtype="str"),
            "started_at": to_moments(first),
            "until_at": to_moments(np.maximum(last, first)),
            "down_hours": _down(blocks, steps[~lost], values[~lost, 0])[begun],
            "censored": (endless | hidden | beyond)[begun],
            "down_at_end": at_end,
            "up_before_hours": to_hours(_length_before(up, group, first)),
            "since_previous_hours": _gaps(group, to_hours(_length_before(known, group, first))),
        }
    )


def merge_common_failures(failures: pd.DataFrame) -> pd.DataFrame:
    """Failures of several services that overlap, as one failure of all services together.

    Services that share what failed do not fail anew each; down hours add up to service hours.

    Returns
    -------
    DataFrame
        group (0), started_at, until_at, down_hours (summed over services), censored, down_at_end, n_services.
    """
    if failures.empty:
        return failures.assign(n_services=pd.Series(dtype="int64"))
    start, end = (to_microseconds(failures[c]) for c in ("started_at", "until_at"))
    fleet = np.zeros(len(failures), dtype=np.int64)
    which = _which(union(intervals(fleet, start, end)), fleet, start)
    found = failures.groupby(which).agg(
        started_at=("started_at", "min"),
        until_at=("until_at", "max"),
        down_hours=("down_hours", "sum"),
        censored=("censored", "any"),
        down_at_end=("down_at_end", "any"),
        n_services=("service", "nunique"),
    )
    return found.reset_index(drop=True).assign(group=0)


def between_failures(failures: pd.DataFrame, observation: Observation) -> Observation:
    """What is left to see of all services while none of them is failed, the first moment of each failure included.

    A failure that begins while another service is failed may be the same one: it is not seen, and neither is the time
    in which it could have begun, so that failures are not thinned out where one service was failed for long.

    Parameters
    ----------
    failures : DataFrame
        Result of `measure_failures`.
    observation : Observation
    """
    start, end = (to_microseconds(failures[c]) for c in ("started_at", "until_at"))
    common, n = union(intervals(np.zeros(len(failures)), start, end)), len(observation.services)
    common = common[common.end > common.start + 1]
    row = np.repeat(np.arange(n), len(common))
    failed = intervals(row, np.tile(common.start + 1, n), np.tile(common.end, n))
    return replace(observation, coverage=difference(observation.coverage, failed))


def _endless(disruptions: pd.DataFrame, blocks: Intervals) -> np.ndarray:
    """Which stretches hold a disruption that is open, or whose end nobody knows."""
    rows = disruptions[(disruptions["impact"] > 0) & ~disruptions["planned"].astype(bool)]
    rows = rows[rows["is_open"].astype(bool) | (rows["tail"] > rows["end"])]
    found = np.zeros(len(blocks), dtype=bool)
    if len(rows):
        found[_which(blocks, rows["code"].to_numpy(np.int64), rows["start"].to_numpy(np.int64))] = True
    return found


def _which(blocks: Intervals, group: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """The last stretch of each group that began by a moment."""
    return last_begun(blocks, Intervals(group, moment, moment))


def _length_before(x: Intervals, group: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """Length of a group's intervals, disjoint and in order, before a moment [us]."""
    if not len(x) or not len(group):
        return np.zeros(len(group), dtype=np.int64)
    total = np.append(0, np.cumsum(x.end - x.start))
    first = np.searchsorted(x.group, group, side="left")
    last = _which(x, group, moment)
    some = last >= first
    part = np.minimum(moment, x.end[last]) - x.start[last]
    return np.where(some, total[np.where(some, last, 0)] - total[first] + part, 0)


def _length(blocks: Intervals, inside: Intervals) -> np.ndarray:
    """Length of each stretch within `inside` [us]."""
    pieces, block = clip(blocks, inside)
    return lengths(Intervals(block, pieces.start, pieces.end), len(blocks))


def _down(blocks: Intervals, steps: Intervals, weight: np.ndarray) -> np.ndarray:
    """Hours of full outage of each stretch [h]; each step with a weight lies in one of them."""
    heavy = weight > 0
    if not heavy.any():
        return np.zeros(len(blocks))
    hours = weight[heavy] * to_hours(steps.end[heavy] - steps.start[heavy])
    block = _which(blocks, steps.group[heavy], steps.start[heavy])
    return np.bincount(block, weights=hours, minlength=len(blocks))


def _gaps(group: np.ndarray, clock: np.ndarray) -> np.ndarray:
    """Known time since the failure before [h], null for the first of each service."""
    gaps = np.append(np.nan, np.diff(clock))[: len(clock)]
    return np.where(np.append(True, group[1:] != group[:-1])[: len(group)], np.nan, gaps)
