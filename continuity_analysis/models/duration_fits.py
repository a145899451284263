"""Families of laws fitted to durations: which fit best, whether the best fits at all, and what it says.

Zeros and ties are taken as known within the timestamps' resolution, open durations as right-censored, late ones as seen
from their entry on. What a law says is kept to where durations were observed: no quantile beyond the longest that has
ended, and none where even the best law does not fit.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import (
    FAMILIES,
    LOCATION,
    SCALE,
    Fits,
    Observations,
    anderson_darling,
    compare_families,
    fit_lifetimes,
    limits,
    observations,
    profile_interval,
    quantile_of_fit,
)
from continuity_analysis.models.lifetimes.fitting import BEST, NOT_SEPARABLE

FEWEST_ENDED = 10
TOO_FEW = f"fewer than {FEWEST_ENDED} have ended"
BEYOND = "beyond the longest that has ended"
MISFIT = 0.05
"""At or below this p even the best law is not the one that durations follow."""
NO_FIT = "even the best law does not fit"
CURVE_POINTS = 120
_ENDS = ["estimate", "low", "high"]
_QUANTILES = {"median": 0.5, "p90": 0.9}


def fit_durations(durations: pd.DataFrame, *, groups: int, seed: int = 0) -> pd.DataFrame:
    """Every family fitted to the durations of each group, the best first.

    Parameters
    ----------
    durations : DataFrame
        Columns group (from 0), hours [h], censored, entry_hours [h], resolution_hours [h]: of the timestamps.
    groups : int
    seed : int
        Of the samples drawn to see whether the best fits.

    Returns
    -------
    DataFrame
        One row per group and family: group, family; n, n_censored, n_between (zeros and ties, known within the
        resolution only); location_hours with location_low, location_high: exp(location), the characteristic life of a
        Weibull, the mean of an exponential, the median of the others [h]; shape with shape_low, shape_high: of a
        Weibull and a log-logistic 1 / scale, of a lognormal the standard deviation of log hours, of an exponential
        null; median_hours and p90_hours with …_low, …_high (profile likelihood, of the best from the lowest to the
        highest of all laws not separable from it; null beyond the longest that ended, and where the best law does not
        fit) [h]; aicc, difference from the best; verdict ("best", "not separable from
        the best", "worse"); p_fit of the best (Anderson-Darling, parametric bootstrap); reason why anything is null.
    """
    enough = np.bincount(durations.loc[~durations["censored"], "group"], minlength=groups) >= FEWEST_ENDED
    seen = _observed(durations[enough[durations["group"]]], groups=groups)
    fits = {name: fit_lifetimes(seen, family) for name, family in FAMILIES.items()}
    ranked = compare_families(list(fits.values()))
    longest = _longest(durations, groups)
    details = [_details(fit, longest).assign(family=name, group=np.arange(groups)) for name, fit in fits.items()]
    table = ranked.drop(columns=["loglik", "reason"]).merge(pd.concat(details), on=["group", "family"])
    counts = pd.DataFrame({
        "n": np.bincount(durations["group"], minlength=groups),
        "n_censored": np.bincount(durations.loc[durations["censored"], "group"], minlength=groups),
        "n_between": seen.sums((np.isfinite(seen.upper) & (seen.lower < seen.upper)).astype(np.int64)),
    })  # fmt: skip
    table = table.join(counts, on="group").assign(p_fit=_best_fits(seen, fits, table, seed=seed))
    few = ~enough[table["group"]]
    return _without_misfits(_spanning(table).assign(reason=table["reason"].mask(few, TOO_FEW)))


def fit_curves(fits: pd.DataFrame, durations: pd.DataFrame, *, groups: int) -> pd.DataFrame:
    """Share not ended after a time by the law of each family, up to the longest observation.

    Parameters
    ----------
    fits : DataFrame
        Result of `fit_durations`.
    durations, groups
        What was given to it.

    Returns
    -------
    DataFrame
        group, family, hours [h], survival.
    """
    hours = durations["hours"].where(durations["hours"] > 0).groupby(durations["group"]).min()
    shortest, longest = (
        x.reindex(range(groups)).fillna(1.0).to_numpy(float)
        for x in (hours, durations["hours"].groupby(durations["group"]).max())
    )
    known = fits[fits["location_hours"].notna()]
    group = known["group"].to_numpy(np.int64)
    at = np.geomspace(shortest[group], longest[group], CURVE_POINTS)
    columns = {"group": np.repeat(group, CURVE_POINTS), "family": np.repeat(known["family"].to_numpy(), CURVE_POINTS)}
    z = (np.log(at) - np.log(known["location_hours"].to_numpy(float))) / _scale(known)
    survival = np.empty_like(z)
    for name, family in FAMILIES.items():
        rows = (known["family"] == name).to_numpy()
        survival[:, rows] = np.exp(family.survival(z[:, rows])[0])
    return pd.DataFrame(columns | {"hours": at.T.ravel(), "survival": survival.T.ravel()}).astype({"family": "str"})


def _scale(fits: pd.DataFrame) -> np.ndarray:
    """Scale of the logarithm of hours, from the shape as it is customary for each family."""
    shape = fits["shape"].to_numpy(float)
    inverse = fits["family"].map({name: family.power is not None for name, family in FAMILIES.items()}).to_numpy(bool)
    return np.where(np.isnan(shape), 1.0, np.where(inverse, 1 / shape, shape))


def _spanning(table: pd.DataFrame) -> pd.DataFrame:
    """Intervals of the best law's quantiles widened to those of every law that cannot be told from it."""
    group, near = table["group"], table["verdict"].isin([BEST, NOT_SEPARABLE])
    for name in _QUANTILES:
        estimate, low, high = (table[f"{name}_{end}"] for end in ("hours", "low", "high"))
        widened = (table["verdict"] == BEST) & estimate.notna()
        endless = (near & high.isna()).groupby(group).transform("any")
        lowest = low.where(near).groupby(group).transform("min")
        highest = high.where(near).groupby(group).transform("max").mask(endless)
        found = {f"{name}_low": low.mask(widened, lowest), f"{name}_high": high.mask(widened, highest)}
        table = table.assign(**found)
    return table


def _without_misfits(table: pd.DataFrame) -> pd.DataFrame:
    """No quantile of any law where the best one of its group does not fit."""
    misfit = table.groupby("group")["p_fit"].transform("max") <= MISFIT
    quantiles = [f"{name}_{end}" for name in _QUANTILES for end in ("hours", "low", "high")]
    return table.assign(
        **{c: table[c].mask(misfit) for c in quantiles},
        reason=table["reason"].mask(misfit & table["verdict"].notna(), NO_FIT),
    )


def _observed(durations: pd.DataFrame, *, groups: int) -> Observations:
    group, hours = durations["group"].to_numpy(np.int64), durations["hours"].to_numpy(float)
    ended = ~durations["censored"].to_numpy(bool)
    entry = durations["entry_hours"].to_numpy(float)
    lower, upper = limits(hours, ended, group=group, resolution=durations["resolution_hours"].to_numpy(float))
    late = entry if entry.any() else None
    return observations(np.maximum(lower, entry), upper, group=group, groups=groups, entry=late)


def _details(fit: Fits, longest: np.ndarray) -> pd.DataFrame:
    """Parameters and quantiles of one family, with their intervals."""
    location, scale = np.exp(profile_interval(fit, LOCATION)[_ENDS]), profile_interval(fit, SCALE)
    columns = dict(zip(("location_hours", "location_low", "location_high"), location.to_numpy().T, strict=True))
    shape = scale[_ENDS].to_numpy().T
    shape = np.full_like(shape, np.nan) if fit.family.scale is not None else shape
    if fit.family.power is not None:  # customary is the inverse, so that its limits change places
        shape = 1 / shape[[0, 2, 1]]
    columns |= dict(zip(("shape", "shape_low", "shape_high"), shape, strict=True))
    reason = pd.Series(fit.reason, dtype="str")
    for name, share in _QUANTILES.items():
        found = profile_interval(fit, quantile_of_fit(share))
        far = (found["estimate"] > longest).to_numpy()
        high = found["high"].where(found["high"] <= longest)
        columns |= {f"{name}_hours": found["estimate"].mask(far), f"{name}_low": found["low"].mask(far)}
        columns |= {f"{name}_high": high.mask(far)}
        reason = reason.fillna(pd.Series(np.where(far, BEYOND, None), dtype="str"))
    return pd.DataFrame(columns).assign(reason=reason)


def _best_fits(seen: Observations, fits: dict[str, Fits], table: pd.DataFrame, *, seed: int) -> pd.Series:
    """P of the best family of each group; the others are not asked."""
    p = pd.Series(np.nan, index=table.index)
    for name, fit in fits.items():
        rows = table.index[(table["family"] == name) & (table["verdict"] == BEST)]
        if len(rows):
            groups = table.loc[rows, "group"].to_numpy()
            tested = anderson_darling(seen, _only(fit, groups), seed=seed)
            p[rows] = tested["p"].to_numpy()[groups]
    return p


def _only(fit: Fits, groups: np.ndarray) -> Fits:
    """The fits of some groups alone; the others have none."""
    reason = fit.reason.copy()
    reason[np.setdiff1d(np.arange(len(reason)), groups)] = "another family fits better"
    return replace(fit, reason=reason)


def _longest(durations: pd.DataFrame, groups: int) -> np.ndarray:
    ended = durations[~durations["censored"]]
    return ended["hours"].groupby(ended["group"]).max().reindex(range(groups)).to_numpy(float)
