"""Intervals that overlap, for many groups at once: where how many do, and the largest weight among them.

Both look at the elementary segments between all starts and ends; an interval of zero length counts nowhere.
"""

import numpy as np

from continuity_analysis.measurements.intervals import Intervals, Line, line_of, union


def at_least(x: Intervals, needed: np.ndarray) -> Intervals:
    """The moments at which at least `needed[group]` intervals overlap, as disjoint intervals in order."""
    x = x[x.end > x.start]
    if not len(x):
        return x
    line, marks, first, last = _segments(x)
    change = np.bincount(first, minlength=len(marks)) - np.bincount(last, minlength=len(marks))
    pieces = line.read(marks[:-1], marks[1:])
    deep = np.cumsum(change)[:-1] >= np.asarray(needed)[pieces.group]
    return union(pieces[deep])


def highest(x: Intervals, weights: np.ndarray) -> tuple[Intervals, np.ndarray]:
    """The largest weight among what is open at each moment, as a step function.

    Parameters
    ----------
    x : Intervals
    weights : ndarray, shape (n,) or (n, m)
        Not negative; each of the m columns is its own step function.

    Returns
    -------
    steps : Intervals
        Disjoint, in order; neighbours differ; moments at which all weights are zero are left out.
    values : ndarray, shape (steps,) or (steps, m)
    """
    lasting = x.end > x.start
    x, weights = x[lasting], np.asarray(weights, dtype=float)[lasting]
    if not len(x):
        return x, weights
    line, marks, first, last = _segments(x)
    columns = weights[:, None] if weights.ndim == 1 else weights
    values = np.column_stack([_highest_per_segment(first, last, w, len(marks) - 1) for w in columns.T])
    return _merge_equal(line, marks, values, weights.ndim)


def _merge_equal(line: Line, marks: np.ndarray, values: np.ndarray, ndim: int) -> tuple[Intervals, np.ndarray]:
    kept = values.any(axis=1)
    starts, ends, values = marks[:-1][kept], marks[1:][kept], values[kept]
    new = np.append(True, (starts[1:] != ends[:-1]) | (values[1:] != values[:-1]).any(axis=1))[: len(starts)]
    values = values[new]
    return line.read(starts[new], ends[np.append(new[1:], True)[: len(ends)]]), values[:, 0] if ndim == 1 else values


def _highest_per_segment(first: np.ndarray, last: np.ndarray, weight: np.ndarray, n: int) -> np.ndarray:
    """Largest weight per elementary segment, each interval being segments `first` to `last` - 1.

    An interval of length l is two overlapping blocks of 2^k segments, k = floor(log2 l); each block's weight is written
    at its first segment, and blocks are halved from the longest to single segments: n log n steps in all, no loop over
    intervals.
    """
    length = last - first
    power = np.frexp(length.astype(float))[1] - 1
    now = np.zeros(n)
    for k in range(int(power.max()), -1, -1):
        half = 1 << k
        now[half:] = np.maximum(now[half:], now[:-half]) if half < n else now[half:]
        mine = power == k
        np.maximum.at(now, first[mine], weight[mine])
        np.maximum.at(now, last[mine] - half, weight[mine])
    return now


def _segments(x: Intervals) -> tuple[Line, np.ndarray, np.ndarray, np.ndarray]:
    """The line, its marks (all ends of intervals), and between which marks each interval lies."""
    line = line_of(x)
    starts, ends = line.place(x.group, x.start), line.place(x.group, x.end)
    marks = np.sort(np.concatenate([starts, ends]))
    marks = marks[np.append(True, marks[1:] != marks[:-1])]
    return line, marks, np.searchsorted(marks, starts), np.searchsorted(marks, ends)
