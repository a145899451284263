"""Laws of which the logarithm of a duration has a location and a scale: exponential, Weibull, lognormal, log-logistic.

With z = (log hours - location) / scale: a Weibull's characteristic life is exp(location) and its shape 1 / scale; the
exponential is the Weibull with scale 1; location and scale of a lognormal are those of the logarithms; the median of a
log-logistic is exp(location) and its shape 1 / scale.

References
----------
Meeker, W. Q. and Escobar, L. A. (1998), Statistical Methods for Reliability Data, chapters 4 and 5.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_LOG_ROOT_TWO_PI = 0.9189385332046727
_FAR = 1_000.0
Three = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Family:
    """A law of z.

    Attributes
    ----------
    name : str
    density, survival : callable
        Of z: the logarithm of the density, or of the share that survives z, with its first two derivatives.
    standard_quantile : callable
        The z below which a share lies.
    log_mean : callable
        Of the scale: the logarithm of the mean duration less the location, with its first two derivatives; infinite
        where there is no mean.
    moments : tuple of float
        Mean and standard deviation of z.
    scale : float or None
        Where it is the same for all.
    mean_below : float
        The scale from which on there is no mean.
    power : int or None
        Where the density is exp(z) times this power of the share that survives; else it is the normal one.
    """

    name: str
    density: Callable[[np.ndarray], Three]
    survival: Callable[[np.ndarray], Three]
    standard_quantile: Callable[[np.ndarray], np.ndarray]
    log_mean: Callable[[np.ndarray], Three]
    moments: tuple[float, float]
    scale: float | None = None
    mean_below: float = np.inf
    power: int | None = None


def _extreme_density(z: np.ndarray) -> Three:
    w = np.exp(z)
    return z - w, 1 - w, -w


def _extreme_survival(z: np.ndarray) -> Three:
    w = -np.exp(z)
    return w, w, w


def _extreme_quantile(share: np.ndarray) -> np.ndarray:
    return np.log(-np.log1p(-np.asarray(share, dtype=float)))


def _extreme_log_mean(scale: np.ndarray) -> Three:
    from scipy.special import gammaln, polygamma, psi

    x = 1 + np.maximum(scale, 0)
    # polygamma takes very long far out, where its series is exact
    far = 1 / x + 1 / (2 * x**2) + 1 / (6 * x**3) - 1 / (30 * x**5)
    return gammaln(x), psi(x), np.where(x > _FAR, far, polygamma(1, np.minimum(x, _FAR)))


def _normal_density(z: np.ndarray) -> Three:
    return -z * z / 2 - _LOG_ROOT_TWO_PI, -z, np.full_like(z, -1.0)


def _normal_survival(z: np.ndarray) -> Three:
    from scipy.special import log_ndtr

    log = log_ndtr(-z)
    hazard = np.exp(-z * z / 2 - _LOG_ROOT_TWO_PI - log)
    return log, -hazard, -hazard * (hazard - z)


def _normal_quantile(share: np.ndarray) -> np.ndarray:
    from scipy.special import ndtri

    return ndtri(np.asarray(share, dtype=float))


def _normal_log_mean(scale: np.ndarray) -> Three:
    return scale**2 / 2, scale, np.ones_like(scale)


def _logistic_density(z: np.ndarray) -> Three:
    log, d1, d2 = _logistic_survival(z)
    return z + 2 * log, 1 + 2 * d1, 2 * d2


def _logistic_survival(z: np.ndarray) -> Three:
    e = np.exp(-np.abs(z))
    ended = np.where(z >= 0, 1.0, e) / (1 + e)
    return -np.maximum(z, 0) - np.log1p(e), -ended, -e / (1 + e) ** 2


def _logistic_quantile(share: np.ndarray) -> np.ndarray:
    from scipy.special import logit

    return logit(np.asarray(share, dtype=float))


def _logistic_log_mean(scale: np.ndarray) -> Three:
    angle = np.pi * np.where(scale < 1, scale, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(angle > 0, np.log(angle / np.sin(angle)), 0.0)
        d1 = np.pi * (1 / angle - 1 / np.tan(angle))
        d2 = np.pi**2 * (1 / np.sin(angle) ** 2 - 1 / angle**2)
    return tuple(np.where(scale < 1, x, np.inf) for x in (value, d1, d2))


_EXTREME = (_extreme_density, _extreme_survival, _extreme_quantile, _extreme_log_mean, (-0.5772156649015329, 1.2825498))
FAMILIES = {
    f.name: f
    for f in (
        Family("exponential", *_EXTREME, power=1, scale=1.0),
        Family("weibull", *_EXTREME, power=1),
        Family("lognormal", _normal_density, _normal_survival, _normal_quantile, _normal_log_mean, (0.0, 1.0),),
        Family("loglogistic", _logistic_density, _logistic_survival, _logistic_quantile, _logistic_log_mean,
               (0.0, 1.8137994),
               power=2, mean_below=1.0),
    )
}  # fmt: skip
