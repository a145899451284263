"""Ingest: files into rows into the store, appended so that a kill at any moment leaves nothing half visible.

Rows and rejects are written first, their exports last, all under one `write_id`; readers take only rows whose
`(export_id, write_id)` stands in `exports`. Where two writes brought the same export (two processes at once, or a
write that was killed and done again), the earlier one counts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pandas as pd
import pyarrow as pa

from continuity_analysis.catalog.finding import find_catalog
from continuity_analysis.periods import read_moment
from continuity_analysis.store import delta, folder
from continuity_analysis.store.reading import read_exports
from continuity_analysis.store.unread import SAME_CONTENT
from continuity_analysis.tables import EXPORTS, TABLES

_FILES_PER_WRITE = 500
_ROWS_PER_WRITE = 500_000
_SETTINGS = ("format", "observed_at", "timezone_assumed", "scope", "complete")
_COUNTS = ("records", "used", "ignored", "rejected")


def ingest(
    paths: "str | Path | Iterable[str | Path]",
    store: "str | Path | None",
    *,
    catalog=None,
    timezone: str | None = None,
    format: str | None = None,
    as_of=None,
    dry_run: bool = False,
    now=None,
) -> list[dict]:
    """Read files or folders of logs into the store; what is there already is skipped.

    Parameters
    ----------
    paths : path or paths
    store : path or URL
        Made if it is not there; None only for a dry run.
    catalog : path, dict or Catalog, optional
        Only its `sources` and its `timezone` act here. Else the `services.yaml` in or beside the paths.
    timezone : str, optional
        IANA zone of times that state none.
    format : str, optional
        Read every file as this format.
    as_of : moment, optional
        The moment the exports speak of, where they do not say so themselves.
    dry_run : bool
        Read and check, write nothing.
    now : moment, optional
        Stamped as `ingested_at`; the clock if not given, read once.

    Returns
    -------
    list of dict
        Per file: `file`, `format`, `records`, `used`, `ignored`, `rejected`, `rows` (table -> rows added), `reason`
        (why it was skipped, or None), `ignored_reasons` and `rejected_reasons` (reason -> number).

    Raises
    ------
    StoreError
        If `store` is something else, or of a newer version.
    InputError
        If a path is not there.
    """
    from continuity_analysis.ingest.read import read_files

    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    how = {"catalog": find_catalog(catalog, paths), "timezone": timezone, "format": format}
    readings = read_files(paths, as_of=as_of, **how)
    if dry_run:
        return [_summary(reading, known) for reading, known in _with_known(readings, store)]
    return write_readings(readings, store, now=now)


def write_readings(readings: Iterable, store: "str | Path", *, now=None) -> list[dict]:
    """Append what was read to the store, many files to a write; the account that `ingest` returns.

    Parameters
    ----------
    readings : iterable of ingest.read.Reading
    store : path or URL
    now : moment, optional
    """
    ingested_at = pd.Timestamp.now("UTC").floor("us") if now is None else read_moment(now)
    delta.make(store)
    account, write = [], _Write()
    for reading, known in _with_known(readings, store):
        account.append(_summary(reading, known))
        if known is None and reading.export is not None:
            write.add(reading, ingested_at)
        if write.is_full:
            write.persist(store)
            write = _Write()
    write.persist(store)
    return account


@dataclass
class _Write:
    """Rows on their way into the store, with the id they are known by there."""

    id: str = field(default_factory=lambda: uuid4().hex)
    tables: dict[str, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))
    exports: list[dict] = field(default_factory=list)
    rows: int = 0

    def add(self, reading, ingested_at: pd.Timestamp) -> None:
        for name, rows in {**reading.tables, "rejects": reading.rejects}.items():
            if len(rows):
                self.tables[name].append(self._stored(name, rows))
                self.rows += len(rows)
        self.exports.append({**reading.export, "ingested_at": ingested_at})

    @property
    def is_full(self) -> bool:
        return len(self.exports) >= _FILES_PER_WRITE or self.rows >= _ROWS_PER_WRITE

    def persist(self, store: "str | Path") -> None:
        """Write the rows, then, when all of them are there, the exports that make them visible."""
        if not self.exports:
            return
        for name in sorted(self.tables):
            delta.append(store, name, pa.concat_tables(self.tables[name]))
        exports = pa.Table.from_pylist(self.exports, schema=EXPORTS.schema)
        delta.append(store, "exports", self._stored("exports", exports))

    def _stored(self, name: str, rows: pa.Table) -> pa.Table:
        """Rows in the stored schema: every column, each cast."""
        schema = TABLES[name].schema
        for column in schema:
            if column.name not in rows.schema.names:
                rows = rows.append_column(column, pa.nulls(len(rows), column.type))
        ids = pa.array([self.id] * len(rows), pa.string())
        return rows.select(schema.names).cast(schema).append_column(folder.WRITE_ID, ids)


def _with_known(readings: Iterable, store) -> Iterator[tuple]:
    """Each reading, with the row of `exports` that has its content already, or None."""
    there = store is not None and folder.find(store) is not None
    known = {row["export_id"]: row for row in read_exports(store).to_pylist()} if there else {}
    for reading in readings:
        same = known.get(reading.export["export_id"]) if reading.export else None
        yield reading, same
        if reading.export and same is None:
            known[reading.export["export_id"]] = reading.export


def _summary(reading, known: dict | None) -> dict:
    row = {"file": reading.file, "format": reading.format, **{name: getattr(reading, name) for name in _COUNTS}}
    why = {"ignored_reasons": dict(reading.ignored_reasons), "rejected_reasons": _by_reason(reading.rejects)}
    if known is None:
        return {**row, "rows": dict(reading.rows), "reason": reading.reason, **why}
    return {**row, "format": known["format"], "rows": {}, "reason": _already(reading.export, known), **why}


def _by_reason(rejects: pa.Table) -> dict[str, int]:
    """Rejected records per reason, most frequent first."""
    each = set(zip(rejects["record_no"].to_pylist(), rejects["reason"].to_pylist(), strict=True))
    return dict(Counter(reason for _, reason in sorted(each)).most_common())


def _already(export: dict, known: dict) -> str:
    """Why a file is skipped, and what would differ if it were not."""
    if known.get("ingested_at") is None:
        return f"{SAME_CONTENT} {known['origin']}"
    reason = f"already in the store, read on {known['ingested_at']:%Y-%m-%d}"
    if changed := [name for name in _SETTINGS if known.get(name) != export.get(name)]:
        then, today = (_said(row, changed) for row in (known, export))
        reason += f" with {then}; what a store has stays: to read it with {today}, ingest into a new store"
    return reason


def _said(row: dict, names: list[str]) -> str:
    values = {name: "none" if row.get(name) is None else row[name] for name in names}
    return ", ".join(f"{name} {_text(value)}" for name, value in values.items())


def _text(value) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if hasattr(value, "strftime") else str(value)
