"""Text lines and JSON lines, streamed through DuckDB's own reader: no loop over lines, whatever the size of the file.

Lines that are no UTF-8 or too long are refused by that reader, which notes them; they become records of their own.
Lines that hold a page or a list are *odd*: they are handed out, to be taken apart in Python.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from continuity_analysis.ingest import extraction
from continuity_analysis.ingest.files import PlainFile
from continuity_analysis.ingest.moments import beside, quoted, single
from continuity_analysis.ingest.registry import Format
from continuity_analysis.ingest.sources import Part

LONGEST = 8 << 20
_ODD = "taken apart"
_FEW = 10


@dataclass(frozen=True)
class Refused:
    """A line that DuckDB's reader refused: its number among all lines, why, and what it shows of its text."""

    line: int
    reason: str
    raw: str


def lines_of(file: PlainFile, *, note_rejects: bool) -> str:
    """SQL for the lines of a file, numbered without those that are refused; the latter are noted if asked for."""
    options = {
        "delim": "chr(31) || chr(30) || chr(29) || chr(28)",
        "columns": "{'value': 'VARCHAR'}",
        "max_line_size": str(LONGEST),
        "compression": "'none'",
        **dict.fromkeys(("quote", "escape", "comment"), "''"),
        **dict.fromkeys(("header", "auto_detect", "strict_mode"), "false"),
        "ignore_errors": "true",
    }
    options |= {"store_rejects": "true"} if note_rejects else {}
    given = ", ".join(f"{k} = {v}" for k, v in options.items())
    return f"SELECT row_number() OVER () AS _line, value FROM read_csv({quoted(str(file.path))}, {given})"


def stream(con: duckdb.DuckDBPyConnection, made: Format, part: Part, number: int) -> tuple[str, list[Refused]]:
    """Read the lines of one file into the table `lines_<number>`; SQL of its rows, and the lines that were refused."""
    is_json = made.container == "json"
    fields = (extraction.of_json if is_json else extraction.of_lines)(made, part.head.name)
    keys = extraction.JSON_KEYS if is_json else "NULL"
    source = f"""
        SELECT _line, 0 AS _sub, value, _keys, NULL::BIGINT AS _page, NULL::VARCHAR AS page, NULL::VARCHAR AS _array,
               CASE WHEN {_odd(made) if is_json else "false"} THEN '{_ODD}' END AS _reason
        FROM (SELECT *, {keys} AS _keys
              FROM ({lines_of(part.file, note_rejects=True)}) WHERE regexp_matches(value, '\\S'))"""
    reason = f"coalesce(_reason, {extraction.JSON_REASON})" if is_json else "_reason"
    select = extraction.one_pass(fields, number, source=source, reason=reason, at="_line")
    con.execute(f"CREATE TABLE lines_{number} AS {select}")
    refused = con.execute("""
        SELECT line, any_value(CASE error_type WHEN 'INVALID ENCODING' THEN 'it is not UTF-8'
                   WHEN 'LINE SIZE OVER MAXIMUM' THEN 'the line is too long: ' || error_message
                   ELSE error_message END), any_value(ltrim(csv_line, chr(10)))
        FROM reject_errors GROUP BY line ORDER BY line""").fetchall()
    con.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return f"SELECT * FROM lines_{number}", [Refused(line, reason, raw or "") for line, reason, raw in refused]


def _odd(made: Format) -> str:
    """SQL: whether a line may hold a page or a list, so that it must be taken apart."""
    if any(key.startswith("*") for key in made.keys):
        return "true"
    tests = ["regexp_matches(value, '^\\s*\\[')"]
    for key in made.keys:
        before = key.partition(".*")[0]
        top = before.split(".")[0]
        kind = f"json_type(value, {quoted(extraction.json_path(before))}) IN ('ARRAY', 'OBJECT', 'NULL')"
        broken = f"contains(value, {quoted(chr(34) + top + chr(34))})"
        tests.append(f"CASE WHEN _keys IS NULL THEN {broken} WHEN list_contains(_keys, {quoted(top)}) THEN {kind} END")
    return " OR ".join(f"coalesce({test}, false)" for test in tests)


def odd_lines(con: duckdb.DuckDBPyConnection, part: Part, number: int) -> Iterator[list[tuple[int, str]]]:
    """Odd lines of a file that was streamed, a few at a time as (number, text); they leave its table."""
    odd = f"SELECT _line FROM lines_{number} WHERE _reason = '{_ODD}'"
    if not single(con, f"SELECT count(*) FROM ({odd})"):
        return
    text = lines_of(part.file, note_rejects=False)
    with beside(con) as reading:
        reading.execute(f"SELECT _line, value FROM ({text}) WHERE _line IN ({odd})")
        while batch := reading.fetchmany(_FEW):
            yield batch
    con.execute(f"DELETE FROM lines_{number} WHERE _reason = '{_ODD}'")


def move_past(con: duckdb.DuckDBPyConnection, refused: list[Refused], number: int) -> None:
    """Move the numbers of the lines after each refused one on by one, in `lines_<number>` and in `taken`."""
    if not refused:
        return
    moved = {one.line - place: place for place, one in enumerate(refused, start=1)}
    con.register("moved", pa.table({"after": list(moved), "places": list(moved.values())}))
    for name in (f"lines_{number}", "taken"):
        con.execute(f"""
            UPDATE {name} t SET _line = t._line + s.places FROM (
                SELECT DISTINCT _line, places FROM {name} ASOF JOIN moved ON _line > after WHERE _file = {number}) s
            WHERE t._line = s._line AND t._file = {number}""")
    con.unregister("moved")
