"""Grids of due times tried on many jobs at once: where they are anchored, what of them is kept, how well they fit.

A grid is a day or a whole part of one, by a zone's clock, of which some days of the week and some times of the day are
kept. Its clock time is where the phases of the runs are densest (the shortest arc that holds half of them), so that
neither missed, late nor extra runs move it; times of the day are kept where at least half of what was due was begun,
days of the week where a quarter was. How
well it fits is the harmonic mean of two shares: of the runs, those that are the one of a due time (begun up to a
twentieth of the grid before it, or a tenth after), and of the due times, those that had one.

What is learned here is the one notion of when a backup is due: of backup health, and of what a configuration lets one
expect (`measurements.due_intervals`). `measurements.backup_cycles` is another subject: gaps as they were, to draw from.

References
----------
Rousseeuw, P. J. and Leroy, A. M. (1988), A robust scale estimator based on the shortest half, Statistica Neerlandica
42 (the shortest half, here on a circle).
van Rijsbergen, C. J. (1979), Information Retrieval, ch. 7 (the harmonic mean of precision and recall).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MINUTE = 60_000_000
DAY = 1440 * MINUTE
WEEKS = 4  # below this days of the week are not told apart
DAYS = 4  # below this times of the day are not told apart
NEAR = 0.05  # of the interval
KEPT, KEPT_DAY = 0.5, 0.25


@dataclass(frozen=True, eq=False)
class Grid:
    """One grid tried on all jobs.

    Attributes
    ----------
    zone : str
    every : int
        [us]
    anchor : ndarray of int64, shape (jobs,)
        Phase of its due times [us after midnight, modulo `every`].
    days : ndarray of bool, shape (jobs, 7)
        Days of the week that are kept, from Monday on.
    slots : ndarray of bool, shape (jobs, grids a day)
        Times of the day that are kept.
    explained, held : ndarray of float, shape (jobs,)
        Share of the runs that are the one of a due time; share of the due times that had one.
    spread : ndarray of int64, shape (jobs,)
        How far from their due time runs are begun, on average [us].
    """

    zone: str
    every: int
    anchor: np.ndarray
    days: np.ndarray
    slots: np.ndarray
    explained: np.ndarray
    held: np.ndarray
    spread: np.ndarray

    @property
    def fit(self) -> np.ndarray:
        """The harmonic mean of `explained` and `held`."""
        both = self.explained + self.held
        return np.where(both > 0, 2 * self.explained * self.held / np.where(both > 0, both, 1), 0.0)


def try_grid(code: np.ndarray, begun: np.ndarray, n: np.ndarray, *, every: int, zone: str) -> Grid:
    """A grid anchored where the phases of each job are densest, and the days and times of it that are kept.

    Parameters
    ----------
    code, begun : ndarray of int64, shape (runs,)
        Job and begin [us] of each run, in order.
    n : ndarray of int64, shape (jobs,)
        Runs of each job.
    every : int
        [us]
    zone : str
        IANA zone.
    """
    local = _wall_clock(begun, zone)
    anchor = _anchor(code, local % every, n, every)
    place = (local - anchor[code] + round(NEAR * every)) // every
    late = local - anchor[code] - place * every
    off = late > 2 * NEAR * every  # the anchor is the early end of the arc
    per_week = 7 * DAY // every
    monday = 3 * DAY // every  # 1970-01-01 was a Thursday
    served, due = _served(code, place + monday, off, jobs=len(n), per_week=per_week)
    days, slots = _kept(served, due)
    mask = days[:, :, None] & slots[:, None, :]
    hits, expected = (np.where(mask, x, 0).sum(axis=(1, 2)) for x in (served, due))
    hits = np.where(_told(mask, served, due), hits, 0)
    explained = hits / np.maximum(n, 1)
    held = hits / np.maximum(expected, 1)
    spread = np.bincount(code, weights=np.where(off, 0, np.abs(late)), minlength=len(n)) // np.maximum(n, 1)
    return Grid(zone, every, anchor, days, slots, explained, held, spread.astype(np.int64))


def _wall_clock(moments: np.ndarray, zone: str) -> np.ndarray:
    """What the clock of a zone showed [us after its 1970-01-01 00:00]."""
    utc = pd.DatetimeIndex(moments.view("datetime64[us]")).tz_localize("UTC")
    return utc.tz_convert(zone).tz_localize(None).as_unit("us").asi8


def _anchor(code, phase, n, every: int) -> np.ndarray:
    """Early end [us] of the phases about the densest arc that holds half of them, on a whole minute."""
    order = np.lexsort((phase, code))
    c, p = code[order], phase[order]
    first = np.cumsum(n) - n
    reach = np.arange(len(p)) - first[c] + n[c] // 2
    wraps = reach >= n[c]
    width = p[first[c] + reach - wraps * n[c]] + wraps * every - p
    some = np.flatnonzero(n)
    shortest = np.lexsort((width, c))[first[some]]
    centre = np.zeros(len(n), dtype=np.int64)
    centre[some] = p[shortest] + width[shortest] // 2
    away = (phase - centre[code] + every // 2) % every - every // 2
    near = np.flatnonzero(np.abs(away) <= NEAR * every)
    near = near[np.lexsort((away[near], code[near]))]
    count = np.bincount(code[near], minlength=len(n))
    early = np.zeros(len(n), dtype=np.int64)
    held = np.flatnonzero(count)
    early[held] = away[near[(np.cumsum(count) - count + count // 20)[held]]]
    second = MINUTE // 60
    return (centre + early + second) // MINUTE * MINUTE % every


def _served(code, place, off, *, jobs: int, per_week: int):
    """How often each slot of the week had a run, and how often it was due between a job's first and last run."""
    first = np.full(jobs, np.iinfo(np.int64).max)
    last = np.full(jobs, np.iinfo(np.int64).min)
    np.minimum.at(first, code, place)
    np.maximum.at(last, code, place)
    empty = first > last
    first, last = np.where(empty, 1, first), np.where(empty, 0, last)
    pairs = np.unique(np.column_stack([code, place])[~off], axis=0)
    served = np.zeros((jobs, per_week), dtype=np.int64)
    np.add.at(served, (pairs[:, 0], pairs[:, 1] % per_week), 1)
    of_week = np.arange(per_week)
    due = (last[:, None] - of_week) // per_week - (first[:, None] - 1 - of_week) // per_week
    shape = (jobs, 7, per_week // 7)
    return served.reshape(shape), due.reshape(shape)


def _kept(served: np.ndarray, due: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days of the week and times of the day at which enough of what was due was begun.

    A job watched for less than `WEEKS` weeks keeps all days, or a single miss would be taken for a day without runs.
    """
    short = _short(due)[:, None]
    days = short | (_share(served, due) >= KEPT_DAY).any(axis=2)
    slots = _share(*(np.where(days[:, :, None], x, 0).sum(axis=1) for x in (served, due))) >= KEPT
    on_time = _share(*(np.where(slots[:, None, :], x, 0).sum(axis=2) for x in (served, due)))
    return short & slots.any(axis=1)[:, None] | (on_time >= KEPT_DAY) & slots.any(axis=1)[:, None], slots


def _short(due: np.ndarray) -> np.ndarray:
    """Which jobs were watched for too few weeks to tell days of the week apart."""
    return due.min(axis=(1, 2)) < WEEKS


def _told(mask: np.ndarray, served: np.ndarray, due: np.ndarray) -> np.ndarray:
    """Whether there was time enough to tell.

    Times of the day that are left out were so on `DAYS` days. A job too short for days of the week ran on all of them:
    without any run on Sundays, they may be days off, or missed.
    """
    partly = mask.any(axis=1).sum(axis=1) < mask.shape[2]
    often = np.where(mask, due, 0).sum(axis=1)
    least = np.where(mask.any(axis=1), often, np.iinfo(np.int64).max).min(axis=1)
    idle = (np.where(mask, served, 0).sum(axis=2) == 0) & (np.where(mask, due, 0).sum(axis=2) > 0)
    return (~partly | (least >= DAYS)) & ~(_short(due) & idle.any(axis=1))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0, part / np.maximum(whole, 1), 0.0)
