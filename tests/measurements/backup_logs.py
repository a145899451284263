"""Backups and exports as the tables in hand have them, from short descriptions in hours."""

import pandas as pd
import pyarrow as pa

from continuity_analysis import tables
from continuity_analysis.catalog import read_catalog
from continuity_analysis.logs.in_hand import Logs, service_kind
from continuity_analysis.logs.opening import _with_services, make_logs

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
    exports = [export()] if exports is None else exports
    seen = {e["export_id"]: e["observed_at"] for e in exports}
    rows = [{"record_no": i, "observed_at": seen.get(r["export_id"])} | r for i, r in enumerate(rows, 1)]
    given = {"backups": rows, "exports": exports, **others}
    source = {name: tables.empty(name) for name in tables.TABLES}
    source |= {name: pa.Table.from_pylist(_timed(r), schema=tables.TABLES[name].schema) for name, r in given.items()}
    catalog = read_catalog(catalog)
    if _settled(given, as_of):
        return _quick(source, catalog, at(as_of if as_of is not None else max(seen.values(), default=None)))
    return make_logs(source, as_of=at(as_of), catalog=catalog, timezone=None, origin="test")


def _settled(given, as_of):
    """Whether there is nothing to join, to sight or to cut, so that the tables in hand are the rows themselves."""
    moments = [v for rows in given.values() for r in rows for k, v in r.items() if k in MOMENTS and k != "expires_at"]
    latest = max((m for m in moments if m is not None), default=0)
    listings = any(e["export_kind"] == "listing" for e in given["exports"])
    return not listings and latest <= (as_of if as_of is not None else max(_observed(given), default=0))


def _observed(given):
    return [e["observed_at"] for e in given["exports"]]


def _quick(source, catalog, as_of):
    frames = {name: tables.to_frame(table) for name, table in source.items()}
    frames["backups"] = _never_listed(frames["backups"])
    frames = {name: _with_services(name, f, catalog) if service_kind(name) else f for name, f in frames.items()}
    frames |= {"incomplete": pd.DataFrame(columns=["table", "lacks", "key"]), "skipped": pd.DataFrame()}
    return Logs(frames, catalog, pd.NaT if as_of is None else as_of, None, "UTC", "test")


def _never_listed(backups):
    unseen = pd.Series(pd.NaT, index=backups.index, dtype="datetime64[us, UTC]")
    return backups.assign(
        **dict.fromkeys(("first_seen_at", "last_seen_at", "removed_at"), unseen), survivors_only=False
    )


def tables_of(rows, exports=None):
    """Backups and exports as frames, each backup seen in histories only."""
    logs = logs_of(rows, exports, as_of=1e6)
    return logs.backups, logs.exports
