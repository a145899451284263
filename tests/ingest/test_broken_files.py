"""Files that are cut off, damaged, empty or no text: what can be read is read, and one clear reason says the rest."""

import gzip
import json

import pytest

from continuity_analysis.ingest.read import read_files
from tests.ingest.made_up import ids, made, read_made, read_one, reasons


def record(number) -> str:
    return json.dumps({"id": str(number), "at": {"site": "s"}})


PAGE = '{"more": true, "outages": [' + ", ".join(map(record, (1, 2, 3)))
PRETTY = json.dumps([json.loads(record(n)) for n in (1, 2, 3)], indent=2)


@pytest.mark.parametrize(
    ("content", "kept", "number", "reason"),
    [
        (PAGE, ["1", "2", "3"], 4, "the JSON breaks at line 1"),
        (PAGE + "]", ["1", "2", "3"], 4, "the JSON breaks at line 1"),
        (PAGE[:-4], ["1", "2"], 3, "the JSON breaks at line 1"),
        (PRETTY[: PRETTY.index('"3"')], ["1", "2"], 3, "the JSON breaks at line 14"),
        (PRETTY.replace('"2"', '"2" oops'), ["1", "3"], 2, "it is not valid JSON"),
        (PAGE.replace('"2"', '"2" oops') + "]}", ["1", "3"], 2, "it is not valid JSON"),
        ("[" + record(1) + " " + record(2) + "]", ["1"], 2, "expected a comma or ']'"),
        (f"[{record(1)}, 17, {record(3)}]", ["1", "3"], 2, "expected an object, got a number"),
        (f"[{record(1)}, {'[' * 5000}]", ["1"], 2, "nested too deeply"),
        (f'[{record(1)}, {{"id": {"[" * 5000}{"]" * 5000}}}, {record(3)}]', ["1", "3"], 2, "component: expected"),
    ],
)
def test_what_decodes_is_kept(content: str, kept: list[str], number: int, reason: str) -> None:
    reading = read_one(content.encode())
    assert ids(reading) == kept
    found = reasons(reading)
    assert list(found) == [number]
    assert reason in found[number]
    assert reading.records == reading.used + 1


def test_the_reject_of_a_broken_document_shows_where_it_broke() -> None:
    reading = read_one((PAGE[:-4]).encode())
    (raw,) = reading.rejects["raw"].to_pylist()
    assert raw == record(3)[:-4]


def test_a_document_with_bytes_that_are_no_text() -> None:
    content = ("[" + ", ".join(map(record, (1, 2, 3))) + "]").encode().replace(b'"2"', b'"\xff"')
    reading = read_one(content)
    assert ids(reading) == ["1", "3"]
    assert reasons(reading) == {2: "it is not UTF-8"}


def test_nan_is_no_reason_to_lose_a_record() -> None:
    content = '[{"id": "1", "at": {"site": "s"}, "impact": NaN}]'
    assert ids(read_one(content.encode())) == ["1"]
    with_impact = made(
        FIELDS={"id": "id", "site": "at.site", "share": "impact"},
        TABLES={"incidents": "SELECT record_no, id AS incident_id, site AS component, share AS impact FROM records"},
    )
    assert reasons(read_one(content.encode(), with_impact)) == {1: "impact: expected a number; got 'NaN'"}


def test_a_page_that_is_cut_off_is_recognised(tmp_path) -> None:
    file = tmp_path / "incidents.json"
    incident = {"id": "Q", "incident_number": 1, "urgency": "high", "title": "x", "status": "resolved"}
    incident |= {"created_at": "2026-07-01T10:00:00Z", "service": {"summary": "web"}}
    page = {"incidents": [{**incident, "id": f"Q{n}"} for n in range(9)], "limit": 25, "more": False}
    file.write_text(json.dumps(page)[:-200])
    (reading,) = read_files(file)
    assert (reading.format, reading.used, reading.rejected) == ("pagerduty_incidents", 7, 1)


def test_a_packed_file_that_is_cut_off() -> None:
    content = "".join(record(n) + "\n" for n in range(2000)).encode()
    reading = read_one(gzip.compress(content)[:-200], name="a.ndjson.gz")
    assert ids(reading) == [str(n) for n in range(reading.used)]
    assert reading.used > 100
    *_, last = reasons(reading).values()
    assert last.startswith("the packed file is cut off or damaged")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.json", b"", "empty file"),
        ("blank.json", b" \r\n\t", "empty file"),
        ("empty.json.gz", gzip.compress(b"", mtime=0), "empty file"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file"),
        ("prose.txt", b"Nothing that any format knows.\n", "no format recognises it"),
        ("other.json", b'{"a": 1}', "no format recognises it"),
    ],
)
def test_files_that_are_skipped_say_why(name: str, content: bytes, reason: str) -> None:
    reading = read_one(content, name=name)
    assert reading.reason.startswith(reason)
    assert (reading.format, reading.export, reading.records, dict(reading.tables)) == (None, None, 0, {})


def test_a_page_without_records_is_read_and_is_empty() -> None:
    for content in (b'{"outages": []}', b'{"outages": null}', b'[{"outages": []}, {"outages": null}]'):
        reading = read_one(content)
        assert (reading.format, reading.records, dict(reading.rows), reading.reason) == ("made_outages", 0, {}, None)
        assert reading.export["observed_at"] is None


def test_a_record_longer_than_the_reader_takes_is_one_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("continuity_analysis.ingest.json_lines.LONGEST", 2_000_000)
    lines = [record(n) for n in range(5000)]
    lines[3000] = record("x" * 2_100_000)
    reading = read_one("\n".join(lines).encode())
    assert ids(reading) == ["x" * 2_100_000 if n == 3000 else str(n) for n in range(5000)]


def test_a_text_line_too_long_is_one_reject(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("continuity_analysis.ingest.lines.LONGEST", 2_000_000)
    fields = {"id": r"^(\d+) ", "site": r" (\w+)$", "begin": "(never)"}
    text = made(CONTAINER="lines", KEY=None, FIELDS=fields, recognises=lambda head: True)
    lines = [f"{n} shop".encode() for n in range(5000)]
    lines[1000], lines[3000], lines[3001] = b"1000 \xff", b"3000 " + b"x" * 2_100_000, b"  "
    reading = read_one(b"\n".join(lines), text, name="outages.log")
    assert ids(reading) == [str(n) for n in range(5000) if n not in (1000, 3000, 3001)]
    found = reasons(reading)
    assert found[1001] == "it is not UTF-8"
    assert found[3001].startswith("the line is too long: Maximum line size of 2000000 bytes exceeded")
    assert reading.rejects["raw"].to_pylist()[0].startswith("1000 ")


def test_long_lines_are_pages_and_survive_bad_neighbours() -> None:
    records = [[record(f"{n}.{k}") for k in range(500)] for n in range(3)]
    pages = ['{"outages": [' + ", ".join(some) + "]}" for some in records]
    reading = read_one(
        "\n".join([pages[0], "broken" * 9999, pages[1][: -len(record("1.499")) - 2], "", pages[2]]).encode()
    )
    assert ids(reading) == [f"{n}.{k}" for n in range(3) for k in range(500) if (n, k) != (1, 499)]
    first, second = reading.rejects["raw"].to_pylist()
    assert first.startswith("broken")
    assert second.endswith(record("1.498") + ", ")
    first, second = reasons(reading).values()
    assert first == "it is not valid JSON"
    assert second.startswith("it is not valid JSON: line 1, character ")


def test_long_lines_after_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    def full(*_):
        raise duckdb.OutOfMemoryException("full")

    monkeypatch.setattr("continuity_analysis.ingest.lines.stream", full)
    reading = read_one(f"{record(1)}\nbroken\n{record(3)}".encode())
    assert ids(reading) == ["1", "3"]
    assert reasons(reading) == {2: "it is not valid JSON"}


def test_raw_text_is_cut_where_it_is_very_long() -> None:
    long = '{"id": "1", "note": "' + "x" * 100_000 + '"}'
    (raw,) = read_one(f"[{long}]".encode()).rejects["raw"].to_pylist()
    assert len(raw) < 66_000
    assert raw.endswith(f"… ({len(long)} characters)")


def test_ignored_records_are_counted_by_reason() -> None:
    ignoring = made(IGNORES={"a drill": "id = '2'", "never": "false"}, REJECTS={"no such id": "id = '3'"})
    reading = read_one((PAGE + "]}").encode(), ignoring)
    assert (reading.records, reading.used, reading.ignored, reading.rejected) == (3, 1, 1, 1)
    assert dict(reading.ignored_reasons) == {"a drill": 1}
    assert reasons(reading) == {3: "no such id"}
    assert json.loads(reading.export["ignored_reasons"]) == {"a drill": 1}


def test_sql_that_does_not_run_skips_the_file_and_says_so() -> None:
    for changes in ({"TABLES": {"incidents": "SELECT nonsense FROM records"}}, {"IGNORES": {"never": "nonsense"}}):
        reading = read_one((PAGE + "]}").encode(), made(**changes))
        assert reading.reason.startswith("made_outages: ")
        assert "nonsense" in reading.reason
        assert reading.export is None


def test_a_format_that_trips_over_a_file_does_not_stop_the_others() -> None:
    def trips(head) -> bool:
        raise RuntimeError("oh")

    (reading,) = read_made({"a.json": (PAGE + "]}").encode()}, made(), made("other_one", recognises=trips))
    assert reading.format == "made_outages"
    reading = read_one(b"{}", made("other_one", recognises=trips))
    assert "other_one could not look at it (RuntimeError: oh)" in reading.reason
