"""Logs opened: from files, from a store, or as a notebook's parameters say."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa

from continuity_analysis import tables
from continuity_analysis.catalog import Catalog
from continuity_analysis.catalog.finding import find_catalog
from continuity_analysis.errors import InputError
from continuity_analysis.logs.current import current_rows, incomplete_rows
from continuity_analysis.logs.cut import cut_rows
from continuity_analysis.logs.gathering import frame_of, nothing_read, rows_of
from continuity_analysis.logs.in_hand import Logs, service_kind
from continuity_analysis.logs.sightings import with_sightings
from continuity_analysis.logs.versions import AHEAD, VERSIONS, count_ahead, count_versions
from continuity_analysis.periods import read_moment
from continuity_analysis.store.unread import read_unread

_REJECT = tables.REJECTS.key
_INCOMPLETE = ("table", "product", "key", "lacks", "export_id", "record_no")


def read_logs(path, *, catalog=None, timezone: str | None = None, as_of=None) -> Logs:
    """The logs in a file or folder, ready to be asked; nothing is stored.

    Parameters
    ----------
    path : path or paths
    catalog : path, dict or Catalog, optional
        Else the `services.yaml` in or beside `path`, if there is one.
    timezone : str, optional
        IANA zone of times that state none; else the catalogue's, else UTC for what you ask (times in files that state
        no zone are then rejected).
    as_of : moment, optional
        The tables as they stood then; default the newest moment an export speaks of.

    Returns
    -------
    Logs

    Raises
    ------
    InputError
        If the path is not there, or no format claims any of its files.

    Examples
    --------
    >>> import continuity_analysis as ca
    >>> logs = ca.read_logs("data/sample")                  # doctest: +SKIP
    """
    from continuity_analysis.ingest.read import read_files

    paths = [path] if isinstance(path, (str, Path)) else list(path)
    catalog = find_catalog(catalog, paths)
    origin = ", ".join(str(p) for p in paths)
    readings = list(read_files(paths, catalog=catalog, timezone=timezone))
    rows, skipped = rows_of(readings)
    if not len(rows["exports"]):
        raise InputError(nothing_read(origin, paths, skipped))
    return make_logs(rows, as_of=as_of, catalog=catalog, timezone=timezone, origin=origin, skipped=skipped)


def open_store(path, *, as_of=None, known_at=None, catalog=None, timezone: str | None = None) -> Logs:
    """Everything ever ingested into a store, joined to what its exports together say.

    Parameters
    ----------
    path : path or URL
    as_of : moment, optional
        The tables as they stood then: cuts by when things happened. Default the newest moment an export speaks of.
    known_at : moment, optional
        Only what was ingested up to then, so that an old report can be made again as it was.
    catalog : path, dict or Catalog, optional
        Else the `services.yaml` in or beside the store, if there is one.
    timezone : str, optional
        IANA zone; else the catalogue's, else UTC.

    Returns
    -------
    Logs

    Raises
    ------
    StoreError
        If there is no store, or it was written by a newer version.
    """
    from continuity_analysis.store import read_store, read_verdicts

    catalog = find_catalog(catalog, [path])
    zone = timezone or catalog.timezone or "UTC"
    known_at, as_of = (None if m is None else read_moment(m, timezone=zone) for m in (known_at, as_of))
    rows = read_store(path, known_at=known_at)
    rows["verdicts"] = read_verdicts(path, known_at=known_at, as_of=as_of)
    about = {"known_at": known_at, "origin": str(path), "skipped": frame_of(read_unread(path))}
    return make_logs(rows, as_of=as_of, catalog=catalog, timezone=timezone, **about)


def logs_for_notebook(
    *, store: str = "", logs: str = "", catalog: str = "", as_of: str = "", timezone: str = ""
) -> Logs:
    """What a notebook's parameters name: the store if one is given, else the logs; empty text is not given.

    Raises
    ------
    InputError
        If neither is given.
    """
    if not store and not logs:
        raise InputError("Expected a store or logs, got neither: give the notebook store=DIR or logs=PATH.")
    how = {"catalog": catalog or None, "as_of": as_of or None, "timezone": timezone or None}
    return open_store(store, **how) if store else read_logs(logs, **how)


def make_logs(rows: Mapping[str, pa.Table], *, as_of=None, catalog: Catalog, timezone: str | None, **about) -> Logs:
    """Logs of every row ever read.

    Parameters
    ----------
    rows : mapping
        Table name -> pyarrow.Table of all versions; `exports` with one row per export, `rejects`, and optionally
        `verdicts`.
    as_of : moment, optional
    catalog : Catalog
    timezone : str or None
    **about
        `origin`; optionally `known_at` and `skipped` (DataFrame of files that gave nothing, and why).
    """
    zone = timezone or catalog.timezone or "UTC"
    as_of = _newest(rows["exports"]) if as_of is None else read_moment(as_of, timezone=zone)
    frames, lacking, versions, ahead = {}, [], [], []
    for name in tables.EVIDENCE:
        current, account = _current(name, rows, as_of)
        frames[name] = _with_services(name, tables.to_frame(cut_rows(name, current, as_of=as_of)), catalog)
        lacking += account
        versions.append(count_versions(name, rows[name]))
        ahead.append(count_ahead(name, current))
    exports, rejects = _ordered(rows["exports"], "origin", "export_id"), _ordered(rows["rejects"], *_REJECT, "reason")
    frames["exports"] = tables.to_frame(cut_rows("exports", exports, as_of=as_of))
    frames["rejects"] = tables.to_frame(rejects).drop_duplicates(list(_REJECT), ignore_index=True)
    frames["verdicts"] = tables.to_frame(rows.get("verdicts", tables.empty("verdicts")))
    frames["incomplete"] = pd.DataFrame(lacking, columns=list(_INCOMPLETE))
    frames["versions"], frames["ahead"] = _joined(versions, VERSIONS), _joined(ahead, AHEAD)
    frames["skipped"] = about.get("skipped", frame_of([]))
    return Logs(frames, catalog, as_of, about.get("known_at"), zone, about["origin"])


def _current(name: str, rows: Mapping[str, pa.Table], as_of) -> tuple[pa.Table, list[dict]]:
    """Current, complete rows of one table, and an account of the incomplete ones."""
    current, account = current_rows(name, rows[name], rows["exports"]), []
    if len(current):
        current, incomplete = incomplete_rows(name, current)
        account = incomplete.to_pylist()
    if name == "backups":
        current = with_sightings(current, rows[name], rows["exports"], as_of=as_of)
    return current, account


def _joined(parts: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    filled = [p for p in parts if len(p)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))


def _ordered(rows: pa.Table, *columns: str) -> pa.Table:
    return rows.sort_by([(c, "ascending") for c in columns])


def _newest(exports: pa.Table) -> pd.Timestamp:
    return pd.Timestamp(exports["observed_at"].to_pandas().max())


def _with_services(name: str, frame: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The rows with the services that claim them; a recovery may name an asset, a service or a component."""
    kind = service_kind(name)
    names = frame[kind].dropna().unique()
    claims = catalog.services_of_components(names) if kind == "component" else catalog.services_of_assets(names)
    if name == "recoveries" and catalog.services:
        others = [n for n in names if n not in set(claims["asset"])]
        itself = pd.DataFrame({"asset": others, "service": others})[lambda c: c["service"].isin(list(catalog.services))]
        rest = [n for n in others if n not in set(itself["asset"])]
        parts = catalog.services_of_components(rest).rename(columns={"component": "asset"})
        claims = pd.concat([claims, itself, parts]).astype("str")
    return frame.merge(claims, on=kind, how="left")
