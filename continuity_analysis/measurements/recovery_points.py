"""Every recovery point within reach: the stretches of time each backup, and the logs that follow it, could serve."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.intervals import Intervals, intervals
from continuity_analysis.measurements.log_reach import Logs, measure_log_reach
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.measurements.text_codes import is_one_of, numbers_in, order_of


@dataclass(frozen=True, eq=False)
class RecoveryPoints:
    """Recovery points and the stretches of time in which each could be used.

    Attributes
    ----------
    stretches : Intervals
        The group is the asset; they may overlap.
    data : ndarray of int64
        The moment held [us]; ahead of the present moment where a log is shipped while it grows.
    row : ndarray of int64
        The backup, or the base that the log builds on, as row of the usable ones.
    by_log, streaming : ndarray of bool
        Whether logs carry it there, and whether the last of them is shipped while it grows.
    """

    stretches: Intervals
    data: np.ndarray
    row: np.ndarray
    by_log: np.ndarray
    streaming: np.ndarray


def measure_recovery_points(usable: pd.DataFrame, assets: pd.Index, *, low: int, high: int) -> RecoveryPoints:
    """The recovery points within reach in [low, high).

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`, usable rows only, with a plain index.
    assets : Index
        Names of the assets, in the order of their numbers.
    low, high : int
        The window [us].
    """
    group = numbers_in(assets, usable["asset"])
    log = is_one_of(usable["method"], ["log"])
    first, last = to_microseconds(usable["usable_from_at"]), to_microseconds(usable["usable_until_at"])
    there = intervals(group, np.maximum(first, low), np.where(last == UNKNOWN, high, np.minimum(last, high)))
    kept = np.flatnonzero(~log & (there.end > there.start))
    bases, data = there[kept], to_microseconds(usable["data_at"])
    points = RecoveryPoints(bases, data[kept], kept, *np.zeros((2, len(kept)), dtype=bool))
    if not log.any() or not len(bases):
        return points
    newest, value = highest(bases, ranks(points.data) + 1)
    holder = kept[np.argsort(points.data, kind="stable")[value.astype(np.int64) - 1]]
    chunks, asset_of = _chunks(usable[log], group[log])
    reach = measure_log_reach(chunks, newest, points=data[holder], asset_of=asset_of)
    row = holder[reach.base]
    parts = (points.stretches, reach.stretches)
    return RecoveryPoints(
        intervals(*(np.concatenate([getattr(p, f) for p in parts]) for f in ("group", "start", "end"))),
        np.append(points.data, reach.until),
        np.append(points.row, row),
        np.repeat([False, True], [len(kept), len(row)]),
        np.append(points.streaming, reach.streaming),
    )


def outlasted(stretches: Intervals, rank: np.ndarray) -> Intervals:
    """The stretches, each only until one of higher rank begins that ends no sooner and so hides the rest.

    Looked for in the next one of the same group alone, which is where it is as a rule.
    """
    order = order_of(stretches.group, stretches.start, unknown=UNKNOWN)
    x, rank, end = stretches[order], rank[order], stretches.end.copy()
    cut = (x.group[1:] == x.group[:-1]) & (rank[1:] > rank[:-1]) & (x.end[1:] >= x.end[:-1])
    row = order[:-1][cut]
    end[row] = np.minimum(end[row], x.start[1:][cut])
    return Intervals(stretches.group, stretches.start, end)


def ranks(values: np.ndarray) -> np.ndarray:
    """Rank of each value, from 0; equal ones in the order they came."""
    return inverse(np.argsort(values, kind="stable"))


def inverse(order: np.ndarray) -> np.ndarray:
    """The place of each row in an order of all rows."""
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place


def _chunks(logs: pd.DataFrame, group: np.ndarray) -> tuple[Logs, np.ndarray]:
    """Log chunks with the number of their place, and the asset of each place."""
    place, names = pd.MultiIndex.from_arrays([group, logs["location"].fillna("")]).factorize()
    until = to_microseconds(logs["usable_until_at"])
    chunks = Logs(
        place,
        to_microseconds(logs["covers_from_at"]),
        to_microseconds(logs["data_at"]),
        to_microseconds(logs["usable_from_at"]),
        np.where(until == UNKNOWN, np.iinfo(np.int64).max, until),
        logs["streaming"].to_numpy(dtype=bool),
    )
    known = chunks.held_from != UNKNOWN
    chunks = Logs(*(getattr(chunks, f)[known] for f in chunks.__dataclass_fields__))
    return chunks, names.get_level_values(0).to_numpy(dtype=np.int64)
