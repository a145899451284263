"""Do missed runs come one by one, or in strings?

References
----------
Wald, A. and Wolfowitz, J. (1940), On a test whether two samples are from the same population, Annals of Mathematical
Statistics 11.
"""

import numpy as np


def chance_of_so_few_strings(due, misses, strings) -> np.ndarray:
    """How likely so few unbroken strings, or fewer, are where the misses fall anywhere among the due runs.

    The number of strings of k misses among n is hypergeometric: n - k + 1 places between the others, k of n drawn.

    Examples
    --------
    >>> chance_of_so_few_strings([10], [2], [1]).round(4)  # 9 neighbours among 45 pairs
    array([0.2])
    """
    n, k, c = (np.asarray(x, dtype=np.int64) for x in (due, misses, strings))
    row = np.repeat(np.arange(len(c)), c)
    several = np.arange(1, len(row) + 1) - np.repeat(np.cumsum(c) - c, c)
    ways = _log_binomial(k[row] - 1, several - 1) + _log_binomial((n - k)[row] + 1, several)
    chance = np.exp(ways - _log_binomial(n, k)[row])
    return np.where(k > 0, np.minimum(np.bincount(row, chance, len(c)), 1.0), 1.0)


def _log_binomial(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    from scipy.special import gammaln

    with np.errstate(invalid="ignore"):
        ways = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
    return np.where((k >= 0) & (k <= n), ways, -np.inf)
