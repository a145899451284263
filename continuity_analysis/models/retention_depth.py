"""How far back one could go: the law of retention depth over time, and how late an intrusion may be found.

A point from before an intrusion is still there when it is found D later if, and only if, the depth at that moment is
at least D. For a discovery at a random moment the chance of that is the exceedance of the depth's law at D, exactly.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from continuity_analysis.models.exposure_law import HOUR, ExposureLaw, law_of

DAY = 24.0


def estimate_retention_depth(pieces: pd.DataFrame, *, by: str, days: Sequence[float]) -> pd.DataFrame:
    """Summary of the depth of each group over the time that is covered.

    Parameters
    ----------
    pieces : DataFrame
        Result of `measure_retention`.
    by : str
        "service", "asset" or "tier".
    days : sequence of float
        Detection delays [d].

    Returns
    -------
    DataFrame
        By group: min_days, p5_days (kept to for 95 % of the time), median_days, last_days (at the last covered
        moment), last_at, covered_hours, without_share (no point at all), share_proven (of covered time, for which more
        than one listing of survivors vouches), and chance_<d>d for each delay: the share of covered time with a depth
        of at least so many days. NaN where nothing is covered.
    """
    law = law_of(pieces, by)
    covered = law.total(law.known)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = {
            "without_share": law.total(law.protected & (law.oldest == law.youngest)) / covered,
            "share_proven": law.total(law.known & pieces["proven"].to_numpy(dtype=bool)) / covered,  # 1 is exact
            **{f"chance_{d:g}d": law.over(np.full(len(law.groups), d * DAY)) / covered for d in days},
        }
    youngest, oldest, last_at = _ends(law, pieces)
    return pd.DataFrame(
        {
            by: law.groups,
            "min_days": youngest / DAY,
            "p5_days": law.quantile(0.05) / DAY,
            "median_days": law.quantile(0.5) / DAY,
            "last_days": oldest / DAY,
            "last_at": last_at,
            "covered_hours": covered / HOUR,
            **shares,
        }
    )


def _ends(law: ExposureLaw, pieces: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    """The least depth of each group [h], the one at its last covered moment [h], and that moment."""
    at, every = np.flatnonzero(law.known), np.arange(len(law.groups))
    known = pd.DataFrame({"code": law.code[at], "youngest": law.youngest[at], "oldest": law.oldest[at]})
    known["until_at"] = pieces["until_at"].to_numpy()[at] if len(pieces) else pieces["until_at"]
    grouped = known.groupby("code")
    least, last = grouped["youngest"].min().reindex(every), grouped[["oldest", "until_at"]].last().reindex(every)
    ends = pd.Series(last["until_at"].array, dtype=pieces["until_at"].dtype)
    return least.to_numpy(float) / HOUR, last["oldest"].to_numpy(float) / HOUR, ends
