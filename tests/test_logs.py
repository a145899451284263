"""The current row, sightings of backups, the cut at a moment, services, corrections and the ways to open logs."""

import shutil
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import continuity_analysis as ca
from continuity_analysis import tables
from continuity_analysis.catalog import read_catalog
from continuity_analysis.errors import InputError
from continuity_analysis.logs import current_rows, logs_for_notebook, read_logs
from continuity_analysis.logs.opening import make_logs
from tests.exports_by_hand import ATLAS_SAMPLE, incident, listing, moment, plain, reading, table, whole


def logs_of(*readings, catalog=None, **how):
    return make_logs(whole(readings), catalog=read_catalog(catalog), timezone=None, origin="by hand", **how)


def only(frame, *columns):
    return [{c: row.get(c) for c in columns} for row in plain(frame)]


# --- the current row ---------------------------------------------------------------------------------------------


def test_a_late_older_export_never_beats_a_newer_one():
    newer = reading("b", "2026-02-02", incidents=[incident("resolved", restored_at="2026-02-01")])
    older = reading("c", "2026-02-01", incidents=[incident()])
    for order in ([newer, older], [older, newer]):
        assert only(logs_of(*order).incidents, "status", "export_id") == [{"status": "resolved", "export_id": "b"}]


def test_what_the_source_changed_last_beats_what_was_exported_last():
    fresh = reading("a", "2026-02-02", incidents=[incident(title="new", updated_at="2026-02-02")])
    stale = reading("b", "2026-02-03", incidents=[incident(title="old", updated_at="2026-02-01")])
    unstamped = reading("c", "2026-02-04", incidents=[incident(title="newest")])
    assert only(logs_of(stale, fresh).incidents, "title") == [{"title": "new"}]
    assert only(logs_of(unstamped, stale, fresh).incidents, "title") == [{"title": "newest"}]


def test_a_reopened_incident_is_open_again():
    closed = incident("resolved", restored_at="2026-01-02", closed_at="2026-01-03", cause="load")
    logs = logs_of(reading("a", "2026-02-01", incidents=[closed]), reading("b", "2026-02-02", incidents=[incident()]))
    (row,) = plain(logs.incidents)
    assert row["status"] == "open"
    assert {"restored_at", "closed_at", "cause"} & set(row) == set()


def test_an_incident_moved_to_another_component_leaves_no_row():
    first = reading("a", "2026-02-01", incidents=[incident(), incident(component="db")])
    moved = reading("b", "2026-02-02", incidents=[incident(component="cache", record_no=7)])
    assert only(logs_of(first, moved).incidents, "component") == [{"component": "cache"}]


def test_one_record_speaks_for_all_its_components():
    rows = [incident(component=c, record_no=4) for c in ("web", "db")]
    assert len(logs_of(reading("a", "2026-02-01", incidents=rows)).incidents) == 2


def test_without_a_unit_the_key_is_replaced_alone():
    row = {"from_at": "2026-01-01", "until_at": "2026-01-02"}
    first = reading("a", "2026-02-01", states=[row, {**row, "from_at": "2026-01-05"}])
    newer = reading("b", "2026-02-02", states=[{**row, "until_at": "2026-01-03"}])
    assert only(logs_of(first, newer).states, "from_at", "until_at") == [
        {"from_at": "2026-01-01", "until_at": "2026-01-03"},
        {"from_at": "2026-01-05", "until_at": "2026-01-02"},
    ]


def test_a_grown_access_log_replaces_itself_as_a_whole():
    minutes = [
        {"log_id": "L", "minute_at": f"2026-01-01 00:0{i}", "total": i, "latency_histogram": [i]} for i in range(3)
    ]
    short = reading("a", "2026-02-01", requests=minutes)
    rotated = reading("b", "2026-02-02", requests=[{**m, "total": m["total"] + 5} for m in minutes[1:]])
    found = logs_of(rotated, short).requests
    assert found["total"].tolist() == [6, 7]
    assert [list(h) for h in found["latency_histogram"]] == [[1], [2]]


EVENTS = {"format": "pager_events"}


def event(n, at, **values):
    return {"incident_id": "P1", "record_no": n, "updated_at": at, "started_at": None, **values}


def test_a_history_of_events_is_joined_earliest_and_newest():
    rows = [
        event(1, "2026-01-01 00:00", started_at="2026-01-01 00:00", status="open", title="first"),
        event(2, "2026-01-01 00:05", acknowledged_at="2026-01-01 00:05"),
        event(3, "2026-01-01 00:10", status="resolved", restored_at="2026-01-01 00:10"),
        event(4, "2026-01-01 00:20", status="open"),
        event(5, "2026-01-01 00:25", acknowledged_at="2026-01-01 00:25", title="again"),
    ]
    whole_story = reading("a", "2026-02-01", kind="events", about=EVENTS, incidents=rows)
    (row,) = plain(logs_of(whole_story).incidents)
    assert row["started_at"] == "2026-01-01"
    assert row["acknowledged_at"] == "2026-01-01 00:05"
    assert (row["status"], row["title"]) == ("open", "again")
    assert "restored_at" not in row
    end = event(1, "2026-01-01 00:30", status="resolved", restored_at="2026-01-01 00:30")
    later = reading("b", "2026-02-02", kind="events", about=EVENTS, incidents=[end])
    (row,) = plain(logs_of(later, whole_story).incidents)
    assert (row["status"], row["restored_at"]) == ("resolved", "2026-01-01 00:30")


def test_two_formats_of_one_product_join_and_two_products_do_not():
    listed = reading("a", "2026-02-02", incidents=[incident("resolved", restored_at="2026-01-03", title="listed")])
    acknowledged = event(1, "2026-01-02", acknowledged_at="2026-01-02", status="open", title="told")
    events = reading("b", "2026-02-01", kind="events", about=EVENTS, incidents=[acknowledged])
    (row,) = plain(logs_of(events, listed).incidents)
    assert (row["acknowledged_at"], row["status"], row["title"]) == ("2026-01-02", "resolved", "listed")
    assert row["started_at"] == "2026-01-01"
    assert row["export_id"] == "a"
    other = reading("c", "2026-02-03", about={"product": "page"}, incidents=[incident()])
    assert len(logs_of(events, listed, other).incidents) == 2


def test_events_of_a_component_the_incident_has_left_count_where_it_is_now():
    moved = reading("a", "2026-02-02", incidents=[incident(component="cache")])
    seen = event(1, "2026-01-02", acknowledged_at="2026-01-02", component="web")
    events = reading("b", "2026-02-01", kind="events", about=EVENTS, incidents=[seen])
    expected = [{"component": "cache", "acknowledged_at": "2026-01-02"}]
    assert only(logs_of(events, moved).incidents, "component", "acknowledged_at") == expected


def test_of_the_same_moment_a_whole_record_speaks_before_an_event():
    listed = reading("a", "2026-02-01", incidents=[incident("cancelled", updated_at="2026-01-02")])
    last = event(1, "2026-01-02", status="resolved", restored_at="2026-01-02")
    events = reading("b", "2026-02-01", kind="events", about=EVENTS, incidents=[last])
    assert only(logs_of(events, listed).incidents, "status") == [{"status": "cancelled"}]


def test_announced_work_begins_as_planned_until_it_has_begun():
    plan = {"started_at": None, "scheduled_from_at": "2026-03-01", "restored_at": "2026-03-02"}
    (row,) = plain(logs_of(reading("a", "2026-02-01", incidents=[incident("scheduled", **plan)])).incidents)
    assert (row["started_at"], row["started_basis"]) == ("2026-03-01", "schedule")
    assert "restored_at" not in row


def test_a_row_that_lacks_a_required_column_is_listed_not_shown():
    rows = [incident(), {"incident_id": "P2", "started_at": None}]
    logs = logs_of(reading("a", "2026-02-01", incidents=rows, recoveries=[{"recovery_id": "R", "kind": None}]))
    assert logs.incidents["incident_id"].tolist() == ["P1"]
    assert logs.incomplete[["table", "key", "lacks", "export_id"]].values.tolist() == [
        ["incidents", "incident_id P2, component web", "started_at", "a"],
        ["recoveries", "recovery_id R", "kind", "a"],
    ]
    begun = reading("b", "2026-02-01", about=EVENTS, incidents=[{"incident_id": "P2", "started_at": "2026-01-05"}])
    assert len(logs_of(begun, reading("a", "2026-02-01", incidents=rows)).incidents) == 2


def test_types_are_those_of_the_tables():
    frame = logs_of(reading("a", "2026-02-01", incidents=[incident(severity=2, planned=False)])).incidents
    kinds = frame.dtypes.astype(str)
    assert kinds["started_at"] == kinds["restored_at"] == "datetime64[us, UTC]"
    assert (kinds["severity"], kinds["planned"], kinds["impact"]) == ("Int64", "boolean", "float64")
    assert kinds["title"] == kinds["service"] == kinds["cause"] == "str"


# --- the slow twin -----------------------------------------------------------------------------------------------

LOWEST = datetime(1, 1, 1, tzinfo=UTC)


def version(row):
    observed = row["observed_at"] or LOWEST
    return row["updated_at"] or observed, observed, row["export_id"], row["record_no"]


def slow_incidents(rows, kinds):
    """The rule of `logs.current`, one incident and one column at a time."""
    unique = list({tuple(row.items()): row for row in rows}.values())
    histories = [dict(r) for r in unique if kinds[r["export_id"]] == "events"]
    speaking = []
    for unit in {(r["product"], r["format"], r["incident_id"]) for r in unique}:
        mine = [r for r in unique if (r["product"], r["format"], r["incident_id"]) == unit]
        records = [r for r in mine if kinds[r["export_id"]] != "events"]
        if records:
            newest = max(records, key=version)
            speaking += [r for r in records if version(r)[2:] == version(newest)[2:]]
    for row in list(histories):
        places = {r["component"] for r in speaking if all(r[c] == row[c] for c in ("product", "incident_id"))}
        if places and row["component"] not in places:
            histories.remove(row)
            histories += [row | {"component": place} for place in places]
    for row in (dict(r) for r in histories):
        for name in (c.name for c in tables.INCIDENTS.columns if c.earliest and row[c.name] is not None):
            same = ("product", "format", "incident_id", "component")
            alike = [r for r in histories if all(r[c] == row[c] for c in same)]
            row[name] = min(r[name] for r in alike if r[name] is not None)
        speaking.append(row)
    whole = {e for e, kind in kinds.items() if kind != "events"}
    return [_joined([r for r in speaking if _key(r) == key], whole) for key in {_key(r) for r in speaking}]


def _key(row):
    return row["product"], row["incident_id"], row["component"]


def _joined(rows, whole):
    rows = sorted(rows, key=lambda r: (version(r)[0], r["export_id"] in whole, *version(r)[1:]))
    joined = {c: next((r[c] for r in reversed(rows) if r[c] is not None), None) for c in rows[0]}
    if joined["status"] in ("open", "scheduled"):
        joined |= {"restored_at": None, "closed_at": None, "restored_basis": None}
    if joined["status"] == "scheduled" and joined["started_at"] is None and joined["scheduled_from_at"] is not None:
        joined |= {"started_at": joined["scheduled_from_at"], "started_basis": "schedule"}
    return joined


days = st.integers(1, 5).map(lambda day: f"2026-01-0{day}")
records = st.fixed_dictionaries(
    {"incident_id": st.sampled_from("PQ"), "places": st.sets(st.sampled_from("abc"), min_size=1, max_size=2)},
    optional={
        "updated_at": days, "started_at": st.none() | days, "acknowledged_at": days, "restored_at": days,
        "status": st.sampled_from(["open", "resolved", "scheduled"]), "title": st.sampled_from("xyz"),
        "scheduled_from_at": days,
    },
)  # fmt: skip
some_exports = st.lists(
    st.tuples(st.sampled_from(["pager_list", "pager_more", "pager_events"]), days, st.lists(records, max_size=4)),
    min_size=1,
    max_size=4,
)


def readings_of(exports):
    for i, (form, observed, some) in enumerate(exports):
        kind = "events" if form == "pager_events" else "window"
        rows = [
            {k: v for k, v in record.items() if k != "places"} | {"component": place, "record_no": n}
            for n, record in enumerate(some, 1)
            for place in sorted(record["places"])
        ]
        yield reading(f"e{i}", observed, kind=kind, about={"format": form}, incidents=rows)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some_exports, st.randoms(use_true_random=False))
def test_current_rows_are_those_of_a_slow_twin_in_any_order_and_however_often(exports, chance):
    readings = list(readings_of(exports))
    once = whole(readings)
    mixed = readings + chance.sample(readings, chance.randint(0, len(readings)))
    chance.shuffle(mixed)
    again = whole(mixed)
    order = chance.sample(range(len(again["incidents"])), len(again["incidents"]))
    shuffled = again["incidents"].take(pa.array(order, pa.int64()))
    found = current_rows("incidents", once["incidents"], once["exports"])
    assert found.equals(current_rows("incidents", shuffled, again["exports"]))
    kinds = {row["export_id"]: row["export_kind"] for row in once["exports"].to_pylist()}
    expected = slow_incidents(once["incidents"].to_pylist(), kinds)
    assert sorted(found.to_pylist(), key=_key) == sorted(expected, key=_key)


def test_every_table_has_a_current_row_when_empty():
    for name in tables.EVIDENCE:
        assert current_rows(name, tables.empty(name), tables.empty("exports")).schema == tables.TABLES[name].schema


# --- backups: first seen, last seen, removed ---------------------------------------------------------------------


SEEN = ("backup_id", "first_seen_at", "last_seen_at", "removed_at")


def sightings(*readings, **how):
    return [tuple(row.values()) for row in only(logs_of(*readings, **how).backups, *SEEN)]


def test_a_backup_is_gone_at_the_first_complete_listing_after_its_last_sighting():
    readings = [
        listing("a", "2026-02-01", "one", "two"),
        listing("b", "2026-02-02", "one", "two"),
        listing("c", "2026-02-03", "two"),
        listing("d", "2026-02-04", "two"),
    ]
    expected = [("one", "2026-02-01", "2026-02-02", "2026-02-03"), ("two", "2026-02-01", "2026-02-04", None)]
    assert sightings(*readings) == sightings(*reversed(readings)) == expected
    assert sightings(*readings, as_of="2026-02-02")[0] == ("one", "2026-02-01", "2026-02-02", None)
    assert sightings(*readings[:2], listing("e", "2026-02-05"))[1] == ("two", "2026-02-01", "2026-02-02", "2026-02-05")


def test_a_backup_that_comes_back_is_not_gone():
    readings = [listing("a", "2026-02-01", "one"), listing("b", "2026-02-02"), listing("c", "2026-02-03", "one")]
    assert sightings(*readings) == [("one", "2026-02-01", "2026-02-03", None)]


@pytest.mark.parametrize("other", [{"scope": "elsewhere"}, {"complete": False}, {"complete": None}])
def test_only_a_listing_declared_complete_for_the_same_scope_proves_removal(other):
    assert sightings(listing("a", "2026-02-01", "one"), listing("b", "2026-02-02", **other))[0][3] is None


def test_without_a_scope_a_complete_listing_speaks_for_the_assets_it_shows():
    first = listing("a", "2026-02-01", "one", scope=None)
    assert sightings(first, listing("b", "2026-02-02", "two", scope=None))[0][3] == "2026-02-02"
    assert sightings(first, listing("b", "2026-02-02", "two", scope=None, asset="other"))[0][3] is None


def test_a_listing_that_says_deleted_is_no_sighting_but_proves_removal():
    gone = listing("b", "2026-02-02", "one", complete=None, status="deleted")
    assert sightings(listing("a", "2026-02-01", "one"), gone) == [("one", "2026-02-01", "2026-02-01", "2026-02-02")]
    assert sightings(gone) == [("one", None, None, "2026-02-02")]


def test_what_was_seen_before_it_was_deleted_keeps_the_status_it_was_seen_with():
    gone = listing("c", "2026-02-03", "one", complete=None, status="deleted")
    for status in ("completed", "failed"):
        seen = [listing("a", "2026-02-01", "one", status="running"), listing("b", "2026-02-02", "one", status=status)]
        assert logs_of(*seen, gone).backups["status"].tolist() == [status]
    assert logs_of(gone).backups["status"].tolist() == ["deleted"]


def test_a_log_that_says_when_it_was_deleted_proves_that_it_was_there_until_then():
    runs = {"product": "vault", "format": "vault_log"}
    made = {"backup_id": "one", "status": "completed", "finished_at": "2026-01-02", "observed_at": "2026-01-02"}
    gone = {"status": "deleted", "observed_at": "2026-01-20"}
    logged = reading("a", "2026-01-25", kind="events", about=runs, backups=[made])
    expired = reading("b", "2026-01-25", kind="events", about=runs | {"format": "vault_expiry"},
                      backups=[gone | {"backup_id": "one"}, gone | {"backup_id": "unheard-of"}])  # fmt: skip
    logs = logs_of(logged, expired)
    assert only(logs.backups, *SEEN, "status") == [
        {"backup_id": "one", "first_seen_at": "2026-01-02", "last_seen_at": "2026-01-20",
         "removed_at": "2026-01-20", "status": "completed"},
        {"backup_id": "unheard-of", "first_seen_at": None, "last_seen_at": "2026-01-20",
         "removed_at": "2026-01-20", "status": "deleted"},
    ]  # fmt: skip
    before = sightings(logged, expired, as_of=moment("2026-01-19"))
    assert before[0] == ("one", "2026-01-02", "2026-01-02", None)
    listed = (listing("c", "2026-01-10", "one"), listing("d", "2026-01-30"))
    assert sightings(logged, expired, *listed)[0][2:] == ("2026-01-20", "2026-01-20")
    again = listing("e", "2026-01-24", "one")
    assert sightings(logged, expired, again)[0][2:] == ("2026-01-24", None)


def test_a_log_of_runs_is_no_sighting_where_listings_are():
    run = {"backup_id": "one", "started_at": "2026-01-01"}
    about = {"product": "vault", "format": "vault_log"}
    history = reading("z", "2026-02-09", kind="events", about=about, backups=[run])
    readings = [listing("a", "2026-02-01", "one"), listing("b", "2026-02-02")]
    assert sightings(history, *readings) == [("one", "2026-02-01", "2026-02-01", "2026-02-02")]
    assert logs_of(history, *readings).backups["survivors_only"].tolist() == [False]
    assert logs_of(*readings).backups["survivors_only"].tolist() == [True]
    assert sightings(history) == [("one", "2026-02-09", "2026-02-09", None)]


# --- as of -------------------------------------------------------------------------------------------------------


def as_of(text, **rows):
    return logs_of(reading("a", "2026-06-01", **rows), as_of=text)


def test_as_of_is_the_newest_moment_an_export_speaks_of():
    logs = logs_of(reading("a", "2026-02-01", incidents=[incident()]), reading("b", "2026-03-01"))
    assert logs.as_of == moment("2026-03-01")
    assert logs.exports["observed_at"].max() == logs.as_of


def test_incidents_as_they_stood():
    done = incident("resolved", acknowledged_at="2026-01-02", restored_at="2026-01-10", restored_basis="restored",
                    closed_at="2026-01-12", updated_at="2026-01-12")  # fmt: skip
    (row,) = plain(as_of("2026-01-05", incidents=[done]).incidents)
    assert (row["status"], row["acknowledged_at"], row["observed_at"]) == ("open", "2026-01-02", "2026-01-05")
    assert {"restored_at", "restored_basis", "closed_at", "updated_at"} & set(row) == set()
    (row,) = plain(as_of("2026-01-11", incidents=[done]).incidents)
    assert (row["status"], row["restored_at"], "closed_at" in row) == ("resolved", "2026-01-10", False)
    closed = incident("resolved", closed_at="2026-01-10")
    assert plain(as_of("2026-01-09", incidents=[closed]).incidents)[0]["status"] == "open"
    assert as_of("2025-12-31", incidents=[done]).incidents.empty
    assert plain(as_of("2026-01-01", incidents=[incident("cancelled")]).incidents)[0]["status"] == "cancelled"


def test_planned_work_that_had_not_begun_is_scheduled():
    done = incident("resolved", planned=True, scheduled_from_at="2026-01-20", scheduled_until_at="2026-01-21",
                    started_at="2026-01-20 01:00", restored_at="2026-01-20 02:00")  # fmt: skip
    (row,) = plain(as_of("2026-01-10", incidents=[done]).incidents)
    assert (row["status"], row["started_at"], row["started_basis"]) == ("scheduled", "2026-01-20", "schedule")
    assert (row["scheduled_until_at"], "restored_at" in row) == ("2026-01-21", False)


def test_backups_as_they_stood():
    run = {
        "backup_id": "one", "status": "failed", "started_at": "2026-01-02", "finished_at": "2026-01-03", "error": "no",
        "expires_at": "2026-09-01", "verified_at": "2026-01-09", "verified_by": "restore",
        "verified_result": "passed", "recovery_point_at": "2026-01-02", "recovery_point_basis": "snapshot",
    }  # fmt: skip
    (row,) = plain(as_of("2026-01-02 12:00", backups=[run]).backups)
    assert (row["status"], row["expires_at"], row["recovery_point_at"]) == ("running", "2026-09-01", "2026-01-02")
    assert {"finished_at", "error", "verified_at", "verified_by", "verified_result"} & set(row) == set()
    (row,) = plain(as_of("2026-01-10", backups=[run]).backups)
    assert (row["status"], row["verified_result"]) == ("failed", "passed")
    assert as_of("2026-01-01", backups=[run]).backups.empty


def test_a_growing_stretch_of_logs_reached_as_of():
    stretch = {"backup_id": "logs", "method": "log", "status": "completed", "covers_from_at": "2026-01-01",
               "recovery_point_at": "2026-05-01", "finished_at": "2026-05-01"}  # fmt: skip
    (row,) = plain(as_of("2026-03-01", backups=[stretch]).backups)
    assert (row["recovery_point_at"], row["finished_at"], row["status"]) == ("2026-03-01", "2026-03-01", "completed")


def test_recoveries_changes_states_lag_and_exports_as_they_stood():
    begun = {"disrupted_at": "2026-01-01"}
    drill = {"recovery_id": "R", "status": "completed", "service_restored_at": "2026-01-03", **begun}
    failed = {"recovery_id": "S", "status": "failed", "finished_at": "2026-01-01 06:00", **begun}
    logs = as_of(
        "2026-01-02",
        recoveries=[drill, failed],
        changes=[{"change_id": "C", "status": "completed", "finished_at": "2026-01-03"}],
        states=[{"from_at": "2026-01-01", "until_at": "2026-01-03"}, {"from_at": "2026-01-03"}],
        lag=[{"asset": "db", "replica": "r", "lag_seconds": 1.0, "observed_at": f"2026-01-0{i}"} for i in (1, 3)],
    )
    assert logs.recoveries["status"].tolist() == ["running", "failed"]
    assert only(logs.changes, "status", "finished_at") == [{"status": "running", "finished_at": None}]
    assert only(logs.states, "from_at", "until_at") == [{"from_at": "2026-01-01", "until_at": None}]
    assert len(logs.lag) == 1
    assert only(logs.exports, "observed_at") == [{"observed_at": "2026-01-02"}]
    span = {"covers_from_at": "2026-01-03", "covers_until_at": "2026-01-04"}
    later = reading("b", "2026-01-04", about=span)
    covering = reading("c", "2026-01-04", about=span | {"covers_from_at": "2026-01-01"})
    logs = logs_of(later, covering, as_of="2026-01-02")
    assert only(logs.exports, "export_id", "covers_until_at") == [{"export_id": "c", "covers_until_at": "2026-01-02"}]


# --- services and corrections ------------------------------------------------------------------------------------

CATALOG = {
    "services": {
        "shop": {"components": ["web*"], "assets": ["db"]},
        "desk": {"components": ["web-eu", "mail"]},
    },
    "corrections": [
        {"incident": "P1", "started_at": "2026-01-02", "restored_at": "2026-01-04", "because": "late alert"},
        {"incident": "P1", "impact": 0.5, "because": "half the users"},
        {"incident": "P2", "exclude": True, "because": "drill"},
        {"incident": "P3", "restored_at": "2027-01-01", "because": "not yet"},
    ],
}


def test_a_component_of_two_services_stands_twice_and_an_unclaimed_one_stays():
    rows = [{"incident_id": f"P{i}", "component": c} for i, c in enumerate(["web-eu", "printer"])]
    recovered = [{"recovery_id": f"R{i}", "asset": a} for i, a in enumerate(["db", "desk", "mail", "cloud"])]
    logs = logs_of(reading("a", "2026-02-01", incidents=rows, recoveries=recovered), catalog=CATALOG)
    assert sorted(logs.incidents["service"].fillna("none")) == ["desk", "none", "shop"]
    assert logs.recoveries["service"].fillna("none").tolist() == ["shop", "desk", "desk", "none"]
    assert logs.unclaimed.values.tolist() == [["asset", "cloud", "pager", 1], ["component", "printer", "pager", 1]]
    assert logs.seen.loc[logs.seen["name"] == "web-eu", "n"].tolist() == [1]


def test_without_a_catalogue_every_component_is_its_own_service():
    logs = logs_of(reading("a", "2026-02-01", incidents=[incident()]))
    assert logs.incidents["service"].tolist() == ["web"]
    assert logs.unclaimed.empty
    assert logs.seen.values.tolist() == [["component", "web", "pager", 1, True]]
    assert logs_of(reading("a", "2026-02-01")).seen.empty


def test_corrections_stand_beside_the_raw_rows():
    rows = [{"incident_id": f"P{i}", "status": "open"} for i in (1, 2, 3, 4)]
    logs = logs_of(reading("a", "2026-02-01", incidents=rows), catalog=CATALOG)
    assert logs.incidents["status"].tolist() == ["open"] * 4
    assert "correction" not in logs.incidents
    columns = ("incident_id", "status", "started_at", "restored_at", "impact", "correction")
    assert [tuple(r.values()) for r in only(logs.corrected_incidents, *columns)] == [
        ("P1", "resolved", "2026-01-02", "2026-01-04", 0.5, "late alert; half the users"),
        ("P3", "open", "2026-01-01", None, None, "not yet"),
        ("P4", "open", "2026-01-01", None, None, None),
    ]
    assert str(logs.corrected_incidents["correction"].dtype) == "str"
    nothing = logs_of(reading("a", "2026-02-01"), catalog=CATALOG)
    assert nothing.corrected_incidents.empty


# --- in hand -----------------------------------------------------------------------------------------------------


ESTIMATE = {"estimate_id": "A1", "disruption": "zone", "assessed_at": "2026-01-05", "rto_seconds": 60.0}


def test_estimates_have_a_service_and_stand_in_nothing_that_is_measured():
    rows = [ESTIMATE | {"component": c} for c in ("web-eu", "alone")]
    about = {"product": "hub", "covers_from_at": "2025-01-01", "covers_until_at": "2026-02-01"}
    incidents = reading("a", "2026-02-01", incidents=[incident(component="web-eu", restored_at="2026-01-02")])
    with_it = logs_of(incidents, reading("b", "2026-02-01", about=about, estimates=rows), catalog=CATALOG)
    without = logs_of(incidents, catalog=CATALOG)
    assert with_it.estimates["service"].fillna("none").tolist() == ["none", "shop", "desk"]
    assert with_it.unclaimed.values.tolist() == [["component", "alone", "hub", 1]]
    assert "estimates" in repr(with_it) and len(ca.data_quality(with_it)["files"]) == 2
    pd.testing.assert_frame_equal(*(ca.scorecard(logs, period="2026-01") for logs in (with_it, without)))


def test_an_estimate_made_later_was_not_there_yet():
    rows = [
        ESTIMATE | {"component": "web"},
        ESTIMATE | {"component": "web", "estimate_id": "A2", "assessed_at": "2026-01-09"},
    ]
    logs = logs_of(reading("a", "2026-02-01", estimates=rows), as_of=moment("2026-01-06"))
    assert logs.estimates["estimate_id"].tolist() == ["A1"]


def test_logs_print_well_and_offer_their_tables():
    logs = logs_of(reading("a", "2026-02-01 06:00", incidents=[incident()]), catalog={"timezone": "Europe/Rome"})
    assert repr(logs) == (
        "Logs of by hand, as of 2026-02-01 07:00 CET\n"
        "  1 file of pager\n"
        "  1 service: web\n"
        "  incidents              1 rows  2026-01-01 … 2026-01-01\n"
        "  exports                1 rows"
    )
    shown = logs._repr_html_()
    assert "<table" in shown and "incidents" in shown and "<p>1 service: web</p>" in shown
    assert {*tables.TABLES, "incomplete", "skipped", "corrected_incidents", "sql", "services"} <= set(dir(logs))
    with pytest.raises(AttributeError, match="tables are incidents"):
        logs.incident  # noqa: B018
    with pytest.raises(AttributeError):
        logs.as_of = None


def test_logs_of_nothing_are_empty_tables():
    logs = make_logs(whole([]), catalog=read_catalog(None), timezone=None, origin="nowhere")
    assert logs.as_of is pd.NaT
    assert repr(logs) == "Logs of nowhere, as of no stated moment\n  no rows"
    assert all(logs.tables[name].empty for name in tables.TABLES)
    assert "service" in logs.backups and "survivors_only" in logs.backups
    assert logs.corrected_incidents.empty and logs.unclaimed.empty


def test_files_in_hand_need_no_store(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    shutil.copy(ATLAS_SAMPLE, folder / "b.json")
    shutil.copy(ATLAS_SAMPLE, folder / "a.json")
    (folder / "note.txt").write_text("nothing to read here\n")
    (tmp_path / "services.yaml").write_text("timezone: Asia/Tokyo\n")
    logs = read_logs(folder)
    assert logs.timezone == "Asia/Tokyo"
    assert logs.exports["origin"].tolist() == ["a.json"]
    assert logs.skipped.to_dict("list") == {
        "file": ["b.json", "note.txt"],
        "reason": ["same content as a.json", "no format recognises it"],
    }
    assert len(logs.backups) > 0
    (folder / "services.yaml").write_text("timezone: UTC\n")
    same = logs_for_notebook(store="", logs=str(folder), catalog="", as_of="", timezone="")
    assert same.timezone == "UTC"
    assert same.as_of == logs.as_of == logs.exports["observed_at"].max()
    pd.testing.assert_frame_equal(same.backups, logs.backups)
    assert ca.read_logs([folder / "a.json"], timezone="Europe/Rome").timezone == "Europe/Rome"


def test_a_folder_without_logs_is_an_error_that_says_so(tmp_path):
    (tmp_path / "note.txt").write_text("nothing to read here\n")
    with pytest.raises(InputError, match=r"Expected logs of a known format .* note\.txt"):
        read_logs(tmp_path)
    with pytest.raises(InputError, match="got neither"):
        logs_for_notebook()


def test_rows_come_ordered_by_begin():
    rows = [{"incident_id": str(i), "started_at": f"2026-01-0{9 - i}"} for i in range(5)]
    assert logs_of(reading("a", "2026-02-01", incidents=rows)).incidents["started_at"].is_monotonic_increasing


def test_backups_come_in_order_however_often_two_writers_stored_them():
    ids = [f"{i:02d}" for i in range(20)]
    read = whole([listing("b", "2026-02-02", *ids[::-1]), listing("a", "2026-02-01", *ids[::2], *ids[1::2])] * 2)
    logs = make_logs(read, catalog=read_catalog(None), timezone=None, origin="by hand")
    assert logs.backups["backup_id"].to_list() == ids


def test_a_tie_within_one_record_is_settled_the_same_way_in_any_order():
    rows = table("states", [
        {"product": "p", "format": "f", "export_id": "a", "record_no": 1, "observer": "page", "component": "web",
         "from_at": "2026-01-01", "state": state} for state in ("down", "up")
    ])  # fmt: skip
    exports = pa.table({"export_id": ["a"], "export_kind": ["window"]})
    one, other = (current_rows("states", rows.take(order), exports) for order in ([0, 1], [1, 0]))
    assert one.equals(other) and len(one) == 1
