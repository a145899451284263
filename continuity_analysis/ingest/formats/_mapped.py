"""Tables of the user's own through a mapping of their columns: one piece of SQL for CSV, JSON and Parquet."""

from dataclasses import replace

from continuity_analysis import tables
from continuity_analysis.catalog import Source
from continuity_analysis.errors import InputError
from continuity_analysis.ingest.formats import _durations
from continuity_analysis.ingest.heads import Head
from continuity_analysis.ingest.mapped_names import check_names, path_of
from continuity_analysis.ingest.moments import UNREADABLE, named, quoted
from continuity_analysis.tables import FLAG, MOMENT, REAL, WHOLE, Column

MISSING = ("", "?", "-", "--", "n/a", "#n/a", "na", "null", "(null)", "none", "(none)", "nan", "undefined", "\\n")
WORDS = {
    "open": ("new", "active", "in progress", "on hold", "pending", "acknowledged", "triggered", "investigating"),
    "resolved": ("closed", "done", "solved", "fixed", "resolved/closed"),
    "cancelled": ("canceled",),
    "completed": ("success", "successful", "succeeded", "ok", "done", "warning"),
    "failed": ("failure", "error"),
    "aborted": ("cancelled", "canceled"),
    "running": ("in progress", "started"),
    "incremental": ("incr", "increment"),
    "differential": ("diff",),
    "update": ("change", "release"),
}
FLAGS = {
    "true": ("x", "ja", "si", "sí", "sì", "oui", "planned", "maintenance", "scheduled"),
    "false": ("nein", "non", "unplanned", "incident", "emergency"),
}
TOTALS = "(grand )?totals?|sum|summe|gesamt(summe)?|totale?s?( general| général)?|totaux|suma"
_DEFAULTS = {"location": "'not stated'", "observed_at": "NULL"}


def recognises(head: Head) -> bool:
    """Never by itself: only `sources` of the catalogue, or --format with it, can say what the columns are."""
    return False


def of_source(made, source: Source, head: Head):
    """The format that one entry of `sources` describes, after `made`: csv_mapped, json_mapped or parquet_mapped.

    Raises
    ------
    InputError
        If the entry does not say enough, or names what the file does not have.
    """
    if not source.table or not source.columns:
        raise InputError("a mapping needs `table` and `columns` in `sources` of the catalogue")
    table = tables.TABLES[source.table]
    columns = {c.name: c for c in table.all_columns if c.name in source.columns}
    check_names(source, head)
    _check_key(source, table.key)
    fields = {name: (path_of(source.columns[name], head),) for name in columns}
    if source.duration:
        fields[_durations.FIELD] = (path_of(source.duration.column, head),)
    naive = tuple(name for name, column in columns.items() if column.type == MOMENT)
    return replace(
        made,
        product=source.product or made.product,
        keys=(source.records,) if source.records else made.keys,
        fields=fields,
        export="listing" if source.complete else made.export,
        naive=naive,
        ignores={"a row of totals": _is_total(table.key, columns, naive)},
        rejects=_durations.rejects(source.duration, known_text(_durations.FIELD), source.decimal),
        tables={source.table: _statement(columns, source)},
    )


def _check_key(source: Source, key: tuple[str, ...]) -> None:
    stated = {name for name in ("asset", "component") if getattr(source, name)}
    absent = [k for k in key if k not in source.columns and k not in stated and k not in _DEFAULTS]
    if absent:
        raise InputError(f"columns: a row of {source.table} needs {', '.join(absent)} as well: name the header of each")


def _is_total(key: tuple[str, ...], columns: dict[str, Column], naive: tuple[str, ...]) -> str:
    """SQL: whether a record adds up those above it: a word for totals where its id should be, and no moment."""
    words = [f"regexp_full_match(lower(trim({n})), '({TOTALS}):?')" for n in key if n in columns]
    moments = [f"{known_text(n)} IS NULL" for n in naive]
    return f"({' OR '.join(words) or 'false'}) AND {' AND '.join(moments) or 'false'}"


def _statement(columns: dict[str, Column], source: Source) -> str:
    """SQL: what is missing made null, then moments of what is text or a number, then the values of the table."""
    told = [f"{known_text(name)} AS {name}" for name in columns]
    told += [f"{known_text(_durations.FIELD)} AS {_durations.FIELD}"] if source.duration else []
    moments = [f"{_moment(name)} AS {name}" for name, column in columns.items() if column.type == MOMENT]
    chosen = {name: _value(column, source) for name, column in columns.items()} | _stated(columns, source)
    chosen |= _durations.ends(source, chosen)
    select = ", ".join(["record_no", *(f"{value} AS {name}" for name, value in chosen.items())])
    replaced = f"REPLACE ({', '.join(moments)})" if moments else ""
    return f"""
        WITH known AS (SELECT record_no, {", ".join(told)} FROM records),
        dated AS (SELECT * {replaced} FROM known)
        SELECT {select} FROM dated"""


def _stated(columns: dict[str, Column], source: Source) -> dict[str, str]:
    """Column to SQL of what follows from other columns, or stands in the entry for the whole file."""
    stated = {
        f"{name}_reported": name
        for name in ("severity", "cause")
        if name in columns and f"{name}_reported" not in columns
    }
    for name in ("asset", "component"):
        if (value := getattr(source, name)) and name in tables.TABLES[source.table].names and name not in columns:
            stated[name] = quoted(value)
    if source.table == "backups" and "location" not in columns:
        stated["location"] = _DEFAULTS["location"]
    return stated


def known_text(name: str) -> str:
    """SQL of a cell, null where it is a marker of what is missing."""
    cell = f"trim({named(name)})"
    missing = f"lower({cell}) IN ({', '.join(map(quoted, MISSING))}) OR starts_with({cell}, '0000-00-00')"
    return f"CASE WHEN NOT ({missing}) THEN {cell} END"


def _moment(name: str) -> str:
    """SQL of a moment: text, or a number since 1970 in seconds or (by its digits) in ms, us or ns; 1970 is null."""
    micros = " ".join(
        f"WHEN regexp_full_match({name}, '[0-9]{{{digits}}}([.]0*)?') "
        f"THEN epoch_s(try_cast({name} AS DECIMAL(38, 9)) / {power})"
        for digits, power in ((13, 1000), (16, 1000000), (19, 1000000000))
    )
    read = (
        f"CASE WHEN regexp_full_match({name}, '[0-9]{{10}}([.][0-9]*)?') THEN epoch_s({name}) {micros} "
        f"WHEN regexp_full_match({name}, '0([.]0*)?') THEN NULL ELSE moment({name}) END"
    )
    return (
        f"list_transform([{read}], lambda m: CASE WHEN m <= {UNREADABLE} OR m >= '1970-01-02'::TIMESTAMPTZ THEN m END)"
        "[1]"
    )


def _value(column: Column, source: Source) -> str:
    known = column.name
    if column.name == "severity":
        return f"regexp_extract({known}, '(?:^|[^0-9])([1-5])(?:[^0-9]|$)', 1)"
    if column.type in (WHOLE, REAL):
        return number(known, source.decimal)
    if column.type == FLAG:
        whens = (f"WHEN lower({known}) IN ({', '.join(map(quoted, w))}) THEN '{flag}'" for flag, w in FLAGS.items())
        return f"CASE {' '.join(whens)} ELSE {known} END"
    if column.name in ("asset", "component") and (stated := getattr(source, column.name)):
        return f"coalesce({known}, {quoted(stated)})"
    if column.name == "cause":
        classes = ", ".join(map(quoted, column.values))
        return f"CASE WHEN {_word(column, known)} IN ({classes}) THEN {_word(column, known)} END"
    return _word(column, known) if column.values else known


def number(known: str, decimal: str) -> str:
    """SQL of the text of a number with a decimal point."""
    return f"replace(replace({known}, '.', ''), ',', '.')" if decimal == "," else known


def _word(column: Column, known: str) -> str:
    """SQL of a word as the canonical tables have it; a word that nobody knows stays and is rejected."""
    whens = " ".join(
        f"WHEN lower({known}) IN ({', '.join(map(quoted, words))}) THEN {quoted(word)}"
        for word, words in WORDS.items()
        if word in column.values
    )
    plain = f"replace(replace(lower({known}), ' ', '_'), '-', '_')"
    return f"CASE {whens} ELSE {plain} END" if whens else plain
