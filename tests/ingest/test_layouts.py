"""The same records written in every layout a tool or a user may choose give the same rows."""

import gzip
import json

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.made_up import ids, made, read_one, reasons

MODEST = settings(max_examples=20, deadline=None, derandomize=True)
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
RECORD = st.fixed_dictionaries(
    {
        "id": st.one_of(st.none(), TEXT, st.integers(-(10**20), 10**20)),
        "at": st.one_of(st.none(), st.fixed_dictionaries({"site": TEXT})),
        "begin": st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T02:30:00.123456789+02:30", "soon", None]),
    },
    optional={"note": st.recursive(TEXT | st.booleans(), lambda inner: st.lists(inner, max_size=3), max_leaves=4)},
)
RECORDS = st.lists(RECORD, min_size=2, max_size=6)
PRETTY = {"indent": 2, "ensure_ascii": False}


def pages(records: list[dict]) -> list[dict]:
    """Records on two pages, with more around them before and after."""
    half = len(records) // 2
    return [{"more": True, "outages": part, "limit": [1]} for part in (records[:half], records[half:])]


def lines(values: list) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


LAYOUTS = {
    "list": lambda r: json.dumps(r).encode(),
    "pretty list": lambda r: json.dumps(r, **PRETTY).encode(),
    "page": lambda r: json.dumps(pages(r)[0] | {"outages": r}, **PRETTY).encode(),
    "pages": lambda r: json.dumps(pages(r)).encode(),
    "list of lists": lambda r: json.dumps([[one] for one in r]).encode(),
    "pages one after the other": lambda r: "".join(json.dumps(p, **PRETTY) for p in pages(r)).encode(),
    "records one after the other": lambda r: " ".join(json.dumps(one, indent=1) for one in r).encode(),
    "lines": lambda r: lines(r).encode(),
    "lines with blank ones, Windows ends and none at the end": lambda r: "\r\n\r\n".join(
        json.dumps(one, ensure_ascii=False) for one in r
    ).encode(),
    "pages by line": lambda r: lines(pages(r)).encode(),
    "lists by line": lambda r: lines([r[:1], r[1:]]).encode(),
    "records and a page by line": lambda r: lines([r[0], {"outages": r[1:]}]).encode(),
    "byte order mark": lambda r: b"\xef\xbb\xbf" + lines(r).encode(),
    "UTF-16": lambda r: json.dumps(r, **PRETTY).encode("utf-16"),
    "UTF-16 lines": lambda r: lines(r).encode("utf-16"),
}


def rows_of(reading) -> list[dict]:
    """Rows without what differs between files."""
    table = reading.tables.get("incidents")
    rows = [] if table is None else table.drop_columns(["export_id", "observed_at"]).to_pylist()
    return sorted(rows, key=lambda row: row["record_no"])


@MODEST
@given(RECORDS, st.sampled_from(sorted(LAYOUTS)))
def test_every_layout_gives_the_same_rows(records: list[dict], layout: str) -> None:
    plain = read_one(LAYOUTS["list"](records))
    other = read_one(LAYOUTS[layout](records))
    assert other.format == "made_outages", other.reason
    assert rows_of(other) == rows_of(plain)
    assert reasons(other) == reasons(plain)
    assert other.records == len(records) == other.used + other.ignored + other.rejected


PACKINGS = {
    "gz": ("a.json.gz", gzip.compress),
    "two gz, one after the other": ("a.gz", lambda c: gzip.compress(c[:50]) + gzip.compress(c[50:])),
    "zst": ("a.json.zst", lambda c: pa.compress(c, codec="zstd", asbytes=True)),
    "named so, but not packed": ("a.json.gz", lambda c: c),
}


@MODEST
@given(RECORDS, st.sampled_from(["list", "lines", "pages"]), st.sampled_from(sorted(PACKINGS)))
def test_packed_files_give_the_same_rows(records: list[dict], layout: str, packing: str) -> None:
    content = LAYOUTS[layout](records)
    name, pack = PACKINGS[packing]
    plain, packed = read_one(content), read_one(pack(content), name=name)
    assert (rows_of(packed), reasons(packed)) == (rows_of(plain), reasons(plain))


BROKEN = st.sampled_from(
    [
        b'{"id": "cut o',
        b'{"id": "bad \xff byte"}',
        b"not JSON at all",
        b'"a text"',
        b"17",
        b'{"id": 1, "id": 2}',
        b'{"outages": [{"id": ',
        b"}",
    ]
)


@MODEST
@given(RECORDS, st.lists(st.tuples(st.integers(0, 6), BROKEN), min_size=1, max_size=3))
def test_broken_lines_lose_no_other(records: list[dict], broken: list[tuple[int, bytes]]) -> None:
    valid = [one | {"id": f"id {n}", "at": {"site": "s"}, "begin": None} for n, one in enumerate(records)]
    good = [json.dumps(one).encode() for one in valid]
    content = list(good)
    for place, line in broken:
        content.insert(min(place, len(content)), line)
    reading = read_one(b"\n".join(content), name="a.ndjson", format="made_outages")
    assert [i for i in ids(reading) if i.startswith("id ")] == [f"id {n}" for n in range(len(good))]
    assert reading.records == reading.used + reading.rejected
    assert reading.rejected == len(broken)


def test_number_and_text_of_broken_lines() -> None:
    content = b'{"id": "1", "at": {"site": "s"}}\nbroken\n{"id": "\xff"}\n\n{"id": "5", "at": {"site": "s"}}\n'
    reading = read_one(content)
    assert reasons(reading) == {2: "it is not valid JSON", 3: "it is not UTF-8"}
    assert [row["raw"] for row in reading.rejects.to_pylist()] == ["broken", '{"id": "?"}']
    assert ids(reading) == ["1", "5"]


def test_text_lines_survive_bad_neighbours() -> None:
    fields = {"id": r"outage (\w+)", "begin": r"since (\S+)", "site": r"at (\w+)"}
    logs = made(CONTAINER="lines", KEY=None, FIELDS=fields, recognises=lambda head: True)
    content = b"outage 1 at a since 2026-01-01T00:00:00Z\nhello\n\xff\noutage 2 at b since now\noutage 3 at c"
    reading = read_one(content, logs, name="a.log")
    assert ids(reading) == ["1", "3"]
    found = reasons(reading)
    assert found[2] == "none of the fields of the format stands in it"
    assert found[3] == "it is not UTF-8"
    assert found[4].startswith("started_at: expected a moment")
    assert reading.rejects["raw"][0].as_py() == "hello"


def test_a_text_line_among_json_lines_is_one_record_whatever_it_begins_with() -> None:
    odd = [b"2018-05-06T10:00:00.000+0200 I REPL [x] transition", b"17", b'"a" "b"', b"null", b"true, or not"]
    good = [json.dumps({"id": str(n), "at": {"site": "s"}}).encode() for n in range(1, 11)]
    reading = read_one(b"\n".join([good[0], *odd, *good[1:8], good[8] + b" " + good[9]]), name="a.ndjson")
    assert ids(reading) == [str(n) for n in range(1, 11)]
    assert list(reasons(reading)) == [2, 3, 4, 5, 6]
