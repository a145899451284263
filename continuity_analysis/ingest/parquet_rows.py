"""Parquet rows as JSON objects, streamed through DuckDB's own reader: memory stays bounded, whatever the file's size.

Only the columns that are mapped are read; a rejected row is read again, whole.
"""

from continuity_analysis.ingest import extraction
from continuity_analysis.ingest.files import PlainFile
from continuity_analysis.ingest.moments import named, quoted
from continuity_analysis.ingest.registry import Format
from continuity_analysis.ingest.sources import Part

_LARGEST_WHOLE = 1e15


def stream(con, made: Format, part: Part, number: int) -> None:
    """Read the rows of one file into the table `lines_<number>`."""
    starts = {path.replace('"', "") for ways in made.fields.values() for path in ways}
    wanted = [(n, k) for n, k in _described(con, part.file) if any(s == n or s.startswith(f"{n}.") for s in starts)]
    columns = ", ".join(f"{_plain(name, kind)} AS {named(name)}" for name, kind in wanted) or "1 AS nothing"
    source = f"""
        SELECT file_row_number + 1 AS _line, 0 AS _sub, to_json(struct_pack({_packed(wanted)})) ::VARCHAR AS value,
               NULL::BIGINT AS _page, NULL::VARCHAR AS page, NULL::VARCHAR AS _array, NULL::VARCHAR AS _reason
        FROM (SELECT file_row_number, {columns} FROM {_rows(part.file)})"""
    select = extraction.one_pass(extraction.of_json(made, part.head.name), number, source=source, reason="_reason")
    con.execute(f"CREATE TABLE lines_{number} AS SELECT _line AS record_no, * FROM ({select})")


def _packed(wanted: list[tuple[str, str]]) -> str:
    return ", ".join(f"{named(name)} := {named(name)}" for name, _ in wanted) or "nothing := 1"


def rows_of(con, file: PlainFile) -> str:
    """SQL of `_line` and `value`: the number of each row, and all of it as JSON."""
    described = _described(con, file)
    columns = ", ".join(f"{_plain(name, kind)} AS {named(name)}" for name, kind in described)
    return f"""
        SELECT file_row_number + 1 AS _line, to_json(struct_pack({_packed(described)}))::VARCHAR AS value
        FROM (SELECT file_row_number, {columns} FROM {_rows(file)})"""


def _described(con, file: PlainFile) -> list[tuple[str, str]]:
    query = f"DESCRIBE SELECT * FROM read_parquet({quoted(str(file.path))}, hive_partitioning = false)"
    return [(name, kind) for name, kind, *_ in con.execute(query).fetchall()]


def _rows(file: PlainFile) -> str:
    return f"read_parquet({quoted(str(file.path))}, file_row_number = true, hive_partitioning = false)"


def _plain(name: str, kind: str) -> str:
    """SQL of a column as JSON will show it: floating numbers that are whole without a point, NaN as null."""
    column = named(name)
    if kind not in ("DOUBLE", "FLOAT"):
        return f"CAST({column} AS VARCHAR)" if kind == "BLOB" else column
    whole = f"isfinite({column}) AND {column} = trunc({column}) AND abs({column}) < {_LARGEST_WHOLE}"
    as_whole = f"WHEN {whole} THEN to_json(try_cast({column} AS BIGINT))"
    return f"CASE {as_whole} WHEN isfinite({column}) THEN to_json({column}) END"
