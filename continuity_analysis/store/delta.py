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
    first_line,
    is_there,
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
    if not is_there(store):
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

    if not is_there(store, name):
        _make_table(store, name)

    def write() -> None:
        lacking = set(rows.schema.names) - set(_columns(store, name))
        write_deltalake(place(store, name), rows, mode="append", schema_mode="merge" if lacking else None)

    _persist(write, f"write {name} of the store {store}")


def read(store: str | Path, name: str, *, columns: list[str] | None = None) -> pa.Table:
    """Every row ever written to one table, in the stored schema; columns added since it was written are null.

    Raises
    ------
    StoreError
        If the table has columns that only a newer version knows.
    """
    from deltalake import DeltaTable

    schema = stored_schema(name)
    wanted = pa.schema([schema.field(c) for c in columns]) if columns else schema
    if not is_there(store, name):
        return wanted.empty_table()
    there = set(_columns(store, name))
    rows = DeltaTable(place(store, name)).to_pyarrow_table(columns=[c for c in wanted.names if c in there])
    for field in wanted:
        if field.name not in there:
            rows = rows.append_column(field, pa.nulls(len(rows), field.type))
    return rows.select(wanted.names).cast(wanted)


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
    from deltalake import DeltaTable

    check(store)
    joined = {}
    for name in filter(lambda n: is_there(store, n), TABLES):
        found = _persist(lambda n=name: DeltaTable(place(store, n)).optimize.compact(), f"compact the store {store}")
        joined[name] = int(found["numFilesRemoved"])
    return joined


def _columns(store: str | Path, name: str) -> list[str]:
    from deltalake import DeltaTable

    there = [f.name for f in DeltaTable(place(store, name)).schema().fields]
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
        if not is_there(store, name):
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
