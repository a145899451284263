"""Local times without an offset: zones, summer time, and which of two numbers is the day."""

import json
from datetime import UTC, datetime

import pytest

from continuity_analysis.ingest import clocks
from tests.ingest.made_up import made, read_one

LOCAL = made(NAIVE=("begin",))


def read(*times: str | None, **options):
    records = [{"id": str(n), "at": {"site": "s"}, "begin": time} for n, time in enumerate(times)]
    return read_one(json.dumps(records).encode(), LOCAL, **options)


def begins(reading) -> list[str]:
    moments = reading.tables["incidents"].sort_by("record_no")["started_at"].to_pylist()
    return [m and m.astimezone(UTC).replace(tzinfo=None).isoformat() for m in moments]


def test_a_zone_must_be_stated() -> None:
    reading = read("2026-07-01 12:00")
    assert "begin" in reading.reason
    assert "--timezone" in reading.reason
    assert "`sources`" in reading.reason
    assert reading.export is None


def test_without_naive_times_no_zone_is_needed() -> None:
    reading = read("2026-07-01T12:00:00+02:00", None, "")
    assert begins(reading) == ["2026-07-01T10:00:00", None, None]
    assert reading.export["timezone_assumed"] is None


def test_the_sources_zone_goes_before_the_callers_and_that_before_the_catalogues() -> None:
    from continuity_analysis.catalog import read_catalog

    source = {"path": "*.json", "timezone": "Asia/Tokyo"}
    for told, expected in (
        ({"catalog": {"timezone": "Europe/Rome", "sources": [source]}, "timezone": "UTC"}, "2026-07-01T03:00:00"),
        ({"catalog": {"timezone": "Europe/Rome"}, "timezone": "UTC"}, "2026-07-01T12:00:00"),
        ({"catalog": {"timezone": "Europe/Rome"}}, "2026-07-01T10:00:00"),
    ):
        reading = read("2026-07-01 12:00", **told | {"catalog": read_catalog(told["catalog"])})
        assert begins(reading) == [expected]
    assert reading.export["timezone_assumed"] == "Europe/Rome"


def test_summer_time_is_handled_one_way_and_counted() -> None:
    twice, never = "2026-10-25 02:30", "2026-03-29 02:30"
    reading = read(twice, never, "2026-03-29 03:00", twice, timezone="Europe/Berlin")
    first, next_there_is = "2026-10-25T00:30:00", "2026-03-29T01:00:00"
    assert begins(reading) == [first, next_there_is, next_there_is, first]
    assert dict(reading.clock_oddities) == {clocks.TWICE: 2, clocks.NEVER: 1}


SPELLINGS = {
    "2026-01-31T10:05:00.123456789": "2026-01-31T10:05:00.123456",
    "2026/1/31 1:05 PM": "2026-01-31T13:05:00",
    "31.01.2026": "2026-01-31T00:00:00",
    "31/1/2026 12:05:49 AM": "2026-01-31T00:05:49",
    "31-01-26, 12:05 p.m.": "2026-01-31T12:05:00",
    "31/Jan/26 9:10 AM": "2026-01-31T09:10:00",
    "31 January 2026 09:10": "2026-01-31T09:10:00",
    "31/ene/26 9:10 PM": "2026-01-31T21:10:00",
    "1 déc. 2026": "2026-12-01T00:00:00",
}


def test_spellings() -> None:
    assert begins(read(*SPELLINGS, timezone="UTC")) == list(SPELLINGS.values())


@pytest.mark.parametrize("time", ["30/02/2026 10:00", "2026-01-31 25:00", "31/foo/2026", "soon", "31/1/2026 13:00 PM"])
def test_what_is_no_time_is_rejected(time: str) -> None:
    reading = read("31/12/2026 10:00", time, timezone="UTC")
    (row,) = reading.rejects.to_pylist()
    assert row["record_no"] == 2
    assert time in row["reason"]


def test_day_and_month_are_told_by_the_whole_column() -> None:
    assert begins(read("03/04/2026", "13/04/2026", timezone="UTC"))[0] == "2026-04-03T00:00:00"
    assert begins(read("03/04/2026", "04/13/2026", timezone="UTC"))[0] == "2026-03-04T00:00:00"
    assert begins(read("03.04.2026", timezone="UTC")) == ["2026-04-03T00:00:00"]


def test_otherwise_the_day_must_be_told() -> None:
    from continuity_analysis.catalog import read_catalog

    assert "could be day-first or month-first" in read("03/04/2026", timezone="UTC").reason
    mixed = read("13/04/2026", "04/13/2026", timezone="UTC")
    assert "day-first in '13/04/2026' and month-first in '04/13/2026'" in mixed.reason
    for dayfirst, month in ((True, 4), (False, 3)):
        catalog = read_catalog({"sources": [{"path": "*", "dayfirst": dayfirst}]})
        (moment,) = begins(read("03/04/2026", timezone="UTC", catalog=catalog))
        assert datetime.fromisoformat(moment).month == month


def test_what_clock_changes_did_is_kept_with_the_export() -> None:
    reading = read("2026-10-25 02:30", "2026-03-29 02:30", "2026-03-29 03:00", timezone="Europe/Berlin")
    assert json.loads(reading.export["clock_oddities"]) == {clocks.TWICE: 1, clocks.NEVER: 1}
    assert read("2026-07-01 02:30", timezone="Europe/Berlin").export["clock_oddities"] is None
    assert read("2026-07-01T02:30:00Z").export["clock_oddities"] is None


@pytest.mark.parametrize(
    ("zone", "local", "utc", "what"),
    [
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00", clocks.TWICE),  # back by half an hour
        ("Australia/Lord_Howe", "2026-10-04 02:10", "2026-10-03T15:30:00", clocks.NEVER),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T10:00:00", clocks.NEVER),  # a day that was left out
        ("America/New_York", "2026-11-01 01:00", "2026-11-01T05:00:00", clocks.TWICE),
        ("America/New_York", "2026-11-01 02:00", "2026-11-01T07:00:00", None),
        ("Europe/Dublin", "2026-10-25 01:30", "2026-10-25T00:30:00", clocks.TWICE),  # its winter is the exception
        ("Europe/Moscow", "2014-10-26 01:30", "2014-10-25T21:30:00", clocks.TWICE),  # not a summer time
        ("Europe/London", "2026-03-29 01:59:59.999999", "2026-03-29T01:00:00", clocks.NEVER),
        ("Europe/London", "2026-03-29 01:00", "2026-03-29T01:00:00", clocks.NEVER),
        ("Asia/Kolkata", "2026-03-29 02:30", "2026-03-28T21:00:00", None),
    ],
)
def test_folds_and_gaps_of_other_zones(zone: str, local: str, utc: str, what: str | None) -> None:
    reading = read(local, timezone=zone)
    assert begins(reading) == [utc]
    assert dict(reading.clock_oddities) == ({what: 1} if what else {})
