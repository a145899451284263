"""Quantities as people write them in `services.yaml`: durations, shares, zones and moments."""

import re
from datetime import datetime
from typing import Annotated, Any

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict

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
Zone = Annotated[str, BeforeValidator(_zone)]
Moment = Annotated[pd.Timestamp, BeforeValidator(_instant)]


class Part(BaseModel):
    """A part of the catalogue: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)
