"""The difference to the period before, in words that claim no more than was tested."""

import numpy as np
import pandas as pd

from continuity_analysis.models.comparisons import UNCHANGED
from continuity_analysis.models.verdicts import hours


def change_in_words(now: pd.Series, before: pd.Series, *, ratio: bool) -> pd.Series:
    """How much higher or longer what was achieved is than in the period before; null where either is not known.

    Parameters
    ----------
    now, before : Series of float
        Achieved, in ratios or seconds (may be infinite).
    ratio : bool
        Whether they are ratios; else durations.
    """
    here, there = now.to_numpy(dtype=float), before.to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        gap = np.where(here == there, 0.0, np.abs(here - there))
    more, less = ("higher", "lower") if ratio else ("longer", "shorter")
    points = pd.Series(100 * gap).map("{:.3g} points".format).astype("str")
    size = (" by " + (points if ratio else hours(gap / 3600))).where(np.isfinite(gap), " without limit")
    size = size + ", not tested"
    words = np.select([gap == 0, here > there], ["the same", more + size], less + size)
    known = ~(np.isnan(here) | np.isnan(there))
    return pd.Series(np.where(known, words, None), index=now.index, dtype="str")


def comparison_in_words(compared: pd.DataFrame) -> pd.Series:
    """The verdict on each service's time to restore, with the numbers of incidents it rests on.

    Parameters
    ----------
    compared : DataFrame
        As `compare_restoration` returns it, by service.

    Returns
    -------
    Series of str
        By service; null where there was no incident in either period.
    """
    counts = compared["n_first"].astype("str") + " and " + compared["n_second"].astype("str") + " incidents"
    smallest = compared["detectable_ratio"].map("{:.1f}".format).astype("str")
    seen = ("; a change by a factor of " + smallest).where(compared["detectable_ratio"].notna(), "; not even one by 20")
    seen = (seen + " is seen 8 times in 10").where(compared["verdict"] == UNCHANGED, "")
    words = (compared["verdict"] + " (" + counts + seen + ")").where(compared["n_first"] + compared["n_second"] > 0)
    return words.set_axis(compared["service"])
