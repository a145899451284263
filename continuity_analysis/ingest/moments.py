"""SQL macros for moments and text, and the working database in which one reading is made.

A text that is no moment becomes `-infinity`, which `conform` turns into a reject: a bad value is never lost by
becoming null. Empty text and the year 1 (Go's zero time) are null.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

UNREADABLE = "'-infinity'::TIMESTAMPTZ"
_ISO = r"\d{4}-\d{2}-\d{2}[ Tt]\d{2}:\d{2}(:\d{2}([.,]\d*)?)? ?([Zz]|UTC|GMT|[+-]\d{2}(:?\d{2})?)( [A-Z]{3,4})?"
_USUAL = "____-__-__T__:__:__%Z"
_MEMORY = "800MB"

_MACROS = f"""
CREATE MACRO usual_moment(x) AS CASE
    WHEN x LIKE '{_USUAL}' AND NOT starts_with(x, '0001-01-01') THEN try_cast(x AS TIMESTAMPTZ) END;
CREATE MACRO other_moment(x) AS CASE
    WHEN x IS NULL OR trim(x) = '' OR starts_with(trim(x), '0001-01-01') THEN NULL
    WHEN regexp_full_match(trim(x), '{_ISO}')
    THEN coalesce(try_cast(regexp_replace(regexp_replace(replace(upper(trim(x)), ',', '.'),
            ' ?([Zz]|UTC|GMT|[+-]\\d{{2}}(:?\\d{{2}})?)( [A-Z]{{3,4}})?$', '\\1'),
            '(UTC|GMT|[Zz])$', '+00') AS TIMESTAMPTZ), {UNREADABLE})
    ELSE {UNREADABLE} END;
CREATE MACRO moment_of(x) AS coalesce(usual_moment(x), other_moment(x));
CREATE MACRO moment(x) AS moment_of(CAST(x AS VARCHAR));
CREATE MACRO trimmed_text(x) AS CASE WHEN x >= '!' AND NOT ends_with(x, ' ') THEN x ELSE nullif(trim(x), '') END;
CREATE MACRO trimmed(x) AS trimmed_text(CAST(x AS VARCHAR));
CREATE MACRO whole_of(x, usual, exact) AS CASE WHEN CAST(usual AS VARCHAR) = x THEN usual
    WHEN exact = trunc(exact) THEN try_cast(exact AS BIGINT) END;
CREATE MACRO whole(x) AS whole_of(trimmed(x), try_cast(trimmed(x) AS BIGINT), try_cast(trimmed(x) AS DECIMAL(38, 9)));
CREATE MACRO micros_of(x) AS try_cast(round(try_cast(x AS DECIMAL(38, 9)) * 1000000) AS BIGINT);
CREATE MACRO epoch_of(x) AS CASE WHEN x IS NULL OR trim(x) = '' THEN NULL
    WHEN abs(micros_of(x)) < 253402300800000000 THEN make_timestamptz(micros_of(x)) ELSE {UNREADABLE} END;
CREATE MACRO epoch_s(x) AS epoch_of(CAST(x AS VARCHAR));
CREATE MACRO object_id_at(x) AS CASE WHEN x IS NULL OR trim(x) = '' THEN NULL
    WHEN regexp_full_match(x, '[0-9a-fA-F]{{24}}')
    THEN to_timestamp(CAST('0x' || left(x, 8) AS BIGINT)) ELSE {UNREADABLE} END;
"""


def working_database(folder: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills into `folder`, in UTC, with the macros for moments and text."""
    con = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(folder)})
    con.execute("SET TimeZone = 'UTC'")
    con.execute(_MACROS)
    return con


_INSIDE = "SET search_path = 'reading,main'"


@contextmanager
def beside(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A second connection to the same tables, for reading while the first one writes."""
    with con.cursor() as other:
        other.execute(_INSIDE)
        yield other


@contextmanager
def emptied(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Within it, tables and views go to a place of their own, which is gone afterwards; the macros stay."""
    con.execute(f"CREATE SCHEMA reading; {_INSIDE}")
    try:
        yield
    finally:
        con.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
        con.execute("SET search_path = 'main'; DROP SCHEMA reading CASCADE")


def quoted(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def single(con: duckdb.DuckDBPyConnection, query: str):
    """The first value of the first row of a query, moments as datetime; None where there is no row."""
    column = con.sql(query).to_arrow_table().column(0)
    return column[0].as_py() if len(column) else None


def first_line(error: Exception) -> str:
    """The first line of what an error says."""
    return str(error).strip().partition("\n")[0]
