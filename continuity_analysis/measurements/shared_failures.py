"""Failures of several services that began so close to each other that they may have one cause."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_microseconds

WITHIN_HOURS = 0.25


def measure_shared_failures(failures: pd.DataFrame, *, within_hours: float = WITHIN_HOURS) -> pd.Series:
    """Number of the shared event that each failure belongs to.

    Failures belong together where each began within `within_hours` of the one before, and where they are of at least
    two services.

    Parameters
    ----------
    failures : DataFrame
        Result of `measure_failures`.
    within_hours : float
        [h]

    Returns
    -------
    Series of int64
        With the index of `failures`; events are numbered from 0, -1 for a failure of one service alone.
    """
    start = to_microseconds(failures["started_at"])
    order = np.argsort(start, kind="stable")
    gaps = np.diff(start[order]) > within_hours * 3_600_000_000
    event = np.append(0, np.cumsum(gaps))[: len(order)]
    several = pd.Series(failures["group"].to_numpy()[order]).groupby(event).transform("nunique").to_numpy() > 1
    number = np.full(len(order), -1)
    number[order[several]] = np.unique(event[several], return_inverse=True)[1]
    return pd.Series(number, index=failures.index, dtype="int64")
