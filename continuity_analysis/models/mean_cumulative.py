"""Mean cumulative function: how many failures a system has had, on average, up to each time of its clock.

It supposes nothing about how failures come, only that systems are independent of each other and that their observation
does not end because of them. A curve that bends upwards says that failures come more often.

The standard error is that of Nelson, and of Lawless and Nadeau. The interval, symmetric for the logarithm as theirs,
takes Student's law and Y / (Y - 1) times the variance, with Y the systems still under observation: by the normal law it
holds the truth 84 to 91 % of the time for 5 systems.

References
----------
Nelson, W. (1995), Confidence limits for recurrence data, Technometrics 37.
Lawless, J. F. and Nadeau, C. (1995), Some simple robust methods for the analysis of recurrent events, Technometrics 37.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.failure_times import FailureTimes

CONFIDENCE = 0.95
FEWEST = 5  # systems under observation, and failures so far, that a band needs (docs/calibration_trends.md)
_AT_ONCE = 4_000_000


def mean_cumulative(failures: FailureTimes) -> pd.DataFrame:
    """The mean over all systems, with the robust variance and the interval on the logarithmic scale.

    Parameters
    ----------
    failures : FailureTimes
        Its groups are not looked at.

    Returns
    -------
    DataFrame
        One row per different time: hours [h], failures (mean number per system up to then), se, low, high (95 %; null
        below 5 systems under observation or 5 failures), at_risk (systems under observation).
    """
    from scipy.special import stdtrit

    hours, at = np.unique(failures.hours, return_inverse=True)
    at_risk = len(failures.end) - np.searchsorted(np.sort(failures.end), hours, side="left")
    events = np.bincount(at, minlength=len(hours))
    mean = np.cumsum(events / at_risk)
    se = np.sqrt(_variance(failures, hours, at, events=events, at_risk=at_risk))
    known = (at_risk >= FEWEST) & (np.cumsum(events) >= FEWEST)
    y = np.where(known, at_risk, 2.0)
    factor = np.exp(stdtrit(y - 1, (1 + CONFIDENCE) / 2) * np.sqrt(y / (y - 1)) * se / mean)
    low, high = (np.where(known, limit, np.nan) for limit in (mean / factor, mean * factor))
    return pd.DataFrame(
        {"hours": hours, "failures": mean, "se": se, "low": low, "high": high, "at_risk": at_risk.astype(np.int64)}
    )


def _variance(failures: FailureTimes, hours, at, *, events, at_risk) -> np.ndarray:
    """Sum over systems of the square of what each adds to the mean beyond its share, up to each time."""
    total = np.zeros(len(hours))
    systems = np.arange(len(failures.end))
    for part in np.array_split(systems, max(1, -(-len(systems) * len(hours) // _AT_ONCE))):
        rows = (failures.system >= part[0]) & (failures.system <= part[-1]) if len(part) else slice(0)
        own = np.zeros((len(part), len(hours)))
        np.add.at(own, (failures.system[rows] - part[0] if len(part) else at[rows], at[rows]), 1.0)
        watched = failures.end[part][:, None] >= hours
        total += (np.cumsum(watched * (own - events / at_risk) / at_risk, axis=1) ** 2).sum(axis=0)
    return total
