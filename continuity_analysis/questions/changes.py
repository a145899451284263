"""The difference to the period before, in words that claim no more than was tested."""

import numpy as np
import pandas as pd

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
