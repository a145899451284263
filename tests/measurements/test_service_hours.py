import numpy as np
import pandas as pd
import pytest

from continuity_analysis.catalog import read_catalog
from continuity_analysis.errors import CatalogError
from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_hours, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import intervals, lengths
from continuity_analysis.measurements.service_hours import measure_agreed, measure_maintenance

SERVICES = pd.DataFrame({"service": ["api", "web"]})


def us(text):
    return int(to_microseconds([text])[0])


def windows(rule, start, end, *, zone="UTC", clock="02:00", duration="2h"):
    stated = {"rrule": rule, "start": clock, "duration": duration}
    catalog = read_catalog({"services": {"web": {"maintenance": [stated]}}})
    found = measure_maintenance(catalog.services, SERVICES, start=us(start), end=us(end), timezone=zone)
    assert (found.group == 1).all()
    return [f"{m:%m-%dT%H:%M}" for m in to_moments(found.start)], to_hours(found.end - found.start)


def test_a_clock_time_is_local_and_follows_summer_time():
    starts, hours = windows("FREQ=WEEKLY;BYDAY=SU", "2026-03-22", "2026-04-06", zone="Europe/Rome", clock="04:00")
    assert starts == ["03-22T03:00", "03-29T02:00", "04-05T02:00"]
    assert (hours == 2).all()


def test_a_clock_time_that_summer_time_skips_counts_from_after_the_gap():
    assert windows("FREQ=DAILY", "2026-03-29", "2026-03-29T12:00", zone="Europe/Rome", clock="02:30")[0] == [
        "03-29T01:00"
    ]


def test_a_window_that_began_before_reaches_in():
    assert windows("FREQ=WEEKLY;BYDAY=SA", "2026-07-05", "2026-07-06", clock="20:00", duration="8h")[0] == [
        "07-04T20:00"
    ]


def test_every_second_week_needs_its_first_day():
    with pytest.raises(CatalogError, match="DTSTART"):
        windows("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "2026-07-01", "2026-08-01")
    stated = "DTSTART:20260104T020000\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU"
    assert windows(stated, "2026-07-01", "2026-08-01")[0] == ["07-05T02:00", "07-19T02:00"]


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY;BYMONTH=3", "FREQ=DAILY;COUNT=3"])
def test_a_rule_that_leaves_its_day_open_is_refused(rule):
    with pytest.raises(CatalogError, match="on which days it falls"):
        windows(rule, "2026-07-01", "2026-08-01")


def test_a_rule_with_clock_times_of_its_own_is_refused():
    with pytest.raises(CatalogError, match="begin at 02:00"):
        windows("FREQ=DAILY;BYHOUR=5", "2026-07-01", "2026-08-01")


def test_agreed_hours_are_in_service_not_retired_and_outside_windows():
    services = SERVICES.assign(
        in_service_from=pd.to_datetime(["2026-07-01T06:00Z", None], utc=True),
        retired_at=pd.to_datetime([None, "2026-07-01T20:00Z"], utc=True),
    )
    upkeep = intervals(
        [1, 1], [us("2026-07-01T01:00"), us("2026-07-01T19:00")], [us("2026-07-01T03:00"), us("2026-07-02")]
    )
    agreed = measure_agreed(services, us("2026-07-01"), end=us("2026-07-02"), outside=upkeep)
    assert to_hours(lengths(agreed, 2)).tolist() == [18, 17]


def test_moments_and_microseconds():
    moments = pd.Series(
        pd.to_datetime(["1970-01-01T01:00Z", None, "2026-07-01T00:00:00.000001Z"], utc=True, format="ISO8601")
    )
    found = to_microseconds(moments)
    assert found[:2].tolist() == [HOUR, UNKNOWN]
    pd.testing.assert_index_equal(to_moments(found), pd.DatetimeIndex(moments).as_unit("us"), check_names=False)
    assert to_hours(np.array([HOUR // 2])).tolist() == [0.5]


def test_a_service_with_a_zone_of_its_own_has_its_windows_there():
    stated = {"rrule": "FREQ=DAILY", "start": "02:00", "duration": "1h"}
    catalog = read_catalog({"services": {"web": {"maintenance": [stated], "timezone": "America/New_York"}}})
    first, last = us("2026-07-01"), us("2026-07-02")
    found = measure_maintenance(catalog.services, SERVICES, start=first, end=last, timezone="Europe/Rome")
    assert [f"{m:%H:%M}" for m in to_moments(found.start)] == ["06:00"]
