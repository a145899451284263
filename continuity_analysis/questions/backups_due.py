"""Runs and due times of a period side by side: how late each run was, and what came of each due time."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_runs import JOB
from continuity_analysis.measurements.backup_slots import EARLY, NONE, Slots, measure_watched
from continuity_analysis.measurements.clock import HOUR, UNKNOWN
from continuity_analysis.measurements.intervals import intervals, last_begun
from continuity_analysis.questions.backup_jobs import BackupJobs


def tolerated(jobs: pd.DataFrame) -> pd.Series:
    """How late a run of each job may be begun [h]: as stated, else a tenth of the interval."""
    return jobs["within_hours"].astype(float).fillna(jobs["interval_hours"] / EARLY)


def runs_in(observed: BackupJobs) -> pd.DataFrame:
    """Runs that were due in a period, or begun in it where they belong to no due time.

    Returns
    -------
    DataFrame
        `BackupJobs.runs` with due [us], late_hours (missing: extra, no due time, or due for no reason but itself), late
        (by more than is tolerated), extra, watched (whether every run begun about then would have been seen).
    """
    runs = observed.runs
    code, begun, slot = (runs[c].to_numpy(np.int64) for c in ("code", "begun", "slot"))
    due = np.append(observed.slots.due, UNKNOWN)[np.where(slot == NONE, len(observed.slots), slot)]
    extra = (slot != NONE) & ~runs["chosen"].to_numpy(bool)
    itself = (observed.jobs["kind"] == "interval").to_numpy()[code] & (due == begun)
    known = (slot != NONE) & ~extra & ~itself
    late = np.where(known, begun - np.where(known, due, begun), 0) / HOUR
    over = known & (late > tolerated(observed.jobs).to_numpy()[code])
    watched = measure_watched(Slots(code, begun, begun, begun), observed.coverage)
    runs = runs.assign(due=due, late_hours=np.where(known, late, np.nan), late=over, extra=extra, watched=watched)
    at = np.where(slot == NONE, begun, due)
    return runs[(at >= observed.start) & (at < observed.end)].reset_index(drop=True)


def due_in(observed: BackupJobs) -> pd.DataFrame:
    """Due times of a period that are over, or had a run.

    A due time of a learned schedule at which another method saved the same asset to the same place is none of its own:
    on Sundays the full backup stands in for the incremental one.

    Returns
    -------
    DataFrame
        code, due, begun [us; of the due run], state (of the due run; done or late where any run of it serves; missed;
        unknown), serves, watched, late_hours, backup_id.
    """
    slots, runs = observed.slots, runs_in(observed)
    mine = runs[runs["slot"] != NONE]
    first = mine[~mine["extra"]].set_index("slot")[["state", "begun", "late_hours", "backup_id"]]
    good = mine[mine["serves"]].groupby("slot")["begun"].min()
    rows = pd.DataFrame({"code": slots.code, "due": slots.due, "watched": observed.watched}).join(first)
    serves = rows.index.isin(good.index)
    waited = (pd.Series(good).reindex(rows.index) - rows["due"]) / HOUR
    late = serves & (waited > tolerated(observed.jobs).to_numpy()[slots.code]).to_numpy()
    empty = rows["begun"].isna().to_numpy()
    other = empty & _served_by_another(observed)
    cases = [late, serves, ~empty, observed.watched]
    rows["state"] = np.select(cases, ["late", "done", rows["state"].fillna("").astype(object), "missed"], "unknown")
    rows = rows.assign(serves=serves, begun=rows["begun"].fillna(UNKNOWN).astype("int64"))
    over = ~other & (~empty | (slots.end <= observed.end))
    return rows[over & (slots.due >= observed.start) & (slots.due < observed.end)].reset_index(drop=True)


def _served_by_another(observed: BackupJobs) -> np.ndarray:
    """Due times of learned schedules about which (within a tenth of the interval) another method made a usable one."""
    jobs, slots = observed.jobs, observed.slots
    runs = observed.runs[observed.runs["serves"]]
    if not len(slots) or runs.empty:
        return np.zeros(len(slots), dtype=bool)
    place = jobs.groupby(JOB[:3]).ngroup().to_numpy()
    near = (np.nan_to_num(jobs["interval_hours"].to_numpy(float))[slots.code] / EARLY * HOUR).astype(np.int64)
    of, begun = place[runs["code"]], runs["begun"].to_numpy()
    order = np.lexsort((begun, of))
    every = intervals(of[order], begun[order], begun[order])
    row = last_begun(every, intervals(place[slots.code], slots.due + near, slots.due + near))
    learned = (jobs["basis"] == "learned").to_numpy()[slots.code]
    return learned & (row >= 0) & (every.group[row] == place[slots.code]) & (every.start[row] >= slots.due - near)
