"""Measurements are kept as long as the logs live; no question may spoil them for the next."""

import dataclasses
import gc
import inspect
import weakref

import numpy as np
import pandas as pd
import pytest

from continuity_analysis import questions
from continuity_analysis.measurements.once import once
from continuity_analysis.measurements.services import measure_services

PERIOD = "2026Q3"
ASKED = sorted(
    set(questions.__all__) - {"scorecard", "compare_before_after", "what_if", "risks", "actions"}
)  # which ask the others


@pytest.fixture(scope="module")
def logs(sample_logs):
    return dataclasses.replace(sample_logs)  # of its own: what was measured before is not at hand


def ask(name, logs):
    question = getattr(questions, name)
    required = [p for p in inspect.signature(question).parameters.values() if p.default is p.empty]
    return question(logs, PERIOD) if len(required) > 1 else question(logs)


def frames(answer):
    return list(answer.values()) if isinstance(answer, dict) else [answer]


@pytest.mark.parametrize("name", ASKED)
def test_what_is_done_to_an_answer_does_not_change_the_next(logs, name):
    first = frames(ask(name, logs))
    assert first
    before = [frame.copy() for frame in first]
    for frame in first:
        for column in frame:
            frame[column] = np.nan
    for now, then in zip(frames(ask(name, logs)), before, strict=True):
        pd.testing.assert_frame_equal(now, then)


def test_the_same_is_measured_once_and_other_logs_and_options_apart(logs):
    calls = []

    @once
    def count(logs, frame, *, twice=False):
        calls.append(twice)
        return len(calls)

    other, services = dataclasses.replace(logs), measure_services(logs)
    assert measure_services(logs) is services
    assert [count(logs, services), count(logs, services), count(logs, services, twice=True)] == [1, 1, 2]
    assert [count(other, services), count(logs, services.copy()), count(logs, services)] == [3, 4, 1]


def test_what_was_measured_goes_with_its_logs(logs):
    mine = dataclasses.replace(logs)
    kept = weakref.ref(measure_services(mine)["service"].array)
    assert kept() is not None
    del mine
    gc.collect()
    assert kept() is None
