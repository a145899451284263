"""What survival curves say: the time by which a share has ended, and the share that has ended by a time.

References
----------
Brookmeyer, R. and Crowley, J. (1982), A confidence interval for the median survival time, Biometrics 38.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes.kaplan_meier import Curves, at_rows, none_of

_ROUNDING = 1e-10  # a curve that misses a level by less is on it


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
    few = none_of(curves.from_start, curves.confidence) <= level
    return pd.DataFrame({"estimate": estimate, "low": np.where(few, np.nan, low), "high": high})


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
    survival, low, high = (np.where(begun, at_rows(x, row), 1.0) for x in (curves.survival, curves.low, curves.high))
    lasting = np.where(begun, at_rows(curves.at_risk - curves.left, row), curves.from_start)
    low = np.where(survival == 1, none_of(lasting, curves.confidence), low)
    known = (
        (curves.from_start > 0)
        & ~np.isnan(survival)
        & ~np.isnan(hours)
        & ((survival == 0) | (lasting > 0) | (hours == _longest(curves)))
    )
    return pd.DataFrame(
        {k: np.where(known, 1 - v, np.nan) for k, v in (("estimate", survival), ("low", high), ("high", low))}
    )


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
