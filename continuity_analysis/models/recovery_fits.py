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

from continuity_analysis.models.duration_fits import FEWEST_ENDED, fit_durations
from continuity_analysis.models.proportions import clopper_pearson

FEW = f"fewer than {FEWEST_ENDED} came back"
_NAMES = {"difference": "aicc_difference", "median_low": "low", "median_high": "high", "p_fit": "fit_p"}


def fit_recovery_times(recoveries: pd.DataFrame, *, groups: int, seed: int = 0) -> pd.DataFrame:
    """The law of the durations of each group, by every family.

    Parameters
    ----------
    recoveries : DataFrame
        Columns group (from 0), outcome (restored, never or censored), hours [h], resolution_hours [h].
    groups : int
    seed : int
        Of the samples drawn to see whether the best fits.

    Returns
    -------
    DataFrame
        One row per group and family, the best first (one without a family where there is no fit): group, n,
        n_restored, n_failed, n_censored; share_restored of those that ended with share_low and share_high; family,
        aicc_difference, verdict, median_hours with low and high, p90_hours with p90_low and p90_high (of those that
        come back) [h], fit_p and reason as of `fit_durations`.
    """
    counts = _counts(recoveries, groups)
    back = recoveries[recoveries["outcome"].isin(["restored", "censored"])]
    fits = fit_durations(back.assign(censored=back["outcome"] == "censored", entry_hours=0.0), groups=groups, seed=seed)
    fits = fits.rename(columns=_NAMES)
    why = fits.groupby("group")["reason"].first().mask(counts["n_restored"] < FEWEST_ENDED, FEW)
    whole = counts.merge(fits[fits["verdict"].notna()].drop(columns=["n", "n_censored"]), on="group", how="left")
    whole["reason"] = whole["reason"].astype("str").mask(whole["family"].isna(), whole["group"].map(why).astype("str"))
    return whole[
        [*counts.columns, "family", "aicc_difference", "verdict", "median_hours", "low", "high", "p90_hours",
         "p90_low", "p90_high", "fit_p", "reason"]
    ]  # fmt: skip


def _counts(recoveries: pd.DataFrame, groups: int) -> pd.DataFrame:
    """How many of each group ended how, and the share of those that ended which came back."""
    outcome, group = recoveries["outcome"].to_numpy(object), recoveries["group"].to_numpy(np.int64)
    restored, never, lasting = (
        np.bincount(group[outcome == w], minlength=groups) for w in ("restored", "never", "censored")
    )
    ended = restored + never
    low, high = clopper_pearson(restored, ended)
    share = np.where(ended > 0, restored / np.where(ended > 0, ended, 1), np.nan)
    counts = {"n": ended + lasting, "n_restored": restored, "n_failed": never, "n_censored": lasting}
    shares = {"share_restored": share, "share_low": low, "share_high": high}
    return pd.DataFrame({"group": np.arange(groups), **counts, **shares})
