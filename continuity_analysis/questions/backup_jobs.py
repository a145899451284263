"""Backup jobs as the questions on their health need them: runs, the schedule stated or learned, and what was due."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.backup_runs import JOB, measure_backup_runs, number_jobs
from continuity_analysis.measurements.backup_slots import Slots, match_runs, measure_slots, measure_watched
from continuity_analysis.measurements.clock import HOUR, to_microseconds
from continuity_analysis.measurements.intervals import Intervals, intervals
from continuity_analysis.measurements.once import once
from continuity_analysis.models.backup_schedules import Schedules, learn_schedules
from continuity_analysis.periods import read_period
from continuity_analysis.questions.exposed import observe_backups
from continuity_analysis.questions.stated_backups import with_any_method, with_stated

LEARN = 91 * 24 * HOUR  # a schedule is that of so long before the end, or of the period if that is longer


@dataclass(frozen=True, eq=False)
class BackupJobs:
    """Every backup job in a period.

    Attributes
    ----------
    start, end : int
        The period up to as_of [us].
    jobs : DataFrame
        By code: product, asset, location, method, basis (stated, learned, or empty), within_hours, keep_hours,
        interval_hours (the shortest between due times; missing: not known), and what `Schedules.jobs` says.
    schedules : Schedules
    runs : DataFrame
        All runs up to the end, as `measure_backup_runs` has them, with slot (-1: none) and chosen.
    slots : Slots
        Due times before, in and after the period.
    watched : ndarray of bool
        Whether each of them was watched for all of its stretch.
    coverage : Intervals
        When the runs of each job were watched by something that shows all of them.
    """

    start: int
    end: int
    jobs: pd.DataFrame
    schedules: Schedules
    runs: pd.DataFrame
    slots: Slots
    watched: np.ndarray
    coverage: Intervals


def observe_backup_jobs(logs, period) -> BackupJobs:
    """Jobs, runs and due times of a period up to as_of."""
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    stop = window.end if pd.isna(logs.as_of) else max(window.start, min(window.end, logs.as_of))
    return _observed(logs, start=window.start, end=stop)


@once
def _observed(logs, *, start: pd.Timestamp, end: pd.Timestamp) -> BackupJobs:
    start, end = (int(m) for m in to_microseconds([start, end]))
    runs, coverage = _all_runs(logs)
    jobs = runs.drop_duplicates("code")[JOB].reset_index(drop=True)
    known = runs[runs["begun"] < end].reset_index(drop=True)
    schedules = _learned(known, len(jobs), zones=_zones(logs), start=min(start, end - LEARN))
    jobs, schedules = with_stated(jobs, schedules, logs.catalog.backups, timezone=logs.timezone)
    code, begun = known["code"].to_numpy(), known["begun"].to_numpy()
    slots = _since_first(measure_slots(schedules, code, begun, start=start, end=end), code, begun, jobs)
    slot, chosen = match_runs(slots, code, begun)
    jobs = pd.concat([jobs, schedules.jobs], axis=1).assign(interval_hours=_intervals(schedules, slots))
    return BackupJobs(
        *(start, end, jobs, schedules),
        runs=known.assign(slot=slot, chosen=chosen),
        slots=slots,
        watched=measure_watched(slots, coverage),
        coverage=coverage,
    )


@once
def _all_runs(logs) -> tuple[pd.DataFrame, Intervals]:
    """Every run there is, and when each job was watched: product by product, since each vouches for its own runs."""
    seen = observe_backups(logs)
    usable = seen.usable
    runs = number_jobs(with_any_method(measure_backup_runs(logs.backups, logs.exports, usable), logs.catalog.backups))
    parts = [intervals([], [], [])]
    for product, rows in logs.backups.groupby("product"):
        stretches = measure_backup_coverage(
            rows, logs.exports, usable=usable[usable["product"] == product], since=seen.since
        )
        of = runs.loc[runs["product"] == product, ["asset", "code"]].drop_duplicates()
        proven = stretches[stretches["proven"]].merge(of, on="asset")
        parts.append(intervals(proven["code"], *(to_microseconds(proven[c]) for c in ("from_at", "until_at"))))
    coverage = (np.concatenate([getattr(p, f) for p in parts]) for f in ("group", "start", "end"))
    return runs, intervals(*coverage)


def _learned(runs: pd.DataFrame, jobs: int, *, zones: list[str], start: int) -> Schedules:
    """The schedules of late, and where those are too few runs to tell, of all time."""
    code, begun = runs["code"].to_numpy(), runs["begun"].to_numpy()
    late = begun >= start
    recent = learn_schedules(code[late], begun[late], jobs=jobs, zones=zones)
    ever = learn_schedules(code, begun, jobs=jobs, zones=zones)
    new = (recent.jobs["kind"] != "").to_numpy()
    times = [x.times[k[x.times["code"]]] for x, k in ((recent, new), (ever, ~new))]
    return Schedules(
        pd.concat([recent.jobs[new], ever.jobs[~new]]).sort_index(), pd.concat(times, ignore_index=True), {}
    )


def _zones(logs) -> list[str]:
    stated = [s.timezone for s in logs.catalog.services.values() if s.timezone]
    return list(dict.fromkeys([logs.timezone, *stated, "UTC"]))


def _since_first(slots: Slots, code: np.ndarray, begun: np.ndarray, jobs: pd.DataFrame) -> Slots:
    """Without the due times of learned schedules that lie before the first run: none is known to be due."""
    first = pd.Series(begun).groupby(code).min().reindex(range(len(jobs))).to_numpy(dtype=float)
    kept = (jobs["basis"] == "stated").to_numpy()[slots.code] | (slots.end > first[slots.code])
    return Slots(slots.code[kept], slots.due[kept], slots.begin[kept], slots.end[kept])


def _intervals(schedules: Schedules, slots: Slots) -> np.ndarray:
    """The shortest time between due times [h], by the clock; for rules the usual one."""
    minutes = schedules.times.groupby("code")["minute"]
    around = schedules.times["minute"] - minutes.shift()
    around = around.fillna(minutes.transform("min") + 7 * 1440 - minutes.transform("max"))
    shortest = (around.groupby(schedules.times["code"]).min() / 60).reindex(schedules.jobs.index)
    apart = pd.Series(slots.due).groupby(slots.code).diff().groupby(slots.code).median() / HOUR
    rules = apart.reindex(schedules.jobs.index).where(schedules.jobs["kind"] == "rule")
    counted = (schedules.jobs["every"] / HOUR).where(schedules.jobs["kind"] == "interval")
    return shortest.fillna(counted).fillna(rules).to_numpy(dtype=float)
