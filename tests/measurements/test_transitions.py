import random

import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.intervals import intervals, union
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.transitions import measure_outages, require

MINUTE = 60_000_000
NOON = int(to_microseconds(["2026-07-01T12:00Z"])[0])


def state(name, start, end=None, **more):
    until = {"until_at": f"2026-07-01T{end}"} if end else {}
    return {"state": name, "from_at": f"2026-07-01T{start}"} | until | more


def outages(*states, **more):
    logs = make_logs(as_of="2026-07-02", states=list(states), **more)
    return measure_outages(logs, measure_services(logs))


def minutes(found):
    """(state, from, until) in minutes after noon; None where it lasts."""
    end = [None if e == UNKNOWN else (e - NOON) / MINUTE for e in found["end"]]
    return list(zip(found["state"], (found["start"] - NOON) / MINUTE, end, strict=True))


def test_a_state_lasts_until_the_stream_says_something_else():
    found = outages(state("down", "12:00"), state("partial", "12:10"), state("up", "12:30"), state("down", "12:50"))
    assert minutes(found) == [("down", 0, 10), ("partial", 10, 30), ("down", 50, None)]
    assert found["impact"].tolist() == [1, 0.3, 1]


def test_a_state_lasts_no_longer_than_it_was_vouched_for():
    assert minutes(outages(state("down", "12:00", "12:05"), state("up", "12:30"))) == [("down", 0, 5)]


def test_a_sampling_observer_vouches_for_the_gap_to_its_next_sample():
    probe = {"observer": "probe", "step_seconds": 60.0}
    found = outages(state("down", "12:00", "12:05", **probe), state("up", "12:06", "12:20", **probe))
    assert minutes(found) == [("down", 0, 6)]
    found = outages(state("down", "12:00", "12:05", **probe), state("up", "12:07", "12:20", **probe))
    assert minutes(found) == [("down", 0, 5)]


def test_files_that_overlap_or_repeat_in_any_order_give_the_same_outage():
    probe = {"observer": "probe", "step_seconds": 60.0}
    states = [
        state("up", "11:00", "11:59", **probe),
        state("down", "12:00", "12:50", **probe),
        state("down", "12:10", "12:20", **probe),  # a file that began and ended within the outage
        state("down", "12:30", "12:55", **probe),
        state("up", "12:56", "13:10", **probe),
    ]
    for seed in range(5):
        random.Random(seed).shuffle(states)
        found = outages(*states, *states[:2])
        whole = union(intervals(found["code"], found["start"], found["end"]))
        assert ((whole.start - NOON) / MINUTE).tolist() == [0]
        assert ((whole.end - NOON) / MINUTE).tolist() == [56]


def test_of_two_that_begin_alike_the_one_seen_last_speaks():
    old = state("down", "12:00", observed_at="2026-07-01T12:01")
    new = state("degraded", "12:00", observed_at="2026-07-01T12:09")
    assert outages(new, old)["state"].tolist() == ["degraded"]


def test_incidents_observers_and_components_are_streams_of_their_own():
    found = outages(
        state("down", "12:00", incident_id="A"),
        state("up", "12:10", incident_id="B"),
        state("up", "12:20", component="other"),
        state("up", "12:30", product="other"),
        state("up", "12:40", incident_id="A"),
    )
    assert minutes(found) == [("down", 0, 40)]


def test_states_of_unclaimed_components_and_of_service_are_left_out():
    assert outages(state("down", "12:00"), catalog={"services": {"api": {}}}).empty
    assert outages(state("up", "12:00"), state("primary", "13:00"), state("unknown", "14:00")).empty
    assert outages().empty


@pytest.mark.parametrize(("needed", "hours"), [(1, 5), (2, 2), (3, 0)])
def test_the_kth_replica_takes_the_service_down(needed, hours):
    members = pd.DataFrame({
        "code": 0, "component": ["a", "a", "b"], "start": [0, 2, 2], "end": [3, 4, 5], "impact": 1.0, "planned": False,
    })  # fmt: skip
    found = require(members.assign(tail=members["end"]), np.array([needed]))
    unplanned = found[~found["planned"]]
    assert (unplanned["end"] - unplanned["start"]).sum() == hours


def test_planned_work_on_one_replica_and_a_failure_of_another():
    members = pd.DataFrame({
        "code": 0, "component": ["a", "b"], "start": [0, 2], "end": [6, 4], "impact": 1.0, "planned": [True, False],
    })  # fmt: skip
    found = require(members.assign(tail=members["end"]), np.array([2]))
    assert found[["start", "end", "planned"]].to_numpy().tolist() == [[2, 4, True]]


def test_the_kth_largest_impact_of_a_replica_is_what_the_service_lost():
    # of three replicas two are required: the second largest impact counts
    members = pd.DataFrame({
        "code": 0, "component": ["a", "b", "c"], "start": [0, 1, 3], "end": [9, 6, 5], "impact": [1.0, 0.3, 0.6],
        "planned": False,
    })  # fmt: skip
    found = require(members.assign(tail=members["end"]), np.array([2]))
    lost = found[~found["planned"]]
    at = [lost.loc[(lost["start"] <= t) & (t < lost["end"]), "impact"].max() for t in range(9)]
    np.testing.assert_array_equal(np.nan_to_num(at), [0, 0.3, 0.3, 0.6, 0.6, 0.3, 0, 0, 0])


def test_a_replica_lost_from_sight_may_be_out_which_is_no_failure():
    members = pd.DataFrame({
        "code": 0, "component": ["a", "b"], "start": [0, 2], "end": [6, 3], "tail": [6, 9], "impact": 1.0,
        "planned": False,
    })  # fmt: skip
    found = require(members, np.array([2]))
    known = found[found["end"] > found["start"]]
    assert known[["start", "end", "planned"]].to_numpy().tolist() == [[2, 3, False], [2, 3, True]]
    lost = found[found["tail"] > found["end"]]
    assert lost[["start", "end", "tail", "planned"]].to_numpy().tolist() == [[3, 3, 6, True]]
