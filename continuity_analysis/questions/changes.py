"""The difference to the period before, in words that claim no more than was tested."""

import numpy as np
import pandas as pd

from continuity_analysis.models.verdicts import count, hours


def change_in_words(now: pd.Series, before: pd.Series, *, n: tuple[pd.Series, pd.Series], ratio: bool) -> pd.Series:
    """How much higher or longer what was achieved is than in the period before; null where either is not known.

    Parameters
    ----------
    now, before : Series of float
        Achieved, in ratios or seconds (may be infinite).
    n : pair of Series
        How many observations each rests on.
    ratio : bool
        Whether they are ratios; else durations.
    """
    here, there = now.to_numpy(dtype=float), before.to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        gap = np.where(here == there, 0.0, np.abs(here - there))
    more, less = ("higher", "lower") if ratio else ("longer", "shorter")
    points = pd.Series(100 * gap).map("{:.3g} percentage points".format).astype("str")
    size = (" by " + (points if ratio else hours(gap / 3600))).where(np.isfinite(gap), " without limit")
    seen = (count(x.to_numpy(dtype=float, na_value=np.nan)) for x in n)
    tested = pd.Series("; not tested, n = ", range(len(gap)), dtype="str") + next(seen) + " against " + next(seen)
    words = np.select([gap == 0, here > there], ["the same", more + size], less + size)
    known = ~(np.isnan(here) | np.isnan(there))
    return pd.Series(np.where(known, words + tested, None), index=now.index, dtype="str")
