import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs_in_hand import make_logs

from continuity_analysis.measurements.clock import HOUR, UNKNOWN
from continuity_analysis.measurements.observations import CLOCKS, observe_incidents
from continuity_analysis.measurements.phases import measure_phases
from continuity_analysis.measurements.week import hours_of_week, parts_of_week


def phases(**moments):
    row = {f"{clock}_at": f"2026-07-06T{hour:02d}:00" for clock, hour in moments.items() if clock in CLOCKS}
    row |= {name: value for name, value in moments.items() if name not in CLOCKS}
    found = measure_phases(observe_incidents(make_logs(as_of="2026-08-10", incidents=[row])))
    return {(start, end): hours for _, start, end, hours in found.itertuples(index=False)}


def test_from_each_known_moment_to_the_next():
    assert phases(started=1, detected=2, acknowledged=4, mitigated=7, restored=11) == {
        ("started", "detected"): 1, ("detected", "acknowledged"): 2, ("acknowledged", "mitigated"): 3,
        ("mitigated", "restored"): 4,
    }  # fmt: skip


def test_what_nobody_recorded_is_one_with_its_neighbour():
    assert phases(started=1, detected=2, restored=11) == {("started", "detected"): 1, ("detected", "restored"): 9}
    assert phases(started=1, restored=11) == {("started", "restored"): 10}


def test_a_moment_out_of_order_is_left_out():
    assert phases(started=1, acknowledged=8, mitigated=4, restored=11) == {
        ("started", "acknowledged"): 7, ("acknowledged", "restored"): 3,
    }  # fmt: skip
    assert phases(started=1, acknowledged=20, restored=11) == {("started", "restored"): 10}


def test_detected_before_it_began_is_detected_at_once():
    assert phases(started=3, detected=2, restored=5) == {("started", "detected"): 0, ("detected", "restored"): 2}


def test_where_the_record_is_taken_for_the_start_nothing_is_known_of_the_time_to_detect():
    found = phases(started=1, acknowledged=2, restored=5, started_basis="creation")
    assert found == {("detected", "acknowledged"): 1, ("acknowledged", "restored"): 3}


def test_what_is_open_or_runs_backwards_has_no_phases():
    assert phases(started=1, detected=2, status="open") == {}
    assert phases(started=5, restored=2) == {}


MOMENTS = st.lists(st.one_of(st.just(None), st.integers(0, 20)), min_size=5, max_size=5)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.lists(MOMENTS, min_size=1, max_size=6))
def test_phases_add_up_and_equal_those_of_a_loop(incidents):
    columns = np.array([[UNKNOWN if m is None else m * HOUR for m in row] for row in incidents])
    observed = pd.DataFrame(dict(zip(CLOCKS, columns.T, strict=True))).assign(creation=False)
    found = measure_phases(observed)
    expected = []
    for row, (started, *_, restored) in enumerate(incidents):
        if started is None or restored is None or restored < started:
            continue
        at, since = started, "started"
        for clock, moment in zip(CLOCKS[1:], incidents[row][1:], strict=True):
            moment = max(moment, at) if clock == "detected" and moment is not None else moment
            if moment is not None and at <= moment <= restored:
                expected.append((row, since, clock, moment - at))
                at, since = moment, clock
        assert found.loc[found["row"] == row, "hours"].sum() == restored - started
    assert list(found.itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize(
    ("moment", "part"),
    [
        ("2026-07-06T05:59", "weekday nights"),  # Monday 7:59 in Rome
        ("2026-07-06T06:00", "working hours"),
        ("2026-07-06T15:59", "working hours"),
        ("2026-07-06T16:00", "weekday nights"),
        ("2026-07-05T21:59", "weekends"),
        ("2026-07-05T22:00", "weekday nights"),  # already Monday
        ("2026-01-05T06:59", "weekday nights"),  # an hour later in winter
        ("2026-01-05T07:00", "working hours"),
    ],
)
def test_parts_of_the_week_go_by_the_clock_of_the_zone(moment, part):
    moments = pd.Series([pd.Timestamp(moment, tz="UTC").value // 1_000])
    assert parts_of_week(moments, zone="Europe/Rome").tolist() == [part]


def test_hours_of_the_week():
    day, hour = hours_of_week(np.array([pd.Timestamp("2026-07-05T22:30", tz="UTC").value // 1_000]), zone="Europe/Rome")
    assert (day.tolist(), hour.tolist()) == ([0], [0])
