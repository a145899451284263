"""Each rule on when a backup counts, and what it holds, is one named case."""

import pytest

from continuity_analysis.measurements.usable_backups import measure_usable_backups
from tests.measurements.backup_logs import backup, export, hours, logs_of, tables_of


def usable(rows, exports=None, *, accept_partial=(), **how):
    logs = logs_of(rows, exports, **how)
    return measure_usable_backups(logs.backups, logs.exports, accept_partial=accept_partial).set_index("backup_id")


def span(found):
    """data, usable from, usable until [h] of the first row."""
    row = found.iloc[[0]]
    return tuple(None if h != h else h for c in ("data_at", "usable_from_at", "usable_until_at") for h in hours(row[c]))


STATUS = {"completed": True, None: True, "partial": False, "failed": False, "running": False, "deleted": False}


@pytest.mark.parametrize("status", STATUS)
def test_only_what_completed_counts(status):
    found = usable([backup("b", 0, 2, 1, status=status)])
    assert found["usable"].tolist() == [STATUS[status]]
    assert found["reason"].tolist() == ["" if STATUS[status] else status]


def test_a_partial_one_counts_where_the_service_accepts_it():
    assert usable([backup("b", 0, 2, 1, status="partial")], accept_partial=["db"])["usable"].tolist() == [True]


def test_one_that_failed_verification_never_counts():
    rows = [
        backup("b", 0, 2, 1, verified_result="failed", verified_at=3),
        backup("c", 0, 2, 1, verified_result="passed"),
    ]
    found = usable(rows)
    assert found["usable"].to_dict() == {"b": False, "c": True}
    assert found.loc["b", "reason"] == "failed verification"


def test_no_moment_at_all_is_no_recovery_point():
    assert usable([backup("b")])["reason"].tolist() == ["no time known"]


def test_all_moments_known_is_exact():
    found = usable([backup("b", 0, 2, 1, expires_at=50)])
    assert span(found) == (1, 2, 50)
    assert found[["direction", "ended_by"]].iloc[0].tolist() == ["exact", "expired"]


def test_the_point_is_the_start_where_the_log_does_not_say():
    found = usable([backup("b", 0, 2)])
    assert span(found) == (0, 2, None)
    assert found["point_assumed"].tolist() == [True]
    assert found["direction"].tolist() == ["exact"]


def test_only_the_end_known_is_a_lower_bound():
    found = usable([backup("b", None, 2)])
    assert span(found) == (2, 2, None)
    assert found[["direction", "run_time_missing"]].iloc[0].tolist() == ["lower bound", True]


def test_a_missing_end_is_a_lower_bound_without_known_run_times():
    found = usable([backup("b", 0, None, 0, recovery_point_basis="snapshot")])
    assert span(found) == (0, 0, None)
    assert found[["direction", "run_time_missing"]].iloc[0].tolist() == ["lower bound", True]


def test_a_missing_end_is_learned_from_the_asset():
    rows = [backup("b", 0, None, 0)] + [backup(f"c{i}", 10, 10 + run, 10) for i, run in enumerate((1, 2, 9))]
    rows += [backup("failed", 20, 20.01, status="failed"), backup("other", 0, None, 0, asset="files")]
    rows += [backup("log", 0, 90, 90, covers_from_at=0, method="log")]
    found = usable(rows)
    assert span(found.loc[["b"]]) == (0, 2, None)
    assert found.loc["b", "direction"] == "unknown"
    assert not found.loc["b", "run_time_missing"]
    assert found.loc["other", "direction"] == "lower bound"


def test_a_point_at_the_end_of_the_run_tells_about_when_it_was_usable():
    rows = [backup("b", 0, None, 5, recovery_point_basis="oplog_end"), backup("c", 10, 11, 11)]
    found = usable(rows).loc[["b"]]
    assert span(found) == (5, 5, None)
    assert found[["direction", "run_time_missing"]].iloc[0].tolist() == ["lower bound", False]


def test_nothing_is_usable_before_the_moment_it_holds():
    assert span(usable([backup("b", 0, 2, 3)])) == (3, 3, None)


def listed(*rows, last=None, until=100, complete=True):
    """The same backups in listings made at 10, 20, … as far as each one shows them."""
    moments = [m for m in (10, 20, 30) if m <= until]
    exports = [export(f"list{m}", kind="listing", until=m, since=None, complete=complete) for m in moments]
    seen = [r | {"export_id": f"list{m}"} for r in rows for m in moments if m <= (last or until)]
    return usable(seen, exports)


def test_removed_ends_with_its_last_sighting():
    found = listed(backup("b", 0, 2, 1), last=20)
    assert span(found) == (1, 2, 20)
    assert found["ended_by"].tolist() == ["expired"]


def test_removed_as_planned_ends_as_planned():
    assert span(listed(backup("b", 0, 2, 1, expires_at=25), last=20)) == (1, 2, 25)


def test_removed_after_the_plan_is_there_as_long_as_it_was_seen():
    assert span(listed(backup("b", 0, 2, 1, expires_at=5), last=20)) == (1, 2, 20)


def test_removed_before_the_plan_is_gone():
    assert span(listed(backup("b", 0, 2, 1, expires_at=90), last=20)) == (1, 2, 20)


def test_still_in_the_newest_complete_listing_is_usable_though_it_should_have_expired():
    found = listed(backup("b", 0, 2, 1, expires_at=15))
    assert span(found) == (1, 2, None)
    assert found["ended_by"].isna().all()


def test_still_in_the_newest_complete_listing_it_ends_as_planned_where_that_lies_ahead():
    found = listed(backup("b", 0, 2, 1, expires_at=45))
    assert span(found) == (1, 2, 45)
    assert found["ended_by"].tolist() == ["expired"]


def test_in_a_listing_not_known_to_be_complete_it_ends_as_planned_or_when_last_seen():
    assert span(listed(backup("b", 0, 2, 1, expires_at=40), complete=None)) == (1, 2, 40)
    assert span(listed(backup("b", 0, 2, 1, expires_at=15), complete=None)) == (1, 2, 30)


def test_a_history_says_nothing_of_what_is_still_there():
    assert span(usable([backup("b", 0, 2, 1, expires_at=15)])) == (1, 2, 15)


def chain(*links, **columns):
    return [backup(n, 10 * i, 10 * i + 2, 10 * i, parent_id=p, **columns) for i, (n, p) in enumerate(links)]


def test_a_chain_counts_while_all_of_it_does():
    rows = chain(("full", None), ("one", "full"), ("two", "one"))
    rows[1]["expires_at"] = 40
    found = usable(rows)
    assert found["usable"].all()
    assert hours(found["usable_until_at"])[2] == 40
    assert found["ended_by"].tolist()[1:] == ["expired", "broken chain"]
    assert found["usable_until_at"].isna().tolist() == [True, False, False]


def test_a_child_made_before_its_parent_is_done_waits_for_it():
    rows = [backup("full", 0, 20, 0), backup("one", 5, 6, 5, parent_id="full")]
    assert hours(usable(rows).loc[["one"], "usable_from_at"]) == [20]


@pytest.mark.parametrize("parent", ["nowhere", "one", "two"])
def test_a_chain_without_its_base_counts_for_nothing(parent):
    """The parent is missing; it is itself; it is its own child."""
    found = usable(chain(("one", parent), ("two", "one")))
    assert not found["usable"].any()
    assert (found["reason"] == "broken chain").all()


def test_a_failed_parent_breaks_the_chain():
    rows = chain(("full", None), ("one", "full"), ("two", "one"))
    rows[0]["status"] = "failed"
    found = usable(rows)
    assert found["reason"].tolist() == ["failed", "broken chain", "broken chain"]


def test_each_copy_needs_the_chain_of_its_own_location_or_any():
    rows = [
        backup("full", 0, 2, 0, expires_at=30),
        backup("full", 0, 5, 0, location="far"),
        backup("one", 10, 12, 10, parent_id="full"),
        backup("two", 10, 12, 10, parent_id="full", location="third"),
    ]
    found = usable(rows)
    assert hours(found.loc[["one"], "usable_until_at"]) == [30]
    assert found.loc[["two"], "usable_until_at"].isna().all()


def test_a_long_chain():
    rows = chain(("b0", None), *((f"b{i}", f"b{i - 1}") for i in range(1, 40)))
    rows[3]["expires_at"] = 500
    found = usable(rows)
    assert found["usable"].all()
    assert hours(found["usable_until_at"].iloc[4:]) == [500] * 36


def test_one_backup_of_two_services_counts_once():
    catalog = {"services": {"shop": {"assets": ["db"]}, "desk": {"assets": ["db"]}}}
    assert len(usable([backup("b", 0, 2, 1)], catalog=catalog)) == 1


def test_input_is_not_changed():
    backups, exports = tables_of([backup("b", 0, 2, 1), backup("c", 3, 4, 3, parent_id="b")])
    before = backups.copy()
    measure_usable_backups(backups, exports)
    assert backups.equals(before)
