"""Which share of the variance lies between services, from the likelihood of the ratio tau / sigma.

References
----------
Self, S. G. and Liang, K.-Y. (1987), Asymptotic properties of maximum likelihood estimators and likelihood ratio tests
under nonstandard conditions, JASA 82 (a limit of 0 is kept where 0 is not ruled out).
"""

import numpy as np

from continuity_analysis.models.lifetimes import CONFIDENCE
from continuity_analysis.models.pooling.ratios import Ratios

_FINE = 8_001


def between_share(found: Ratios) -> dict[str, float]:
    """The most likely deviations between and within services, and the share of the variance that lies between them.

    Parameters
    ----------
    found : Ratios

    Returns
    -------
    dict of str to float
        between_sd and within_sd (tau and sigma; REML), between_share = tau² / (tau² + sigma²), between_low and
        between_high: where the logarithm of the likelihood falls by half the 95 % quantile of χ² with one degree of
        freedom; 0 where it does not fall so far.
    """
    from scipy.special import chdtri

    v = np.linspace(found.v[0], found.v[-1], _FINE)
    loglik = _spline(found, found.loglik)(v)
    top = loglik.argmax()
    inside = np.flatnonzero(loglik >= loglik[top] - chdtri(1, 1 - CONFIDENCE) / 2)
    ratio = np.sinh(v[[top, inside[0], inside[-1]]]) * found.ratio[-1] / np.sinh(found.v[-1])
    precision = np.log((found.share / found.sigma**2).sum(axis=1))
    within = float(np.exp(-_spline(found, precision)(v[top]) / 2))
    share, low, high = ratio**2 / (1 + ratio**2)
    return {"between_sd": float(ratio[0]) * within, "within_sd": within, "between_share": float(share),
            "between_low": float(low), "between_high": float(high)}  # fmt: skip


def _spline(found: Ratios, values: np.ndarray):
    """A cubic through values on the grid, level at a ratio of 0, about which they are even."""
    from scipy.interpolate import CubicSpline

    return CubicSpline(found.v, values, bc_type=((1, 0.0) if found.v[0] == 0 else "not-a-knot", "not-a-knot"))
