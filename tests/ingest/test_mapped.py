"""CSV, JSON and Parquet of the user's own: what must be said in `sources`, and what is said when it is not."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from continuity_analysis.catalog import read_catalog
from continuity_analysis.errors import CatalogError
from continuity_analysis.ingest.registry import formats
from tests.ingest.made_up import made, read_one

MAPPED = [formats()[name] for name in ("csv_mapped", "json_mapped", "parquet_mapped")]

COLUMNS = {"incident_id": "Number", "component": "CI", "started_at": "Opened"}
TEXT = "Number,CI,Opened,Sev\n1,a,2026-01-01T00:00:00Z,x\n"


def read(text: str, **source):
    entry = {"path": "*.csv", "table": "incidents", "columns": COLUMNS} | source
    return read_one(text.encode(), formats()["csv_mapped"], name="a.csv", catalog=read_catalog({"sources": [entry]}))


def test_a_header_that_is_not_there_is_named_with_those_that_are() -> None:
    reading = read(TEXT, columns=COLUMNS | {"severity": "Severity"})
    assert reading.reason == (
        "columns: severity: expected one of the file's headers (Number, CI, Opened, Sev); got 'Severity'"
    )


def test_a_key_column_must_be_mapped() -> None:
    reading = read(TEXT, columns={"incident_id": "Number", "started_at": "Opened"})
    assert reading.reason == "columns: a row of incidents needs component as well: name the header of each"


def test_without_a_source_nothing_can_be_read() -> None:
    reading = read_one(TEXT.encode(), formats()["csv_mapped"], name="a.csv", format="csv")
    assert reading.reason == "a mapping needs `table` and `columns` in `sources` of the catalogue"
    assert read_one(TEXT.encode(), formats()["csv_mapped"], name="a.csv").reason == "no format recognises it"


def test_naive_times_need_a_zone_only_where_there_are_any() -> None:
    assert read(TEXT).reason is None
    naive = TEXT.replace("T00:00:00Z", " 10:00")
    assert "have no offset from UTC" in read(naive).reason
    reading = read(naive, timezone="Europe/Rome")
    assert reading.tables["incidents"]["started_at"][0].as_py().hour == 9
    assert reading.export["timezone_assumed"] == "Europe/Rome"


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("1 - Critical", 1),
        ("P2", 2),
        ("SEV3", 3),
        ("sev-4", 4),
        ("5", 5),
        ("high", None),
        ("P12", None),
        ("0", None),
        ("?", None),
    ],
)
def test_severities(word: str, severity: int | None) -> None:
    (row,) = read(TEXT.replace("x", word), columns=COLUMNS | {"severity": "Sev"}).tables["incidents"].to_pylist()
    assert row["severity"] == severity
    assert row["severity_reported"] == (None if word == "?" else word)


@pytest.mark.parametrize("marker", ["?", "-", "N/A", "null", "0000-00-00", "", " none "])
def test_markers_of_what_is_missing(marker: str) -> None:
    (row,) = read(TEXT.replace("2026-01-01T00:00:00Z", marker)).tables["incidents"].to_pylist()
    assert row["started_at"] is None


@pytest.mark.parametrize(
    ("word", "status"),
    [("Closed", "resolved"), ("In Progress", "open"), ("CANCELED", "cancelled"), ("resolved", "resolved")],
)
def test_usual_words(word: str, status: str) -> None:
    (row,) = read(TEXT.replace("x", word), columns=COLUMNS | {"status": "Sev"}).tables["incidents"].to_pylist()
    assert row["status"] == status


def test_a_complete_file_is_a_listing() -> None:
    assert read(TEXT).export["export_kind"] == "window"
    assert read(TEXT, complete=True).export["export_kind"] == "listing"


@pytest.mark.parametrize(
    ("word", "cause"), [("Human error", "human_error"), ("load", "load"), ("the moon was full", None), ("?", None)]
)
def test_a_cause_in_free_words_is_kept_as_reported(word: str, cause: str | None) -> None:
    (row,) = read(TEXT.replace("x", word), columns=COLUMNS | {"cause": "Sev"}).tables["incidents"].to_pylist()
    assert row["cause"] == cause
    assert row["cause_reported"] == (None if word == "?" else word)


def test_a_header_that_stands_twice_must_be_numbered() -> None:
    text = "Number,CI,Opened,Ack,Ack\n1,a,2026-01-01T00:00:00Z,,2026-01-01T00:05:00Z\n"
    assert (
        "'Ack' stands 2 times in the file: say which, as 'Ack[1]' to 'Ack[2]'"
        in read(text, columns=COLUMNS | {"acknowledged_at": "Ack"}).reason
    )
    reading = read(text, columns=COLUMNS | {"acknowledged_at": "ack[2]"})
    assert reading.tables["incidents"]["acknowledged_at"][0].as_py().minute == 5


def test_one_component_for_the_whole_file_and_a_product_of_its_own() -> None:
    columns = {"incident_id": "Number", "started_at": "Opened"}
    reading = read(TEXT, columns=columns, component="shop", product="desk")
    (row,) = reading.tables["incidents"].to_pylist()
    assert (row["component"], row["product"], row["format"]) == ("shop", "desk", "csv_mapped")
    (row,) = read(TEXT.replace(",a,", ",?,"), component="shop").tables["incidents"].to_pylist()
    assert row["component"] == "shop"


def test_an_ambiguous_date_refuses_the_file() -> None:
    text = TEXT.replace("2026-01-01T00:00:00Z", "03/04/2026 10:00")
    assert "could be day-first or month-first" in read(text, timezone="UTC").reason
    reading = read(text, timezone="UTC", dayfirst=False)
    assert reading.tables["incidents"]["started_at"][0].as_py().month == 3


@pytest.mark.parametrize(
    ("unit", "cell", "seconds"),
    [
        ("ms", "1500", 1.5),
        ("s", "90.5", 90.5),
        ("h", "0.5", 1800),
        ("d", "2", 172800),
        ("h:mm", "0:05", 300),
        ("m:ss", "0:05", 5),
        ("s", "1:00:00.25", 3600.25),
        ("s", "1 day, 1 hour", 90000),
        ("s", "3 min 2 sec", 182),
        ("s", "5 minutes 30 seconds", 330),
        ("s", "1 day, 2 hours, 3 minutes, 4 seconds", 93784),
        ("s", "P2D", 172800),
        ("s", "PT1.5H", 5400),
        ("s", "0", 0),
        ("s", "m", None),
        ("s", "P", None),
        ("s", "2h 1d", None),
        ("s", "1h 1h", None),
        ("s", "500ms", None),
        ("s", "1e3", None),
        ("s", "99999999999999999999", None),
    ],
)
def test_durations(unit: str, cell: str, seconds: float | None) -> None:
    reading = read(TEXT.replace("x", f'"{cell}"'), duration={"column": "Sev", "unit": unit})
    if seconds is None:
        assert "Sev: expected a duration such as 1d 2h" in reading.rejects["reason"][0].as_py(), reading.tables
    else:
        (row,) = reading.tables["incidents"].to_pylist()
        assert (row["restored_at"] - row["started_at"]).total_seconds() == seconds


def test_a_duration_needs_an_end_to_give_and_a_mapping() -> None:
    source = {"path": "*", "duration": {"column": "x", "unit": "s"}}
    with pytest.raises(CatalogError, match="duration belongs to a mapping"):
        read_catalog({"sources": [source]})
    columns = {"recovery_id": "id", "kind": "kind"}
    with pytest.raises(CatalogError, match="expected a table that has an end"):
        read_catalog({"sources": [source | {"table": "recoveries", "columns": columns}]})


def read_json(text: str, **source):
    entry = {"path": "*", "table": "incidents", "columns": {"incident_id": "id", "component": "at", "started_at": "on"}}
    catalog = read_catalog({"sources": [entry | source]})
    return read_one(text.encode(), *MAPPED, name="a.json", catalog=catalog)


def test_records_in_an_array_that_was_not_named() -> None:
    text = '{"items": [{"id": 1, "at": "x", "on": "2026-01-01T00:00:00Z"}], "next": null}'
    assert read_json(text).reason == (
        "columns: none of id, at, on stands in the first record, which has items, next: if the records lie in 'items', "
        "add `records: items`"
    )
    assert read_json(text, records="items").used == 1


def test_the_container_decides_between_the_mapped_formats() -> None:
    row = '{"id": 1, "at": "x", "on": "2026-01-01T00:00:00Z"}\n'
    assert read_json(row).format == "json_mapped"
    assert read_json("id,at,on\n1,x,2026-01-01T00:00:00Z\n").format == "csv_mapped"
    assert read_json(row, format="csv").reason == "csv_mapped: expected CSV, got JSON"
    assert "got text lines" in read_json("no table at all\nnone\n").reason


DRAFT = "Ticket Number;Configuration item;Opened at;Resolved at;Priority\n1;a;x;y;z\n"


def test_what_looks_like_incidents_comes_with_a_draft() -> None:
    reading = read_one(DRAFT.encode(), *MAPPED, name="desk/a.csv")
    entry = reading.reason.partition("sources: ")[2]
    assert "no format recognises it: it is a CSV file with the columns Ticket Number, Config" in reading.reason
    (source,) = read_catalog({"sources": yaml.safe_load(entry)}).sources
    assert source.columns == {
        "incident_id": "Ticket Number",
        "component": "Configuration item",
        "started_at": "Opened at",
        "restored_at": "Resolved at",
        "severity": "Priority",
    }
    page = '{"data": [{"key": "a", "service": {"name": "x"}, "created_at": 1, "resolved_at": 2, "a: b": 3}], "n": 1}'
    (entry,) = yaml.safe_load(read_one(page.encode(), *MAPPED).reason.partition("sources: ")[2])
    assert (entry["records"], entry["columns"]["restored_at"]) == ("data", "resolved_at")
    assert read_one(b"a,b\n1,2\n", *MAPPED, name="a.csv").reason == "no format recognises it"


def parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def test_parquet_without_a_mapping_names_its_columns() -> None:
    content = parquet(pa.table({"no": [1], "opened": [{"at": 1, "by": "x"}]}))
    reason = read_one(content, *MAPPED, name="lake/a.parquet").reason
    assert "a Parquet file with the columns no, opened.at, opened.by; if it holds incidents, map them in" in reason
    assert (
        '{path: "lake/a.parquet", table: incidents, columns: {incident_id: "?", component: "?", started_at: ' in reason
    )


def test_parquet_that_is_damaged_or_forced_on_another_format() -> None:
    content = parquet(pa.table({"id": [1]}))
    assert "a Parquet file that is cut off, damaged or encrypted" in read_one(content[:-9], *MAPPED).reason
    told = {"format": "made_outages"}
    assert read_one(content, *MAPPED, made(), **told).reason == "made_outages: expected JSON, got Parquet"


def test_a_rejected_row_of_parquet_is_kept_as_json_with_all_its_columns() -> None:
    table = pa.table({"id": ["1", "2"], "at": ["x", None], "on": [None, None], "note": ["é", "why"], "n": [None, 2.0]})
    entry = {"path": "*", "table": "incidents", "columns": {"incident_id": "ID", "component": "at", "started_at": "on"}}
    reading = read_one(parquet(table), *MAPPED, catalog=read_catalog({"sources": [entry]}))
    assert (reading.records, reading.used) == (2, 1)
    assert reading.rejects["raw"].to_pylist() == ['{"id":"2","at":null,"on":null,"note":"why","n":2}']


def test_rows_of_parquet_keep_their_order_over_many_groups() -> None:
    count = 200_000
    table = pa.table(
        {"id": range(count), "at": pa.repeat("x", count), "on": pa.nulls(count, pa.timestamp("us", "UTC"))}
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer, row_group_size=10_000)
    entry = {"path": "*", "table": "incidents", "columns": {"incident_id": "id", "component": "at", "started_at": "on"}}
    rows = read_one(buffer.getvalue(), *MAPPED, catalog=read_catalog({"sources": [entry]})).tables["incidents"]
    assert rows.sort_by("record_no")["incident_id"].to_pylist() == [str(n) for n in range(count)]
