"""One line on which the intervals of all groups lie end to end, so that one sort serves every group."""

from dataclasses import dataclass

import numpy as np

_ROOM = 2**63 - 1
_CHUNK = 2**14


@dataclass(frozen=True, eq=False)
class Line:
    """Positions are `group` times 2^`bits`, plus the moment: groups lie further apart than moments, and never touch.

    Where that would not fit in 64 bits, ranks among all groups and among all moments stand for both.
    """

    origin: int
    bits: int
    groups: np.ndarray | None = None
    moments: np.ndarray | None = None

    def place(self, x) -> tuple[np.ndarray, np.ndarray]:
        """Positions of all starts and of all ends, as arrays of their own."""
        group, start, end = x.group, x.start, x.end
        if self.moments is not None:
            group = np.searchsorted(self.groups, group)
            start, end = np.searchsorted(self.moments, start), np.searchsorted(self.moments, end)
        starts = np.left_shift(group, self.bits, dtype=np.int64)
        ends = starts + end
        starts += start
        return starts, ends

    def group_of(self, position: np.ndarray) -> np.ndarray:
        """Which group each position belongs to."""
        rank = self._rank(position)
        return rank if self.groups is None else self.groups[rank]

    def read(self, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Group, start and end of intervals whose ends have these positions, which are overwritten."""
        group = np.empty_like(start)
        for rows in chunks(len(start)):
            group[rows] = self._rank(start[rows])
            before = group[rows] << self.bits
            start[rows] -= before
            end[rows] -= before
        if self.moments is None:
            return group, start, end
        return self.groups[group], self.moments[start], self.moments[end]

    def _rank(self, position: np.ndarray) -> np.ndarray:
        rank = position - self.origin
        rank >>= self.bits
        return rank


def line_of(*sets) -> Line:
    """The line that holds all groups and moments of some `Intervals`, of which at least one must not be empty."""
    sets = [s for s in sets if len(s)]
    low, high = min(int(s.start.min()) for s in sets), max(int(s.end.max()) for s in sets)
    first, last = min(int(s.group.min()) for s in sets), max(int(s.group.max()) for s in sets)
    bits = (high - low).bit_length()
    if max(high, 0) + (last + 1 << bits) < _ROOM and min(low, 0) + (first << bits) > -_ROOM:
        return Line(low, bits)
    groups = np.unique(np.concatenate([s.group for s in sets]))
    moments = np.unique(np.concatenate([side for s in sets for side in (s.start, s.end)]))
    return Line(0, (len(moments) - 1).bit_length(), groups, moments)


def in_order(positions: np.ndarray) -> np.ndarray:
    """The same array, sorted in place; what is sorted already only costs a look."""
    few = positions[:1000]
    if (few[1:] < few[:-1]).any() or (positions[1:] < positions[:-1]).any():
        positions.sort()
    return positions


def chunks(n: int) -> list[slice]:
    """Slices of n rows, so small that what is worked out from one stays in the processor's cache."""
    return [slice(a, min(a + _CHUNK, n)) for a in range(0, n, _CHUNK)]
