"""A period cut into calendar windows, or into rolling ones that end where those do, by the clock of its zone."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.clock import clock_to_microseconds, to_microseconds
from continuity_analysis.periods import Period

EVERY = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
_NAMES = {"day": "%Y-%m-%d", "month": "%Y-%m", "quarter": "%YQ%q", "year": "%Y"}


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows in order of both their starts and their ends; they may overlap.

    Attributes
    ----------
    name : ndarray of str, shape (n,)
        Such as 2026-07, 2026-W31, 2026Q3; a rolling one is named by its length and the day on which it ends.
    start, end : ndarray of int64, shape (n,)
        Microseconds since 1970.
    """

    name: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, rows) -> "Windows":
        return Windows(self.name[rows], self.start[rows], self.end[rows])


def measure_windows(period: Period, every: str, *, rolling: str | None = None) -> Windows:
    """Calendar windows of a period; the first and the last are cut to it, so that they add up to the period.

    Parameters
    ----------
    period : Period
    every : {"day", "week", "month", "quarter", "year"}
        Weeks begin on Mondays.
    rolling : str, optional
        Such as 30d or 4w: instead, windows of so many days by the clock, each of which ends where a calendar one does.

    Raises
    ------
    InputError
        If `every` or `rolling` is none of these.
    """
    if every not in EVERY:
        raise InputError(f"Expected every to be one of {', '.join(EVERY)}, got {every!r}.")
    first, last = (m.tz_convert(period.timezone).tz_localize(None) for m in (period.start, period.end))
    calendar = pd.period_range(first, last - pd.Timedelta(microseconds=1), freq=EVERY[every])
    edges = clock_to_microseconds(pd.DatetimeIndex((calendar + 1).start_time), period.timezone)
    start, end = (int(m) for m in to_microseconds([period.start, period.end]))
    ends = np.minimum(edges, end)
    if rolling is None:
        return Windows(_names(calendar, every), np.append(start, ends)[:-1], ends)
    local = pd.DatetimeIndex(pd.to_datetime(ends, unit="us", utc=True)).tz_convert(period.timezone).tz_localize(None)
    days = pd.Timedelta(days=_days(rolling))
    names = np.array([f"{rolling} to {day}" for day in (local - pd.Timedelta(microseconds=1)).strftime("%Y-%m-%d")])
    return Windows(names, clock_to_microseconds(local - days, period.timezone), ends)


def _names(calendar: pd.PeriodIndex, every: str) -> np.ndarray:
    if every != "week":
        return calendar.strftime(_NAMES[every]).to_numpy(dtype=str)
    iso = calendar.start_time.isocalendar()
    return np.array([f"{year}-W{week:02d}" for year, week in zip(iso["year"], iso["week"], strict=True)], dtype=str)


def _days(rolling: str) -> int:
    found = re.fullmatch(r"([1-9]\d*)([dw])", str(rolling))
    if found is None:
        raise InputError(f"Expected rolling to be a number of days or weeks such as 30d or 4w, got {rolling!r}.")
    return int(found[1]) * {"d": 1, "w": 7}[found[2]]
