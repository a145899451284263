"""Throughput of restores: the law of the seconds that a megabyte takes, upside down.

Restores that were called off or still run are right-censored: a megabyte of theirs takes at least so long (Kaplan-Meier
curve with its inverted band).
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles

MEGABYTE = 1e6
FEWEST_FOR_MEDIAN, FEWEST_FOR_TAILS = 5, 10
_QUANTILES = {"p10": (0.9, FEWEST_FOR_TAILS), "median": (0.5, FEWEST_FOR_MEDIAN), "p90": (0.1, FEWEST_FOR_TAILS)}


def estimate_throughput(restores: pd.DataFrame, *, groups: int) -> pd.DataFrame:
    """Throughput of each group's restores.

    Parameters
    ----------
    restores : DataFrame
        Columns group (from 0), size_bytes, hours [h], censored; those of 0 h are left out.
    groups : int

    Returns
    -------
    DataFrame
        One row per group: n, n_censored; median, p10 (nine in ten are faster), p90, each with …_low and …_high [MB/s,
        10⁶ bytes]; null where too few have ended (5 for the median, 10 for the others) or the band does not reach;
        reason.
    """
    rows = restores[restores["hours"] > 0]
    group = rows["group"].to_numpy(np.int64)
    seconds = rows["hours"].to_numpy(float) * 3600 / (rows["size_bytes"].to_numpy(float) / MEGABYTE)
    ended = ~rows["censored"].to_numpy(bool)
    curves = kaplan_meier(seconds, ended, group=group, groups=groups)
    columns = {"n": curves.n, "n_censored": curves.n - curves.n_events}
    for name, (share, fewest) in _QUANTILES.items():
        found = 1 / quantiles(curves, share).where(pd.Series(curves.n_events >= fewest))
        columns |= {name: found["estimate"], f"{name}_low": found["high"], f"{name}_high": found["low"]}
    few = [f"needs at least {FEWEST_FOR_MEDIAN} restores of known size, had {n}" for n in curves.n_events]
    reason = np.where(curves.n_events < FEWEST_FOR_MEDIAN, np.array(few, dtype=object), None)
    return pd.DataFrame(columns).assign(reason=pd.Series(reason, dtype="str"))
