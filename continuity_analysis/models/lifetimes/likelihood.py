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
from continuity_analysis.models.lifetimes.likelihood_rows import Rows, add_between, add_survival, select_rows, times
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
    between = ended & ~known
    with np.errstate(divide="ignore"):
        log = np.log(seen.lower)
    middle = (
        np.where(between, np.log(np.where(between, (seen.lower + seen.upper) / 2, 1.0)), log) if between.any() else log
    )
    if (seen.lower == 0).any():
        middle = np.where(np.isfinite(middle), middle, 0.0)
    centre = seen.sums(middle) / seen.n
    of = np.repeat(centre, seen.n)
    y = middle - of
    shared = () if seen.covariates is None else tuple(seen.covariates.T)
    columns = (None, *shared, y)
    exact = known.astype(float) if seen.weight is None else known * seen.weight
    n_exact = seen.sums(exact)
    linear, squares = np.zeros((seen.groups, len(columns))), None
    constant = -seen.sums(times(exact, middle))
    if family.power is not None:
        linear = np.stack([seen.sums(times(exact, c)) for c in columns], axis=1)
    else:
        products = [[seen.sums(times(times(exact, a), b)) for a in columns] for b in columns]
        squares = np.moveaxis(np.array(products), 2, 0)
        constant -= n_exact * np.log(2 * np.pi) / 2
    lasting = ~ended & (seen.lower > 0)
    weight = seen.weight
    if family.power is not None:
        lasting |= known
        if family.power != 1:
            power = np.where(known, float(family.power), 1.0)
            weight = power if weight is None else power * weight
    entry = None
    if seen.entry is not None:
        late = seen.entry > 0
        minus = -np.ones(len(late)) if seen.weight is None else -seen.weight
        entry = (late, minus, np.log(np.where(late, seen.entry, 1.0)) - of)
    ends = np.log(np.where(between, seen.upper, 1.0)) - of if between.any() else None
    starts = log - of if between.any() else None
    return Likelihood(
        family,
        select_rows(seen, lasting, columns, weight=weight),
        select_rows(seen, None)
        if entry is None
        else select_rows(seen, entry[0], (None, *shared, entry[2]), weight=entry[1]),
        select_rows(
            seen, between if ends is not None else None, (None, *shared, starts), (None, *shared, ends), seen.weight
        ),
        centre,
        np.sqrt(seen.sums(y * y) / seen.n),
        n_exact,
        constant,
        linear,
        squares,
    )
