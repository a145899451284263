"""The phases of recoveries: how long each takes, its share of the time, and of how much recoveries differ.

The law of a phase is Kaplan-Meier; an attempt that failed in it has no length of that phase, so that all laws are those
of recoveries that come back. The variance of whole durations T splits exactly into the covariances of the phases with
T; a share may be negative, where a phase is short when the others are long.

References
----------
Efron, B. and Tibshirani, R. J. (1993), An Introduction to the Bootstrap, chapters 6 and 13.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles

FEWEST = 10
BOOTSTRAPS = 2_000
ONE_WHOLE, FEW_WHOLE = "no recovery came back", f"fewer than {FEWEST} recoveries came back: no interval"
NO_VARIANCE = "fewer than 3 recoveries came back, or all took equally long"
_SHARES = ("share_of_time", "share_of_variance")
_AT_ONCE = 4_000_000


def estimate_phases(phases: pd.DataFrame, *, groups: int, number: int, rng: np.random.Generator) -> pd.DataFrame:
    """What is known of each phase of each group.

    Parameters
    ----------
    phases : DataFrame
        Result of `measure_phase_durations`, with `group` (from 0).
    groups, number : int
        How many groups and phases there are.
    rng : Generator
        For the intervals of the shares: recoveries are drawn anew, each with all its phases.

    Returns
    -------
    DataFrame
        One row per group and phase with an observation: group, phase, n, n_censored, n_failed (attempts that failed in
        it); median_hours with low and high, p90_hours (from 10 that ended) [h]; share_of_time and share_of_variance of
        the n_whole recoveries that came back, each with …_low and …_high (from 10), reason (why any is null).
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
    found = pd.DataFrame(place | counts | law).join(_shares(phases, groups, number, rng))
    return found[found["n"] + found["n_failed"] > 0].reset_index(drop=True)


def split_durations(phases: pd.DataFrame, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Recoveries that came back, in order of group: the group of each, and its phases [h], 0 where it has none.

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
    order = np.argsort(group, kind="stable")
    return group[order], hours[order]


def _shares(phases: pd.DataFrame, groups: int, number: int, rng: np.random.Generator) -> pd.DataFrame:
    """Shares of time and of variance with their intervals, one row per group and phase."""
    group, hours = split_durations(phases, number)
    n = np.bincount(group, minlength=groups)
    estimates = _of_time_and_variance(hours[None], n)
    columns = {"n_whole": np.repeat(n, number)}
    enough = np.repeat(n >= FEWEST, number)
    limits = _bootstrapped(hours, n, rng) if (n >= FEWEST).any() else [np.full((2, groups, number), np.nan)] * 2
    for name, estimate, (low, high) in zip(_SHARES, estimates, limits, strict=True):
        columns[name] = estimate[0].ravel()
        columns |= {f"{name}_low": np.where(enough, low.ravel(), np.nan)}
        columns |= {f"{name}_high": np.where(enough, high.ravel(), np.nan)}
    whole, split = columns["n_whole"], np.isnan(columns["share_of_variance"])
    reason = np.select([whole == 0, split, ~enough], [ONE_WHOLE, NO_VARIANCE, FEW_WHOLE], "")
    reason = pd.Series(reason).where(reason != "").astype("str")
    return pd.DataFrame(columns).assign(reason=reason)


def _bootstrapped(hours: np.ndarray, n: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Limits of both shares: the middle 95 % of those of recoveries drawn anew within each group."""
    each = max(1, _AT_ONCE // max(hours.size, 1))
    first, size = np.repeat(np.cumsum(n) - n, n), np.repeat(n, n)
    drawn = [[], []]
    for done in range(0, BOOTSTRAPS, each):
        u = rng.random((min(each, BOOTSTRAPS - done), len(hours)))
        for kept, found in zip(
            drawn, _of_time_and_variance(hours[first + (u * size).astype(np.int64)], n), strict=True
        ):
            kept.append(found)
    return [_middle(np.concatenate(kept)) for kept in drawn]


def _middle(drawn: np.ndarray) -> np.ndarray:
    """The 2.5 and 97.5 % points of each column; NaN where none is known."""
    known = ~np.isnan(drawn).all(axis=0)
    found = np.full((2, *drawn.shape[1:]), np.nan)
    found[:, known] = np.nanquantile(drawn[:, known], [0.025, 0.975], axis=0)
    return found


def _of_time_and_variance(hours: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of time and variance of phases, shapes (draws, groups, phases), from draws of recoveries."""
    total = hours.sum(axis=2, keepdims=True)
    sums = _sums(np.concatenate([hours, total], axis=2), n)
    size = np.where(n > 0, n, 1)[None, :, None]
    centred = hours - np.repeat(sums[..., :-1] / size, n, axis=1)
    deviation = total - np.repeat(sums[..., -1:] / size, n, axis=1)
    products = _sums(np.concatenate([centred * deviation, deviation**2], axis=2), n)
    varies = (n >= 3)[None, :, None] & (products[..., -1:] > 1e-12 * sums[..., -1:] ** 2)
    some = sums[..., -1:] > 0
    of_time = np.where(some, sums[..., :-1] / np.where(some, sums[..., -1:], 1), np.nan)
    return of_time, np.where(varies, products[..., :-1] / np.where(varies, products[..., -1:], 1), np.nan)


def _sums(values: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Sums over the recoveries of each group, shape (draws, groups, columns)."""
    found = np.zeros((values.shape[0], len(n), values.shape[2]))
    some = np.flatnonzero(n)
    if len(some):
        found[:, some] = np.add.reduceat(values, (np.cumsum(n) - n)[some], axis=1)
    return found
