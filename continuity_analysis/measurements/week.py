"""When in the week something began, by the clock of a zone."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_moments

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORKING_HOURS, WEEKDAY_NIGHTS, WEEKENDS = "working hours", "weekday nights", "weekends"
FIRST_HOUR, LAST_HOUR = 8, 18
"""Working hours are those from 8:00 to 18:00 from Monday to Friday."""


def hours_of_week(moments, *, zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Day (0: Monday) and hour of the day (0 to 23) of moments [us], none missing, by the clock of a zone."""
    local = to_moments(moments).tz_convert(zone)
    return local.day_of_week.to_numpy(), local.hour.to_numpy()


def parts_of_week(moments, *, zone: str) -> pd.Series:
    """Working hours, weekday nights or weekends, for moments [us], none missing.

    Parameters
    ----------
    moments : Series of int64
        Microseconds since 1970.
    zone : str

    Returns
    -------
    Series of str
        With the index of `moments`.
    """
    day, hour = hours_of_week(moments, zone=zone)
    working = (hour >= FIRST_HOUR) & (hour < LAST_HOUR)
    parts = np.select([day >= 5, working], [WEEKENDS, WORKING_HOURS], WEEKDAY_NIGHTS)
    return pd.Series(parts, index=moments.index, dtype="str")
