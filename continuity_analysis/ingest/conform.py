"""Rows of a format held against the canonical tables: cast, checked, and split into good rows and rejects.

Once for all formats, and derived from `tables.py` alone. A row breaks a rule where a value that is there does not cast
to its column's type, is not one of the words allowed, lies beyond its limits, or where a key column is null; its record
then goes to the rejects with the rule it broke. Empty text is null.
"""

import duckdb
import pyarrow as pa

from continuity_analysis.errors import FormatError
from continuity_analysis.ingest.large_tables import BATCH, gathered
from continuity_analysis.ingest.moments import UNREADABLE, first_line, named, quoted
from continuity_analysis.tables import FLAG, MOMENT, PROVENANCE, REAL, TABLES, TEXT, WHOLE, Column, Table

_SQL_TYPES = {MOMENT: "TIMESTAMPTZ", TEXT: "VARCHAR", WHOLE: "BIGINT", REAL: "DOUBLE", FLAG: "BOOLEAN"}
STAMPED = {c.name for c in PROVENANCE} - {"record_no", "observed_at"}


def conform(con: duckdb.DuckDBPyConnection, name: str, select: str, *, asset: str | None = None) -> pa.Table:
    """Run a format's `select` for the table `name` and hold its rows against the table's rules.

    Rows that break one are added to the table `rejected`, one per record.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        Holds the view `records` and the table `rejected` (record_no, table, reason).
    name : str
        Canonical table.
    select : str
        SQL that names canonical columns only, and record_no.
    asset : str, optional
        Stands for every row instead of the asset that the format names: many tools do not name what they protect.

    Returns
    -------
    pyarrow.Table
        The good rows, without the columns that say where they came from.

    Raises
    ------
    FormatError
        If the SQL does not run or names a column that the table does not have.
    """
    table = TABLES[name]
    try:
        con.execute(f"CREATE OR REPLACE VIEW selected AS {select}")
        given = dict(con.execute("SELECT column_name, column_type FROM (DESCRIBE selected)").fetchall())
        _check_columns(table, given)
        judged = con.sql(_judged(table, given, asset)).to_arrow_reader(BATCH)
    except duckdb.Error as error:
        raise FormatError(f"the SQL for {name} does not run: {first_line(error)}") from error
    broken: list[pa.Table] = []
    schema = pa.schema([field.with_name(field.name.removeprefix("_c_")) for field in list(judged.schema)[:-1]])
    rows = gathered(_unbroken(judged, broken, schema, name), schema)
    if broken:
        con.register("broken", pa.concat_tables(broken))
        con.execute(f"INSERT INTO rejected SELECT record_no, '{name}', min(reason) FROM broken GROUP BY record_no")
        con.unregister("broken")
    return rows


def _unbroken(judged: pa.RecordBatchReader, broken: list[pa.Table], schema: pa.Schema, name: str):
    """Batches of the rows that break no rule; of the others, number and reason are added to `broken`."""
    number = judged.schema.get_field_index("_c_record_no")
    try:
        for batch in judged:
            reason = batch.column(batch.num_columns - 1)
            if reason.null_count < len(reason):
                bad = batch.filter(reason.is_valid())
                columns = [bad.column(number), bad.column(bad.num_columns - 1)]
                broken.append(pa.table(columns, names=["record_no", "reason"]))
                batch = batch.filter(reason.is_null())
            yield pa.RecordBatch.from_arrays(batch.columns[:-1], schema=schema)
    except OSError as error:  # what DuckDB raises through Arrow
        raise FormatError(f"the SQL for {name} does not run: {first_line(error)}") from error


def _judged(table: Table, given: dict[str, str], asset: str | None) -> str:
    """SQL of the cast rows of `selected`, each with the first rule it breaks."""
    stated = {"asset": asset} if asset is not None and "asset" in table.names else {}
    cast = ", ".join(_cast(c, given, stated.get(c.name)) for c in _columns(table))
    kept = ", ".join(map(_kept, _columns(table)))
    return f"SELECT {kept}, {_breaks(table, given)} AS _broken FROM (SELECT *, {cast} FROM selected)"


def _columns(table: Table) -> list[Column]:
    """The columns a format fills itself; the engine adds the others."""
    return [c for c in table.all_columns if c.name not in STAMPED]


def _check_columns(table: Table, given: dict[str, str]) -> None:
    if "record_no" not in given:
        raise FormatError(f"the SQL for {table.name} must select record_no")
    known = {c.name: c for c in _columns(table)}
    for name, kind in given.items():
        if name not in known:
            raise FormatError(f"the SQL for {table.name} names {name!r}, expected one of {', '.join(known)}")
        if known[name].type == MOMENT and kind == "TIMESTAMP":
            raise FormatError(f"the SQL for {table.name} gives {name} without a zone: use moment() or epoch_s()")


def _cast(column: Column, given: dict[str, str], stated: str | None) -> str:
    """SQL of the cast value, called `_c_<name>`."""
    if column.name not in given and stated is None:
        return f"NULL::{_SQL_TYPES.get(column.type, 'BIGINT[]')} AS {_kept(column)}"
    value, kind = named(column.name), given.get(column.name, "VARCHAR")
    text = f"trimmed({value})"
    if stated is not None:
        cast = quoted(stated)
    elif column.type == TEXT:
        cast = text
    elif column.type == MOMENT:
        cast = value if kind == "TIMESTAMP WITH TIME ZONE" else f"moment({value})"
    elif column.type == WHOLE:
        cast = f"whole({value})"
    elif column.type == REAL:
        number = f"try_cast({text} AS DOUBLE)"
        cast = f"CASE WHEN isfinite({number}) THEN {number} END"
    elif column.type == FLAG:
        cast = f"try_cast({text} AS BOOLEAN)"
    else:
        cast = f"try_cast({value} AS BIGINT[])"
    return f"{cast} AS {_kept(column)}"


def _kept(column: Column) -> str:
    return named(f"_c_{column.name}")


_EXPECTED = {
    MOMENT: "a moment with its offset from UTC, such as 2026-01-31T12:00:00Z",
    WHOLE: "a whole number",
    REAL: "a number",
    FLAG: "true or false",
}


def _breaks(table: Table, given: dict[str, str]) -> str:
    """SQL of the first rule a row breaks, as a sentence, or null."""
    rules = []
    for column in _columns(table):
        cast, value = _kept(column), named(column.name)
        got = f"|| '; got ''' || left(CAST({value} AS VARCHAR), 200) || ''''"
        if column.name in given and column.type != TEXT:
            expected = quoted(f"{column.name}: expected {_EXPECTED.get(column.type, 'a list of whole numbers')}")
            if column.type == MOMENT:
                shown = f"CASE WHEN {cast} = {UNREADABLE} AND CAST({value} AS VARCHAR) = '-infinity' "
                rules.append((f"{cast} = {UNREADABLE}", f"{expected} || {shown} THEN '' ELSE '' {got} END"))
            else:
                rules.append((f"{cast} IS NULL AND trim(CAST({value} AS VARCHAR)) <> ''", f"{expected} {got}"))
        if column.values and column.name in given:
            words = ", ".join(map(quoted, column.values))
            expected = quoted(f"{column.name}: expected one of {', '.join(column.values)}")
            rules.append((f"{cast} NOT IN ({words})", f"{expected} {got}"))
        for limit, sign, word in ((column.low, "<", "least"), (column.high, ">", "most")):
            if limit is not None and column.name in given:
                expected = quoted(f"{column.name}: expected at {word} {limit:g}")
                rules.append((f"{cast} {sign} {limit}", f"{expected} {got}"))
        if column.name in table.key and column.name != "observed_at":
            rules.append((f"{cast} IS NULL", quoted(f"{column.name}: expected a value, got none")))
    whens = " ".join(f"WHEN {condition} THEN {sentence}" for condition, sentence in rules)
    return f"CASE {whens} END"
