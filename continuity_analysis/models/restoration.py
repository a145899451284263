"""Time to restore per group: quantiles, means and the share within a target, open incidents censored."""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import Curves, kaplan_meier, quantiles, restricted_mean, share_ended

QUANTILES = {"median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95}
RESTRICTED = {"mean": "restricted_mean_hours", "se": "restricted_mean_se", "low": "restricted_mean_low",
              "high": "restricted_mean_high", "horizon": "horizon_hours"}  # fmt: skip
FEWEST_FOR_MEAN = 30
_Z = 1.959963984540054


def estimate_restoration(durations: pd.DataFrame, *, groups: int, within_hours=np.nan) -> pd.DataFrame:
    """What the durations of each group say.

    Parameters
    ----------
    durations : DataFrame
        Columns group (from 0), hours [h], censored, and, where some came under observation late, entry_hours (how long
        they had lasted by then) [h]; every row is an observation.
    groups : int
        How many groups there are; one without observations has n = 0 and nothing else.
    within_hours : array of float, shape (groups,)
        Target of each group [h]; NaN: none.

    Returns
    -------
    DataFrame
        One row per group: n, n_censored, n_late (came under observation late); median_hours with low, high; p75_hours,
        p90_hours, p95_hours with …_low, …_high (Kaplan-Meier, inverted log(-log) band; null what is not reached, and
        where so few would lie beyond that it is the longest of them: below n = 4, 10, 20);
        mean_hours (arithmetic, only where nothing is censored or late) with mean_low, mean_high (Cox's method, from n =
        30); restricted_mean_hours up to horizon_hours, the longest observation, with restricted_mean_se,
        restricted_mean_low, restricted_mean_high; geometric_mean_hours (likewise, none zero); length_biased_mean_hours
        (likewise: the sum of squares over the sum, the mean length of the incident that a random moment of disruption
        belonged to); max_hours (longest that has ended), longest_open_hours; share_within the target with share_low and
        share_high; share_at_least, which it cannot fall below (the share at the longest observation, where that is
        shorter than the target).
    """
    group, hours = durations["group"].to_numpy(np.int64), durations["hours"].to_numpy(float)
    ended = ~durations["censored"].to_numpy(bool)
    curves = curves_of(durations, groups=groups)
    share = share_ended(curves, within_hours).set_axis(["share_within", "share_low", "share_high"], axis=1)
    longest = _largest(hours, group, groups)
    share["share_at_least"] = share_ended(curves, np.minimum(within_hours, longest))["estimate"]
    restricted = restricted_mean(curves)[list(RESTRICTED)].set_axis(list(RESTRICTED.values()), axis=1)
    late = curves.n - curves.from_start
    columns = {"n": curves.n, "n_censored": curves.n - curves.n_events, "n_late": late} | _quantiles(curves)
    columns |= _means(hours, group, curves)
    columns |= {
        "max_hours": _largest(hours[ended], group[ended], groups),
        "longest_open_hours": _largest(hours[~ended], group[~ended], groups),
    }
    return pd.concat([pd.DataFrame(columns), restricted, share], axis=1)


def curves_of(durations: pd.DataFrame, *, groups: int) -> Curves:
    """Survival curves of durations, those that came under observation late counted from then on.

    Parameters
    ----------
    durations, groups
        As of `estimate_restoration`.
    """
    entry = durations["entry_hours"].to_numpy(float) if "entry_hours" in durations else np.zeros(len(durations))
    ended = ~durations["censored"].to_numpy(bool)
    late = entry if entry.any() else None
    return kaplan_meier(durations["hours"], ended, group=durations["group"], groups=groups, entry=late)


def estimate_survival(durations: pd.DataFrame, *, groups: int) -> pd.DataFrame:
    """The survival curves themselves.

    Returns
    -------
    DataFrame
        group, hours, survival, low, high, n_at_risk: one row per group and time, beginning with 0 h, at which all last.
    """
    curves = curves_of(durations, groups=groups)
    steps = {"hours": curves.hours, "survival": curves.survival, "low": curves.low, "high": curves.high}
    rows = pd.DataFrame({"group": curves.group, **steps, "n_at_risk": curves.at_risk})
    some = np.flatnonzero(curves.n > 0)
    begin = dict.fromkeys(("survival", "low", "high"), 1.0) | {"hours": 0.0}
    begins = pd.DataFrame({"group": some, "n_at_risk": curves.n[some]}).assign(**begin)
    later = rows[~((rows["hours"] == 0) & (rows["survival"] == 1))]
    whole = pd.concat([begins[rows.columns], later], ignore_index=True)
    return whole.sort_values(["group", "hours", "survival"], ascending=[True, True, False], ignore_index=True)


def _quantiles(curves: Curves) -> dict[str, pd.Series]:
    columns = {}
    for name, share in QUANTILES.items():
        enough = (share == 0.5) | (np.round(curves.n * (1 - share), 9) >= 1)
        found = quantiles(curves, share)
        found[~enough] = np.nan
        ends = ("low", "high") if name == "median" else (f"{name}_low", f"{name}_high")
        columns |= dict(zip((f"{name}_hours", *ends), (found[c] for c in ("estimate", "low", "high")), strict=True))
    return columns


def _means(hours: np.ndarray, group: np.ndarray, curves: Curves) -> dict[str, np.ndarray]:
    """The means that need complete durations; the interval of the arithmetic one by Cox's method on the logs.

    Cox's method supposes lognormal durations; where the arithmetic mean itself falls outside the interval they are not,
    and it is left out.

    References
    ----------
    Zhou, X. H. and Gao, S. (1997), Confidence intervals for the log-normal mean, Statistics in Medicine 16.
    """
    n, groups = curves.n, len(curves.n)
    whole = (n > 0) & (curves.n_events == n) & (curves.from_start == n)
    size = np.maximum(n, 1)
    total, squares = (np.bincount(group, weights=hours**power, minlength=groups) for power in (1, 2))
    mean = total / size
    positive = np.bincount(group, weights=hours > 0, minlength=groups) == n
    logs = np.log(np.where(hours > 0, hours, 1.0))
    centre = np.bincount(group, weights=logs, minlength=groups) / size
    variance = np.bincount(group, weights=(logs - centre[group]) ** 2, minlength=groups) / np.maximum(n - 1, 1)
    half = _Z * np.sqrt(variance / size + variance**2 / (2 * np.maximum(n - 1, 1)))
    with np.errstate(over="ignore"):  # an interval that reaches infinity is left out below
        low, high = np.exp(centre + variance / 2 - half), np.exp(centre + variance / 2 + half)
    fits = whole & positive & (n >= FEWEST_FOR_MEAN) & (low <= mean) & (mean <= high) & np.isfinite(high)
    return {
        "mean_hours": np.where(whole, mean, np.nan),
        "mean_low": np.where(fits, low, np.nan),
        "mean_high": np.where(fits, high, np.nan),
        "length_biased_mean_hours": np.where(whole & (total > 0), squares / np.where(total > 0, total, 1), np.nan),
        "geometric_mean_hours": np.where(whole & positive, np.exp(centre), np.nan),
    }


def _largest(hours: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    largest = np.full(groups, -np.inf)
    np.maximum.at(largest, group, hours)
    return np.where(np.isinf(largest), np.nan, largest)
