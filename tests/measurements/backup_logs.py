"""Backups and exports as the tables in hand have them, from short descriptions in hours."""

import pandas as pd
import pyarrow as pa

from continuity_analysis import tables
from continuity_analysis.catalog import read_catalog
from continuity_analysis.logs.opening import make_logs

ORIGIN = pd.Timestamp("2026-07-01", tz="UTC")
MOMENTS = {c.name for t in tables.TABLES.values() for c in t.all_columns if c.type == tables.MOMENT}


def at(hours):
    """The moment so many hours after the origin; None is unknown."""
    return None if hours is None else ORIGIN + pd.Timedelta(hours=hours)


def hours(moments):
    """Hours after the origin."""
    return ((pd.to_datetime(moments) - ORIGIN) / pd.Timedelta(hours=1)).tolist()


def export(export_id="history", *, kind="events", since=0, until=1000, **more):
    """One export of backups; `more` overrides any column."""
    row = {"export_id": export_id, "product": "tool", "format": "tool_runs", "export_kind": kind, "origin": export_id}
    return row | {"scope": "all", "observed_at": until, "covers_from_at": since, "covers_until_at": until} | more


def backup(backup_id, started=None, finished=None, point=None, **more):
    """One backup of asset "db"."""
    row = {"backup_id": backup_id, "asset": "db", "method": "full", "status": "completed", "location": "store"}
    row |= {"started_at": started, "finished_at": finished, "recovery_point_at": point}
    return {"product": "tool", "format": "tool_runs", "export_id": "history", **row, **more}


def _timed(rows):
    return [{k: at(v) if k in MOMENTS else v for k, v in row.items()} for row in rows]


def logs_of(rows, exports=None, *, catalog=None, as_of=None, **others):
    """Logs of backups (and other tables) described by `backup`, `export` and mappings like them."""
    source = {name: tables.empty(name) for name in tables.TABLES}
    exports = [export()] if exports is None else exports
    seen = {e["export_id"]: e["observed_at"] for e in exports}
    rows = [{"record_no": i, "observed_at": seen.get(r["export_id"])} | r for i, r in enumerate(rows, 1)]
    for name, given in {"backups": rows, "exports": exports, **others}.items():
        source[name] = pa.Table.from_pylist(_timed(given), schema=tables.TABLES[name].schema)
    return make_logs(source, as_of=at(as_of), catalog=read_catalog(catalog), timezone=None, origin="test")


def tables_of(rows, exports=None):
    """Backups and exports as frames, each backup seen in histories only; quicker than `logs_of`."""
    exports = [export()] if exports is None else exports
    given = {"backups": [{"record_no": i} | r for i, r in enumerate(rows, 1)], "exports": exports}
    arrow = [pa.Table.from_pylist(_timed(rows), schema=tables.TABLES[name].schema) for name, rows in given.items()]
    frames = [tables.to_frame(table) for table in arrow]
    unseen = pd.Series(pd.NaT, index=frames[0].index, dtype="datetime64[us, UTC]")
    seen = dict.fromkeys(("first_seen_at", "last_seen_at", "removed_at"), unseen)
    return frames[0].assign(**seen, survivors_only=False), frames[1]
