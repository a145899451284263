"""Intervals of what a fitted law says, from the profile of the likelihood, for all groups at once.

A value lies in the interval where the likelihood, maximised with the value held, is not too far below its maximum.
Twice that fall, in logarithms, is on average more than the 1 of its limiting law when few have ended; it is divided by
what it is on average for as many complete lognormal durations (exponential ones for the exponential), as Bartlett
proposed.

References
----------
Bartlett, M. S. (1937), Properties of sufficiency and statistical tests, Proceedings of the Royal Society A 160.
Meeker, W. Q. and Escobar, L. A. (1995), Teaching about approximate confidence regions based on maximum likelihood
estimation, The American Statistician 49.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes.fitting import Fits
from continuity_analysis.models.lifetimes.kaplan_meier import CONFIDENCE
from continuity_analysis.models.lifetimes.likelihood import Likelihood
from continuity_analysis.models.lifetimes.newton import Maxima, maximise
from continuity_analysis.models.lifetimes.quantities import SCALE, Quantity

NO_LIMIT = "the likelihood does not fall enough on that side"
TOO_FEW = "too few have ended for an interval"
NO_MEAN = "a law of so heavy a tail has no mean"
TOO_LARGE = "larger than any number that can be written"
ONE_SCALE = "all laws of the family have the same"
MOST_ROUNDS, MOST_LOST = 40, 6
_CLOSE = 1e-7  # of the signed root of twice the fall of the log-likelihood


def profile_interval(
    fits: Fits, quantity: Quantity, *, confidence: float = CONFIDENCE, corrected: bool = True
) -> pd.DataFrame:
    """A quantity of each fit with its interval.

    Parameters
    ----------
    fits : Fits
    quantity : Quantity
        `LOCATION`, `SCALE`, `MEAN`, `quantile_of_fit(share)` or `coefficient(number)`.
    confidence : float
    corrected : bool
        Whether by Bartlett's factor; without it intervals are those that other programs print, too short for few.

    Returns
    -------
    DataFrame
        One row per group: estimate, low, high ([h] for quantiles and the mean), reason (why any of them is null).
    """
    from scipy.special import chdtri

    table = np.full((3, len(fits.n)), np.nan)
    reason = fits.reason.copy()
    if quantity.is_scale and fits.family.scale is not None:
        table[0] = fits.scale
        return _table(table, np.where(reason == None, ONE_SCALE, reason))  # noqa: E711
    factor = bartlett_factor(fits, quantity) if corrected else np.ones(len(fits.n))
    falls = np.sqrt(chdtri(1, 1 - confidence) * factor)
    for groups, likelihood, top in fits.parts:
        if not len(groups):
            continue
        estimate, error = quantity.estimate(likelihood, top)
        fall = falls[groups]
        low = _limit(likelihood, top, quantity, estimate, error, -fall)
        bounded = np.where(_has_mean(likelihood, top, fall), estimate, np.nan) if quantity.mean else estimate
        high = _limit(likelihood, top, quantity, bounded, error, fall)
        found = np.stack([estimate, low, high]) + quantity.centre(likelihood)
        if quantity.on_hours:
            with np.errstate(over="ignore"):
                found = np.exp(found)
        table[:, groups] = found
        reason[groups[~np.isfinite(found[1:]).all(axis=0)]] = NO_LIMIT
        reason[groups[np.isinf(fall)]] = TOO_FEW
        reason[groups[np.isinf(estimate)]] = NO_MEAN
        reason[groups[np.isfinite(estimate) & np.isinf(found[0])]] = TOO_LARGE
    return _table(np.where(np.isinf(table), np.nan, table), reason)


def bartlett_factor(fits: Fits, quantity: Quantity) -> np.ndarray:
    """How large twice the fall of the log-likelihood is on average at the truth, shape (groups,); infinite if unknown.

    That of as many complete observations as have ended, of lognormal durations (for the exponential: of its own).
    """
    from scipy.special import psi

    n, k = fits.n_events.astype(float), fits.coefficients.shape[1]
    spare = np.where(n > k, n - k, np.nan)
    if fits.family.scale is not None:
        factor = 2 * n * (np.log(np.maximum(n, 1)) - psi(np.maximum(n, 1)))
    elif quantity.is_scale:
        factor = n * (np.log(np.maximum(n, 1) / 2) - psi(spare / 2)) - k
    else:
        factor = n * (psi((spare + 1) / 2) - psi(spare / 2))
    return np.where(np.isnan(factor), np.inf, factor)


def _table(values: np.ndarray, reason: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(("estimate", "low", "high"), values, strict=True))).assign(
        reason=pd.Series(reason, dtype="str")
    )


def _has_mean(likelihood: Likelihood, top: Maxima, fall: np.ndarray) -> np.ndarray:
    """Whether all laws that are not ruled out have a mean."""
    limit = likelihood.family.mean_below
    if np.isinf(limit):
        return np.ones(len(top.theta), dtype=bool)
    highest = _limit(likelihood, top, SCALE, *SCALE.estimate(likelihood, top), fall)
    return highest < np.log(limit)


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def _limit(likelihood, top: Maxima, quantity: Quantity, estimate, error, fall: np.ndarray) -> np.ndarray:
    """Where the signed root of twice the fall of the profile is `fall`: Newton's method within a bracket."""
    limit = np.full(len(estimate), np.nan)
    now = np.flatnonzero(np.isfinite(estimate) & np.isfinite(fall) & np.isfinite(error) & (error > 0))
    if not len(now):
        return limit
    side, wanted = np.sign(fall[now[0]]), np.abs(fall[now])
    likelihood, top = likelihood.take(now), top.take(now)
    at, error = estimate[now], error[now]
    inner, outer = at.copy(), np.full(len(now), side * np.inf)
    value, free, lost = at + side * wanted * error, quantity.free_at(likelihood, top), np.zeros(len(now))
    for _ in range(MOST_ROUNDS):
        held = maximise(likelihood, quantity.held(likelihood, value), free)
        root = np.sqrt(np.maximum(2 * (top.value - held.value), 0))
        slope = -side * quantity.slope(likelihood, held) / np.maximum(root, 1e-300)
        done = held.converged & (np.abs(root - wanted) < _CLOSE)
        limit[now[done]] = value[done]
        short = held.converged & (root < wanted)
        inner, outer = np.where(short, value, inner), np.where(short, outer, value)
        new = value + side * (wanted - root) / slope
        far = np.where(np.isfinite(outer), outer, inner + side * np.maximum(2 * np.abs(inner - at), error))
        inside = np.isfinite(new) & (side * (new - inner) > 0) & (side * (far - new) > 0)
        value = np.where(inside, new, np.where(np.isfinite(outer), (inner + outer) / 2, far))
        lost = lost + ~held.converged
        open_yet = (np.abs(value - at) < 60 * error) & (np.abs(outer - inner) > 1e-12) & (lost < MOST_LOST)
        keep = np.flatnonzero(~done & open_yet)
        if not len(keep):
            break
        if len(keep) < len(now):
            likelihood, top, held = likelihood.take(keep), top.take(keep), held.take(keep)
            each = (now, at, error, wanted, inner, outer, value, free, lost)
            now, at, error, wanted, inner, outer, value, free, lost = (x[keep] for x in each)
    return limit
