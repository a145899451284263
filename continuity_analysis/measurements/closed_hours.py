"""Time outside of agreed service hours, holidays included: by the clock of the service's own zone.

Each clock time becomes a moment once, so that hours follow clock changes: a day has 23 or 25 of them, ranges that touch
on the clock touch in time, a clock time that is skipped counts from after the gap, and of two alike the first counts.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import clock_to_microseconds, to_moments
from continuity_analysis.measurements.intervals import Intervals, clip, difference, intervals
from continuity_analysis.measurements.service_hours import for_services, together

_DAY = np.timedelta64(1, "D")
_MARGIN = 2 * _DAY  # any offset of a zone, and hours that run over midnight


def measure_closed(stated: Mapping, services: pd.DataFrame, *, start: int, end: int, timezone: str) -> Intervals:
    """Time in [start, end) that is outside of agreed hours or on a holiday, per row of `services`.

    Parameters
    ----------
    stated : mapping of str to Service
        The services of the catalogue; those that are always agreed have no closed time.
    services : DataFrame
        Result of `measure_services`.
    start, end : int
        Microseconds since 1970.
    timezone : str
        IANA zone of the clock times, where a service has none of its own.
    """
    rules = [
        (name, (s.hours, s.holidays, s.timezone or timezone)) for name, s in stated.items() if s.hours or s.holidays
    ]
    return for_services(rules, services, lambda rule: _closed(*rule, start=start, end=end))


def _closed(hours: tuple, holidays, zone: str, *, start: int, end: int) -> Intervals:
    whole = intervals([0], [start], [end])
    days = _days(start, end, zone)
    closed = difference(whole, _open(hours, days, zone)) if hours else whole[:0]
    return together(closed, clip(_holidays(holidays, days, zone), whole)[0]) if holidays else closed


def _days(start: int, end: int, zone: str) -> np.ndarray:
    """Midnights of all days that could matter, as clock times [datetime64]."""
    first, last = (m.tz_localize(None).to_datetime64() for m in to_moments([start, end]).tz_convert(zone).normalize())
    return np.arange(first - _MARGIN, last + _MARGIN, _DAY)


def _open(hours: tuple, days: np.ndarray, zone: str) -> Intervals:
    of, opens, closes = (np.array([getattr(s, f) for s in hours]) for f in ("day", "opens", "closes"))
    day, stretch = np.nonzero(pd.DatetimeIndex(days).day_of_week.to_numpy()[:, None] == of)
    return _by_the_clock(days[day], opens[stretch], closes[stretch], zone)


def _holidays(stated, days: np.ndarray, zone: str) -> Intervals:
    """Public holidays, from midnight to midnight."""
    from holidays import country_holidays

    years = np.unique(days.astype("datetime64[Y]").astype(int) + 1970).tolist()
    known = np.array(list(country_holidays(stated.country, subdiv=stated.subdivision, years=years)), "datetime64[D]")
    off = days[np.isin(days.astype("datetime64[D]"), known)]
    return _by_the_clock(off, np.zeros(len(off), int), np.full(len(off), 24 * 60), zone)


def _by_the_clock(days: np.ndarray, opens: np.ndarray, closes: np.ndarray, zone: str) -> Intervals:
    minute = np.timedelta64(1, "m")
    start, end = (clock_to_microseconds(pd.DatetimeIndex(days + m * minute), zone) for m in (opens, closes))
    return intervals(np.zeros(len(days)), start, end)
