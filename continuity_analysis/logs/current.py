"""The current row of everything: what all exports together say, whatever their order and however often they were read.

1. Within one format, the newest version of a record speaks, whole, its nulls included: a reopened incident is open
   again, and one that moved to another component leaves no row behind.
2. Where exports are histories of events (`EXPORT = "events"`), no record is whole: they are joined column by column,
   the earliest moment where the first one counts, the newest value elsewhere. What an event says of a component that
   the incident has left meanwhile counts for the components it has now.
3. Across the formats of one product, the newest value that is not null speaks, column by column; of the same moment
   a whole record before an event (a merged incident's last entry says no more than that it was resolved).
"""

import pyarrow as pa

from continuity_analysis.logs.courses import COURSES
from continuity_analysis.store.arrow_sql import ask, columns
from continuity_analysis.tables import TABLES, Table


def current_rows(table_name: str, rows: pa.Table, exports: pa.Table) -> pa.Table:
    """One row per key, as the newest exports have it.

    Parameters
    ----------
    table_name : str
        A canonical table of evidence.
    rows : pyarrow.Table
        What was ever read, in the table's schema: any order, any number of versions and repetitions.
    exports : pyarrow.Table
        Columns `export_id` and `export_kind` of the exports the rows came from.

    Returns
    -------
    pyarrow.Table
        In the table's schema, ordered by begin, product and key. Each row carries the origin of the newest record
        that speaks in it.
    """
    table = TABLES[table_name]
    if not len(rows):
        return table.schema.empty_table()
    answer = ask(_statement(table), rows=rows, exports=exports.select(["export_id", "export_kind"]))
    return answer.select(table.names).cast(table.schema)


def incomplete_rows(table_name: str, rows: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Current rows that have all required columns, and an account of those that lack one.

    Parameters
    ----------
    table_name : str
    rows : pyarrow.Table
        Result of `current_rows`.

    Returns
    -------
    complete : pyarrow.Table
    incomplete : pyarrow.Table
        Columns `table`, `product`, `key`, `lacks`, `export_id`, `record_no`.
    """
    table = TABLES[table_name]
    whole = " AND ".join(f'"{c}" IS NOT NULL' for c in table.required) or "true"
    key = " || ', ' || ".join(f"'{k} ' || coalesce(\"{k}\"::VARCHAR, 'unknown')" for k in table.key)
    lacks = ", ".join(f"CASE WHEN \"{c}\" IS NULL THEN '{c}' END" for c in table.required) or "NULL"
    account = ask(
        f"SELECT '{table_name}' AS \"table\", product, {key} AS \"key\", concat_ws(', ', {lacks}) AS lacks,"
        f" export_id, record_no FROM rows WHERE NOT ({whole})",
        rows=rows,
    )
    return (ask(f"SELECT * FROM rows WHERE {whole}", rows=rows).cast(table.schema) if len(account) else rows), account


def _statement(table: Table) -> str:
    """The one statement that turns `rows` and `exports` into the current rows of `table`."""
    key = columns(("product", *table.key))
    order = f"{COURSES[table.name].begin} NULLS LAST, {key}" if table.name in COURSES else key
    values = ", ".join(f'arg_max("{c}", age) AS "{c}"' for c in table.names if c not in ("product", *table.key))
    histories = any(c.earliest for c in table.columns)
    return f"""
    WITH said AS ({_said(histories, table)}),
    newest AS ({_newest(table)}),
    {_histories(table) if histories else "speaking AS (SELECT * FROM newest),"}
    aged AS (
        SELECT *, row_number() OVER (
            PARTITION BY {key}
            ORDER BY changed NULLS FIRST, NOT history, observed_at NULLS FIRST, export_id, record_no,
                     {columns(table.names)}
        ) AS age FROM speaking
    ),
    joined AS (SELECT {key}, {values} FROM aged GROUP BY {key})
    SELECT {_settled(table)} FROM joined ORDER BY {order}
    """


def _said(histories: bool, table: Table) -> str:
    changed = "coalesce(updated_at, observed_at)" if "updated_at" in table.names else "observed_at"
    if not histories:
        return f"SELECT *, {changed} AS changed, false AS history FROM rows"
    kinds = "SELECT export_id, bool_or(export_kind = 'events') AS history FROM exports GROUP BY export_id"
    return (
        f"SELECT rows.*, {changed} AS changed, coalesce(kinds.history, false) AS history"
        f" FROM rows LEFT JOIN ({kinds}) AS kinds ON rows.export_id = kinds.export_id"
    )


def _newest(table: Table) -> str:
    """Rows of the record (or file) that holds the newest version of each unit."""
    unit = list(columns(table.key).split(", "))
    if table.together:
        unit = [f'"{table.together}"'] + [
            f'CASE WHEN "{table.together}" IS NULL THEN "{k}" END' for k in table.key if k != table.together
        ]
    origin = ("export_id",) if table.version_of == "export" else ("export_id", "record_no")
    same = " AND ".join(f"{c} IS NOT DISTINCT FROM first_value({c}) OVER versions" for c in origin)
    return f"""
        SELECT * FROM said WHERE NOT history
        WINDOW versions AS (
            PARTITION BY product, format, {", ".join(unit)}
            ORDER BY changed DESC NULLS LAST, observed_at DESC NULLS LAST, export_id DESC, record_no DESC
        ) QUALIFY {same}"""


def _histories(table: Table) -> str:
    """Rows of histories, moved to where their incident is now, the earliest of a moment standing for all of it."""
    (place,) = (k for k in table.key if k != table.together)
    unit, key = columns(("product", table.together)), columns(("product", "format", *table.key))
    earliest = ", ".join(
        f'CASE WHEN "{c.name}" IS NOT NULL THEN min("{c.name}") OVER (PARTITION BY {key}) END AS "{c.name}"'
        for c in table.columns
        if c.earliest
    )
    return f"""
    places AS (SELECT {unit}, list(DISTINCT "{place}") AS now FROM newest GROUP BY {unit}),
    moved AS (
        SELECT said.* REPLACE (
            unnest(CASE WHEN now IS NULL OR list_contains(now, said."{place}") THEN [said."{place}"] ELSE now END)
            AS "{place}"
        ) FROM said LEFT JOIN places USING ({unit}) WHERE history
    ),
    speaking AS (SELECT * FROM newest UNION ALL BY NAME SELECT * REPLACE ({earliest}) FROM moved),"""


def _settled(table: Table) -> str:
    """What is open or only announced has not ended, whatever an older record says; the announced begins as planned."""
    if table.name != "incidents":
        return "*"
    ends = ("restored_at", "restored_basis", "closed_at")
    cleared = ", ".join(f"CASE WHEN status IN ('open', 'scheduled') THEN NULL ELSE {c} END AS {c}" for c in ends)
    return f"""* REPLACE ({cleared},
        CASE WHEN status = 'scheduled' THEN coalesce(started_at, scheduled_from_at) ELSE started_at END AS started_at,
        CASE WHEN status = 'scheduled' AND started_at IS NULL AND scheduled_from_at IS NOT NULL THEN 'schedule'
             ELSE started_basis END AS started_basis)"""
