"""Any CSV, by a mapping of its columns.

Get it with: any tool that writes CSV; say in `sources` of the catalogue which column is what::

    sources:
      - {path: "itsm/*.csv", format: csv, table: incidents, timezone: Europe/Rome, dayfirst: true,
         columns: {incident_id: Number, component: CI, started_at: Opened, restored_at: Resolved}}

Traps: `?`, `-`, `N/A`, `null`, `0000-00-00` and empty cells are unknown. Times without an offset need `timezone`; whole
numbers of 10 or 13 digits are seconds or milliseconds since 1970. A severity such as "1 - Critical", "P2" or "SEV3" is
its number from 1 to 5; one without a number is kept as it was reported only. Usual words of other tools ("Closed",
"Success", "In Progress") are understood, all others must be those of the canonical tables. Numbers with a decimal comma
need `decimal: ","`. With `complete: true` the file is a listing of all there is, otherwise a window of a history.
Checked against: files written for the tests.
"""

from dataclasses import replace

from continuity_analysis import tables
from continuity_analysis.catalog import Source
from continuity_analysis.errors import InputError
from continuity_analysis.ingest.heads import Head
from continuity_analysis.ingest.moments import quoted
from continuity_analysis.tables import MOMENT, REAL, WHOLE, Column

CONTAINER = "csv"
PRODUCT = "csv"
EXPORT = "window"
MISSING = ("", "?", "-", "--", "n/a", "na", "null", "none", "nan", "0000-00-00", "0000-00-00 00:00:00")
WORDS = {
    "open": ("new", "active", "in progress", "on hold", "pending", "acknowledged", "triggered", "investigating"),
    "resolved": ("closed", "done", "solved", "fixed", "resolved/closed"),
    "cancelled": ("canceled",),
    "completed": ("success", "successful", "succeeded", "ok", "done", "warning"),
    "failed": ("failure", "error"),
    "aborted": ("cancelled", "canceled"),
    "running": ("in progress", "started"),
    "incremental": ("incr", "increment"),
    "differential": ("diff",),
    "update": ("change", "release"),
}


def recognises(head: Head) -> bool:
    """Never by itself: only `sources` of the catalogue, or --format with it, can say what the columns are."""
    return False


def of_source(source: Source, head: Head):
    """The format that one entry of `sources` describes.

    Raises
    ------
    InputError
        If the entry does not say enough, or names headers that the file does not have.
    """
    from continuity_analysis.ingest.registry import find_format

    if not source.table or not source.columns:
        raise InputError("a mapped CSV needs `table` and `columns` in `sources` of the catalogue")
    _check_headers(source, head)
    table = tables.TABLES[source.table]
    columns = {c.name: c for c in table.all_columns if c.name in source.columns}
    _check_key(source, table.key)
    known = ", ".join(["record_no", *(f"{_known(name)} AS {name}" for name in columns)])
    select = ", ".join(["record_no", *_selects(columns, source)])
    return replace(
        find_format("csv_mapped"),
        fields={name: (source.columns[name],) for name in columns},
        export="listing" if source.complete else EXPORT,
        naive=tuple(name for name, column in columns.items() if column.type == MOMENT),
        tables={source.table: f"WITH known AS (SELECT {known} FROM records) SELECT {select} FROM known"},
    )


def _check_headers(source: Source, head: Head) -> None:
    known = {cell.strip().casefold() for cell in head.header}
    for name, header in source.columns.items():
        if header.strip().casefold() not in known:
            raise InputError(
                f"columns: {name}: expected one of the file's headers ({', '.join(head.header) or 'none found'}); "
                f"got {header!r}"
            )


def _check_key(source: Source, key: tuple[str, ...]) -> None:
    stated = {"asset"} if source.asset else set()
    absent = [k for k in key if k not in source.columns and k not in stated and k not in _DEFAULTS]
    if absent:
        raise InputError(f"columns: a row of {source.table} needs {', '.join(absent)} as well: name the header of each")


_DEFAULTS = {"location": "'not stated'", "observed_at": "NULL"}


def _selects(columns: dict[str, Column], source: Source) -> list[str]:
    chosen = [f"{_value(column, source)} AS {name}" for name, column in columns.items()]
    for name in ("severity", "cause"):
        if name in columns and f"{name}_reported" not in columns:
            chosen.append(f"{name} AS {name}_reported")
    if source.asset and "asset" not in columns and "asset" in tables.TABLES[source.table].names:
        chosen.append(f"{quoted(source.asset)} AS asset")
    if source.table == "backups" and "location" not in columns:
        chosen.append(f"{_DEFAULTS['location']} AS location")
    return chosen


def _known(name: str) -> str:
    """SQL of a cell, null where it is a marker of what is missing."""
    return f"CASE WHEN lower(trim({name})) NOT IN ({', '.join(map(quoted, MISSING))}) THEN trim({name}) END"


def _value(column: Column, source: Source) -> str:
    known = column.name
    if column.name == "severity":
        return f"nullif(regexp_extract({known}, '(?:^|[^0-9])([1-5])(?:[^0-9]|$)', 1), '')"
    if column.type == MOMENT:
        return (
            f"CASE WHEN regexp_full_match({known}, '[0-9]{{10}}([.][0-9]*)?') THEN epoch_s({known}) "
            f"WHEN regexp_full_match({known}, '[0-9]{{13}}') "
            f"THEN epoch_s(try_cast({known} AS DECIMAL(18, 3)) / 1000) ELSE moment({known}) END"
        )
    if column.type in (WHOLE, REAL) and source.decimal == ",":
        return f"replace(replace({known}, '.', ''), ',', '.')"
    if column.name == "asset" and source.asset:
        return f"coalesce({known}, {quoted(source.asset)})"
    if column.name == "cause":
        classes = ", ".join(map(quoted, column.values))
        return f"CASE WHEN {_word(column, known)} IN ({classes}) THEN {_word(column, known)} END"
    if column.values:
        return _word(column, known)
    return known


def _word(column: Column, known: str) -> str:
    """SQL of a word as the canonical tables have it; a word that nobody knows stays and is rejected."""
    whens = " ".join(
        f"WHEN lower({known}) IN ({', '.join(map(quoted, words))}) THEN {quoted(word)}"
        for word, words in WORDS.items()
        if word in column.values
    )
    plain = f"replace(replace(lower({known}), ' ', '_'), '-', '_')"
    return f"CASE {whens} ELSE {plain} END" if whens else plain
