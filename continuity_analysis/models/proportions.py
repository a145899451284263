"""A chance from how often something came out well: the exact interval, and one that is shorter and holds less often.

Reports print the exact one, whose coverage is at least what it says for every chance and sample size. Wilson's stands
beside it in docs/calibration.md to show what that costs and saves.

References
----------
Clopper, C. J. and Pearson, E. S. (1934), The use of confidence or fiducial limits, Biometrika 26.
Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22.
Brown, L. D., Cai, T. T. and DasGupta, A. (2001), Interval estimation for a binomial proportion, Statistical Science 16.
"""

import numpy as np

CONFIDENCE = 0.95


def clopper_pearson(successes, trials, *, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
    """Exact two-sided interval of a chance.

    Parameters
    ----------
    successes, trials : array of int
        Of no trials nothing is known: NaN.

    Returns
    -------
    low, high : ndarray of float

    Examples
    --------
    >>> [round(float(x), 7) for x in clopper_pearson(18, 20)]
    [0.6830173, 0.9876515]
    """
    k, n = np.broadcast_arrays(np.asarray(successes, dtype=float), np.asarray(trials, dtype=float))
    tail = (1 - confidence) / 2
    low, high = lower_bound(k, n, confidence=1 - tail), 1 - lower_bound(n - k, n, confidence=1 - tail)
    return low, high


def lower_bound(successes, trials, *, confidence: float = CONFIDENCE) -> np.ndarray:
    """Exact one-sided lower bound of a chance; NaN for no trials."""
    from scipy.special import betaincinv

    k, n = np.broadcast_arrays(np.asarray(successes, dtype=float), np.asarray(trials, dtype=float))
    some = k > 0
    bound = betaincinv(np.where(some, k, 1.0), np.where(some, n - k, 0.0) + 1, 1 - confidence)
    return np.where(n > 0, np.where(some, bound, 0.0), np.nan)


def wilson(successes, trials, *, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's (score) interval of a chance, which holds it 95 % of the time on average over chances only.

    Parameters
    ----------
    successes, trials : array of int
        Of no trials nothing is known: NaN.

    Returns
    -------
    low, high : ndarray of float
    """
    from scipy.special import ndtri

    k, n = np.broadcast_arrays(np.asarray(successes, dtype=float), np.asarray(trials, dtype=float))
    n = np.where(n > 0, n, np.nan)
    z = ndtri((1 + confidence) / 2)
    middle, half = k + z**2 / 2, z * np.sqrt(k * (n - k) / n + z**2 / 4)
    return (middle - half) / (n + z**2), (middle + half) / (n + z**2)
