"""How far continuous logs (oplog slices, WAL) carry the newest usable base backup, at each moment.

The data held by the log chunks of one location is cut into cells; a cell is there from when the first chunk that holds
it was finished to when the last of them is gone. From a base whose point lies in a cell, the reach is the end of the
unbroken row of cells that are there. At any moment the newest usable base reaches furthest: whatever an older one
reaches beyond the newer one's point, the newer one reaches as well.
"""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.measurements.intervals import Intervals, intervals
from continuity_analysis.measurements.overlaps import highest

_NEVER = np.iinfo(np.int64).max
_ROOM = 2**52  # weights are exact as floats up to here


@dataclass(frozen=True, eq=False)
class Logs:
    """Log chunks, or the cells they are cut into: the data held, and when it is there.

    Attributes
    ----------
    place : ndarray of int64
        Number of the location of one asset.
    held_from, held_until : ndarray of int64
        First and last moment held [us].
    there_from, there_until : ndarray of int64
        From when to when it can be used [us].
    streaming : ndarray of bool
        True where it is shipped while it grows, so that at each moment it holds everything up to then.
    """

    place: np.ndarray
    held_from: np.ndarray
    held_until: np.ndarray
    there_from: np.ndarray
    there_until: np.ndarray
    streaming: np.ndarray


@dataclass(frozen=True, eq=False)
class Reach:
    """Stretches of time in which logs carry the newest base further than its own point.

    Attributes
    ----------
    stretches : Intervals
        The group is the asset.
    until : ndarray of int64
        The end of the logs that can be used [us]; ahead of the present moment where they are being shipped.
    base : ndarray of int64
        Which of the bases.
    streaming : ndarray of bool
        Whether the last cell reached is shipped while it grows.
    """

    stretches: Intervals
    until: np.ndarray
    base: np.ndarray
    streaming: np.ndarray


def measure_log_reach(chunks: Logs, bases: Intervals, *, points: np.ndarray, asset_of: np.ndarray) -> Reach:
    """How far the logs of each location carry the newest base of its asset.

    Parameters
    ----------
    chunks : Logs
    bases : Intervals
        The newest usable base of each asset at each moment: disjoint, in order; the group is the asset.
    points : ndarray of int64
        The moment that base holds [us].
    asset_of : ndarray of int64
        The asset of each place.
    """
    cells = _cells(chunks)
    if not len(cells.place) or not len(bases):
        return Reach(bases[:0], points[:0], points[:0], np.zeros(0, dtype=bool))
    place, time, base = _events(cells, asset_of, bases)
    first = _at(Intervals(cells.place, cells.held_from, cells.held_until), place, points[base])
    last = _reached(cells, first, time)
    same = (place[1:] == place[:-1]) & (base[1:] == base[:-1]) & (last[1:] == last[:-1])
    place, time, base, last = (a[np.append(True, ~same)[: len(a)]] for a in (place, time, base, last))
    following = np.append(np.where(place[1:] == place[:-1], time[1:], _NEVER), _NEVER)[: len(time)]
    until = np.minimum(following, bases.end[base])
    kept = (last >= 0) & (until > time)
    last, base = last[kept], base[kept]
    stretches = intervals(bases.group[base], time[kept], until[kept])
    return Reach(stretches, cells.held_until[last], base, cells.streaming[last])


def _cells(chunks: Logs) -> Logs:
    """Disjoint stretches of data, in order, each with when it is there."""
    held = intervals(chunks.place, chunks.held_from, chunks.held_until)
    origin = int(chunks.there_from.min(initial=0)) - 1
    end = origin + _ROOM - 1
    early = np.where(chunks.streaming, _ROOM - 1, end - chunks.there_from + 1)
    late = np.minimum(chunks.there_until, end) - origin
    steps, values = highest(held, np.column_stack([early, late, chunks.streaming]))
    streaming, first, last = values[:, 2] > 0, end + 1 - values[:, 0].astype(np.int64), values[:, 1].astype(np.int64)
    there_from = np.where(streaming, steps.start, first)
    there_until = np.where(last + origin == end, _NEVER, last + origin)
    return Logs(steps.group, steps.start, steps.end, there_from, there_until, streaming)


def _events(cells: Logs, asset_of: np.ndarray, bases: Intervals) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Place, moment and newest base wherever the reach may change, in the order of place and moment.

    These are the begins of each base's reign, and the moments within it at which a cell comes or goes.
    """
    places = np.unique(cells.place)
    low = np.searchsorted(bases.group, asset_of[places], "left")
    count = np.searchsorted(bases.group, asset_of[places], "right") - low
    reigns = np.arange(count.sum()) + np.repeat(low - np.cumsum(count) + count, count)
    place = np.concatenate([np.repeat(places, count), cells.place, cells.place])
    changes = np.concatenate([cells.there_from, cells.there_until])
    time = np.concatenate([bases.start[reigns], changes])
    base = np.concatenate([reigns, _at(bases, np.tile(asset_of[cells.place], 2), changes)])
    order = np.lexsort((time, place))
    order = order[base[order] >= 0]
    return place[order], time[order], base[order]


def _at(stretches: Intervals, group: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """Row of the stretch in which each moment lies, -1 where none; the stretches are disjoint and in order."""
    n = len(stretches)
    asked = np.repeat([0, 1], [n, len(moment)])
    order = np.lexsort((asked, np.append(stretches.start, moment), np.append(stretches.group, group)))
    before = np.maximum.accumulate(np.where(order < n, order, -1))
    row = np.empty(n + len(moment), dtype=np.int64)
    row[order] = before
    row = row[n:]
    return np.where((row >= 0) & (stretches.group[row] == group) & (moment < stretches.end[row]), row, -1)


def _reached(cells: Logs, first: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Last cell of the unbroken row from `first` that is there at `time`; -1 where `first` is none or not there.

    The latest begin and the earliest end over blocks of 2^k cells are tabulated; the row is extended by ever smaller
    blocks.
    """
    follows = (cells.place[1:] == cells.place[:-1]) & (cells.held_from[1:] == cells.held_until[:-1])
    latest = [np.append(_NEVER, np.where(follows, cells.there_from[1:], _NEVER))]
    earliest = [cells.there_until]
    while len(latest[-1]) > (half := 1 << (len(latest) - 1)):
        latest.append(np.maximum(latest[-1][:-half], latest[-1][half:]))
        earliest.append(np.minimum(earliest[-1][:-half], earliest[-1][half:]))
    position = first + 1
    for k in range(len(latest) - 1, -1, -1):
        at = np.minimum(position, len(latest[k]) - 1)
        longer = (position == at) & (latest[k][at] <= time) & (time < earliest[k][at])
        position = position + np.where(longer, 1 << k, 0)
    there = (first >= 0) & (cells.there_from[first] <= time) & (time < cells.there_until[first])
    return np.where(there, position - 1, -1)
