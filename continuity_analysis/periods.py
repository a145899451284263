"""Periods and moments: what users write, turned into half-open windows in UTC, DST included."""

import re
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from continuity_analysis.errors import PeriodError

FORMS = (
    '"2026Q3", "2026-07", "2026", "2026-W31", "2026-07-01", "last-quarter", "last-month", "last-week", "last-year", '
    '"90d" or "2026-07-01/2026-10-01"'
)
_UNITS = {"h": 1 / 24, "d": 1, "w": 7}
_CALENDAR = {"year": "Y", "quarter": "Q", "month": "M", "week": "W-SUN"}


@dataclass(frozen=True)
class Period:
    """A half-open window [start, end) in UTC and the name it was asked for by.

    Attributes
    ----------
    name : str
        As written by the user, or "start/end".
    start, end : pandas.Timestamp
        In UTC; `start` belongs to the window, `end` does not.
    timezone : str
        IANA zone in which the name was understood.
    """

    name: str
    start: pd.Timestamp
    end: pd.Timestamp
    timezone: str = "UTC"

    @property
    def hours(self) -> float:
        """Length [h]."""
        return (self.end - self.start) / pd.Timedelta(hours=1)

    def previous(self) -> "Period":
        """The period of the same kind just before: the quarter before a quarter, else as long a window."""
        for freq in _CALENDAR.values():
            here = _span(pd.Period(self._local(self.start), freq=freq), self.timezone)
            if here[:2] == (self.start, self.end):
                return _named(here[2] - 1, self.timezone)
        start = self.start - (self.end - self.start)
        return _between(start, self.start, self.timezone)

    def year_before(self) -> "Period":
        """The same stretch of the calendar a year earlier."""
        for kind, in_a_year in (("year", 1), ("quarter", 4), ("month", 12)):
            here = _span(pd.Period(self._local(self.start), freq=_CALENDAR[kind]), self.timezone)
            if here[:2] == (self.start, self.end):
                return _named(here[2] - in_a_year, self.timezone)
        start, end = (self._local(m) - pd.DateOffset(years=1) for m in (self.start, self.end))
        return read_period((start, end), timezone=self.timezone)

    def _local(self, moment: pd.Timestamp) -> pd.Timestamp:
        return moment.tz_convert(self.timezone).tz_localize(None)


def read_zone(name: str) -> str:
    """The IANA time zone `name`, checked.

    Raises
    ------
    PeriodError
        If there is no such zone.
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise PeriodError(
            f"Expected a time zone such as Europe/Rome or UTC, got {name!r}: use a name of the IANA database."
        ) from error
    return name


def read_moment(text, *, timezone: str = "UTC") -> pd.Timestamp:
    """One moment in UTC from text such as "2026-10-01", "2026-10-01T08:00+02:00" or "2026-10-01 08:00".

    Parameters
    ----------
    text : str, datetime or pandas.Timestamp
        A moment without offset is understood in `timezone`.
    timezone : str
        IANA zone.

    Raises
    ------
    PeriodError
        If it is no moment.
    """
    try:
        moment = pd.Timestamp(text)
        if moment is pd.NaT or (not isinstance(text, str) and isinstance(text, (int, float))):
            raise ValueError
        if moment.tzinfo is None:
            moment = moment.tz_localize(read_zone(timezone), ambiguous=True, nonexistent="shift_forward")
        return moment.tz_convert("UTC")
    except (ValueError, TypeError, OverflowError) as error:
        raise PeriodError(
            f"Expected a moment such as 2026-10-01 or 2026-10-01T08:00+02:00, got {text!r}: write it as ISO 8601."
        ) from error


def read_period(period, *, timezone: str = "UTC", as_of=None) -> Period:
    """A period as users write it, as a half-open window in UTC.

    Parameters
    ----------
    period : str, Period or pair of moments
        One of "2026Q3", "2026-07", "2026", "2026-W31", "2026-07-01", "last-quarter", "last-month", "last-week",
        "last-year", "90d" (the 90 days up to `as_of`; h, d and w are understood), "start/end".
    timezone : str
        IANA zone in which a calendar name is understood.
    as_of : moment, optional
        What "last-…" and "90d" count back from; the clock is never read.

    Returns
    -------
    Period

    Raises
    ------
    PeriodError
        If the text is none of these, the end is not after the start, or `as_of` is needed and missing.
    """
    if isinstance(period, Period):
        return period
    read_zone(timezone)
    if isinstance(period, (tuple, list)) and len(period) == 2:
        return _between(period[0], period[1], timezone)
    text = str(period).strip()
    if "/" in text:
        return _between(*text.split("/", 1), timezone)
    if text.lower().startswith("last-") or re.fullmatch(r"\d+[hdw]", text):
        return _relative(text.lower(), timezone, as_of)
    return _calendar(text, timezone)


def _calendar(text: str, timezone: str) -> Period:
    freq = _calendar_frequency(text)
    try:
        if freq is None:
            raise ValueError(text)
        return _named(pd.Period(_week_start(text) if freq == "W-SUN" else text, freq=freq), timezone)
    except ValueError as error:  # also a month 13 or a week 60
        raise PeriodError(f"Expected a period such as {FORMS}, got {text!r}.") from error


def _calendar_frequency(text: str) -> str | None:
    forms = {r"\d{4}": "Y", r"\d{4}-?[Qq][1-4]": "Q", r"\d{4}-\d{2}": "M", r"\d{4}-W\d{2}": "W-SUN"}
    forms[r"\d{4}-\d{2}-\d{2}"] = "D"
    return next((freq for form, freq in forms.items() if re.fullmatch(form, text)), None)


def _week_start(text: str) -> pd.Timestamp:
    return pd.Timestamp.fromisocalendar(int(text[:4]), int(text[6:]), 1)


def _relative(text: str, timezone: str, as_of) -> Period:
    if as_of is None:
        raise PeriodError(f"{text!r} counts back from a moment: expected as_of, got none; give --as-of or use dates.")
    end = read_moment(as_of, timezone=timezone)
    if not text.startswith("last-"):
        return Period(text, end - timedelta(days=int(text[:-1]) * _UNITS[text[-1]]), end, timezone)
    freq = _CALENDAR.get(text[5:])
    if freq is None:
        raise PeriodError(f"Expected last-quarter, last-month, last-week or last-year, got {text!r}.")
    return _named(pd.Period(end.tz_convert(timezone).tz_localize(None), freq=freq) - 1, timezone)


def _named(calendar: pd.Period, timezone: str) -> Period:
    start, end, _ = _span(calendar, timezone)
    names = {
        "Q-DEC": f"{calendar.year}Q{calendar.quarter}",
        "M": calendar.strftime("%Y-%m"),
        "Y-DEC": f"{calendar.year}",
    }
    iso = calendar.start_time.isocalendar()
    names |= {"W-SUN": f"{iso.year}-W{iso.week:02d}", "D": calendar.strftime("%Y-%m-%d")}
    return Period(names[calendar.freqstr], start, end, timezone)


def _span(calendar: pd.Period, timezone: str) -> tuple[pd.Timestamp, pd.Timestamp, pd.Period]:
    first, after = (read_moment(p.start_time, timezone=timezone) for p in (calendar, calendar + 1))
    return first, after, calendar


def _between(start, end, timezone: str) -> Period:
    first, last = read_moment(start, timezone=timezone), read_moment(end, timezone=timezone)
    if last <= first:
        raise PeriodError(f"Expected a period that ends after it starts, got {start} to {end}: swap them?")
    return Period(f"{_iso(first, timezone)}/{_iso(last, timezone)}", first, last, timezone)


def _iso(moment: pd.Timestamp, timezone: str) -> str:
    local = moment.tz_convert(timezone)
    return f"{local:%Y-%m-%d}" if local == local.normalize() else local.isoformat()
