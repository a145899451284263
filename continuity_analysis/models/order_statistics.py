"""What the values themselves bound, whatever their law: how much the slowest of n covers, and where a quantile lies.

The k-th smallest of n lies above a quantile unless at least k of the n fall below it, which is a binomial chance. So
the slowest of n successes bounds the 0.05^(1/n) quantile with 95 % confidence (n = 5: P54.9, 10: P74.1, 59: P95.0).

References
----------
Wilks, S. S. (1941), Determination of sample sizes for setting tolerance limits, Annals of Mathematical Statistics 12.
David, H. A. and Nagaraja, H. N. (2003), Order Statistics, sections 7.1 and 7.2.
"""

import numpy as np

from continuity_analysis.models.proportions import CONFIDENCE, lower_bound

MOST = 10_000_000


def share_bounded(n, longer=0, *, confidence: float = CONFIDENCE) -> np.ndarray:
    """The share of all durations that are at most as long as the longest of n, one-sided: "at least".

    Parameters
    ----------
    n : array of int
        Durations known.
    longer : array of int
        Others that may have taken longer than all of these: a number fixed beforehand, not the failures among them, of
        which it is not known how many there are to be.

    Returns
    -------
    ndarray of float
        NaN where n is 0.

    Examples
    --------
    >>> [round(100 * float(share_bounded(n)), 1) for n in (5, 10, 59)]
    [54.9, 74.1, 95.0]
    """
    n, longer = np.broadcast_arrays(np.asarray(n, dtype=float), np.asarray(longer, dtype=float))
    return np.where(n > 0, lower_bound(n, n + longer, confidence=confidence), np.nan)


def needed_to_bound(share, *, confidence: float = CONFIDENCE, both_sides: bool = False) -> np.ndarray:
    """How many durations it takes until the longest one, or the shortest and the longest, bound a share of all.

    Parameters
    ----------
    share : array of float
        Below 1; of those that would take more than ten million NaN is returned.
    both_sides : bool
        Whether the share is to lie between the shortest and the longest of them.

    Examples
    --------
    >>> [int(needed_to_bound(p)) for p in (0.9, 0.95, 0.99)], int(needed_to_bound(0.95, both_sides=True))
    ([29, 59, 299], 93)
    """
    share = np.asarray(share, dtype=float)
    low, high = np.zeros(share.shape), np.full(share.shape, float(MOST))
    for _ in range(MOST.bit_length() + 1):  # each further one bounds more: halve the span
        middle = np.floor((low + high) / 2)
        enough = _confidence_in(share, middle, both_sides=both_sides) >= confidence
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(_confidence_in(share, high, both_sides=both_sides) >= confidence, high, np.nan)


def quantile_ranks(n, share: float = 0.5, *, confidence: float = CONFIDENCE) -> tuple[np.ndarray, ...]:
    """Which of n values, in order, bound a quantile from both sides, whatever their law.

    Parameters
    ----------
    n : array of int
    share : float
        0.5 for the median.
    confidence : float
        At least; half of what is missing to 1 on each side.

    Returns
    -------
    low, high : ndarray of float
        Ranks from 1; NaN where even the shortest, or the longest, does not bound it.
    held : ndarray of float
        The chance that it lies between the two, a missing one taken as without limit.

    Examples
    --------
    >>> [float(x.round(4)) for x in quantile_ranks(10)]
    [2.0, 9.0, 0.9785]
    """
    from scipy.stats import binom

    n, tail = np.asarray(n, dtype=float), (1 - confidence) / 2
    low, high = binom.ppf(tail, n, share), binom.ppf(1 - tail, n, share) + 1
    held = binom.cdf(np.minimum(high, n + 1) - 1, n, share) - binom.cdf(low - 1, n, share)
    known = n > 0
    low, high = np.where(known & (low >= 1), low, np.nan), np.where(known & (high <= n), high, np.nan)
    return low, high, np.where(known, held, np.nan)


def _confidence_in(share: np.ndarray, n: np.ndarray, *, both_sides: bool) -> np.ndarray:
    """The chance that the longest of n, or the shortest and the longest, bound a share."""
    none = share**n
    return 1 - none - (n * (share ** np.maximum(n - 1, 0) - none) if both_sides else 0)
