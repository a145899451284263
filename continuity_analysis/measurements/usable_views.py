"""Fewer backups, or other ones: those that are proven, those elsewhere, and replicas beside them.

Each view is the table of usable backups again, so that exposure is measured in one way only. Leaving backups out never
lowers the exposure at any moment: what remains is usable for no longer than before, and builds on what remains alone.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_chains import follow_chains, numbered
from continuity_analysis.measurements.backup_coverage import COLUMNS
from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import Intervals, intersection, intervals
from continuity_analysis.measurements.usable_backups import NEVER

SAMPLES_MISSED = 1
"""A replica counts for so many typical gaps between its samples longer than to the next one due."""


def restrict_usable(usable: pd.DataFrame, kept: np.ndarray, *, start: np.ndarray, reason: str) -> pd.DataFrame:
    """Some of the backups, each from a later moment on; whatever they build on must be among them.

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`, with a plain index.
    kept : ndarray of bool, shape (n,)
    start : ndarray of int64, shape (n,)
        The moment from which each counts at the earliest [us].
    reason : str
        Why one that was usable is so no longer.

    Returns
    -------
    DataFrame
        All rows and columns of `usable`.
    """
    first, last = to_microseconds(usable["usable_from_at"]), to_microseconds(usable["usable_until_at"])
    whole = np.where(last == UNKNOWN, NEVER, last)
    before = usable["usable"].to_numpy(dtype=bool)
    rows = np.flatnonzero(before & np.asarray(kept, dtype=bool))
    chained = follow_chains(
        numbered(usable.iloc[rows].reset_index(drop=True)),
        np.ones(len(rows), dtype=bool),
        start=np.maximum(first, start)[rows],
        end=whole[rows],
    )
    good = chained.usable & (chained.end > chained.start)
    now = np.zeros(len(usable), dtype=bool)
    now[rows] = good
    first[rows[good]], whole[rows[good]] = chained.start[good], chained.end[good]
    return usable.assign(
        usable=now,
        reason=usable["reason"].mask(before & ~now, reason),
        usable_from_at=to_moments(first),
        usable_until_at=to_moments(np.where(whole == NEVER, UNKNOWN, whole)),
    )


def watched_in_both(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The time that both tables of coverage (asset, from_at, until_at, proven) vouch for, proven where both prove."""
    assets = pd.Index(sorted({*first["asset"], *second["asset"]}), dtype="str")
    parts = []
    for proven in (False, True):
        both = intersection(*(_stretches(c[c["proven"]] if proven else c, assets) for c in (first, second)))
        moments = {"from_at": to_moments(both.start), "until_at": to_moments(both.end)}
        parts.append(pd.DataFrame({"asset": assets.take(both.group), **moments, "proven": proven}))
    return pd.concat(parts, ignore_index=True)[COLUMNS].astype({"asset": "str"})


def measure_replica_points(lag: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What replicas held, as rows like those of backups, and the time for which somebody was looking.

    A sample says to which moment the replica had caught up; it goes on holding that until its next sample tells more.
    It is relied upon up to then, and no longer than twice the typical (median) gap between samples of that replica: one
    missed sample does not blind, a second does. A single sample vouches for no time at all.

    Parameters
    ----------
    lag : DataFrame
        Canonical lag; several rows of one sample (one for each service) count once.

    Returns
    -------
    rows : DataFrame
        Columns of `measure_usable_backups`, method "replica".
    coverage : DataFrame
        As of `measure_backup_coverage`.
    """
    rows = lag.dropna(subset=["observed_at", "lag_seconds"]).drop_duplicates(["asset", "replica", "observed_at"])
    rows = rows.sort_values(["asset", "replica", "observed_at"], ignore_index=True)
    following = rows.groupby(["asset", "replica"])["observed_at"].shift(-1)
    gap = following - rows["observed_at"]
    typical = gap.groupby([rows["asset"], rows["replica"]]).transform("median").fillna(pd.Timedelta(0))
    until = rows["observed_at"] + typical * (1 + SAMPLES_MISSED)
    until = until.where(~(following < until), following)
    held = rows["observed_at"] - pd.to_timedelta(rows["lag_seconds"].clip(lower=0), unit="s").dt.round("us")
    nothing = {"parent_id": None, "covers_from_at": held.mask(held.notna()), "ended_by": None}
    flags = {"point_assumed": False, "streaming": False, "run_time_missing": False, "usable": True, "reason": ""}
    points = rows[["product", "asset"]].assign(location=rows["replica"], backup_id=rows["replica"], method="replica")
    points = points.assign(**nothing, **flags, direction="exact", begun_at=rows["observed_at"], data_at=held)
    points = points.assign(usable_from_at=rows["observed_at"], usable_until_at=until)
    seen = {"from_at": rows["observed_at"], "until_at": until, "proven": True}
    return points, rows[["asset"]].assign(**seen)[COLUMNS]


def _stretches(coverage: pd.DataFrame, assets: pd.Index) -> Intervals:
    ends = (to_microseconds(coverage[c]) for c in ("from_at", "until_at"))
    return intervals(assets.get_indexer(coverage["asset"]), *ends)
