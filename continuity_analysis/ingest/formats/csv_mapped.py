"""Any CSV, by a mapping of its columns.

Get it with: any tool that writes CSV; say in `sources` of the catalogue which column is what::

    sources:
      - {path: "itsm/*.csv", format: csv, table: incidents, timezone: Europe/Rome, dayfirst: true,
         columns: {incident_id: Number, component: CI, started_at: Opened, restored_at: Resolved}}

Traps: `?`, `-`, `N/A`, `null`, `0000-00-00` and empty cells are unknown. Times without an offset need `timezone`; whole
numbers of 10 or 13 digits are seconds or milliseconds since 1970. A severity such as "1 - Critical", "P2" or "SEV3" is
its number from 1 to 5; one without a number is kept as it was reported only. Numbers with a decimal comma need
`decimal: ","`.
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
    select = ", ".join(["record_no", *_selects(columns, source)])
    return replace(
        find_format("csv_mapped"),
        fields={name: (source.columns[name],) for name in columns},
        naive=tuple(name for name, column in columns.items() if column.type == MOMENT),
        tables={source.table: f"SELECT {select} FROM records"},
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
    if "severity" in columns and "severity_reported" not in columns:
        chosen.append(f"{_known('severity')} AS severity_reported")
    if source.table == "backups" and "location" not in columns:
        chosen.append(f"{_DEFAULTS['location']} AS location")
    return chosen


def _known(name: str) -> str:
    """SQL of a cell, null where it is a marker of what is missing."""
    return f"CASE WHEN lower(trim({name})) NOT IN ({', '.join(map(quoted, MISSING))}) THEN trim({name}) END"


def _value(column: Column, source: Source) -> str:
    known = _known(column.name)
    if column.name == "severity":
        return f"nullif(regexp_extract({known}, '(?:^|[^0-9])([1-5])(?:[^0-9]|$)', 1), '')"
    if column.type == MOMENT:
        return (
            f"CASE WHEN regexp_full_match({column.name}, '[0-9]{{10}}') THEN epoch_s({column.name}) "
            f"WHEN regexp_full_match({column.name}, '[0-9]{{13}}') "
            f"THEN epoch_s(try_cast({column.name} AS DECIMAL(18, 3)) / 1000) ELSE moment({known}) END"
        )
    if column.type in (WHOLE, REAL) and source.decimal == ",":
        return f"replace(replace({known}, '.', ''), ',', '.')"
    if column.values:
        return f"lower({known})"
    return known
