"""Recovery-point exposure: how old the newest usable recovery point was at each moment, exactly.

The age L(t) = t - max{d_i : backup i usable at t} is piecewise linear, of slope 1 (or 0 while logs are shipped as they
grow). It is kept as pieces: from when, until when, and the moment held. No sampling, no grid, no loop over backups.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import Intervals, clip, difference, intervals, union
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.measurements.recovery_points import RecoveryPoints, inverse, measure_recovery_points

STATES = ("unprotected", "protected", "unknown")
MARKS = ["backup_id", "point_assumed", "run_time_missing", "direction"]


def measure_exposure(usable: pd.DataFrame, coverage: pd.DataFrame, *, start, end) -> pd.DataFrame:
    """Exposure of every asset in [start, end).

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`.
    coverage : DataFrame
        Result of `measure_backup_coverage`.
    start, end : pandas.Timestamp
        The window, in UTC.

    Returns
    -------
    DataFrame
        Without gap or overlap, in the order of asset and time: asset, from_at, until_at, state (protected, unprotected
        or unknown), data_at (the moment held; `until_at` at least while logs are shipped as they grow, which is age 0),
        proven (false where only a listing of survivors vouches), then, of the backup that holds it: backup_id,
        point_assumed, run_time_missing, direction (exact, lower bound, unknown).
    """
    assets = pd.Index(sorted({*usable["asset"].dropna().unique(), *coverage["asset"].unique()}), dtype="str")
    low, high = (int(to_microseconds([m])[0]) for m in (start, end))
    rows = usable[usable["usable"]].reset_index(drop=True)
    points = measure_recovery_points(rows, assets, low=low, high=high)
    order = np.argsort(points.data, kind="stable")
    steps, which, proven = _steps(points, order, coverage, assets=assets, window=(low, max(low, high)))
    state = np.where(which < 0, 0, np.where(which < len(order), 1, 2))
    order = np.append(order, len(order))
    source = np.where(state == 1, order[np.where(state == 1, which, 0)], len(points.data))
    held = np.append(points.data, UNKNOWN)[source]
    row, streaming = np.append(points.row, -1)[source], np.append(points.streaming, False)[source]
    by_log = np.append(points.by_log, False)[source]
    marks = rows[MARKS].reindex(row).reset_index(drop=True)
    pieces = pd.DataFrame({"asset": assets.take(steps.group), "start": steps.start, "end": steps.end, "held": held})
    pieces = pieces.assign(state=pd.array(STATES, dtype="str").take(state), proven=proven, streaming=streaming)
    return _finish(pd.concat([pieces, _marked(marks, by_log, streaming)], axis=1))


def _steps(points: RecoveryPoints, order: np.ndarray, coverage: pd.DataFrame, *, assets: pd.Index, window: tuple):
    """Stretches with one and the same newest point: its rank, -1 for none, more than any where nobody was watching."""
    low, high = window
    every = np.arange(len(assets))
    whole = intervals(every, np.full(len(assets), low), np.full(len(assets), high))
    watched, proven = (_stretches(c, assets, whole) for c in (coverage, coverage[coverage["proven"]]))
    dark, n = difference(whole, watched), len(points.data)
    layers = (whole, points.stretches, dark, proven)
    together = intervals(*(np.concatenate([getattr(p, f) for p in layers]) for f in ("group", "start", "end")))
    newest = np.concatenate([np.ones(len(whole)), 2.0 + inverse(order), np.full(len(dark), 2.0 + n)])
    weights = np.zeros((len(together), 2))
    weights[: len(newest), 0], weights[len(newest) :, 1] = newest, 1
    steps, values = highest(together, weights)
    values = values.reshape(len(steps), 2)
    return steps, values[:, 0].astype(np.int64) - 2, values[:, 1] > 0


def _stretches(coverage: pd.DataFrame, assets: pd.Index, whole: Intervals) -> Intervals:
    ends = (to_microseconds(coverage[c]) for c in ("from_at", "until_at"))
    return union(clip(intervals(assets.get_indexer(coverage["asset"]), *ends), whole)[0])


def _marked(marks: pd.DataFrame, by_log: np.ndarray, streaming: np.ndarray) -> pd.DataFrame:
    """What had to be assumed for each piece; a point that logs carry rests on their own end, not on the base's."""
    direction = marks["direction"].fillna("exact").mask(by_log, "exact").mask(streaming, "lower bound")
    flags = {c: marks[c].fillna(False).to_numpy(dtype=bool) & ~by_log for c in ("point_assumed", "run_time_missing")}
    return marks.assign(direction=direction, **flags)


def _finish(pieces: pd.DataFrame) -> pd.DataFrame:
    """The pieces with moments as moments, cut where a growing log ended: up to there the age is 0, then it grows."""
    cut = (pieces["streaming"] & (pieces["held"] > pieces["start"]) & (pieces["held"] < pieces["end"])).to_numpy()
    first = np.cumsum(1 + cut)[cut] - 2
    source = np.repeat(np.arange(len(pieces)), 1 + cut)
    start, end, held = (pieces[c].to_numpy()[source] for c in ("start", "end", "held"))
    end[first] = start[first + 1] = held[first]
    moments = {"from_at": to_moments(start), "until_at": to_moments(end), "data_at": to_moments(held)}
    names = ["asset", "from_at", "until_at", "state", "data_at", "proven", *MARKS]
    return pieces.iloc[source].reset_index(drop=True).assign(**moments)[names]
