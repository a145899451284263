"""Laws fitted to durations of recoveries that came back: which family, its quantiles, and whether it fits at all.

A recovery that failed is never restored: no law of durations holds it. So the law is that of recoveries that come back,
and the share that does stands beside it with its exact interval (a cure model, with those that never come back as the
cured ones). One aborted or running counts as having lasted at least so long, as if it would have come back.

References
----------
Maller, R. A. and Zhou, X. (1996), Survival Analysis with Long-Term Survivors.
Meeker, W. Q. and Escobar, L. A. (1998), Statistical Methods for Reliability Data, chapters 8 and 11.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import (
    FAMILIES,
    anderson_darling,
    compare_families,
    fit_lifetimes,
    limits,
    observations,
    profile_interval,
    quantile_of_fit,
)
from continuity_analysis.models.proportions import clopper_pearson

FEWEST = 10
MISFIT = 0.01  # below this chance a law is not the one that durations follow
FEW = f"fewer than {FEWEST} came back"
NO_FIT = "the law does not fit"
BEYOND = "P90 lies beyond the longest that came back"
_MINUTES = 1e-6


def fit_recovery_times(recoveries: pd.DataFrame, *, groups: int, seed: int = 0) -> pd.DataFrame:
    """The law of the durations of each group, by every family.

    Parameters
    ----------
    recoveries : DataFrame
        Columns group (from 0), outcome (restored, never or censored), hours.
    groups : int
    seed : int
        Of the bootstrap behind the test of fit.

    Returns
    -------
    DataFrame
        One row per group and family, the best first (one without a family where there is no fit): group, n,
        n_restored, n_failed, n_censored; share_restored of those that ended with share_low and share_high; family,
        aicc_difference, verdict ("best", "not separable from the best", "worse"); median_hours with low and high,
        p90_hours with p90_low and p90_high (of those that come back; no tail beyond the longest seen) [h]; fit_p
        (Anderson-Darling; below 1 % the law does not fit and no quantile is given), reason (why any is null).
    """
    counts, seen = _observed(recoveries, groups)
    fits = {name: fit_lifetimes(seen, family) for name, family in FAMILIES.items()}
    ranked = compare_families(list(fits.values()))
    found = pd.concat([_fitted(name, fit, seen, seed) for name, fit in fits.items()])
    ranked = ranked.merge(found, on=["group", "family"], validate="1:1").sort_values(
        ["group", "aicc"], kind="stable", ignore_index=True
    )
    whole = counts.merge(ranked[ranked["verdict"].notna()], on="group", how="left")
    left_out = whole["family"].isna()
    because = np.where(whole["n_restored"] < FEWEST, FEW, whole["group"].map(ranked.groupby("group")["reason"].first()))
    reason = whole["why"].mask(left_out, pd.Series(because, index=whole.index))
    return whole.assign(reason=reason.astype("str"), aicc_difference=whole["difference"])[
        [*counts.columns, "family", "aicc_difference", "verdict", "median_hours", "low", "high", "p90_hours",
         "p90_low", "p90_high", "fit_p", "reason"]
    ]  # fmt: skip


def _observed(recoveries: pd.DataFrame, groups: int):
    """How many of each group ended how, and the durations of all but those that failed."""
    outcome, group = recoveries["outcome"].to_numpy(object), recoveries["group"].to_numpy(np.int64)
    restored, never, lasting = (
        np.bincount(group[outcome == w], minlength=groups) for w in ("restored", "never", "censored")
    )
    low, high = clopper_pearson(restored, restored + never)
    ended = restored + never
    share = np.where(ended > 0, restored / np.where(ended > 0, ended, 1), np.nan)
    counts = {"n": ended + lasting, "n_restored": restored, "n_failed": never, "n_censored": lasting}
    shares = {"share_restored": share, "share_low": low, "share_high": high}
    kept = np.isin(outcome, ["restored", "censored"]) & (restored >= FEWEST)[group]
    hours, known, of = recoveries["hours"].to_numpy(float)[kept], outcome[kept] == "restored", group[kept]
    between = limits(hours, known, group=of, resolution=_resolution(hours, of, groups)[of])
    seen = observations(*between, group=of, groups=groups)
    return pd.DataFrame({"group": np.arange(groups), **counts, **shares}), seen


def _resolution(hours: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """How finely the durations of each group are told [h]: to the minute where all are whole minutes, else a second."""
    odd = np.abs(hours * 60 - np.round(hours * 60)) > _MINUTES
    return np.where(np.bincount(group[odd], minlength=groups) > 0, 1 / 3600, 1 / 60)


def _fitted(name: str, fit, seen, seed: int) -> pd.DataFrame:
    """Quantiles and fit of one family, one row per group."""
    median, p90 = (profile_interval(fit, quantile_of_fit(share)) for share in (0.5, 0.9))
    test = anderson_darling(seen, fit, seed=seed)
    known = np.isfinite(seen.upper)
    longest = np.full(seen.groups, -np.inf)
    np.maximum.at(longest, seen.group[known], seen.upper[known])
    beyond = (p90["estimate"] > longest).to_numpy(bool)
    columns = {"median_hours": median["estimate"], "low": median["low"], "high": median["high"]}
    ends = {"p90_hours": "estimate", "p90_low": "low", "p90_high": "high"}
    columns |= {name: p90[end].mask(beyond) for name, end in ends.items()}
    misfit = test["p"] < MISFIT
    columns = {column: values.mask(misfit) for column, values in columns.items()}
    why = (
        median["reason"].where(median["reason"].notna(), pd.Series(np.where(beyond, BEYOND, None))).mask(misfit, NO_FIT)
    )
    return pd.DataFrame({"group": np.arange(seen.groups), "family": name, **columns, "fit_p": test["p"], "why": why})
