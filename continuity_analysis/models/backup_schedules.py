"""When runs are due, learned from when they were begun: at clock times of days of the week, or so long after the last.

A clock schedule is a grid of a day or a whole part of one, by a zone's clock, of which some days of the week and some
times of the day are kept. Every grid of `GRIDS` is tried in every zone. Its clock time is where the phases of the runs
are densest (the shortest arc that holds half of them), so that neither missed, late nor extra runs move it; days and
times are kept where at least half of what was due was begun. How well it fits is the harmonic mean of two shares: of
the runs, those that are the one of a due time (begun up to a tenth of the grid before it, or two tenths after), and of
the due times, those that had one. The coarsest
grid within `TIE` of the best is taken, so that a daily run is daily and not hourly with 23 misses, and of the zones
the one by whose clock runs begin nearest to their due times. Without such a grid, gaps that are near whole
multiples of the usual one make an interval, counted from run to run.

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
GRIDS = tuple(m * MINUTE for m in (1440, 720, 480, 360, 240, 180, 120, 60, 30, 20, 15, 10, 5))
FEWEST = 8  # runs
WEEKS = 4  # below this days of the week are not told apart
DAYS = 4  # below this times of the day are not told apart
NEAR = 0.1  # of the interval
FITS = 0.75  # docs/calibration_backup_health.md: how often runs at random are taken for a schedule
TIE = 0.02
KEPT = 0.5


@dataclass(frozen=True, eq=False)
class Schedules:
    """When the runs of each job are due.

    Attributes
    ----------
    jobs : DataFrame
        One row per job, in order of its code: kind (clock, interval, rule, or empty: none known), zone, every [us; for
        clock the grid], explained (share of the runs that are the one of
        a due time, or of gaps near a multiple), held (share of due times
        that had a run), n, reason.
    times : DataFrame
        code, minute: due times of clock schedules [min after Monday 00:00 of the zone's clock].
    rules : dict of int to BackupRule
        Those that are stated as iCalendar rules.
    """

    jobs: pd.DataFrame
    times: pd.DataFrame
    rules: dict


@dataclass(frozen=True, eq=False)
class _Grid:
    """One grid tried on all jobs."""

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
        both = self.explained + self.held
        return np.where(both > 0, 2 * self.explained * self.held / np.where(both > 0, both, 1), 0.0)


def learn_schedules(code: np.ndarray, begun: np.ndarray, *, jobs: int, zones: list[str]) -> Schedules:
    """The schedule of every job, from the begins of its runs.

    Parameters
    ----------
    code : array of int, shape (n,)
        Job of each run, from 0.
    begun : array of int64, shape (n,)
        Microseconds since 1970.
    jobs : int
        How many there are.
    zones : list of str
        IANA zones whose clocks are tried; where two fit alike, the first.

    Returns
    -------
    Schedules
    """
    order = np.lexsort((begun, code))
    code, begun = np.asarray(code)[order], np.asarray(begun, dtype=np.int64)[order]
    n = np.bincount(code, minlength=jobs)
    tried = (
        [_try_grid(code, begun, n, every=every, zone=zone) for every in GRIDS for zone in zones] if len(code) else []
    )
    fits = np.array([g.fit for g in tried]).reshape(len(tried), jobs)
    best = fits.max(axis=0, initial=0.0)
    good = (fits >= best - TIE) & (fits >= FITS) & (n >= FEWEST)
    chosen = _choose(tried, good)
    return _interval_where_none(_of_grids(tried, chosen, n, best), code, begun)


def _choose(tried: list[_Grid], good: np.ndarray) -> np.ndarray:
    """The coarsest good grid of each job, by the clock by which its runs are least spread; -1 where none is good."""
    if not good.any():
        return np.full(good.shape[1], -1)
    every = np.array([g.every for g in tried])
    coarsest = every[good.argmax(axis=0)]
    spread = np.array([g.spread // MINUTE for g in tried])
    spread = np.where(good & (every[:, None] == coarsest), spread, np.iinfo(np.int64).max)
    return np.where(good.any(axis=0), spread.argmin(axis=0), -1)


def _try_grid(code, begun, n, *, every: int, zone: str) -> _Grid:
    """A grid anchored where the phases of each job are densest, and the days and times of it that are kept."""
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
    hits = np.where(_told(mask, due), hits, 0)
    explained = hits / np.maximum(n, 1)
    held = hits / np.maximum(expected, 1)
    spread = np.bincount(code, weights=np.where(off, 0, np.abs(late)), minlength=len(n)) // np.maximum(n, 1)
    return _Grid(zone, every, anchor, days, slots, explained, held, spread.astype(np.int64))


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
    """Days of the week and times of the day at which at least half of what was due was begun.

    A job watched for less than `WEEKS` weeks keeps all days, or a single miss would be taken for a day without runs.
    """
    long = (due.min(axis=(1, 2)) >= WEEKS)[:, None]
    days = ~long | (_share(served, due) >= KEPT).any(axis=2)
    slots = _share(*(np.where(days[:, :, None], x, 0).sum(axis=1) for x in (served, due))) >= KEPT
    on_time = _share(*(np.where(slots[:, None, :], x, 0).sum(axis=2) for x in (served, due)))
    return ~long & slots.any(axis=1)[:, None] | (on_time >= KEPT), slots


def _told(mask: np.ndarray, due: np.ndarray) -> np.ndarray:
    """Whether the times of the day that are left out were left out often enough to tell: on `DAYS` days."""
    partly = mask.any(axis=1).sum(axis=1) < mask.shape[2]
    often = np.where(mask, due, 0).sum(axis=1)
    least = np.where(mask.any(axis=1), often, np.iinfo(np.int64).max).min(axis=1)
    return ~partly | (least >= DAYS)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0, part / np.maximum(whole, 1), 0.0)


def _of_grids(tried: list[_Grid], chosen: np.ndarray, n: np.ndarray, best: np.ndarray) -> Schedules:
    found = chosen >= 0
    few = f"fewer than {FEWEST} runs"
    lost = [f"no regular times: the best pattern fits {round(100 * b)} %" for b in best]
    jobs = pd.DataFrame({"kind": np.where(found, "clock", ""), "zone": "", "every": 0, "explained": np.nan})
    jobs = jobs.assign(held=np.nan, n=n, reason=np.where(found, "", np.where(n < FEWEST, few, lost)))
    parts = [pd.DataFrame({"code": np.zeros(0, np.int64), "minute": np.zeros(0, np.int64)})]
    for number in np.unique(chosen[found]):
        grid, of = tried[number], np.flatnonzero(chosen == number)
        jobs.loc[of, ["zone", "every"]] = [grid.zone, grid.every]
        jobs.loc[of, "explained"], jobs.loc[of, "held"] = grid.explained[of], grid.held[of]
        job, day, slot = np.nonzero(grid.days[of][:, :, None] & grid.slots[of][:, None, :])
        minute = (day * DAY + slot * grid.every + grid.anchor[of][job]) // MINUTE
        parts.append(pd.DataFrame({"code": of[job], "minute": minute}))
    times = pd.concat(parts, ignore_index=True).sort_values(["code", "minute"], ignore_index=True)
    return Schedules(jobs.astype({"kind": "str", "zone": "str", "reason": "str"}), times, {})


def _interval_where_none(schedules: Schedules, code, begun) -> Schedules:
    """Where no clock schedule fits: the usual gap, if most gaps are near it and nearly all near a multiple of it."""
    jobs = schedules.jobs
    same = code[1:] == code[:-1]
    of, gaps = code[1:][same], np.diff(begun)[same]
    if not len(gaps):
        return schedules
    usual = pd.Series(gaps).groupby(of).median().reindex(jobs.index).fillna(0).to_numpy()
    near_usual = np.abs(gaps - usual[of]) <= NEAR * usual[of]
    usual = pd.Series(gaps[near_usual]).groupby(of[near_usual]).median().reindex(jobs.index).fillna(0).to_numpy()
    every = usual[of]
    times = np.maximum(np.round(gaps / np.where(every > 0, every, np.inf)), 1)
    near = (every > 0) & (np.abs(gaps - times * every) <= NEAR * every)
    n = np.bincount(of, minlength=len(jobs))
    explained = np.bincount(of[near], minlength=len(jobs)) / np.maximum(n, 1)
    once = np.bincount(of[near & (times == 1)], minlength=len(jobs)) / np.maximum(n, 1)
    due = np.bincount(of, weights=times, minlength=len(jobs))
    held = n / np.maximum(due, 1)
    found = (jobs["kind"] == "").to_numpy() & (n >= FEWEST) & (explained >= FITS) & (once >= KEPT)
    values = {"kind": "interval", "every": np.round(usual).astype(np.int64), "explained": explained, "held": held}
    jobs = jobs.assign(**{k: np.where(found, v, jobs[k]) for k, v in values.items()}).astype({"kind": "str"})
    jobs = jobs.assign(reason=pd.Series(np.where(found, "", jobs["reason"]), dtype="str"))
    return Schedules(jobs, schedules.times, schedules.rules)
