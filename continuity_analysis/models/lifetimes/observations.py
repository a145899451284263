"""Durations as what is known of them: exact, at least so long, between two limits, seen only after a while."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Observations:
    """What is known of each duration, in order of groups.

    Attributes
    ----------
    group : ndarray of int64, shape (n,)
        Number of the group of each, from 0, never falling.
    lower, upper : ndarray of float, shape (n,)
        It lies between these [h]; equal where it is known, `upper` infinite where it is right-censored.
    entry : ndarray of float, shape (n,), or None
        How long it had lasted when it came under observation [h]; a shorter one would not have been seen.
    weight : ndarray of float, shape (n,), or None
    covariates : ndarray of float, shape (n, k), or None
    groups : int
    """

    group: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    entry: np.ndarray | None
    weight: np.ndarray | None
    covariates: np.ndarray | None
    groups: int

    @property
    def n(self) -> np.ndarray:
        """How many there are of each group, shape (groups,)."""
        return np.diff(np.searchsorted(self.group, np.arange(self.groups + 1)))

    @property
    def n_events(self) -> np.ndarray:
        """How many of each group have ended, shape (groups,)."""
        return self.sums(np.isfinite(self.upper).astype(np.int64))

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sums over the observations of each group, shape (groups,)."""
        n = self.n
        some = np.flatnonzero(n)
        total = np.zeros(self.groups, dtype=values.dtype)
        if len(some):
            total[some] = np.add.reduceat(values, (np.cumsum(n) - n)[some])
        return total

    def take(self, groups: np.ndarray) -> "Observations":
        """Those of some groups, given in order, which get new numbers."""
        first, last = np.searchsorted(self.group, [groups[0], groups[-1] + 1])
        rows, number = slice(first, last), self.group[first:last] - groups[0]
        if len(groups) <= groups[-1] - groups[0]:  # some between are left out
            new = np.full(groups[-1] - groups[0] + 1, -1)
            new[groups - groups[0]] = np.arange(len(groups))
            number = new[number]
            rows, number = first + np.flatnonzero(number >= 0), number[number >= 0]
        columns = (self.lower, self.upper, self.entry, self.weight, self.covariates)
        return Observations(number, *(None if x is None else x[rows] for x in columns), len(groups))


def observations(lower, upper=None, *, group=None, groups: int | None = None, entry=None, weight=None, covariates=None):
    """Durations put in order.

    Parameters
    ----------
    lower, upper : array of float, shape (n,)
        Between what each duration lies [h]: equal where it is known, `upper` infinite where it is right-censored;
        without `upper` all are known.
    group : array of int, shape (n,), optional
        Number of the group of each, from 0; all are one group otherwise.
    groups : int, optional
        How many groups there are.
    entry : array of float, shape (n,), optional
        How long each had lasted when it came under observation [h]; 0: seen from its start.
    weight : array of float, shape (n,), optional
        How often each counts.
    covariates : array of float, shape (n, k), optional

    Returns
    -------
    Observations

    Raises
    ------
    ValueError
        If limits are missing, negative or in the wrong order, or a duration ended before it came under observation.
    """
    lower = np.asarray(lower, dtype=float)
    upper = lower if upper is None else np.asarray(upper, dtype=float)
    if not ((lower >= 0) & (upper >= lower) & np.isfinite(lower)).all():
        raise ValueError("Expected durations between two limits, known and not negative, the lower one first.")
    group = np.zeros(len(lower), dtype=np.int64) if group is None else np.asarray(group, dtype=np.int64)
    entry, weight = (None if x is None else np.asarray(x, dtype=float) for x in (entry, weight))
    if covariates is not None:
        covariates = np.asarray(covariates, dtype=float)
        covariates = covariates[:, None] if covariates.ndim == 1 else covariates
    if entry is not None and not ((entry >= 0) & (entry <= lower) & ((entry < upper) | (entry == 0))).all():
        raise ValueError("Expected each duration to come under observation before it ended.")
    if weight is not None and not ((weight > 0) & np.isfinite(weight)).all():
        raise ValueError("Expected weights above zero.")
    if covariates is not None and not np.isfinite(covariates).all():
        raise ValueError("Expected covariates that are known.")
    groups = int(groups if groups is not None else group.max(initial=-1) + 1)
    columns = (group, lower, upper, entry, weight, covariates)
    if (np.diff(group) < 0).any():
        order = np.argsort(group, kind="stable")
        columns = (None if x is None else x[order] for x in columns)
    return Observations(*columns, groups)


def limits(hours, ended, *, group=None, resolution=None) -> tuple[np.ndarray, np.ndarray]:
    """Between what recorded durations lie.

    Two timestamps, each cut to a resolution, leave the duration between them anywhere within one resolution of what is
    recorded; of 0, anywhere below it. That is taken into account where it shows: of durations of 0, and of those that
    several of a group have in common.

    Parameters
    ----------
    hours : array of float, shape (n,)
        As recorded, up to the end or to when they were last seen lasting [h].
    ended : array of bool, shape (n,)
    group : array of int, shape (n,), optional
    resolution : array of float, shape (n,), or float, optional
        Of the timestamps [h]; 0 or without it, all that ended are known exactly.

    Returns
    -------
    lower, upper : ndarray of float, shape (n,)

    References
    ----------
    Lindsey, J. C. and Ryan, L. M. (1998), Methods for interval-censored data, Statistics in Medicine 17.
    """
    hours, ended = np.asarray(hours, dtype=float), np.asarray(ended, dtype=bool)
    lower, upper = hours, np.where(ended, hours, np.inf)
    if resolution is None:
        return lower, upper
    width = np.broadcast_to(np.asarray(resolution, dtype=float), hours.shape)
    group = np.zeros(len(hours), dtype=np.int64) if group is None else np.asarray(group, dtype=np.int64)
    coarse = ended & (width > 0) & ((hours == 0) | _repeated(hours, ended, group))
    return np.where(coarse, np.maximum(hours - width, 0), lower), np.where(coarse, hours + width, upper)


def _repeated(hours: np.ndarray, ended: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Whether another duration of the group ended after the same time."""
    order = np.lexsort((hours, ~ended, group))
    same = ended[order][1:] & ended[order][:-1]
    same &= (np.diff(hours[order]) == 0) & (np.diff(group[order]) == 0)
    repeated = np.zeros(len(hours), dtype=bool)
    repeated[order] = np.append(same, False) | np.append(False, same)
    return repeated
