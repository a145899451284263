"""Runs against due times: by hand, against a slow twin, rules and clocks, what was watched."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.catalog import BackupRule
from continuity_analysis.measurements.backup_slots import Slots, match_runs, measure_slots, measure_watched
from continuity_analysis.measurements.clock import to_microseconds, to_moments
from continuity_analysis.measurements.intervals import intervals
from continuity_analysis.models.backup_schedules import Schedules

HOUR = 3_600_000_000
START, END = (int(m) for m in to_microseconds(pd.to_datetime(["2026-07-06", "2026-07-13"], utc=True)))


def schedules(kind, *, zone="", every=0, minutes=(), rules=None):
    jobs = pd.DataFrame({"kind": [kind], "zone": [zone], "every": [every]})
    times = pd.DataFrame({"code": np.zeros(len(minutes), np.int64), "minute": np.array(minutes, np.int64)})
    return Schedules(jobs, times, rules or {})


def at(hours):
    return START + np.round(np.asarray(hours, dtype=float) * HOUR).astype(np.int64)


def within(slots, start=START, end=END):
    return to_moments(slots.due[(slots.due >= start) & (slots.due < end)])


def test_a_clock_schedule_keeps_to_its_days_and_times():
    slots = measure_slots(
        schedules("clock", zone="UTC", minutes=[60, 1440 * 6 + 60]), *at([[], []]), start=START, end=END
    )
    assert within(slots).strftime("%a %H:%M").tolist() == ["Mon 01:00", "Sun 01:00"]
    monday = slots.due == at(1)
    assert slots.begin[monday][0] == at(1 - 2.4)  # a tenth of the day since Sunday
    assert slots.end[monday][0] == at(6 * 24 + 1 - 14.4)


def test_the_clock_is_that_of_the_zone_through_its_changes():
    start, end = (int(m) for m in to_microseconds(pd.to_datetime(["2026-03-28", "2026-03-31"], utc=True)))
    daily = schedules("clock", zone="Europe/Rome", minutes=[1440 * d + 150 for d in range(7)])
    found = within(measure_slots(daily, *at([[], []]), start=start, end=end), start, end)
    assert found.strftime("%d %H:%M").tolist() == ["28 01:30", "29 01:00", "30 00:30"]  # 02:30 is skipped on the 29th


def test_a_rule_says_when():
    rule = BackupRule.model_validate({"assets": "db", "rrule": "FREQ=WEEKLY;BYDAY=SA", "start": "03:00"})
    slots = measure_slots(schedules("rule", zone="UTC", rules={0: rule}), *at([[], []]), start=START, end=END)
    assert within(slots).strftime("%a %H:%M").tolist() == ["Sat 03:00"]


def test_an_interval_is_counted_from_the_run_before():
    code, begun = np.zeros(4, np.int64), at([0, 10, 13, 42])
    slots = measure_slots(schedules("interval", every=10 * HOUR), code, begun, start=START, end=at(65))
    assert ((slots.due - START) / HOUR).tolist() == [0, 10, 23, 33, 43, 52, 62]
    slot, chosen = match_runs(slots, code, begun)
    assert slot.tolist() == [0, 1, 1, 4]
    assert chosen.tolist() == [True, True, False, True]


def twin(due, begun):
    """Each run looks at every due time; each due time at every run."""
    gaps = [b - a for a, b in pairwise(due)]
    gaps = [gaps[0] if gaps else 0, *gaps]
    begin = [d - g // 10 for d, g in zip(due, gaps, strict=True)]
    end = [*begin[1:], due[-1] + gaps[-1] - gaps[-1] // 10]
    of = [next((i for i in range(len(due)) if begin[i] <= b < end[i]), -1) for b in begun]
    best = {i: min((r for r in range(len(begun)) if of[r] == i), key=lambda r: (abs(begun[r] - due[i]), begun[r], r))
            for i in set(of) - {-1}}  # fmt: skip
    return of, [of[r] != -1 and best[of[r]] == r for r in range(len(begun))]


minutes = st.lists(st.integers(0, 7 * 1440 - 1), min_size=1, max_size=12, unique=True).map(sorted)
moments = st.lists(st.integers(-2 * 1440, 9 * 1440), max_size=25).map(sorted)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.lists(st.tuples(minutes, moments), min_size=1, max_size=3))
def test_runs_find_the_due_time_that_a_slow_search_finds(jobs):
    frame = pd.DataFrame({"kind": "clock", "zone": "UTC", "every": 0}, index=range(len(jobs)))
    times = pd.DataFrame([(i, m) for i, (due, _) in enumerate(jobs) for m in due], columns=["code", "minute"])
    code = np.array([i for i, (_, runs) in enumerate(jobs) for _ in runs], dtype=np.int64)
    begun = np.array([START + m * HOUR // 60 for _, runs in jobs for m in runs], dtype=np.int64)
    slots = measure_slots(Schedules(frame, times, {}), code, begun, start=START, end=END)
    slot, chosen = match_runs(slots, code, begun)
    for job in range(len(jobs)):
        own = np.flatnonzero(slots.code == job)
        of, best = twin(slots.due[own].tolist(), begun[code == job].tolist())
        assert slot[code == job].tolist() == [own[i] if i >= 0 else -1 for i in of]
        assert chosen[code == job].tolist() == best


@pytest.mark.parametrize(
    ("seen", "watched"),
    [([(0, 10)], True), ([(0, 5), (5, 10)], True), ([(0, 5), (6, 10)], False), ([(3, 10)], False), ([], False)],
)
def test_a_due_time_is_watched_for_all_of_its_stretch_or_not_at_all(seen, watched):
    slots = Slots(*(np.array([v]) for v in (1, 5, 2, 8)))
    coverage = intervals(*np.array([(1, a, b) for a, b in seen] + [(0, 0, 99)]).T)
    assert measure_watched(slots, coverage).tolist() == [watched]
