"""Which law do our durations follow, and does any? Families fitted to the incidents of a period, per group."""

import pandas as pd

from continuity_analysis.measurements.once import once
from continuity_analysis.models.duration_fits import fit_curves, fit_durations
from continuity_analysis.periods import Period
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
        timestamps' resolution); location_hours [h] and shape as of `fit_durations`, median_hours and p90_hours, each
        with its interval; aicc, difference; p_fit, of the best only: how often a sample of that law would lie as far
        from it; reason why something is null. Groups of which fewer than ten ended have no fit.
    """
    found, _, labels = _fitted(
        logs, period=period if isinstance(period, str | Period) else tuple(period), by=by, clocks=(start, end)
    )
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
    found, rows, labels = _fitted(
        logs, period=period if isinstance(period, str | Period) else tuple(period), by=by, clocks=(start, end)
    )
    curves = fit_curves(found, rows, groups=len(labels))
    names = labels.astype("str").fillna("unknown").to_numpy()
    return curves.assign(group=pd.Series(names[curves["group"]], dtype="str"))


@once
def _fitted(logs, *, period, by: str, clocks: tuple[str, str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """The laws of each group, the durations they were fitted to, and the label of each group."""
    rows, labels = grouped_durations(logs, period, by=by, clocks=clocks)
    rows = rows[rows["excluded"].isna()]
    return fit_durations(rows, groups=len(labels)), rows, labels
