"""How far apart the backups of an asset are due, and how long each takes to be usable: what a schedule lets one expect.

The schedules are those of backup health, stated or learned; nothing is learned here. All jobs of an asset at one
location count together: on Sundays the full backup stands in for the incremental one. Of several locations the one at
which the least is lost counts, for that one alone would do.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_slots import Slots
from continuity_analysis.measurements.clock import HOUR, to_microseconds

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
    first, last = (int(m) for m in to_microseconds([start, end]))
    places = _due(jobs, slots, start=first, end=last)
    rows = usable[(usable["begun_at"] >= start) & (usable["begun_at"] < end)]
    log = rows["method"].eq("log").fillna(False).to_numpy(bool)
    places = places.merge(_ready(rows[~log]), on=PLACE, how="left")
    places = places.assign(lost=places["interval_hours"] + places["ready_hours"].fillna(0))
    best = places.sort_values(["asset", "lost", "location"], kind="stable").drop_duplicates("asset")
    logged = rows.loc[log & rows["usable"].to_numpy(bool), "asset"]
    best = best.merge(pd.DataFrame({"asset": sorted({*best["asset"], *logged})}, dtype="str"), on="asset", how="right")
    best = best.fillna({"n": 0, "basis": "", "reason": NEVER_SEEN}).astype({"n": "int64"})
    names = [*PLACE, "n", "interval_hours", "ready_hours", "basis", "reason"]
    return best[names].assign(continuous=best["asset"].isin(logged).to_numpy())


def _due(jobs: pd.DataFrame, slots: Slots, *, start: int, end: int) -> pd.DataFrame:
    """By place: n, interval_hours, basis, and why there is no interval."""
    of = jobs.groupby(PLACE).ngroup().to_numpy()
    places = jobs[PLACE].assign(of=of).drop_duplicates("of").sort_values("of")[PLACE].reset_index(drop=True)
    rank = jobs["basis"].map({"stated": 1, "learned": 2}).fillna(0).groupby(of).max()
    reasons = jobs["reason"].where(jobs["reason"] != "").groupby(of).first().fillna("")
    places = places.assign(basis=rank.map({0: "", 1: "stated", 2: "learned"}).astype("str"), reason=reasons)
    known, counted = (jobs["reason"] == "").to_numpy(), (jobs["kind"] == "interval").to_numpy()
    due = pd.DataFrame({"place": of[slots.code], "due": slots.due, "counted": counted[slots.code]})[known[slots.code]]
    inside = due[(due["due"] >= start) & (due["due"] < end)].drop_duplicates(["place", "due"])
    every = (jobs["every"] / HOUR).where(counted & known).groupby(of).min().reindex(places.index)
    longest = _longest(due[~due["counted"]], start=start, end=end).reindex(places.index)
    longest = np.fmin(longest.to_numpy(float), every.to_numpy(float))
    why = places["reason"].where(places["reason"] != "", TOO_RARE).where(np.isnan(longest), "")
    return places.assign(n=np.bincount(inside["place"], minlength=len(places)), interval_hours=longest, reason=why)


def _longest(due: pd.DataFrame, *, start: int, end: int) -> pd.Series:
    """By place, the longest time [h] between two due times that touches the period."""
    due = due.sort_values(["place", "due"])
    before = due.groupby("place")["due"].shift()
    touches = (due["due"] > start) & (before < end)
    return ((due["due"] - before)[touches] / HOUR).groupby(due["place"]).max()


def _ready(rows: pd.DataFrame) -> pd.DataFrame:
    """By place, from what a backup holds until it was usable [h]: median of each method, the longest of them."""
    rows = rows[rows["usable"].to_numpy(bool) & (rows["direction"] == "exact").to_numpy(bool)]
    rows = rows.assign(location=rows["location"].fillna("not stated"), method=rows["method"].astype("str").fillna(""))
    rows = rows.assign(took=(rows["usable_from_at"] - rows["data_at"]) / pd.Timedelta(hours=1))
    medians = rows.groupby([*PLACE, "method"])["took"].median()
    return medians.groupby(level=[0, 1]).max().rename("ready_hours").reset_index()
