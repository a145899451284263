"""Estimates from configuration, by hand and by the closed form; where they disagree with what was achieved."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models.estimates import (
    compare_estimates,
    estimate_drilled,
    estimate_replicated,
    estimate_scheduled,
)

properties = settings(derandomize=True, deadline=None, max_examples=30)


def replicas(**values):
    row = {"service": "db", "required": 1, "n_parts": 2, "n": 10, "down_hours": 100.0, "up_hours": 9900.0} | values
    return pd.DataFrame([row])


def test_two_replicas_of_which_one_must_work_are_down_when_both_are():
    row = estimate_replicated(replicas()).iloc[0]
    assert row["estimated"] == pytest.approx(1 - 0.01**2)  # each is down 1 % of the time
    assert row["n"] == 10
    assert row["basis"] == ("1 of 2 replicas must work; if they fail independently, each once in 41 d for 10 h")


def test_two_of_three_by_the_binomial_law():
    row = estimate_replicated(replicas(required=2, n_parts=3)).iloc[0]
    assert row["estimated"] == pytest.approx(0.99**3 + 3 * 0.99**2 * 0.01)


@pytest.mark.parametrize("values", [{"n": 9}, {"n": 0, "down_hours": 0.0}])
def test_from_few_failures_no_availability_is_estimated(values):
    row = estimate_replicated(replicas(**values)).iloc[0]
    assert np.isnan(row["estimated"])
    assert row["basis"].endswith(f"failures of single replicas: {values['n']}, at least 10 are needed")


def assets(*rows):
    names = ["service", "part", "n", "interval_hours", "ready_hours", "basis", "reason", "continuous"]
    return pd.DataFrame(rows, columns=names).astype({"continuous": "boolean", "basis": "str", "reason": "str"})


DB = ("a", "db", 30, 24.0, 1.0, "learned", "", False)


def test_a_schedule_lets_data_grow_as_old_as_the_interval_and_the_run_of_the_worst_asset():
    found = estimate_scheduled(assets(DB, ("a", "files", 30, 6.0, 0.5, "stated", "", False)))
    assert found["estimated"].to_list() == [25 * 3600]
    assert found["basis"].to_list() == ["db: due at most every 24 h (learned), usable 1 h after the moment it holds"]


@pytest.mark.parametrize(
    ("row", "basis"),
    [
        ((2, np.nan, 1.0, "", "fewer than 8 runs", False), "schedule not known: fewer than 8 runs"),
        ((30, 24.0, 1.0, "stated", "", True), "logs are shipped while they grow, which no schedule describes"),
        ((np.nan, np.nan, np.nan, pd.NA, pd.NA, pd.NA), "schedule not known: no backup of it was ever seen"),
    ],
)
def test_an_asset_that_is_not_known_leaves_its_service_without_an_estimate_and_says_why(row, basis):
    found = estimate_scheduled(assets(("a", "ok", *DB[2:]), ("a", "db", *row))).iloc[0]
    assert np.isnan(found["estimated"]) and found["basis"] == f"db: {basis}"


def test_run_times_that_are_not_known_make_it_a_lower_bound():
    found = estimate_scheduled(assets(("a", "db", 30, 24.0, np.nan, "learned", "", False))).iloc[0]
    assert found["estimated"] == 24 * 3600 and found["basis"].endswith("not known, so at least this")


def test_the_median_of_drills_with_its_limits():
    drills = {
        "service": "a",
        "n_drills": 7,
        "n_failed": 1,
        "median_hours": 2.0,
        "median_low": 1.0,
        "median_high": np.nan,
    }
    row = estimate_drilled(pd.DataFrame([drills, drills | {"n_drills": 0, "median_hours": np.nan}]))
    assert row.loc[0, ["estimated", "estimated_low"]].to_list() == [7200, 3600]
    assert np.isnan(row.loc[0, "estimated_high"])
    assert row["basis"].to_list() == [
        "median of drills: 7; never came back: 1", "no drill that is not too old is on record"
    ]  # fmt: skip


ONLY = "only estimated meets the target"


def compared(objective="rto", target=10.0, tolerance=0.25, **numbers):
    given_ = dict.fromkeys(("estimated", "expected", "achieved"), np.nan) | numbers
    unit = "ratio" if objective == "availability" else "seconds"
    row = pd.DataFrame([{"objective": objective, "unit": unit, "target": target, **given_}])
    found = compare_estimates(row, tolerance=tolerance).iloc[0]
    return found["agree"], found["disagreement"]


def test_one_number_alone_cannot_be_compared():
    agree, words = compared(achieved=3.0)
    assert pd.isna(agree) and pd.isna(words)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"estimated": 4.0, "achieved": 6.5}, None),  # within a quarter of the target
        ({"estimated": 4.0, "achieved": 6.6}, "estimated 4 s, achieved 6.6 s"),
        ({"estimated": 10.0, "achieved": 10.1}, "estimated 10 s, achieved 10 s: only estimated meets the target"),
        ({"expected": 12.0, "achieved": 9.0}, "expected 12 s, achieved 9 s: only achieved meets the target"),
        ({"estimated": 4.0, "achieved": np.inf}, f"estimated 4 s, achieved without limit: {ONLY}"),
        ({"estimated": np.inf, "achieved": np.inf}, None),
        ({"estimated": 12.0, "achieved": np.inf}, "estimated 12 s, achieved without limit"),
        ({"estimated": 4.0, "achieved": 6.6, "target": np.nan}, "estimated 4 s, achieved 6.6 s"),
        ({"estimated": 5.0, "achieved": 6.6, "target": np.nan}, None),  # within a quarter of the larger
        ({"estimated": 5.0, "achieved": np.inf, "target": np.nan}, "estimated 5 s, achieved without limit"),
    ],
)  # fmt: skip
def test_durations_disagree_by_verdict_or_by_the_tolerance(numbers, words):
    agree, said = compared(**numbers)
    assert (None if pd.isna(said) else said) == words
    assert agree == (words is None)


def test_availabilities_are_compared_by_what_is_lost_of_what_may_be():
    asked = {"objective": "availability", "target": 0.99}
    assert compared(**asked, estimated=0.999, achieved=0.9966)[0]
    agree, words = compared(**asked, estimated=0.999, achieved=0.9964)
    assert not agree and words == "estimated 99.9 %, achieved 99.64 %"
    assert compared(**asked, expected=0.991, achieved=0.9899)[1].endswith("only expected meets the target")


OUT = ": outside the 95 % interval of what is expected"
PERIOD = {"foreseen_low": 2.0, "foreseen_high": 8.0}
MEAN = {"expected_low": 3.0, "expected_high": 5.0}


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"expected": 4.0, "achieved": 8.0} | PERIOD, None),  # far, but as chance would have it
        ({"expected": 4.0, "achieved": 8.1} | PERIOD, f"expected 4 s, achieved 8.1 s{OUT}"),
        ({"expected": 4.0, "achieved": 1.9} | PERIOD, f"expected 4 s, achieved 1.9 s{OUT}"),  # near, yet outside
        ({"expected": 4.0, "achieved": 7.0} | MEAN, "expected 4 s, achieved 7 s"),  # limits of the mean
        ({"expected": 4.0, "achieved": 10.1} | PERIOD | {"foreseen_high": 11.0},
         "expected 4 s, achieved 10 s: only expected meets the target"),
        ({"estimated": 5.1, "expected": 4.0} | MEAN, f"estimated 5.1 s, expected 4 s{OUT}"),
        ({"estimated": 4.9, "expected": 4.0} | MEAN, None),
        ({"estimated": 1.0, "achieved": 6.0} | PERIOD | MEAN, "estimated 1 s, achieved 6 s"),  # nothing is expected
        (PERIOD | {"expected": 4.0, "achieved": np.inf, "target": np.nan},
         f"expected 4 s, achieved without limit{OUT}"),
    ],
)  # fmt: skip
def test_what_lies_within_the_interval_expected_does_not_disagree(numbers, words):
    agree, said = compared(**numbers)
    assert (None if pd.isna(said) else said) == words
    assert agree == (words is None)


def test_the_interval_of_an_availability_is_compared_as_what_is_lost():
    asked = {"objective": "availability", "target": 0.9, "expected": 0.99, "foreseen_low": 0.95, "foreseen_high": 1.0}
    assert compared(**asked, achieved=0.951)[0]
    assert compared(**asked, achieved=1.0)[0]
    assert compared(**asked, achieved=0.949)[1] == f"expected 99 %, achieved 94.9 %{OUT}"


def test_every_pair_that_disagrees_is_named():
    words = compared(estimated=1.0, expected=5.0, achieved=9.0)[1]
    assert words == "estimated 1 s, expected 5 s; estimated 1 s, achieved 9 s; expected 5 s, achieved 9 s"


@given(st.floats(0.1, 100), st.floats(0.1, 100), st.floats(0.1, 100), st.floats(0.01, 1))
@properties
def test_disagreement_is_symmetric_and_never_less_with_a_smaller_tolerance(one, other, target, most):
    forth = compared(target=target, estimated=one, achieved=other, tolerance=most)[0]
    back = compared(target=target, estimated=other, achieved=one, tolerance=most)[0]
    assert forth == back
    if not forth:
        assert not compared(target=target, estimated=one, achieved=other, tolerance=most / 2)[0]
