"""Exports made by hand: what the ingest engine would hand over, without any file or format."""

from pathlib import Path

import pandas as pd
import pyarrow as pa

from continuity_analysis import tables
from continuity_analysis.ingest.reading import Reading
from continuity_analysis.periods import read_moment

FIXTURES = Path(__file__).parent / "fixtures" / "atlas_snapshots"
ATLAS_SAMPLE = next(p for p in sorted(FIXTURES.iterdir()) if not p.name.endswith(".expected.json"))
DEFAULTS = {
    "incidents": {"component": "web", "started_at": "2026-01-01"},
    "states": {"observer": "page", "component": "web", "state": "down"},
    "backups": {"asset": "db", "location": "vault"},
    "recoveries": {"asset": "db", "kind": "restore"},
    "changes": {"component": "web", "started_at": "2026-01-01"},
    "requests": {"component": "web", "total": 10},
}


def reading(export_id, observed_at, *, kind="window", about=None, **rows):
    """One file's Reading; rows are lists of dicts per table, moments are text, `about` changes its row of exports."""
    export = {
        "export_id": export_id, "product": "pager", "format": "pager_list", "export_kind": kind,
        "origin": f"{export_id}.json", "observed_at": observed_at,
    } | (about or {})  # fmt: skip
    rejects = [{"export_id": export_id} | r for r in rows.pop("rejects", [])]
    origin = {c: export[c] for c in ("product", "format", "export_id", "observed_at")}
    given = {
        name: table(name, [DEFAULTS.get(name, {}) | origin | {"record_no": i + 1} | r for i, r in enumerate(some)])
        for name, some in rows.items()
        if some
    }
    n = sum(map(len, given.values()))
    counts = {"records": n + len(rejects), "used": n, "ignored": 0, "rejected": len(rejects)}
    (row,) = table("exports", [export | counts]).to_pylist()
    how = {"rows": {name: len(t) for name, t in given.items()}, **counts}
    return Reading(export["origin"], export["format"], given, row, table("rejects", rejects), **how)


def incident(status="open", **values):
    return {"incident_id": "P1", "status": status, **values}


def listing(export_id, at, *ids, scope="vault", complete=True, **rest):
    about = {"product": "vault", "format": "vault_list", "scope": scope, "complete": complete}
    rows = [{"backup_id": i, "started_at": "2026-01-01", "status": "completed", **rest} for i in ids]
    return reading(export_id, at, kind="listing", about=about, backups=rows)


def some_exports():
    """A handful of exports that replace, join, remove and reject."""
    closed = incident("resolved", restored_at="2026-01-03")
    return [
        reading("a", "2026-02-01", incidents=[incident(), {"incident_id": "P2"}], rejects=[reject("a")]),
        reading("b", "2026-02-02", incidents=[{**closed, "component": "cache"}], changes=[{"change_id": "C"}]),
        listing("c", "2026-02-01", "one", "two"),
        listing("d", "2026-02-03", "two"),
        reading("e", "2026-02-04", rejects=[reject("e")]),
    ]


def reject(export_id):
    return {"export_id": export_id, "record_no": 9, "table": "incidents", "reason": "no moment", "raw": "{}"}


def shown(logs):
    """Everything logs show, but for when it was read."""
    return {name: plain(frame.drop(columns="ingested_at", errors="ignore")) for name, frame in logs.tables.items()}


def table(name, rows):
    """Rows of one canonical table; columns not stated are null."""
    schema = tables.TABLES[name].schema
    moments = {f.name for f in schema if f.type == tables.MOMENT}
    known = [{k: moment(v) if k in moments and v is not None else v for k, v in row.items()} for row in rows]
    assert all(set(row) <= set(schema.names) for row in known)
    return pa.Table.from_pylist(known, schema=schema)


def moment(text):
    return read_moment(text)


def whole(readings):
    """All versions of all rows of some readings, as `make_logs` takes them."""
    parts = {name: [tables.empty(name)] for name in tables.TABLES}
    for one in readings:
        for name, rows in {**one.tables, "rejects": one.rejects}.items():
            parts[name].append(rows)
        parts["exports"].append(pa.Table.from_pylist([one.export], schema=tables.EXPORTS.schema))
    return {name: pa.concat_tables(part) for name, part in parts.items()}


def plain(frame):
    """A frame's rows as dicts of plain values: moments as text, unknown as None; unknown columns left out."""
    return [{k: _text(v) for k, v in row.items() if _known(v)} for row in frame.to_dict("records")]


def _known(value):
    return isinstance(value, (list, tuple)) or not pd.api.types.is_scalar(value) or not pd.isna(value)


def _text(value):
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    return value
