"""Survival curves of many groups at once: Kaplan-Meier with intervals, late entrants counted from when they were seen.

What has not ended when it was last seen is right-censored, never dropped. Intervals are two-sided 95 %, on the
log(-log) scale with Greenwood's variance. Where that has no answer (nothing ended yet, or nothing is left) the limit is
the exact one for none, or all, of the effective number of observations, so that a handful of them claims no certainty.

References
----------
Kaplan, E. L. and Meier, P. (1958), Nonparametric estimation from incomplete observations, JASA 53.
Dorey, F. J. and Korn, E. L. (1987), Effective sample sizes for confidence intervals for survival probabilities,
Statistics in Medicine 6.
Klein, J. P. and Moeschberger, M. L. (2003), Survival Analysis, section 4.6 (left truncation).
"""

from dataclasses import dataclass, replace

import numpy as np

CONFIDENCE = 0.95


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
        Share not ended after that time, with its interval; missing once late entrants leave a time at which none was
        under observation.
    spread : ndarray of float, shape (rows,)
        Greenwood's sum, the variance of log survival; missing where nothing survives.
    n, n_events : ndarray of int64, shape (groups,)
    from_start : ndarray of int64, shape (groups,)
        How many were under observation from 0 h on.
    confidence : float or None
        Of all intervals; None where there are none.
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
    from_start: np.ndarray
    confidence: float | None = CONFIDENCE

    @property
    def bounds(self) -> np.ndarray:
        """Where the rows of each group begin and end, shape (groups + 1,)."""
        return np.searchsorted(self.group, np.arange(len(self.n) + 1))

    def running(self, values: np.ndarray, *, from_the_end: bool = False) -> np.ndarray:
        """Running sums over the rows of each group."""
        count = np.diff(self.bounds)
        return _running(values[::-1], count[::-1])[::-1] if from_the_end else _running(values, count)


def kaplan_meier(
    hours, ended, *, group=None, groups: int | None = None, entry=None, confidence: float | None = CONFIDENCE
) -> Curves:
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
    entry : array of float, shape (n,), optional
        How long each had lasted when it came under observation [h]; it is at risk only after that.
    confidence : float or None
        Of the two-sided intervals; None: without, so that low and high are missing.

    Raises
    ------
    ValueError
        If a duration is negative or missing, or ended before it came under observation.
    """
    hours, ended = np.asarray(hours, dtype=float), np.asarray(ended, dtype=bool)
    group = np.zeros(len(hours), dtype=np.int64) if group is None else np.asarray(group, dtype=np.int64)
    groups = int(groups if groups is not None else group.max(initial=-1) + 1)
    if not (hours >= 0).all():
        raise ValueError("Expected durations that are known and not negative; leave out the others and count them.")
    entry = None if entry is None else np.asarray(entry, dtype=float)
    if entry is not None and not ((entry >= 0) & (entry < np.where(entry > 0, hours, np.inf))).all():
        raise ValueError("Expected each duration to come under observation before it ended.")
    n, n_events = np.bincount(group, minlength=groups), np.bincount(group[ended], minlength=groups)
    from_start = n if entry is None else np.bincount(group[entry == 0], minlength=groups)
    late = None if entry is None else (group, entry)
    group, hours, ended = _in_order(group, hours, ended, groups=groups)
    if not len(hours):
        return Curves(group, hours, *(group,) * 3, *(hours,) * 4, n, n_events, from_start, confidence)
    new = np.append(True, hours[1:] != hours[:-1])
    new[1:] |= group[1:] != group[:-1]
    first = np.flatnonzero(new)
    events, left = np.add.reduceat(ended, first, dtype=np.int64), np.diff(first, append=len(hours))
    group, hours = group[first], hours[first]
    gone = first - np.append(0, np.cumsum(n))[group]
    at_risk = (n[group] if late is None else _entered_before(hours, group, late)) - gone
    count = np.diff(np.searchsorted(group, np.arange(groups + 1)))
    log, spread = _product_limit(at_risk, events, count)
    if late is not None:
        unknown = _unwatched(group, at_risk, events, left, from_start, count)
        log, spread = np.where(unknown, np.nan, log), np.where(unknown, np.nan, spread)
    none = np.full(len(log), np.nan)
    rows = (group, hours, at_risk, events, left, np.exp(log), none, none, spread)
    curves = Curves(*rows, n, n_events, from_start, confidence)
    if confidence is None:
        return curves
    low, high = _band(curves, log)
    return replace(curves, low=low, high=high)


def none_of(n, confidence: float) -> np.ndarray:
    """Exact lower limit of the share that lasts, when none of n has ended (Clopper-Pearson)."""
    n = np.asarray(n, dtype=float)
    return np.where(n > 0, ((1 - confidence) / 2) ** (1 / np.where(n > 0, n, 1.0)), 0.0)


def at_rows(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Values of some rows of a curve; missing for row -1."""
    return np.append(values, np.nan)[np.where(rows >= 0, rows, len(values))] if len(values) else rows * np.nan


def _in_order(group, hours, ended, *, groups: int):
    in_order = (group[1:] > group[:-1]) | ((group[1:] == group[:-1]) & (hours[1:] >= hours[:-1]))
    if in_order.all():
        return group, hours, ended
    order = np.argsort(hours)
    if groups > 1:  # numbers of few bits are put in order by counting
        order = order[np.argsort(group[order].astype(np.min_scalar_type(groups)), kind="stable")]
    return group[order], hours[order], ended[order]


def _entered_before(hours: np.ndarray, group: np.ndarray, late: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """How many of each row's group had come under observation before its time, or from the start on."""
    of, entry = late
    entry = np.where(entry == 0, -1.0, entry)  # what ended at 0 h was under observation
    times = np.unique(np.concatenate([hours, entry]))
    keys = np.sort(of * len(times) + np.searchsorted(times, entry))
    reached = np.searchsorted(keys, group * len(times) + np.searchsorted(times, hours))
    return reached - np.searchsorted(keys, group * len(times))


def _unwatched(group, at_risk, events, left, from_start, count) -> np.ndarray:
    """Rows from which on a curve is not known: at some time before, or up to it, none was under observation."""
    last = np.append(group[1:] != group[:-1], True)
    empty = (at_risk == left) & ~last
    gap = np.where(events == at_risk, empty, np.append(False, (empty & ~last)[:-1]))
    return (_running(gap.astype(float), count) > 0) | (from_start[group] == 0)


def _product_limit(at_risk: np.ndarray, events: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log survival and Greenwood's sum after each time; where all that are left end, nothing survives."""
    over = events == at_risk
    remaining = np.where(over, 1, at_risk - events)
    share = np.where(over, 1.0, remaining / at_risk)
    log, spread = _running(np.log(share), count), _running((1 - share) / remaining, count)
    log[over], spread[over] = -np.inf, np.nan
    return log, spread


def _running(values: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Running sums that begin anew in each group, of which there are `count` rows each."""
    total, first = np.cumsum(values), np.cumsum(count) - count
    if len(count) > 1 and len(total):
        total -= np.repeat(np.where(first > 0, total[first - 1], 0.0), count)
    return total


def _band(curves: Curves, log: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from scipy.special import ndtri

    survival, group = curves.survival, curves.group
    inner = (log < 0) & np.isfinite(log)
    width = ndtri((1 + curves.confidence) / 2) * np.sqrt(np.where(inner, curves.spread, 0.0))
    factor = np.exp(width / np.where(inner, -log, 1.0))
    low = np.where(inner, np.exp(np.where(inner, log, 0.0) * factor), survival)
    high = np.where(inner, np.exp(np.where(inner, log, 0.0) / factor), survival)
    over = np.flatnonzero(survival == 0)
    if len(over):
        some = np.where(over > 0, over - 1, 0)
        same = (over > 0) & (group[some] == group[over])
        before, ceiling = (np.where(same, x[some], 1.0) for x in (survival, high))
        ended = none_of(curves.at_risk[over] / np.where(before > 0, before, 1.0), curves.confidence)
        high[over] = np.minimum(1 - ended, ceiling)
    return low, high
