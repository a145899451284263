"""What a reading says about its file, and what the catalogue's sources change."""

import json
from datetime import UTC, datetime

import pytest

from continuity_analysis.catalog import read_catalog
from continuity_analysis.ingest.read import read_files
from tests.ingest.made_up import ids, made, read_made, read_one

MOMENTS = ("started_at", "restored_at", "updated_at", "scheduled_from_at", "scheduled_until_at")
FIELDS = {n: n for n in ("id", "status", "started_basis", *MOMENTS)}
SELECT = f"SELECT record_no, id AS incident_id, 'c' AS component, {', '.join(list(FIELDS)[1:])} FROM records"


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def text(number: int) -> str:
    return f"2026-01-{number:02d}T00:00:00Z"


def read(*records: dict, page: dict | None = None, as_of=None, **changes):
    one = made(**{"FIELDS": FIELDS, "TABLES": {"incidents": SELECT}} | changes)
    rows = [{"id": str(n)} | record for n, record in enumerate(records)]
    return read_one(json.dumps((page or {}) | {"outages": rows}).encode(), one, as_of=as_of).export


def test_observed_at_is_the_latest_moment_that_must_have_passed() -> None:
    export = read({"started_at": text(1), "restored_at": text(3)}, {"started_at": text(2)})
    assert (export["observed_at"], export["covers_from_at"], export["covers_until_at"]) == (day(3), day(1), day(3))


def test_plans_have_not_passed() -> None:
    planned = {"scheduled_from_at": text(20), "scheduled_until_at": text(21)}
    assert read({"started_at": text(1)} | planned)["observed_at"] == day(1)
    assert read({"started_at": text(20), "updated_at": text(2), "status": "scheduled"})["observed_at"] == day(2)
    assert read({"started_at": text(20), "updated_at": text(2), "started_basis": "schedule"})["observed_at"] == day(2)
    assert read({"started_at": text(20), "status": "scheduled"})["observed_at"] is None


def test_as_of_goes_before_the_files_own_stamp_and_that_before_its_rows() -> None:
    stamped = {"page": {"meta": {"at": text(9)}}, "OBSERVED": "meta.at"}
    assert read({"started_at": text(1)}, **stamped)["observed_at"] == day(9)
    assert read({"started_at": text(1)}, as_of="2026-01-30", **stamped)["observed_at"] == day(30)
    assert read({"started_at": text(1)}, OBSERVED="meta.at")["observed_at"] == day(1)
    epoch = {"page": {"meta": {"at": int(day(8).timestamp())}}, "OBSERVED": "meta.at"}
    assert read({"started_at": text(1)}, **epoch)["observed_at"] == day(8)
    assert read({"started_at": text(1)}, **epoch)["covers_from_at"] == day(1)
    garbage = {"page": {"meta": {"at": "recently"}}, "OBSERVED": "meta.at"}
    assert read({"started_at": text(1)}, **garbage)["observed_at"] == day(1)
    in_the_record = {"OBSERVED": "updated_at"}
    assert read({"started_at": text(1), "updated_at": text(7)}, **in_the_record)["observed_at"] == day(7)


def test_an_object_as_stamp_is_as_late_as_its_latest_moment_and_ignored_records_do_not_count() -> None:
    seen = {"heartbeat": text(6), "list": [{"at": text(7)}], "message": f'until "{text(20)}"', "day": "2026-01-25"}
    said = {"OBSERVED": "seen", "IGNORES": {"a plan": "id = '1'"}}
    records = [{"started_at": text(1), "seen": seen}, {"started_at": text(1), "seen": {"expires": text(21)}}]
    assert read(*records, **said)["observed_at"] == day(7)
    assert read({"started_at": text(1), "seen": {}}, **said)["observed_at"] == day(1)


@pytest.mark.parametrize("kind", ["open_only", "glance"])
def test_an_export_of_what_is_open_covers_nothing(kind: str) -> None:
    export = read({"started_at": text(1)}, EXPORT=kind)
    assert (export["observed_at"], export["covers_from_at"], export["covers_until_at"]) == (day(1), None, None)


@pytest.mark.parametrize(("kind", "begins"), [("listing", 2), ("events", 1), ("window", 1)])
def test_a_listing_covers_from_its_oldest_survivor(kind: str, begins: int) -> None:
    select = """SELECT record_no, id AS backup_id, 'a' AS asset, 'l' AS location, started_at,
                restored_at AS verified_at, '2027-01-01T00:00:00Z' AS expires_at FROM records"""
    records = [{"started_at": text(2), "restored_at": text(1)}, {"started_at": text(3), "restored_at": text(5)}]
    export = read(*records, TABLES={"backups": select}, EXPORT=kind)
    assert (export["covers_from_at"], export["observed_at"]) == (day(begins), day(5))


def test_a_restore_says_nothing_of_the_time_its_data_is_from() -> None:
    select = """SELECT record_no, id AS recovery_id, 'restore' AS kind, started_at, restored_at AS recovery_point_at
                FROM records"""
    export = read({"started_at": text(9), "restored_at": text(1)}, TABLES={"recoveries": select})
    assert export["covers_from_at"] == day(9)


def test_scope_of_the_page_or_of_the_catalogue() -> None:
    scoped = made(FIELDS={"id": "id", "site": "at.site", "begin": "begin", "name": "$page.page.name"}, SCOPE="name")
    content = b'{"page": {"name": "Acme"}, "outages": [{"id": "1", "at": {"site": "s"}}]}'
    export = read_one(content, scoped).export
    assert (export["scope"], export["complete"], export["origin"]) == ("Acme", None, "file.json")
    told = read_catalog({"sources": [{"path": "*.json", "scope": "told", "complete": True}]})
    export = read_one(content, scoped, catalog=told).export
    assert (export["scope"], export["complete"]) == ("told", True)


def test_sources_fit_by_relative_name_packed_or_not() -> None:
    import gzip

    content = b'{"outages": [{"id": "1", "at": {"site": "s"}}]}'
    entries = [{"path": "a/*.json", "scope": "in a"}, {"path": "*", "scope": "elsewhere"}]
    files = {"a/x.json.gz": gzip.compress(content), "a/b/x.json": content, "x.json": content}
    readings = read_made(files, catalog=read_catalog({"sources": entries}))
    assert [(r.file, r.export["scope"]) for r in readings] == [
        ("a/b/x.json", "in a"),
        ("a/x.json.gz", "in a"),
        ("x.json", "elsewhere"),
    ]


def test_the_asset_of_a_source_stands_for_every_row() -> None:
    select = "SELECT record_no, id AS backup_id, 'mongodb' AS asset, 'l' AS location FROM records"
    told = read_catalog({"sources": [{"path": "*", "asset": "orders"}]})
    one = made(TABLES={"backups": select})
    content = b'{"outages": [{"id": "1"}]}'
    assert read_one(content, one).tables["backups"]["asset"].to_pylist() == ["mongodb"]
    assert read_one(content, one, catalog=told).tables["backups"]["asset"].to_pylist() == ["orders"]


def test_a_source_may_fix_the_format() -> None:
    told = read_catalog({"sources": [{"path": "*", "format": "csv_mapped"}]})
    from continuity_analysis.ingest.registry import formats

    reading = read_one(b"a,b\n1,2\n", made(), formats()["csv_mapped"], catalog=told)
    assert reading.reason == "a mapping needs `table` and `columns` in `sources` of the catalogue"


def test_fields_of_page_file_array_and_record() -> None:
    fields = {"id": "id", "site": "$page.page.name", "file": "$file", "block": "$key", "raw": "$raw"}
    select = """SELECT record_no, id AS incident_id, site AS component, file AS title, block AS cause_reported,
                raw AS url, page->>'$.page.name' AS severity_reported FROM records"""
    one = made(KEY="data.*", FIELDS=fields, TABLES={"incidents": select}, recognises=lambda head: True)
    content = '{"page": {"name": "Acmé"}, "data": {"n": 1, "up": [], "a": [{"id": 1}], "b": [{ "id": 2 }]}}'
    rows = read_one(content.encode(), one, name="x/y.json").tables["incidents"].sort_by("record_no").to_pylist()
    names = ("incident_id", "component", "title", "cause_reported", "url", "severity_reported")
    assert [tuple(row[n] for n in names) for row in rows] == [
        ("1", "Acmé", "x/y.json", "a", '{"id": 1}', "Acmé"),
        ("2", "Acmé", "x/y.json", "b", '{ "id": 2 }', "Acmé"),
    ]


def test_paths_with_dots_indices_and_alternatives() -> None:
    fields = {"id": ("uid", "id"), "site": 'labels."acme.io/site"', "title": "ways[1].name"}
    select = "SELECT record_no, id AS incident_id, site AS component, title FROM records"
    one = made(FIELDS=fields, TABLES={"incidents": select})
    record = {"uid": None, "id": 7, "labels": {"acme.io/site": "s"}, "ways": [{}, {"name": "second"}]}
    (row,) = read_one(json.dumps([record]).encode(), one).tables["incidents"].to_pylist()
    assert (row["incident_id"], row["component"], row["title"]) == ("7", "s", "second")


def test_files_that_are_read_together_are_one_reading_per_folder() -> None:
    import hashlib

    contents = {n: json.dumps({"outages": [{"id": n, "at": {"site": "s"}}]}).encode() for n in "abc"}
    files = {
        "run1/a.json": contents["a"],
        "run1/b.json": contents["b"],
        "run2/c.json": contents["c"],
        "z.txt": b"prose",
    }
    readings = read_made(files, made(TOGETHER=True))
    assert [(r.file, r.records, r.format) for r in readings] == [
        ("z.txt", 0, None),
        ("run1/", 2, "made_outages"),
        ("run2/c.json", 1, "made_outages"),
    ]
    assert ids(readings[1]) == ["a", "b"]
    assert readings[2].export["export_id"] == hashlib.sha256(contents["c"]).hexdigest()
    digests = sorted(hashlib.sha256(contents[n]).hexdigest() for n in "ab")
    assert readings[1].export["export_id"] == hashlib.sha256("".join(digests).encode()).hexdigest()


def test_files_below_a_folder_that_holds_some_are_read_with_them() -> None:
    content = json.dumps({"outages": [{"id": "x", "at": {"site": "s"}}]}).encode()
    names = ["run1/nodes.json", "run1/pods/a.json", "run1/pods/deep/b.json", "run2/pods/a.json", "run20/nodes.json"]
    readings = read_made(dict.fromkeys(names, content), made(TOGETHER=True))
    assert [(r.file, r.records) for r in readings] == [("run1/", 3), ("run2/pods/a.json", 1), ("run20/nodes.json", 1)]


@pytest.mark.parametrize(
    ("ended", "n", "kind"), [(0, 3, "open_only"), (0, 2, "window"), (1, 3, "window"), (3, 3, "window")]
)
def test_a_window_in_which_nothing_ended_is_a_list_of_what_is_open(tmp_path, ended, n, kind):
    rows = [
        {"id": f"P{i}", "title": "t", "status": "resolved" if i < ended else "triggered", "urgency": "high",
         "created_at": "2026-07-01T10:00:00Z", "resolved_at": "2026-07-01T11:00:00Z" if i < ended else None,
         "incident_number": i, "service": {"summary": "shop"}, "type": "incident"}
        for i in range(n)
    ]  # fmt: skip
    (tmp_path / "incidents.json").write_text(json.dumps({"incidents": rows}))
    (reading,) = read_files([tmp_path / "incidents.json"])
    assert (reading.rejected, reading.export["export_kind"]) == (0, kind)
    assert (reading.export["covers_from_at"] is None) == (kind == "open_only")
