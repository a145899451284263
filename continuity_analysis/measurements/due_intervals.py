"""How far apart the backups of an asset are due, and how long each takes to be usable: what a schedule lets one expect.

The schedules are those of backup health, stated or learned; nothing is learned here. All jobs of an asset at one
location count together: on Sundays the full backup stands in for the incremental one. Of several locations the one at
which the least is lost counts, for that one alone would do.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_slots import Slots
from continuity_analysis.measurements.clock import HOUR

PLACE = ["asset", "location"]
NEVER_SEEN = "no backup of it was ever seen"
TOO_RARE = "fewer than two due times about the period"


def measure_due_intervals(
    jobs: pd.DataFrame, slots: Slots, usable: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """The longest time between two due times about a period, per asset, and how long backups took to be usable.

    Parameters
    ----------
    jobs : DataFrame
        One row per backup job, by code: asset, location, kind, every [us], basis (stated, learned, or empty), reason
        (why no schedule is known, or that no run of a stated one was ever seen: it is then not counted on).
    slots : Slots
        Due times of the jobs before, in and after the period. Those counted from the run before are not used: such
        jobs are due once in `every`.
    usable : DataFrame
        Result of `measure_usable_backups`.
    start, end : Timestamp
        The period.

    Returns
    -------
    DataFrame
        asset, location, n (due times in the period), interval_hours (the longest), ready_hours (from the moment whose
        data a backup of the period holds until it was usable: median of each method, the longest; missing: not known),
        basis (stated, learned; empty: no schedule known), reason (why there is no interval), continuous (logs that
        carry the data further were shipped in the period).
    """
    places = jobs.groupby(PLACE, as_index=False).agg(
        basis=("basis", lambda b: "learned" if (b == "learned").any() else b.max()),
        reason=("reason", lambda r: "; ".join(dict.fromkeys(filter(None, r)))),
    )
    of = jobs[PLACE].merge(places.reset_index(names="place"), on=PLACE, how="left")["place"].to_numpy(np.int64)
    ends = {"start": start.value // 1000, "end": end.value // 1000}
    longest, n = _by_clock(jobs, slots, of, places=len(places), **ends)
    counted = (
        (jobs["every"] / HOUR)
        .where((jobs["kind"] == "interval") & (jobs["reason"] == ""))
        .groupby(of)
        .min()
        .reindex(places.index)
    )
    places = places.assign(n=n, interval_hours=np.fmin(longest, counted.to_numpy(float)))
    rows = usable[(usable["begun_at"] >= start) & (usable["begun_at"] < end)]
    log = rows["method"].eq("log").fillna(False).to_numpy(bool)
    places = places.merge(_ready(rows[~log]), on=PLACE, how="left")
    known = places["interval_hours"].notna()
    why = places["reason"].where(places["reason"] != "", TOO_RARE).where(~known, "")
    places = places.assign(reason=why, lost=places["interval_hours"] + places["ready_hours"].fillna(0))
    best = places.sort_values(["asset", "lost", "location"], kind="stable").drop_duplicates("asset")
    logged = rows.loc[log & rows["usable"].to_numpy(bool), "asset"]
    best = best.merge(pd.DataFrame({"asset": sorted({*best["asset"], *logged})}, dtype="str"), on="asset", how="right")
    best = best.fillna({"n": 0, "basis": "", "reason": NEVER_SEEN}).astype({"n": "int64"})
    names = [*PLACE, "n", "interval_hours", "ready_hours", "basis", "reason"]
    return best[names].assign(continuous=best["asset"].isin(logged).to_numpy())


def _by_clock(jobs: pd.DataFrame, slots: Slots, of: np.ndarray, *, places: int, start: int, end: int):
    """By place: the longest time [h] between due times by the clock that touches the period; due times in it."""
    counted = (jobs["kind"] == "interval").to_numpy()[slots.code]
    known = (jobs["reason"] == "").to_numpy()[slots.code]
    inside = (slots.due >= start) & (slots.due < end) & known
    each = np.unique(np.column_stack([of[slots.code], slots.due])[inside], axis=0)
    n = np.bincount(each[:, 0], minlength=places)
    place, due = np.unique(np.column_stack([of[slots.code], slots.due])[~counted & known], axis=0).T
    touches = (place[1:] == place[:-1]) & (due[1:] > start) & (due[:-1] < end)
    gap = pd.Series(np.diff(due)[touches] / HOUR).groupby(place[1:][touches]).max()
    return gap.reindex(range(places)).to_numpy(float), n


def _ready(rows: pd.DataFrame) -> pd.DataFrame:
    """By place, from what a backup holds until it was usable [h]: median of each method, the longest of them."""
    rows = rows[rows["usable"].to_numpy(bool) & (rows["direction"] == "exact").to_numpy(bool)]
    rows = rows.assign(location=rows["location"].fillna("not stated"), method=rows["method"].astype("str").fillna(""))
    rows = rows.assign(took=(rows["usable_from_at"] - rows["data_at"]) / pd.Timedelta(hours=1))
    medians = rows.groupby([*PLACE, "method"])["took"].median()
    return medians.groupby(level=[0, 1]).max().rename("ready_hours").reset_index()
