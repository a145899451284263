"""Survival curves of many groups at once: Kaplan-Meier, its quantiles, restricted mean and value at a time.

What has not ended when it was last seen is right-censored, never dropped. Intervals are two-sided 95 %, on the
log(-log) scale with Greenwood's variance. Where that has no answer (nothing ended yet, or nothing is left) the limit is
the exact one for none, or all, of the effective number of observations, so that a handful of them claims no certainty.

References
----------
Kaplan, E. L. and Meier, P. (1958), Nonparametric estimation from incomplete observations, JASA 53.
Brookmeyer, R. and Crowley, J. (1982), A confidence interval for the median survival time, Biometrics 38.
Dorey, F. J. and Korn, E. L. (1987), Effective sample sizes for confidence intervals for survival probabilities,
Statistics in Medicine 6.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

CONFIDENCE = 0.95
_ROUNDING = 1e-10  # a curve that misses a level by less is on it


@dataclass(frozen=True, eq=False)
class Curves:
    """Kaplan-Meier curves: one row per group and different time, in order.

    Attributes
    ----------
    group : ndarray of int64, shape (rows,)
    hours : ndarray of float, shape (rows,)
        Times at which something ended or was lost from sight [h].
    at_risk, events, left : ndarray of int64, shape (rows,)
        How many were under observation just before, how many ended then, how many ended or were lost from sight then.
    survival, low, high : ndarray of float, shape (rows,)
        Share not ended after that time, with its interval.
    spread : ndarray of float, shape (rows,)
        Greenwood's sum, the variance of log survival; missing where nothing survives.
    n, n_events : ndarray of int64, shape (groups,)
    confidence : float
        Of all intervals.
    """

    group: np.ndarray
    hours: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    left: np.ndarray
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray
    spread: np.ndarray
    n: np.ndarray
    n_events: np.ndarray
    confidence: float = CONFIDENCE

    @property
    def bounds(self) -> np.ndarray:
        """Where the rows of each group begin and end, shape (groups + 1,)."""
        return np.searchsorted(self.group, np.arange(len(self.n) + 1))


def kaplan_meier(hours, ended, *, group=None, groups: int | None = None, confidence: float = CONFIDENCE) -> Curves:
    """Survival curves of all groups.

    Parameters
    ----------
    hours : array of float, shape (n,)
        Durations, up to the end or to when they were last seen lasting [h].
    ended : array of bool, shape (n,)
        False where a duration is right-censored; one censored at the time another ends counts as lasting longer.
    group : array of int, shape (n,), optional
        Number of the group of each, from 0; all are one group otherwise.
    groups : int, optional
        How many groups there are; those without observations have no rows.
    confidence : float
        Of the two-sided intervals.

    Raises
    ------
    ValueError
        If a duration is negative or missing.
    """
    hours, ended = np.asarray(hours, dtype=float), np.asarray(ended, dtype=bool)
    group = np.zeros(len(hours), dtype=np.int64) if group is None else np.asarray(group, dtype=np.int64)
    groups = int(groups if groups is not None else group.max(initial=-1) + 1)
    if not (hours >= 0).all():
        raise ValueError("Expected durations that are known and not negative; leave out the others and count them.")
    order = np.lexsort((hours, group))
    group, hours, ended = group[order], hours[order], ended[order]
    first = np.flatnonzero(np.append(True, (np.diff(group) != 0) | (np.diff(hours) != 0))[: len(hours)])
    n, n_events = (np.bincount(group, weights=w, minlength=groups).astype(np.int64) for w in (None, ended))
    if not len(hours):
        return Curves(group, hours, *(group,) * 3, *(hours,) * 4, n, n_events, confidence)
    events, left = np.add.reduceat(ended.astype(np.int64), first), np.diff(np.append(first, len(hours)))
    group, hours = group[first], hours[first]
    at_risk = n[group] - (first - np.append(0, np.cumsum(n))[group])
    survival, spread = _product_limit(group, at_risk, events)
    curves = Curves(group, hours, at_risk, events, left, survival, survival, survival, spread, n, n_events, confidence)
    low, high = _band(curves)
    return replace(curves, low=low, high=high)


def quantiles(curves: Curves, share: float) -> pd.DataFrame:
    """The time after which `share` of each group has ended, with the interval of the inverted band.

    Parameters
    ----------
    curves : Curves
    share : float
        0.5 for the median.

    Returns
    -------
    DataFrame
        One row per group: estimate, low, high [h]; each null by itself where the curve, or the band, does not reach it.
        Where the curve runs exactly at the level, the middle of that stretch, as is customary for a median.
    """
    level = 1 - share
    reached = _first_time(curves, curves.survival <= level + _ROUNDING)
    below = _first_time(curves, curves.survival < level - _ROUNDING)
    estimate = np.where(np.isnan(below), reached, (reached + below) / 2)
    low = _first_time(curves, curves.low <= level + _ROUNDING)
    high = _first_time(curves, curves.high <= level + _ROUNDING)
    # so few that even none having ended would not exclude time zero
    few = _none_of(curves.n, curves.confidence) <= level
    return pd.DataFrame({"estimate": estimate, "low": np.where(few, np.nan, low), "high": high})


def restricted_mean(curves: Curves, horizon: np.ndarray | None = None) -> pd.DataFrame:
    """Mean time within a horizon: the area under each curve up to it, with its standard error.

    Parameters
    ----------
    curves : Curves
    horizon : ndarray of float, shape (groups,), optional
        Up to when [h]; each group's longest observation otherwise.

    Returns
    -------
    DataFrame
        One row per group: mean, se, horizon [h]; null beyond what was observed, unless everything has ended.
    """
    bounds, n = curves.bounds, len(curves.n)
    some = curves.n > 0
    last = np.where(some, bounds[1:] - 1, 0)
    longest, final = (np.where(some, _at(x, last), np.nan) for x in (curves.hours, curves.survival))
    until = longest if horizon is None else np.broadcast_to(np.asarray(horizon, dtype=float), n)
    following = np.append(curves.hours[1:], np.nan)
    following[last[some]] = np.maximum(longest, until)[some]
    stop = until[curves.group]
    width = np.maximum(np.minimum(following, stop) - np.minimum(curves.hours, stop), 0)
    area = curves.survival * width
    right = _running(area[::-1], curves.group[::-1])[::-1]
    remaining = np.maximum(curves.at_risk - curves.events, 1)
    terms = np.where(curves.hours <= stop, right**2 * curves.events / (curves.at_risk * remaining), 0.0)
    before = np.minimum(np.where(some, _at(curves.hours, np.where(some, bounds[:-1], 0)), 0.0), until)
    known = some & ((until <= longest) | (final == 0))
    mean = before + np.bincount(curves.group, weights=area, minlength=n)
    se = np.sqrt(np.bincount(curves.group, weights=terms, minlength=n))
    return pd.DataFrame({k: np.where(known, v, np.nan) for k, v in (("mean", mean), ("se", se), ("horizon", until))})


def share_ended(curves: Curves, hours: np.ndarray) -> pd.DataFrame:
    """The share of each group that has ended by a time of its own, with its interval.

    Parameters
    ----------
    curves : Curves
    hours : ndarray of float, shape (groups,)
        [h]; NaN: not asked.

    Returns
    -------
    DataFrame
        One row per group: estimate, low, high; null after the last observation, unless everything has ended by then.
    """
    hours = np.broadcast_to(np.asarray(hours, dtype=float), len(curves.n))
    rank = np.searchsorted(np.unique(curves.hours), curves.hours)
    asked = np.searchsorted(np.unique(curves.hours), np.nan_to_num(hours, nan=-1.0), side="right") - 1
    stride = len(curves.hours) + 1
    row = np.searchsorted(curves.group * stride + rank, np.arange(len(hours)) * stride + asked, side="right") - 1
    begun = row >= curves.bounds[:-1]
    survival, low, high = (np.where(begun, _at(x, row), 1.0) for x in (curves.survival, curves.low, curves.high))
    lasting = np.where(begun, _at(curves.at_risk - curves.left, row), curves.n)
    low = np.where(survival == 1, _none_of(lasting, curves.confidence), low)
    known = (curves.n > 0) & ~np.isnan(hours) & ((survival == 0) | (lasting > 0) | (hours == _longest(curves)))
    return pd.DataFrame(
        {k: np.where(known, 1 - v, np.nan) for k, v in (("estimate", survival), ("low", high), ("high", low))}
    )


def _product_limit(group: np.ndarray, at_risk: np.ndarray, events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Survival and Greenwood's sum after each time; where all that are left end, nothing survives."""
    over = events == at_risk
    remaining = np.where(over, 1, at_risk - events)
    log = _running(np.where(over, 0.0, np.log(remaining / at_risk)), group)
    spread = _running(np.where(over, 0.0, events / (at_risk * remaining)), group)
    return np.where(over, 0.0, np.exp(log)), np.where(over, np.nan, spread)


def _running(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Running sums that begin anew in each group."""
    return pd.Series(values).groupby(group).cumsum().to_numpy()


def _band(curves: Curves) -> tuple[np.ndarray, np.ndarray]:
    from scipy.special import ndtri

    survival, group = curves.survival, curves.group
    inner = (survival > 0) & (survival < 1)
    s, v = np.where(inner, survival, 0.5), np.where(inner, curves.spread, 0.0)
    factor = np.exp(ndtri((1 + curves.confidence) / 2) * np.sqrt(v) / -np.log(s))
    low, high = np.where(inner, s**factor, survival), np.where(inner, s ** (1 / factor), survival)
    same = np.append(False, group[1:] == group[:-1])
    before, ceiling = (np.where(same, np.append(1.0, x[:-1]), 1.0) for x in (survival, high))
    last = np.minimum(1 - _none_of(curves.at_risk / before, curves.confidence), ceiling)
    return low, np.where(survival == 0, last, high)


def _none_of(n, confidence: float) -> np.ndarray:
    """Exact lower limit of the share that lasts, when none of n has ended (Clopper-Pearson)."""
    n = np.asarray(n, dtype=float)
    return np.where(n > 0, ((1 - confidence) / 2) ** (1 / np.where(n > 0, n, 1.0)), 0.0)


def _first_time(curves: Curves, holds: np.ndarray) -> np.ndarray:
    """The first time of each group at which something holds [h]; null where it never does."""
    time = np.full(len(curves.n), np.nan)
    rows = np.flatnonzero(holds)[::-1]
    time[curves.group[rows]] = curves.hours[rows]  # of several the last one written is the first in time
    return time


def _longest(curves: Curves) -> np.ndarray:
    longest = np.full(len(curves.n), np.nan)
    longest[curves.group] = curves.hours
    return longest


def _at(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.append(values, np.nan)[np.where(rows >= 0, rows, len(values))] if len(values) else rows * np.nan
