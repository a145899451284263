"""One file or a folder of logs into canonical rows, rejects and an account of both."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import duckdb

from continuity_analysis.catalog import Catalog
from continuity_analysis.errors import ContinuityError
from continuity_analysis.ingest.files import LogFile, list_files, make_plain
from continuity_analysis.ingest.heads import read_head
from continuity_analysis.ingest.moments import emptied, first_line, working_database
from continuity_analysis.ingest.reading import Reading, make_reading
from continuity_analysis.ingest.registry import find_format, formats
from continuity_analysis.ingest.sources import Job, Part, Told
from continuity_analysis.periods import read_moment, read_zone

__all__ = ["Reading", "read_files"]


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
        Its `sources` fix format, time zone, asset, scope and completeness of the files whose relative name fits:
        `asset` and `scope` stand instead of those the file names. A mapped CSV with a column for the asset keeps what
        stands there, and `asset` fills in where nothing does.
    timezone : str, optional
        Zone of naive times where no source states one; before the catalogue's own.
    format : str, optional
        Name of the format to read all files with, instead of asking which one claims them.
    as_of : moment, optional
        The moment all files speak of, where that is known better than they say.

    Yields
    ------
    Reading
        One per file; files that one format reads together come last, one reading per folder and what lies below it.

    Raises
    ------
    InputError
        If a path or the format does not exist.
    PeriodError
        If `timezone` or `as_of` cannot be read.
    FormatError
        If a format module breaks the contract.
    """
    formats()
    told = Told(
        catalog or Catalog(),
        timezone and read_zone(timezone),
        find_format(format) if format else None,
        None if as_of is None else read_moment(as_of, timezone=timezone or "UTC").to_pydatetime(),
    )
    return _readings(list_files(paths), told)


def _readings(files: list[LogFile], told: Told) -> Iterator[Reading]:
    together: dict[tuple[str, str], list[Job]] = {}
    with TemporaryDirectory(prefix="continuity-") as kept, closing(working_database(Path(kept))) as con:
        for file in files:
            with TemporaryDirectory(prefix="continuity-") as working:
                job = _prepare(file, told, Path(working))
                if isinstance(job, Reading):
                    yield job
                elif job.made.together:
                    again = _prepare(file, told, Path(kept))
                    together.setdefault((str(PurePosixPath(file.name).parent), job.made.name), []).append(again)
                else:
                    yield _read(con, job, told)
        for (folder, _), jobs in sorted(_with_folders_below(together).items()):
            parts = [part for job in jobs for part in job.parts]
            name = f"{folder}/" if len(parts) > 1 else jobs[0].name
            yield _read(con, replace(jobs[0], name=name, parts=parts), told)


def _with_folders_below(together: Mapping[tuple[str, str], list[Job]]) -> dict[tuple[str, str], list[Job]]:
    """Files by folder and format, those of a folder joined to the files of one that lies above it."""
    joined: dict[tuple[str, str], list[Job]] = {}
    for (folder, name), jobs in sorted(together.items()):
        above = [str(p) for p in reversed(PurePosixPath(folder).parents) if (str(p), name) in together]
        joined.setdefault(((above or [folder])[0], name), []).extend(jobs)
    return joined


def _prepare(file: LogFile, told: Told, working: Path) -> Job | Reading:
    """Find out which format reads a file; a Reading with its reason where none does."""
    source = told.source_of(file.name)
    try:
        plain = make_plain(file, working)
        head = read_head(plain)
        if isinstance(head, str):
            return Reading(file.name, reason=head)
        return Job(file.name, told.format_of(head, source), [Part(plain, head)], source)
    except OSError as error:
        return Reading(file.name, reason=f"cannot be read: {error.strerror or error}")
    except ContinuityError as error:
        return Reading(file.name, reason=str(error))


def _read(con: duckdb.DuckDBPyConnection, job: Job, told: Told) -> Reading:
    try:
        with emptied(con):
            return make_reading(con, job, told)
    except ContinuityError as error:
        return Reading(job.name, reason=f"{job.made.name}: {error}")
    except (duckdb.Error, OSError) as error:
        return Reading(job.name, reason=f"{job.made.name} could not read it: {first_line(error)}")
