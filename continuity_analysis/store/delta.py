"""Delta tables of the store: made, appended to, read and compacted, with other processes doing the same."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from continuity_analysis.errors import StoreError
from continuity_analysis.store.folder import (
    MARK,
    VERSION,
    check,
    find,
    first_line,
    place,
    refuse_other_content,
    stored_schema,
)
from continuity_analysis.tables import TABLES

_ATTEMPTS = 20


def make(store: str | Path) -> None:
    """Make the store, empty, unless it is there.

    Raises
    ------
    StoreError
        If the folder holds something else, or its store was written by a newer version.
    """
    if find(store) is None:
        refuse_other_content(store)
        _make_table(store, "exports")
    check(store)


def append(store: str | Path, name: str, rows: pa.Table) -> None:
    """Append rows, in the stored schema, to one table; other processes may do so at the same time.

    Raises
    ------
    StoreError
        If the table has columns that only a newer version knows, or the store cannot be written.
    """
    from deltalake import write_deltalake

    def write() -> None:
        table = find(store, name)
        lacking = set(rows.schema.names) - set(_columns(table, store))
        write_deltalake(table, rows, mode="append", schema_mode="merge" if lacking else None)

    if find(store, name) is None:
        _make_table(store, name)
    _persist(write, f"write {name} of the store {store}")


def read(store: str | Path, name: str) -> pa.Table:
    """Every row ever written to one table, in the stored schema; columns added since it was written are null.

    Raises
    ------
    StoreError
        If the table has columns that only a newer version knows.
    """
    schema, table = stored_schema(name), find(store, name)
    if table is None:
        return schema.empty_table()
    there = set(_columns(table, store))
    rows = table.to_pyarrow_table(columns=[c for c in schema.names if c in there])
    for field in schema:
        if field.name not in there:
            rows = rows.append_column(field, pa.nulls(len(rows), field.type))
    return rows.select(schema.names).cast(schema)


def compact(store: str | Path) -> dict[str, int]:
    """Join the many small files of a store into few large ones; what it says stays the same.

    Returns
    -------
    dict
        Table -> number of files that were joined.

    Raises
    ------
    StoreError
        If it is no store.
    """
    check(store)
    joined = {}
    for name in (n for n in TABLES if find(store, n) is not None):
        found = _persist(lambda n=name: find(store, n).optimize.compact(), f"compact the store {store}")
        joined[name] = int(found["numFilesRemoved"])
    return joined


def _columns(table, store: str | Path) -> list[str]:
    """Names of the columns of a DeltaTable, all of them known here."""
    name, there = table.metadata().name, [f.name for f in table.schema().fields]
    if newer := sorted(set(there) - set(stored_schema(name).names)):
        raise StoreError(
            f"Expected in {name} of the store {store} only columns this version knows, got {', '.join(newer)}: "
            "it was written by a newer version; upgrade continuity_analysis."
        )
    return there


def _make_table(store: str | Path, name: str) -> None:
    from deltalake import DeltaTable

    def create() -> None:
        mark = {"description": f"{MARK}{VERSION}"} if name == "exports" else {}
        if find(store, name) is None:
            DeltaTable.create(place(store, name), stored_schema(name), mode="ignore", name=name, **mark)

    _persist(create, f"make the table {name} of the store {store}")


def _persist(act: Callable, what: str):
    """Do it again while other processes are in the way."""
    from deltalake.exceptions import DeltaError

    for attempt in range(_ATTEMPTS):
        try:
            return act()
        except (DeltaError, OSError) as error:
            if attempt == _ATTEMPTS - 1 or isinstance(error, OSError):
                why = first_line(error)
                raise StoreError(f"Expected to {what}, got: {why}; check the folder and its rights.") from error
            time.sleep(random.uniform(0, 0.02 * (attempt + 1)))
    return None
