"""How far apart backups are due, by hand; and that it is what backup health says of the same asset."""

import numpy as np
import pytest

import continuity_analysis as ca
from continuity_analysis.measurements.due_intervals import NEVER_SEEN, TOO_RARE, measure_due_intervals
from continuity_analysis.questions.backup_jobs import observe_backup_jobs
from continuity_analysis.questions.exposed import observe_backups
from tests.measurements.backup_logs import at, backup, logs_of

PERIOD = (at(240), at(960))


def due(rows, rules=(), *, catalog=None):
    """What is due in the period, and what backup health says."""
    logs = logs_of(rows, catalog={"backups": list(rules)} if catalog is None else catalog, as_of=1000)
    seen, usable = observe_backup_jobs(logs, PERIOD), observe_backups(logs).usable
    found = measure_due_intervals(seen.jobs, seen.slots, usable, start=PERIOD[0], end=PERIOD[1])
    return found.set_index("asset"), ca.backup_health(logs, PERIOD)


def nightly(n=40, *, every=24, **more):
    where = more.get("location", "store")
    return [backup(f"{where}{i}", every * i, every * i + 2, every * i, **more) for i in range(n)]


def test_a_learned_schedule_is_that_of_backup_health():
    rows = [r | {"status": "failed"} if i in (12, 13) else r for i, r in enumerate(nightly())]
    found, health = due(rows)
    assert found.loc["db", ["n", "interval_hours", "ready_hours", "basis"]].tolist() == [30, 24, 2, "learned"]
    assert health[["interval_hours", "basis", "n_due"]].to_numpy().tolist() == [[24, "learned", 30]]


def test_a_stated_schedule_goes_before_what_was_seen():
    found, health = due(nightly(), [{"assets": "db", "every": "12h", "start": "00:00"}])
    assert found.loc["db", ["n", "interval_hours", "basis"]].tolist() == [60, 12, "stated"]
    assert health[["interval_hours", "n_due"]].to_numpy().tolist() == [[12, 60]]


def test_the_weekend_is_the_longest_of_a_schedule_of_working_days():
    """The usual distance is 24 h; the largest exposure is that of Monday morning."""
    found, _ = due(nightly(), [{"assets": "db", "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "start": "00:00"}])
    assert found.loc["db", "interval_hours"] == 72


def test_another_method_stands_in_and_the_slower_one_tells_how_long_it_takes():
    """Full backups on Sundays (5 h), incremental ones on other days (1 h): a backup is due every day."""
    rows = [
        backup(
            f"b{i}", 24 * i, 24 * i + (5 if i % 7 == 4 else 1), 24 * i, method="full" if i % 7 == 4 else "incremental"
        )
        for i in range(40)
    ]
    rules = [{"assets": "db", "method": "full", "rrule": "FREQ=WEEKLY;BYDAY=SU", "start": "00:00"},
             {"assets": "db", "method": "incremental", "start": "00:00",
              "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"}]  # fmt: skip
    found, _ = due(rows, rules)
    assert found.loc["db", ["n", "interval_hours", "ready_hours"]].tolist() == [30, 24, 5]


def test_of_several_locations_the_one_that_loses_least_counts():
    found, _ = due(nightly() + nightly(20, every=48, location="far"))
    assert found.loc["db", ["location", "interval_hours"]].tolist() == ["store", 24]


def test_what_is_held_at_the_end_of_a_run_is_usable_at_once():
    found, _ = due([r | {"recovery_point_at": r["finished_at"]} for r in nightly()])
    assert found.loc["db", ["interval_hours", "ready_hours"]].tolist() == [24, 0]


def test_a_schedule_that_counts_from_the_run_before_is_due_once_in_its_interval():
    found, health = due(nightly(), [{"assets": "db", "every": "30h"}])
    assert found.loc["db", "interval_hours"] == health["interval_hours"].iloc[0] == 30


@pytest.mark.parametrize(
    ("rows", "rules", "reason"),
    [
        (nightly(5), [], "fewer than 8 runs"),
        ([], [{"assets": "db", "every": "6h"}], "no run was ever seen"),
        (nightly(), [{"assets": "db", "rrule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1", "start": "00:00"}], TOO_RARE),
        ([backup("log", 300, 301, 301, method="log", covers_from_at=290)], [], NEVER_SEEN),
    ],
)
def test_without_two_due_times_there_is_no_interval_but_the_reason(rows, rules, reason):
    found, _ = due(rows, rules)
    assert np.isnan(found.loc["db", "interval_hours"]) and found.loc["db", "reason"] == reason
    assert found.loc["db", "continuous"] == (reason == NEVER_SEEN)


def test_nothing_at_all():
    assert due([])[0].empty
