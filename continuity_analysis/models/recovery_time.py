"""How long recovery takes, and what few recoveries prove about an RTO.

The chance to meet the RTO is successes over evaluable attempts with the exact (Clopper-Pearson) interval; the *proven*
chance is its one-sided 95 % lower bound. The slowest of n that came back bounds no more than the 0.05^(1/n) quantile of
those that come back (Wilks: 59 prove 95 %). The law is Kaplan-Meier; a failed recovery stays at risk for ever, so that
the curve levels off at the share that never came back. The median's interval is the exact one by order statistics where
none is censored, else the inverted band of the curve.

References
----------
Wilks, S. S. (1941), Determination of sample sizes for setting tolerance limits, Annals of Mathematical Statistics 12.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles
from continuity_analysis.models.order_statistics import quantile_ranks, share_bounded
from continuity_analysis.models.proportions import clopper_pearson, lower_bound
from continuity_analysis.models.restoration import estimate_survival

MOST_EVIDENCE = 10_000_000
CLOCKS = ("disrupted", "declared", "data")
_FOR_EVER = 1e12  # hours at which what never came back is kept at risk


def evidence_needed(successes, trials, *, chance) -> np.ndarray:
    """How many more successes in a row carry the proven chance to the required one; NaN where none could.

    Parameters
    ----------
    successes, trials : array of int
    chance : array of float
        Required, below 1; NaN: none.
    """
    k, n, wanted = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (successes, trials, chance)))
    low, high = np.full(k.shape, -1.0), np.full(k.shape, float(MOST_EVIDENCE))
    for _ in range(MOST_EVIDENCE.bit_length() + 1):  # the bound grows with each success: halve the span
        middle = np.floor((low + high) / 2)
        enough = np.nan_to_num(lower_bound(k + middle, n + middle)) >= wanted
        low, high = np.where(enough | (middle < 0), low, middle), np.where(enough & (middle >= 0), middle, high)
    reached = np.nan_to_num(lower_bound(k + high, n + high)) >= wanted
    return np.where(reached & ~np.isnan(wanted), high, np.nan)


def estimate_recovery_time(recoveries: pd.DataFrame, groups: pd.Index, *, within_hours, chance) -> pd.DataFrame:
    """What the recoveries of each group say.

    Parameters
    ----------
    recoveries : DataFrame
        Columns group (number of the group), kind (drill or restore), and of each clock (the service's own, disrupted_,
        declared_, data_) outcome and hours, as `measure_recoveries` returns them.
    groups : Index
        Names of the groups.
    within_hours, chance : array of float, one per group
        The RTO [h] and the chance required; NaN: none.

    Returns
    -------
    DataFrame
        service; n, n_real, n_drills; n_evaluable, n_met, n_real_over, n_drills_over (0 without an RTO); n_failed,
        n_censored, n_data_only; chance, low, high, proven_chance, evidence_needed; median_hours, median_low,
        median_high; worst_hours (slowest evaluable; infinite: never restored), slowest_restored_hours and
        slowest_bounds_share (of those that come back at least this share takes no longer; what was called off or is
        running counts as slower); disrupted_, declared_ and
        data_median_hours and …_worst_hours, by those clocks and of the restoring of data alone.
    """
    n, limit = len(groups), np.asarray(within_hours, dtype=float)
    group = recoveries["group"].to_numpy(dtype=np.int64)
    judged = _judged(recoveries, limit[group])
    counts = {name: np.bincount(group[rows], minlength=n) for name, rows in _chosen(recoveries, judged).items()}
    met, tried = counts["n_met"], counts["n_evaluable"]
    low, high = clopper_pearson(met, tried)
    proof = {
        "chance": met / np.where(tried > 0, tried, np.nan),
        "low": low,
        "high": high,
        "proven_chance": lower_bound(met, tried),
        "evidence_needed": evidence_needed(met, tried, chance=np.where(np.isnan(limit), np.nan, chance)),
    }
    return pd.DataFrame({"service": groups, **counts, **proof, **_hours(recoveries, judged, n)})


def estimate_recovery_survival(recoveries: pd.DataFrame, *, groups: int) -> pd.DataFrame:
    """Share of recoveries not yet over after a time; levels off at the share that never came back.

    Parameters
    ----------
    recoveries : DataFrame
        Columns group (from 0), outcome, hours.

    Returns
    -------
    DataFrame
        group, hours, survival, low, high, n_at_risk; each curve begins at 0 h.
    """
    curves = estimate_survival(_law(recoveries, "outcome", "hours"), groups=groups)
    return curves[curves["hours"] < _FOR_EVER].reset_index(drop=True)


def _judged(recoveries: pd.DataFrame, limit: np.ndarray) -> dict[str, np.ndarray]:
    """Which can be held against the RTO, and which met it."""
    outcome, hours = recoveries["outcome"], recoveries["hours"].to_numpy(dtype=float)
    part = recoveries["data_hours"].to_numpy(dtype=float)
    part = np.where(recoveries["data_outcome"] == "never", np.nan, part)  # a tool that failed may just be run again
    late = (hours > limit) | (part > limit)
    ended = outcome.isin(["restored", "never"]).to_numpy()
    asked = ~np.isnan(limit)
    return {"evaluable": asked & (ended | late), "met": asked & (outcome == "restored").to_numpy() & ~late}


def _chosen(recoveries: pd.DataFrame, judged: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Which recoveries each count counts."""
    drill = (recoveries["kind"] == "drill").to_numpy(dtype=bool)
    over = judged["evaluable"] & ~judged["met"]
    outcome = {"n_failed": "never", "n_censored": "censored", "n_data_only": "data"}
    return {
        "n": np.ones(len(recoveries), dtype=bool),
        "n_real": ~drill,
        "n_drills": drill,
        "n_evaluable": judged["evaluable"],
        "n_met": judged["met"],
        "n_real_over": over & ~drill,
        "n_drills_over": over & drill,
        **{name: (recoveries["outcome"] == word).to_numpy(dtype=bool) for name, word in outcome.items()},
    }


def _hours(recoveries: pd.DataFrame, judged: dict[str, np.ndarray], n: int) -> dict[str, np.ndarray]:
    ended = recoveries["outcome"].isin(["restored", "never"]).to_numpy()
    lasted = recoveries["hours"].fillna(recoveries["data_hours"]).to_numpy(dtype=float)
    restored = (recoveries["outcome"] == "restored").to_numpy()
    group, lasting = recoveries["group"].to_numpy(np.int64), (recoveries["outcome"] == "censored").to_numpy()
    back, longer = (np.bincount(group[which], minlength=n) for which in (restored, lasting))
    clocks = {name: values for clock in CLOCKS for name, values in _by_clock(recoveries, clock, n).items()}
    return {
        **_median(_law(recoveries, "outcome", "hours"), n),
        "worst_hours": _largest(recoveries, lasted, ended | judged["evaluable"], n),
        "slowest_restored_hours": _largest(recoveries, lasted, restored, n),
        "slowest_bounds_share": share_bounded(back, longer),
        **clocks,
    }


def _by_clock(recoveries: pd.DataFrame, clock: str, n: int) -> dict[str, np.ndarray]:
    """The median by one clock and the longest that is over; infinite where one that is to be restored never was."""
    outcome, hours = recoveries[f"{clock}_outcome"], recoveries[f"{clock}_hours"].to_numpy(float)
    over = outcome.isin(["restored"] if clock == "data" else ["restored", "never"]).to_numpy()
    median = _median(_law(recoveries, f"{clock}_outcome", f"{clock}_hours"), n)["median_hours"]
    return {f"{clock}_median_hours": median, f"{clock}_worst_hours": _largest(recoveries, hours, over, n)}


def _law(recoveries: pd.DataFrame, outcome: str, hours: str) -> pd.DataFrame:
    """Durations as lifetimes: what never came back is still at risk at any time that could be asked for."""
    rows = recoveries[recoveries[outcome] != "data"]
    lasted = rows[hours].replace(np.inf, _FOR_EVER).astype(float)
    return pd.DataFrame({"group": rows["group"], "hours": lasted, "censored": rows[outcome] != "restored"})


def _median(law: pd.DataFrame, n: int) -> dict[str, np.ndarray]:
    """The Kaplan-Meier median and its interval: exact by order statistics where nothing but failures is left over."""
    curves = kaplan_meier(law["hours"], ~law["censored"], group=law["group"], groups=n)
    found = quantiles(curves, 0.5)
    lasting = law["censored"] & (law["hours"] < _FOR_EVER)
    whole = np.bincount(law["group"][lasting], minlength=n) == 0
    order = law.sort_values(["group", "hours"])
    ranks = quantile_ranks(curves.n)[:2]
    hours, first = np.append(order["hours"].to_numpy(float), np.nan), np.cumsum(curves.n) - curves.n
    at = [np.where(np.isnan(r), len(law), first + np.nan_to_num(r) - 1).astype(np.int64) for r in ranks]
    exact = [np.where(hours[rows] < _FOR_EVER, hours[rows], np.nan) for rows in at]
    limits = [np.where(whole, e, found[end]) for e, end in zip(exact, ("low", "high"), strict=True)]
    return dict(
        zip(("median_hours", "median_low", "median_high"), (found["estimate"].to_numpy(), *limits), strict=True)
    )


def _largest(recoveries: pd.DataFrame, hours: np.ndarray, which: np.ndarray, n: int) -> np.ndarray:
    found = pd.Series(hours[which]).groupby(recoveries["group"].to_numpy()[which]).max()
    return found.reindex(range(n)).to_numpy(dtype=float)
