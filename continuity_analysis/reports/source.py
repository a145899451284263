"""What a run reads, resolved once for all its notebooks: the store, the catalogue, the moment and the period."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import link
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from continuity_analysis.catalog.finding import catalog_file
from continuity_analysis.errors import InputError, PeriodError
from continuity_analysis.logs import Logs, open_store
from continuity_analysis.logs.gathering import nothing_read
from continuity_analysis.periods import Period, read_period
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.store import ingest
from continuity_analysis.store.folder import check
from continuity_analysis.store.unread import SAME_CONTENT, keep_unread

_LOG = "_delta_log"


@dataclass(frozen=True)
class Source:
    """What all notebooks of a run read.

    Attributes
    ----------
    logs : Logs
        The tables in hand.
    period : Period
        What the numbers are about.
    facts : RunFacts
        What stands on every page.
    parameters : dict
        What the notebooks are given, as text: store, logs, period, catalog, as_of, timezone.
    opened_at : pandas.Timestamp, optional
        The moment by the clock [UTC] just before a store was opened; None for logs read from files.
    """

    logs: Logs
    period: Period
    facts: RunFacts
    parameters: dict[str, str] = field(default_factory=dict)
    opened_at: pd.Timestamp | None = None


@contextmanager
def open_source(*, period: str, logs=None, store=None, catalog=None, **how: str | None) -> Iterator[Source]:
    """Read logs into a store of their own, or take a picture of a store as it stands, and resolve everything.

    Parameters
    ----------
    period : str or Period
        As users write it; "last-quarter" counts back from `as_of`.
    logs, store : path
        One of them.
    catalog : path, optional
        Else the `services.yaml` in or beside the logs or the store.
    **how
        `as_of` and `timezone`, as for `open_store`.

    Raises
    ------
    ContinuityError
        If there is neither or both of logs and store, nothing in them, or the period cannot be read.
    """
    if (logs is None) == (store is None):
        raise InputError("Expected either --store or --logs, got both or none: say where the logs are.")
    catalog = catalog_file([logs if store is None else store]) if catalog is None else Path(catalog)
    with TemporaryDirectory(prefix="continuity-") as folder:
        own = Path(folder) / "store"
        files = ingest(logs, own, catalog=catalog, timezone=how.get("timezone")) if store is None else []
        unread = tuple((str(f["file"]), f["reason"] or "") for f in files if f["format"] is None)
        if store is None and len(unread) == len(files):
            raise InputError(nothing_read(str(logs), [logs], pd.DataFrame(unread, columns=["file", "reason"])))
        if store is None:
            keep_unread(own, [*unread, *_copies(files)])
        else:
            check(store)
        opened_at = None if store is None else pd.Timestamp.now("UTC").floor("us")
        place = own if store is None else _picture(store, own)
        tables = open_store(place, catalog=catalog, **how)
        window = _resolved(period, tables)
        services = tuple(tables.catalog.services)
        facts = RunFacts(window, tables.as_of, *_counts(tables), unread=unread, services=services)
        yield Source(tables, window, facts, _parameters(tables, window, place=place, catalog=catalog), opened_at)


def _picture(store: str | Path, copy: Path) -> str | Path:
    """The store as it stands now, made of links to its files, so that an ingest meanwhile changes no number.

    Exports are taken first: all rows of an export that is there are there too. Of each table its log is taken first:
    all files that the log names are there too. A store that cannot be linked (on another disk, or an object store) is
    read where it is.
    """
    if "://" in str(store) or not Path(store).is_dir():
        return store
    tables = sorted((p for p in Path(store).iterdir() if p.is_dir()), key=lambda p: p.name != "exports")
    try:
        for table in tables:
            taken = copy / table.name
            if (table / _LOG).is_dir():
                shutil.copytree(table / _LOG, taken / _LOG, copy_function=link)
            rest = shutil.ignore_patterns(_LOG)
            shutil.copytree(table, taken, copy_function=link, ignore=rest, dirs_exist_ok=True)
        for file in (p for p in Path(store).iterdir() if p.is_file()):
            link(file, copy / file.name)
    except OSError:  # also shutil.Error
        return store
    return copy


def _copies(files: list[dict]) -> list[tuple[str, str]]:
    """Files with the content of another one."""
    return [(str(f["file"]), f["reason"]) for f in files if (f["reason"] or "").startswith(SAME_CONTENT)]


def _resolved(period, tables: Logs) -> Period:
    as_of = None if pd.isna(tables.as_of) else tables.as_of
    return read_period(period, timezone=tables.timezone, as_of=as_of)


def _counts(tables: Logs) -> tuple[int, int, int]:
    exports = tables.exports
    return len(exports), int(exports["records"].sum()), int(exports["rejected"].sum())


def _parameters(tables: Logs, period: Period, *, place: str | Path, catalog: Path | None) -> dict[str, str]:
    """Everything as absolute text; the period by its name where that alone says which it is."""
    try:
        name = period.name if read_period(period.name, timezone=tables.timezone) == period else ""
    except PeriodError:
        name = ""  # such as "90d", which counts back
    return {
        "store": str(place),
        "logs": "",
        "period": name or f"{period.start.isoformat()}/{period.end.isoformat()}",
        "catalog": "" if catalog is None else str(catalog.resolve()),
        "as_of": "" if pd.isna(tables.as_of) else tables.as_of.isoformat(),
        "timezone": tables.timezone,
    }
