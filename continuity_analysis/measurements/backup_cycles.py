"""Backup cycles: each backup that became usable, with the runs after it that gave none, until the next usable one.

A failed run counts as one that gave none. So does a run that was due and left no trace: where two runs lie k times the
usual interval apart, k - 1 were missed. The usual interval of an asset is the median one; after runs of one hour of the
week it is longer where in eight weeks or more hardly ever (in one of five) another came sooner: nothing is missed on
a weekend on which nothing is due. Only time in which it is proven that no run was overlooked counts: a gap in a single
listing may be retention thinning.

This is not the schedule of backup health (`models.backup_schedules`, by `models.schedule_grids`, or as stated), which
says when the runs of one job are due, by the clock, and holds each run against its due time; it needs regular times and
says nothing without them. Here the law of the gaps between all backups of one asset is sought, by whatever job and
however irregular, from which to draw gaps to come; the usual interval only parts a gap into runs. So misses counted
here (those of an asset, failed ones among them) are not those of backup health (due times of a job that no run served).
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import Intervals, intervals, overlaps, union

SAME_HOUR_WEEKS = 8
_SOONER = 0.2
COLUMNS = (
    "asset", "stretch", "begun_at", "run_hours", "held_hours", "interval_hours", "missed", "missed_hours",
    "waited_hours", "complete", "direction",
)  # fmt: skip


def measure_backup_cycles(usable: pd.DataFrame, coverage: pd.DataFrame, *, timezone: str = "UTC") -> pd.DataFrame:
    """The backup cycles of every asset; log chunks are no cycles.

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`.
    coverage : DataFrame
        Result of `measure_backup_coverage`; only what is proven counts.
    timezone : str
        IANA zone by whose clock runs are scheduled.

    Returns
    -------
    DataFrame
        One row per cycle, in the order of asset and time: asset; stretch (number of the stretch of proven time);
        begun_at; run_hours (from begun to usable); held_hours (from begun to the moment whose data it holds);
        interval_hours (from begun to when the next run was due); missed (runs that gave no backup after it);
        missed_hours (how long they took up); waited_hours (from begun to the end of the cycle, or of the stretch where
        it is not `complete`: no usable one followed) [h]; direction (of its run time: exact, lower bound, unknown).
    """
    assets = pd.Index(sorted(set(usable["asset"].dropna())), dtype="str")
    runs = _runs(usable, assets)
    proven = coverage[coverage["proven"].astype(bool)]
    ends = (to_microseconds(proven[c]) for c in ("from_at", "until_at"))
    watched = union(intervals(assets.get_indexer(proven["asset"]), *ends))
    watched = watched[watched.group >= 0]
    runs = _within(runs, watched)
    if runs.empty:
        return _named(runs.reindex(columns=["group", *COLUMNS]), assets)
    usual = _usual_intervals(runs, timezone)
    until = watched.end[runs["stretch"]]
    last = (runs["stretch"] != runs["stretch"].shift(-1)).to_numpy()
    gap = np.where(last, until, np.roll(runs["begun"].to_numpy(), -1)) - runs["begun"].to_numpy()
    slots = np.where(last, np.floor(gap / usual - 0.5), np.rint(gap / usual) - 1)
    untraced = np.maximum(slots, 0).astype(np.int64)
    return _named(_cycles(runs, gap, untraced=untraced, last=last), assets)


def _runs(usable: pd.DataFrame, assets: pd.Index) -> pd.DataFrame:
    """Every run begun [us]; copies of one run are one, usable from its first copy on."""
    rows = usable[(usable["method"] != "log").fillna(True) & ~usable["reason"].isin(["running", "no time known"])]
    times = {name: to_microseconds(rows[f"{name}_at"]) for name in ("begun", "usable_from", "data")}
    good = rows["usable"].to_numpy(dtype=bool) | (rows["reason"] == "deleted").to_numpy(dtype=bool)
    runs = pd.DataFrame({"group": assets.get_indexer(rows["asset"]), "good": good, **times})
    runs = runs.assign(direction=rows["direction"].to_numpy())
    runs = runs[(runs["group"] >= 0) & (runs["begun"] != UNKNOWN)].assign(bad=lambda r: ~r["good"])
    runs = runs.sort_values(["group", "begun", "bad", "usable_from"], kind="stable")
    return runs.drop_duplicates(["group", "begun"], ignore_index=True)


def _within(runs: pd.DataFrame, watched: Intervals) -> pd.DataFrame:
    """Runs within proven stretches, with the number of theirs: usable ones by when they were, others by their begin."""
    moment = np.where(runs["good"], runs["usable_from"], runs["begun"])
    row, stretch = overlaps(intervals(runs["group"], moment, moment), watched)
    kept = runs.iloc[row].assign(stretch=stretch)
    return kept.sort_values(["group", "stretch", "begun"], kind="stable", ignore_index=True)


def _usual_intervals(runs: pd.DataFrame, timezone: str) -> np.ndarray:
    """Until when after each run the next is usually due [us], at least 1."""
    gap = runs["begun"].shift(-1) - runs["begun"]
    gap = gap.where(runs["stretch"] == runs["stretch"].shift(-1))
    usual = gap.groupby(runs["group"]).transform("median")
    local = to_moments(runs["begun"].to_numpy()).tz_convert(timezone) + pd.Timedelta(minutes=30)
    hour_of_week = np.asarray(local.day_of_week * 24 + local.hour)
    weekly = pd.DataFrame({"group": runs["group"], "hour": hour_of_week, "gap": gap}).groupby(["group", "hour"])["gap"]
    sooner = gap.groupby([runs["group"], hour_of_week]).quantile(_SOONER)
    sooner = sooner.reindex(pd.MultiIndex.from_arrays([runs["group"], hour_of_week])).to_numpy()
    often = weekly.transform("count").to_numpy() >= SAME_HOUR_WEEKS
    return np.maximum(np.where(often & (sooner > usual), sooner, usual.fillna(np.inf)), 1)


def _cycles(runs: pd.DataFrame, gap: np.ndarray, *, untraced: np.ndarray, last: np.ndarray) -> pd.DataFrame:
    """Runs joined into cycles: what comes before the first usable one of a stretch belongs to none."""
    good = runs["good"].to_numpy()
    cycle = np.cumsum(good)
    opened = runs["stretch"].where(runs["good"]).ffill() == runs["stretch"]
    parts = pd.DataFrame({"cycle": cycle, "missed": untraced + ~good, "waited": gap, "open": last})[opened.to_numpy()]
    sums = parts.groupby("cycle").agg({"missed": "sum", "waited": "sum", "open": "any"})
    out = runs[good].reset_index(drop=True)
    own, waited = gap[good] / (untraced[good] + 1), sums["waited"].to_numpy()
    open_ = sums["open"].to_numpy(dtype=bool)
    return out.assign(
        begun_at=to_moments(out["begun"].to_numpy()),
        run_hours=(out["usable_from"] - out["begun"]) / HOUR,
        held_hours=(out["data"] - out["begun"]) / HOUR,
        interval_hours=np.where(open_, np.nan, own / HOUR),
        missed=sums["missed"].to_numpy(dtype=np.int64),
        missed_hours=np.where(open_, np.nan, (waited - own) / HOUR),
        waited_hours=waited / HOUR,
        complete=~open_,
    )


def _named(cycles: pd.DataFrame, assets: pd.Index) -> pd.DataFrame:
    group = cycles["group"].to_numpy(dtype=np.int64, na_value=-1)
    return cycles.assign(asset=assets.take(group) if len(group) else pd.array([], dtype="str"))[list(COLUMNS)]
