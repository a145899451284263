"""Episodes over the objective: from when to when, how bad, and why."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.exposure import measure_exposure
from continuity_analysis.measurements.exposure_episodes import measure_exposure_episodes
from continuity_analysis.measurements.usable_backups import measure_usable_backups
from tests.measurements.backup_logs import at, backup, export, hours, tables_of


def episodes(rows, *, limit=24.0, start=0, end=200):
    backups, exports = tables_of(rows, [export(since=0, until=200)])
    usable = measure_usable_backups(backups, exports)
    coverage = measure_backup_coverage(backups, exports, usable=usable)
    pieces = measure_exposure(usable, coverage, start=at(start), end=at(end))
    found = measure_exposure_episodes(pieces, usable, by="asset", within_hours=pd.Series({"db": limit}))
    columns = (hours(found["from_at"]), hours(found["until_at"]), found["worst_hours"], found["cause"])
    return list(zip(*columns, strict=True))


def first(**more):
    return backup("first", 0, 1, 0, **more)


def test_late():
    assert episodes([first(), backup("b", 30, 31, 30)], end=50) == [(24, 31, 31, "late")]


def test_exactly_on_the_objective_is_not_over_it():
    assert episodes([first(), backup("b", 23, 24, 23)], end=47) == []


def test_failed():
    rows = [first(), backup("x", 20, 21, status="failed"), backup("b", 30, 31, 30)]
    assert episodes(rows, end=50) == [(24, 31, 31, "failed")]


def test_failed_after_it_began_is_not_its_cause():
    rows = [first(), backup("x", 26, 27, status="failed"), backup("b", 30, 31, 30)]
    assert episodes(rows, end=50) == [(24, 31, 31, "late")]


def test_slow():
    assert episodes([first(), backup("b", 20, 40, 20)], end=40) == [(24, 40, 40, "slow")]


def test_still_running():
    assert episodes([first(), backup("b", 20, status="running")], end=40) == [(24, 40, 40, "slow")]


def test_broken_chain():
    rows = [first(), backup("b", 20, 21, 20, parent_id="gone")]
    assert episodes(rows, end=40) == [(24, 40, 40, "broken chain")]


def test_expired_and_the_next_survivor_is_too_old():
    rows = [first(), backup("b", 20, 21, 20, expires_at=35), backup("c", 50, 51, 50)]
    assert episodes(rows, end=60) == [(35, 51, 51, "expired")]


def test_a_lost_base_takes_its_children_along():
    rows = [first(), backup("f", 10, 11, 10, expires_at=35), backup("i", 20, 21, 20, parent_id="f")]
    assert episodes(rows, end=40) == [(35, 40, 40, "broken chain")]


def test_never_had_one():
    rows = [backup("x", 5, status="running"), backup("b", 30, 31, 30)]
    assert episodes(rows, end=40) == [(5, 31, np.inf, "slow")]
    rows = [backup("log", 0, 5, 5, covers_from_at=0, method="log")]
    assert episodes(rows, end=40) == [(0, 40, np.inf, "never")]


def test_unprotected_and_too_old_are_one_episode():
    rows = [first(expires_at=40), backup("c", 50, 51, 50)]
    assert episodes(rows, end=60) == [(24, 51, np.inf, "late")]


def test_under_way_when_the_window_begins():
    assert episodes([first(), backup("b", 90, 91, 90)], start=60, end=100) == [(60, 91, 91, "late")]


def test_without_an_objective_only_unprotected_time_counts():
    assert episodes([first(expires_at=40), backup("c", 50, 51, 50)], limit=np.nan, end=60) == [
        (40, 51, np.inf, "expired")
    ]


def test_none():
    assert episodes([]) == []
