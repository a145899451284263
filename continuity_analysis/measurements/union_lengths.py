"""How long the union of each group's intervals is, without building it: down time, say, where nothing else is asked.

With the starts and the ends of a group sorted apart, nothing is open between the k-th end and the next start wherever
that start lies beyond it. The union is as long as the time from the first start to the last end, less these gaps.
"""

import numpy as np

from continuity_analysis.measurements.intervals import Intervals, lengths, union
from continuity_analysis.measurements.line import chunks, in_order, line_of


def union_lengths(x: Intervals, groups: int, *, start, end) -> np.ndarray:
    """Length of each group's union within [start, end).

    Parameters
    ----------
    x : Intervals
    groups : int
    start, end : int, or ndarray of int64 of shape (groups,)
        Window of all groups, or of each; `start <= end`.

    Returns
    -------
    ndarray of int64, shape (groups,)
        [us]
    """
    if not len(x):
        return np.zeros(groups, dtype=np.int64)
    few = np.array([x.group.min(), x.group.max()])
    line = line_of(Intervals(few, np.full(2, np.min(start)), np.full(2, np.max(end))))
    if line.moments is not None:
        return lengths(union(_within(x, start, end)), groups)
    starts, ends = np.empty(len(x), dtype=np.int64), np.empty(len(x), dtype=np.int64)
    for rows in chunks(len(x)):
        starts[rows], ends[rows] = line.place(_within(x[rows], start, end))
    return _spans_less_gaps(in_order(starts), in_order(ends), np.bincount(x.group, minlength=groups))


def _within(x: Intervals, start, end) -> Intervals:
    low, high = (side if np.ndim(side) == 0 else np.asarray(side)[x.group] for side in (start, end))
    return Intervals(x.group, np.clip(x.start, low, high), np.clip(x.end, low, high))


def _spans_less_gaps(starts: np.ndarray, ends: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Length per group from positions in order, of which `count` belong to each group; `ends` is overwritten."""
    some = np.flatnonzero(count)
    last = np.cumsum(count[some]) - 1
    first = last - count[some] + 1
    total = np.zeros(len(count), dtype=np.int64)
    total[some] = ends[last] - starts[first]
    gaps = np.subtract(starts[1:], ends[:-1], out=ends[:-1])
    np.maximum(gaps, 0, out=gaps)
    ends[last] = 0
    total[some] -= np.add.reduceat(ends, first)
    return total
