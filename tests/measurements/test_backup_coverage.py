"""When somebody watched the backups of an asset, and what that proves."""

from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.usable_backups import measure_usable_backups
from tests.measurements.backup_logs import at, backup, export, hours, logs_of


def covered(rows, exports, *, since=None):
    logs = logs_of(rows, exports)
    found = measure_usable_backups(logs.backups, logs.exports)
    stretches = measure_backup_coverage(logs.backups, logs.exports, usable=found, since=since)
    ends = zip(hours(stretches["from_at"]), hours(stretches["until_at"]), stretches["proven"], strict=True)
    return sorted(zip(stretches["asset"], *zip(*ends, strict=True), strict=True)) if len(stretches) else []


def listing(moment, **more):
    return export(f"list{moment}", kind="listing", since=None, until=moment, complete=True, **more)


def shown(backup_id, started, *moments, **more):
    row = backup(backup_id, started, started + 1, started, **more)
    return [row | {"export_id": f"list{m}"} for m in moments]


def test_a_history_vouches_from_its_first_record_to_its_end():
    assert covered([backup("a", 10, 11, 10)], [export(since=0, until=50)]) == [("db", 11, 50, True)]


def test_a_failed_first_run_is_evidence_as_well():
    rows = [backup("a", 10, 11, status="failed"), backup("b", 20, 21, 20)]
    assert covered(rows, [export(since=0, until=50)]) == [("db", 10, 50, True)]


def test_a_history_vouches_since_the_service_is_in_service():
    import pandas as pd

    since = pd.Series(pd.DatetimeIndex([at(5)]).as_unit("us"), index=["db"])
    assert covered([backup("a", 10, 11, 10)], [export(since=0, until=50)], since=since) == [("db", 5, 50, True)]


def test_a_window_does_not_say_what_was_there_before_its_first_run():
    import pandas as pd

    since = pd.Series(pd.DatetimeIndex([at(5)]).as_unit("us"), index=["db"])
    exports = [export(kind="window", since=8, until=50)]
    assert covered([backup("a", 10, 11, 10)], exports, since=since) == [("db", 11, 50, True)]


def test_windows_leave_a_hole_between_them():
    exports = [export("w1", kind="window", since=0, until=20), export("w2", kind="window", since=40, until=60)]
    rows = [backup("a", 0, 1, 0, export_id="w1"), backup("b", 45, 46, 45, export_id="w2")]
    assert covered(rows, exports) == [("db", 1, 20, True), ("db", 40, 60, True)]


def test_one_listing_vouches_from_its_oldest_survivor_and_proves_nothing():
    rows = [*shown("a", 10, 50), *shown("failed", 2, 50, status="failed")]
    assert covered(rows, [listing(50)]) == [("db", 11, 50, False)]


def test_listings_prove_what_lies_between_them():
    rows = [*shown("a", 10, 50, 60), *shown("b", 52, 60)]
    assert covered(rows, [listing(50), listing(60)]) == [("db", 11, 60, False), ("db", 50, 60, True)]


def test_listings_further_apart_than_backups_are_kept_prove_nothing():
    rows = [*shown("a", 10, 50, expires_at=100), *shown("b", 110, 150, expires_at=200)]
    exports = [listing(50), listing(150)]
    assert covered(rows, exports) == [("db", 11, 150, False)]


def test_an_export_with_a_scope_speaks_for_the_assets_of_its_scope():
    """All backups are gone: the second, empty listing still says so."""
    rows = [*shown("a", 10, 50), *shown("x", 10, 50, asset="files", export_id="list50")]
    exports = [listing(50), listing(60), listing(99, scope="elsewhere")]
    assert ("db", 50, 60, True) in covered(rows, exports)


def test_an_export_without_scope_speaks_for_the_assets_it_shows():
    exports = [export("e1", kind="window", until=20, scope=None), export("e2", kind="window", until=90, scope=None)]
    rows = [backup("a", 0, 1, 0, export_id="e1"), backup("x", 30, 31, 30, asset="files", export_id="e2")]
    assert covered(rows, exports) == [("db", 1, 20, True), ("files", 31, 90, True)]


def test_exports_that_never_show_backups_do_not_count():
    exports = [export(until=20), export("jobs", format="tool_restores", until=90)]
    assert covered([backup("a", 0, 1, 0)], exports) == [("db", 1, 20, True)]


def test_no_backups_no_coverage():
    assert covered([], [export()]) == []
    assert covered([], []) == []
