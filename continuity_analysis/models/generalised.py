"""The generalised law of a service's failures: what rate and what lognormal down times could have given what was seen.

Each draw is one pair of laws that the observations do not rule out. The rate of n failures in a known up time is a
Gamma(n + 1/2); the mean and the variance of the logarithms of down times have the pivots of Krishnamoorthy and Mathew.
Failures without any length only thin the rate. A down time that is known only to be at least so long is drawn anew from
each law, beyond what is known (data augmentation), until both agree.

Every group's draws depend on its own observations only, and are the same each time.

References
----------
Weerahandi, S. (1993), Generalized confidence intervals, Journal of the American Statistical Association 88.
Krishnamoorthy, K. and Mathew, T. (2003), Inferences on the means of lognormal distributions using generalized p-values
and generalized confidence intervals, Journal of Statistical Planning and Inference 115.
Tanner, M. A. and Wong, W. H. (1987), The calculation of posterior distributions by data augmentation, JASA 82.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

DRAWS = 5_000
SEED = 20_030_115
ROUNDS = 40  # of augmentation


@dataclass(frozen=True, eq=False)
class FailureLaw:
    """Draws of the law of each group's failures.

    Attributes
    ----------
    rate : ndarray, shape (groups, draws)
        Failures with a length per hour of up time [1/h].
    mu, sigma : ndarray, shape (groups, draws)
        Of the logarithm of their down time in hours of full outage.
    left_hours : ndarray, shape (groups, draws)
        What a failure that still lasted at the end has yet to last [h]; 0 where none did.
    """

    rate: np.ndarray
    mu: np.ndarray
    sigma: np.ndarray
    left_hours: np.ndarray

    def rows(self, which: np.ndarray) -> "FailureLaw":
        """The law of some of the groups."""
        return FailureLaw(self.rate[which], self.mu[which], self.sigma[which], self.left_hours[which])

    def mean_down_hours(self) -> np.ndarray:
        """Expected down time of a failure [h]; infinite where a draw's tail is beyond numbers."""
        with np.errstate(over="ignore"):
            return np.exp(self.mu + self.sigma**2 / 2)

    def availability(self) -> np.ndarray:
        """E[up] / (E[up] + E[down])."""
        return 1 / (1 + self.rate * self.mean_down_hours())


def known_lengths(failures: pd.DataFrame, groups: int) -> dict[str, np.ndarray]:
    """Per group: n_known (failures of known length above 0), n_zero (of no length), n_censored, n_different lengths."""
    group, hours = failures["group"].to_numpy(np.int64), failures["down_hours"].to_numpy(float)
    censored = failures["censored"].to_numpy(bool)
    kinds = {"n_known": ~censored & (hours > 0), "n_zero": ~censored & (hours == 0), "n_censored": censored}
    counts = {name: np.bincount(group[rows], minlength=groups) for name, rows in kinds.items()}
    known = kinds["n_known"]
    different = pd.DataFrame({"group": group[known], "hours": hours[known].round(9)}).drop_duplicates()
    return counts | {"n_different": np.bincount(different["group"], minlength=groups)}


def draw_failure_law(failures: pd.DataFrame, up_hours: np.ndarray) -> FailureLaw:
    """Draws of the law of every group.

    Parameters
    ----------
    failures : DataFrame
        Columns group, down_hours, censored, down_at_end; every group needs at least 2 of different known length.
    up_hours : ndarray, shape (groups,)
        Up time in which they happened [h].
    """
    groups, known = len(up_hours), known_lengths(failures, len(up_hours))
    hours, censored = failures["down_hours"].to_numpy(float), failures["censored"].to_numpy(bool)
    counted = censored | (hours > 0)
    n = known["n_known"] + known["n_censored"]
    rate = draw_rates(n, up_hours)
    rows = failures[counted]
    exact = rows[~rows["censored"].astype(bool)]
    sums = _sums(exact["group"].to_numpy(np.int64), np.log(exact["down_hours"].to_numpy(float)), groups)
    mu, sigma = _normal(known["n_known"], *(s[:, None] for s in sums))
    left = np.zeros((groups, DRAWS))
    bounded = rows[rows["censored"].astype(bool)]
    if len(bounded):
        some = np.unique(bounded["group"])
        mu[some], sigma[some], left[some] = _augmented(bounded, n, sums, start=(mu[some], sigma[some]))
    return FailureLaw(rate, mu, sigma, left)


def draw_rates(n: np.ndarray, up_hours) -> np.ndarray:
    """Draws of the rate of `n` failures in so much up time, shape (groups, draws) [1/h]."""
    return _gamma(n, shape=n + 0.5, what=1) / np.asarray(up_hours, dtype=float)[:, None]


def _normal(n: np.ndarray, total: np.ndarray, squares: np.ndarray, *, pivots=None) -> tuple[np.ndarray, np.ndarray]:
    """Draws of mean and deviation of a normal law from n, sum and sum of squares (the last two per draw, or one)."""
    gamma, z = pivots or _pivots(n)
    size = n[:, None]
    sigma = np.sqrt(np.maximum(squares - total**2 / size, 0) / (2 * gamma))
    return total / size + sigma * z / np.sqrt(size), sigma


def _pivots(n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draws of half the chi-square of n - 1, and of the standard normal law."""
    from scipy.special import ndtri

    return _gamma(n, shape=(n - 1) / 2, what=2), ndtri(_evenly(3))


def _augmented(bounded: pd.DataFrame, n: np.ndarray, sums, *, start) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws for the groups that have down times with a lower bound, and what such a one has yet to last."""
    from scipy.special import ndtr, ndtri

    some, group = np.unique(bounded["group"].to_numpy(np.int64), return_inverse=True)
    least = bounded["down_hours"].to_numpy(float)[:, None]
    bound = np.log(np.where(least > 0, least, 1e-300))
    place = bounded.groupby("group").cumcount().to_numpy()
    rng, (gamma, z) = np.random.default_rng([SEED, 4]), _pivots(n[some])
    (mu, sigma), (total, squares) = start, (s[some][:, None] for s in sums)
    for number in range(1, ROUNDS + 1):
        u = 1 - rng.random((place.max() + 1, DRAWS))[place]
        beyond = ndtr((mu[group] - bound) / sigma[group])
        drawn = np.maximum(mu[group] - sigma[group] * ndtri(np.maximum(beyond * u, 1e-300)), bound)
        more = [np.zeros((len(some), DRAWS)) for _ in range(2)]
        np.add.at(more[0], group, drawn)
        np.add.at(more[1], group, drawn**2)
        pivots = np.roll(gamma, 7 * number, axis=1), np.roll(z, 13 * number)
        mu, sigma = _normal(n[some], total + more[0], squares + more[1], pivots=pivots)
    left = np.zeros((len(some), DRAWS))
    now = bounded["down_at_end"].to_numpy(bool)
    with np.errstate(over="ignore"):
        np.maximum.at(left, group[now], np.exp(drawn[now]) - least[now])
    return mu, sigma, left


def _sums(group: np.ndarray, values: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.bincount(group, weights=w, minlength=groups) for w in (values, values**2))


def _gamma(n: np.ndarray, *, shape: np.ndarray, what: int) -> np.ndarray:
    """Draws of a standard gamma law per group; groups of equal counts share theirs."""
    from scipy.special import gammaincinv

    counts, first, inverse = np.unique(n, return_index=True, return_inverse=True)
    return gammaincinv(shape[first][:, None], _evenly(what)).reshape(len(counts), DRAWS)[inverse]


def _evenly(what: int) -> np.ndarray:
    """One number from each of equal parts of [0, 1], in an order of its own, so that quantiles hardly vary."""
    rng = np.random.default_rng([SEED, what])
    return (rng.permutation(DRAWS) + rng.random(DRAWS)) / DRAWS
