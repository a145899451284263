"""Error budgets: what the objective allows, what was spent, how fast, and when it will be gone at that rate."""

import numpy as np
import pandas as pd

from continuity_analysis.models.verdicts import column, reals

_ROUNDING = 1e-12


def estimate_budget(measured: pd.DataFrame, objective) -> pd.DataFrame:
    """What the objective allows in the whole period, what is spent and left, how fast, and how long it lasts.

    Parameters
    ----------
    measured : DataFrame
        One row per budget. In the budget's unit, hours or requests: `whole` (of the whole period), `seen` (known so
        far), `spent` (bad so far), `seen_recent` and `spent_recent` (of the last 30 days). In agreed hours [h]:
        `recent_hours` (known of the last 30 days) and `remaining_hours` (left of the period).
    objective : array of float
        Promised share, 0 to 1; NaN: not set.

    Returns
    -------
    DataFrame
        `measured`, and: objective, allowed (whole x (1 - objective)), left (negative once overspent), spent_share,
        burn and burn_30d (share bad of what is known, over 1 - objective: 1 spends exactly the budget of a whole
        period, 10 ten of them), lasts_hours (agreed hours from now until it is gone at the rate of the last 30 days;
        null while that burn is at most 1, where nothing is left, or where the period ends sooner), reason (words,
        where there is no budget). An objective of 100 % allows nothing: it has no budget, and all of this is null.

    References
    ----------
    Beyer et al., The Site Reliability Workbook, ch. 5, "Alerting on SLOs" (burn rate), 2018.
    """
    goal = reals(objective, len(measured))
    whole, spent, seen = (_of(measured, c) for c in ("whole", "spent", "seen"))
    share = np.where(goal < 1 - _ROUNDING, 1 - goal, np.nan)
    allowed = whole * share
    rate = column(measured, "spent_recent") / _some(column(measured, "recent_hours"))
    burn_recent = column(measured, "spent_recent") / _some(column(measured, "seen_recent")) / share
    left = allowed - spent
    lasts = left / _some(rate)
    ends = (burn_recent > 1 + _ROUNDING) & (left > 0) & (lasts < column(measured, "remaining_hours"))
    return measured.assign(
        objective=goal,
        allowed=allowed,
        left=left,
        spent_share=spent / _some(allowed),
        burn=spent / _some(seen) / share,
        burn_30d=burn_recent,
        lasts_hours=np.where(ends, lasts, np.nan),
        reason=_why_none(goal, seen=seen, whole=whole),
    )


def _why_none(goal: np.ndarray, *, seen: np.ndarray, whole: np.ndarray) -> pd.array:
    rules = [
        (np.isnan(goal), "no objective is set"),
        (goal >= 1 - _ROUNDING, "an objective of 100 % allows nothing: there is no budget"),
        (~(seen > 0), "nothing was seen that could have spent it"),
        (~(whole > 0), "no agreed hours lie in the period"),
    ]
    words = np.select([when for when, _ in rules], [np.full(len(goal), said, dtype=object) for _, said in rules], None)
    return pd.array(words, dtype="str")


def _of(measured: pd.DataFrame, name: str) -> np.ndarray:
    """A column; unknown where nothing was seen."""
    return np.where(column(measured, "seen") > 0, column(measured, name), np.nan)


def _some(values: np.ndarray) -> np.ndarray:
    return np.where(values > 0, values, np.nan)
