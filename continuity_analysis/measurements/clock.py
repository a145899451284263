"""Moments as microseconds, the currency of the interval algebra."""

import numpy as np
import pandas as pd

UNKNOWN = np.iinfo(np.int64).min
HOUR = 3_600_000_000


def to_microseconds(moments) -> np.ndarray:
    """Moments in UTC as int64 microseconds since 1970; a missing one is `UNKNOWN`."""
    index = pd.DatetimeIndex(pd.to_datetime(moments, utc=True)).as_unit("us")
    return index.asi8.copy()  # a missing one is the lowest number there, too


def clock_to_microseconds(local: pd.DatetimeIndex, zone: str) -> np.ndarray:
    """Clock times of a zone as int64 microseconds: the first of two that stand alike; after the gap where none does."""
    twice = np.ones(len(local), dtype=bool)
    return to_microseconds(local.tz_localize(zone, ambiguous=twice, nonexistent="shift_forward"))


def to_moments(microseconds: np.ndarray) -> pd.DatetimeIndex:
    """Int64 microseconds as moments in UTC; `UNKNOWN` becomes missing."""
    return pd.DatetimeIndex(np.asarray(microseconds, dtype=np.int64).view("datetime64[us]")).tz_localize("UTC")


def to_hours(microseconds: np.ndarray) -> np.ndarray:
    """Int64 microseconds as hours [h]."""
    return np.asarray(microseconds) / HOUR
