"""Exposure over fewer or other backups: by hand, and against a slow twin written from the definition."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.backup_proofs import measure_proofs
from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.exposure import measure_exposure
from continuity_analysis.measurements.points_at import measure_points_at
from continuity_analysis.measurements.retention import measure_retention, mirrored
from continuity_analysis.measurements.usable_backups import NEVER, measure_usable_backups
from continuity_analysis.measurements.usable_views import measure_replica_points, restrict_usable, watched_in_both
from tests.measurements import exposure_twin
from tests.measurements.backup_logs import at, backup, export, hours, logs_of, tables_of
from tests.measurements.test_exposure import BACKUPS, CHUNKS, described, together, told

QUICK = settings(max_examples=12, deadline=None, derandomize=True)
EXPORTS = [export(since=0, until=80)]
ALWAYS = np.iinfo(np.int64).min


def usable_of(rows):
    backups, exports = tables_of(rows, EXPORTS)
    usable = measure_usable_backups(backups, exports)
    return usable, measure_backup_coverage(backups, exports, usable=usable)


def recovery(backup_id, done, **more):
    row = {"recovery_id": f"r{backup_id}{done}", "asset": "db", "kind": "restore", "status": "completed"}
    row |= {"product": "tool", "export_id": "history", "backup_id": backup_id, "data_restored_at": done}
    return row | more


def proofs(rows, recoveries=(), catalog=None):
    """Hours from which each backup is proven, by id (of copies: with the location)."""
    logs = logs_of(rows, EXPORTS, catalog=catalog, as_of=1000, recoveries=list(recoveries))
    usable = measure_usable_backups(logs.backups, logs.exports)
    members = logs.catalog.services_of_assets(["db"])
    found = measure_proofs(usable, logs.backups, logs.recoveries, members)
    names = usable["backup_id"].where(~usable["backup_id"].duplicated(keep=False), usable["location"])
    return {n: (v - int(to_microseconds([at(0)])[0])) / 3.6e9 for n, v in zip(names, found, strict=True) if v != NEVER}


CHAIN = [
    backup("full", 0, 1, 0),
    backup("inc1", 10, 11, 10, parent_id="full"),
    backup("inc2", 20, 21, 20, parent_id="inc1"),
    backup("other", 20, 21, 20),
]


def test_a_restore_proves_all_it_builds_on_and_nothing_that_builds_on_it():
    assert proofs(CHAIN, [recovery("inc1", 15)]) == {"full": 15, "inc1": 15}
    assert proofs(CHAIN, [recovery("inc2", 30), recovery("full", 5)]) == {"full": 5, "inc1": 30, "inc2": 30}


def test_a_full_read_proves_itself_a_checksum_nothing():
    read, summed, failed = (
        [row | {"verified_at": 40, "verified_by": how, "verified_result": result} if row["backup_id"] == "inc1" else row
         for row in CHAIN]
        for how, result in (("full_read", "passed"), ("checksum", "passed"), ("full_read", "failed"))
    )  # fmt: skip
    assert proofs(read) == {"inc1": 40}
    assert proofs(summed) == proofs(failed) == {}


@pytest.mark.parametrize("more", [{"status": "failed"}, {"status": "aborted"}, {"kind": "failover"}])
def test_what_did_not_restore_a_backup_proves_nothing(more):
    assert proofs(CHAIN, [recovery("full", 15, **more)]) == {}


def test_people_write_the_last_part_of_an_id_and_the_service():
    rows = [backup("db/repo1/full", 0, 1, 0)]
    catalog = {"services": {"shop": {"assets": ["db"]}, "desk": {"assets": ["files"]}}}
    assert proofs(rows, [recovery("full", 15)]) == {"db/repo1/full": 15}
    assert proofs(rows, [recovery("full", 15, asset="shop")], catalog) == {"db/repo1/full": 15}
    assert proofs(rows, [recovery("full", 15, asset="desk")], catalog) == {}
    assert proofs(rows, [recovery("ull", 15)]) == {}


def test_of_copies_the_one_that_ends_first_is_taken_as_no_log_says_which_was_read():
    rows = [backup("a", 0, 1, 0, location=p, expires_at=x) for p, x in (("gone", 10), ("near", 40), ("far", 60))]
    assert proofs(rows, [recovery("a", 15)]) == {"near": 15}


def test_a_proven_backup_counts_from_its_proof_with_its_whole_chain():
    usable, _ = usable_of(CHAIN)
    start = np.array([{"full": 5, "inc1": 12, "inc2": 30, "other": 99}[i] for i in usable["backup_id"]])
    start = to_microseconds([at(h) for h in start])
    found = restrict_usable(usable, (usable["backup_id"] != "other").to_numpy(), start=start, reason="not proven")
    found = found.set_index("backup_id")
    assert hours(found.loc[["full", "inc1", "inc2"], "usable_from_at"]) == [5, 12, 30]
    assert found.loc["other", ["usable", "reason"]].tolist() == [False, "not proven"]
    kept = (usable["backup_id"] != "inc1").to_numpy()
    left = restrict_usable(usable, kept, start=np.full(4, ALWAYS), reason="x").set_index("backup_id")["usable"]
    assert left.to_dict() == {"full": True, "inc1": False, "inc2": False, "other": True}  # inc2 lacks its parent


def ages_on(grid, pieces):
    """Age of the point at each hour of the grid; infinite where there is none."""
    rows = pieces.iloc[np.searchsorted(hours(pieces["from_at"]), grid, side="right") - 1]
    return np.where(rows["state"] == "protected", grid - np.nan_to_num(np.array(hours(rows["data_at"]))), np.inf)


def covered(asset="db"):
    return pd.DataFrame({"asset": [asset], "from_at": [at(0)], "until_at": [at(80)], "proven": [True]})


def proof_twin(rows, restores):
    """When each backup is proven, one at a time: restored itself, or something that builds on it was."""
    by_id = {r["backup_id"]: r for r in rows}

    def ancestors(name, depth=0):
        row = by_id.get(name)
        if row is None or depth > len(rows):
            return []
        return [name, *(ancestors(row["parent_id"], depth + 1) if row.get("parent_id") else [])]

    found = {}
    for name, moment in restores:
        if exposure_twin.usable(by_id[name], by_id, moment, False):
            for each in ancestors(name):
                found[each] = min(found.get(each, np.inf), moment)
    return found


def chain_proven(row, by_id, proven, moment, depth=0):
    if depth > len(by_id) or proven.get(row["backup_id"], np.inf) > moment:
        return False
    return row.get("parent_id") is None or chain_proven(by_id[row["parent_id"]], by_id, proven, moment, depth + 1)


@QUICK
@given(BACKUPS, st.lists(st.tuples(st.integers(0, 7), st.integers(0, 60)), max_size=6))
def test_proven_exposure_against_the_slow_twin(runs, restores):
    rows = described(runs)
    restores = [(f"b{i % len(rows)}", moment) for i, moment in restores]
    logs = logs_of(rows, EXPORTS, as_of=1000, recoveries=[recovery(*r) | {"recovery_id": str(n)}
                                                          for n, r in enumerate(restores)])  # fmt: skip
    usable = measure_usable_backups(logs.backups, logs.exports)
    proven = measure_proofs(usable, logs.backups, logs.recoveries, logs.catalog.services_of_assets(["db"]))
    found = restrict_usable(usable, proven != NEVER, start=proven, reason="not proven")
    pieces = measure_exposure(found, covered(), start=at(0), end=at(80))
    slow, by_id = proof_twin(rows, restores), {r["backup_id"]: r for r in rows}
    grid = np.arange(0, 80, 1.0)
    for t, age in zip(grid, ages_on(grid, pieces), strict=True):
        there = [r for r in rows if exposure_twin.usable(r, by_id, t, False) and chain_proven(r, by_id, slow, t)]
        assert age == min((t - exposure_twin.point(r) for r in there), default=np.inf)


@QUICK
@given(BACKUPS)
def test_off_site_exposure_against_the_slow_twin(runs):
    rows = described(runs)
    usable, _ = usable_of(rows)
    away = (usable["location"] == "there").to_numpy()
    found = restrict_usable(usable, away, start=np.full(len(usable), ALWAYS), reason="not off-site")
    pieces = measure_exposure(found, covered(), start=at(0), end=at(80))
    there = [r for r in rows if r["location"] == "there"]
    grid = np.arange(0, 80, 1.0)
    slow = [exposure_twin.age(there, t) for t in grid]
    assert ages_on(grid, pieces).tolist() == [np.inf if a is None else a for a in slow]


@QUICK
@given(BACKUPS, CHUNKS, st.lists(st.booleans(), min_size=18, max_size=18), st.integers(0, 50))
def test_leaving_backups_out_or_waiting_for_them_never_lowers_exposure(runs, chunks, kept, later):
    usable, _ = usable_of(described(runs, chunks))
    start = np.where(np.arange(len(usable)) % 2, int(to_microseconds([at(later)])[0]), ALWAYS)
    fewer = restrict_usable(usable, np.array(kept[: len(usable)]), start=start, reason="left out")
    grid = np.arange(0, 80, 1.0)
    whole, part = (ages_on(grid, measure_exposure(u, covered(), start=at(0), end=at(80))) for u in (usable, fewer))
    assert (part >= whole).all()


@QUICK
@given(st.lists(BACKUPS, min_size=1, max_size=3))
def test_retention_depth_against_the_slow_twin(cases):
    usable, _ = usable_of(together([described(runs) for runs in cases]))
    coverage = pd.concat([covered(f"db-{i}") for i in range(len(cases))])
    pieces = measure_retention(measure_exposure(mirrored(usable), coverage, start=at(0), end=at(80)))
    grid = np.arange(0, 80, 1.0)
    for i, runs in enumerate(cases):
        rows = described(runs)
        by_id = {r["backup_id"]: r for r in rows}
        mine = pieces[pieces["asset"] == f"db-{i}"]
        depth = np.maximum(ages_on(grid, mine), 0)
        for t, found in zip(grid, depth, strict=True):
            there = [t - exposure_twin.point(r) for r in rows if exposure_twin.usable(r, by_id, t, False)]
            assert found == max(there, default=0)


def test_retention_by_hand():
    rows = [backup("a", 0, 1, 0, expires_at=50), backup("b", 10, 12, 10, expires_at=60), backup("c", 70, 71, 70)]
    rows += [backup("l", 12, 14, 13, covers_from_at=0, method="log")]  # reaches forward, never back
    usable, coverage = usable_of(rows)
    pieces = measure_retention(measure_exposure(mirrored(usable), coverage, start=at(0), end=at(80)))
    assert told(pieces) == [(0, 1, "?"), (1, 50, 1), (50, 60, 40), (60, 71, 0), (71, 80, 1)]
    assert pieces["state"].tolist() == ["unknown", *["protected"] * 4]
    assert (pieces["data_at"] == pieces["until_at"]).tolist()[3]  # no point: depth 0 throughout


def sample(moment, lag, replica="r1", asset="db"):
    row = {"asset": asset, "replica": replica, "observed_at": moment, "lag_seconds": 3600.0 * lag}
    return row | {"product": "mongodb", "export_id": "history"}


def lag_of(rows):
    return logs_of([], EXPORTS, as_of=1000, lag=rows).lag


def test_a_replica_counts_until_its_next_sample_at_most_twice_the_typical_gap():
    rows = [sample(t, 0.5) for t in (0, 1, 2, 3, 10, 11)]
    points, coverage = measure_replica_points(lag_of([*rows, rows[0]]))
    assert hours(points["usable_from_at"]) == [0, 1, 2, 3, 10, 11]
    assert hours(points["usable_until_at"]) == [1, 2, 3, 5, 11, 13]  # typical gap 1 h
    assert hours(points["data_at"]) == [-0.5, 0.5, 1.5, 2.5, 9.5, 10.5]
    assert hours(coverage["until_at"]) == [1, 2, 3, 5, 11, 13]


def test_one_sample_vouches_for_no_time():
    points, _ = measure_replica_points(lag_of([sample(5, 0.0)]))
    assert hours(points["usable_until_at"]) == [5]


@QUICK
@given(
    BACKUPS,
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 5), st.sampled_from("ab")), min_size=2, max_size=12,
             unique_by=lambda s: (s[0], s[2])),
)  # fmt: skip
def test_loss_of_the_primary_against_a_slow_twin(runs, samples):
    rows = described([r | {"parent": None} for r in runs])
    usable, _ = usable_of(rows)
    points, coverage = measure_replica_points(lag_of([sample(t, lag, name) for t, lag, name in samples]))
    both = pd.concat([usable, points.astype(usable.dtypes.to_dict())], ignore_index=True)
    pieces = measure_exposure(both, coverage, start=at(0), end=at(80))
    for t in np.arange(0.25, 80, 2.5):
        held = []
        for name in "ab":
            mine = sorted((s, lag) for s, lag, n in samples if n == name)
            gaps = np.diff([s for s, _ in mine])
            last = [m for m in mine if m[0] <= t]
            if last and len(gaps) and t < last[-1][0] + 2 * np.median(gaps):
                held.append(t - (last[-1][0] - last[-1][1]))
        piece = pieces[(pieces["from_at"] <= at(t)) & (pieces["until_at"] > at(t))]
        if not held:
            assert piece["state"].tolist() == ["unknown"]
            continue
        backups = exposure_twin.age(rows, t)
        assert t - hours(piece["data_at"])[0] == pytest.approx(min([*held, *([] if backups is None else [backups])]))


@QUICK
@given(
    st.lists(st.tuples(BACKUPS, CHUNKS), min_size=1, max_size=3), st.lists(st.integers(1, 79), min_size=1, max_size=5)
)
def test_the_newest_point_at_a_moment_is_that_of_the_pieces(cases, moments):
    """Two ways to the same number: pieces of exposure, and one question at a time."""
    usable, _ = usable_of(together([described([r | {"parent": None} for r in runs], c) for runs, c in cases]))
    names = [f"db-{i}" for i in range(len(cases))]
    pieces = measure_exposure(usable, pd.concat([covered(n) for n in names]), start=at(0), end=at(80))
    asked = pd.DataFrame([(n, at(t), at(t)) for n in names for t in moments], columns=["asset", "at", "before"])
    found = measure_points_at(usable, asked)
    for (name, t), point in zip([(n, t) for n in names for t in moments], found, strict=True):
        age = ages_on(np.array([t]), pieces[pieces["asset"] == name])[0]
        assert age == (np.inf if point == UNKNOWN else (int(to_microseconds([at(t)])[0]) - point) / 3.6e9)


def points(rows, *asked):
    usable, _ = usable_of(rows)
    frame = pd.DataFrame([("db", at(a), at(b)) for a, b in asked], columns=["asset", "at", "before"])
    found = measure_points_at(usable, frame)
    return [None if f == UNKNOWN else (f - int(to_microseconds([at(0)])[0])) / 3.6e9 for f in found]


def test_going_back_to_before_it_began():
    rows = [backup("a", 0, 1, 0, expires_at=30), backup("b", 10, 12, 10), backup("c", 20, 22, 20)]
    assert points(rows, (25, 15), (35, 15), (35, 9), (25, 9), (11, 11), (0.5, 0.5)) == [10, 10, None, 0, 0, None]
    assert points(rows, (25, None), (None, 5), (25, 15)) == [None, None, 10]


def test_logs_take_an_older_base_to_any_moment_they_hold():
    log = {"method": "log"}
    rows = [backup("base", 0, 1, 0), backup("late", 20, 22, 20)]
    rows += [backup(f"l{i}", 5 * i + 5, 5 * i + 5, 5 * i + 5, covers_from_at=5 * i, **log) for i in range(3)]
    assert points(rows, (25, 13), (25, 17), (12, 12)) == [13, 15, 10]


def test_coverage_of_both():
    first = pd.concat([covered(), covered("files")], ignore_index=True)
    second = covered().assign(from_at=at(20), proven=[False])
    found = watched_in_both(first, second)
    assert found["asset"].tolist() == ["db"]
    assert (hours(found["from_at"]), hours(found["until_at"]), found["proven"].tolist()) == ([20], [80], [False])
