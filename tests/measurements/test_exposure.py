"""Exposure against a hand case, published results, and a slow twin written from the definition."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.exposure import measure_exposure
from continuity_analysis.measurements.exposure_of_services import measure_service_exposure
from continuity_analysis.measurements.usable_backups import measure_usable_backups
from tests.measurements.backup_logs import at, backup, export, hours, logs_of, tables_of
from tests.measurements.exposure_twin import age

QUICK = settings(max_examples=25, deadline=None, derandomize=True)


def pieces_of(rows, exports=None, *, start=0, end=1000, accept_partial=()):
    backups, exports = tables_of(rows, exports)
    usable = measure_usable_backups(backups, exports, accept_partial=accept_partial)
    coverage = measure_backup_coverage(backups, exports, usable=usable)
    return measure_exposure(usable, coverage, start=at(start), end=at(end))


def told(pieces):
    """from, until, and the age [h] at the begin (None: unprotected, "?": unknown)."""
    start, end, data = (hours(pieces[c]) for c in ("from_at", "until_at", "data_at"))
    other = {"unknown": "?", "unprotected": None}
    ages = [other.get(s, max(0, a - d)) for s, a, d in zip(pieces["state"], start, data, strict=True)]
    return list(zip(start, end, ages, strict=True))


def test_by_hand():
    rows = [
        backup("a", 0, 1, 0, expires_at=50),
        backup("b", 10, 12, 10, expires_at=30),
        backup("c", 20, 21, 20, status="failed"),
        backup("d", 40, 41, 40),
    ]
    assert told(pieces_of(rows, start=0, end=60)) == [
        (0, 1, "?"),  # nothing is on record yet
        (1, 12, 1),
        (12, 30, 2),
        (30, 41, 30),  # the newest went; the next survivor takes over
        (41, 60, 1),
    ]


def test_a_backup_that_finishes_after_the_window_was_not_usable_in_it():
    assert told(pieces_of([backup("a", 0, 1, 0), backup("b", 10, 30, 10)], start=5, end=20)) == [(5, 20, 5)]


def test_a_copy_protects_from_when_it_has_arrived():
    """The original expires before the copy is there: between the two nothing could be restored."""
    rows = [backup("a", 0, 1, 0, expires_at=10), backup("a", 0, 20, 0, location="far")]
    assert told(pieces_of(rows, start=1, end=30)) == [(1, 10, 1), (10, 20, None), (20, 30, 20)]


def test_looking_back_is_without_limit():
    assert told(pieces_of([backup("a", 0, 1, 0)], start=900, end=1000)) == [(900, 1000, 900)]


def test_time_after_the_last_export_is_unknown():
    assert told(pieces_of([backup("a", 0, 1, 0)], start=990, end=1010)) == [(990, 1000, 990), (1000, 1010, "?")]


def test_a_gap_in_the_logs_stops_the_point_until_a_newer_base():
    log = {"method": "log"}
    rows = [
        backup("base", 0, 1, 0),
        backup("l1", 0, 5, 4, covers_from_at=0, **log),
        backup("l2", 4, 9, 8, covers_from_at=4, **log),
        backup("l3", 9, 14, 13, covers_from_at=9, **log),  # [8, 9) is missing
        backup("base2", 12, 20, 12),
    ]
    assert told(pieces_of(rows, start=1, end=25)) == [(1, 5, 1), (5, 9, 1), (9, 20, 1), (20, 25, 7)]


def test_logs_without_a_base_restore_nothing():
    rows = [backup("l1", 0, 5, 4, covers_from_at=0, method="log"), backup("base", 10, 11, 10)]
    rows += [backup("failed", 0, 1, status="failed")]
    assert told(pieces_of(rows, start=5, end=15)) == [(5, 11, None), (11, 15, 1)]


def test_a_range_that_is_shipped_while_it_grows_has_age_zero_until_its_end():
    rows = [backup("base", 0, 1, 0), backup("pitr", 0, 10, 10, covers_from_at=0, method="log")]
    pieces = pieces_of(rows, start=0, end=20)
    assert told(pieces) == [(0, 1, "?"), (1, 10, 0), (10, 20, 0)]
    assert pieces["direction"].tolist() == ["exact", "lower bound", "lower bound"]


def test_ranges_that_touch_are_one_and_a_trimmed_range_takes_over():
    ranges = [(0, 10, 12), (10, 20, None), (5, 20, None)]
    rows = [backup("base", 6, 7, 6)]
    rows += [backup(f"p{a}", a, b, b, covers_from_at=a, method="log", expires_at=x) for a, b, x in ranges]
    assert told(pieces_of(rows, start=7, end=30)) == [(7, 20, 0), (20, 30, 0)]


def test_regular_schedule_mean_is_half_the_interval_plus_the_run_time():
    """Known answer 4.5 (Cox 1962): constant 24 h gaps, mean 12 h and never over 24 h, plus the run time."""
    pieces = pieces_of([backup(f"b{i}", 24 * i, 24 * i, 24 * i) for i in range(41)], start=0, end=960)
    middle = (pieces["from_at"] + (pieces["until_at"] - pieces["from_at"]) / 2) - pieces["data_at"]
    assert (middle == pd.Timedelta(hours=12)).all()
    assert told(pieces_of([backup(f"b{i}", 24 * i, 24 * i + 3, 24 * i) for i in range(41)], start=51, end=75)) == [
        (51, 75, 3)
    ]


moment = st.integers(0, 40)
BACKUPS = st.lists(
    st.fixed_dictionaries(
        {
            "started_at": moment,
            "run": st.integers(0, 12),
            "point": st.sampled_from(["start", "end", None]),
            "status": st.sampled_from(["completed", "completed", "completed", None, "failed", "partial", "running"]),
            "verified_result": st.sampled_from([None, None, None, "passed", "failed"]),
            "kept": st.none() | st.integers(0, 25),
            "parent": st.none() | st.integers(0, 9),
            "location": st.sampled_from(["here", "there"]),
        }
    ),
    min_size=1,
    max_size=8,
)
CHUNKS = st.lists(
    st.tuples(moment, st.sampled_from(["here", "there"]), st.integers(1, 8), st.none() | st.integers(1, 20)).map(
        lambda chunk: (chunk[0] % 13, *chunk[1:])
    ),
    max_size=10,
    unique_by=lambda c: c[:2],
)


def described(runs, chunks=()):
    rows = []
    for i, run in enumerate(runs):
        finished = run["started_at"] + run["run"]
        point = {"start": run["started_at"], "end": finished, None: None}[run["point"]]
        parent = None if run["parent"] is None else f"b{run['parent']}"
        row = backup(f"b{i}", run["started_at"], finished, point, status=run["status"], location=run["location"])
        kept = None if run["kept"] is None else finished + run["kept"]
        rows.append(row | {"verified_result": run["verified_result"], "expires_at": kept, "parent_id": parent})
    for n, location, late, kept in chunks:
        done = 3 * n + 3 + late
        kept = None if kept is None else done + kept
        log = {"method": "log", "covers_from_at": 3 * n, "location": location, "expires_at": kept}
        rows.append(backup(f"l{n}", 3 * n + 3, done, 3 * n + 3, **log))
    return rows


def together(cases):
    """Several assets in one go: all groups are computed at once."""
    return [row | {"asset": f"db-{i}"} for i, rows in enumerate(cases) for row in rows]


def check_against_twin(cases, accept_partial=False):
    names = [f"db-{i}" for i in range(len(cases))]
    exports = [export(since=0, until=80)]
    pieces = pieces_of(together(cases), exports, start=0, end=80, accept_partial=names if accept_partial else [])
    for name, rows in zip(names, cases, strict=True):
        mine = told(pieces[pieces["asset"] == name])
        assert [a for a, *_ in mine] == [0, *(b for _, b, _ in mine[:-1])]
        for start, end, first in (m for m in mine if m[2] != "?"):
            changes = {r[k] for r in rows for k in ("finished_at", "recovery_point_at", "expires_at")} - {None}
            for t in {start, (start + end) / 2, end - 1e-6, *(c for c in changes if start < c < end)}:
                expected = age(rows, t, accept_partial=accept_partial)
                assert expected == (None if first is None else pytest.approx(first + t - start, abs=1e-9))


@QUICK
@given(st.lists(BACKUPS, min_size=1, max_size=4), st.booleans())
def test_against_the_slow_twin(cases, accept_partial):
    """Failures, expiries, chains (also rings), overlaps, copies, completions out of order."""
    check_against_twin([described(runs) for runs in cases], accept_partial)


@QUICK
@given(st.lists(st.tuples(BACKUPS, CHUNKS), min_size=1, max_size=4))
def test_logs_against_the_slow_twin(cases):
    check_against_twin([described([r | {"parent": None} for r in runs], chunks) for runs, chunks in cases])


@QUICK
@given(BACKUPS, BACKUPS)
def test_another_backup_never_raises_exposure(runs, more):
    """The same asset with and without some more backups, watched from the same moment on."""
    first = backup("first", 0, 1, 0, expires_at=30)
    few, many = ([first, *described([r | {"parent": None} for r in rs])] for rs in (runs, runs + more))
    pieces = pieces_of(together([few, many]), [export(since=0, until=80)], start=1, end=80)
    assert (pieces["state"] != "unknown").all()
    grid = np.arange(1, 80, 0.5)
    held = []
    for name in ("db-0", "db-1"):
        mine = pieces[pieces["asset"] == name]
        data = np.nan_to_num(np.array(hours(mine["data_at"])), nan=-1.0)
        held.append(data[np.searchsorted(hours(mine["from_at"]), grid, side="right") - 1])
    assert (held[1] >= held[0]).all()


def test_a_service_has_the_worst_of_its_assets():
    rows = [
        backup("a", 0, 1, 0),
        backup("b", 10, 12, 10),
        backup("x", 0, 5, 4, asset="files"),
        backup("y", 15, 16, 15, asset="files", export_id="listing"),
    ]
    exports = [export(), export("listing", kind="window", since=0, until=18, scope="files")]
    rows[2]["export_id"] = "listing"
    pieces = pieces_of(rows, exports, start=0, end=20)
    members = pd.DataFrame({"asset": ["db", "files", "db"], "service": ["shop", "shop", "desk"]})
    observed = pd.DataFrame({"service": ["shop"], "from_at": [at(5)], "until_at": [at(10_000)]})
    service = measure_service_exposure(pieces, members, observed=observed)
    shop, desk = (service[service["service"] == s] for s in ("shop", "desk"))
    assert told(shop) == [(5, 12, 5), (12, 16, 8), (16, 18, 6), (18, 20, "?")]
    assert shop["asset"].tolist() == ["db", "files", "db", "files"]
    assert told(desk) == [(0, 1, "?"), (1, 12, 1), (12, 20, 2)]


def test_nothing_seen_and_a_window_after_as_of():
    logs = logs_of([])
    usable = measure_usable_backups(logs.backups, logs.exports)
    coverage = measure_backup_coverage(logs.backups, logs.exports, usable=usable)
    assert measure_exposure(usable, coverage, start=at(0), end=at(10)).empty
    assert pieces_of([backup("a", 0, 1, 0)], start=10, end=10).empty


def test_many_backups_in_seconds():
    """A Python loop over backups would take minutes; 100,000 of them, with chains and expiry, take about a second."""
    import time

    rng = np.random.default_rng(0)
    n = 100_000
    start = np.sort(rng.uniform(0, 900, n))
    first = logs_of([backup("b0", 0, 1, 0, expires_at=5, parent_id="b0")]).backups
    many = first.loc[first.index.repeat(n)].reset_index(drop=True)
    began = pd.Timestamp("2026-07-01", tz="UTC") + pd.to_timedelta(start * 3600e6, unit="us").round("us")
    names = pd.Series(np.arange(n)).map("b{}".format).astype("str")
    many = many.assign(
        backup_id=names,
        asset=pd.Series(rng.integers(0, 200, n)).map("asset-{}".format).astype("str"),
        parent_id=names.shift().where(rng.random(n) < 0.5),
        started_at=began,
        recovery_point_at=began,
        finished_at=began + pd.Timedelta(hours=1),
        expires_at=began + pd.Timedelta(hours=40),
    )
    clock = time.perf_counter()
    usable = measure_usable_backups(many, logs_of([]).exports)
    coverage = measure_backup_coverage(many, logs_of([]).exports, usable=usable)
    pieces = measure_exposure(usable, coverage, start=at(0), end=at(900))
    assert len(pieces) >= 200
    assert time.perf_counter() - clock < 20
