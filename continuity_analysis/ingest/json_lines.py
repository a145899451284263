"""JSON lines, streamed through DuckDB's JSON reader: only the fields of the format come back, never the lines.

A line in which that reader finds nothing of the format (no JSON, no object, a list of records), or finds the array of a
page, is *odd*: its text is handed out, to be taken apart in Python.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import duckdb

from continuity_analysis.ingest.extraction import field_columns, split_path
from continuity_analysis.ingest.line_places import picked_lines
from continuity_analysis.ingest.moments import named, quoted, single
from continuity_analysis.ingest.registry import SPECIAL, Format
from continuity_analysis.ingest.sources import Part

LONGEST = 8 << 20
_FEW = 100
_PICKED = 10_000


def can_stream(made: Format) -> bool:
    """Whether every field can be had without the whole text of a line."""
    names = [*_members(made), *_page_members(made)]
    read = {path.split(".")[0] for paths in made.fields.values() for path in paths}
    alike = len({n.casefold() for n in names}) < len(set(names))
    return bool(_members(made)) and "" not in names and "*" not in names and not alike and "$raw" not in read


def stream(con: duckdb.DuckDBPyConnection, made: Format, part: Part, number: int) -> None:
    """Read the lines of one file into the table `streamed_<number>`, shown as `lines_<number>` without the odd ones.

    Its columns are those of `found`; `record_no` and `_line` are the number of the line among those that are not blank:
    rows keep the order of lines, and numbering them as they come would be work for one core.

    Raises
    ------
    duckdb.Error
        If a line is longer than LONGEST, or lines do not fit into memory.
    """
    members, pages = _members(made), _page_members(made)
    names = list(dict.fromkeys([*members, *pages]))
    nested = {n for n in names if members.get(n) != ["$"]}
    types = ", ".join(f"{quoted(n)}: '{'JSON' if n in nested else 'VARCHAR'}'" for n in names)
    parts = [f"{named(n)} AS k{i}" for i, n in enumerate(names)]
    for i, paths in ((i, members.get(n, [])) for i, n in enumerate(names) if n in nested):
        parts.append(f"json_extract_string({named(names[i])}, [{', '.join(map(quoted, paths))}]::VARCHAR[]) AS x{i}")

    def fetch(path: str) -> str:
        name, rest = split_path(path)
        i = names.index(name)
        return f"x{i}[{members[name].index(rest) + 1}]" if name in nested else f"k{i}"

    lists = [f"json_type(k{names.index(n)}, {quoted(rest)})" for n, rests in pages.items() for rest in rests]
    odd = [" AND ".join(f"k{i} IS NULL" for i in range(len(names)))]
    odd += [f"coalesce({kind} IN ('ARRAY', 'OBJECT', 'NULL'), false)" for kind in lists]
    con.execute(f"""
        CREATE TABLE streamed_{number} AS
        SELECT {field_columns(made, part.head.name, fetch)}, {" OR ".join(odd)} AS _odd
        FROM (SELECT NULL::VARCHAR AS page, NULL::VARCHAR AS _array, {", ".join(parts)}
              FROM read_json({quoted(str(part.file.path))}, format = 'newline_delimited', compression = 'none',
                             ignore_errors = true, maximum_object_size = {LONGEST}, columns = {{{types}}}))""")
    con.execute(f"""
        CREATE VIEW lines_{number} AS
        SELECT rowid + 1 AS record_no, {number} AS _file, rowid + 1 AS _line, 0 AS _sub, NULL::VARCHAR AS _reason,
            NULL::BIGINT AS _page, * EXCLUDE (_odd) FROM streamed_{number} WHERE NOT _odd""")


def _members(made: Format) -> dict[str, list[str]]:
    """What a format reads of a record: the names of its members, each with the paths within it."""
    plain = [path for paths in made.fields.values() for path in paths if path.split(".")[0] not in SPECIAL]
    return _by_name([*plain, *([made.observed] if made.observed else [])])


def _page_members(made: Format) -> dict[str, list[str]]:
    """The members that make a page of a line, each with the paths of its arrays."""
    return _by_name(key.partition(".*")[0] for key in made.keys)


def _by_name(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, rest in map(split_path, paths):
        known = found.setdefault(name, [])
        known.extend([] if rest in known else [rest])
    return found


def odd_lines(con: duckdb.DuckDBPyConnection, part: Part, number: int) -> Iterator[list[tuple[int, str]]]:
    """Odd lines of a file that was streamed, some at a time as (number, text)."""
    odd = con.execute(f"SELECT rowid + 1 AS _line FROM streamed_{number} WHERE _odd").fetchnumpy()["_line"].tolist()
    return batches(part, set(odd), of=single(con, f"SELECT count(*) FROM streamed_{number}"))


def batches(part: Part, wanted: set[int] | None = None, *, of: int | None = None) -> Iterator[list[tuple[int, str]]]:
    """Lines of a file that are not blank, or the wanted ones of them, some at a time as (number, text).

    Bytes that are no UTF-8 come as lone surrogates. Where a few are wanted, and it is known `of` how many lines, the
    others are not looked at.
    """
    if wanted is None or wanted:
        rows = _texts(part.file.path, wanted, of)
        while batch := list(islice(rows, _FEW)):
            yield batch


def _texts(path: Path, wanted: set[int] | None, of: int | None) -> Iterator[tuple[int, str]]:
    lines = picked_lines(path, sorted(wanted), of=of) if of and wanted and len(wanted) <= _PICKED else None
    for number, line in _numbered(path, wanted) if lines is None else lines:
        yield number, line.decode("utf-8", errors="surrogateescape").removeprefix("\ufeff").rstrip("\r\n")


def _numbered(path: Path, wanted: set[int] | None) -> Iterator[tuple[int, bytes]]:
    last = None if wanted is None else max(wanted)
    with path.open("rb") as stream:
        for number, line in enumerate((line for line in stream if not line.isspace()), start=1):
            if wanted is None or number in wanted:
                yield number, line
            if number == last:
                return
