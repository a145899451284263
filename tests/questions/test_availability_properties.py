"""What holds of availability whatever the log: cuts of the window, causes and the order of rows change nothing."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.questions import availability
from tests.questions.test_availability import DAY, FIRST, SERVICES, at, histories, logs_from

QUICK = settings(max_examples=12, deadline=None, derandomize=True)  # of seven services each
ADDED_UP = ["agreed_hours", "unknown_hours", "down_hours", "unplanned_hours", "planned_hours", "n"]


def measured(rows, spans):
    return of_services(logs_from(rows, spans), DAY)


def of_services(logs, period):
    return availability(logs, period).set_index("service").loc[SERVICES]


def said(rows):
    """The same incidents, each with an end and an impact of its own."""
    return [r | {"status": "resolved", "impact": 0.4 if r["impact"] is None else r["impact"]} for r in rows]


@QUICK
@given(histories(), st.lists(st.integers(1, 24 * 60 - 1), max_size=4, unique=True))
def test_any_cuts_of_the_window_add_up(history, minutes):
    cuts = [FIRST + pd.Timedelta(minutes=m) for m in (0, *sorted(minutes), 24 * 60)]
    logs = logs_from(*history)
    parts = [of_services(logs, p)[ADDED_UP] for p in pairwise(cuts)]
    np.testing.assert_allclose(sum(parts), of_services(logs, DAY)[ADDED_UP], atol=1e-9)


@QUICK
@given(histories())
def test_planned_and_unplanned_add_up_to_all_causes_taken_as_one(history):
    rows, spans = said(history[0]), history[1]
    apart, together = (measured(r, spans) for r in (rows, [r | {"planned": False} for r in rows]))
    np.testing.assert_allclose(
        apart["unplanned_hours"] + apart["planned_hours"], together["unplanned_hours"], atol=1e-9
    )
    np.testing.assert_allclose(apart["availability"], together["availability"], atol=1e-12)
    known = apart["agreed_hours"] - apart["unknown_hours"]
    np.testing.assert_allclose(apart["availability"] * known, (known - apart["down_hours"]).where(known > 0), atol=1e-9)


@QUICK
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_rows_told_twice_change_nothing(history, random):
    rows, spans = said(history[0]), history[1]
    shuffled = random.sample(rows, len(rows))
    once = measured(rows, spans)
    columns = [*ADDED_UP, "availability", "low", "high"]
    for other in (shuffled, rows + shuffled):
        pd.testing.assert_frame_equal(measured(other, spans)[columns], once[columns], rtol=1e-12)


@QUICK
@given(histories(), st.integers(0, 6), st.sampled_from([0.4, 1.0]))
def test_more_incidents_never_raise_availability_one_by_one(history, service, impact):
    rows, spans = said(history[0]), history[1]
    rows = [r | {"service": SERVICES[service], "impact": impact} for r in rows]
    before = 1.0
    for n in (0, len(rows) // 2, len(rows)):
        found = measured(rows[:n], spans).loc[SERVICES[service]]
        if found["coverage"] == 0:
            assert np.isnan(found["availability"])
            return
        assert 0 <= found["availability"] <= before + 1e-12
        assert found["low"] == pytest.approx(1 - (found["down_hours"] + found["unknown_hours"]) / found["agreed_hours"])
        before = found["availability"]


def test_days_of_a_month_add_up_to_it():
    rows, spans = [], [(s, -20, 24 * 40) for s in SERVICES]
    for i, s in enumerate(SERVICES):
        row = {"service": s, "length": 3 + i, "impact": 1.0, "severity": None, "status": "resolved", "seen": 0}
        rows += [row | {"start": h, "planned": h % 2 == 0} for h in range(-2 + i, 24 * 30, 31 - i)]
    logs = logs_from(rows, spans, as_of=24 * 40)
    days = [(at(24 * d), at(24 * (d + 1))) for d in range(31)]
    parts = [of_services(logs, day)[ADDED_UP] for day in days]
    np.testing.assert_allclose(sum(parts), of_services(logs, "2026-07")[ADDED_UP])
