"""Failures of many services in many simulated years: when they begin, and the random numbers that belong to each.

Failures come as a Poisson process. One that would begin while the service is down never happens, which makes up times
exponential. A rate that falls keeps some of the failures and a rate that rises adds to them (thinning and
superposition): those that stay keep their moment and all that belongs to them.

References
----------
Lewis, P. A. W. and Shedler, G. S. (1979), Simulation of nonhomogeneous Poisson processes by thinning, Naval Research
Logistics Quarterly 26.
"""

from dataclasses import dataclass, field

import numpy as np

from continuity_analysis.measurements.intervals import ranges
from continuity_analysis.models.random_streams import stream


@dataclass(frozen=True, eq=False)
class Failures:
    """Failures that may happen, by row and time.

    Attributes
    ----------
    row : ndarray of int64, shape (n,)
        Number of the service times the number of years, plus that of the year.
    start : ndarray, shape (n,)
        Hours since the year's begin [h].
    per_service : ndarray of int64, shape (services,)
        How many each service has.
    keys : list of tuple
        What the random numbers of each service's failures are drawn by.
    marks : ndarray or None
        Of those of a rate that was thinned: below how many times today's rate each happens; None: not yet drawn.
    """

    row: np.ndarray
    start: np.ndarray
    per_service: np.ndarray
    keys: list
    marks: np.ndarray | None = None
    drawn: dict = field(default_factory=dict)

    def variates(self, purpose: str, kind: str = "random") -> np.ndarray:
        """One random number for each failure, always the same ones; `kind` is a method of numpy's generator."""
        if purpose not in self.drawn:
            some = [(key, n) for key, n in zip(self.keys, self.per_service, strict=True) if n]
            parts = [getattr(stream(*key, purpose), kind)(n) for key, n in some]
            self.drawn[purpose] = np.concatenate([np.zeros(0), *parts])
        return self.drawn[purpose]

    def kept(self, rate: np.ndarray, *, years: int, layer: int = 0) -> np.ndarray | None:
        """Which happen when each service fails `rate` times as often; None: all."""
        if (rate == 1).all() and layer == 0:
            return None
        marks = self.variates("mark") if self.marks is None else self.marks
        return marks + layer < rate[self.row // years]


def draw_failures(expected: np.ndarray, *, hours: float, keys: list) -> Failures:
    """Failures of a Poisson process, in order of row and time.

    Given how many there are, their moments are spread like partial sums of exponentials, so nothing is to be sorted.

    Parameters
    ----------
    expected : ndarray, shape (services, years)
        Expected number of failures of each year.
    hours : float
        Length of a year [h].
    keys : list of tuple
        One per service.
    """
    drawn = [_moments(mean, stream(*key, "moments")) for mean, key in zip(expected, keys, strict=True)]
    counts = np.concatenate([np.zeros(0, dtype=np.int64), *(n for n, _ in drawn)])
    start = np.concatenate([np.zeros(0), *(s for _, s in drawn)])
    start *= hours
    per_service = counts.reshape(expected.shape).sum(axis=1)
    return Failures(np.repeat(np.arange(len(counts)), counts), start, per_service, keys)


def _moments(mean: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """How many failures each year has, and when, from 0 to 1."""
    if not mean.any():
        return np.zeros(len(mean), dtype=np.int64), np.zeros(0)
    counts = rng.poisson(mean)
    last = np.cumsum(counts + 1) - 1
    sums = np.cumsum(rng.standard_exponential(last[-1] + 1))
    total = np.diff(sums[last], prepend=0.0)
    inside = np.ones(len(sums), dtype=bool)
    inside[last] = False
    start = sums[inside]
    start -= np.repeat(sums[last] - total, counts)
    start /= np.repeat(total, counts)
    return counts, start


def hits(shocks: Failures, chance: np.ndarray, *, years: int, keys: list, layer: int = 0) -> Failures:
    """Which services something that hits several at once brings down.

    Parameters
    ----------
    shocks : Failures
        Of one row per year.
    chance : ndarray, shape (services, years)
        That a service is hit, at today's rate.
    keys : list of tuple
        One per service.
    layer : int
        Those that happen at between `layer` and `layer` + 1 times today's rate.
    """
    rows, starts, marks = [], [], []
    for number, (share, key) in enumerate(zip(chance, keys, strict=True)):
        if not share.any():
            rows.append(np.zeros(0, dtype=np.int64))
            continue
        with np.errstate(divide="ignore"):
            mark = stream(*key, "hit").random(len(shocks.row)) / share[shocks.row] - layer
        found = (mark >= 0) & (mark < 1)
        rows.append(number * years + shocks.row[found])
        starts.append(shocks.start[found])
        marks.append(mark[found])
    per_service = np.array([len(r) for r in rows])
    row = np.concatenate([np.zeros(0, dtype=np.int64), *rows])
    start, mark = (np.concatenate([np.zeros(0), *parts]) for parts in (starts, marks))
    return Failures(row, start, per_service, [(*k, layer) for k in keys], mark)


def begun_while_up(row: np.ndarray, start: np.ndarray, *, down: np.ndarray) -> np.ndarray:
    """Which failures happen: those that begin while none before them in the same row still lasts.

    Parameters
    ----------
    row, start : ndarray, shape (n,)
        In order.
    down : ndarray
        How long each would last [h].
    """
    end = start + down
    clash = np.flatnonzero((row[1:] == row[:-1]) & (start[1:] < end[:-1]))
    happens = np.ones(len(row), dtype=bool)
    if not len(clash):
        return happens
    rows = np.unique(row[clash])
    at, until = np.searchsorted(row, rows), np.searchsorted(row, rows, side="right")
    number, line = ranges(at, until - at)  # the failures of rows in which some clash, row after row
    happens[line] = False
    span = 2 * start.max() + 1
    key = number * span + start[line]
    until = np.cumsum(until - at)
    first, number = np.append(0, until[:-1]), np.arange(len(rows))
    while len(first):
        happens[line[first]] = True
        up_again = number * span + np.minimum(end[line[first]], 0.999 * span)
        first = np.maximum(np.searchsorted(key, up_again), first + 1)
        on = first < until
        first, until, number = first[on], until[on], number[on]
    return happens
