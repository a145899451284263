"""When an iCalendar rule falls, by the clock of its zone."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from continuity_analysis.errors import CatalogError
from continuity_analysis.measurements.clock import HOUR, clock_to_microseconds

_DAY = 24 * HOUR
_FIXES_DAY = {
    "WEEKLY": ("BYDAY",),
    "MONTHLY": ("BYDAY", "BYMONTHDAY"),
    "YEARLY": ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYEASTER"),
}


def measure_occurrences(rule, timezone: str, *, start: int, end: int, key: str) -> np.ndarray:
    """When a rule falls [us, in order], DST included; a clock time that DST skips counts from after the gap.

    Parameters
    ----------
    rule : Maintenance or BackupRule
        What it says of `rrule` and `start`.
    timezone : str
        IANA zone of its clock times.
    start, end : int
        Microseconds since 1970; occurrences up to two days outside come as well.
    key : str
        The catalogue's key that holds the rule, for errors.

    Raises
    ------
    CatalogError
        If the rule leaves open on which day it begins, such as every second Sunday, or states clock times of its own.
    """
    from dateutil.rrule import rrulestr

    _check_anchor(rule.rrule, key)
    hour, minute = (int(part) for part in rule.start.split(":"))
    low, high = (datetime(1970, 1, 1) + timedelta(microseconds=m) for m in (start - 2 * _DAY, end + 2 * _DAY))
    anchor = low.replace(hour=hour, minute=minute, second=0, microsecond=0)
    local = pd.DatetimeIndex(rrulestr(rule.rrule, dtstart=anchor).between(low, high, inc=True))
    if local.tz is not None or ((local.hour != hour) | (local.minute != minute)).any():
        raise CatalogError(
            f"{key}: expected times that begin at {rule.start} local time, got the rule {rule.rrule!r}, which "
            f"gives others; leave clock times and zones to start."
        )
    return clock_to_microseconds(local, timezone)


def _check_anchor(text: str, key: str) -> None:
    parts = dict(p.split("=", 1) for p in text.upper().removeprefix("RRULE:").split(";") if "=" in p)
    days = _FIXES_DAY.get(parts.get("FREQ", ""), ())
    open_day = bool(days) and not any(d in parts for d in days)
    if "DTSTART" not in text.upper() and (open_day or parts.get("INTERVAL", "1") != "1" or "COUNT" in parts):
        raise CatalogError(
            f"{key}: expected a rule that says on which days it falls, got {text!r}; add BYDAY or BYMONTHDAY, or "
            f'begin with its first day: "DTSTART:20260104T020000\\nRRULE:{text}".'
        )
