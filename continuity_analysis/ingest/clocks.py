"""Local times without an offset, put into UTC by the zone that was stated for their file.

Where clocks are set back and a time stands twice, the first is taken; where they are set forward and a time does not
exist, it moves to the first that does. Both are counted. Whether 03/04/2026 is in April or in March is decided from all
dates of the file: one field above 12 settles it; otherwise it must be told.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from continuity_analysis.errors import InputError
from continuity_analysis.ingest.moments import named

TWICE = "stood twice on the clock, the first taken"
NEVER = "never stood on the clock, moved forward"
_TIME = r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?)?"
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})[-/.](\d{1,2})" + _TIME)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})" + _TIME)
_NAMED_MONTH = re.compile(r"(\d{1,2})([-/ .])\s*([^\W\d_]{3,})\.?[-/ .]\s*(\d{4}|\d{2})" + _TIME)
_MONTH_NAMES = (
    *("jan ene gen", "feb fév", "mar mär mrz", "apr abr avr", "may mai mag", "jun giu", "jul lug"),
    *("aug ago aoû", "sep set", "oct okt ott", "nov", "dec dez dic déc"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}


def localise(con, fields: Iterable[str], zone: str, *, dayfirst: bool | None = None) -> dict[str, int]:
    """Turn the naive times in `fields` of the table `found` into UTC text, in place.

    What cannot be read, and what has an offset already, stays as it is.

    Returns
    -------
    dict
        How many times stood twice or never on the clock.

    Raises
    ------
    InputError
        If dates could be day-first or month-first and nothing says which.
    """
    texts = {f: _texts(con, f) for f in fields}
    every = [match for found in texts.values() for match in map(_match, found) if match]
    if dayfirst is None:
        dayfirst = _is_dayfirst(every)
    oddities: dict[str, int] = {}
    for name, counts in texts.items():
        read = {text: iso for text in counts if (iso := _iso(_match(text), dayfirst))}
        moments, twice, never = _to_utc(list(read.values()), zone)
        for mask, what in ((twice, TWICE), (never, NEVER)):
            if number := sum(counts[text] for text, odd in zip(read, mask, strict=True) if odd):
                oddities[what] = oddities.get(what, 0) + number
        con.register("clock", pa.table({"text": list(read), "utc": moments}, schema=_CLOCK))
        con.execute(f"UPDATE found SET {named(name)} = clock.utc FROM clock WHERE found.{named(name)} = clock.text")
        con.unregister("clock")
    return oddities


def any_naive(con, fields: Iterable[str]) -> bool:
    """Whether any of `fields` holds a date or time without an offset."""
    matches = (_match(text) for name in fields for text in _texts(con, name))
    return any(_iso(match, True) or _iso(match, False) for match in matches)


def no_zone(fields: Iterable[str]) -> InputError:
    """The error for a file whose times have no offset and for which no zone was stated."""
    return InputError(
        f"its times ({', '.join(fields)}) have no offset from UTC: state their zone with --timezone, or as `timezone` "
        "of its entry in `sources` or of the whole catalogue"
    )


_CLOCK = pa.schema([("text", pa.string()), ("utc", pa.string())])


def _texts(con, name: str) -> dict[str, int]:
    column = named(name)
    query = f"SELECT {column}, count(*) FROM found WHERE {column} NOT NULL GROUP BY 1 ORDER BY 1"
    return dict(con.execute(query).fetchall())


def _match(text: str) -> re.Match | None:
    text = text.strip()
    return _YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text) or _NAMED_MONTH.fullmatch(text)


def _is_dayfirst(matches: list[re.Match]) -> bool:
    """Whether dates such as 03/04/2026 have the day first; dates with dots always have.

    Raises
    ------
    InputError
        If both or neither occurs.
    """
    asked = [m for m in matches if m.re is _YEAR_LAST and m.group(2) != "."]
    day_first = next((m for m in asked if int(m.group(1)) > 12), None)
    month_first = next((m for m in asked if int(m.group(3)) > 12), None)
    if asked and (day_first is None) == (month_first is None):
        why = (
            f"{asked[0].group()!r} could be day-first or month-first, and no date of the file decides it"
            if day_first is None
            else f"dates are day-first in {day_first.group()!r} and month-first in {month_first.group()!r}"
        )
        raise InputError(f"{why}: say `dayfirst: true` or `false` for it in `sources` of the catalogue")
    return day_first is not None or not asked


def _iso(match: re.Match | None, dayfirst: bool) -> str | None:
    """A date and time as ISO text, or None where there is no such date."""
    if match is None:
        return None
    first, mark, second, third, hour, minute, second_, fraction, half = match.groups()
    if match.re is _YEAR_FIRST:
        year, month, day = first, second, third
    elif match.re is _NAMED_MONTH:
        year, month, day = third, str(_MONTHS.get(second[:3].lower(), 0)), first
    else:
        year = third
        day, month = (first, second) if dayfirst or mark == "." else (second, first)
    year = f"20{year}" if len(year) == 2 else year
    hour = _hour(int(hour or 0), half)
    text = (
        f"{year}-{int(month):02d}-{int(day):02d}T{hour:02d}:{minute or '00'}:{second_ or '00'}.{(fraction or '0')[:6]}"
    )
    try:
        return str(np.datetime64(text, "us"))
    except ValueError:
        return None


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half[0] in "Pp" else 0) if 1 <= hour <= 12 else 99


def _to_utc(isos: list[str], zone: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    """UTC text of local times, which of them stood twice, and which never."""
    local = pd.DatetimeIndex(np.array(isos, dtype="datetime64[us]"))
    first = local.tz_localize(zone, ambiguous=np.ones(len(local), bool), nonexistent="NaT")
    second = local.tz_localize(zone, ambiguous=np.zeros(len(local), bool), nonexistent="NaT")
    never = np.asarray(first.isna())
    utc = first.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    utc[never] = [_end_of_gap(t, ZoneInfo(zone)) for t in local[never]]
    return [f"{t}Z" for t in np.datetime_as_string(utc)], np.asarray((first != second) & ~never), never


def _end_of_gap(local: pd.Timestamp, zone: ZoneInfo) -> np.datetime64:
    """The moment (UTC) at which clocks of `zone` skipped over a time that never was.

    By bisection, between where the time would lie by the offset after the gap and by the one before it.
    """
    missed = local.to_pydatetime().replace(microsecond=0)
    early, late = (int(missed.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (1, 0))
    after = datetime.fromtimestamp(late, zone).utcoffset()
    while late - early > 1:
        middle = (early + late) // 2
        is_after = datetime.fromtimestamp(middle, zone).utcoffset() == after
        early, late = (early, middle) if is_after else (middle, late)
    return np.datetime64(late, "s")
