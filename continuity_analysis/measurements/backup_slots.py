"""Runs against their schedule: when each was due, what came of it, and what was never begun.

The stretch of a due time begins a tenth of the way back to the due time before it, and lasts until the next one's
begins. What was begun in it belongs to it; of several runs the one begun nearest to the due time is the due one, the
others are extra (repeated, or by hand). A due time counts as missed only where it was watched for all of its stretch.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, clock_to_microseconds
from continuity_analysis.measurements.intervals import Intervals, intervals, last_begun, ranges, union
from continuity_analysis.measurements.occurrences import measure_occurrences

EARLY = 10  # a run may be begun so large a part (1 / EARLY) of the way to the due time before it
_MINUTE, _WEEK = HOUR // 60, 7 * 24 * HOUR
_MARGIN = 40 * 24 * HOUR  # a month and some: the due times before and after a window
_MONDAY = pd.Timestamp("1970-01-05")
NONE = -1


@dataclass(frozen=True, eq=False)
class Slots:
    """Due times, in the order of job and time.

    Attributes
    ----------
    code : ndarray of int64
        The job.
    due : ndarray of int64
        When a run was due [us].
    begin, end : ndarray of int64
        The stretch in which a run counts for it [us].
    """

    code: np.ndarray
    due: np.ndarray
    begin: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.due)


def measure_slots(schedules, code: np.ndarray, begun: np.ndarray, *, start: int, end: int) -> Slots:
    """Due times of every job from `start` to `end`, and some before and after.

    Parameters
    ----------
    schedules : Schedules
        As `learn_schedules` returns them, with what is stated put in its place.
    code, begun : ndarray of int64, shape (n,)
        Job and begin [us] of every run, in order; due times of a schedule without a clock are counted from them.
    start, end : int
        Microseconds since 1970.
    """
    window = {"start": start - _MARGIN, "end": end + _MARGIN}
    parts = [_clock_times(schedules, zone, **window) for zone in sorted(set(schedules.jobs["zone"]) - {""})]
    for job, rule in schedules.rules.items():
        zone = schedules.jobs["zone"].iloc[job]
        found = measure_occurrences(rule, zone, key="backups", **window)
        parts.append((np.full(len(found), job), found))
    by_clock = [np.concatenate([p[i] for p in parts] + [np.zeros(0, np.int64)]).astype(np.int64) for i in (0, 1)]
    return _together(_with_stretches(*by_clock), _counted_on(schedules.jobs, code, begun, end=end))


def match_runs(slots: Slots, code: np.ndarray, begun: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The due time that each run belongs to, and whether it is the due run.

    Returns
    -------
    slot : ndarray of int64, shape (n,)
        Row of `slots`; -1 where it belongs to none.
    chosen : ndarray of bool, shape (n,)
        False where another run is nearer to the due time; of two as near the earlier is the due one.
    """
    if not len(slots) or not len(code):
        return np.full(len(code), NONE), np.zeros(len(code), dtype=bool)
    moments = intervals(code, begun, begun)
    slot = last_begun(intervals(slots.code, slots.begin, slots.end), moments)
    inside = (slot >= 0) & (slots.code[slot] == code) & (begun >= slots.begin[slot]) & (begun < slots.end[slot])
    slot = np.where(inside, slot, NONE)
    away = np.abs(begun - slots.due[slot])
    order = np.lexsort((begun, away, slot))
    order = order[slot[order] != NONE]
    chosen = np.zeros(len(code), dtype=bool)
    chosen[order[np.append(True, slot[order][1:] != slot[order][:-1])[: len(order)]]] = True
    return slot, chosen


def measure_watched(slots: Slots, coverage: Intervals) -> np.ndarray:
    """Whether each due time was watched for all of its stretch; the group of `coverage` is the job."""
    if not len(slots) or not len(coverage):
        return np.zeros(len(slots), dtype=bool)
    whole = union(coverage)
    row = last_begun(whole, intervals(slots.code, slots.begin, slots.begin))
    return (
        (row >= 0)
        & (whole.group[row] == slots.code)
        & (whole.end[row] >= slots.end)
        & (whole.start[row] <= slots.begin)
    )


def _clock_times(schedules, zone: str, *, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Job and moment of all due times of clock schedules of a zone; what DST skips counts from after the gap."""
    times = schedules.times[schedules.times["code"].map(schedules.jobs["zone"]) == zone]
    first, last = start // _WEEK - 1, end // _WEEK + 1
    weeks = _MONDAY + pd.to_timedelta(np.arange(first, last + 1) * 7, unit="D")
    local = np.add.outer(times["minute"].to_numpy() * np.timedelta64(1, "m"), weeks.to_numpy())
    moments = clock_to_microseconds(pd.DatetimeIndex(local.ravel()), zone)
    return np.repeat(times["code"].to_numpy(), len(weeks)), moments


def _with_stretches(code: np.ndarray, due: np.ndarray) -> Slots:
    pairs = np.unique(np.column_stack([code, due]), axis=0)
    code, due = pairs[:, 0], pairs[:, 1]
    follows = np.append(False, code[1:] == code[:-1])[: len(code)]
    gap = np.where(follows, np.diff(due, prepend=due[:1]), 0)
    following = np.append(gap[1:], 0)[: len(gap)]
    gap = np.where(follows, gap, following)  # before the first, as far as after it
    begin = due - gap // EARLY
    goes_on = np.append(follows[1:], False)[: len(follows)]
    end = np.where(goes_on, np.append(begin[1:], 0)[: len(begin)], due + gap - gap // EARLY)
    return Slots(code, due, begin, end)


def _counted_on(jobs: pd.DataFrame, code: np.ndarray, begun: np.ndarray, *, end: int) -> Slots:
    """Due times counted from the run before: one interval after it, and again until the next run is nearer."""
    every = np.where(jobs["kind"] == "interval", jobs["every"], 0)[code].astype(np.int64)
    rows = np.flatnonzero(every > 0)
    code, begun, every = code[rows], begun[rows], every[rows]
    goes_on = np.append(code[1:] == code[:-1], False)[: len(code)]
    following = np.append(begun[1:], 0)[: len(begun)]
    ahead = np.where(goes_on, following - begun + every // 2, end - begun) // np.maximum(every, 1)
    ahead = np.maximum(ahead, 0)
    first = np.append(True, code[1:] != code[:-1])[: len(code)]
    row, number = ranges(np.ones(len(code), dtype=np.int64), ahead)
    due = np.concatenate([begun[first], begun[row] + number * every[row]])
    of = np.concatenate([code[first], code[row]])
    half = np.concatenate([every[first], every[row]]) // 2
    order = np.lexsort((due, of))
    due, of, half = due[order], of[order], half[order]
    follows = np.append(of[1:] == of[:-1], False)[: len(of)]
    stop = np.where(follows, np.minimum(due + half, np.append((due - half)[1:], 0)[: len(due)]), due + half)
    return Slots(of, due, due - half, np.maximum(stop, due))


def _together(*parts: Slots) -> Slots:
    columns = [np.concatenate([getattr(p, f) for p in parts]) for f in ("code", "due", "begin", "end")]
    order = np.lexsort((columns[1], columns[0]))
    return Slots(*(c[order] for c in columns))
