"""When runs are due, learned from when they were begun: at clock times of days of the week, or so long after the last.

Every grid of `GRIDS` is tried in every zone. The coarsest one within `TIE` of the best is taken, so that a daily run is
daily and not hourly with 23 misses, and of the zones the one by whose clock runs begin nearest to their due times.
Without a grid that fits, gaps that are near whole multiples of the usual one make an interval, counted from run to run,
unless the usual gap is itself that of a grid: what keeps to no clock then is not regular, or days off cannot be told.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.schedule_grids import DAY, KEPT, MINUTE, Grid, try_grid

GRIDS = tuple(m * MINUTE for m in (1440, 720, 480, 360, 240, 180, 120, 60, 30, 20, 15, 10, 5))
FEWEST = 8  # runs
GAP_NEAR, LIKE_A_GRID = 0.1, 0.01  # of the usual gap
FITS = 0.7  # docs/calibration_backup_health.md: how often runs at random are taken for a schedule
TIE = 0.02


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
    tried = [try_grid(code, begun, n, every=every, zone=zone) for every in GRIDS for zone in zones] if len(code) else []
    fits = np.array([g.fit for g in tried]).reshape(len(tried), jobs)
    best = fits.max(axis=0, initial=0.0)
    good = (fits >= best - TIE) & (fits >= FITS) & (n >= FEWEST)
    chosen = _choose(tried, good)
    return _interval_where_none(_of_grids(tried, chosen, n, best), code, begun)


def _choose(tried: list[Grid], good: np.ndarray) -> np.ndarray:
    """The coarsest good grid of each job, by the clock by which its runs are least spread; -1 where none is good."""
    if not good.any():
        return np.full(good.shape[1], -1)
    every = np.array([g.every for g in tried])
    coarsest = every[good.argmax(axis=0)]
    spread = np.array([g.spread // MINUTE for g in tried])
    spread = np.where(good & (every[:, None] == coarsest), spread, np.iinfo(np.int64).max)
    return np.where(good.any(axis=0), spread.argmin(axis=0), -1)


def _of_grids(tried: list[Grid], chosen: np.ndarray, n: np.ndarray, best: np.ndarray) -> Schedules:
    found = chosen >= 0
    few = f"fewer than {FEWEST} runs"
    vague = "no regular times, or too few weeks to tell days of the week apart"
    lost = [f"no regular times: the best pattern fits {round(100 * b)} %" if b > 0 else vague for b in best]
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
    near_usual = np.abs(gaps - usual[of]) <= GAP_NEAR * usual[of]
    usual = pd.Series(gaps[near_usual]).groupby(of[near_usual]).median().reindex(jobs.index).fillna(0).to_numpy()
    every = usual[of]
    times = np.maximum(np.round(gaps / np.where(every > 0, every, np.inf)), 1)
    near = (every > 0) & (np.abs(gaps - times * every) <= GAP_NEAR * every)
    n = np.bincount(of, minlength=len(jobs))
    explained = np.bincount(of[near], minlength=len(jobs)) / np.maximum(n, 1)
    once = np.bincount(of[near & (times == 1)], minlength=len(jobs)) / np.maximum(n, 1)
    due = np.bincount(of, weights=times, minlength=len(jobs))
    held = n / np.maximum(due, 1)
    apart = np.abs(usual[:, None] / np.array(GRIDS) - 1).min(axis=1) > LIKE_A_GRID
    found = (jobs["kind"] == "").to_numpy() & apart & (n >= FEWEST) & (explained >= FITS) & (once >= KEPT)
    values = {"kind": "interval", "every": np.round(usual).astype(np.int64), "explained": explained, "held": held}
    jobs = jobs.assign(**{k: np.where(found, v, jobs[k]) for k, v in values.items()}).astype({"kind": "str"})
    jobs = jobs.assign(reason=pd.Series(np.where(found, "", jobs["reason"]), dtype="str"))
    return Schedules(jobs, schedules.times, schedules.rules)
