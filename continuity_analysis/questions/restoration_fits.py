"""Which law do our durations follow, and does any? Families fitted to the incidents of a period, per group."""

import pandas as pd

from continuity_analysis.models.restoration_fits import estimate_fit_curves, estimate_fits
from continuity_analysis.questions.restoration import grouped_durations

COLUMNS = (
    "family", "verdict", "n", "n_censored", "n_between", "location_hours", "location_low", "location_high", "shape",
    "shape_low", "shape_high", "median_hours", "median_low", "median_high", "p90_hours", "p90_low", "p90_high", "aicc",
    "difference", "p_fit", "reason",
)  # fmt: skip


def restoration_fits(
    logs, period, *, by: str = "service", start: str = "started", end: str = "restored"
) -> pd.DataFrame:
    """Exponential, Weibull, lognormal and log-logistic laws fitted to how long a period's incidents took.

    Parameters
    ----------
    logs, period, by, start, end
        As of `restoration`.

    Returns
    -------
    DataFrame
        One row per group and family, the best of each group first: family; verdict ("best", "not separable from the
        best" below a difference of 7 in AICc, "worse"); n, n_censored, n_between (zeros and ties, known within the
        timestamps' resolution); location_hours [h] and shape as of `estimate_fits`, median_hours and p90_hours, each
        with its interval; aicc, difference; p_fit, of the best only: how often a sample of that law would lie as far
        from it; reason why something is null. Groups of which fewer than ten ended have no fit.
    """
    rows, labels = grouped_durations(logs, period, by=by, clocks=(start, end))
    found = estimate_fits(rows[rows["excluded"].isna()], groups=len(labels))
    return found.assign(**{by: labels.reindex(found["group"]).to_numpy()})[[by, *COLUMNS]]


def restoration_fit_curves(
    logs, period, *, by: str = "service", start: str = "started", end: str = "restored"
) -> pd.DataFrame:
    """Share of incidents still going on after a time by each fitted law, no further than they were observed.

    Parameters
    ----------
    logs, period, by, start, end
        As of `restoration`.

    Returns
    -------
    DataFrame
        group (as text, as of `survival`), family, hours [h], survival.
    """
    rows, labels = grouped_durations(logs, period, by=by, clocks=(start, end))
    curves = estimate_fit_curves(rows[rows["excluded"].isna()], groups=len(labels))
    names = labels.astype("str").fillna("unknown").to_numpy()
    return curves.assign(group=pd.Series(names[curves["group"]], dtype="str"))
