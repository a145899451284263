"""The phases of recoveries: how long each takes, its share of the time, and of how much recoveries differ.

The law of a phase is Kaplan-Meier; an attempt that failed in it has no length of that phase, so that all laws are those
of recoveries that come back.

The share of the time is the ratio of sums, with the interval of its jackknife. The variance of whole durations T splits
exactly into the covariances of the phases with T. A phase's share of it is the slope of its line on T: how much longer
the phase is where recoveries are an hour longer. It may be negative, where a phase is short when the others are long.
Its interval is that of a slope with errors that grow with T (HC4), by Student's law with Satterthwaite's degrees of
freedom: the few longest recoveries decide it.

References
----------
Cochran, W. G. (1977), Sampling Techniques, section 6.17 (jackknife of a ratio).
Cribari-Neto, F. (2004), Asymptotic inference under heteroskedasticity of unknown form, Computational Statistics & Data
Analysis 45.
Satterthwaite, F. E. (1946), An approximate distribution of estimates of variance components, Biometrics Bulletin 2.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles

FEWEST = 10
NONE_WHOLE, FEW_WHOLE = "none came back", f"fewer than {FEWEST} came back"
NO_VARIANCE, ONLY_IN_PART = "all took equally long", "not in those of which all phases are recorded"
_SHARES = ("share_of_time", "share_of_variance")


def estimate_phases(phases: pd.DataFrame, *, groups: int, number: int) -> pd.DataFrame:
    """What is known of each phase of each group.

    Parameters
    ----------
    phases : DataFrame
        Result of `measure_phase_durations`, with `group` (from 0).
    groups, number : int
        How many groups and phases there are.

    Returns
    -------
    DataFrame
        One row per group and phase with an observation: group, phase, n, n_censored, n_failed (attempts that failed in
        it); median_hours with low and high, p90_hours (from 10 that ended) [h]; share_of_time and share_of_variance
        (from 10) of the n_whole recoveries that came back, each with …_low and …_high (from 10), reason (why any is
        null). Where some were split into all their phases, the shares are of those only.
    """
    cell = phases["group"].to_numpy(np.int64) * number + phases["phase"].to_numpy(np.int64)
    counted, cells = (phases["outcome"] != "failed").to_numpy(bool), groups * number
    ended = (phases["outcome"] == "ended").to_numpy(bool)
    curves = kaplan_meier(phases["hours"][counted], ended[counted], group=cell[counted], groups=cells)
    median, p90 = (quantiles(curves, share) for share in (0.5, 0.9))
    law = {"median_hours": median["estimate"], "low": median["low"], "high": median["high"]}
    law["p90_hours"] = p90["estimate"].where(curves.n_events >= FEWEST)
    counts = {"n": curves.n, "n_censored": curves.n - curves.n_events}
    counts["n_failed"] = np.bincount(cell[(phases["outcome"] == "failed").to_numpy(bool)], minlength=cells)
    place = {"group": np.repeat(np.arange(groups), number), "phase": np.tile(np.arange(number), groups)}
    found = pd.DataFrame(place | counts | law).join(_shares(phases, groups, number))
    return found[found["n"] + found["n_failed"] > 0].reset_index(drop=True)


def split_durations(phases: pd.DataFrame, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Recoveries that came back, in order of group: the group of each, and its phases [h], 0 where it has none.

    The last phase is what was not split; where a group has recoveries without it, those with it are left out.

    Returns
    -------
    group : ndarray of int64, shape (recoveries,)
    hours : ndarray of float, shape (recoveries, number)
    """
    rows = phases[phases["whole"].to_numpy(bool)]
    code, first = pd.factorize(rows["row"] + rows["group"] * (rows["row"].max() + 1 if len(rows) else 1))
    hours = np.zeros((len(first), number))
    hours[code, rows["phase"].to_numpy(np.int64)] = rows["hours"].to_numpy(float)
    group = np.zeros(len(first), dtype=np.int64)
    group[code] = rows["group"].to_numpy(np.int64)
    split = hours[:, -1] == 0
    any_split = np.zeros(group.max(initial=-1) + 1, dtype=bool)
    any_split[group[split]] = True
    kept = np.flatnonzero(split | ~any_split[group])
    order = kept[np.argsort(group[kept], kind="stable")]
    return group[order], hours[order]


def _shares(phases: pd.DataFrame, groups: int, number: int) -> pd.DataFrame:
    """Shares of time and of variance with their intervals, one row per group and phase."""
    group, hours = split_durations(phases, number)
    n = np.bincount(group, minlength=groups)
    found = {"share_of_time": _of_time(hours, n), "share_of_variance": _of_variance(hours, n)}
    whole, enough = np.repeat(n, number), np.repeat(n >= FEWEST, number)
    never = (np.nan_to_num(found["share_of_time"][0]).ravel() == 0) & np.tile(np.arange(number) == number - 1, groups)
    columns = {"n_whole": whole}
    for name, (estimate, half) in found.items():
        estimate, half = (np.where(never, np.nan, x.ravel()) for x in (estimate, half))
        columns[name] = np.where(enough | (name == "share_of_time"), estimate, np.nan)
        columns |= {f"{name}_low": estimate - half, f"{name}_high": estimate + half}
    for end in ("share_of_time_low", "share_of_time_high"):
        columns[end] = np.clip(columns[end], 0, 1)
    alike = np.isnan(columns["share_of_variance"])
    reason = np.select([whole == 0, never, ~enough, alike], [NONE_WHOLE, ONLY_IN_PART, FEW_WHOLE, NO_VARIANCE], "")
    return pd.DataFrame(columns).assign(reason=pd.Series(reason).where(reason != "").astype("str"))


def _of_time(hours: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each phase's share of the time of each group and half the width of its interval (NaN for few)."""
    total = hours.sum(axis=1, keepdims=True)
    of_all = _sums(total, n)
    share = _sums(hours, n) / np.where(of_all > 0, of_all, np.nan)
    by, all_of = (np.repeat(x, n, axis=0) for x in (share, of_all))
    left = np.where(total < all_of, all_of - total, np.nan)
    error = np.sqrt(_sums(((hours - by * total) / left) ** 2, n))
    return share, _student(n - 1.0, n)[:, None] * error


def _of_variance(hours: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each phase's share of the variance of each group and half the width of its interval (NaN for few)."""
    total, size = hours.sum(axis=1, keepdims=True), np.maximum(n, 1)[:, None]
    centred = hours - np.repeat(_sums(hours, n) / size, n, axis=0)
    deviation = total - np.repeat(_sums(total, n) / size, n, axis=0)
    squares = _sums(deviation**2, n)
    squares = np.where(squares > 1e-12 * _sums(total**2, n), squares, np.nan)
    slope = _sums(centred * deviation, n) / squares
    residual = centred - np.repeat(slope, n, axis=0) * deviation
    of_each = np.repeat(np.maximum(n, 1), n)[:, None]
    leverage = 1 / of_each + deviation**2 / np.repeat(squares, n, axis=0)
    power = np.minimum(4, of_each * leverage / 2)
    variance = _sums((deviation * residual) ** 2 / np.maximum(1 - leverage, 1e-12) ** power, n) / squares**2
    freedom = squares[:, 0] ** 2 / np.where(squares[:, 0] > 0, _sums(deviation**4, n)[:, 0], np.nan)
    return slope, _student(freedom, n)[:, None] * np.sqrt(variance)


def _student(freedom: np.ndarray, n: np.ndarray) -> np.ndarray:
    """The 97.5 % point of Student's law; NaN for groups of too few."""
    from scipy.special import stdtrit

    known = (n >= FEWEST) & (freedom > 0)
    return np.where(known, stdtrit(np.where(known, freedom, 1.0), 0.975), np.nan)


def _sums(values: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Sums over the recoveries of each group, which are in order, shape (groups, columns)."""
    found = np.zeros((len(n), values.shape[1]))
    some = np.flatnonzero(n)
    if len(some):
        found[some] = np.add.reduceat(values, (np.cumsum(n) - n)[some], axis=0)
    return found
