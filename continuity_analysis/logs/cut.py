"""The tables as things stood at a moment: `as_of` cuts by when things *happened*, not by when they were read.

Later moments become null, a status reached later goes back to open or running, what had not begun is left out; plans
(expiry, announced windows) stay. What an export vouches for, it vouches for up to `as_of` at most.
"""

import pandas as pd
import pyarrow as pa

from continuity_analysis.logs.courses import COURSES, PLANS, Course
from continuity_analysis.store.arrow_sql import ask, moment
from continuity_analysis.tables import MOMENT

_VOUCHED = ("observed_at", "covers_until_at")


def cut_rows(table_name: str, rows: pa.Table, *, as_of) -> pa.Table:
    """Rows of one table as they stood at `as_of`.

    A log chunk that was still growing held data up to `as_of`. Planned work that had not begun is scheduled. A
    cancelled incident stays cancelled: that is a judgement on the record, not an event.

    Parameters
    ----------
    table_name : str
        A canonical table of evidence, or `exports`.
    rows : pyarrow.Table
    as_of : pandas.Timestamp
        In UTC. Null (no export says when it was made) leaves everything as it is.

    Returns
    -------
    pyarrow.Table
        With the columns and the order of `rows`.
    """
    if pd.isna(as_of):
        return rows
    course, names = COURSES[table_name], rows.schema.names
    keep = f"{course.begin} <= as_of OR {course.begin} IS NULL"
    if "scheduled_from_at" in names:
        keep += " OR scheduled_from_at IS NOT NULL"
    statement = f"""
    WITH dated AS (SELECT rows.*, as_of FROM rows CROSS JOIN cut),
    prepared AS (SELECT * {_replace(_FIRST.get(table_name, {}))} FROM dated)
    SELECT * EXCLUDE (as_of) {_replace(_changes(rows.schema, course))} FROM prepared WHERE {keep}
    """
    return ask(statement, rows=rows, cut=moment("as_of", as_of)).cast(rows.schema)


def _replace(changes: dict[str, str]) -> str:
    values = ", ".join(f'{expression} AS "{name}"' for name, expression in changes.items())
    return f"REPLACE ({values})" if values else ""


def _changes(schema: pa.Schema, course: Course) -> dict[str, str]:
    """Column -> SQL for its value at `as_of`."""
    kept = (*PLANS, "ingested_at", *(("started_at",) if "scheduled_from_at" in schema.names else ()))
    moments = [f.name for f in schema if f.type == MOMENT and f.name not in kept]
    changes = {name: f"CASE WHEN {name} <= as_of THEN {name} END" for name in moments}
    changes |= {name: _at_most(name) for name in _VOUCHED if name in schema.names}
    for source, dependents in course.depends.items():
        changes |= {name: f"CASE WHEN {source} > as_of THEN NULL ELSE {name} END" for name in dependents}
    if course.ends:
        later = " ".join(f"WHEN status = '{s}' AND {course.end(s)} > as_of THEN '{course.before}'" for s in course.ends)
        changes["status"] = f"CASE {later} ELSE status END"
    return changes


def _at_most(name: str) -> str:
    return f"CASE WHEN {name} > as_of THEN as_of ELSE {name} END"


_growing = "method = 'log' AND covers_from_at <= as_of AND coalesce(started_at <= covers_from_at, true)"

# what is changed before the general rule applies
_FIRST = {
    "incidents": {
        "started_at": "CASE WHEN started_at > as_of THEN coalesce(scheduled_from_at, started_at) ELSE started_at END",
        "started_basis": "CASE WHEN started_at > as_of THEN 'schedule' ELSE started_basis END",
        "status": (
            "CASE WHEN started_at > as_of AND status IS DISTINCT FROM 'cancelled' THEN 'scheduled' ELSE status END"
        ),
    },
    "backups": {
        name: f"CASE WHEN {_growing} THEN {_at_most(name)} ELSE {name} END"
        for name in ("recovery_point_at", "finished_at")
    },
}
