"""Power-law process (Crow-AMSAA): the expected number of failures up to t is lambda t^beta.

An exponent above 1 says that failures come more often as time goes by, below 1 less often. Intervals are exact, from
pivots; the one that the NIST handbook prints for the mean time between failures at the end is for large samples.

References
----------
Crow, L. H. (1974), Reliability analysis for complex, repairable systems, in Reliability and Biometry, SIAM.
Crow, L. H. (1982), Confidence interval procedures for the Weibull process, Technometrics 24.
MIL-HDBK-189 (1981), app. C (Cramér-von Mises).
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from continuity_analysis.models.failure_times import FailureTimes

CONFIDENCE = 0.95
_SIMULATED, _SIZES = 10_000, np.array([2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 50, 100])
_STEPS, _NODES = 80, 400


def fit_power_law(failures: FailureTimes, *, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Exponent, scale and the mean time between failures at the end, of every group.

    The systems of a group share the exponent, each has a scale of its own. Given how many failures there were, with V
    the sum of ln(end / time) over those that did not end an observation, M of them, 2 beta V is chi-square with 2 M
    degrees of freedom.

    Parameters
    ----------
    failures : FailureTimes
    confidence : float
        Of the two-sided intervals.

    Returns
    -------
    DataFrame
        One row per group: n, beta (maximum likelihood), beta_unbiased (modified maximum likelihood), beta_low,
        beta_high; cramer_von_mises (of the unbiased fit) and fit_p, by simulation. For a group of one system also
        scale (lambda, of maximum likelihood, time in [h]), mtbf_end_hours (1 / intensity at the end, of the unbiased
        fit), mtbf_end_mle_hours, mtbf_end_low, mtbf_end_high. Null where there are too few failures for it.
    """
    from scipy.special import gammaincinv

    inner = ~failures.ends_it
    n, m = failures.count(np.ones(len(inner), dtype=bool)), failures.count(inner)
    v = failures.total(np.log(failures.end[failures.system] / failures.hours), inner)
    v = np.where((m > 0) & (v > 0), v, np.nan)
    unbiased = np.where(m > 1, (m - 1) / v, np.nan)
    tail = (1 - confidence) / 2
    low, high = (gammaincinv(np.maximum(m, 1), q) / v for q in (tail, 1 - tail))
    statistic = _cramer_von_mises(failures, unbiased, inner=inner)
    found = {"n": n, "beta": n / v, "beta_unbiased": unbiased, "beta_low": low, "beta_high": high}
    ends = _at_the_end(failures, n=n, m=m, v=v, unbiased=unbiased, tail=tail)
    fit = {"cramer_von_mises": statistic, "fit_p": _fit_p(statistic, m)}
    return pd.DataFrame(found | ends | fit)


def mtbf_factors(n: np.ndarray, by_failure: np.ndarray, *, tail: float) -> tuple[np.ndarray, np.ndarray]:
    """Limits of the mean time between failures at the end, over its maximum likelihood estimate.

    Time truncated: with z = intensity at the end x its end x V, the number of failures given V has the law
    z^n / (n! (n - 1)!), which depends on z alone (so they are conservative, as Clopper and Pearson's are). Failure
    truncated: n² over the quantiles of the product of a gamma(n) and a gamma(n - 1) variable.

    Parameters
    ----------
    n : ndarray of int, shape (systems,)
        Failures; null below 2.
    by_failure : ndarray of bool, shape (systems,)
        Whether the last failure ended the observation.
    tail : float
        Chance beyond each limit.

    Returns
    -------
    low, high : ndarray of float, shape (systems,)
    """
    low, high = np.full(len(n), np.nan), np.full(len(n), np.nan)
    for truncated, quantile in ((by_failure, _product_quantile), (~by_failure, _count_limit)):
        rows = np.flatnonzero(truncated & (n >= 2))
        if len(rows):
            sizes, which = np.unique(n[rows], return_inverse=True)
            low[rows] = (sizes**2 / quantile(sizes, tail, upper=True))[which]
            high[rows] = (sizes**2 / quantile(sizes, tail, upper=False))[which]
    return low, high


def _at_the_end(failures: FailureTimes, *, n, m, v, unbiased, tail: float) -> dict[str, np.ndarray]:
    alone = np.bincount(failures.group, minlength=failures.groups) == 1
    end = np.full(failures.groups, np.nan)
    end[failures.group] = failures.end
    end = np.where(alone & (n > 0), end, np.nan)
    some = np.maximum(n, 1)
    mle = end * v / some**2
    low, high = mtbf_factors(np.where(alone, n, 0), m < n, tail=tail)
    modified = end / (some * np.where(unbiased > 0, unbiased, np.nan))
    with np.errstate(over="ignore"):  # failures all at the very end: a scale too small for any number
        scale = n / end ** (n / v)
    return {
        "scale": scale,
        "mtbf_end_hours": modified,
        "mtbf_end_mle_hours": mle,
        "mtbf_end_low": mle * low,
        "mtbf_end_high": mle * high,
    }


def _count_limit(n: np.ndarray, tail: float, *, upper: bool) -> np.ndarray:
    """The z at which at most n failures (upper), or at least n, have the chance `tail`."""
    from scipy.special import gammaln

    reach = np.ceil(8 * np.sqrt(n) + 30)
    k = n[:, None] + np.arange(-reach.max(), reach.max() + 1)
    weight = np.where(k >= 1, -gammaln(np.maximum(k, 1) + 1) - gammaln(np.maximum(k, 1)), -np.inf)
    beyond = k <= n[:, None] if upper else k >= n[:, None]

    def chance(log_z):
        terms = weight + k * log_z[:, None]
        terms = np.exp(terms - terms.max(axis=1, keepdims=True))
        return (terms * beyond).sum(axis=1) / terms.sum(axis=1)

    low, high = np.full(len(n), 2 * np.log(tail)), 2 * np.log(n + reach / 2)
    return np.exp(_bisect(lambda x: (chance(x) > tail) == upper, low, high))


def _product_quantile(n: np.ndarray, tail: float, *, upper: bool) -> np.ndarray:
    """Quantile of the product of a gamma(n) and a gamma(n - 1) variable, by trapezoids over the latter's logarithm."""
    from scipy.special import gammainc, gammaincinv, gammaln

    shape = (n - 1)[:, None]
    ends = [np.log(gammaincinv(n - 1, q)) for q in (1e-14, 1 - 1e-14)]
    s = np.linspace(*ends, _NODES, axis=1)
    density = np.exp(shape * s - np.exp(s) - gammaln(shape)) * (s[:, 1:2] - s[:, :1])
    share = 1 - tail if upper else tail
    least, most = (np.log(gammaincinv(n, q)) + e for q, e in zip((1e-14, 1 - 1e-14), ends, strict=True))
    return np.exp(
        _bisect(lambda x: (density * gammainc(n[:, None], np.exp(x[:, None] - s))).sum(axis=1) < share, least, most)
    )


def _bisect(too_low, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    for _ in range(_STEPS):
        middle = (low + high) / 2
        below = too_low(middle)
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def _cramer_von_mises(failures: FailureTimes, beta: np.ndarray, *, inner: np.ndarray) -> np.ndarray:
    """Distance of the transformed times of each group from a uniform law; null below 2 of them."""
    group = failures.group[failures.system[inner]]
    share = (failures.hours / failures.end[failures.system])[inner] ** beta[group]
    order = np.lexsort((share, group))
    group, share = group[order], share[order]
    m = np.bincount(group, minlength=failures.groups)
    rank = np.arange(len(group)) - (np.cumsum(m) - m)[group]
    squares = (share - (2 * rank + 1) / (2 * m[group])) ** 2
    some = np.where(m > 1, m, np.nan)
    return 1 / (12 * some) + np.bincount(group, weights=squares, minlength=failures.groups)


def _fit_p(statistic: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Chance of a distance as large if the law holds; it depends on the number of failures alone, and that weakly."""
    p, nearest = np.full(len(m), np.nan), np.abs(_SIZES - m[:, None]).argmin(axis=1)
    known = ~np.isnan(statistic)
    for size in np.unique(nearest[known]):
        rows = known & (nearest == size)
        drawn = _drawn(int(_SIZES[size]))
        p[rows] = (len(drawn) - np.searchsorted(drawn, statistic[rows]) + 1) / (len(drawn) + 1)
    return p


@lru_cache(maxsize=len(_SIZES))
def _drawn(m: int) -> np.ndarray:
    """Distances of simulated histories of m failures, in order."""
    log = -np.random.default_rng(m).exponential(size=(_SIMULATED, m))
    share = np.sort(np.exp(log * ((m - 1) / -log.sum(axis=1, keepdims=True))), axis=1)
    return np.sort(1 / (12 * m) + ((share - (2 * np.arange(m) + 1) / (2 * m)) ** 2).sum(axis=1))
