"""What observations of one kind add to the logarithm of the likelihood and its derivatives."""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.models.lifetimes.families import Family
from continuity_analysis.models.lifetimes.observations import Observations

Columns = tuple[np.ndarray | None, ...]  # None: a column of ones


@dataclass(frozen=True, eq=False)
class Rows:
    """Observations of one kind.

    Attributes
    ----------
    group, count : ndarray of int64, shape (groups among them,)
        The groups, and how many rows of each there are, one after the other.
    columns, until : tuple of ndarray or None, each of shape (rows,)
        What θ is multiplied by; of the lower and the upper limit where they lie between two.
    weight : ndarray, shape (rows,), or None
    """

    group: np.ndarray
    count: np.ndarray
    columns: Columns = ()
    until: Columns = ()
    weight: np.ndarray | None = None

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sums over the rows of each group."""
        return np.add.reduceat(values, np.cumsum(self.count) - self.count)

    def take(self, groups: np.ndarray, new: np.ndarray) -> "Rows":
        """The rows of some groups, which get new numbers."""
        some = new[self.group] >= 0
        rows = np.repeat(some, self.count)
        columns, until = (tuple(None if c is None else c[rows] for c in cs) for cs in (self.columns, self.until))
        return Rows(
            new[self.group[some]], self.count[some], columns, until, None if self.weight is None else self.weight[rows]
        )


def select_rows(seen: Observations, which, columns: Columns = (), until: Columns = (), weight=None) -> Rows:
    """Those of the observations that are of a kind."""
    if which is None or not which.any():
        return Rows(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    if which.all():
        return Rows(np.arange(seen.groups), seen.n, columns, until, weight)
    numbers = seen.sums(which.astype(np.int64))
    group = np.flatnonzero(numbers)
    columns, until = (tuple(None if c is None else c[which] for c in cs) for cs in (columns, until))
    return Rows(group, numbers[group], columns, until, None if weight is None else weight[which])


def times(values: np.ndarray, column: np.ndarray | None) -> np.ndarray:
    """Values times a column."""
    return values if column is None else values * column


def add_survival(total, rows: Rows, theta: np.ndarray, family: Family) -> None:
    """Add the logarithm of the share that survives each, times its weight."""
    if not len(rows.group):
        return
    value, gradient, hessian = total
    g = rows.group
    terms, first, second = family.survival(_z(theta[g], rows.columns, rows.count))
    if rows.weight is not None:
        same = terms is first is second
        terms = terms * rows.weight
        first, second = (terms, terms) if same else (first * rows.weight, second * rows.weight)
    slopes = [rows.sums(times(first, column)) for column in rows.columns]
    value[g] += slopes[0] if terms is first else rows.sums(terms)
    for i, column in enumerate(rows.columns):
        gradient[g, i] += slopes[i]
        curved = times(second, column)
        for j in range(i + 1):
            here = slopes[i] if second is first and j == 0 else rows.sums(times(curved, rows.columns[j]))
            hessian[g, i, j] += here
            if j < i:
                hessian[g, j, i] += here


def add_between(total, rows: Rows, theta: np.ndarray, family: Family) -> None:
    """Add the logarithm of the share that ends between two limits."""
    if not len(rows.group):
        return
    value, gradient, hessian = total
    g, from_zero = rows.group, np.isneginf(rows.columns[-1])
    lower, upper = (*rows.columns[:-1], np.where(from_zero, 0.0, rows.columns[-1])), rows.until
    a, b = (_z(theta[g], columns, rows.count) for columns in (lower, upper))
    log_s_a = np.where(from_zero, 0.0, family.survival(a)[0])
    log_p = log_s_a + np.log(-np.expm1(family.survival(b)[0] - log_s_a))
    (log_f_a, slope_a, _), (log_f_b, slope_b, _) = family.density(a), family.density(b)
    p_a, p_b = np.where(from_zero, 0.0, np.exp(log_f_a - log_p)), np.exp(log_f_b - log_p)
    w = 1.0 if rows.weight is None else rows.weight
    of_a, of_b = -p_a * w, p_b * w
    twice_a, twice_b, crossed = -p_a * (slope_a + p_a) * w, p_b * (slope_b - p_b) * w, p_a * p_b * w
    value[g] += rows.sums(log_p * w)
    for i in range(len(lower)):
        gradient[g, i] += rows.sums(times(of_a, lower[i]) + times(of_b, upper[i]))
        for j in range(i + 1):
            here = times(times(twice_a, lower[i]), lower[j]) + times(times(twice_b, upper[i]), upper[j])
            here = here + times(times(crossed, lower[i]), upper[j]) + times(times(crossed, upper[i]), lower[j])
            here = rows.sums(here)
            hessian[g, i, j] += here
            if j < i:
                hessian[g, j, i] += here


def _z(theta: np.ndarray, columns: Columns, count: np.ndarray) -> np.ndarray:
    each = (t if len(count) == 1 else np.repeat(t, count) for t in theta.T)
    first, *others = (times(t, c) for t, c in zip(each, columns, strict=True))
    z = others.pop()
    z += first
    for other in others:
        z += other
    return z
