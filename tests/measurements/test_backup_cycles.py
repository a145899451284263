"""Backup cycles: what a cycle is, which runs were missed, and what time counts."""

import pandas as pd
import pytest

from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.backup_cycles import COLUMNS, measure_backup_cycles
from continuity_analysis.measurements.usable_backups import measure_usable_backups
from tests.measurements.backup_logs import backup, export, hours, tables_of


def cycles(rows, exports=None, **how):
    backups, exports = tables_of(rows, [export(since=-100, until=1e4)] if exports is None else exports)
    usable = measure_usable_backups(backups, exports)
    since = pd.Series(pd.Timestamp("2026-06-01", tz="UTC"), index=["db"])
    return measure_backup_cycles(usable, measure_backup_coverage(backups, exports, usable=usable, since=since), **how)


def nightly(nights, *, failed=(), run=2):
    return [
        backup(f"b{i}", 24 * i, 24 * i + run, 24 * i, status="failed" if i in failed else "completed") for i in nights
    ]


def test_a_regular_schedule_has_cycles_as_long_as_its_interval():
    found = cycles(nightly(range(4)), [export(since=-100, until=90)])
    assert hours(found["begun_at"]) == [0, 24, 48, 72]
    assert found["run_hours"].tolist() == [2] * 4
    assert found["held_hours"].tolist() == [0] * 4
    assert found["interval_hours"].tolist()[:3] == [24] * 3
    assert found["missed"].tolist() == [0] * 4
    assert found["waited_hours"].tolist() == [24, 24, 24, 18]
    assert found["complete"].tolist() == [True, True, True, False]
    assert list(found.columns) == list(COLUMNS)


@pytest.mark.parametrize("left", [{"failed": (2, 3)}, {}])
def test_a_failed_run_and_one_that_left_no_trace_are_missed_alike(left):
    nights = range(6) if left else [0, 1, 4, 5]
    found = cycles(nightly(nights, **left))
    assert hours(found["begun_at"]) == [0, 24, 96, 120]
    assert found["missed"].tolist()[:3] == [0, 2, 0]
    assert found["interval_hours"].tolist()[:3] == [24] * 3
    assert found["missed_hours"].tolist()[:3] == [0, 48, 0]


def test_a_run_that_was_retried_at_once_costs_no_more_than_it_took():
    rows = [*nightly(range(4), failed=[2]), backup("again", 49, 51, 49)]
    found = cycles(rows, [export(since=-100, until=90)])
    assert found["missed"].tolist() == [0, 1, 0, 0]
    assert found["waited_hours"].tolist() == [24, 25, 23, 18]


def test_what_is_not_due_on_weekends_is_not_missed():
    begin = pd.Timestamp("2026-07-01", tz="UTC")  # a Wednesday
    days = [d for d in range(100) if (begin + pd.Timedelta(days=d)).day_of_week < 5 and d != 47]
    found = cycles([backup(f"b{d}", 24 * d + 20, 24 * d + 21, 24 * d + 20) for d in days], [export(until=2400)])
    assert found["missed"].tolist() == [int(d == 46) for d in days]
    few = [d for d in days if d < 40]
    found = cycles([backup(f"b{d}", 24 * d + 20, 24 * d + 21, 24 * d + 20) for d in few], [export(until=920)])
    assert found["missed"].sum() == 2 * 5  # too few weeks to know better


def test_a_run_that_fails_to_come_in_every_other_week_is_missed():
    days = [d for d in range(140) if d % 14 != 6]
    found = cycles([backup(f"b{d}", 24 * d, 24 * d + 1, 24 * d) for d in days], [export(since=-100, until=140 * 24)])
    assert found["missed"].sum() == 10


def test_runs_that_are_due_at_the_end_and_do_not_come_are_missed():
    found = cycles(nightly(range(4)), [export(since=-100, until=72 + 24 * 3)])
    assert found["missed"].tolist() == [0, 0, 0, 2]
    assert found["waited_hours"].iloc[-1] == 72
    assert not found["complete"].iloc[-1]


def test_copies_of_a_run_are_one_usable_from_the_first():
    rows = [
        *nightly(range(3)),
        *(r | {"location": "far", "finished_at": r["finished_at"] + 5} for r in nightly(range(3))),
    ]
    assert cycles(rows)["run_hours"].tolist() == [2, 2, 2]


def test_a_single_listing_proves_no_cycle_and_running_ones_and_logs_are_none():
    listing = [export("list", kind="listing", since=None, until=90)]
    assert cycles([r | {"export_id": "list"} for r in nightly(range(4))], listing).empty
    rows = [*nightly(range(3)), backup("now", 72, None, None, status="running")]
    rows.append(backup("log", 0, 100, 100, method="log", covers_from_at=0))
    assert hours(cycles(rows)["begun_at"]) == [0, 24, 48]


def test_what_nobody_watched_is_cut_out():
    exports = [export("one", since=-100, until=60), export("two", since=130, until=220, scope="later")]
    rows = nightly(range(3)) + [r | {"export_id": "two"} for r in nightly(range(6, 9))]
    found = cycles([r | {"export_id": "one"} if r["export_id"] == "history" else r for r in rows], exports)
    assert found["stretch"].nunique() == 2
    assert found["complete"].tolist() == [True, True, False] * 2
    assert found["missed"].sum() == 0


def test_nothing_at_all():
    found = cycles([])
    assert found.empty
    assert list(found.columns) == list(COLUMNS)
