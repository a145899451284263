"""The store: appended to, read back, cut by what was known, refused where it is not understood."""

import pandas as pd
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis import tables
from continuity_analysis.errors import StoreError
from continuity_analysis.logs import open_store
from continuity_analysis.store import compact, delta, folder, ingest, read_exports, read_store, write_readings, writing
from tests.exports_by_hand import ATLAS_SAMPLE, incident, moment, reading, shown, some_exports, table


def shown_by(store, **how):
    return shown(open_store(store, **how))


def commits(store, name="exports"):
    return DeltaTable(folder.place(store, name)).version()


def test_what_was_appended_is_read_back(tmp_path):
    account = write_readings(some_exports(), tmp_path / "new" / "store", now="2026-03-01")
    assert [row["file"] for row in account] == ["a.json", "b.json", "c.json", "d.json", "e.json"]
    assert account[0] == {
        "file": "a.json", "format": "pager_list", "records": 3, "used": 2, "ignored": 0, "rejected": 1,
        "rows": {"incidents": 2}, "reason": None, "ignored_reasons": {}, "rejected_reasons": {"no moment": 1},
    }  # fmt: skip
    logs = open_store(tmp_path / "new" / "store")
    assert logs.incidents["component"].tolist() == ["cache", "web"]
    assert logs.backups["removed_at"].notna().tolist() == [True, False]
    assert logs.rejects["export_id"].tolist() == ["a", "e"]
    assert set(logs.exports["ingested_at"]) == {moment("2026-03-01")}
    assert logs.as_of == moment("2026-02-04")
    assert logs.origin == str(tmp_path / "new" / "store")


def test_a_known_export_is_skipped_without_a_commit(tmp_path):
    write_readings(some_exports(), tmp_path)
    before = {name: commits(tmp_path, name) for name in ("incidents", "exports")}
    again = write_readings(some_exports(), tmp_path)
    assert {name: commits(tmp_path, name) for name in before} == before
    assert all(row["reason"].startswith("already in the store, read on 20") for row in again)
    assert again[0]["rows"] == {} and again[0]["records"] == 3


def test_a_skipped_file_says_what_would_have_been_read_otherwise(tmp_path):
    write_readings([reading("a", "2026-02-01")], tmp_path, now="2026-03-01")
    changed = reading("a", "2026-02-05", about={"timezone_assumed": "Asia/Tokyo"})
    (row,) = write_readings([changed], tmp_path)
    assert row["reason"] == (
        "already in the store, read on 2026-03-01 with observed_at 2026-02-01 00:00 UTC, timezone_assumed none; what a "
        "store has stays: to read it with observed_at 2026-02-05 00:00 UTC, timezone_assumed Asia/Tokyo, ingest into "
        "a new store"
    )
    twice = write_readings([reading("b", "2026-02-01"), reading("b", "2026-02-01")], tmp_path)
    assert [row["reason"] for row in twice] == [None, "same content as b.json"]


def test_rows_without_their_export_are_invisible(tmp_path, monkeypatch):
    write_readings(some_exports()[:1], tmp_path)
    before = shown_by(tmp_path)
    real = delta.append

    def killed_before_exports(store, name, rows):
        if name == "exports":
            raise KeyboardInterrupt
        real(store, name, rows)

    with monkeypatch.context() as patched:
        patched.setattr(delta, "append", killed_before_exports)
        with pytest.raises(KeyboardInterrupt):
            write_readings(some_exports(), tmp_path)
    assert delta.read(tmp_path, "incidents").num_rows == 3
    assert shown_by(tmp_path) == before
    write_readings(some_exports(), tmp_path)
    write_readings(some_exports(), tmp_path / "undisturbed")
    assert shown_by(tmp_path) == shown_by(tmp_path / "undisturbed")
    assert read_store(tmp_path)["incidents"].num_rows == 3


def test_the_earlier_of_two_writes_of_one_export_counts(tmp_path):
    delta.make(tmp_path)
    for export_kind, now in (("window", "2026-03-02"), ("events", "2026-03-01")):
        write = writing._Write()
        write.add(reading("a", "2026-02-01", kind=export_kind, incidents=[incident()]), moment(now))
        write.persist(tmp_path)
    assert DeltaTable(folder.place(tmp_path, "exports")).count() == 2
    everything = read_store(tmp_path)
    assert everything["incidents"].num_rows == 1
    assert everything["exports"]["export_kind"].to_pylist() == ["events"]


def test_many_small_files_make_few_commits(tmp_path, monkeypatch):
    readings = [reading(f"e{i}", "2026-02-01", incidents=[incident()]) for i in range(7)]
    write_readings(readings, tmp_path / "one")
    assert commits(tmp_path / "one") == 1
    monkeypatch.setattr(writing, "_FILES_PER_WRITE", 3)
    write_readings(readings, tmp_path / "three")
    assert commits(tmp_path / "three") == 3
    monkeypatch.setattr(writing, "_ROWS_PER_WRITE", 1)
    write_readings(readings, tmp_path / "seven")
    assert commits(tmp_path / "seven") == 7
    assert shown_by(tmp_path / "one") == shown_by(tmp_path / "three") == shown_by(tmp_path / "seven")


def test_an_old_report_can_be_made_again_as_it_was(tmp_path):
    closed = incident("resolved", restored_at="2026-01-03")
    write_readings([reading("a", "2026-02-01", incidents=[incident()])], tmp_path, now="2026-02-10")
    then = shown_by(tmp_path)
    write_readings([reading("b", "2026-03-01", incidents=[closed])], tmp_path, now="2026-03-10")
    assert shown_by(tmp_path) != then
    assert shown_by(tmp_path, known_at="2026-02-10") == then
    assert open_store(tmp_path, known_at="2026-02-20").as_of == moment("2026-02-01")
    early = open_store(tmp_path, known_at="2026-02-09 23:59")
    assert early.incidents.empty and early.exports.empty
    assert open_store(tmp_path, known_at="2026-02-10", timezone="Asia/Tokyo").exports.empty
    assert "as known at 2026-02-20 00:00 UTC" in repr(open_store(tmp_path, known_at="2026-02-20"))


def test_as_of_cuts_by_when_things_happened(tmp_path):
    write_readings([reading("a", "2026-02-01", incidents=[incident("resolved", restored_at="2026-01-03")])], tmp_path)
    assert open_store(tmp_path, as_of="2026-01-02").incidents["status"].tolist() == ["open"]
    assert open_store(tmp_path, as_of="2026-01-03").incidents["status"].tolist() == ["resolved"]


def test_an_empty_store_opens_with_empty_tables(tmp_path):
    assert write_readings([], tmp_path / "store") == []
    logs = open_store(tmp_path / "store")
    assert all(frame.empty for frame in logs.tables.values())
    assert logs.as_of is pd.NaT


def test_the_catalogue_lies_in_or_beside_the_store(tmp_path):
    write_readings(some_exports(), tmp_path / "store")
    (tmp_path / "services.yaml").write_text("services: {shop: {components: [web]}}\n")
    assert open_store(tmp_path / "store").incidents["service"].fillna("none").tolist() == ["none", "shop"]
    assert open_store(tmp_path / "store", catalog={}).incidents["service"].tolist() == ["cache", "web"]


def test_what_is_no_store_is_refused(tmp_path):
    with pytest.raises(StoreError, match=f"Expected a store at {tmp_path}, got none there: make one with continuity"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match="got none there"):
        compact(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"empty folder at .*, got a folder with notes\.txt in it"):
        write_readings(some_exports(), tmp_path)
    with pytest.raises(StoreError, match="got the file"):
        write_readings(some_exports(), tmp_path / "notes.txt")
    write_deltalake(str(tmp_path / "other" / "exports"), pa.table({"a": [1]}))
    with pytest.raises(StoreError, match="got Delta tables of something else"):
        read_exports(tmp_path / "other")


def test_a_store_of_a_newer_version_is_refused(tmp_path, monkeypatch):
    with monkeypatch.context() as later:
        later.setattr(delta, "VERSION", 2)
        later.setattr(folder, "VERSION", 2)
        write_readings(some_exports(), tmp_path / "version")
    for use in (open_store, compact, lambda store: write_readings(some_exports(), store)):
        with pytest.raises(StoreError, match=r"version 1 or older at .*, got version 2: upgrade"):
            use(tmp_path / "version")
    store = tmp_path / "column"
    write_readings(some_exports(), store)
    invented = pa.table({"export_id": ["z"], "write_id": ["z"], "invented": [1]})
    write_deltalake(str(store / "incidents"), invented, mode="append", schema_mode="merge")
    for use in (open_store, lambda store: write_readings([reading("n", "2026-02-09", incidents=[incident()])], store)):
        with pytest.raises(StoreError, match="got invented: it was written by a newer version"):
            use(store)


def test_a_store_of_an_older_version_with_fewer_columns_reads_and_grows(tmp_path, monkeypatch):
    with monkeypatch.context() as earlier:
        whole = tables.INCIDENTS
        fewer = [c for c in whole.columns if c.name not in ("scheduled_from_at", "url")]
        earlier.setitem(tables.TABLES, "incidents", tables.Table(whole.name, whole.one_row_is, whole.key, tuple(fewer)))
        old = table("incidents", [{"product": "pager", "format": "pager_list", "export_id": "a", "record_no": 1,
                                   "incident_id": "P1", "component": "web", "started_at": "2026-01-01"}])  # fmt: skip
        first = reading("a", "2026-02-01")
        write_readings([type(first)(**{**vars(first), "tables": {"incidents": old}})], tmp_path)
    assert open_store(tmp_path).incidents["url"].isna().tolist() == [True]
    assert "url" not in {f.name for f in DeltaTable(str(tmp_path / "incidents")).schema().fields}
    write_readings([reading("b", "2026-02-02", incidents=[{"incident_id": "P2", "url": "u"}])], tmp_path)
    assert open_store(tmp_path).incidents["url"].fillna("none").tolist() == ["none", "u"]


def test_a_store_made_before_a_table_was_there_opens_and_takes_its_rows(tmp_path, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.delitem(tables.TABLES, "estimates")
        write_readings(some_exports(), tmp_path)
    assert not (tmp_path / "estimates").exists()
    before = open_store(tmp_path)
    assert before.estimates.empty and "service" in before.estimates and len(before.incidents)
    row = {"estimate_id": "A1", "component": "web", "disruption": "zone", "rto_seconds": 60.0}
    write_readings([reading("n", "2026-02-09", estimates=[row])], tmp_path)
    assert open_store(tmp_path).estimates["rto_seconds"].tolist() == [60.0]
    assert compact(tmp_path)["exports"] == 2


def test_every_write_is_cast(tmp_path):
    first = reading("a", "2026-02-01")
    rows = pa.table({"product": ["pager"], "incident_id": ["P1"], "component": ["web"], "export_id": ["a"],
                     "severity": pa.array([2], pa.int8()), "impact": pa.array([0.5], pa.float32())})  # fmt: skip
    write_readings([type(first)(**{**vars(first), "tables": {"incidents": rows}})], tmp_path)
    stored = delta.read(tmp_path, "incidents")
    assert stored.schema == folder.stored_schema("incidents")
    assert (stored["severity"].to_pylist(), stored["impact"].to_pylist()) == ([2], [0.5])
    half = rows.set_column(rows.schema.get_field_index("severity"), "severity", pa.array([2.5]))
    with pytest.raises(pa.ArrowInvalid):
        write_readings([type(first)(**{**vars(reading("b", "2026-02-01")), "tables": {"incidents": half}})], tmp_path)


def test_compacting_changes_nothing_that_is_shown_by(tmp_path):
    for one in some_exports():
        write_readings([one], tmp_path)
    before = shown_by(tmp_path)
    assert compact(tmp_path)["exports"] == 5
    assert shown_by(tmp_path) == before
    write_readings([reading("z", "2026-02-09", incidents=[incident()])], tmp_path)
    assert len(shown_by(tmp_path)["exports"]) == 6


def test_files_are_ingested_once_and_a_dry_run_writes_nothing(tmp_path):
    logs, store = tmp_path / "logs", tmp_path / "store"
    logs.mkdir()
    (logs / "snapshots.json").write_bytes(ATLAS_SAMPLE.read_bytes())
    (logs / "note.txt").write_text("nothing to read here\n")
    dry = ingest([logs], store, dry_run=True)
    assert not store.exists()
    assert ingest(logs, None, dry_run=True) == dry
    account = ingest([logs], store, now="2026-03-01")
    assert account == dry
    note, snapshots = account
    assert (note["file"], note["format"], note["rows"]) == ("note.txt", None, {})
    assert note["reason"] and snapshots["reason"] is None
    assert snapshots["records"] == snapshots["used"] + snapshots["ignored"] + snapshots["rejected"] > 0
    assert snapshots["rows"]["backups"] == read_store(store)["backups"].num_rows
    again = ingest([str(logs)], store, as_of="2026-01-01", dry_run=True)[1]
    assert again["reason"].startswith("already in the store, read on 2026-03-01 with observed_at ")


def test_a_store_among_the_logs_is_not_read_as_logs(tmp_path):
    (tmp_path / "snapshots.json").write_bytes(ATLAS_SAMPLE.read_bytes())
    ingest(tmp_path, tmp_path / "store")
    assert [row["file"] for row in ingest(tmp_path, tmp_path / "store")] == ["snapshots.json"]


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.permutations(range(5)), st.lists(st.integers(0, 4), max_size=3), st.integers(1, 7))
def test_any_order_any_repetition_and_any_split_shows_the_same(tmp_path_factory, order, repeated, size):
    readings = some_exports()
    mixed = [readings[i] for i in [*order, *repeated]]
    store = tmp_path_factory.mktemp("store")
    for start in range(0, len(mixed), size):
        write_readings(mixed[start : start + size], store)
    assert shown_by(store) == reference(tmp_path_factory)


_REFERENCE = {}


def reference(tmp_path_factory):
    """What the undisturbed store shows."""
    if not _REFERENCE:
        store = tmp_path_factory.mktemp("undisturbed")
        write_readings(some_exports(), store)
        _REFERENCE.update(shown_by(store))
    return _REFERENCE


def test_what_clock_changes_did_outlives_the_store_and_older_stores_have_none(tmp_path):
    old = reading("a", "2026-01-01", incidents=[incident()])
    new = reading("b", "2026-01-02", about={"clock_oddities": '{"odd": 1}', "timezone_assumed": "Europe/Rome"})
    write_readings([old, new], tmp_path / "store")
    kept = {row["origin"]: row["clock_oddities"] for row in read_exports(tmp_path / "store").to_pylist()}
    assert kept == {"a.json": None, "b.json": '{"odd": 1}'}
