"""What a reading says about its file: the moment it speaks of, and the time it can vouch for.

`observed_at` is what was told (`as_of`), else the file's own stamp, else the latest moment among its rows that must
have passed when it was written: plans are left out (expiry, announced windows, rows that are only scheduled, the ends
of maintenance not yet said to be over). Never the file's modification time, never the clock.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import duckdb
import pyarrow as pa

from continuity_analysis.ingest.account import Account
from continuity_analysis.ingest.moments import UNREADABLE, named, single
from continuity_analysis.ingest.sources import Job
from continuity_analysis.tables import MOMENT, TABLES

PLANS = ("expires_at", "scheduled_from_at", "scheduled_until_at")
_ONLY_PAST = {
    "incidents": "coalesce(status, '') <> 'scheduled'",
    "changes": "coalesce(kind, '') <> 'maintenance' OR coalesce(status, '') IN ('completed', 'failed')",
}
_BEGINS = ("recovery_point_at", "covers_from_at", "started_at", "from_at", "minute_at", "observed_at")
SEVERAL = 3
_ALWAYS_PAST = ("updated_at",)
_ELSEWHERE = {"recoveries": ("recovery_point_at",)}


def describe(con: duckdb.DuckDBPyConnection, job: Job, account: Account, *, as_of: datetime | None) -> dict:
    """The row of `exports` for one reading; all that `reading` and the store add is null.

    It covers, as events or a window of them, from its earliest moment, and as a listing from its oldest survivor, up to
    `observed_at`; a list of what is open, and a glance, vouch for no time at all. A window of several incidents none of
    which has ended is a list of what is open.
    """
    rows, made = account.rows, job.made
    observed = as_of or (made.observed and own_stamp(con)) or latest_past(con, rows)
    kind = "open_only" if made.export == "window" and _nothing_ended(con, rows) else made.export
    nothing = kind in ("open_only", "glance")
    return {
        **{c.name: None for c in TABLES["exports"].columns},
        **{name: getattr(account, name) for name in ("records", "used", "ignored", "rejected")},
        "export_id": _fingerprint([part.file.fingerprint for part in job.parts]),
        "product": made.product,
        "format": made.name,
        "export_kind": kind,
        "origin": job.name,
        "scope": job.source.scope or _scope(con, made.scope),
        "complete": job.source.complete,
        "observed_at": observed,
        "covers_from_at": None if nothing else earliest(con, rows, survivors=made.export == "listing"),
        "covers_until_at": None if nothing else observed,
    }


def _fingerprint(digests: list[str]) -> str:
    """sha256 of one file, or of the digests of several."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


def _nothing_ended(con, tables: Mapping[str, pa.Table]) -> bool:
    """Whether there are several incidents and all of them are open."""
    if "incidents" not in tables:
        return False
    con.register("looked_at", tables["incidents"])
    several = f"count(*) >= {SEVERAL} AND bool_and(coalesce(status, 'open') = 'open' AND restored_at IS NULL)"
    found = single(con, f"SELECT {several} FROM looked_at")
    con.unregister("looked_at")
    return bool(found)


def _scope(con, field: str | None) -> str | None:
    if field is None:
        return None
    column = named(field)
    return single(con, f"SELECT {column} FROM found WHERE {column} NOT NULL ORDER BY record_no LIMIT 1")


def own_stamp(con: duckdb.DuckDBPyConnection):
    """The latest stamp the file puts on itself, or None.

    Where an object stands there, that is the latest of its values that are moments; of ignored records, which may hold
    plans, none counts.
    """
    values = "regexp_extract_all(_observed, ':\\s*\"([0-9-]{10}T[0-9:.]{8,}Z)\"', 1)"
    stamp = (
        "CASE WHEN regexp_full_match(_observed, '[0-9]{9,11}([.][0-9]*)?') THEN epoch_s(_observed) "
        f"WHEN starts_with(_observed, '{{') THEN list_max(list_transform({values}, lambda x: moment(x))) "
        "ELSE moment(_observed) END"
    )
    fit = "NOT starts_with(_observed, '{') OR record_no NOT IN (SELECT record_no FROM sorted_out)"
    query = f"SELECT max(stamp) FROM (SELECT {stamp} AS stamp FROM found WHERE {fit}) WHERE stamp > {UNREADABLE}"
    return single(con, query)


def latest_past(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]):
    """The latest moment among the rows that is no plan, or None."""
    return _extreme(con, tables, "max", _past_columns)


def earliest(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], *, survivors: bool):
    """The earliest moment among the rows, or None; of survivors only the begins and recovery points count."""
    return _extreme(con, tables, "min", _begin_columns if survivors else _own_columns)


def _past_columns(name: str) -> dict[str, str]:
    """Moment columns of a table that have passed, each with the condition under which that is so."""
    condition = _ONLY_PAST.get(name, "true")
    moments = [c.name for c in TABLES[name].all_columns if c.type == MOMENT and c.name not in PLANS]
    found = {c: "true" if c in _ALWAYS_PAST else condition for c in moments}
    if name == "incidents":
        found["started_at"] = begun_condition(name)
    return found


def begun_condition(name: str) -> str:
    """SQL: whether a row of a table is more than a plan, so that its begin must have passed when it was written."""
    begun = " AND coalesce(started_basis, '') <> 'schedule'" if name == "incidents" else ""
    return _ONLY_PAST.get(name, "true") + begun


def _own_columns(name: str) -> dict[str, str]:
    """Past moments of what a row itself is about: a recovery says nothing of the time its data is from."""
    return {c: condition for c, condition in _past_columns(name).items() if c not in _ELSEWHERE.get(name, ())}


def _begin_columns(name: str) -> dict[str, str]:
    past = _past_columns(name)
    return {c: past[c] for c in _BEGINS if c in past}


def _extreme(con, tables: Mapping[str, pa.Table], which: str, columns_of):
    found = []
    for name, rows in tables.items():
        con.register("looked_at", rows)
        parts = [f"{which}({named(c)}) FILTER ({condition})" for c, condition in columns_of(name).items()]
        if parts:
            word = "greatest" if which == "max" else "least"
            found.append(single(con, f"SELECT {word}({', '.join(parts)}) AS x FROM looked_at"))
        con.unregister("looked_at")
    return (max if which == "max" else min)((v for v in found if v is not None), default=None)
