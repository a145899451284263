"""The records of a reading sorted into used, ignored and rejected, and their rows gathered."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from continuity_analysis.errors import FormatError
from continuity_analysis.ingest.conform import conform
from continuity_analysis.ingest.moments import named, quoted, single
from continuity_analysis.ingest.registry import SPECIAL, Format

NO_FIELD = "none of the fields of the format stands in it"


@dataclass(frozen=True)
class Account:
    """Rows per table (still without origin), rejected records as (record_no, table, reason), and the counts."""

    rows: dict[str, pa.Table]
    rejected: list[tuple[int, str, str]]
    records: int
    ignored_reasons: dict[str, int]

    @property
    def ignored(self) -> int:
        """Number of ignored records."""
        return sum(self.ignored_reasons.values())

    @property
    def rejected_records(self) -> int:
        """Number of records with at least one reject."""
        return len({number for number, *_ in self.rejected})


def settle(con: duckdb.DuckDBPyConnection, made: Format, *, asset: str | None) -> Account:
    """Sort the table `found` by the format's rules and run its SQL over the records that are left.

    Raises
    ------
    FormatError
        If a rule or the SQL of the format does not run.
    """
    _sort_out(con, made)
    rejected = con.execute("SELECT record_no, '', reason FROM sorted_out WHERE NOT ignored").fetchall()
    ignored = dict(con.execute("SELECT reason, count(*) FROM sorted_out WHERE ignored GROUP BY 1 ORDER BY 1").fetchall())
    rows = {}
    for name, select in made.tables.items():
        done = conform(con, name, select, asset=asset)
        rows[name] = done.rows
        rejected += [(number, name, reason) for number, reason in done.broken]
    records = single(con, "SELECT count(*) FROM found")
    return Account(rows, sorted(rejected), records, ignored)


def _sort_out(con, made: Format) -> None:
    """The table `sorted_out` (record_no, ignored, reason) and the view `records` of all others."""
    fields = ", ".join(named(name) for name in made.fields)
    joined = "found LEFT JOIN pages USING (_page)" if _mentions_page(made) else "(SELECT *, NULL AS page FROM found)"
    con.execute(f"CREATE VIEW candidates AS SELECT record_no, {fields}, page, _reason FROM {joined}")
    plain = [n for n, ways in made.fields.items() if not all(w.split(".")[0] in SPECIAL for w in ways)]
    absent = " AND ".join(f"{named(n)} IS NULL" for n in plain) or "false"
    ignored = _first(made.ignores)
    rejects = _first(made.rejects)
    try:
        con.execute(f"""
            CREATE TABLE sorted_out AS SELECT * FROM (
                SELECT record_no, _reason IS NULL AND {ignored} IS NOT NULL AS ignored,
                    CASE WHEN _reason IS NOT NULL THEN _reason ELSE coalesce({ignored},
                        CASE WHEN {absent} THEN {quoted(NO_FIELD)} END, {rejects}) END AS reason
                FROM candidates) WHERE reason IS NOT NULL""")
    except duckdb.Error as error:
        raise FormatError(f"IGNORES or REJECTS do not run: {str(error).strip().splitlines()[0]}") from error
    con.execute("CREATE VIEW records AS SELECT * EXCLUDE (_reason) FROM candidates ANTI JOIN sorted_out "
                "USING (record_no)")


def _mentions_page(made: Format) -> bool:
    return any("page" in statement for statement in made.statements)


def _first(rules) -> str:
    whens = " ".join(f"WHEN {condition} THEN {quoted(reason)}" for reason, condition in rules.items())
    return f"CASE {whens} END" if whens else "NULL::VARCHAR"
