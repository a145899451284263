"""Outages of services that run in several zones, and of services together with what they need, in simulated years."""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.measurements.clock import HOUR
from continuity_analysis.measurements.intervals import Intervals, intervals, lasting, ranges, union
from continuity_analysis.measurements.overlaps import at_least


@dataclass(frozen=True, eq=False)
class Outages:
    """Stretches of down time, in order of row and time and disjoint.

    Attributes
    ----------
    row : ndarray of int64
        Number of the service times the number of years, plus that of the year.
    start, down : ndarray
        When each begins and how long it lasts, within its year [h].
    """

    row: np.ndarray
    start: np.ndarray
    down: np.ndarray


def in_zones(zones: list[Outages], common: Outages, *, spare: np.ndarray, failover: np.ndarray) -> Outages:
    """Outages of services of which several zones must fail, unless all fail together.

    Parameters
    ----------
    zones : list of Outages
        Of each zone by itself; the first one serves as long as it is up.
    common : Outages
        Those that hit all zones.
    spare : ndarray of int64, shape (rows,)
        How many zones may be down.
    failover : ndarray, shape (rows,)
        How long it takes until another zone serves in the first one's place [h].
    """
    deep = at_least(_joined([_intervals(z) for z in zones]), spare + 1)
    first = zones[0]
    switching = Outages(first.row, first.start, np.minimum(first.down, failover[first.row]))
    return _outages(union(lasting(_joined([deep, _intervals(common), _intervals(switching)]))))


def together(outages: Outages, needs: np.ndarray, *, years: int, systems: int) -> np.ndarray:
    """Down time of each system in each year [h], shape (systems, years): down when any of its parts is.

    Parameters
    ----------
    outages : Outages
    needs : ndarray of int64, shape (pairs, 2)
        Number of the system, and of a service that is part of it.
    """
    first = np.searchsorted(outages.row, needs[:, 1] * years)
    last = np.searchsorted(outages.row, (needs[:, 1] + 1) * years)
    pair, place = ranges(first, last - first)
    row = needs[pair, 0] * years + outages.row[place] % years
    whole = _outages(union(_intervals(Outages(row, outages.start[place], outages.down[place]))))
    return np.bincount(whole.row, whole.down, systems * years).reshape(systems, years)


def _intervals(x: Outages) -> Intervals:
    start = np.rint(x.start * HOUR).astype(np.int64)
    return intervals(x.row, start, start + np.rint(x.down * HOUR).astype(np.int64))


def _outages(x: Intervals) -> Outages:
    return Outages(x.group, x.start / HOUR, (x.end - x.start) / HOUR)


def _joined(parts: list[Intervals]) -> Intervals:
    return Intervals(*(np.concatenate([getattr(p, f) for p in parts]) for f in ("group", "start", "end")))
