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
from continuity_analysis.models.lifetimes.likelihood_rows import (
    Columns,
    Rows,
    add_between,
    add_survival,
    select_rows,
    times,
)
from continuity_analysis.models.lifetimes.observations import Observations


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The observations of some groups as the likelihood of a family needs them.

    Attributes
    ----------
    family : Family
    lasting : Rows
        What enters by the share that survives it: right-censored durations and, in families with a `power`, the others.
    entered, between : Rows
        When durations came under observation late; interval-censored durations.
    centre, spread : ndarray, shape (groups,)
        Mean and deviation of the logarithms of hours, censored ones taken as they are; the first is subtracted.
    n_exact, constant : ndarray, shape (groups,)
        Weight of those known exactly, and what does not depend on θ.
    linear : ndarray, shape (groups, columns)
        Sums of columns over what is known exactly, in families with a `power`.
    squares : ndarray, shape (groups, columns, columns), or None
        Sums of their products over what is known exactly, in the quadratic family.
    """

    family: Family
    lasting: Rows
    entered: Rows
    between: Rows
    centre: np.ndarray
    spread: np.ndarray
    n_exact: np.ndarray
    constant: np.ndarray
    linear: np.ndarray
    squares: np.ndarray | None

    @property
    def columns(self) -> int:
        """How many parameters there are."""
        return self.linear.shape[1]

    def take(self, groups: np.ndarray) -> "Likelihood":
        """The likelihood of some of the groups, in their order."""
        new = np.full(len(self.centre), -1)
        new[groups] = np.arange(len(groups))
        kinds = (kind.take(groups, new) for kind in (self.lasting, self.entered, self.between))
        each = (self.centre, self.spread, self.n_exact, self.constant, self.linear)
        squares = None if self.squares is None else self.squares[groups]
        return Likelihood(self.family, *kinds, *(x[groups] for x in each), squares)

    def evaluate(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Logarithm of the likelihood, its gradient and its Hessian.

        Parameters
        ----------
        theta : ndarray, shape (groups, columns)

        Returns
        -------
        ndarray, shape (groups,), ndarray, shape (groups, columns), ndarray, shape (groups, columns, columns)
            The first is not a number, or infinite, where θ is not possible.
        """
        last = theta[:, -1]
        with np.errstate(all="ignore"):
            value = self.constant + self.n_exact * np.log(last) + (theta * self.linear).sum(axis=1)
            gradient, hessian = self.linear.copy(), np.zeros((*theta.shape, theta.shape[1]))
            gradient[:, -1] += self.n_exact / last
            hessian[:, -1, -1] -= self.n_exact / last**2
            if self.squares is not None:
                slope = np.einsum("gij,gj->gi", self.squares, theta)
                value -= (theta * slope).sum(axis=1) / 2
                gradient -= slope
                hessian -= self.squares
            total = value, gradient, hessian
            add_survival(total, self.lasting, theta, self.family)
            add_survival(total, self.entered, theta, self.family)
            add_between(total, self.between, theta, self.family)
        return total


def likelihood(seen: Observations, family: Family) -> Likelihood:
    """The likelihood of observations, of which each group has some and none that is known exactly is 0."""
    known, ended = seen.lower == seen.upper, np.isfinite(seen.upper)
    middle = _middle(seen, ended & ~known)
    centre = seen.sums(middle) / seen.n
    of = np.repeat(centre, seen.n)
    y = middle - of
    shared = () if seen.covariates is None else tuple(seen.covariates.T)
    columns = (None, *shared, y)
    exact = known.astype(float) if seen.weight is None else known * seen.weight
    n_exact, constant = seen.sums(exact), -seen.sums(exact * middle)
    linear, squares = np.zeros((seen.groups, len(columns))), None
    lasting, weight = ~ended & (seen.lower > 0), seen.weight
    if family.power is None:
        products = [[seen.sums(times(times(exact, a), b)) for a in columns] for b in columns]
        squares = np.moveaxis(np.array(products), 2, 0)
        constant -= n_exact * np.log(2 * np.pi) / 2
    else:
        linear = np.stack([seen.sums(times(exact, c)) for c in columns], axis=1)
        lasting |= known
        if family.power != 1:
            weight = times(np.where(known, float(family.power), 1.0), weight)
    return Likelihood(
        family,
        select_rows(seen, lasting, columns, weight=weight),
        _entered(seen, shared, of),
        _between(seen, ended & ~known, shared, of),
        centre,
        np.sqrt(seen.sums(y * y) / seen.n),
        n_exact,
        constant,
        linear,
        squares,
    )


def _middle(seen: Observations, between: np.ndarray) -> np.ndarray:
    """Logarithms of hours: of the lower limit, or between two limits of the middle; 0 where that is 0 h."""
    hours = np.where(between, (seen.lower + seen.upper) / 2, seen.lower) if between.any() else seen.lower
    some = hours > 0
    return np.log(hours) if some.all() else np.log(np.where(some, hours, 1.0))


def _entered(seen: Observations, shared: Columns, centre: np.ndarray) -> Rows:
    """Late entrants: the share that survives their entry counts minus once."""
    if seen.entry is None:
        return select_rows(seen, None)
    late = seen.entry > 0
    y = np.log(np.where(late, seen.entry, 1.0)) - centre
    return select_rows(seen, late, (None, *shared, y), weight=times(np.full(len(late), -1.0), seen.weight))


def _between(seen: Observations, between: np.ndarray, shared: Columns, centre: np.ndarray) -> Rows:
    if not between.any():
        return select_rows(seen, None)
    with np.errstate(divide="ignore"):
        low, high = (np.log(x) - centre for x in (seen.lower, np.where(between, seen.upper, 1.0)))
    return select_rows(seen, between, (None, *shared, low), (None, *shared, high), seen.weight)
