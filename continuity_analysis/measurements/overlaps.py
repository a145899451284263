"""Intervals that overlap, for many groups at once: where how many do, and the largest weight among them.

An interval of zero length counts nowhere.
"""

import numpy as np

from continuity_analysis.measurements.intervals import Intervals, blocks, lasting
from continuity_analysis.measurements.line import Line, in_order, line_of


def at_least(x: Intervals, needed: np.ndarray) -> Intervals:
    """The moments at which at least `needed[group]` intervals overlap, as disjoint intervals in order.

    Where m are needed, m are open from the (k + m)-th start until the (k + 1)-th end, for every k for which that start
    comes first; these stretches are in order of their starts and of their ends.

    Raises
    ------
    ValueError
        If a group that has intervals needs fewer than one.
    """
    x = lasting(x)
    if not len(x):
        return x
    line = line_of(x)
    starts, ends = (in_order(side) for side in line.place(x))
    more = np.asarray(needed, dtype=np.int64)[line.group_of(ends)] - 1
    if more.min() < 0:
        raise ValueError(f"expected every group to need at least 1 interval, got {more.min() + 1}")
    beyond = np.iinfo(np.int64).max
    from_start = np.append(starts, beyond).take(np.arange(len(starts)) + more, mode="clip")
    deep = from_start < ends
    if not deep.any():
        return x[:0]
    return Intervals(*line.read(*blocks(from_start[deep], ends[deep])))


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
    longer = x.end > x.start
    x, weights = x[longer], np.asarray(weights, dtype=float)[longer]
    if not len(x):
        return x, weights
    line, columns = line_of(x), np.ascontiguousarray(np.atleast_2d(weights.T))
    marks, rank = _marks(np.concatenate(line.place(x)))
    first, last = rank[: len(x)], rank[len(x) :]
    alike, which = _different(columns)
    values = _highest_per_segment(first, last, columns[alike], len(marks) - 1)
    steps, values = _merge_equal(line, marks, values)
    return steps, values[which[0]] if weights.ndim == 1 else values[which].T


def _marks(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different places, in order, and which of them each place is; quick where long runs are in order already."""
    order = np.argsort(places, kind="stable")
    places = places[order]
    new = np.append(True, places[1:] != places[:-1])
    rank = np.empty_like(order)
    rank[order] = np.cumsum(new) - 1
    return places[new], rank


def _different(columns: np.ndarray) -> tuple[list[int], list[int]]:
    """Columns that differ from all before them, and which of these each column equals."""
    different, which = [], []
    for c, column in enumerate(columns):
        same = (i for i, d in enumerate(different) if np.array_equal(column, columns[d]))
        which.append(next(same, len(different)))
        different += [c] * (which[-1] == len(different))
    return different, which


def _merge_equal(line: Line, marks: np.ndarray, values: np.ndarray) -> tuple[Intervals, np.ndarray]:
    kept = values.any(axis=0)
    starts, ends, values = marks[:-1][kept], marks[1:][kept], values[:, kept]
    new = np.append(True, (starts[1:] != ends[:-1]) | (values[:, 1:] != values[:, :-1]).any(axis=0))[: len(starts)]
    return Intervals(*line.read(starts[new], ends[np.append(new[1:], True)[: len(ends)]])), values[:, new]


def _highest_per_segment(first: np.ndarray, last: np.ndarray, columns: np.ndarray, n: int) -> np.ndarray:
    """Largest weight per column and elementary segment, each interval being segments `first` to `last` - 1.

    An interval of length l is two overlapping blocks of 2^k segments, k = floor(log2 l); each block's weight is written
    at its first segment, and blocks are halved from the longest to single segments: n log n steps in all, no loop over
    intervals.
    """
    power = (np.frexp((last - first).astype(float))[1] - 1).astype(np.int8)
    order = np.argsort(power, kind="stable")
    limits = np.searchsorted(power[order], np.arange(power.max() + 2))
    rows_of = np.split(order, limits[1:-1])
    now = np.zeros((len(columns), n))
    for k in range(len(rows_of) - 1, -1, -1):
        rows, half = rows_of[k], 1 << k
        here, there = first[rows], last[rows] - half
        for weight, largest in zip(columns, now, strict=True):
            if half < n:
                np.maximum(largest[half:], largest[:-half].copy(), out=largest[half:])
            mine = weight[rows]
            np.maximum.at(largest, here, mine)
            np.maximum.at(largest, there, mine)
    return now
