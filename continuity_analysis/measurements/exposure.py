"""Recovery-point exposure: how old the newest usable recovery point was at each moment, exactly.

The age L(t) = t - max{d_i : backup i usable at t} is piecewise linear, of slope 1 (or 0 while logs are shipped as they
grow). It is kept as pieces: from when, until when, and the moment held. No sampling, no grid, no loop over backups.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import Intervals, clip, difference, intervals, union
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.measurements.recovery_points import (
    RecoveryPoints,
    inverse,
    measure_recovery_points,
    outlasted,
)
from continuity_analysis.measurements.text_codes import numbers_in, order_of, words_of

STATES = ("unprotected", "protected", "unknown")
_USED = [
    "asset", "location", "method", "covers_from_at", "data_at", "usable_from_at", "usable_until_at", "streaming",
    "backup_id", "point_assumed", "run_time_missing", "direction",
]  # fmt: skip


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
    rows = usable.loc[usable["usable"].to_numpy(), _USED].reset_index(drop=True)
    points = measure_recovery_points(rows, assets, low=low, high=high)
    order = order_of(points.stretches.group, points.data, unknown=UNKNOWN)
    steps, which, proven = _steps(points, order, coverage, assets=assets, window=(low, max(low, high)))
    state = np.where(which < 0, 0, np.where(which < len(order), 1, 2))
    source = np.where(state == 1, np.append(order, -1)[np.where(state == 1, which, -1)], -1)  # -1: no point
    held, row = np.append(points.data, UNKNOWN)[source], np.append(points.row, -1)[source]
    streaming, by_log = np.append(points.streaming, False)[source], np.append(points.by_log, False)[source]
    cut = streaming & (held > steps.start) & (held < steps.end)
    pieces = {
        "asset": assets.take(steps.group),
        **dict.fromkeys(("from_at", "until_at", "state", "data_at")),
        "state": words_of(STATES, state),
        "data_at": to_moments(held),
        "proven": proven,
        **_marks(rows, row, by_log=by_log, streaming=streaming),
    }
    return _cut(pieces, steps, cut=cut, held=held)


def _steps(points: RecoveryPoints, order: np.ndarray, coverage: pd.DataFrame, *, assets: pd.Index, window: tuple):
    """Stretches with one and the same newest point: its rank, -1 for none, more than any where nobody was watching."""
    low, high = window
    every = np.arange(len(assets))
    whole = intervals(every, np.full(len(assets), low), np.full(len(assets), high))
    watched, proven = (_stretches(c, assets, whole) for c in (coverage, coverage[coverage["proven"]]))
    dark, n = difference(whole, watched), len(points.data)
    rank = inverse(order)
    layers = (whole, outlasted(points.stretches, rank), dark, proven)
    together = intervals(*(np.concatenate([getattr(p, f) for p in layers]) for f in ("group", "start", "end")))
    newest = np.concatenate([np.ones(len(whole)), 2.0 + rank, np.full(len(dark), 2.0 + n)])
    weights = np.zeros((len(together), 2))
    weights[: len(newest), 0], weights[len(newest) :, 1] = newest, 1
    steps, values = highest(together, weights)
    values = values.reshape(len(steps), 2)
    return steps, values[:, 0].astype(np.int64) - 2, values[:, 1] > 0


def _stretches(coverage: pd.DataFrame, assets: pd.Index, whole: Intervals) -> Intervals:
    ends = (to_microseconds(coverage[c]) for c in ("from_at", "until_at"))
    return union(clip(intervals(numbers_in(assets, coverage["asset"]), *ends), whole)[0])


def _marks(rows: pd.DataFrame, row: np.ndarray, *, by_log: np.ndarray, streaming: np.ndarray) -> dict:
    """What had to be assumed for each piece; a point that logs carry rests on their own end, not on the base's."""
    code, known = pd.factorize(rows["direction"])
    words = (*known, "exact", "lower bound")
    which = np.append(code, -1)[row]
    which = np.where((which < 0) | by_log, len(known), which)
    flags = {c: np.append(rows[c].to_numpy(bool), False)[row] & ~by_log for c in ("point_assumed", "run_time_missing")}
    direction = words_of(words, np.where(streaming, len(known) + 1, which))
    return {"backup_id": rows["backup_id"].array.take(row, allow_fill=True), **flags, "direction": direction}


def _cut(pieces: dict, steps: Intervals, *, cut: np.ndarray, held: np.ndarray) -> pd.DataFrame:
    """The pieces with their moments, cut where a growing log ended: up to there the age is 0, then it grows."""
    pieces = pd.DataFrame(pieces | {"from_at": to_moments(steps.start), "until_at": to_moments(steps.end)}, copy=False)
    if not cut.any():
        return pieces
    first = np.cumsum(1 + cut)[cut] - 2
    source = np.repeat(np.arange(len(pieces)), 1 + cut)
    start, end = steps.start[source], steps.end[source]
    end[first] = start[first + 1] = held[cut]
    moments = {"from_at": to_moments(start), "until_at": to_moments(end)}
    return pieces.iloc[source].reset_index(drop=True).assign(**moments)
