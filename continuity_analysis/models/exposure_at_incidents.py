"""Was more data at risk when incidents began than at a random moment?

The age at a random moment has the law F, which is known exactly. If incidents began without regard to backups, the
position U = F(age at the start) would be uniform between 0 and 1, whatever the law (time rescaling). Where the law has
a step (no recovery point at all, or age 0) the middle of the step is taken, which does not raise its level.
The sum of n uniforms has the Irwin-Hall distribution, so that the chance of positions as high as these on average is
exact. It supposes that incidents began independently of each other: those of one cascade make it too small.

References
----------
Rosenblatt, M. (1952), Remarks on a multivariate transformation, Annals of Mathematical Statistics 23, 470-472.
Hall, P. (1927), The distribution of means for samples of size N drawn from a population in which the variate takes
values between 0 and 1, Biometrika 19, 240-245.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.exposure_law import HOUR, ExposureLaw
from continuity_analysis.models.multiple_tests import benjamini_hochberg
from continuity_analysis.models.proportions import clopper_pearson

COLUMNS = (
    "n", "n_unknown", "median_hours", "worst_hours", "random_median_hours", "random_worst_hours", "mean_position",
    "n_worse", "share_worse", "low", "high", "p_value", "p_adjusted", "verdict", "n_lost", "n_noticed", "reason",
)  # fmt: skip
AT_LEAST = 5
"""Below so many incidents nothing is tested."""


def positions(law: ExposureLaw, group: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """For how large a share of its covered time each group had less at risk than this.

    Parameters
    ----------
    law : ExposureLaw
    group : ndarray of int, shape (n,)
        Number of the group in the law; -1 for none.
    hours : ndarray of float, shape (n,)
        Ages [h]; infinite where there was no recovery point.

    Returns
    -------
    ndarray of float, shape (n,)
        F(age), the middle of its step where it has one; NaN where the age or the law is not known.
    """
    if not len(law.groups):
        return np.full(len(hours), np.nan)
    covered, bare = law.total(law.known)[group], law.total(law.unprotected)[group]
    young = law.total(law.protected & (law.oldest == law.youngest))[group]
    finite = np.where(np.isfinite(hours), hours, 0.0)
    below = young * np.where(finite > 0, 1.0, 0.5) + _time_below(law, group, finite * HOUR)
    known = (group >= 0) & (covered > 0) & ~np.isnan(hours)
    below = np.where(np.isposinf(hours), covered - bare / 2, below)
    return np.where(known, below / np.where(known, covered, 1), np.nan)


def _time_below(law: ExposureLaw, group: np.ndarray, ages: np.ndarray) -> np.ndarray:
    """Time [us] each group spent rising through ages below this one [us]."""
    code, age, below, active = law.knots
    if not len(code):
        return np.zeros(len(ages))
    knots = pd.DataFrame({"code": code, "age": age.astype(float), "below": below, "active": active})
    knots = knots.drop_duplicates(["code", "age"], keep="last")
    knots = knots.assign(below=knots["below"] - knots.groupby("code")["below"].transform("first"))
    asked = pd.DataFrame({"code": np.asarray(group, dtype=np.int64), "sought": ages}).reset_index(names="row")
    found = pd.merge_asof(
        asked.sort_values("sought"), knots.sort_values("age"), left_on="sought", right_on="age", by="code"
    ).sort_values("row")
    return (found["below"] + found["active"] * (found["sought"] - found["age"])).fillna(0.0).to_numpy()


def estimate_exposure_at_incidents(
    incidents: pd.DataFrame, law: ExposureLaw, *, groups: pd.Index, alone: np.ndarray
) -> pd.DataFrame:
    """Exposure at the starts of each group's incidents beside that at a random moment.

    Parameters
    ----------
    incidents : DataFrame
        Columns group (number in `groups`), hours (age at the start [h]; infinite: no point; NaN: unknown), position
        (as of `positions`), survived (True, False or missing).
    law : ExposureLaw
        Of the groups; one that it has not is left without a law of its own.
    groups : Index
    alone : ndarray of bool
        Groups of which each is a question of its own; the p-values of the others are adjusted for how many are asked
        about (Benjamini-Hochberg).

    Returns
    -------
    DataFrame
        One row per group: n, n_unknown (left out), median_hours, worst_hours at the starts, random_median_hours,
        random_worst_hours; mean_position (one half at random), n_worse (starts in the worse half of the time),
        share_worse with low and high (exact, Clopper-Pearson), p_value (one-sided, exact; null below 5 incidents),
        p_adjusted, verdict (worse, no evidence, or null), n_lost (points gone before the incident was noticed) out of
        n_noticed, reason.
    """
    every = np.arange(len(groups))
    place = law.groups.get_indexer(groups)
    random = {f"random_{k}_hours": _of(law.quantile(q), place) for k, q in (("median", 0.5), ("worst", 1.0))}
    found = _starts(incidents, every).assign(**random)
    n, worse = (found[c].to_numpy() for c in ("n", "n_worse"))
    few = n < AT_LEAST
    p = np.where(few, np.nan, _chance_of_sum(found["total"].to_numpy(), n))
    adjusted = np.where(alone, p, benjamini_hochberg(np.where(alone, np.nan, p)))
    low, high = clopper_pearson(worse, n)
    noticed = incidents.dropna(subset="survived")
    lost = noticed["survived"].eq(False).groupby(noticed["group"]).agg(["sum", "size"]).reindex(every, fill_value=0)
    shares = {"mean_position": found["total"], "share_worse": worse}
    return found.assign(
        **{name: np.where(n > 0, value / np.maximum(n, 1), np.nan) for name, value in shares.items()},
        low=low,
        high=high,
        p_value=p,
        p_adjusted=adjusted,
        verdict=_words(np.where(adjusted <= 0.05, "worse", "no evidence"), ~few),
        n_lost=lost["sum"].astype("int64"),
        n_noticed=lost["size"].astype("int64"),
        reason=_words([f"{k} incidents with known exposure, at least {AT_LEAST} are needed" for k in n], few),
    ).set_axis(groups)[list(COLUMNS)]


def _starts(incidents: pd.DataFrame, every: np.ndarray) -> pd.DataFrame:
    """How many starts each group has, how much was at risk at them, and the sum of their positions."""
    known = incidents[incidents["position"].notna()]
    grouped = known.groupby("group")
    n = grouped.size().reindex(every, fill_value=0)
    return pd.DataFrame(
        {
            "n": n,
            "n_unknown": incidents.groupby("group").size().reindex(every, fill_value=0) - n,
            "median_hours": grouped["hours"].agg(_median).reindex(every),
            "worst_hours": grouped["hours"].max().reindex(every),
            "total": grouped["position"].sum().reindex(every, fill_value=0.0),
            "n_worse": (known["position"] > 0.5).groupby(known["group"]).sum().reindex(every, fill_value=0),
        }
    )


def _words(texts, where: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.Series(texts, dtype="str").where(where).array


def _chance_of_sum(total: np.ndarray, n: np.ndarray) -> np.ndarray:
    """The chance that n uniforms add up to at least so much; by symmetry a lower tail, which is sharp when small."""
    from scipy.stats import irwinhall

    return np.where(n > 0, irwinhall.cdf(np.clip(n - total, 0, n), np.maximum(n, 1)), np.nan)


def _of(values: np.ndarray, place: np.ndarray) -> np.ndarray:
    return np.where(place >= 0, values[place], np.nan) if len(values) else np.full(len(place), np.nan)


def _median(hours: pd.Series) -> float:
    """The middle value, or the mean of the two (infinite if one is)."""
    ordered = np.sort(hours.to_numpy())
    return float((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)
