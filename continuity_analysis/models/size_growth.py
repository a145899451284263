"""How fast data grows: the drift of the logarithm of its size, which may wander as well.

What was added on one day stays on the next, so sizes are taken as a random walk with a drift rather than as a line with
independent errors, whose interval would be far too short. Twelve means of as many sizes each take the noise of single
backups out; the drift is the mean of their eleven steps, and its interval Student's law for these. Means of a random
walk take steps of which neighbours are correlated by 1/4: their variance counts 1 + 2/4 times. Where sizes do not
wander at all the interval is longer than it need be (docs/calibration_restore_size.md).

References
----------
Working, H. (1960), Note on the correlation of first differences of averages in a random chain, Econometrica 28.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import CONFIDENCE

BLOCKS, FEWEST_DAYS = 12, 28.0
FREEDOM = BLOCKS - 2
_CORRELATED = 1.5


def estimate_growth(sizes: pd.DataFrame, *, groups: int, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Growth of each group.

    Parameters
    ----------
    sizes : DataFrame
        Columns group (from 0), day [d], size_bytes; in order of group and day.
    groups : int
    confidence : float

    Returns
    -------
    DataFrame
        One row per group: n_sizes, history_days (from the first to the last), growth (of the logarithm, per day),
        growth_low, growth_high, growth_error, wander (variance of the walk per day), reason (why these are null: fewer
        than 12 sizes, or less than 28 days of them).
    """
    from scipy.special import stdtrit

    group, day = sizes["group"].to_numpy(np.int64), sizes["day"].to_numpy(float)
    n = np.bincount(group, minlength=groups)
    first, last = _ends(group, day, groups)
    reason = _reasons(n, last - first)
    known = reason == None  # noqa: E711
    days, steps = (np.diff(x, axis=1) for x in _means(group, n, day, np.log(sizes["size_bytes"].to_numpy(float))))
    length = days.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = steps.sum(axis=1) / length
        left = steps - growth[:, None] * days
        wander = _CORRELATED * (BLOCKS - 1) / FREEDOM * (left**2).sum(axis=1) / length
        error = np.sqrt(wander / length)
    half = stdtrit(FREEDOM, (1 + confidence) / 2) * error
    found = {"growth": growth, "growth_low": growth - half, "growth_high": growth + half}
    found |= {"growth_error": error, "wander": wander}
    table = {name: np.where(known, values, np.nan) for name, values in found.items()}
    counts = {"n_sizes": n, "history_days": last - first}
    return pd.DataFrame(counts | table).assign(reason=pd.Series(reason, dtype="str"))


def project_size(growth: pd.DataFrame, size_bytes, *, days, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Where growth leads from a size, so many days ahead.

    Parameters
    ----------
    growth : DataFrame
        Rows of the result of `estimate_growth`, one per size.
    size_bytes, days : array of float, shape (n,)
        [byte], [d]

    Returns
    -------
    DataFrame
        size_bytes, low, high: what is not known of the drift, and how the walk may go on, together.
    """
    from scipy.special import stdtrit

    days, line = np.asarray(days, dtype=float), np.log(np.asarray(size_bytes, dtype=float))
    line = line + growth["growth"].to_numpy() * days
    variance = growth["growth_error"].to_numpy() ** 2 * days**2 + growth["wander"].to_numpy() * days
    half = stdtrit(FREEDOM, (1 + confidence) / 2) * np.sqrt(variance)
    return pd.DataFrame({"size_bytes": np.exp(line), "low": np.exp(line - half), "high": np.exp(line + half)})


def _means(group: np.ndarray, n: np.ndarray, *columns: np.ndarray) -> list[np.ndarray]:
    """Means of twelve stretches of as many sizes each, shape (groups, 12); not a number where there are too few."""
    rank = np.arange(len(group)) - np.repeat(np.cumsum(n) - n, n)
    block = group * BLOCKS + rank * BLOCKS // np.maximum(n[group], 1)
    size = np.bincount(block, minlength=len(n) * BLOCKS)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = [np.bincount(block, weights=x, minlength=len(n) * BLOCKS) / size for x in columns]
    return [x.reshape(len(n), BLOCKS) for x in means]


def _ends(group: np.ndarray, day: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray]:
    first, last = np.full(groups, np.nan), np.full(groups, np.nan)
    first[group[::-1]], last[group] = day[::-1], day
    return first, last


def _reasons(n: np.ndarray, days: np.ndarray) -> np.ndarray:
    few = np.array([f"needs at least {BLOCKS} sizes of backups, had {k}" for k in n], dtype=object)
    short = [f"needs sizes of at least {FEWEST_DAYS:.0f} days, had {d:.0f}" for d in np.nan_to_num(days)]
    return np.select([n < BLOCKS, ~(days >= FEWEST_DAYS)], [few, np.array(short, dtype=object)], None)
