"""Containers into records: JSON, CSV, Parquet and text lines become the DuckDB table `found`, one row per record.

`found` has `record_no` (from 1, over all files of a reading), `_reason` (why a record cannot be used; null where it
can), `_page`, `_observed` (the file's own stamp) and one text column per field. `taken` holds the text of records that
were taken apart in Python (JSON documents, CSV rows, pages in JSON lines); all other lines are never held, they stream
through `lines`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import duckdb
import pyarrow as pa

from continuity_analysis.ingest import extraction, json_lines, lines, parquet_rows
from continuity_analysis.ingest.csv_rows import read_rows
from continuity_analysis.ingest.json_values import Found, find_records
from continuity_analysis.ingest.moments import single
from continuity_analysis.ingest.registry import Format
from continuity_analysis.ingest.sources import Part

LONGEST_RAW = 1 << 16
MANY = 10_000
_SHORT_RAW = 1 << 10
_BATCH = 20_000
LONG_LINES = 1 << 14
_LAST = 1 << 60
_NUMBERS = dict.fromkeys(("_file", "_line", "_sub"), pa.int64())
_TAKEN = pa.schema(
    _NUMBERS
    | {"value": pa.large_string(), "raw": pa.large_string()}
    | {"_page": pa.int64(), "_array": pa.string(), "_reason": pa.string()}
)
_START = """
CREATE TABLE taken (_file BIGINT, _line BIGINT, _sub BIGINT, value VARCHAR, raw VARCHAR, _page BIGINT,
                    _array VARCHAR, _reason VARCHAR);
CREATE TABLE pages (_page BIGINT, page VARCHAR);
"""
_NUMBERED = """
SELECT count(*) = max(_line) AND NOT EXISTS (FROM taken WHERE _sub > 0)
FROM (SELECT _line FROM lines_0 UNION ALL SELECT _line FROM taken)
"""


def load(con: duckdb.DuckDBPyConnection, made: Format, parts: list[Part]) -> None:
    """Fill `found` with the records of all `parts`, in the order of files and lines."""
    con.execute(_START)
    for number, part in enumerate(parts):
        if part.file.trouble:
            _add(con, [(number, _LAST, 0, "", "", None, None, part.file.trouble)])
    loaded = [_LOADERS[made.container](con, made, part, number) for number, part in enumerate(parts)]
    if len(parts) == 1 and loaded[0].streamed and single(con, _NUMBERED):
        con.execute(f"CREATE TABLE apart AS {loaded[0].taken}")
        kind = "TABLE" if made.naive else "VIEW"  # naive times are changed in place
        con.execute(f"""
            CREATE {kind} found AS FROM lines_0 UNION ALL BY NAME SELECT *, _line AS record_no FROM apart""")
        return
    selects = [f"SELECT * FROM lines_{n}" for n, one in enumerate(loaded) if one.streamed]
    union = " UNION ALL BY NAME ".join([*selects, *(one.taken for one in loaded)])
    con.execute(f"""
        CREATE TABLE found AS
        SELECT * REPLACE (row_number() OVER (ORDER BY _file, _line, _sub) AS record_no)
        FROM (SELECT NULL::BIGINT AS record_no WHERE false UNION ALL BY NAME {union})""")


@dataclass(frozen=True)
class _Loaded:
    """SQL of the records of one file that were taken apart, and whether others streamed into `lines_<number>`."""

    taken: str
    streamed: bool = False


def _taken(made: Format, fields: extraction.Extraction, number: int) -> str:
    source = f"SELECT t.*, page FROM taken t LEFT JOIN pages USING (_page) WHERE _file = {number}"
    reason = f"coalesce(_reason, {extraction.JSON_REASON})" if made.container == "json" else "_reason"
    return extraction.one_pass(fields, number, source=source, reason=reason)


def _load_json(con, made: Format, part: Part, number: int) -> _Loaded:
    taken = _taken(made, extraction.of_json(made, part.head.name), number)
    if not part.head.by_line:
        text = part.file.path.read_bytes().decode("utf-8", errors="surrogateescape")
        _take(con, [(1, find_records(text, made.keys))], number, trouble="the JSON breaks at ")
        return _Loaded(taken)
    streamed = _stream_json(con, made, part, number)
    for batch in json_lines.odd_lines(con, part, number) if streamed else json_lines.batches(part):
        found = [(line, _found_in(text, made.keys)) for line, text in batch]
        _take(con, found, number, trouble="it is not valid JSON: ")
    return _Loaded(taken, streamed)


def _found_in(line: str, keys: tuple[str, ...]) -> Found:
    """The records of one line; one that begins like no object and no list is one record, whatever it is."""
    if line.lstrip(" \t\x1e")[:1] in ("{", "["):
        return find_records(line, keys)
    return Found([line], [-1], [None])


def _stream_json(con, made: Format, part: Part, number: int) -> bool:
    """Whether the lines could be streamed; not if they are so long that they must be taken apart one by one."""
    if part.head.line_length > LONG_LINES or not json_lines.can_stream(made):
        return False
    try:
        json_lines.stream(con, made, part, number)
    except (duckdb.OutOfMemoryException, duckdb.InvalidInputException):  # lines that are long, later on
        return False
    return True


def _load_lines(con, made: Format, part: Part, number: int) -> _Loaded:
    refused = lines.stream(con, made, part, number)
    rows = [(number, r.after, sub, "", r.raw, None, None, r.reason) for sub, r in enumerate(refused, start=1)]
    _add(con, rows)
    return _Loaded(_taken(made, extraction.of_lines(made, part.head.name), number), streamed=True)


def _load_csv(con, made: Format, part: Part, number: int) -> _Loaded:
    header, rows = read_rows(part.file.path, part.head.delimiter)
    while batch := list(islice(rows, _BATCH)):
        texts = [json.dumps(row.cells, ensure_ascii=False) for row in batch]
        _add(con, [(number, r.line, 0, t, r.raw, None, None, r.reason) for r, t in zip(batch, texts, strict=True)])
    return _Loaded(_taken(made, extraction.of_csv(made, part.head.name, header), number))


def _load_parquet(con, made: Format, part: Part, number: int) -> _Loaded:
    parquet_rows.stream(con, made, part, number)
    return _Loaded(_taken(made, extraction.of_json(made, part.head.name), number), streamed=True)


_LOADERS = {"json": _load_json, "lines": _load_lines, "csv": _load_csv, "parquet": _load_parquet}


def _add(con, rows: list[tuple]) -> None:
    if rows:
        con.register("batch", pa.table([list(c) for c in zip(*rows, strict=True)], schema=_TAKEN))
        con.execute("INSERT INTO taken SELECT * FROM batch")
        con.unregister("batch")


def _take(con, documents: list[tuple[int, Found]], number: int, *, trouble: str) -> None:
    """Store what was found in documents, or in lines with a page each; `trouble` begins the reason of a broken one."""
    first = single(con, "SELECT count(*) FROM pages")
    rows = _rows_of(documents, number, first, trouble=trouble)
    while batch := list(islice(rows, _BATCH)):
        _add(con, batch)
    pages = [_replaced(page) for _, found in documents for page in found.pages]
    con.register("kept", pa.table({"_page": range(first, first + len(pages)), "page": pa.array(pages, pa.string())}))
    con.execute("INSERT INTO pages SELECT * FROM kept")
    con.unregister("kept")


def _rows_of(documents: list[tuple[int, Found]], number: int, first: int, *, trouble: str) -> Iterator[tuple]:
    for line, found in documents:
        for sub, (value, page, array) in enumerate(zip(found.values, found.page_of, found.array_of, strict=True)):
            clean = value if value.isascii() else _replaced(value)
            reason = None if clean == value else "it is not UTF-8"
            yield number, line, sub, clean, None, None if page < 0 else first + page, array, reason
        if found.trouble:
            what, raw = found.trouble
            yield number, line, len(found.values), "", _replaced(raw), None, None, trouble + what
        first += len(found.pages)


def _replaced(text: str) -> str:
    """Text with what is no UTF-8 replaced."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def with_raw_text(con: duckdb.DuckDBPyConnection, made: Format, parts: list[Part]) -> pa.Table:
    """The rows of `rejected` with the text of each record as it stood in its file, as column `raw`.

    Lines are read again for it. Texts are cut at 64 KB, at 1 KB where there are more than 10,000 of them.
    """
    count = single(con, "SELECT count(*) FROM rejected")
    if not count:
        return con.sql("SELECT *, '' AS raw FROM rejected").to_arrow_table()
    longest = _SHORT_RAW if count > MANY else LONGEST_RAW
    con.execute("""
        CREATE TABLE places AS SELECT DISTINCT record_no, _file, _line, _sub FROM rejected JOIN found USING (record_no);
        CREATE TABLE raws AS SELECT record_no, coalesce(raw, value) AS raw
        FROM places JOIN taken USING (_file, _line, _sub);
        DELETE FROM places WHERE record_no IN (SELECT record_no FROM raws)""")
    for number, part in enumerate(parts):
        for texts in _texts(con, made, part, number):
            con.register("texts", texts)
            con.execute(
                f"INSERT INTO raws SELECT record_no, text FROM places JOIN texts USING (_line) WHERE _file = {number}"
            )
            con.unregister("texts")
    cut = f"left(raw, {longest}) || '… (' || length(raw) || ' characters)'"
    shown = f"CASE WHEN length(raw) > {longest} THEN {cut} ELSE raw END AS raw"
    query = f"SELECT r.*, {shown} FROM rejected r LEFT JOIN raws USING (record_no) ORDER BY ALL"
    return con.sql(query).to_arrow_table()


def _texts(con, made: Format, part: Part, number: int) -> Iterator[pa.Table]:
    """The texts of the lines that `places` still names of one file, as tables of _line and text."""
    wanted = con.execute(f"SELECT _line FROM places WHERE _file = {number}").fetchnumpy()["_line"].tolist()
    if wanted and made.container in ("lines", "parquet"):
        is_parquet = made.container == "parquet"
        text = parquet_rows.rows_of(con, part.file) if is_parquet else lines.lines_of(part.file, note_rejects=False)
        yield con.sql(f"SELECT _line, value AS text FROM ({text}) SEMI JOIN places USING (_line)").to_arrow_table()
    elif wanted:
        for batch in json_lines.batches(part, set(wanted)):
            yield pa.table({"_line": [n for n, _ in batch], "text": [_replaced(t) for _, t in batch]})
