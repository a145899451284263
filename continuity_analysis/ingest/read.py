"""One file or a folder of logs into canonical rows, rejects and an account of both."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from continuity_analysis.catalog import Catalog, Source
from continuity_analysis.errors import ContinuityError, FormatError
from continuity_analysis.ingest import clocks, exporting
from continuity_analysis.ingest.account import Account, settle
from continuity_analysis.ingest.files import LogFile, list_files, make_plain
from continuity_analysis.ingest.heads import read_head
from continuity_analysis.ingest.moments import named, single, working_database
from continuity_analysis.ingest.reading import Reading
from continuity_analysis.ingest.records import Part, load, raw_texts
from continuity_analysis.ingest.registry import Format, find_format, recognise
from continuity_analysis.periods import read_moment, read_zone
from continuity_analysis.tables import REJECTS, TABLES

__all__ = ["Reading", "read_files"]


@dataclass(frozen=True)
class _Told:
    """What the caller says about all files."""

    catalog: Catalog
    timezone: str | None
    format: Format | None
    as_of: datetime | None

    def source_of(self, name: str) -> Source:
        """The first entry of `sources` whose glob fits the file called `name`; an empty one where none does."""
        names = (name, name.removesuffix(".gz").removesuffix(".zst"))
        fits = (s for s in self.catalog.sources if any(fnmatchcase(n, s.path) for n in names))
        return next(fits, Source(path=name))

    def zone_for(self, source: Source) -> str | None:
        return source.timezone or self.timezone or self.catalog.timezone


@dataclass(frozen=True)
class _Job:
    """Files to be read as one, by one format, and what the catalogue says of them."""

    name: str
    made: Format
    parts: list[Part]
    source: Source


def read_files(
    paths: Iterable[str | Path],
    *,
    catalog: Catalog | None = None,
    timezone: str | None = None,
    format: str | None = None,
    as_of=None,
) -> Iterator[Reading]:
    """Read log files, one at a time, in the order of their relative names.

    Parameters
    ----------
    paths : iterable of path
        Files and folders; hidden files and `services.yaml` in folders are passed over.
    catalog : Catalog, optional
        Its `sources` fix format, time zone, asset, scope and completeness of the files whose relative name fits.
    timezone : str, optional
        Zone of naive times where no source states one; before the catalogue's own.
    format : str, optional
        Name of the format to read all files with, instead of asking which one claims them.
    as_of : moment, optional
        The moment all files speak of, where that is known better than they say.

    Yields
    ------
    Reading
        One per file; files that one format reads together come last, one reading per folder.

    Raises
    ------
    InputError
        If a path or the format does not exist.
    PeriodError
        If `timezone` or `as_of` cannot be read.
    """
    told = _Told(
        catalog or Catalog(),
        timezone and read_zone(timezone),
        find_format(format) if format else None,
        None if as_of is None else read_moment(as_of, timezone=timezone or "UTC").to_pydatetime(),
    )
    return _readings(list_files(paths), told)


def _readings(files: list[LogFile], told: _Told) -> Iterator[Reading]:
    together: dict[tuple[str, str], list[_Job]] = {}
    with TemporaryDirectory(prefix="continuity-") as kept:
        for file in files:
            with TemporaryDirectory(prefix="continuity-") as working:
                job = _prepare(file, told, Path(working))
                if isinstance(job, _Job) and not job.made.together:
                    yield _read(job, told, Path(working))
                elif isinstance(job, _Job):
                    job = _prepare(file, told, Path(kept))
                    together.setdefault((str(PurePosixPath(file.name).parent), job.made.name), []).append(job)
                else:
                    yield job
        for (folder, _), jobs in sorted(together.items()):
            parts = [part for job in jobs for part in job.parts]
            yield _read(replace(jobs[0], name=f"{folder}/", parts=parts), told, Path(kept))


def _prepare(file: LogFile, told: _Told, working: Path) -> _Job | Reading:
    """Find out which format reads a file; a Reading with its reason where none does."""
    source = told.source_of(file.name)
    try:
        plain = make_plain(file, working)
        head = read_head(plain)
        if isinstance(head, str):
            return Reading(file.name, reason=head)
        made, reason = _choose(head, source, told)
        if made is None:
            return Reading(file.name, reason=reason)
        if made.of_source is not None:
            made = made.of_source(source, head)
    except OSError as error:
        return Reading(file.name, reason=f"cannot be read: {error.strerror or error}")
    except FormatError:
        raise
    except ContinuityError as error:
        return Reading(file.name, reason=str(error))
    return _Job(file.name, made, [Part(plain, head)], source)


def _choose(head, source: Source, told: _Told) -> tuple[Format | None, str | None]:
    if told.format is not None:
        return told.format, None
    if source.format or source.columns:
        return find_format(source.format or "csv_mapped"), None
    return recognise(head)


def _read(job: _Job, told: _Told, working: Path) -> Reading:
    con = working_database(working)
    try:
        load(con, job.made, job.parts)
        zone, oddities = _put_into_utc(con, job, told)
        account = settle(con, job.made, asset=job.source.asset)
        return _reading(con, job, account, _context(con, job, account, told) | {"zone": zone, "oddities": oddities})
    except FormatError as error:
        return Reading(job.name, reason=f"format {job.made.name}: {error}")
    except ContinuityError as error:
        return Reading(job.name, reason=str(error))
    except duckdb.Error as error:
        return Reading(job.name, reason=f"format {job.made.name} could not read it: {str(error).strip().splitlines()[0]}")
    finally:
        con.close()


def _put_into_utc(con, job: _Job, told: _Told) -> tuple[str | None, dict[str, int]]:
    """Localise naive fields; the zone that was used, if any was needed, and the oddities met."""
    if not job.made.naive or not clocks.any_naive(con, job.made.naive):
        return None, {}
    zone = told.zone_for(job.source)
    if zone is None:
        raise clocks.no_zone(job.made.naive)
    dayfirst = job.source.dayfirst
    return zone, clocks.localise(con, job.made.naive, zone, dayfirst=dayfirst)


def _context(con, job: _Job, account: Account, told: _Told) -> dict:
    """Everything the exports row says beyond the counts."""
    rows = account.rows
    observed = told.as_of or exporting.own_stamp(con) or exporting.latest_past(con, rows)
    digests = [part.file.fingerprint for part in job.parts]
    joined = hashlib.sha256("".join(digests).encode()).hexdigest()
    scope = None
    if job.made.scope:
        column = named(job.made.scope)
        scope = single(con, f"SELECT {column} FROM found WHERE {column} NOT NULL ORDER BY record_no LIMIT 1")
    return {
        "export_id": digests[0] if len(digests) == 1 else joined,
        "observed_at": observed,
        "scope": job.source.scope or scope,
        "covers_from_at": exporting.earliest(con, rows, job.made.export),
        "covers_until_at": None if job.made.export == "open_only" else observed,
    }


def _reading(con, job: _Job, account: Account, context: dict) -> Reading:
    made = job.made
    tables = {name: _with_origin(name, rows, made, context) for name, rows in account.rows.items() if rows.num_rows}
    raws = raw_texts(con, job.parts, {number for number, *_ in account.rejected})
    rejects = [
        {"export_id": context["export_id"], "record_no": n, "table": table, "reason": reason, "raw": raws.get(n)}
        for n, table, reason in account.rejected
    ]
    used = _used(con, account)
    counts = {"records": account.records, "used": used, "ignored": account.ignored}
    counts["rejected"] = account.rejected_records
    export = {
        **{c.name: None for c in TABLES["exports"].columns},
        **{k: context[k] for k in ("export_id", "observed_at", "scope", "covers_from_at", "covers_until_at")},
        **{"product": made.product, "format": made.name, "export_kind": made.export, "origin": job.name},
        **{"complete": job.source.complete, "timezone_assumed": context["zone"], **counts},
        "ignored_reasons": json.dumps(account.ignored_reasons, ensure_ascii=False),
    }
    return Reading(
        job.name,
        made.name,
        tables,
        export,
        pa.Table.from_pylist(rejects, schema=REJECTS.schema),
        **counts,
        rows={name: rows.num_rows for name, rows in tables.items()},
        ignored_reasons=account.ignored_reasons,
        clock_oddities=context["oddities"],
    )


def _used(con, account: Account) -> int:
    """Used records, counted by themselves, so that the account is checked rather than assumed.

    Raises
    ------
    AssertionError
        If records are not used + ignored + rejected: an error of the program.
    """
    con.register("late", pa.table({"record_no": pa.array([n for n, *_ in account.rejected], pa.int64())}))
    used = single(con, "SELECT count(*) FROM records ANTI JOIN late USING (record_no)")
    con.unregister("late")
    if account.records != used + account.ignored + account.rejected_records:
        raise AssertionError(
            f"{account.records} records are not {used} used + {account.ignored} ignored + "
            f"{account.rejected_records} rejected"
        )
    return used


def _with_origin(name: str, rows: pa.Table, made: Format, context: dict) -> pa.Table:
    """Canonical rows with where they came from, in the table's own schema."""
    schema = TABLES[name].schema
    stamps = {"product": made.product, "format": made.name, "export_id": context["export_id"]}
    columns = []
    for one in schema:
        if one.name in stamps:
            column = pa.repeat(pa.scalar(stamps[one.name], one.type), rows.num_rows)
        else:
            column = rows[one.name] if one.name in rows.column_names else pa.nulls(rows.num_rows, one.type)
            if one.name == "observed_at":
                column = column.fill_null(pa.scalar(context["observed_at"], one.type)) if context["observed_at"] else column
        columns.append(column.cast(one.type) if not isinstance(column, pa.Array) else column.cast(one.type))
    return pa.Table.from_arrays(columns, schema=schema)
