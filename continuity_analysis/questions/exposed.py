"""Exposure as the questions on recovery points need it: for a period, by service or by asset, with what is promised."""

from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.exposure import measure_exposure
from continuity_analysis.measurements.exposure_of_services import measure_service_exposure
from continuity_analysis.measurements.once import once
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.usable_backups import measure_usable_backups
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.exposure_views import BackupsSeen, seen_from
from continuity_analysis.questions.promises import promises

BY = ("service", "asset")


@dataclass(frozen=True, eq=False)
class Exposed:
    """Exposure in a period.

    Attributes
    ----------
    window : Period
    end : Timestamp
        Its end, or as_of if that is earlier.
    usable : DataFrame
        Every backup, and when it is usable.
    members : DataFrame
        asset, service: which assets each service needs.
    coverage : DataFrame
        When somebody was watching the backups of each asset.
    pieces : DataFrame
        Pieces of exposure, by service or asset, with allowance_hours.
    groups : Index
        Every service (or asset) that has or needs backups.
    promised : DataFrame
        Promises, indexed by group; assets have none of their own.
    lacking : dict
        Of each asset that a view says nothing of, why.
    """

    window: Period
    end: pd.Timestamp
    usable: pd.DataFrame
    members: pd.DataFrame
    coverage: pd.DataFrame
    pieces: pd.DataFrame
    groups: pd.Index
    promised: pd.DataFrame
    lacking: dict[str, str] = field(default_factory=dict)


def observe_exposure(logs, period, by: str, *, view: str = "all", longest: bool = False) -> Exposed:
    """Exposure of every service or asset in a period up to as_of, over all backups or as a view has it.

    With `longest`, what went between two listings counts until the first that lacks it, not the last that shows it.

    Raises
    ------
    InputError
        If `by` is neither "service" nor "asset", or there is no such view.
    """
    every = observe_backups(logs)
    every = replace(every, usable=every.longest) if longest else every
    return observe_seen(logs, period, by, seen_from(logs, every, view))


def observe_seen(logs, period, by: str, every: BackupsSeen) -> Exposed:
    """`observe_exposure`, over backups that were chosen already."""
    if by not in BY:
        raise InputError(f"Expected by to be one of {', '.join(BY)}, got {by!r}.")
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    end = window.end if pd.isna(logs.as_of) else max(window.start, min(window.end, logs.as_of))
    seen, claims, usable = every.assets, every.members, every.usable
    pieces = measure_exposure(usable, every.coverage, start=window.start, end=end)
    pieces = pieces.assign(allowance_hours=_allowances(pieces, usable))
    groups, promising = seen, []
    if by == "service":
        unseen = _unseen(logs.catalog, seen)
        unknown = _unknown(unseen, pieces, start=window.start, end=end)
        pieces = pd.concat([pieces, unknown], ignore_index=True)
        claims = pd.concat([claims, unseen], ignore_index=True).astype("str")
        in_service = _in_service(logs, observe_backups(logs).usable, claims)
        pieces = measure_service_exposure(pieces, claims, observed=in_service)
        promising = [n for n, s in logs.catalog.services.items() if s.objectives.rpo is not None]
        groups = sorted({*claims["service"], *promising})
    groups = pd.Index(groups, dtype="str")
    promised = promises(logs.catalog, groups if by == "service" else []).reindex(groups)
    return Exposed(window, end, usable, claims, every.coverage, pieces, groups, promised, every.lacking)


@once
def observe_backups(logs) -> BackupsSeen:
    """Every backup there is, when it is usable, and when somebody was watching; measured once."""
    seen = sorted(set(logs.backups["asset"].dropna()))
    claims = logs.catalog.services_of_assets(seen)
    partial = accepting(logs.catalog, claims)
    usable, longest = (
        measure_usable_backups(logs.backups, logs.exports, accept_partial=partial, longest=longest)
        for longest in (False, True)
    )
    since = since_in_service(logs.catalog, claims)
    coverage = measure_backup_coverage(logs.backups, logs.exports, usable=usable, since=since)
    return BackupsSeen(seen, claims, usable, coverage, since, longest)


def accepting(catalog, claims: pd.DataFrame) -> list[str]:
    """Assets of which partial backups count: all services that need them say so."""
    says = claims["service"].map(lambda name: name in catalog.services and catalog.services[name].accept_partial)
    every = says.astype(bool).groupby(claims["asset"]).all()
    return every.index[every.to_numpy(dtype=bool)].to_list()


def since_in_service(catalog, claims: pd.DataFrame) -> pd.Series:
    """By asset, since when a service that needs it is stated to be in service."""
    stated = [catalog.services[n].in_service_since if n in catalog.services else None for n in claims["service"]]
    since = pd.Series(pd.to_datetime(stated, utc=True), index=claims["asset"], dtype="datetime64[us, UTC]")
    return since.groupby(level=0).min()


def _allowances(pieces: pd.DataFrame, usable: pd.DataFrame) -> pd.Series:
    """Where a run time is missing, how long it may have taken [h]: as far as the backups of the asset lie apart."""
    bases = usable[usable["usable"] & (usable["method"] != "log")].sort_values(["asset", "data_at"])
    apart = bases.groupby("asset")["data_at"].diff() / pd.Timedelta(hours=1)
    typical = apart.groupby(bases["asset"]).median()
    return pieces["asset"].map(typical).astype(float).fillna(0.0).where(pieces["run_time_missing"], 0.0)


def _unseen(catalog, seen: list[str]) -> pd.DataFrame:
    """Assets that a service says it needs, of which no backup was ever seen."""
    stated = [(p, name) for name, s in catalog.services.items() for p in s.assets]
    rows = [(p, name) for p, name in stated if not any(fnmatchcase(a, p) for a in seen)]
    return pd.DataFrame(rows, columns=["asset", "service"], dtype="str")


def _unknown(unseen: pd.DataFrame, pieces: pd.DataFrame, *, start, end) -> pd.DataFrame:
    names = unseen["asset"].drop_duplicates()[: len(unseen) if end > start else 0]
    rows = pd.DataFrame({"asset": names, "from_at": start, "until_at": end, "state": "unknown", "direction": "exact"})
    rows = rows.reindex(columns=pieces.columns)
    flags = dict.fromkeys(("proven", "point_assumed", "run_time_missing"), False)
    return rows.assign(**flags, allowance_hours=0.0).astype(pieces.dtypes.to_dict())


def _in_service(logs, usable: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Since when and until when each service is in service: as stated, else from the first record of anything of it."""
    known = measure_services(logs).rename(columns={"in_service_from": "from_at", "retired_at": "until_at"})
    known = known.set_index("service")[["from_at", "until_at", "in_service_assumed"]]
    first = usable.groupby("asset")["usable_from_at"].min()
    first = pd.Series(first.reindex(claims["asset"]).array, index=claims["service"]).groupby(level=0).min()
    known = known.reindex(known.index.union(first.index))
    first = first.reindex(known.index)
    stated = ~known["in_service_assumed"].fillna(True).astype(bool)
    earlier = known["from_at"].where(~(first < known["from_at"]), first).fillna(first)
    return known.assign(from_at=known["from_at"].where(stated, earlier)).rename_axis("service").reset_index()
