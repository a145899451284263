"""Phases as observations: whole recoveries, those called off and failed in a phase, and what was not split."""

import numpy as np
import pytest

from continuity_analysis.measurements.recoveries import PHASES
from continuity_analysis.measurements.recovery_phases import NOT_SPLIT, measure_phase_durations
from tests.measurements.test_recoveries import attempt, recovered

NAMES = ("disrupted_at", "detected_at", "declared_at", "started_at", "data_restored_at", "service_restored_at")


def phases(*attempts, **how):
    found = measure_phase_durations(recovered(*attempts, **how))
    return [tuple(r) for r in found[["phase", "hours", "outcome", "whole"]].itertuples(index=False)]


def split(*moments, **more):
    return attempt(**dict(zip(NAMES, moments, strict=False)) | more)


def test_a_recovery_that_came_back_adds_up():
    found = phases(split(0, 1, 3, 6, 10, 15))
    assert found == [(i, i + 1, "ended", True) for i in range(5)]


def test_what_lies_between_recorded_moments_is_kept_as_one():
    assert phases(split(0, 1, None, 6, 10, 15)) == [
        (0, 1, "ended", True),
        (3, 4, "ended", True),
        (4, 5, "ended", True),
        (NOT_SPLIT, 5, "ended", True),
    ]
    assert phases(attempt(restored=7)) == [(NOT_SPLIT, 7, "ended", True)]


def test_detected_before_the_disruption_still_adds_up():
    found = phases(split(5, 4, 7, 8, 9, 10))
    assert [h for _, h, *_ in found] == [0, 2, 1, 1, 1]


@pytest.mark.parametrize(("status", "outcome"), [("aborted", "censored"), ("failed", "failed")])
def test_the_phase_in_which_it_stopped(status, outcome):
    row = split(0, 1, 3, None, status=status, service_restored_at=None, finished_at=8)
    assert phases(row) == [(0, 1, "ended", False), (1, 2, "ended", False), (2, 5, outcome, False)]


def test_a_running_one_is_in_its_phase_until_now():
    row = split(0, 1, 3, 6, status="running", service_restored_at=None)
    assert phases(row, until=20)[-1] == (3, 14, "censored", False)


def test_of_an_unfinished_one_with_nothing_but_its_disruption_no_phase_is_known():
    assert phases(attempt(status="aborted", finished_at=5)) == []


def test_what_a_tool_did_by_itself_is_no_phase():
    tool = {"disrupted": None, "kind": "restore", "scope": "data", "started_at": 2}
    assert phases(attempt("a", finished_at=5, data_restored_at=5, **tool)) == []
    assert phases(attempt("a", started_at=1, data_restored_at=4, finished_at=4, scope="data")) == []


def test_rows_point_at_their_recovery():
    found = recovered(attempt("x", None, None, kind="restore", scope="data", started_at=1, data_restored_at=2),
                      split(10, 11, 12, 13, 14, 15))  # fmt: skip
    assert set(measure_phase_durations(found)["row"]) == {1}
    assert len(PHASES) == NOT_SPLIT
    assert np.isfinite(measure_phase_durations(found)["hours"]).all()
