"""Containers into records: JSON, CSV and text lines become the DuckDB table `found`, one row per record.

`found` has `record_no` (from 1, over all files of a reading), `_reason` (why a record cannot be used; null where it
can), `_page`, `_observed` (the file's own stamp) and one text column per field. `taken` holds the text of records that
were taken apart in Python; text lines and JSON lines are never held: they stream through DuckDB's own reader, and
`raw_texts` reads a line again where a reject needs it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import duckdb
import pyarrow as pa

from continuity_analysis.ingest import extraction
from continuity_analysis.ingest.csv_rows import read_rows
from continuity_analysis.ingest.files import PlainFile
from continuity_analysis.ingest.heads import Head
from continuity_analysis.ingest.json_values import Found, find_records
from continuity_analysis.ingest.moments import quoted, single
from continuity_analysis.ingest.registry import Format

LONGEST_LINE = 8 << 20
LONGEST_RAW = 1 << 16
_BATCH = 20_000
_LAST = 1 << 60
_TAKEN = pa.schema(
    [("_file", pa.int64()), ("_line", pa.int64()), ("_sub", pa.int64()), ("value", pa.large_string())]
    + [("raw", pa.large_string()), ("_page", pa.int64()), ("_array", pa.string()), ("_reason", pa.string())]
)
_START = """
CREATE TABLE taken (_file BIGINT, _line BIGINT, _sub BIGINT, value VARCHAR, raw VARCHAR, _page BIGINT,
                    _array VARCHAR, _reason VARCHAR);
CREATE TABLE pages (_page BIGINT, page VARCHAR);
"""


@dataclass(frozen=True)
class Part:
    """One file of a reading: its plain bytes and its head."""

    file: PlainFile
    head: Head


def load(con: duckdb.DuckDBPyConnection, made: Format, parts: list[Part]) -> None:
    """Fill the table `found` with the records of all `parts`, in the order of files and lines."""
    con.execute(_START)
    selects = []
    for number, part in enumerate(parts):
        selects += _LOADERS[made.container](con, made, part, number)
        if part.file.trouble:
            _add(con, [(number, _LAST, 0, "", "", None, None, part.file.trouble)])
    streamed = len(selects) == 1 and not single(con, "SELECT count(*) FROM taken")
    order = "" if streamed else "ORDER BY _file, _line, _sub"
    union = " UNION ALL ".join(selects)
    con.execute(f"CREATE TABLE found AS SELECT row_number() OVER ({order}) AS record_no, * FROM ({union})")


def _add(con, rows: list[tuple]) -> None:
    batch = pa.table([list(c) for c in zip(*rows, strict=True)], schema=_TAKEN)
    con.register("batch", batch)
    con.execute("INSERT INTO taken SELECT * FROM batch")
    con.unregister("batch")


def _select(fields: extraction.Extraction, number: int, *, source: str, reason: str, at: str) -> str:
    """SQL of one pass over `source`, with all columns of `found` but its number."""
    return f"""
        SELECT {number} AS _file, _line, _sub, {at} AS _at, _reason, _page, {fields.columns}
        FROM (SELECT *, CASE WHEN _reason IS NULL THEN {fields.source.removesuffix(" AS x")} END AS x
              FROM (SELECT * REPLACE ({reason} AS _reason) FROM ({source})))"""


def _select_taken(made: Format, fields: extraction.Extraction, number: int) -> str:
    keys = extraction.JSON_KEYS if made.container == "json" else "NULL"
    source = f"SELECT t.*, page, {keys} AS _keys FROM taken t LEFT JOIN pages USING (_page) WHERE _file = {number}"
    reason = f"coalesce(_reason, {extraction.JSON_REASON})" if made.container == "json" else "_reason"
    return _select(fields, number, source=source, reason=reason, at="NULL::BIGINT")


def _load_json(con, made: Format, part: Part, number: int) -> list[str]:
    fields = extraction.of_json(made, part.head.name)
    taken = _select_taken(made, fields, number)
    if not part.head.by_line:
        text = part.file.path.read_bytes().decode("utf-8", errors="surrogateescape")
        _take(con, [(1, find_records(text, made.keys))], number)
        return [taken]
    _stream(con, made, part, number)
    return [f"SELECT * FROM lines_{number}", taken] if _beside_lines(con, number) else [f"SELECT * FROM lines_{number}"]


def _load_lines(con, made: Format, part: Part, number: int) -> list[str]:
    _stream(con, made, part, number)
    fields = extraction.of_lines(made, part.head.name)
    source = f"SELECT *, NULL AS page FROM taken WHERE _file = {number}"
    taken = _select(fields, number, source=source, reason="_reason", at="NULL::BIGINT")
    return [f"SELECT * FROM lines_{number}", taken] if _beside_lines(con, number) else [f"SELECT * FROM lines_{number}"]


def _beside_lines(con, number: int) -> bool:
    return single(con, f"SELECT count(*) FROM taken WHERE _file = {number}") > 0


def _load_csv(con, made: Format, part: Part, number: int) -> list[str]:
    header, rows = read_rows(part.file.path, part.head.delimiter)
    while batch := list(islice(rows, _BATCH)):
        texts = [json.dumps(row.cells, ensure_ascii=False) for row in batch]
        _add(con, [(number, r.line, 0, t, r.raw, None, None, r.reason) for r, t in zip(batch, texts, strict=True)])
    return [_select_taken(made, extraction.of_csv(made, part.head.name, header), number)]


_LOADERS = {"json": _load_json, "lines": _load_lines, "csv": _load_csv}


def lines_of(file: PlainFile, *, note_rejects: bool) -> str:
    """SQL for the lines of a file with their number; lines that are no UTF-8 or too long are skipped (and noted)."""
    options = {
        "delim": "chr(31) || chr(30) || chr(29) || chr(28)",
        "columns": "{'line': 'VARCHAR'}",
        "max_line_size": str(LONGEST_LINE),
        **dict.fromkeys(("quote", "escape", "comment"), "''"),
        **dict.fromkeys(("header", "auto_detect", "strict_mode"), "false"),
        "ignore_errors": "true",
    }
    options |= {"store_rejects": "true"} if note_rejects else {}
    given = ", ".join(f"{k} = {v}" for k, v in options.items())
    return f"SELECT row_number() OVER () AS _line, line AS value FROM read_csv({quoted(str(file.path))}, {given})"


def _stream(con, made: Format, part: Part, number: int) -> None:
    """Lines through DuckDB; only those that hold a page or a list are taken apart in Python."""
    is_json = made.container == "json"
    fields = (extraction.of_json if is_json else extraction.of_lines)(made, part.head.name)
    odd = _odd_line(made) if is_json else "false"
    source = f"""
        SELECT _line, 0 AS _sub, value, _keys, NULL::BIGINT AS _page, NULL::VARCHAR AS page, NULL::VARCHAR AS _array,
               CASE WHEN {odd} THEN 'taken apart' END AS _reason
        FROM (SELECT *, {extraction.JSON_KEYS if is_json else "NULL"} AS _keys
              FROM ({lines_of(part.file, note_rejects=True)}) WHERE regexp_matches(value, '\\S'))"""
    reason = f"coalesce(_reason, {extraction.JSON_REASON})" if is_json else "_reason"
    con.execute(
        f"CREATE TABLE lines_{number} AS {_select(fields, number, source=source, reason=reason, at='_line')}"
    )
    refused = con.execute("""
        SELECT line, any_value(CASE error_type WHEN 'INVALID ENCODING' THEN 'it is not UTF-8'
                   WHEN 'LINE SIZE OVER MAXIMUM' THEN 'it is too long for a line: ' || error_message
                   ELSE error_message END) AS why, any_value(ltrim(csv_line, chr(10))) AS raw
        FROM reject_errors GROUP BY line ORDER BY line""").fetchall()
    con.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    if is_json:
        _take_odd(con, made, part, number)
    if refused:
        _put_refused(con, refused, number)


def _odd_line(made: Format) -> str:
    """SQL: whether a line may hold a page or a list, so that it must be taken apart."""
    if any(key.startswith("*") for key in made.keys):
        return "true"
    tests = ["regexp_matches(value, '^\\s*\\[')"]
    for key in made.keys:
        before = key.partition(".*")[0]
        kind = f"json_type(value, {quoted(extraction.json_path(before))}) IN ('ARRAY', 'OBJECT', 'NULL')"
        top = before.split(".")[0]
        tests.append(f"(CASE WHEN _keys IS NULL THEN contains(value, {quoted(f'{chr(34)}{top}{chr(34)}')}) "
                     f"WHEN list_contains(_keys, {quoted(top)}) THEN {kind} ELSE false END)")
    return " OR ".join(tests)


def _take_odd(con, made: Format, part: Part, number: int) -> None:
    odd = f"SELECT _line FROM lines_{number} WHERE _reason = 'taken apart'"
    if not single(con, f"SELECT count(*) FROM ({odd})"):
        return
    lines = lines_of(part.file, note_rejects=False)
    reading = con.cursor()
    reading.execute(f"SELECT _line, value FROM ({lines}) WHERE _line IN ({odd})")
    while batch := reading.fetchmany(100):
        _take(con, [(line, find_records(value, made.keys)) for line, value in batch], number)
    con.execute(f"DELETE FROM lines_{number} WHERE _reason = 'taken apart'")


def _put_refused(con, refused: list[tuple], number: int) -> None:
    """Lines that DuckDB refused become records; the numbers of the lines after each of them move on by one."""
    lines = [line for line, *_ in refused]
    con.register("shift", pa.table({"after": [n - i for i, n in enumerate(lines, 1)], "by": range(1, len(lines) + 1)}))
    for name in (f"lines_{number}", "taken"):
        con.execute(f"""
            UPDATE {name} t SET _line = t._line + s.by FROM (
                SELECT DISTINCT _line, by FROM {name} ASOF JOIN shift ON _line > after WHERE _file = {number}) s
            WHERE t._line = s._line AND t._file = {number}""")
    con.unregister("shift")
    _add(con, [(number, line, 0, "", raw or "", None, None, why) for line, why, raw in refused])


def _take(con, documents: list[tuple[int, Found]], number: int) -> None:
    """Store what was found in documents, or in lines that held a page each."""
    first = single(con, "SELECT count(*) FROM pages")
    rows = _rows_of(documents, number, first)
    while batch := list(islice(rows, _BATCH)):
        _add(con, batch)
    pages = [_replaced(page) for _, found in documents for page in found.pages]
    con.register("kept", pa.table({"_page": range(first, first + len(pages)), "page": pa.array(pages, pa.string())}))
    con.execute("INSERT INTO pages SELECT * FROM kept")
    con.unregister("kept")


def _rows_of(documents: list[tuple[int, Found]], number: int, first: int) -> Iterator[tuple]:
    for line, found in documents:
        sub = -1
        for sub, (value, page, array) in enumerate(zip(found.values, found.page_of, found.array_of, strict=True)):
            clean = value if value.isascii() else _replaced(value)
            reason = None if clean == value else "it is not UTF-8"
            yield number, line, sub, clean, None, None if page < 0 else first + page, array, reason
        if found.trouble:
            yield number, line, sub + 1, "", _replaced(found.trouble[1]), None, None, found.trouble[0]
        first += len(found.pages)


def _replaced(text: str) -> str:
    """Text with what is no UTF-8 replaced."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def raw_texts(con, parts: list[Part], numbers: Iterable[int]) -> dict[int, str]:
    """The text of records as it stood in their file, cut at 64 KB, by record number."""
    con.register("wanted", pa.table({"record_no": pa.array(sorted(numbers), pa.int64())}))
    texts = dict(con.execute("""
        SELECT record_no, coalesce(raw, value) FROM wanted JOIN found USING (record_no)
        JOIN taken USING (_file, _line, _sub) WHERE _at IS NULL""").fetchall())
    for number, part in enumerate(parts):
        places = f"SELECT record_no, _at FROM wanted JOIN found USING (record_no) WHERE _file = {number} AND _at NOT NULL"
        if single(con, f"SELECT count(*) FROM ({places})"):
            lines = lines_of(part.file, note_rejects=False)
            query = f"SELECT record_no, value FROM ({places}) JOIN ({lines}) ON _at = _line"
            texts |= dict(con.execute(query).fetchall())
    con.unregister("wanted")
    return {n: t if len(t) <= LONGEST_RAW else f"{t[:LONGEST_RAW]}… ({len(t)} characters)" for n, t in texts.items()}
