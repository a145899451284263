"""Do incidents take longer than they did? One test, stated beforehand, and in words what it can and cannot see.

The verdict rests on the permutation log-rank test alone, its p adjusted for how many groups are asked about
(Benjamini-Hochberg). The ratios of medians and of restricted means describe; their intervals follow from those of the
two values (method of variance estimates recovery, on logarithms).

References
----------
Zou, G. Y. and Donner, A. (2008), Construction of confidence limits about effect measures, Statistics in Medicine 27.
Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, JRSS B 57.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.detectable import detectable_ratio
from continuity_analysis.models.lifetimes import kaplan_meier, quantiles, restricted_mean
from continuity_analysis.models.log_rank import log_rank_scores, permutation_log_rank
from continuity_analysis.models.multiple_tests import benjamini_hochberg

LEVEL = 0.05
LONGER, SHORTER, UNCHANGED, TOO_FEW = "longer", "shorter", "no evidence of a change", "too few to tell"
FEWEST_FOR_MEAN = 30
_Z = 1.959963984540054


def compare_durations(durations: pd.DataFrame, *, groups: int, seed: int = 0) -> pd.DataFrame:
    """A second sample of durations against a first, in every group at once.

    Parameters
    ----------
    durations : DataFrame
        Columns group (from 0), second (false: of the first sample), stratum (only within one are samples compared),
        hours [h], censored.
    groups : int
        How many groups there are.
    seed : int
        Of the shuffles and simulations.

    Returns
    -------
    DataFrame
        One row per group: n_first, n_second, n_censored_first, n_censored_second; median_first, median_second [h];
        median_ratio (second over first) with ratio_low, ratio_high; mean_ratio, of the means within the shorter of the
        two longest observations, with mean_ratio_low and mean_ratio_high (from 30 in each); p and adjusted_p;
        detectable_ratio, the smallest ratio that samples of these sizes would show 8 times in 10; verdict.
    """
    group, second = durations["group"].to_numpy(np.int64), durations["second"].to_numpy(bool)
    hours, censored = durations["hours"].to_numpy(float), durations["censored"].to_numpy(bool)
    stratum = pd.factorize(pd.MultiIndex.from_arrays([group, durations["stratum"]]))[0]
    scores = log_rank_scores(hours, ~censored, stratum)
    tested = permutation_log_rank(scores, second, stratum, group=group, groups=groups, seed=seed)
    described = _describe(hours, ~censored, 2 * group + second, groups=groups)
    smallest = detectable_ratio(hours, ~censored, second=second, group=group, groups=groups, seed=seed)
    enough = (tested["ways"] * LEVEL >= 2).to_numpy()
    adjusted = benjamini_hochberg(tested["p"].where(enough).to_numpy())
    changed = np.where(tested["excess"] < 0, LONGER, SHORTER)
    verdict = np.select([~enough, adjusted <= LEVEL], [TOO_FEW, changed], UNCHANGED)
    return described.assign(
        p=tested["p"].where(enough),
        adjusted_p=adjusted,
        detectable_ratio=np.where(enough, smallest, np.nan),
        verdict=pd.Series(verdict, dtype="str"),
    )


def ratio_interval(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Second over first, with the interval that follows from theirs.

    Parameters
    ----------
    first, second : DataFrame
        Columns estimate, low, high, all above zero; a limit that is null leaves the one that needs it null.

    Returns
    -------
    DataFrame
        Columns ratio, low, high.
    """
    a, b = (np.log(x[["estimate", "low", "high"]].where(x[["estimate", "low", "high"]] > 0)) for x in (first, second))
    middle = b["estimate"] - a["estimate"]
    down = np.hypot(b["estimate"] - b["low"], a["high"] - a["estimate"])
    up = np.hypot(b["high"] - b["estimate"], a["estimate"] - a["low"])
    return pd.DataFrame({"ratio": np.exp(middle), "low": np.exp(middle - down), "high": np.exp(middle + up)})


def _describe(hours: np.ndarray, ended: np.ndarray, sample: np.ndarray, *, groups: int) -> pd.DataFrame:
    """Sizes, medians and ratios; the samples of group g are numbered 2 g and 2 g + 1."""
    curves = kaplan_meier(hours, ended, group=sample, groups=2 * groups)
    medians = quantiles(curves, 0.5)
    longest = restricted_mean(curves)["horizon"].to_numpy().reshape(groups, 2)
    means = restricted_mean(curves, np.repeat(longest.min(axis=1), 2))
    log_se = np.where(curves.n >= FEWEST_FOR_MEAN, means["se"] / means["mean"], np.nan)
    means = pd.DataFrame({"estimate": means["mean"], "low": means["mean"] * np.exp(-_Z * log_se),
                          "high": means["mean"] * np.exp(_Z * log_se)})  # fmt: skip
    of_medians, of_means = (
        ratio_interval(x.iloc[::2].reset_index(drop=True), x.iloc[1::2].reset_index(drop=True))
        for x in (medians, means)
    )
    (n_first, n_second), (open_first, open_second) = (
        x.reshape(groups, 2).T for x in (curves.n, curves.n - curves.n_events)
    )
    first, second = medians["estimate"].to_numpy().reshape(groups, 2).T
    return pd.DataFrame(
        {"n_first": n_first, "n_second": n_second, "n_censored_first": open_first, "n_censored_second": open_second,
         "median_first": first, "median_second": second, "median_ratio": of_medians["ratio"],
         "ratio_low": of_medians["low"], "ratio_high": of_medians["high"], "mean_ratio": of_means["ratio"],
         "mean_ratio_low": of_means["low"], "mean_ratio_high": of_means["high"]}
    )  # fmt: skip
