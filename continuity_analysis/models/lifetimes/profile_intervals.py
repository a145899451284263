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

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes.families import Family
from continuity_analysis.models.lifetimes.fitting import Fits
from continuity_analysis.models.lifetimes.kaplan_meier import CONFIDENCE
from continuity_analysis.models.lifetimes.likelihood import Likelihood
from continuity_analysis.models.lifetimes.newton import Maxima, Path, maximise, solve

NO_LIMIT = "the likelihood does not fall enough on that side"
TOO_FEW = "too few have ended for an interval"
NO_MEAN = "a law of so heavy a tail has no mean"
ONE_SCALE = "all laws of the family have the same"
MOST_ROUNDS = 40
_CLOSE = 1e-7  # of the signed root of twice the fall of the log-likelihood


@dataclass(frozen=True)
class Quantity:
    """What is asked of a fit: the location at some covariates and what the scale adds to it, or the scale itself.

    Attributes
    ----------
    at : tuple of float
        Multiples of the coefficients, the first is the location's.
    share : float or None
        For the time by which this share has ended.
    mean : bool
        For the mean duration.
    is_scale : bool
    on_hours : bool
        Whether it is given in hours rather than on their logarithm.
    """

    at: tuple[float, ...] = (1.0,)
    share: float | None = None
    mean: bool = False
    is_scale: bool = False
    on_hours: bool = False

    def added(self, family: Family, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What the scale adds to the location, with its first two derivatives."""
        if self.mean:
            return family.log_mean(scale)
        z = 0.0 if self.share is None else float(family.standard_quantile(self.share))
        return z * scale, np.full_like(scale, z), np.zeros_like(scale)


LOCATION, SCALE = Quantity(), Quantity(is_scale=True, on_hours=True)
MEAN = Quantity(mean=True, on_hours=True)


def quantile_of_fit(share: float, *covariates: float) -> Quantity:
    """The time by which a share has ended [h]."""
    return Quantity((1.0, *covariates), share=share, on_hours=True)


def coefficient(number: int) -> Quantity:
    """What one covariate, numbered from 1, adds to the logarithm of hours."""
    return Quantity((*(0.0,) * number, 1.0))


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
        estimate, error = _estimate(likelihood, top, quantity)
        fall = falls[groups]
        low = _limit(likelihood, top, quantity, estimate, error, -fall)
        bounded = np.where(_has_mean(likelihood, top, fall), estimate, np.nan) if quantity.mean else estimate
        high = _limit(likelihood, top, quantity, bounded, error, fall)
        found = np.stack([estimate, low, high]) + _shift(likelihood, quantity)
        table[:, groups] = np.exp(found) if quantity.on_hours else found
        reason[groups[np.isnan(found[1:]).any(axis=0)]] = NO_LIMIT
        reason[groups[np.isinf(fall)]] = TOO_FEW
        reason[groups[np.isinf(estimate)]] = NO_MEAN
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


def _shift(likelihood: Likelihood, quantity: Quantity) -> np.ndarray:
    return np.zeros(len(likelihood.centre)) if quantity.is_scale else quantity.at[0] * likelihood.centre


def _has_mean(likelihood: Likelihood, top: Maxima, fall: np.ndarray) -> np.ndarray:
    """Whether all laws that are not ruled out have a mean."""
    limit = likelihood.family.mean_below
    if np.isinf(limit):
        return np.ones(len(top.theta), dtype=bool)
    highest = _limit(likelihood, top, SCALE, *_estimate(likelihood, top, SCALE), fall)
    return highest < np.log(limit)


def _at(likelihood: Likelihood, quantity: Quantity) -> np.ndarray:
    at = np.zeros(likelihood.columns - 1)
    at[: len(quantity.at)] = quantity.at
    return at


def _estimate(likelihood: Likelihood, top: Maxima, quantity: Quantity) -> tuple[np.ndarray, np.ndarray]:
    """The quantity (the logarithm of a scale) at the maximum and its standard error, in centred logarithms."""
    last, family = top.theta[:, -1], likelihood.family
    slope = np.zeros_like(top.theta)
    if quantity.is_scale:
        estimate, slope[:, -1] = -np.log(last), -1 / last
    else:
        at, (added, first, _) = _at(likelihood, quantity), quantity.added(family, 1 / last)
        location = -(top.theta[:, :-1] @ at) / last
        estimate = location + added
        slope[:, :-1], slope[:, -1] = -at / last[:, None], -location / last - first / last**2
    free = slice(None) if family.scale is None else slice(None, -1)
    slope, hessian = slope[:, free], top.hessian[:, free, free]
    step, _ = solve(hessian, np.nan_to_num(slope), np.zeros(len(slope)))
    with np.errstate(invalid="ignore"):
        return estimate, np.sqrt((step * slope).sum(axis=1))


def _held(likelihood: Likelihood, quantity: Quantity, value: np.ndarray) -> Path:
    """The path along which the quantity keeps a value."""
    k, fixed = likelihood.columns, likelihood.family.scale
    if quantity.is_scale:

        def at_scale(free, groups):
            theta = np.column_stack([free, np.exp(-value[groups])])
            return theta, np.broadcast_to(np.eye(k, k - 1), (len(free), k, k - 1)), None

        return at_scale
    at = _at(likelihood, quantity)
    j = int(np.flatnonzero(at)[0])
    others = np.delete(np.arange(k if fixed is None else k - 1), j)

    def at_value(free, groups):
        theta, jacobian = np.zeros((len(free), k)), np.zeros((len(free), k, len(others)))
        theta[:, others], jacobian[:, others, np.arange(len(others))] = free, 1.0
        if fixed is not None:
            theta[:, -1] = 1 / fixed
        last = theta[:, -1]
        with np.errstate(all="ignore"):
            added, first, second = quantity.added(likelihood.family, 1 / last)
            theta[:, j] = (
                -(last * (value[groups] - added) + theta[:, :-1] @ np.where(np.arange(k - 1) == j, 0, at)) / at[j]
            )
            within = others[others < k - 1]
            jacobian[:, j, : len(within)] = -at[within] / at[j]
            if fixed is None:
                jacobian[:, j, -1] = -(value[groups] - added + first / last) / at[j]
            theta[~np.isfinite(theta[:, j]), j] = np.nan

        def bend(gradient):
            extra = np.zeros((len(free), len(others), len(others)))
            with np.errstate(all="ignore"):
                extra[:, -1, -1] = gradient[:, j] * second / (last**3 * at[j])
            return extra

        return theta, jacobian, bend if fixed is None and quantity.mean else None

    return at_value


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
    value, free = at + side * wanted * error, _start(likelihood, top, quantity)
    for _ in range(MOST_ROUNDS):
        held = maximise(likelihood, _held(likelihood, quantity, value), _carried(free, quantity, at, value))
        root = np.sqrt(np.maximum(2 * (top.value - held.value), 0))
        slope = -side * _slope(likelihood, held, quantity) / np.maximum(root, 1e-300)
        done = held.converged & (np.abs(root - wanted) < _CLOSE)
        limit[now[done]] = value[done]
        short = held.converged & (root < wanted)
        inner, outer = np.where(short, value, inner), np.where(short, outer, value)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            new = value + side * (wanted - root) / slope
            far = np.where(np.isfinite(outer), outer, inner + side * np.maximum(2 * np.abs(inner - at), error))
            inside = np.isfinite(new) & (side * (new - inner) > 0) & (side * (far - new) > 0)
            value = np.where(inside, new, np.where(np.isfinite(outer), (inner + outer) / 2, far))
        keep = np.flatnonzero(~done & (np.abs(value - at) < 60 * error) & (np.abs(outer - inner) > 1e-12))
        if not len(keep):
            break
        if len(keep) < len(now):
            likelihood, top, held = likelihood.take(keep), top.take(keep), held.take(keep)
            each = (now, at, error, wanted, inner, outer, value, free)
            now, at, error, wanted, inner, outer, value, free = (x[keep] for x in each)
    return limit


def _start(likelihood: Likelihood, top: Maxima, quantity: Quantity) -> np.ndarray:
    """Free parameters of a path at the maximum; of the scale's, in units of it."""
    k, fixed = likelihood.columns, likelihood.family.scale
    if quantity.is_scale:
        return top.theta[:, :-1] / top.theta[:, -1:]
    j = int(np.flatnonzero(_at(likelihood, quantity))[0])
    return np.delete(top.theta[:, : k if fixed is None else k - 1], j, axis=1)


def _carried(free: np.ndarray, quantity: Quantity, at: np.ndarray, value: np.ndarray) -> np.ndarray:
    return free * np.exp(-value)[:, None] if quantity.is_scale else free


def _slope(likelihood: Likelihood, held: Maxima, quantity: Quantity) -> np.ndarray:
    """How the profile changes with the value held."""
    last = held.theta[:, -1]
    if quantity.is_scale:
        return -held.gradient[:, -1] * last
    at = _at(likelihood, quantity)
    j = int(np.flatnonzero(at)[0])
    return -held.gradient[:, j] * last / at[j]
