"""Interval algebra for many groups at once: union, intersection, difference, complement, clip and lengths.

Intervals are half-open [start, end) in int64 microseconds. The groups are laid end to end on one line, so that each
operation is a sort or two and a few array steps, however many groups there are. Touching intervals merge. An interval
of zero length is an instant: it has no length and no weight; as a first operand it is kept where it lies inside, as a
second operand it is empty.

How many are open at a moment is how many have started less how many have ended by then. So starts and ends are sorted
apart, and where the intervals themselves do not matter nothing keeps track of which start belongs to which end.
"""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.measurements.line import chunks, in_order, line_of

_FIRST, _LAST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Intervals:
    """Intervals of groups.

    Attributes
    ----------
    group : ndarray of int64, shape (n,)
        Number of the group, from 0; there may be gaps.
    start, end : ndarray of int64, shape (n,)
        Microseconds since 1970 in UTC; `start <= end`.
    """

    group: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, rows) -> "Intervals":
        return Intervals(self.group[rows], self.start[rows], self.end[rows])


def intervals(group, start, end) -> Intervals:
    """Intervals from anything array-like; one that would end before it starts becomes an instant at its start."""
    first, last = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
    return Intervals(np.asarray(group, dtype=np.int64), first, np.maximum(first, last))


def union(x: Intervals) -> Intervals:
    """The moments that are in any interval, as disjoint intervals in order; what touches merges."""
    if not len(x):
        return x
    line = line_of(x)
    return Intervals(*line.read(*blocks(*(in_order(side) for side in line.place(x)))))


def blocks(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the blocks of a union start and end, from the positions of all starts and of all ends, each in order.

    After k + 1 intervals have started and as many have ended, nothing is open: a block ends at the k-th end whenever
    the next start lies beyond it. Both arrays are overwritten.
    """
    found = 0
    for rows in chunks(len(starts) - 1):
        mine, following = ends[rows], starts[rows.start + 1 : rows.stop + 1]
        last = np.flatnonzero(mine < following)
        ends[found : found + len(last)] = mine[last]
        starts[found + 1 : found + len(last) + 1] = following[last]
        found += len(last)
    ends[found] = ends[-1]
    found += 1
    if 2 * found < len(starts):  # few blocks do not hold on to the memory of many intervals
        return starts[:found].copy(), ends[:found].copy()
    return starts[:found], ends[:found]


def intersection(x: Intervals, y: Intervals) -> Intervals:
    """The moments that are in both, as disjoint intervals in order."""
    x, y = union(x), union(lasting(y))
    if not len(x) or not len(y):
        return x[:0]
    if (x.start == x.end).any():
        return clip(x, y)[0]
    line = line_of(x, y)
    (starts, ends), (from_y, to_y) = line.place(x), line.place(y)
    return Intervals(*line.read(*_doubled(np.append(starts, from_y), np.append(ends, to_y))))


def difference(x: Intervals, y: Intervals) -> Intervals:
    """The moments that are in `x` and not in `y`, as disjoint intervals in order."""
    x, y = union(x), union(lasting(y))
    if not len(x) or not len(y):
        return x
    if (x.start == x.end).any():
        return remove(x, y)[0]
    line = line_of(x, y)
    (starts, ends), (from_y, to_y) = line.place(x), line.place(y)
    outside = np.append(_FIRST, to_y), np.append(from_y, _LAST)
    return Intervals(*line.read(*_doubled(np.append(starts, outside[0]), np.append(ends, outside[1]))))


def complement(x: Intervals, within: Intervals) -> Intervals:
    """The moments of given windows that are in no interval, as disjoint intervals in order."""
    return difference(within, x)


def lasting(x: Intervals) -> Intervals:
    """The intervals that have a length."""
    longer = x.end > x.start
    return x if longer.all() else x[longer]


def _doubled(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where two are open, at most two ever being so: from the start after the next until the next end."""
    starts, ends = in_order(starts), in_order(ends)
    both = np.flatnonzero(starts[1:] < ends[:-1])
    return starts[both + 1], ends[both]


def clip(x: Intervals, inside: Intervals) -> tuple[Intervals, np.ndarray]:
    """Each interval cut to the moments of `inside`.

    Returns
    -------
    pieces : Intervals
    rows : ndarray of int64
        For each piece, which of `x` it is a piece of.
    """
    inside = union(lasting(inside))
    if not len(x) or not len(inside):
        return x[:0], np.zeros(0, dtype=np.int64)
    line = line_of(x, inside)
    return _cut(x, line, *line.place(inside))


def remove(x: Intervals, outside: Intervals) -> tuple[Intervals, np.ndarray]:
    """Each interval cut to the moments that are not in `outside`; returns as `clip` does."""
    outside = union(lasting(outside))
    if not len(x) or not len(outside):
        return x, np.arange(len(x))
    line = line_of(x, outside)
    starts, ends = line.place(outside)
    return _cut(x, line, np.append(_FIRST, ends), np.append(starts, _LAST))


def lengths(x: Intervals, groups: int) -> np.ndarray:
    """Total length of each group's intervals [us, int64, shape (groups,)]; disjoint ones are expected."""
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, x.group, x.end - x.start)
    return total


def ranges(first: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The whole numbers `first[i]`, `first[i]` + 1, … (`count[i]` of them) for each i, and which i each belongs to.

    Returns
    -------
    rows, numbers : ndarray of int64, shape (sum of count,)
    """
    rows = np.repeat(np.arange(len(count)), count)
    return rows, np.arange(len(rows)) + np.repeat(first - np.cumsum(count) + count, count)


def overlaps(x: Intervals, y: Intervals) -> tuple[np.ndarray, np.ndarray]:
    """Which of `x` overlap which of `y`; `y` is disjoint and in order, and not merged where it touches.

    Returns
    -------
    of_x, of_y : ndarray of int64, shape (pairs,)
    """
    if not len(x) or not len(y):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    line = line_of(x, y)
    return _pairs(*line.place(x), *line.place(y))


def _pairs(first: np.ndarray, last: np.ndarray, starts: np.ndarray, ends: np.ndarray):
    order = np.argsort(first)  # what is looked up in order is found several times faster
    low, count = np.empty_like(order), np.empty_like(order)
    first, last = first[order], last[order]
    low[order] = found = np.searchsorted(ends, first, side="right")
    count[order] = np.searchsorted(starts, np.maximum(last, first + 1), side="left") - found
    return ranges(low, np.maximum(count, 0))


def _cut(x: Intervals, line, starts: np.ndarray, ends: np.ndarray) -> tuple[Intervals, np.ndarray]:
    """`x` cut to disjoint stretches given on the line, in order."""
    first, last = line.place(x)
    rows, which = _pairs(first, last, starts, ends)
    return Intervals(*line.read(np.maximum(first[rows], starts[which]), np.minimum(last[rows], ends[which]))), rows


def last_begun(x: Intervals, moments: Intervals) -> np.ndarray:
    """Row of the last of `x` of its group that had begun by the start of each of `moments`; -1 before all.

    `x` is disjoint and in order. Where nothing of the group had begun, the row is one of a group before it.
    """
    line = line_of(x, moments)
    return np.searchsorted(line.place(x)[0], line.place(moments)[0], side="right") - 1
