"""One reading: a file (or the files of one run together) as canonical rows, rejects and an account of both."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from continuity_analysis.ingest import clocks, exporting
from continuity_analysis.ingest.account import settle
from continuity_analysis.ingest.large_tables import constant
from continuity_analysis.ingest.records import load, with_raw_text
from continuity_analysis.ingest.sources import Job, Told
from continuity_analysis.tables import REJECTS, TABLES, empty


@dataclass(frozen=True)
class Reading:
    """What came of one file.

    Attributes
    ----------
    file : str
        Name relative to what was given; of several read together, their folder with a `/` at the end.
    format : str or None
        Name of the format that read it; None where the file was skipped.
    tables : dict of str to pyarrow.Table
        Canonical rows, cast and checked; only tables that have any.
    export : dict or None
        The row of `exports`, `ingested_at` None; None where the file was skipped.
    rejects : pyarrow.Table
        Rows of `rejects`.
    records, used, ignored, rejected : int
        The account: records = used + ignored + rejected.
    rows : dict of str to int
        Rows per table.
    reason : str or None
        Why the file was skipped.
    ignored_reasons : dict of str to int
        Ignored records by reason.
    clock_oddities : dict of str to int
        Local times that stood twice, or never, on the clock.
    """

    file: str
    format: str | None = None
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    export: Mapping | None = None
    rejects: pa.Table = field(default_factory=lambda: empty("rejects"))
    records: int = 0
    used: int = 0
    ignored: int = 0
    rejected: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    ignored_reasons: Mapping[str, int] = field(default_factory=dict)
    clock_oddities: Mapping[str, int] = field(default_factory=dict)


def make_reading(con, job: Job, told: Told) -> Reading:
    """Read the files of one job in the working database `con`.

    Raises
    ------
    InputError
        If naive times lack a zone, or dates cannot be told apart.
    FormatError
        If the format's SQL does not run.
    """
    load(con, job.made, job.parts)
    zone, oddities = _put_into_utc(con, job, told)
    account = settle(con, job.made, asset=None if job.made.of_source else job.source.asset)
    export = exporting.describe(con, job, account, as_of=told.as_of) | {
        "timezone_assumed": zone,
        "ignored_reasons": _as_json(account.ignored_reasons),
        "clock_oddities": _as_json(oddities) if oddities else None,
    }
    tables = {name: _with_origin(name, rows, export) for name, rows in account.rows.items() if rows.num_rows}
    return Reading(
        job.name,
        job.made.name,
        tables,
        export,
        _rejects(con, job, export),
        account.records,
        account.used,
        account.ignored,
        account.rejected,
        {name: rows.num_rows for name, rows in tables.items()},
        ignored_reasons=account.ignored_reasons,
        clock_oddities=oddities,
    )


def _as_json(counts: Mapping[str, int]) -> str:
    return json.dumps(counts, ensure_ascii=False)


def _put_into_utc(con, job: Job, told: Told) -> tuple[str | None, dict[str, int]]:
    """Localise naive fields; the zone that was used, where one was needed, and the oddities met."""
    if not clocks.any_naive(con, job.made.naive):
        return None, {}
    zone = told.zone_for(job.source)
    if zone is None:
        raise clocks.no_zone(job.made.naive)
    return zone, clocks.localise(con, job.made.naive, zone, dayfirst=job.source.dayfirst)


def _with_origin(name: str, rows: pa.Table, export: Mapping) -> pa.Table:
    """Canonical rows with where they came from, in the table's own schema."""
    stamps = {name: export[name] for name in ("product", "format", "export_id")}
    columns = []
    for one in TABLES[name].schema:
        if one.name in stamps:
            columns.append(constant(stamps[one.name], one.type, rows.num_rows))
        elif one.name == "observed_at" and export["observed_at"] is not None:
            columns.append(rows[one.name].cast(one.type).fill_null(pa.scalar(export["observed_at"], one.type)))
        else:
            columns.append(rows[one.name].cast(one.type))
    return pa.Table.from_arrays(columns, schema=TABLES[name].schema)


def _rejects(con, job: Job, export: Mapping) -> pa.Table:
    rows = with_raw_text(con, job.made, job.parts)
    origin = constant(export["export_id"], pa.string(), rows.num_rows)
    return rows.add_column(0, "export_id", origin).select(REJECTS.schema.names).cast(REJECTS.schema)
