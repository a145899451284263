"""How long a restore takes for the size of the data: a censored lognormal law whose median is a power of the size.

log hours = location + exponent · log size + scale · z, fitted by maximum likelihood; what still runs or was called off
is right-censored. Intervals are those of Student's law with as many degrees of freedom as restores have ended less two,
and the scale made free of its bias as for complete observations: without censoring they are the exact ones of linear
regression, with it docs/calibration_restore_size.md says how often they hold.

References
----------
Kutner, M. H., Nachtsheim, C. J., Neter, J. and Li, W. (2005), Applied Linear Statistical Models, section 2.5.
Meeker, W. Q. and Escobar, L. A. (1998), Statistical Methods for Reliability Data, chapters 12 and 17.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import CONFIDENCE, Fits, fit_lifetimes, observations

FEWEST_RESTORES = 5
LARGEST_EXTRAPOLATION = 2.0
_SECOND = 1 / 3600
_SAME = 1e-6  # sizes that differ by a smaller share are one
ONE_SIZE = "all restores were of one size"


@dataclass(frozen=True, eq=False)
class SizeLaws:
    """The law of each group.

    Attributes
    ----------
    centre : ndarray, shape (groups,)
        Mean of the logarithms of size [log byte].
    coefficients : ndarray, shape (groups, 2)
        Median of the logarithm of hours at the centre, and the exponent; NaN without a law.
    scale : ndarray, shape (groups,)
        Deviation of the logarithm of hours, free of bias.
    covariance : ndarray, shape (groups, 2, 2)
        Of the coefficients.
    freedom : ndarray, shape (groups,)
        Degrees of freedom.
    smallest, largest : ndarray, shape (groups,)
        Sizes seen [byte].
    n, n_censored : ndarray of int64, shape (groups,)
    reason : ndarray of object, shape (groups,)
        Why there is no law; None where there is one.
    """

    centre: np.ndarray
    coefficients: np.ndarray
    scale: np.ndarray
    covariance: np.ndarray
    freedom: np.ndarray
    smallest: np.ndarray
    largest: np.ndarray
    n: np.ndarray
    n_censored: np.ndarray
    reason: np.ndarray


def fit_restore_size(restores: pd.DataFrame, *, groups: int) -> SizeLaws:
    """The law of restore time by size, of each group with at least five restores that have ended.

    Parameters
    ----------
    restores : DataFrame
        Columns group (from 0), size_bytes, hours [h], censored; a restore of 0 h took up to a second.
    groups : int
    """
    group, hours = restores["group"].to_numpy(np.int64), restores["hours"].to_numpy(float)
    ended, size = ~restores["censored"].to_numpy(bool), np.log(restores["size_bytes"].to_numpy(float))
    n = np.bincount(group, minlength=groups)
    centre = np.bincount(group, weights=size, minlength=groups) / np.maximum(n, 1)
    counted = np.bincount(group, weights=ended, minlength=groups).astype(np.int64)
    away = size - centre[group]
    smallest, largest = _range(group, restores["size_bytes"].to_numpy(float), groups)
    varied = (largest > smallest * (1 + _SAME)) & (counted >= FEWEST_RESTORES)
    take = varied[group]
    zero = hours == 0
    lower, upper = np.where(zero, 0.0, hours), np.where(ended, np.where(zero, _SECOND, hours), np.inf)
    seen = observations(lower[take], upper[take], group=group[take], groups=groups, covariates=away[take, None])
    fits = fit_lifetimes(seen, "lognormal")
    freedom = np.where(varied, counted - 2.0, np.nan)
    inflation = counted / np.where(freedom > 0, freedom, np.nan)
    return SizeLaws(
        centre=np.where(n > 0, centre, np.nan),
        coefficients=fits.coefficients,
        scale=fits.scale * np.sqrt(inflation),
        covariance=_covariance(fits, groups) * inflation[:, None, None],
        freedom=freedom,
        smallest=smallest,
        largest=largest,
        n=n,
        n_censored=n - counted,
        reason=_reasons(counted, varied, fits),
    )


def exponent(laws: SizeLaws, *, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """How restore time grows with size: 0 not at all, 1 in proportion; columns estimate, low, high per group."""
    estimate, error = laws.coefficients[:, 1], np.sqrt(laws.covariance[:, 1, 1])
    half = _student(laws, confidence) * error
    return pd.DataFrame({"estimate": estimate, "low": estimate - half, "high": estimate + half})


def predict_restore(
    laws: SizeLaws, size_bytes, *, within_hours=np.nan, group=None, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """What the laws say for some size.

    Parameters
    ----------
    laws : SizeLaws
    size_bytes : array of float, shape (n,)
        [byte]
    within_hours : array of float, shape (n,), optional
        Hours allowed [h].
    group : array of int, shape (n,), optional
        Whose law each asks; by default one size per group, in order.
    confidence : float

    Returns
    -------
    DataFrame
        extrapolation (size over the largest restored); median_hours with low and high; prediction_low,
        prediction_high (between which the next restore falls); p90_hours (that of the fitted law); chance that the
        next one takes at most the hours allowed. Null without a law, and for more than twice the largest size
        restored or less than half the smallest: that far, one exponent more or less makes a factor of two, about what
        an interval is wide anyway; beyond it the straight line is a guess.
    """
    from scipy.special import ndtri, stdtr

    group = np.arange(len(laws.n)) if group is None else np.asarray(group, dtype=np.int64)
    size = np.broadcast_to(np.asarray(size_bytes, dtype=float), group.shape)
    at = np.stack([np.ones(len(size)), np.log(size) - laws.centre[group]], axis=1)
    location = (laws.coefficients[group] * at).sum(axis=1)
    error2 = np.einsum("gi,gij,gj->g", at, laws.covariance[group], at)
    scale, freedom, t = laws.scale[group], laws.freedom[group], _student(laws, confidence)[group]
    spread = np.sqrt(scale**2 + error2)
    found = {
        "median_hours": location,
        "low": location - t * np.sqrt(error2),
        "high": location + t * np.sqrt(error2),
        "prediction_low": location - t * spread,
        "prediction_high": location + t * spread,
        "p90_hours": location + ndtri(0.9) * scale,
    }
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        hours = {name: np.exp(value) for name, value in found.items()}
        z = (np.log(np.asarray(within_hours, dtype=float)) - location) / spread
        chance = np.where(np.isnan(z), np.nan, stdtr(np.nan_to_num(freedom, nan=1.0), np.nan_to_num(z)))
        extrapolation = size / laws.largest[group]
        near = (extrapolation <= LARGEST_EXTRAPOLATION) & (size * LARGEST_EXTRAPOLATION >= laws.smallest[group])
    table = {name: np.where(near, values, np.nan) for name, values in (hours | {"chance": chance}).items()}
    return pd.DataFrame({"extrapolation": extrapolation} | table)


def _student(laws: SizeLaws, confidence: float) -> np.ndarray:
    from scipy.special import stdtrit

    return np.where(laws.freedom > 0, stdtrit(np.nan_to_num(laws.freedom, nan=1.0), (1 + confidence) / 2), np.nan)


def _covariance(fits: Fits, groups: int) -> np.ndarray:
    """Of the coefficients, from the curvature of the likelihood at its maximum."""
    found = np.full((groups, 2, 2), np.nan)
    for numbers, _, top in fits.parts:
        last = top.theta[:, -1]
        slope = np.zeros((len(last), 2, 3))
        slope[:, [0, 1], [0, 1]] = -1 / last[:, None]
        slope[:, :, 2] = top.theta[:, :2] / last[:, None] ** 2
        found[numbers] = slope @ np.linalg.solve(-top.hessian, slope.transpose(0, 2, 1))
    return found


def _range(group: np.ndarray, values: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.full(groups, np.inf), np.full(groups, -np.inf)
    np.minimum.at(low, group, values)
    np.maximum.at(high, group, values)
    none = np.isinf(low)
    return np.where(none, np.nan, low), np.where(none, np.nan, high)


def _reasons(counted: np.ndarray, varied: np.ndarray, fits: Fits) -> np.ndarray:
    few = np.array([f"needs at least {FEWEST_RESTORES} restores of known size, had {c}" for c in counted], dtype=object)
    short = counted < FEWEST_RESTORES
    return np.where(short, few, np.where(~varied, ONE_SIZE, fits.reason))
