"""Failures one by one agree with what `measure_downtime` counts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.measurements.clock import HOUR
from continuity_analysis.measurements.downtime import measure_downtime
from continuity_analysis.measurements.failures import measure_failures, merge_common_failures
from continuity_analysis.measurements.intervals import intervals
from continuity_analysis.measurements.watched_time import Observation

QUICK = settings(max_examples=60, deadline=None, derandomize=True)


def observed(*, end=100, agreed=None, watched=None, services=3):
    every = [(g, 0, end) for g in range(services)]
    agreed, watched = (stretches(x if x is not None else every) for x in (agreed, watched))
    names = pd.DataFrame({"service": [f"s{g}" for g in range(services)]})
    return Observation(names, agreed, watched, 0, end * HOUR)


def stretches(rows):
    group, start, end = (np.array(x) for x in zip(*rows, strict=True)) if rows else ([], [], [])
    return intervals(group, np.asarray(start, dtype=np.int64) * HOUR, np.asarray(end, dtype=np.int64) * HOUR)


def disrupted(*rows):
    names = ["code", "start", "end", "tail", "impact", "planned", "is_open"]
    full = [(*row, *((row[2], 1.0, False, False)[len(row) - 3 :])) for row in rows]
    frame = pd.DataFrame(full, columns=names).astype({"impact": float, "planned": bool, "is_open": bool})
    for name in ("start", "end", "tail"):
        frame[name] = frame[name].astype("int64") * HOUR
    ids = [f"I{i}" for i in range(len(frame))]
    return frame.assign(product="p", incident_id=pd.Series(ids, dtype="str"), assumed=False)


def test_by_hand():
    """Overlaps are one failure at the worst impact; an instant is a failure of 0 h."""
    found = measure_failures(
        disrupted((0, 10, 14), (0, 12, 16, 16, 0.5), (0, 16, 18), (0, 30, 30), (1, 5, 6, 6, 0.25)), observed()
    )
    assert found["service"].tolist() == ["s0", "s0", "s1"]
    assert found["down_hours"].tolist() == [4 + 1 + 2, 0, 0.25]
    assert found["up_before_hours"].tolist() == [10, 22, 5]
    assert found["since_previous_hours"].tolist()[1] == 20
    assert found["since_previous_hours"].isna().tolist() == [True, False, True]
    assert not found["censored"].any()


CENSORED = {
    "open": ((0, 90, 100, 100, 1.0, False, True), {}, True, True),
    "open, last seen before the end": ((0, 90, 95, 100, 1.0, False, True), {}, True, False),
    "resolved, nobody knows when": ((0, 50, 50, 60), {}, True, False),
    "goes on after the window": ((0, 90, 110), {}, True, True),
    "ends with the window": ((0, 90, 100), {}, False, False),
    "partly not watched": ((0, 50, 60), {"watched": [(0, 0, 55)]}, True, False),
    "partly outside agreed hours": ((0, 50, 60), {"agreed": [(0, 0, 55), (0, 58, 100)]}, False, False),
}


@pytest.mark.parametrize("name", CENSORED)
def test_censored(name):
    row, options, censored, at_end = CENSORED[name]
    found = measure_failures(disrupted(row), observed(**options)).iloc[0]
    assert (found["censored"], found["down_at_end"]) == (censored, at_end)


def test_nothing():
    found = measure_failures(disrupted(), observed())
    assert found.empty
    assert merge_common_failures(found).empty


def test_what_fails_together_is_one_failure_of_all_services():
    found = merge_common_failures(
        measure_failures(disrupted((0, 10, 14), (1, 12, 20), (2, 30, 31), (1, 40, 40), (2, 40, 40)), observed())
    )
    assert found["down_hours"].tolist() == [4 + 8, 1, 0]
    assert found["n_services"].tolist() == [2, 1, 2]


hour = st.integers(-5, 60)
rows = st.lists(
    st.tuples(st.integers(0, 2), hour, st.integers(0, 9), st.integers(0, 4), st.sampled_from([0.0, 0.3, 0.6, 1.0]),
              st.booleans(), st.booleans()),
    max_size=14,
)  # fmt: skip
spans = st.lists(st.tuples(st.integers(0, 2), hour, st.integers(1, 25)), max_size=8)


@given(rows, spans, spans)
@QUICK
def test_agree_with_measure_downtime(drawn, agreed, watched):
    disruptions = disrupted(*[(g, s, s + n, s + n + t, w, p, o) for g, s, n, t, w, p, o in drawn])
    spread = [[(g, s, s + n) for g, s, n in spans] for spans in (agreed, watched)]
    observation = observed(end=50, agreed=spread[0], watched=spread[1])
    whole = measure_downtime(disruptions, observation)
    found = measure_failures(disruptions, observation)
    assert np.bincount(found["group"], minlength=3).tolist() == whole["n"].tolist()
    down = np.bincount(found["group"], weights=found["down_hours"], minlength=3)
    assert (down <= whole["unplanned_hours"] + 1e-9).all()  # what began before, or unseen, is down time but no failure
    assert (found["up_before_hours"] <= whole["up_hours"].to_numpy()[found["group"]] + 1e-9).all()


@given(rows)
@QUICK
def test_all_down_time_is_of_failures_where_all_is_watched(drawn):
    disruptions = disrupted(*[(g, abs(s), abs(s) + n, abs(s) + n, w, p) for g, s, n, _, w, p, _ in drawn])
    observation = observed(end=80)
    found = measure_failures(disruptions, observation)
    down = np.bincount(found["group"], weights=found["down_hours"], minlength=3)
    assert down == pytest.approx(measure_downtime(disruptions, observation)["unplanned_hours"].to_numpy())
