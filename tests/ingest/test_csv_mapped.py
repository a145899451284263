"""Any CSV through `columns` of the catalogue: what must be said, and what is said when it is not."""

import pytest

from continuity_analysis.catalog import read_catalog
from continuity_analysis.ingest.registry import formats
from tests.ingest.made_up import read_one

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
    assert reading.reason == "a mapped CSV needs `table` and `columns` in `sources` of the catalogue"
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
