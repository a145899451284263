"""Text lines, streamed through DuckDB's own reader: no loop over lines, whatever the size of the file.

Lines that are no UTF-8 or too long are refused by that reader, which notes them; they become records of their own.
"""

from dataclasses import dataclass

import duckdb

from continuity_analysis.ingest import extraction
from continuity_analysis.ingest.files import PlainFile
from continuity_analysis.ingest.moments import quoted
from continuity_analysis.ingest.registry import Format
from continuity_analysis.ingest.sources import Part

LONGEST = 8 << 20


@dataclass(frozen=True)
class Refused:
    """A line that DuckDB's reader refused: the number of the line it read before it, why, and some of its text."""

    after: int
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


def stream(con: duckdb.DuckDBPyConnection, made: Format, part: Part, number: int) -> list[Refused]:
    """Read the lines of one file into the table `lines_<number>`, and say which were refused."""
    source = f"""
        SELECT _line, 0 AS _sub, value, NULL::BIGINT AS _page, NULL::VARCHAR AS page, NULL::VARCHAR AS _array,
               NULL::VARCHAR AS _reason
        FROM ({lines_of(part.file, note_rejects=True)}) WHERE regexp_matches(value, '\\S')"""
    fields = extraction.of_lines(made, part.head.name)
    select = extraction.one_pass(fields, number, source=source, reason="_reason")
    con.execute(f"CREATE TABLE lines_{number} AS SELECT _line AS record_no, * FROM ({select})")
    refused = con.execute("""
        SELECT line, any_value(CASE error_type WHEN 'INVALID ENCODING' THEN 'it is not UTF-8'
                   WHEN 'LINE SIZE OVER MAXIMUM' THEN 'the line is too long: ' || error_message
                   ELSE error_message END), any_value(ltrim(csv_line, chr(10)))
        FROM reject_errors GROUP BY line ORDER BY line""").fetchall()
    con.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return [Refused(line - place, reason, raw or "") for place, (line, reason, raw) in enumerate(refused, start=1)]
