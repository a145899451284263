"""Straight lines through the median of all pairwise slopes, with exact rank intervals, of many groups at once.

The interval is distribution-free: the order statistics of the slopes that Kendall's statistic does not reject, by its
exact null law for the number of points.

References
----------
Theil, H. (1950), A rank-invariant method of linear and polynomial regression analysis.
Sen, P. K. (1968), Estimates of the regression coefficient based on Kendall's tau, JASA 63.
Hollander, M. and Wolfe, D. A. (1999), Nonparametric Statistical Methods, 2nd ed., section 9.3.
Kendall, M. G. (1938), A new measure of rank correlation, Biometrika 30 (the null law).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Lines:
    """One line per group; all missing below two points.

    Attributes
    ----------
    slope, low, high : ndarray of float, shape (groups,)
        In units of y per unit of x; the limits are missing where no order statistics hold the confidence.
    tau, p : ndarray of float, shape (groups,)
        Kendall's rank correlation of x and y (tau-a), and its exact two-sided p against no trend.
    n : ndarray of int64, shape (groups,)
        Points.
    """

    slope: np.ndarray
    low: np.ndarray
    high: np.ndarray
    tau: np.ndarray
    p: np.ndarray
    n: np.ndarray


def fit_theil_sen(x: np.ndarray, y: np.ndarray, *, confidence: float = CONFIDENCE) -> Lines:
    """Median slopes with their exact intervals.

    Parameters
    ----------
    x, y : array of float, shape (groups, points)
        Points of each group, missing (NaN) where a group has fewer. Pairs of equal x have no slope; the interval and p
        are exact where no x and no y are equal.
    confidence : float
        Of the two-sided interval, held or exceeded.

    Returns
    -------
    Lines

    Examples
    --------
    Hollander and Wolfe, example 9.1 (cloud seeding):

    >>> line = fit_theil_sen([[1, 2, 3, 4, 5]], [[1.26, 1.27, 1.12, 1.16, 1.03]])
    >>> round(float(line.slope[0]), 4), round(float(line.p[0]), 3)
    (-0.0562, 0.233)
    """
    x, y = np.atleast_2d(np.asarray(x, dtype=float)), np.atleast_2d(np.asarray(y, dtype=float))
    known = ~(np.isnan(x) | np.isnan(y))
    n = known.sum(axis=1)
    i, j = np.triu_indices(x.shape[1], k=1)
    run, rise = x[:, j] - x[:, i], y[:, j] - y[:, i]
    usable = known[:, i] & known[:, j] & (run != 0)
    slopes = np.where(usable, rise / np.where(usable, run, 1.0), np.nan)
    slopes.sort(axis=1)
    count = usable.sum(axis=1)
    score = np.where(usable, np.sign(rise) * np.sign(run), 0.0).sum(axis=1)
    cut = np.array([_rank(int(m), confidence) for m in n], dtype=np.int64)
    cut = np.where(2 * cut <= count, cut, 0)
    middle = (_at(slopes, (count - 1) // 2, count) + _at(slopes, count // 2, count)) / 2
    return Lines(
        slope=middle,
        low=np.where(cut > 0, _at(slopes, cut - 1, count), np.nan),
        high=np.where(cut > 0, _at(slopes, count - cut, count), np.nan),
        tau=np.where(n > 1, score / np.maximum(n * (n - 1) / 2, 1), np.nan),
        p=np.array([_p(int(m), s) for m, s in zip(n, score, strict=True)]),
        n=n,
    )


@lru_cache(maxsize=512)
def kendall_null(n: int) -> np.ndarray:
    """Chance that n points in random order have so many discordant pairs or fewer, for 0, 1, 2, … of them."""
    law = np.ones(1)
    for m in range(2, n + 1):
        law = np.convolve(law, np.full(m, 1 / m))
    return np.cumsum(law)


def _rank(n: int, confidence: float) -> int:
    """The largest k such that the k-th slopes from both ends hold the confidence; 0 where none does."""
    return int((kendall_null(n) <= (1 - confidence) / 2).sum()) if n > 1 else 0


def _p(n: int, score: float) -> float:
    if n < 2:
        return np.nan
    fewer = int((n * (n - 1) / 2 - abs(score)) // 2)
    return float(min(2 * kendall_null(n)[fewer], 1.0))


def _at(values: np.ndarray, rank: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Value of a rank in each row; missing in rows without values."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    return np.where(count > 0, values[np.arange(len(values)), np.clip(rank, 0, values.shape[1] - 1)], np.nan)
