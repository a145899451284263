"""Each moment of down time goes to the incident with the largest impact, shared where several weigh the same."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.measurements.attribution import attribute_downtime
from continuity_analysis.measurements.clock import HOUR
from continuity_analysis.measurements.downtime import measure_downtime
from continuity_analysis.measurements.intervals import intervals
from continuity_analysis.measurements.watched_time import Observation


def rows(*given):
    """Disruptions from (incident, component, start, end, impact, planned), hours from 0, of one service each."""
    columns = ["incident_id", "component", "start", "end", "impact", "planned"]
    frame = pd.DataFrame(list(given), columns=columns)
    frame = frame.assign(
        code=0, product="pager", assumed=False, is_open=False, kind="incident",
        start=(frame["start"] * HOUR).astype("int64"), end=(frame["end"] * HOUR).astype("int64"),
    )  # fmt: skip
    return frame.assign(tail=frame["end"], planned=frame["planned"].astype(bool), impact=frame["impact"].astype(float))


def watched(hours=24, services=1):
    whole = intervals(np.arange(services), np.zeros(services), np.full(services, hours * HOUR))
    return Observation(pd.DataFrame({"service": [f"s{i}" for i in range(services)]}), whole, whole, 0, hours * HOUR)


def shares(frame, **how):
    found = attribute_downtime(frame, watched(**how))
    return {(r.incident_id, r.planned): pytest.approx(r.hours) for r in found.itertuples()}


def test_the_larger_impact_takes_the_moment_and_equals_share_it():
    frame = rows(("A", "x", 0, 4, 0.5, False), ("B", "x", 2, 6, 1.0, False), ("C", "x", 5, 7, 1.0, False))
    assert shares(frame) == {("A", False): 1.0, ("B", False): 3.5, ("C", False): 1.5}


def test_an_incident_of_several_components_counts_once_at_a_moment():
    frame = rows(("A", "x", 0, 4, 1, False), ("A", "y", 0, 4, 1, False), ("B", "x", 0, 4, 1, False))
    assert shares(frame) == {("A", False): 2.0, ("B", False): 2.0}


def test_planned_work_gets_only_what_it_adds():
    frame = rows(("A", "x", 2, 4, 0.25, False), ("P", "x", 0, 3, 1.0, True), ("Q", "x", 0, 3, 0.5, True))
    assert shares(frame) == {("A", False): 0.5, ("P", True): 2.75}


def test_outages_of_no_incident_are_each_their_own():
    frame = rows((None, "x", 0, 1, 1, False), (None, "x", 3, 5, 1, False))
    found = attribute_downtime(frame, watched())
    assert found["hours"].to_list() == [1.0, 2.0]
    assert found["row"].to_list() == [0, 1]


def test_nothing_gives_nothing():
    assert attribute_downtime(rows(), watched()).empty
    assert attribute_downtime(rows(("A", "x", 30, 40, 1, False)), watched()).empty


incident = st.tuples(
    st.sampled_from([None, "A", "B", "C"]), st.just("x"), st.integers(0, 12), st.integers(0, 6),
    st.sampled_from([0.0, 0.25, 0.3, 1.0]), st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(incident, max_size=7))
def test_it_equals_the_slow_twin_and_adds_up(given_rows):
    frame = rows(*((i, c, start, start + length, w, p) for i, c, start, length, w, p in given_rows))
    found = attribute_downtime(frame, watched(10))
    down = measure_downtime(frame, watched(10)).iloc[0]
    for planned, name in ((False, "unplanned_hours"), (True, "planned_hours")):
        here = found[found["planned"] == planned]
        assert here["hours"].sum() == pytest.approx(down[name], abs=1e-9)
        twin = hour_by_hour(frame, planned, 10)
        assert {int(r.row): pytest.approx(r.hours) for r in here.itertuples()} == twin


def hour_by_hour(frame, planned, hours):
    """Row of the incident -> hours, one hour after the other."""
    made, first = {}, {}
    names = [i if isinstance(i, str) else ("own", n) for n, i in enumerate(frame["incident_id"])]
    for n, name in enumerate(names):
        if frame["impact"][n] > 0:
            first.setdefault(name, n)
    for hour in range(hours):
        here = [n for n in range(len(frame)) if frame["start"][n] <= hour * HOUR < frame["end"][n]]
        largest = {p: max([frame["impact"][n] for n in here if frame["planned"][n] == p], default=0) for p in (0, 1)}
        weight = max(largest[1] - largest[0], 0) if planned else largest[0]
        who = {names[n] for n in here if frame["planned"][n] == planned and frame["impact"][n] == largest[int(planned)]}
        for name in who if weight else ():
            made[first[name]] = made.get(first[name], 0) + weight / len(who)
    return made
