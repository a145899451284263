"""Rows held against the canonical tables: what is cast, what is rejected and for which reason."""

import json
from datetime import UTC, datetime

import pytest

from continuity_analysis.tables import EVIDENCE, TABLES
from tests.ingest.made_up import made, read_one, reasons

FIELDS = {"id": "id", "value": "value", "other": "other"}


def read(table: str, columns: dict[str, str], *values, **changes):
    """Read one record per value; `columns` are SQL on `value`, for the table's columns."""
    select = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    one = made(FIELDS=FIELDS, TABLES={table: f"SELECT record_no, {select} FROM records"}, **changes)
    records = [{"id": f"n{n}", "value": value} for n, value in enumerate(values)]
    return read_one(json.dumps(records).encode(), one)


def column(reading, table: str, name: str) -> list:
    return reading.tables[table].sort_by("record_no")[name].to_pylist()


INCIDENT = {"incident_id": "id", "component": "'c'"}


def incidents(name: str, *values, sql: str = "value"):
    reading = read("incidents", INCIDENT | {name: sql}, *values)
    found = column(reading, "incidents", name) if "incidents" in reading.tables else []
    return found, list(reasons(reading).values())


def test_texts_lose_blanks_around_them_and_empty_ones_are_null() -> None:
    assert incidents("title", " a ", "", "  ", None, 'it\'s "b"')[0] == ["a", None, None, None, 'it\'s "b"']


def test_words() -> None:
    found, why = incidents("status", "open", "foo", None, "")
    assert found == ["open", None, None]
    assert why == ["status: expected one of open, resolved, cancelled, scheduled; got 'foo'"]


def test_whole_numbers_and_their_limits() -> None:
    found, why = incidents("severity", "1", "5.0", 2, None, "", "0", "6", "1.5", "P1", "NaN", str(10**30))
    assert found == [1, 5, 2, None, None]
    assert why[:3] == [
        "severity: expected at least 1; got '0'",
        "severity: expected at most 5; got '6'",
        "severity: expected a whole number; got '1.5'",
    ]
    assert why[3:] == [f"severity: expected a whole number; got '{x}'" for x in ("P1", "NaN", 10**30)]


def test_big_whole_numbers_keep_every_digit() -> None:
    columns = {"backup_id": "id", "asset": "'a'", "location": "'l'", "size_bytes": "value"}
    reading = read("backups", columns, str(2**53 + 1), 2**62 + 1, "1e3")
    assert column(reading, "backups", "size_bytes") == [2**53 + 1, 2**62 + 1, 1000]


def test_numbers_and_flags() -> None:
    found, why = incidents("impact", "0.25", "1e-3", True, "-0.1", "inf", "half")
    assert found == [0.25, 0.001]
    assert len(why) == 4
    assert why[2:] == ["impact: expected a number; got 'inf'", "impact: expected a number; got 'half'"]
    found, why = incidents("planned", True, "false", "yes", "0", None, "maybe")
    assert found == [True, False, True, False, None]
    assert why == ["planned: expected true or false; got 'maybe'"]


MOMENTS = {
    "2026-01-31T12:00:00Z": "2026-01-31T12:00:00",
    "2026-01-31T12:00:00.123456789Z": "2026-01-31T12:00:00.123456",
    "2026-01-31t12:00:00z": "2026-01-31T12:00:00",
    "2026-01-31 12:00:00+00": "2026-01-31T12:00:00",
    "2026-01-31T12:00:00+0530": "2026-01-31T06:30:00",
    "2026-01-31T12:00-08:00": "2026-01-31T20:00:00",
    "2026-01-31 12:00:00.5 +0000 UTC": "2026-01-31T12:00:00.500000",
    "2026-01-31T12:00:00,25Z": "2026-01-31T12:00:00.250000",
    "0001-01-01T00:00:00Z": None,
    "": None,
}
NO_MOMENTS = ["2026-01-31T12:00:00", "2026-01-31", "2026-02-30T12:00:00Z", "1767225600", "soon", "-infinity"]


def test_moments_in_every_spelling() -> None:
    for sql in ("value", "moment(value)"):
        found, why = incidents("started_at", *MOMENTS, *NO_MOMENTS, sql=sql)
        assert [m and m.astimezone(UTC).replace(tzinfo=None).isoformat() for m in found] == list(MOMENTS.values())
        assert len(why) == len(NO_MOMENTS)
        assert all(reason.startswith("started_at: expected a moment with its offset from UTC") for reason in why)


def test_a_bad_value_is_not_lost_in_a_macro() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    seconds = int(at.timestamp())
    found, why = incidents(
        "started_at", str(seconds), f"{seconds}.25", seconds, None, "soon", 10**15, sql="epoch_s(value)"
    )
    assert found == [at, at.replace(microsecond=250_000), at, None]
    assert len(why) == 2
    found, why = incidents("started_at", f"{seconds:x}" + "a" * 16, None, "xyz", sql="object_id_at(value)")
    assert found == [at, None]
    assert len(why) == 1
    found, why = incidents("started_at", str(seconds), "soon", sql="epoch_s(value) + INTERVAL 1 HOUR")
    assert found == [at.replace(hour=1)]
    assert len(why) == 1


@pytest.mark.parametrize(("name", "table"), [(n, TABLES[n]) for n in EVIDENCE if n != "workloads"])
def test_no_key_column_may_be_null(name: str, table) -> None:
    texts = {"observer": "'probe'", "from_at": "'2026-01-01T00:00:00Z'", "minute_at": "'2026-01-01T00:00:00Z'"}
    texts["disruption"] = "'zone'"
    columns = {c: texts.get(c, "id") for c in table.key if c != "observed_at"}
    for key in columns:
        reading = read(name, columns | {key: "value"}, None)
        assert list(reasons(reading).values()) == [f"{key}: expected a value, got none"]
        assert reading.rejects["table"].to_pylist() == [name]


def test_a_record_with_one_bad_row_keeps_its_other_rows_and_is_rejected_once() -> None:
    select = "SELECT record_no, id AS incident_id, unnest(split(value, ',')) AS component, 'c' AS title FROM records"
    states = "SELECT record_no, 'page' AS observer, id AS component, other AS from_at, 'up' AS state FROM records"
    one = made(FIELDS=FIELDS, TABLES={"incidents": select, "states": states})
    content = [
        {"id": "1", "value": "a,,b,", "other": "soon"},
        {"id": "2", "value": "c", "other": "2026-01-01T00:00:00Z"},
    ]
    reading = read_one(json.dumps(content).encode(), one)
    assert sorted(column(reading, "incidents", "component")) == ["a", "b", "c"]
    assert (reading.records, reading.used, reading.rejected) == (2, 1, 1)
    assert [(r["record_no"], r["table"]) for r in reading.rejects.to_pylist()] == [(1, "incidents"), (1, "states")]


def test_rows_carry_where_they_came_from_in_the_canonical_schema() -> None:
    reading = read("incidents", INCIDENT | {"updated_at": "value"}, "2026-01-02T00:00:00Z")
    (row,) = reading.tables["incidents"].to_pylist()
    assert reading.tables["incidents"].schema == TABLES["incidents"].schema
    assert (row["product"], row["format"], row["record_no"]) == ("made", "made_outages", 1)
    assert row["export_id"] == reading.export["export_id"]
    assert row["observed_at"] == datetime(2026, 1, 2, tzinfo=UTC)
    assert reading.rejects.schema == TABLES["rejects"].schema
    assert list(reading.export) == [c.name for c in TABLES["exports"].columns]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"incident_id": "id", "sevrity": "1"}, "names 'sevrity', expected one of"),
        ({"incident_id": "id", "started_at": "TIMESTAMP '2026-01-01'"}, "gives started_at without a zone"),
        ({"incident_id": "id", "export_id": "1"}, "names 'export_id', expected one of"),
    ],
)
def test_a_format_that_breaks_the_tables_is_told(columns: dict[str, str], reason: str) -> None:
    assert reason in read("incidents", columns, "1").reason
