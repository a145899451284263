"""Quantities as people write them in `services.yaml`: durations, shares, clock times, rules, zones and moments."""

import re
from datetime import datetime
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from continuity_analysis.errors import PeriodError
from continuity_analysis.periods import read_moment, read_zone

_HOURS = {"ms": 1 / 3.6e6, "s": 1 / 3600, "sec": 1 / 3600, "m": 1 / 60, "min": 1 / 60, "h": 1, "d": 24, "w": 168}


def read_hours(value: Any) -> float:
    """A duration such as 4h, 30min, 1d 12h or 500ms, in hours.

    Raises
    ------
    ValueError
        If it is no positive duration with a unit.
    """
    text = str(value).strip().lower()
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([a-z]+)", text)
    if not parts or re.sub(r"(\d+(?:\.\d+)?)\s*([a-z]+)\s*", "", text) or any(u not in _HOURS for _, u in parts):
        raise ValueError(f"expected a duration with its unit, such as 4h, 30min or 1d 12h, got {value!r}")
    return sum(float(n) * _HOURS[u] for n, u in parts)


def read_share(value: Any) -> float:
    """A share such as 99.9% or 0.999, as a number from 0 to 1.

    Raises
    ------
    ValueError
        If it is neither.
    """
    text = str(value).strip()
    try:
        # a percentage divided as decimal digits, so that 99.9% is the double nearest to 0.999
        share = float(f"{text[:-1].strip()}e-2") if text.endswith("%") else float(text)
    except ValueError:
        share = float("nan")
    if isinstance(value, bool) or not 0 <= share <= 1:
        raise ValueError(f"expected a share such as 99.9% or 0.999, got {value!r}")
    return share


def read_rule(value: str) -> str:
    """An iCalendar rule, as it came.

    Raises
    ------
    ValueError
        If it is none.
    """
    from dateutil.rrule import rrulestr

    try:
        rrulestr(value, dtstart=datetime(2026, 1, 1))
    except (ValueError, KeyError) as error:
        raise ValueError(f"expected an iCalendar rule such as FREQ=WEEKLY;BYDAY=SU, got {value!r}") from error
    return value


def read_clock(value: str) -> str:
    """A clock time from 00:00 to 23:59, as it came.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f'expected a clock time in quotes such as "02:00", got {value!r}')
    return value


def _zone(value: str) -> str:
    try:
        return read_zone(value)
    except PeriodError as error:
        raise ValueError(str(error)) from error


def _instant(value: Any) -> pd.Timestamp:
    try:
        return read_moment(value if isinstance(value, (str, datetime)) else str(value))
    except PeriodError as error:
        raise ValueError(str(error)) from error


Hours = Annotated[float, BeforeValidator(read_hours)]
Share = Annotated[float, BeforeValidator(read_share)]
Rule = Annotated[str, AfterValidator(read_rule)]
Clock = Annotated[str, AfterValidator(read_clock)]
Zone = Annotated[str, BeforeValidator(_zone)]
Moment = Annotated[pd.Timestamp, BeforeValidator(_instant)]


class Part(BaseModel):
    """A part of the catalogue: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)
