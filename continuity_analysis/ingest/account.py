"""The records of a reading sorted into used, ignored and rejected, and their rows gathered."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from continuity_analysis.errors import FormatError
from continuity_analysis.ingest.conform import conform
from continuity_analysis.ingest.moments import first_line, named, quoted, single
from continuity_analysis.ingest.registry import SPECIAL, Format

NO_FIELD = "none of the fields of the format stands in it"


@dataclass(frozen=True)
class Account:
    """Rows per table, still without where they came from, and what became of every record.

    The rejects themselves are the table `rejected` (record_no, table, reason) of the working database.
    """

    rows: Mapping[str, pa.Table]
    records: int
    used: int
    ignored_reasons: Mapping[str, int]
    rejected: int

    @property
    def ignored(self) -> int:
        """Number of ignored records."""
        return sum(self.ignored_reasons.values())


def settle(con: duckdb.DuckDBPyConnection, made: Format, *, asset: str | None) -> Account:
    """Sort the table `found` by the format's rules and run its SQL over the records that are left.

    Raises
    ------
    FormatError
        If a rule or the SQL of the format does not run.
    AssertionError
        If records are not used + ignored + rejected: an error of the program.
    """
    _sort_out(con, made)
    rows = {name: conform(con, name, select, asset=asset) for name, select in made.tables.items()}
    ignored = con.execute("SELECT reason, count(*) FROM sorted_out WHERE ignored GROUP BY 1 ORDER BY 1").fetchall()
    account = Account(
        rows,
        records=single(con, "SELECT count(*) FROM found"),
        used=single(con, "SELECT count(*) FROM records ANTI JOIN rejected USING (record_no)"),
        ignored_reasons=dict(ignored),
        rejected=single(con, "SELECT count(DISTINCT record_no) FROM rejected"),
    )
    if account.records != account.used + account.ignored + account.rejected:
        raise AssertionError(
            f"{account.records} records are not {account.used} used + {account.ignored} ignored + "
            f"{account.rejected} rejected"
        )
    return account


def _sort_out(con, made: Format) -> None:
    """The tables `sorted_out` (record_no, ignored, reason) and `rejected`, and the view `records` of all others."""
    fields = ", ".join(named(name) for name in made.fields)
    paged = any("page" in statement for statement in made.statements)
    joined = "found LEFT JOIN pages USING (_page)" if paged else "(SELECT *, NULL::VARCHAR AS page FROM found)"
    con.execute(f"CREATE VIEW candidates AS SELECT record_no, {fields}, page, _reason FROM {joined}")
    rules = [*made.ignores.items(), (NO_FIELD, _nothing(made)), *made.rejects.items()]
    whens = " ".join(f"WHEN {condition} THEN {i}" for i, (_, condition) in enumerate(rules, start=1))
    reasons = ", ".join(quoted(reason) for reason, _ in rules)
    try:
        con.execute(f"""
            CREATE TABLE sorted_out AS
            SELECT record_no, rule BETWEEN 1 AND {len(made.ignores)} AS ignored,
                coalesce(_reason, [{reasons}][rule]) AS reason
            FROM (SELECT record_no, _reason, CASE WHEN _reason IS NOT NULL THEN 0 {whens} END AS rule FROM candidates)
            WHERE rule IS NOT NULL""")
    except duckdb.Error as error:
        raise FormatError(f"IGNORES or REJECTS do not run: {first_line(error)}") from error
    con.execute('CREATE TABLE rejected (record_no BIGINT, "table" VARCHAR, reason VARCHAR)')
    con.execute("INSERT INTO rejected SELECT record_no, '', reason FROM sorted_out WHERE NOT ignored")
    con.execute(
        "CREATE VIEW records AS SELECT * EXCLUDE (_reason) FROM candidates ANTI JOIN sorted_out USING (record_no)"
    )


def _nothing(made: Format) -> str:
    """SQL: whether a record has none of the fields that are read from it."""
    plain = [n for n, ways in made.fields.items() if not all(w.split(".")[0] in SPECIAL for w in ways)]
    return " AND ".join(f"{named(n)} IS NULL" for n in plain) or "false"
