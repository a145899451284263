import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.errors import PeriodError
from continuity_analysis.periods import Period, read_moment, read_period, read_zone


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026Q3", "2026-07-01", "2026-10-01"),
        ("2026-Q3", "2026-07-01", "2026-10-01"),
        ("2026-07", "2026-07-01", "2026-08-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-W01", "2025-12-29", "2026-01-05"),
        ("2026-02-28", "2026-02-28", "2026-03-01"),
        ("2026-06-01/2026-09-01", "2026-06-01", "2026-09-01"),
        ("last-quarter", "2026-07-01", "2026-10-01"),
        ("last-month", "2026-09-01", "2026-10-01"),
        ("last-week", "2026-09-21", "2026-09-28"),
        ("last-year", "2025-01-01", "2026-01-01"),
        ("90d", "2026-07-03", "2026-10-01"),
        ("2w", "2026-09-17", "2026-10-01"),
    ],
)
def test_forms(text, start, end):
    period = read_period(text, as_of="2026-10-01")
    assert (period.start, period.end) == (pd.Timestamp(start, tz="UTC"), pd.Timestamp(end, tz="UTC"))


def test_a_quarter_in_a_zone_has_its_clock_change():
    period = read_period("2026Q4", timezone="Europe/Rome")
    assert period.start == pd.Timestamp("2026-09-30T22:00Z")
    assert period.end == pd.Timestamp("2026-12-31T23:00Z")
    assert period.hours == 92 * 24 + 1


@pytest.mark.parametrize(
    ("text", "name"), [("2026Q1", "2025Q4"), ("2026-01", "2025-12"), ("2026", "2025"), ("2026-W01", "2025-W52")]
)
def test_previous_is_of_the_same_kind(text, name):
    assert read_period(text, timezone="America/New_York").previous().name == name


def test_previous_of_any_other_window_is_as_long():
    before = read_period("2026-06-03/2026-06-13").previous()
    assert before.name == "2026-05-24/2026-06-03"


@given(st.sampled_from(["2026Q2", "2026-05", "2024", "2026-W20", "2026-03-29", "2026-05-02/2026-05-09"]))
@settings(derandomize=True, deadline=None)
def test_previous_ends_where_the_period_starts(text):
    period = read_period(text, timezone="Europe/Rome")
    assert period.previous().end == period.start


def test_a_period_stays_as_it_is():
    period = Period("mine", pd.Timestamp("2026-01-01", tz="UTC"), pd.Timestamp("2026-01-02", tz="UTC"))
    assert read_period(period) is period


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2026-13", "Expected a period such as"),
        ("2026-W60", "Expected a period such as"),
        ("soon", "Expected a period such as"),
        ("last-decade", "last-quarter"),
        ("2026-09-01/2026-06-01", "ends after it starts"),
        ("2026-09-01/never", "Expected a moment such as"),
    ],
)
def test_what_is_no_period_is_said_in_a_sentence(text, advice):
    with pytest.raises(PeriodError, match=advice):
        read_period(text, as_of="2026-10-01")


def test_counting_back_needs_a_moment():
    with pytest.raises(PeriodError, match="--as-of"):
        read_period("last-quarter")


def test_moments():
    assert read_moment("2026-07-01T10:00+02:00") == pd.Timestamp("2026-07-01T08:00Z")
    assert read_moment("2026-07-01", timezone="Europe/Rome") == pd.Timestamp("2026-06-30T22:00Z")
    for bad in ("", "yesterdayish", 3, None):
        with pytest.raises(PeriodError):
            read_moment(bad)


def test_zones():
    assert read_zone("Europe/Rome") == "Europe/Rome"
    with pytest.raises(PeriodError, match="IANA"):
        read_zone("CETT")


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("2026Q3", "2025Q3"),
        ("2026-02", "2025-02"),
        ("2026", "2025"),
        ("2026-03-01/2026-03-15", "2025-03-01/2025-03-15"),
    ],
)
def test_the_year_before_is_the_same_stretch_of_the_calendar(name, before):
    found, wanted = (read_period(n, timezone="Europe/Rome") for n in (name, before))
    found = found.year_before()
    assert (found.name, found.start, found.end) == (wanted.name, wanted.start, wanted.end)
