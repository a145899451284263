"""The one likelihood of all families, with its first two derivatives, for all groups at once.

With y = log hours less the group's centre, every z is a sum over columns 1, x₁ … x_k, y times parameters θ, the last of
which is 1 / scale and the first minus location / scale. So parametrised the logarithm of the likelihood has one maximum
at most, without delayed entry, in all families here: their densities are log-concave.

References
----------
Burridge, J. (1981), A note on maximum likelihood estimation for regression models using grouped data, JRSS B 43.
Prékopa, A. (1973), On logarithmic concave measures and functions, Acta Scientiarum Mathematicarum 34.
"""

from dataclasses import dataclass

import numpy as np

from continuity_analysis.models.lifetimes.families import Family
from continuity_analysis.models.lifetimes.observations import Observations

Columns = tuple[np.ndarray | None, ...]  # None: a column of ones


@dataclass(frozen=True, eq=False)
class _Rows:
    """Observations of one kind: `group` has the groups among them, `count` how many of each, one after the other."""

    group: np.ndarray
    count: np.ndarray
    columns: Columns
    until: Columns | None
    weight: np.ndarray | None

    @property
    def first(self) -> np.ndarray:
        return np.cumsum(self.count) - self.count

    def sums(self, values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, self.first)

    def take(self, groups: np.ndarray, new: np.ndarray) -> "_Rows":
        """The rows of some groups, which get new numbers."""
        some = np.isin(self.group, groups, assume_unique=True)
        rows = np.repeat(some, self.count)
        columns, until = (
            None if cs is None else tuple(None if c is None else c[rows] for c in cs)
            for cs in (self.columns, self.until)
        )
        weight = None if self.weight is None else self.weight[rows]
        return _Rows(new[self.group[some]], self.count[some], columns, until, weight)


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The observations of some groups as the likelihood of a family needs them.

    Attributes
    ----------
    family : Family
    exact, lasting, entered, between : _Rows
        Durations known exactly, right-censored, those that came under observation late, interval-censored.
    centre : ndarray, shape (groups,)
        Subtracted from the logarithms of hours.
    n_exact, constant : ndarray, shape (groups,)
        Weight of those known exactly, and what the units of hours add to the logarithm of the likelihood.
    squares : ndarray, shape (groups, columns, columns), or None
        Sums of products of columns over `exact`, in their place where the family is quadratic.
    """

    family: Family
    exact: _Rows
    lasting: _Rows
    entered: _Rows
    between: _Rows
    centre: np.ndarray
    n_exact: np.ndarray
    constant: np.ndarray
    squares: np.ndarray | None

    @property
    def columns(self) -> int:
        """How many parameters there are."""
        return len(self.exact.columns)

    def take(self, groups: np.ndarray) -> "Likelihood":
        """The likelihood of some of the groups, in their order."""
        new = np.full(len(self.centre), -1)
        new[groups] = np.arange(len(groups))
        kinds = (kind.take(groups, new) for kind in (self.exact, self.lasting, self.entered, self.between))
        squares = None if self.squares is None else self.squares[groups]
        return Likelihood(
            self.family, *kinds, self.centre[groups], self.n_exact[groups], self.constant[groups], squares
        )

    def evaluate(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Logarithm of the likelihood, its gradient and its Hessian.

        Parameters
        ----------
        theta : ndarray, shape (groups, columns)

        Returns
        -------
        ndarray, shape (groups,), ndarray, shape (groups, columns), ndarray, shape (groups, columns, columns)
            The first is not a number, or minus infinity, where θ is not possible.
        """
        last = theta[:, -1]
        with np.errstate(all="ignore"):
            value = self.constant + self.n_exact * np.log(last)
            gradient, hessian = np.zeros_like(theta), np.zeros((*theta.shape, theta.shape[1]))
            gradient[:, -1], hessian[:, -1, -1] = self.n_exact / last, -self.n_exact / last**2
            total = value, gradient, hessian
            if self.squares is not None:
                slope = np.einsum("gij,gj->gi", self.squares, theta)
                value -= (theta * slope).sum(axis=1) / 2
                gradient -= slope
                hessian -= self.squares
            else:
                _add(total, self.exact, theta, self.family.density)
            _add(total, self.lasting, theta, self.family.survival)
            _add(total, self.entered, theta, self.family.survival, sign=-1)
            _add_between(total, self.between, theta, self.family)
        return total


def likelihood(seen: Observations, family: Family) -> Likelihood:
    """The likelihood of observations, of which none that is known exactly is 0."""
    known, ended = seen.lower == seen.upper, np.isfinite(seen.upper)
    between, late = ended & ~known, None if seen.entry is None else seen.entry > 0
    with np.errstate(divide="ignore"):
        middle = np.log(np.where(between, (seen.lower + seen.upper) / 2, seen.lower))
    count = np.maximum(seen.n, 1)
    some = np.isfinite(middle)
    centre = np.bincount(seen.group, weights=np.where(some, middle, 0.0), minlength=seen.groups) / count
    weight = np.ones(1) if seen.weight is None else seen.weight

    def rows(which, hours, until=None):
        which = np.zeros(len(seen.group), dtype=bool) if which is None else which
        of = _select(seen.group, which)
        numbers = np.bincount(of, minlength=seen.groups)
        group = np.flatnonzero(numbers)
        shared = () if seen.covariates is None else tuple(_select(x, which) for x in seen.covariates.T)
        sides = [_logarithms(_select(h, which), centre[of]) if h is not None else None for h in (hours, until)]
        columns = [None if side is None else (None, *shared, side) for side in sides]
        return _Rows(group, numbers[group], *columns, None if seen.weight is None else _select(seen.weight, which))

    exact = rows(known, seen.lower)
    per_group = lambda values: np.bincount(seen.group, weights=values * weight, minlength=seen.groups)  # noqa: E731
    n_exact = per_group(known.astype(float))
    constant = -per_group(np.where(known & some, middle, 0.0))
    squares = None
    if family.quadratic:
        squares = _squares(exact, seen.groups)
        constant -= n_exact * np.log(2 * np.pi) / 2
    return Likelihood(
        family,
        exact,
        rows(~ended & (seen.lower > 0), seen.lower),
        rows(late, seen.entry),
        rows(between, seen.lower, seen.upper),
        centre,
        n_exact,
        constant,
        squares,
    )


def _select(values: np.ndarray, which: np.ndarray) -> np.ndarray:
    return values if which.all() else values[which]


def _logarithms(hours: np.ndarray, centre: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(hours) - centre


def _squares(rows: _Rows, groups: int) -> np.ndarray:
    k = len(rows.columns)
    squares = np.zeros((groups, k, k))
    ones = np.ones(rows.count.sum()) if rows.weight is None else rows.weight
    for i in range(k):
        weighted = _times(ones, rows.columns[i])
        for j in range(i + 1):
            squares[rows.group, i, j] = squares[rows.group, j, i] = rows.sums(_times(weighted, rows.columns[j]))
    return squares


def _times(values: np.ndarray, column: np.ndarray | None) -> np.ndarray:
    return values if column is None else values * column


def _z(theta: np.ndarray, columns: Columns, count: np.ndarray) -> np.ndarray:
    each = (t if len(count) == 1 else np.repeat(t, count) for t in theta.T)
    first, *others = (_times(t, c) for t, c in zip(each, columns, strict=True))
    z = others.pop()
    z += first
    for other in others:
        z += other
    return z


def _add(total, rows: _Rows, theta: np.ndarray, law, *, sign: int = 1) -> None:
    """Add what rows with one z each contribute."""
    if not len(rows.group):
        return
    value, gradient, hessian = total
    g = rows.group
    terms, d1, d2 = law(_z(theta[g], rows.columns, rows.count))
    weight = rows.weight if sign == 1 or rows.weight is None else sign * rows.weight
    if weight is not None:
        terms, d1, d2 = terms * weight, d1 * weight, d2 * weight
    sign = sign if weight is None else 1
    value[g] += sign * rows.sums(terms)
    for i, column in enumerate(rows.columns):
        gradient[g, i] += sign * rows.sums(_times(d1, column))
        curved = _times(d2, column)
        for j in range(i + 1):
            here = sign * rows.sums(_times(curved, rows.columns[j]))
            hessian[g, i, j] += here
            if j < i:
                hessian[g, j, i] += here


def _add_between(total, rows: _Rows, theta: np.ndarray, family: Family) -> None:
    """Add what interval-censored rows contribute: log(S(a) - S(b))."""
    if not len(rows.group):
        return
    value, gradient, hessian = total
    g, from_zero = rows.group, np.isneginf(rows.columns[-1])
    lower = (*rows.columns[:-1], np.where(from_zero, 0.0, rows.columns[-1]))
    a, b = (_z(theta[g], columns, rows.count) for columns in (lower, rows.until))
    log_s_a = np.where(from_zero, 0.0, family.survival(a)[0])
    log_p = log_s_a + np.log(-np.expm1(family.survival(b)[0] - log_s_a))
    (log_f_a, slope_a, _), (log_f_b, slope_b, _) = family.density(a), family.density(b)
    p_a = np.where(from_zero, 0.0, np.exp(log_f_a - log_p))
    p_b = np.exp(log_f_b - log_p)
    w = 1.0 if rows.weight is None else rows.weight
    of_a, of_b = -p_a * w, p_b * w
    twice_a, twice_b, crossed = -p_a * (slope_a + p_a) * w, p_b * (slope_b - p_b) * w, p_a * p_b * w
    value[g] += rows.sums(log_p * w)
    for i in range(len(lower)):
        gradient[g, i] += rows.sums(_times(of_a, lower[i]) + _times(of_b, rows.until[i]))
        for j in range(i + 1):
            here = _times(_times(twice_a, lower[i]), lower[j]) + _times(_times(twice_b, rows.until[i]), rows.until[j])
            here = here + _times(_times(crossed, lower[i]), rows.until[j])
            here = rows.sums(here + _times(_times(crossed, rows.until[i]), lower[j]))
            hessian[g, i, j] += here
            if j < i:
                hessian[g, j, i] += here
