"""Agreed service hours as people write them: the part of OpenStreetMap's `opening_hours` that services need.

Rules of days and clock times: "Mo-Fr 08:00-18:00, Sa 09:00-13:00". Days are Mo Tu We Th Fr Sa Su, alone, as a range
("Fr-Mo" wraps) or in a list ("Mo,We 08:00-12:00,13:00-17:00"); without days a rule holds every day, without clock
times all day. A range that ends before it begins runs over midnight and belongs to the day on which it begins. After a
comma a rule adds hours; after a semicolon it replaces those of its days; "We off" leaves none. Always is 24x7 or 24/7.
Months, weeks, PH, SH and sunrise are not understood; holidays are stated beside the hours.

References
----------
OpenStreetMap wiki, Key:opening_hours/specification, version 0.7.4.
"""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from continuity_analysis.catalog.quantities import Part

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS = ("24x7", "24/7")
_DAY = f"(?:{'|'.join(DAYS)})"
_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d"
_DAYS, _TIMES = f"{_DAY}(?:-{_DAY})?", rf"{_CLOCK}\s*-\s*{_CLOCK}"
_RULE = re.compile(
    rf"\s*(?P<days>{_DAYS}(?:\s*,\s*{_DAYS})*)?\s*(?P<times>off|{_TIMES}(?:\s*,\s*{_TIMES})*)?\s*(?P<then>[,;]|$)"
)
_DAY_MINUTES = 24 * 60


class Stretch(Part):
    """Agreed hours that begin on one day of the week.

    Attributes
    ----------
    day : int
        0 is Monday.
    opens, closes : int
        Clock times as minutes after that day's midnight; `closes` may lie on the next day.
    """

    day: int
    opens: int
    closes: int


class Holidays(Part):
    """Public holidays of a country, or a part of it, on which nothing is agreed from midnight to midnight."""

    country: str
    subdivision: str | None = None

    @model_validator(mode="after")
    def _known(self) -> "Holidays":
        from holidays import country_holidays

        try:
            country_holidays(self.country, subdiv=self.subdivision, years=2026)
        except NotImplementedError as error:
            raise ValueError(
                f"expected a country such as IT (ISO 3166), or {{country: IT, subdivision: BZ}}, as the holidays "
                f"package knows them: {error}"
            ) from error
        return self


def read_service_hours(value: Any) -> tuple[Stretch, ...]:
    """Service hours as stretches of the week; always is none at all.

    Raises
    ------
    ValueError
        If they are not in the notation of this module, or agree no hours.

    Examples
    --------
    >>> [(s.day, s.opens, s.closes) for s in read_service_hours("Sa 22:00-06:00")]
    [(5, 1320, 1800)]
    """
    if isinstance(value, tuple):
        return value
    text = str(value).strip()
    if text in ALWAYS:
        return ()
    found: list[Stretch] = []
    adds, at = True, 0
    while at < len(text):
        rule = _RULE.match(text, at)
        if rule is None or not (rule["days"] or rule["times"]):
            raise ValueError(_expected(text))
        days = _days(rule["days"])
        kept = found if adds and rule["times"] != "off" else [s for s in found if s.day not in days]
        found = [*kept, *(Stretch(day=d, opens=o, closes=c) for d in days for o, c in _times(rule["times"], text))]
        adds, at = rule["then"] == ",", rule.end()
    if not found:
        raise ValueError(_expected(text))
    return tuple(sorted(set(found), key=lambda s: (s.day, s.opens, s.closes)))


def _days(text: str | None) -> list[int]:
    """Numbers of the days stated, all of them where none is."""
    if text is None:
        return list(range(7))
    numbers: list[int] = []
    for part in text.split(","):
        first, _, last = (DAYS.index(d) if d in DAYS else d for d in part.strip().partition("-"))
        count = (last - first) % 7 if last != "" else 0
        numbers += [(first + i) % 7 for i in range(count + 1)]
    return numbers


def _times(text: str | None, whole: str) -> list[tuple[int, int]]:
    """Begin and end of each range [min after midnight]."""
    if text == "off":
        return []
    ranges = []
    for part in (text or "00:00-24:00").split(","):
        opens, closes = (60 * int(t.split(":")[0]) + int(t.split(":")[1]) for t in part.split("-"))
        if opens == closes or opens >= _DAY_MINUTES or closes > _DAY_MINUTES:
            raise ValueError(_expected(whole))
        ranges.append((opens, closes if closes > opens else closes + _DAY_MINUTES))
    return ranges


def _expected(text: str) -> str:
    hint = "; state public holidays as holidays: IT" if re.search(r"\b[PS]H\b", text) else ""
    return (
        f'expected service hours such as "Mo-Fr 08:00-18:00, Sa 09:00-13:00", "Mo-Su 22:00-06:00" or 24x7 (days '
        f"{' '.join(DAYS)}, clock times 00:00 to 24:00, off), got {text!r}{hint}"
    )


def _country(value: Any) -> Any:
    """Let `holidays: IT` stand for `{country: IT}`; YAML reads an unquoted NO as false."""
    if isinstance(value, bool):
        raise ValueError(f'expected a country in quotes such as "NO" (YAML reads a bare NO as false), got {value!r}')
    return {"country": value} if isinstance(value, str) else value


ServiceHours = Annotated[tuple[Stretch, ...], BeforeValidator(read_service_hours)]
HolidaysOf = Annotated[Holidays, BeforeValidator(_country)]
