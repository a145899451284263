"""Containers into records: JSON, CSV and text lines become the DuckDB table `found`, one row per record.

`found` has `record_no` (from 1, over all files of a reading), `_reason` (why a record cannot be used; null where it
can), `_page`, `_observed` (the file's own stamp) and one text column per field. `taken` holds the text of records that
were taken apart in Python (JSON documents, CSV rows, pages in JSON lines); all other lines are never held, they stream
through `lines`.
"""

import json
from collections.abc import Iterator
from itertools import islice

import duckdb
import pyarrow as pa

from continuity_analysis.ingest import extraction, lines
from continuity_analysis.ingest.csv_rows import read_rows
from continuity_analysis.ingest.json_values import Found, find_records
from continuity_analysis.ingest.moments import named, single
from continuity_analysis.ingest.registry import Format
from continuity_analysis.ingest.sources import Part

LONGEST_RAW = 1 << 16
MANY = 10_000
_SHORT_RAW = 1 << 10
_BATCH = 20_000
_FEW = 10
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


def load(con: duckdb.DuckDBPyConnection, made: Format, parts: list[Part]) -> None:
    """Fill the table `found` with the records of all `parts`, in the order of files and lines."""
    con.execute(_START)
    for number, part in enumerate(parts):
        if part.file.trouble:
            _add(con, [(number, _LAST, 0, "", "", None, None, part.file.trouble)])
    selects = [_LOADERS[made.container](con, made, part, number) for number, part in enumerate(parts)]
    streamed = not single(con, "SELECT count(*) FROM taken") and len(parts) == 1
    order = "" if streamed else "ORDER BY _file, _line, _sub"
    union = " UNION ALL ".join(selects)
    con.execute(f"CREATE TABLE found AS SELECT row_number() OVER ({order}) AS record_no, * FROM ({union})")


def _select_taken(made: Format, fields: extraction.Extraction, number: int) -> str:
    is_json = made.container == "json"
    keys = extraction.JSON_KEYS if is_json else "NULL"
    source = f"SELECT t.*, page, {keys} AS _keys FROM taken t LEFT JOIN pages USING (_page) WHERE _file = {number}"
    reason = f"coalesce(_reason, {extraction.JSON_REASON})" if is_json else "_reason"
    return extraction.one_pass(fields, number, source=source, reason=reason, at="NULL::BIGINT")


def _load_json(con, made: Format, part: Part, number: int) -> str:
    taken = _select_taken(made, extraction.of_json(made, part.head.name), number)
    if not part.head.by_line:
        text = part.file.path.read_bytes().decode("utf-8", errors="surrogateescape")
        _take(con, [(1, find_records(text, made.keys))], number, trouble="the JSON breaks at ")
        return taken
    if part.head.line_length <= LONG_LINES:
        try:
            streamed, refused = lines.stream(con, made, part, number)
        except duckdb.OutOfMemoryException:  # lines that are long, later on
            return _load_long_lines(con, made, part, number)
        for batch in lines.odd_lines(con, part, number):
            _take_lines(con, made, batch, number)
        return _beside(con, streamed, taken, refused=refused, number=number)
    return _load_long_lines(con, made, part, number)


def _load_long_lines(con, made: Format, part: Part, number: int) -> str:
    """Lines so long that DuckDB, which reads 2,048 at once, would run out of memory: pages, taken apart one by one."""
    with part.file.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as stream:
        rows = ((line, text.rstrip("\r\n")) for line, text in enumerate(stream, start=1) if not text.isspace())
        while batch := list(islice(rows, _FEW)):
            _take_lines(con, made, batch, number)
    return _select_taken(made, extraction.of_json(made, part.head.name), number)


def _take_lines(con, made: Format, batch: list[tuple[int, str]], number: int) -> None:
    found = [(line, find_records(text, made.keys)) for line, text in batch]
    _take(con, found, number, trouble="it is not valid JSON: ")


def _load_lines(con, made: Format, part: Part, number: int) -> str:
    streamed, refused = lines.stream(con, made, part, number)
    taken = _select_taken(made, extraction.of_lines(made, part.head.name), number)
    return _beside(con, streamed, taken, refused=refused, number=number)


def _beside(con, streamed: str, taken: str, *, refused: list[lines.Refused], number: int) -> str:
    """Lines that streamed, beside those of the same file that had to be taken apart or were refused."""
    lines.move_past(con, refused, number)
    _add(con, [(number, r.line, 0, "", r.raw, None, None, r.reason) for r in refused])
    return f"{streamed} UNION ALL {taken}" if single(con, "SELECT count(*) FROM taken") else streamed


def _load_csv(con, made: Format, part: Part, number: int) -> str:
    header, rows = read_rows(part.file.path, part.head.delimiter)
    while batch := list(islice(rows, _BATCH)):
        texts = [json.dumps(row.cells, ensure_ascii=False) for row in batch]
        _add(con, [(number, r.line, 0, t, r.raw, None, None, r.reason) for r, t in zip(batch, texts, strict=True)])
    return _select_taken(made, extraction.of_csv(made, part.head.name, header), number)


_LOADERS = {"json": _load_json, "lines": _load_lines, "csv": _load_csv}


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


def with_raw_text(con: duckdb.DuckDBPyConnection, parts: list[Part], table: str) -> pa.Table:
    """The rows of `table` with the text of each record as it stood in its file, as column `raw`.

    Lines are read again for it. Texts are cut at 64 KB, at 1 KB where there are more than 10,000 of them.
    """
    count = single(con, f"SELECT count(*) FROM {table}")
    if not count:
        return con.sql(f"SELECT *, '' AS raw FROM {named(table)}").to_arrow_table()
    longest = _SHORT_RAW if count > MANY else LONGEST_RAW
    con.execute(f"""
        CREATE TABLE raws AS SELECT DISTINCT record_no, coalesce(taken.raw, taken.value) AS raw
        FROM {table} JOIN found USING (record_no) JOIN taken USING (_file, _line, _sub) WHERE _at IS NULL""")
    for number, part in enumerate(parts):
        places = f"SELECT DISTINCT record_no, _at FROM {table} JOIN found USING (record_no) WHERE _file = {number}"
        if single(con, f"SELECT count(_at) FROM ({places})"):
            text = lines.lines_of(part.file, note_rejects=False)
            con.execute(f"INSERT INTO raws SELECT record_no, t.value FROM ({places}) JOIN ({text}) t ON _at = _line")
    cut = f"left(raw, {longest}) || '… (' || length(raw) || ' characters)'"
    shown = f"CASE WHEN length(raw) > {longest} THEN {cut} ELSE raw END AS raw"
    query = f"SELECT r.*, {shown} FROM {named(table)} r LEFT JOIN raws USING (record_no) ORDER BY ALL"
    return con.sql(query).to_arrow_table()
