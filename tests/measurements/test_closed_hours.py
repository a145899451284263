"""Agreed hours by the clock: by hand, over a year, and against a twin that walks minute by minute over changes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.catalog import read_catalog
from continuity_analysis.measurements.clock import to_hours, to_microseconds, to_moments
from continuity_analysis.measurements.closed_hours import measure_closed
from continuity_analysis.measurements.intervals import lengths
from continuity_analysis.measurements.service_hours import measure_agreed


def agreed(start, end, zone="Europe/Rome", **stated):
    """Stretches that are agreed, as local text, and how long they are [h]."""
    found = agreed_of({"web": stated}, start, end, zone)
    local = [to_moments(side).tz_convert(stated.get("timezone", zone)) for side in (found.start, found.end)]
    return [f"{a:%d %H:%M} {b:%d %H:%M}" for a, b in zip(*local, strict=True)], to_hours(found.end - found.start)


def agreed_of(stated, start, end, zone="Europe/Rome"):
    catalog = read_catalog({"services": stated})
    services = pd.DataFrame({"service": sorted(stated)}).assign(in_service_from=pd.NaT, retired_at=pd.NaT)
    first, last = (int(m) for m in to_microseconds([start, end]))
    closed = measure_closed(catalog.services, services, start=first, end=last, timezone=zone)
    return measure_agreed(services, first, end=last, outside=closed)


def local(text, zone="Europe/Rome"):
    return pd.Timestamp(text, tz=zone)


def test_office_hours_of_a_week_with_a_saturday():
    found, hours = agreed(local("2026-07-03"), local("2026-07-07"), hours="Mo-Fr 08:00-18:00, Sa 09:00-13:00")
    assert found == ["03 08:00 03 18:00", "04 09:00 04 13:00", "06 08:00 06 18:00"]
    assert hours.tolist() == [10, 4, 10]


def test_hours_over_midnight_reach_in_from_the_day_before():
    found, _ = agreed(local("2026-07-03"), local("2026-07-04"), hours="Mo-Su 22:00-06:00")
    assert found == ["03 00:00 03 06:00", "03 22:00 04 00:00"]


def test_always_needs_no_work_and_closes_nothing():
    assert agreed(local("2026-07-03"), local("2026-07-04"), hours="24x7")[1].tolist() == [24]


def test_on_a_holiday_nothing_is_agreed_from_midnight_to_midnight():
    found, _ = agreed(local("2026-06-01"), local("2026-06-04"), hours="Mo-Su 22:00-06:00", holidays="IT")
    assert found == ["01 00:00 01 06:00", "01 22:00 02 00:00", "03 00:00 03 06:00", "03 22:00 04 00:00"]
    _, hours = agreed(local("2026-06-01"), local("2026-06-04"), holidays="IT")
    assert hours.tolist() == [24, 24]


def test_a_part_of_a_country_has_holidays_of_its_own():
    whit_monday = (local("2026-05-25"), local("2026-05-26"))
    assert agreed(*whit_monday, holidays="IT")[1].sum() == 24
    assert agreed(*whit_monday, holidays={"country": "IT", "subdivision": "BZ"})[1].sum() == 0


def test_hours_are_those_of_the_services_own_zone():
    found, _ = agreed(local("2026-07-03"), local("2026-07-05"), hours="Fr 09:00-17:00", timezone="America/New_York")
    assert found == ["03 09:00 03 17:00"]


def test_ranges_that_touch_on_the_clock_touch_when_it_changes():
    for day, length in (("2026-03-29", 23), ("2026-10-25", 25)):
        span = (local(day), local(day) + pd.DateOffset(days=1))
        parts = [agreed(*span, hours=h)[1].sum() for h in ("00:00-02:30", "02:30-24:00")]
        assert sum(parts) == agreed(*span, hours="00:00-24:00")[1].sum() == length
    # 02:30 is skipped in March and counts from 03:00; in October the first of the two counts
    assert agreed(local("2026-03-29"), local("2026-03-30"), hours="00:00-02:30")[1].sum() == 2
    assert agreed(local("2026-10-25"), local("2026-10-26"), hours="00:00-02:30")[1].sum() == 2.5


def test_a_night_shift_is_an_hour_shorter_or_longer():
    for night, length in (("2026-03-28", 7), ("2026-10-24", 9), ("2026-07-04", 8)):
        assert agreed(local(night) + pd.DateOffset(hours=12), local(night) + pd.DateOffset(days=2),
                      hours="Sa 22:00-06:00")[1].sum() == length  # fmt: skip


def test_a_year_of_office_hours_by_hand():
    # 2026 has 261 days from Monday to Friday; of Italy's holidays these fall on one: 1 and 6 January, 6 April, 1 May,
    # 2 June, 8 December, 25 December
    year = (local("2026-01-01"), local("2027-01-01"))
    assert agreed(*year, hours="Mo-Fr 08:00-18:00")[1].sum() == 261 * 10
    assert agreed(*year, hours="Mo-Fr 08:00-18:00", holidays="IT")[1].sum() == (261 - 7) * 10
    assert agreed(*year, hours="Mo-Su 00:00-24:00")[1].sum() == 8760
    # a night shift of eight hours is one longer on 25 October and one shorter on 29 March
    assert agreed(*year, hours="Mo-Su 22:00-06:00")[1].sum() == 365 * 8


def test_services_that_share_a_rule_share_the_work_and_each_has_its_own():
    stated = {"a": {"hours": "Mo-Fr 08:00-18:00"}, "b": {}, "c": {"hours": "Mo-Fr 08:00-18:00"}, "d": {"hours": "Su"}}
    found = agreed_of(stated, local("2026-07-06"), local("2026-07-13"))
    assert to_hours(lengths(found, 4)).tolist() == [50, 168, 50, 24]
    one = agreed_of({"a": stated["a"]}, local("2026-07-06"), local("2026-07-13"))
    for row in (0, 2):
        np.testing.assert_array_equal(found.start[found.group == row], one.start)


def test_a_catalogue_without_hours_and_one_without_services_close_nothing():
    assert len(measure_closed({}, pd.DataFrame({"service": []}), start=0, end=10, timezone="UTC")) == 0


# --- a twin that walks through the minutes of each day ---------------------------------------------------------------

CHANGES = {
    "Europe/Rome": ["2026-03-29", "2026-10-25"],
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Australia/Lord_Howe": ["2026-10-04", "2026-04-05"],  # by half an hour
}
CLOCK = st.sampled_from([0, 60, 90, 105, 120, 135, 150, 180, 240, 1380, 1425])


def reached(day, minutes, zone):
    """The first minute at which the clock has reached a time of a day, walking on from well before it."""
    goal = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    now = goal.replace(tzinfo=ZoneInfo("UTC")) - timedelta(hours=16)
    while now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < goal:
        now += timedelta(minutes=1)
    return now


def twin(rules, off, first, last, zone):
    """Agreed minutes in [first, last)."""
    minutes = set()
    for back in range(-2, 4):
        day = first.astimezone(ZoneInfo(zone)).date() + timedelta(days=back)
        for weekday, opens, closes in rules:
            if day.weekday() == weekday:
                a, b = (reached(day, m, zone) for m in (opens, closes))
                minutes |= {a + timedelta(minutes=i) for i in range(int((b - a).total_seconds() // 60))}
    return {m for m in minutes if first <= m < last and m.astimezone(ZoneInfo(zone)).date() not in off}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.data())
def test_agreed_hours_equal_a_minute_by_minute_twin_over_clock_changes(data):
    zone = data.draw(st.sampled_from(sorted(CHANGES)))
    middle = datetime.fromisoformat(data.draw(st.sampled_from(CHANGES[zone]))).replace(tzinfo=ZoneInfo("UTC"))
    first = middle + timedelta(minutes=data.draw(st.integers(-1800, 600)))
    last = first + timedelta(minutes=data.draw(st.integers(1, 2400)))
    ranges = data.draw(st.lists(st.tuples(CLOCK, CLOCK).filter(lambda r: r[0] != r[1]), min_size=1, max_size=2))
    text = ",".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in ranges)
    rules = [(d, a, b if b > a else b + 1440) for d in range(7) for a, b in ranges]
    _, hours = agreed(first, last, zone=zone, hours=text)
    assert round(hours.sum() * 60) == len(twin(rules, set(), first, last, zone))


@pytest.mark.parametrize(
    ("zone", "country", "day"), [("Europe/Rome", "IT", "2026-04-05"), ("Europe/Berlin", "DE", "2026-12-25")]
)
def test_a_holiday_equals_the_twin(zone, country, day):
    off = datetime.fromisoformat(day).date()
    first = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("UTC")) - timedelta(hours=20)
    last = first + timedelta(hours=60)
    _, hours = agreed(first, last, zone=zone, hours="21:00-03:00", holidays=country)
    nights = [(d, 1260, 1620) for d in range(7)]
    others = {off + timedelta(days=1)}  # Easter Monday, Boxing Day
    assert round(hours.sum() * 60) == len(twin(nights, {off} | others, first, last, zone))
