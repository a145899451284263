"""Interval algebra for many groups at once: union, clip, difference and lengths.

Intervals are half-open [start, end) in int64 microseconds. The groups are laid end to end on one line, so that each
operation is a sort and a few array steps, however many groups there are. Touching intervals merge. An interval of zero
length is an instant: it has no length and no weight; as a first operand it is kept where it lies inside, as a second
operand it is empty.
"""

from dataclasses import dataclass

import numpy as np

_ROOM = 2**62


@dataclass(frozen=True, eq=False)
class Intervals:
    """Intervals of groups.

    Attributes
    ----------
    group : ndarray of int64, shape (n,)
        Number of the group, from 0.
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
    """The moments that are in any interval, as disjoint intervals in order; what touches merges.

    After k + 1 intervals have started and as many have ended, nothing is open: a block ends at the k-th end whenever
    the next start lies beyond it, which needs the starts and the ends sorted apart and nothing else.
    """
    if not len(x):
        return x
    line = line_of(x)
    starts, ends = np.sort(line.place(x.group, x.start)), np.sort(line.place(x.group, x.end))
    last = np.append(ends[:-1] < starts[1:], True)
    return line.read(starts[np.append(True, last[:-1])], ends[last])


def clip(x: Intervals, inside: Intervals) -> tuple[Intervals, np.ndarray]:
    """Each interval cut to the moments of `inside`.

    Returns
    -------
    pieces : Intervals
    rows : ndarray of int64
        For each piece, which of `x` it is a piece of.
    """
    inside = union(inside[inside.end > inside.start])
    if not len(x) or not len(inside):
        return x[:0], np.zeros(0, dtype=np.int64)
    line = line_of(x, inside)
    return _cut(x, line, line.place(inside.group, inside.start), line.place(inside.group, inside.end))


def remove(x: Intervals, outside: Intervals) -> tuple[Intervals, np.ndarray]:
    """Each interval cut to the moments that are not in `outside`; returns as `clip` does."""
    outside = union(outside[outside.end > outside.start])
    if not len(x) or not len(outside):
        return x, np.arange(len(x))
    line = line_of(x, outside)
    starts, ends = line.place(outside.group, outside.start), line.place(outside.group, outside.end)
    return _cut(x, line, np.append(-1, ends), np.append(starts, np.iinfo(np.int64).max))


def intersection(x: Intervals, y: Intervals) -> Intervals:
    """The moments that are in both, as disjoint intervals in order."""
    return clip(union(x), y)[0]


def difference(x: Intervals, y: Intervals) -> Intervals:
    """The moments that are in `x` and not in `y`, as disjoint intervals in order."""
    return remove(union(x), y)[0]


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
    return _pairs(*(line.place(s.group, side) for s in (x, y) for side in (s.start, s.end)))


def _pairs(first: np.ndarray, last: np.ndarray, starts: np.ndarray, ends: np.ndarray):
    low = np.searchsorted(ends, first, side="right")
    high = np.searchsorted(starts, np.maximum(last, first + 1), side="left")
    return ranges(low, np.maximum(high - low, 0))


def _cut(x: Intervals, line: "Line", starts: np.ndarray, ends: np.ndarray) -> tuple[Intervals, np.ndarray]:
    """`x` cut to disjoint stretches given on the line, in order."""
    first, last = line.place(x.group, x.start), line.place(x.group, x.end)
    rows, which = _pairs(first, last, starts, ends)
    return line.read(np.maximum(first[rows], starts[which]), np.minimum(last[rows], ends[which])), rows


@dataclass(frozen=True, eq=False)
class Line:
    """One line on which the groups lie end to end, a step apart, so that they never touch.

    Moments are offsets from `origin`, or ranks among `marks` where the offsets of all groups would not fit in 64 bits.
    """

    origin: int
    stride: int
    marks: np.ndarray | None = None

    def place(self, group: np.ndarray, moment: np.ndarray) -> np.ndarray:
        """Positions on the line."""
        offset = moment - self.origin if self.marks is None else np.searchsorted(self.marks, moment)
        return group * self.stride + offset

    def read(self, start: np.ndarray, end: np.ndarray) -> Intervals:
        """Intervals from the positions of their ends."""
        group = start // self.stride
        first, last = start - group * self.stride, end - group * self.stride
        if self.marks is None:
            return Intervals(group, first + self.origin, last + self.origin)
        # a stretch between groups ends beyond this group's marks; nobody keeps it, but it must be readable
        return Intervals(group, self.marks[first], self.marks[np.minimum(last, self.stride - 1)])


def line_of(*sets: Intervals) -> Line:
    """The line that holds all groups and moments of `sets`, of which at least one must not be empty."""
    groups = 1 + max(int(s.group.max()) for s in sets if len(s))
    low = min(int(s.start.min()) for s in sets if len(s))
    stride = max(int(s.end.max()) for s in sets if len(s)) - low + 1
    if groups * stride < _ROOM:
        return Line(low, stride)
    marks = np.sort(np.concatenate([side for s in sets for side in (s.start, s.end)]))
    marks = marks[np.append(True, marks[1:] != marks[:-1])]
    return Line(0, len(marks), marks)
