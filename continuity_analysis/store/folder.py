"""The store's place: one Delta Lake table per canonical table below one folder or URL, and the marker of its version.

The marker is the description in the metadata of `exports`, which is made before anything else, so that a folder is a
store if and only if `exports` is there. Each row also carries the `write_id` of the write it came with.
"""

import os
from pathlib import Path

import pyarrow as pa

from continuity_analysis.errors import StoreError
from continuity_analysis.tables import TABLES, TEXT

VERSION = 1
WRITE_ID = "write_id"
UNREAD = "unread.json"
MARK = "continuity_analysis store, version "


def place(store: str | Path, table: str) -> str:
    """Where one table of the store lies: a local path or a URL."""
    root = os.fspath(store)
    return f"{root.rstrip('/')}/{table}" if "://" in root else str(Path(root) / table)


def find(store: str | Path, table: str = "exports"):
    """The DeltaTable as it stands now, or None where it was not made yet; without `exports` it is no store.

    Raises
    ------
    StoreError
        If the place cannot be looked at.
    """
    from deltalake import DeltaTable
    from deltalake.exceptions import TableNotFoundError

    try:
        return DeltaTable(place(store, table))
    except TableNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"Expected a folder or URL for the store, got {store}: {first_line(error)}") from error


def stored_schema(name: str) -> pa.Schema:
    """Schema of a table as it is written: its own columns, then the write it came with."""
    return TABLES[name].schema.append(pa.field(WRITE_ID, TEXT))


def check(store: str | Path) -> None:
    """Raise StoreError unless `store` is a store that this version can read.

    Raises
    ------
    StoreError
        If it is no store, or one written by a newer version.
    """
    exports = find(store)
    if exports is None:
        raise StoreError(
            f"Expected a store at {store}, got none there: make one with continuity ingest PATH --store {store}, "
            "or read a folder of logs with read_logs (--logs)."
        )
    description = exports.metadata().description or ""
    version = description.removeprefix(MARK)
    if not description.startswith(MARK) or not version.isdigit():
        raise StoreError(
            f"Expected a store of continuity_analysis at {store}, got Delta tables of something else: "
            "name another folder."
        )
    if int(version) > VERSION:
        raise StoreError(
            f"Expected a store of version {VERSION} or older at {store}, got version {version}: "
            "upgrade continuity_analysis."
        )


def refuse_other_content(store: str | Path) -> None:
    """Raise StoreError if the place of a store to be made holds something else.

    Raises
    ------
    StoreError
        If it is a file, or a folder with anything in it that no store has.
    """
    root = Path(store)
    if "://" in os.fspath(store) or not root.exists():
        return
    if not root.is_dir():
        raise StoreError(f"Expected a folder for the store, got the file {store}: name another place with --store.")
    own = {*TABLES, "services.yaml", UNREAD}
    if other := sorted(p.name for p in root.iterdir() if p.name not in own and not p.name.startswith(".")):
        raise StoreError(
            f"Expected a store or an empty folder at {store}, got a folder with {other[0]} in it: "
            "name another folder with --store."
        )


def first_line(error: Exception) -> str:
    """The first line of what an error says; the libraries below add many more."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
