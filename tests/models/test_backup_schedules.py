"""Schedules learned from begins: those that people set, what hides them, and what is none."""

import numpy as np
import pandas as pd
import pytest

from continuity_analysis.measurements.clock import to_microseconds
from continuity_analysis.models.backup_schedules import learn_schedules

SECOND = 1_000_000
ROME = "Europe/Rome"


def begins(start, end, freq, *, zone="UTC", days=range(7), seed=0, missed=0.0, late=0.0, jitter=60):
    rng = np.random.default_rng(seed)
    due = pd.date_range(start, end, freq=freq, tz=zone, inclusive="left")
    due = due[due.day_of_week.isin(list(days))]
    due = due[rng.random(len(due)) >= missed]
    delay = rng.uniform(1, jitter, len(due)) + np.where(rng.random(len(due)) < late, 5400, 0)
    return to_microseconds(due.tz_convert("UTC")) + (delay * SECOND).astype(np.int64)


def learned(*jobs, zones=("UTC",)):
    code = np.concatenate([np.full(len(b), i) for i, b in enumerate(jobs)])
    return learn_schedules(code, np.concatenate(jobs).astype(np.int64), jobs=len(jobs), zones=list(zones))


def times(schedules, job=0):
    return schedules.times.loc[schedules.times["code"] == job, "minute"].tolist()


USUAL = {
    "daily": (begins("2026-05-01 01:30", "2026-08-01", "D"), 24, [90 + 1440 * d for d in range(7)]),
    "six hours": (begins("2026-07-01", "2026-08-01", "6h"), 6, [360 * k for k in range(28)]),
    "workdays": (
        begins("2026-05-01 20:30", "2026-08-01", "D", days=range(5)),
        24,
        [1230 + 1440 * d for d in range(5)],
    ),
    "Sundays": (begins("2026-03-01 03:00", "2026-08-01", "7D"), 24, [180 + 1440 * 6]),
    "thrice a week": (
        begins("2026-05-01 22:00", "2026-08-01", "D", days=(0, 2, 4)),
        24,
        [1320 + 1440 * d for d in (0, 2, 4)],
    ),
    "every quarter of an hour": (begins("2026-07-30", "2026-08-01", "15min", jitter=20), 0.25, None),
}


@pytest.mark.parametrize("name", USUAL)
def test_what_people_set_is_found(name):
    begun, every, expected = USUAL[name]
    found = learned(begun)
    row = found.jobs.iloc[0]
    assert (row["kind"], row["every"] / 3.6e9) == ("clock", every)
    assert expected is None or times(found) == expected
    assert row["explained"] == row["held"] == 1


def test_misses_late_and_extra_runs_hide_nothing():
    begun = begins("2026-05-01", "2026-08-01", "6h", missed=0.15, late=0.1, seed=3)
    extra = np.random.default_rng(1).integers(begun[0], begun[-1], 20)
    found = learned(np.sort(np.append(begun, extra)))
    assert times(found) == [360 * k for k in range(28)]
    assert found.jobs["held"].iloc[0] == pytest.approx(0.85 * 0.9, abs=0.06)


def test_two_times_of_the_day_that_are_not_even():
    begun = np.sort(np.concatenate([begins(f"2026-06-01 {t}", "2026-08-01", "D") for t in ("01:00", "04:00")]))
    assert times(learned(begun))[:4] == [60, 240, 1500, 1680]


@pytest.mark.parametrize("zone", [ROME, "UTC"])
def test_the_clock_is_the_one_that_runs_keep_to(zone):
    found = learned(begins("2026-02-01 04:30", "2026-06-01", "D", zone=zone), zones=(ROME, "UTC"))
    assert found.jobs["zone"].iloc[0] == zone
    assert times(found)[0] == 270


def test_counted_from_the_run_before_where_no_clock_fits():
    rng = np.random.default_rng(0)
    gaps = rng.normal(7.3, 0.1, 60) * rng.choice([1, 2], 60, p=[0.93, 0.07]) * 3.6e9
    row = learned(np.cumsum(gaps).astype(np.int64)).jobs.iloc[0]
    assert row["kind"] == "interval"
    assert row["every"] / 3.6e9 == pytest.approx(7.3, abs=0.1)


def test_runs_at_random_are_no_schedule():
    rng = np.random.default_rng(0)
    jobs = [np.cumsum(rng.exponential(24 * 3.6e9, 40)).astype(np.int64) for _ in range(200)]
    assert (learned(*jobs, zones=(ROME, "UTC")).jobs["kind"] != "").sum() <= 2


def test_too_few_runs_say_so():
    jobs = learned(begins("2026-07-01", "2026-07-08", "D"), begins("2026-07-01", "2026-07-09", "D")).jobs
    assert jobs["kind"].tolist() == ["", "clock"]
    assert jobs["reason"].tolist() == ["fewer than 8 runs", ""]


def test_days_of_the_week_need_four_weeks():
    workdays = {"freq": "D", "days": range(5)}
    early, late = (begins("2026-06-01 09:00", end, **workdays) for end in ("2026-06-20", "2026-07-20"))
    found = learned(early, late)
    assert found.jobs["kind"].tolist() == ["", "clock"]
    assert "too few weeks to tell days of the week apart" in found.jobs["reason"].iloc[0]
    assert len(times(found, 1)) == 5


def test_each_job_is_learned_as_if_it_were_alone():
    jobs = [begun for begun, *_ in USUAL.values()]
    together = learned(*jobs)
    for number, begun in enumerate(jobs):
        alone = learned(begun)
        assert times(alone) == times(together, number)
        assert alone.jobs.iloc[0].to_dict() == together.jobs.iloc[number].to_dict()


def test_no_runs_at_all():
    found = learn_schedules(np.zeros(0, int), np.zeros(0, np.int64), jobs=1, zones=["UTC"])
    assert found.jobs["reason"].tolist() == ["fewer than 8 runs"]
    assert found.times.empty
