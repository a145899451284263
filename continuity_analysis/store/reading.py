"""What the store shows: rows whose export stands there, each export once."""

from pathlib import Path

import pyarrow as pa

from continuity_analysis.store import delta, folder
from continuity_analysis.store.arrow_sql import ask, columns, moment
from continuity_analysis.tables import EVIDENCE, EXPORTS, TABLES


def read_store(store: "str | Path", *, known_at=None) -> dict[str, pa.Table]:
    """All rows of all exports in the store: every version, nothing joined.

    Parameters
    ----------
    store : path or URL
    known_at : pandas.Timestamp, optional
        Only exports ingested up to this moment [UTC].

    Returns
    -------
    dict
        Table name -> pyarrow.Table in its canonical schema, `exports` and `rejects` included.

    Raises
    ------
    StoreError
        If there is no store, or it was written by a newer version.
    """
    folder.check(store)
    visible = _visible(store, known_at)  # before the rows: all of what stands here has its rows written
    shown = {name: _shown(delta.read(store, name), visible) for name in (*EVIDENCE, "rejects")}
    return {**{n: rows.cast(TABLES[n].schema) for n, rows in shown.items()}, "exports": _canonical(visible)}


def read_exports(store: "str | Path") -> pa.Table:
    """One row per export in the store.

    Raises
    ------
    StoreError
        If there is no store, or it was written by a newer version.
    """
    folder.check(store)
    return _canonical(_visible(store, None))


def _canonical(visible: pa.Table) -> pa.Table:
    return visible.select(EXPORTS.names).cast(EXPORTS.schema)


def _visible(store: "str | Path", known_at) -> pa.Table:
    """Exports, each with the write that counts: the earliest one."""
    exports = delta.read(store, "exports")
    return ask(
        """SELECT exports.* FROM exports CROSS JOIN cut WHERE known_at IS NULL OR ingested_at <= known_at
        QUALIFY row_number() OVER (PARTITION BY export_id ORDER BY ingested_at, write_id) = 1 ORDER BY export_id""",
        exports=exports,
        cut=moment("known_at", known_at),
    )


def _shown(rows: pa.Table, visible: pa.Table) -> pa.Table:
    names = columns(n for n in rows.schema.names if n != folder.WRITE_ID)
    if not len(rows):
        return rows.drop_columns([folder.WRITE_ID])
    return ask(
        f"SELECT {names} FROM rows SEMI JOIN visible USING (export_id, write_id)",
        rows=rows,
        visible=visible.select(["export_id", "write_id"]),
    )
