"""Mean time within a horizon: the area under each survival curve up to it, with an interval.

The interval is that of the share of the horizon, on the logit scale with Greenwood's variance. Where none is known to
last beyond a stated horizon, what lies there is a guess and so would be the interval; it is withheld. The same where
fewer than `FEWEST_ENDED` have ended within it.

References
----------
Royston, P. and Parmar, M. K. B. (2013), Restricted mean survival time, BMC Medical Research Methodology 13.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes.kaplan_meier import Curves, at_rows

FEWEST_ENDED = 3


def restricted_mean(curves: Curves, horizon: np.ndarray | None = None) -> pd.DataFrame:
    """Mean time within a horizon.

    Parameters
    ----------
    curves : Curves
    horizon : ndarray of float, shape (groups,), optional
        Up to when [h]; each group's longest observation otherwise.

    Returns
    -------
    DataFrame
        One row per group: mean, se, horizon, low, high [h]; all null beyond what was observed, unless everything has
        ended; low and high null where fewer than three ended within the horizon, or none is known to last beyond a
        stated one.
    """
    from scipy.special import ndtri

    bounds, n = curves.bounds, len(curves.n)
    some = bounds[1:] > bounds[:-1]
    last = np.where(some, bounds[1:] - 1, 0)
    longest, final = (np.where(some, at_rows(x, last), np.nan) for x in (curves.hours, curves.survival))
    until = longest if horizon is None else np.broadcast_to(np.asarray(horizon, dtype=float), n)
    following = np.append(curves.hours[1:], np.nan)
    following[last[some]] = np.maximum(longest, until)[some]
    stop = until[curves.group]
    width = np.maximum(np.minimum(following, stop) - np.minimum(curves.hours, stop), 0)
    watched = ((curves.left < curves.at_risk) & ~np.isnan(curves.survival)) | (curves.survival == 0)
    counted = (width > 0) & watched & (curves.survival > 0)
    area = np.multiply(curves.survival, width, out=np.zeros(len(width)), where=counted)
    unwatched = np.bincount(curves.group, weights=(width > 0) & ~watched, minlength=n) > 0
    unit = np.where((stop > 0) & np.isfinite(stop), stop, 1.0)  # so that running sums of all groups are of one size
    right = unit * curves.running(area / unit, from_the_end=True)
    remaining, within = np.maximum(curves.at_risk - curves.events, 1), curves.hours <= stop
    at_risk = np.maximum(curves.at_risk, 1)
    terms = np.where(within, right**2 * curves.events / (at_risk * remaining), 0.0)
    before = np.minimum(np.where(some, at_rows(curves.hours, np.where(some, bounds[:-1], 0)), 0.0), until)
    mean = before + np.bincount(curves.group, weights=area, minlength=n)
    known = (curves.from_start > 0) & ((until <= longest) | (final == 0)) & ~unwatched
    se = np.sqrt(np.bincount(curves.group, weights=terms, minlength=n))
    ended = np.bincount(curves.group[within], weights=curves.events[within], minlength=n)
    told = known & (ended >= FEWEST_ENDED) & (mean > 0) & (mean < until) & ((longest > until) | (horizon is None))
    share = np.where(told, mean / np.where(told, until, 1.0), 0.5)
    with np.errstate(invalid="ignore", over="ignore"):
        step = ndtri((1 + curves.confidence) / 2) * se / (np.where(told, until, 1.0) * share * (1 - share))
        odds = (1 - share) / share
        low, high = (until / (1 + odds * np.exp(sign * step)) for sign in (1, -1))
    columns = {"mean": (mean, known), "se": (se, known), "horizon": (until, known), "low": (low, told),
               "high": (high, told)}  # fmt: skip
    return pd.DataFrame({name: np.where(which, value, np.nan) for name, (value, which) in columns.items()})
