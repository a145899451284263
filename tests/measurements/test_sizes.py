"""Sizes of backups and of what recoveries restored, one named case each."""

import numpy as np

from continuity_analysis.measurements.recoveries import measure_recoveries
from continuity_analysis.measurements.sizes import LOGICAL, STORED, measure_backup_sizes, measure_restored_sizes
from tests.measurements.backup_logs import at, backup, logs_of

CATALOG = {"services": {"shop": {"assets": ["db"]}}}


def sized(*backups, until=1000, catalog=CATALOG):
    return measure_backup_sizes(logs_of(list(backups), catalog=catalog, as_of=2000).backups, until=at(until))


def restored(backups, *recoveries, catalog=CATALOG):
    rows = [
        {"kind": "drill", "status": "completed", "started_at": 500, "data_restored_at": 502, "product": "drills",
         "export_id": "drills", "recovery_id": f"r{i}", "asset": "shop", "scope": "data"} | r
        for i, r in enumerate(recoveries)
    ]  # fmt: skip
    logs = logs_of(list(backups), recoveries=rows, catalog=catalog, as_of=2000)
    sizes = measure_backup_sizes(logs.backups, until=at(1000))
    found = measure_restored_sizes(measure_recoveries(logs.recoveries, until=at(1000)), logs.backups, sizes=sizes)
    return found.sort_values("recovery_id", ignore_index=True)


def test_a_backup_that_builds_on_others_is_at_least_as_large_as_the_largest_of_them():
    chain = [
        backup("f", 1, 2, size_bytes=100),
        backup("d", 3, 4, size_bytes=7, method="differential", parent_id="f"),
        backup("i", 5, 6, size_bytes=2, method="incremental", parent_id="d"),
    ]
    found = sized(*chain)
    assert found["size_bytes"].tolist() == [100, 100, 100]
    assert found["whole"].tolist() == [True, False, False]


def test_a_whole_size_stated_for_the_later_one_counts():
    found = sized(
        backup("f", 1, 2, size_bytes=100), backup("d", 3, 4, size_bytes=120, method="incremental", parent_id="f")
    )
    assert found["size_bytes"].tolist() == [100, 120]


def test_size_on_storage_stands_in_only_where_no_backup_of_the_asset_states_its_size():
    stored = sized(backup("a", 1, 2, stored_bytes=30), backup("b", 3, 4, stored_bytes=5, method="snapshot"))
    assert stored["size_bytes"].fillna(0).tolist() == [30, 0]  # a snapshot's is what it added
    assert set(stored["basis"]) == {STORED}
    stated = sized(backup("a", 1, 2, stored_bytes=30), backup("b", 3, 4, size_bytes=90))
    assert stated["size_bytes"].fillna(0).tolist() == [0, 90]
    assert set(stated["basis"]) == {LOGICAL}


def test_failed_running_later_and_log_backups_tell_nothing():
    found = sized(
        backup("failed", 1, 2, size_bytes=1, status="failed"),
        backup("running", 1, None, size_bytes=1, status="running"),
        backup("later", 1, 1500, size_bytes=1),
        backup("log", 1, 2, size_bytes=1, method="log"),
        backup("zero", 1, 2, size_bytes=0),
        backup("good", 1, 2, size_bytes=1),
    )
    assert found.set_index("backup_id")["size_bytes"].fillna(-1).to_dict() == {"zero": -1, "good": 1}


def test_what_was_restored_is_what_the_recovery_states():
    found = restored([backup("f", 1, 2, size_bytes=100)], {"size_bytes": 40, "backup_id": "f"}, {"backup_id": "f"})
    assert found["restored_bytes"].tolist() == [40, 100]
    assert found["data_asset"].tolist() == ["db", "db"]
    assert found["method"].tolist() == ["full", "full"]
    assert found["location"].tolist() == ["store", "store"]


def test_from_a_backup_that_builds_on_others_it_is_at_least_the_largest_of_its_chain():
    chain = [backup("f", 1, 2, size_bytes=100), backup("d", 3, 4, size_bytes=7, method="incremental", parent_id="f")]
    assert restored(chain, {"size_bytes": 7, "backup_id": "d"})["restored_bytes"].tolist() == [100]


def test_sizes_on_storage_are_compared_with_sizes_on_storage():
    found = restored([backup("f", 1, 2, stored_bytes=30)], {"size_bytes": 90, "backup_id": "f"}, {"size_bytes": 90})
    assert found["restored_bytes"].fillna(-1).tolist() == [30, -1]


def test_people_write_the_label_alone_and_two_of_one_label_are_none():
    one = [backup("db/repo1/20260101F", 1, 2, size_bytes=100)]
    assert restored(one, {"backup_id": "20260101F"})["method"].tolist() == ["full"]
    two = [*one, backup("db/repo2/20260101F", 1, 2, size_bytes=100, location="repo2")]
    found = restored(two, {"backup_id": "20260101F", "size_bytes": 9}, {"backup_id": "db/repo2/20260101F"})
    assert found["location"].fillna("").tolist() == ["", "repo2"]
    assert found["restored_bytes"].tolist() == [9, 100]


def test_without_a_backup_it_is_the_only_asset_of_the_service():
    assert restored([backup("f", 1, 2)], {"size_bytes": 9})["data_asset"].tolist() == ["db"]
    two = {"services": {"shop": {"assets": ["db", "files"]}}}
    both = [backup("f", 1, 2), backup("g", 1, 2, asset="files")]
    found = restored(both, {"size_bytes": 9}, {"size_bytes": 9, "asset": "files"}, catalog=two)
    assert found["data_asset"].fillna("").tolist() == ["", "files"]


def test_no_backups_at_all():
    found = restored([], {"size_bytes": 9})
    assert found["restored_bytes"].tolist() == [9]
    assert found["data_asset"].isna().all()
    assert np.issubdtype(found["restored_bytes"].dtype, np.floating)
