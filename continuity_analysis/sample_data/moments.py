"""Moments as whole seconds since 1970 in UTC, and how exports spell them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = 60, 3600, 86400


def second(year: int, month: int = 1, day: int = 1, hour: int = 0) -> int:
    """The moment as whole seconds since 1970 in UTC."""
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


def utc(moment: int) -> str:
    """As 2026-10-01T00:00:00Z."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"


def local(moment: int, zone: str, *, digits: int = 0) -> str:
    """As 2026-10-01T02:00:00.000+02:00, with the offset that holds in `zone` at that moment."""
    there = datetime.fromtimestamp(moment, ZoneInfo(zone))
    fraction = "." + "0" * digits if digits else ""
    offset = f"{there:%z}"
    return f"{there:%Y-%m-%dT%H:%M:%S}{fraction}{offset[:3]}:{offset[3:]}"


def stamp(moment: int) -> str:
    """As 20261001-000000, the way backup tools name things (UTC)."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y%m%d-%H%M%S}"


def day_name(moment: int) -> str:
    """As 2026-10-01."""
    return utc(moment)[:10]


def months_before(moment: int, months: int) -> int:
    """The same day and time of day, `months` calendar months earlier (day 1 to 28)."""
    there = datetime.fromtimestamp(moment, UTC)
    index = there.year * 12 + there.month - 1 - months
    return int(there.replace(year=index // 12, month=index % 12 + 1).timestamp())


def month_starts(start: int, end: int) -> list[int]:
    """First moments of the calendar months in (start, end]."""
    first = datetime.fromtimestamp(start, UTC)
    index, found = first.year * 12 + first.month, []
    while (moment := second(index // 12, index % 12 + 1)) <= end:
        found.append(moment)
        index += 1
    return found


def quarters(start: int, end: int) -> dict[str, tuple[int, int]]:
    """Calendar quarters that lie whole in [start, end], by name such as 2026Q3."""
    starts = [m for m in [*month_starts(start - 1, end)] if datetime.fromtimestamp(m, UTC).month % 3 == 1]
    named = {}
    for first in starts:
        there = datetime.fromtimestamp(first, UTC)
        last = months_before(first, -3)
        if last <= end:
            named[f"{there.year}Q{(there.month + 2) // 3}"] = (first, last)
    return named
