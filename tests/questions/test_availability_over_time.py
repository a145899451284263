"""Availability by window: each row is what `availability` says of its window, and windows add up to the period."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs_in_hand import make_logs

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.calendar import measure_windows
from continuity_analysis.periods import read_period
from continuity_analysis.questions import availability, availability_over_time

SERVICES = ("always", "office", "night")
SAME = ["availability", "low", "high", "unplanned_availability", "unplanned_low", "unplanned_high", "coverage", "n",
        "agreed_hours", "unknown_hours", "down_hours", "unplanned_hours", "planned_hours"]  # fmt: skip
CATALOG = {
    "services": {
        "always": {"in_service_since": "2026-01-10", "watched_by": ["pager"], "objectives": {"availability": "99%"}},
        "office": {"in_service_since": "2025-01-01", "watched_by": ["pager"], "hours": "Mo-Fr 08:00-18:00",
                   "holidays": "IT", "judged": "unplanned"},
        "night": {"in_service_since": "2025-01-01", "watched_by": ["pager"], "hours": "Mo-Su 22:00-06:00"},
    }
}  # fmt: skip
WATCHED = {"covers_from_at": "2026-01-01", "covers_until_at": "2026-12-31"}
FIRST = pd.Timestamp("2026-03-20", tz="UTC")  # Rome's clocks change on 29 March


def logs_of(incidents, *, exports=(WATCHED,), as_of="2026-12-31", catalog=CATALOG):
    return make_logs(
        as_of=as_of, catalog=catalog, incidents=list(incidents), exports=list(exports), timezone="Europe/Rome"
    )


def incident(service, start, hours, **more):
    begun = pd.Timestamp(start, tz="Europe/Rome") if isinstance(start, str) else start
    ended = None if hours is None else begun + pd.Timedelta(hours=hours)
    status = {"status": "open" if hours is None else "resolved"}
    return {"component": service, "started_at": begun, "restored_at": ended, "impact": 1.0} | status | more


def test_windows_are_days_by_the_clock_cut_to_the_period():
    period = read_period(("2026-03-28T12:00", "2026-03-30T06:00"), timezone="Europe/Rome")
    found = measure_windows(period, "day")
    assert found.name.tolist() == ["2026-03-28", "2026-03-29", "2026-03-30"]
    assert ((found.end - found.start) / 3.6e9).tolist() == [12, 23, 6]


@pytest.mark.parametrize(
    ("every", "names"),
    [
        ("week", ["2026-W01", "2026-W02", "2026-W03", "2026-W04", "2026-W05"]),
        ("month", ["2026-01"]),
        ("quarter", ["2026Q1"]),
        ("year", ["2026"]),
    ],
)
def test_windows_have_the_names_that_periods_have(every, names):
    assert measure_windows(read_period("2026-01"), every).name.tolist() == names


def test_rolling_windows_end_with_each_day_and_are_as_long_by_the_clock():
    found = measure_windows(read_period("2026-04-05", timezone="Europe/Rome"), "day", rolling="7d")
    assert found.name.tolist() == ["7d to 2026-04-05"]
    assert ((found.end - found.start) / 3.6e9).tolist() == [7 * 24]
    before = measure_windows(read_period("2026-03-31", timezone="Europe/Rome"), "day", rolling="1w")
    assert (before.end - before.start)[0] / 3.6e9 == 7 * 24 - 1


def test_by_hand_a_night_over_two_days_counts_one_failure_and_hours_in_each():
    found = availability_over_time(logs_of([incident("always", "2026-07-01 22:00", 6)]), "2026-W27", every="day")
    rows = found[found["service"] == "always"].set_index("window")
    assert rows.loc["2026-07-01", ["down_hours", "n"]].tolist() == [2, 1]
    assert rows.loc["2026-07-02", ["down_hours", "n"]].tolist() == [4, 0]
    assert rows.loc["2026-07-02", "availability"] == pytest.approx(1 - 4 / 24)
    assert rows["down_hours"].sum() == 6
    assert (rows["objective"] == 0.99).all()
    assert found.loc[found["service"] == "office", "objective"].isna().all()


def test_what_is_not_agreed_is_no_window_and_nobody_watching_is_unknown():
    late = {"covers_from_at": "2026-07-03", "covers_until_at": "2026-12-31"}
    found = availability_over_time(logs_of([], exports=[late]), "2026-W27", every="day").set_index(
        ["service", "window"]
    )
    assert found.loc[("office", "2026-07-04"), "agreed_hours"] == 0
    assert found.loc[("office", "2026-07-02"), ["agreed_hours", "unknown_hours", "coverage"]].tolist() == [10, 10, 0]
    assert np.isnan(found.loc[("office", "2026-07-02"), "availability"])
    assert found.loc[("office", "2026-07-03"), "availability"] == 1


def test_the_window_under_way_is_unfinished_and_later_ones_are_left_out():
    found = availability_over_time(logs_of([], as_of="2026-07-15T12:00"), "2026Q3", every="month")
    assert found["window"].unique().tolist() == ["2026-07"]
    assert found["unfinished"].all()
    rolling = availability_over_time(logs_of([], as_of="2026-07-15T12:00"), "2026-07", every="day", rolling="30d")
    assert rolling["window"].iloc[-1] == "30d to 2026-07-14"
    assert not rolling["unfinished"].any()


def test_a_window_that_begins_within_a_chain_of_incidents_counts_no_failure_of_it():
    # closed from Friday evening to Monday: the chain began on Friday, in agreed time
    chain = [incident("office", "2026-07-03 17:00", 2), incident("office", "2026-07-03 19:00", 60)]
    logs = logs_of(chain)
    found = availability_over_time(logs, "2026-07", every="day").set_index(["service", "window"]).loc["office"]
    assert found.loc["2026-07-03", "n"] == 0 + 1
    assert found["n"].sum() == 1
    assert found["down_hours"].sum() == 1


def test_a_failure_is_not_counted_anew_where_hours_begin_again():
    chain = [incident("office", "2026-07-03 17:00", 2), incident("office", "2026-07-03 19:00", 70)]
    monday = ("2026-07-06T00:00+02:00", "2026-07-07T00:00+02:00")
    found = availability(logs_of(chain), monday).set_index("service").loc["office"]
    assert (found["down_hours"], found["n"]) == (9, 0)


def test_nothing_at_all_gives_an_empty_table_with_its_columns():
    empty = availability_over_time(make_logs(as_of="2026-08-01"), "2026-07", every="day")
    full = availability_over_time(logs_of([]), "2026-07")
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


@pytest.mark.parametrize(
    ("more", "words"), [({"every": "hour"}, "every to be one of"), ({"rolling": "30"}, "30d or 4w")]
)
def test_what_is_no_window_is_refused(more, words):
    with pytest.raises(InputError, match=words):
        availability_over_time(logs_of([]), "2026-07", **more)


# --- every window against `availability` asked for it alone ----------------------------------------------------------

HOUR = st.integers(-100, 500)
ROW = st.fixed_dictionaries(
    {
        "service": st.sampled_from(SERVICES),
        "start": HOUR,
        "length": st.one_of(st.none(), st.integers(0, 80)),
        "impact": st.sampled_from([None, 0.0, 0.4, 1.0]),
        "planned": st.booleans(),
        "seen": st.integers(0, 60),
    }
)


def at(hour):
    return FIRST + pd.Timedelta(hours=hour)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    st.lists(ROW, min_size=3, max_size=14),
    st.tuples(st.integers(-50, 100), st.integers(150, 500)),
    st.sampled_from([("day", None), ("week", None), ("month", None), ("day", "3d"), ("week", "10d")]),
)
def test_each_window_equals_availability_asked_for_it_alone(rows, watched, asked):
    incidents = [
        incident(r["service"], at(r["start"]), r["length"], impact=r["impact"], planned=r["planned"],
                 observed_at=at(r["start"] + r["seen"]))
        for r in rows
    ]  # fmt: skip
    exports = [{"covers_from_at": at(watched[0]), "covers_until_at": at(watched[1])}]
    logs = logs_of(incidents, exports=exports, as_of=at(450))
    period = ("2026-03-27T07:00", "2026-04-01")
    found = availability_over_time(logs, period, every=asked[0], rolling=asked[1])
    for (start, end), of in found.groupby(["start", "end"]):
        alone = availability(logs, (start, end)).set_index("service").loc[of["service"]]
        np.testing.assert_allclose(of[SAME].to_numpy(float), alone[SAME].to_numpy(float), atol=1e-12)
    if asked[1] is None:
        whole = availability(logs, period).set_index("service")
        hours = [c for c in SAME if c.endswith("_hours")]
        total = found.groupby("service")[hours].sum()
        np.testing.assert_allclose(total, whole.loc[total.index, hours], atol=1e-9)
