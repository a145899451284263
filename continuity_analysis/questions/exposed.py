"""Exposure as the questions on recovery points need it: in a period, by asset, service or tier, with the promises."""

from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.exposure import measure_exposure
from continuity_analysis.measurements.exposure_of_services import measure_service_exposure, measure_tier_exposure
from continuity_analysis.measurements.once import once
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.usable_backups import measure_usable_backups
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.exposure_views import BackupsSeen, seen_from
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.tiers import promises_of_tiers, tiers_of

BY = ("service", "asset", "tier")
NO_PROMISE = "no recovery point is promised"


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
        Pieces of exposure, by service, asset or tier, with allowance_hours.
    groups : Index
        Every service (or asset, or tier of such services) that has or needs backups.
    promised : DataFrame
        Promises, indexed by group; assets have none of their own, a tier those that all its services share.
    lacking : dict
        Of each asset that a view says nothing of, why.
    tiers : DataFrame
        service, tier (null: not stated): every service that has or needs backups; by tier only, else empty.
    unpromised : Series
        By tier, why it promises no recovery point (null: it does); by tier only, else empty.
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
    tiers: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"service": [], "tier": []}, dtype="str"))
    unpromised: pd.Series = field(default_factory=lambda: pd.Series([], dtype="str"))

    def assets_of(self, by: str) -> pd.DataFrame:
        """Which assets each service (or asset, or tier) needs: columns asset and `by`, each pair once."""
        if by == "asset":
            return pd.DataFrame({"asset": self.groups})
        rows = self.members if by == "service" else self.members.merge(self.tiers.dropna(), on="service")
        return rows[["asset", by]].drop_duplicates(ignore_index=True)

    def why_unpromised(self, names) -> pd.Series:
        """Of every group named that promises no recovery point, why."""
        return self.unpromised.reindex(names).astype("object").fillna(NO_PROMISE)


def observe_exposure(logs, period, by: str, *, view: str = "all", longest: bool = False) -> Exposed:
    """Exposure of every service, asset or tier in a period up to as_of, over all backups or as a view has it.

    With `longest`, what went between two listings counts until the first that lacks it, not the last that shows it.

    Raises
    ------
    InputError
        If `by` is neither "service", "asset" nor "tier", or there is no such view.
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
    pieces = measure_exposure(every.usable, every.coverage, start=window.start, end=end)
    pieces = pieces.assign(allowance_hours=_allowances(pieces, every.usable))
    groups = pd.Index(every.assets, dtype="str")
    nothing = promises(logs.catalog, []).reindex(groups)
    exposed = Exposed(window, end, every.usable, every.members, every.coverage, pieces, groups, nothing, every.lacking)
    if by == "asset":
        return exposed
    unseen = _unseen(logs.catalog, every.assets)
    claims = pd.concat([every.members, unseen], ignore_index=True).astype("str")
    in_service = _in_service(logs, observe_backups(logs).usable, claims)
    exposed = _of_services(logs, replace(exposed, members=claims), unseen, in_service=in_service)
    return exposed if by == "service" else _of_tiers(logs, exposed, in_service=in_service)


def _of_services(logs, exposed: Exposed, unseen: pd.DataFrame, *, in_service: pd.DataFrame) -> Exposed:
    """Exposure of every service, from that of the assets; nothing is known of those in `unseen`."""
    names = unseen["asset"].drop_duplicates().to_frame()
    pieces = _with_unknown(exposed.pieces, names, start=exposed.window.start, end=exposed.end)
    pieces = measure_service_exposure(pieces, exposed.members, observed=in_service)
    promising = [n for n, s in logs.catalog.services.items() if s.objectives.rpo is not None]
    groups = pd.Index(sorted({*exposed.members["service"], *promising}), dtype="str")
    return replace(exposed, pieces=pieces, groups=groups, promised=promises(logs.catalog, groups).reindex(groups))


def _of_tiers(logs, exposed: Exposed, *, in_service: pd.DataFrame) -> Exposed:
    """Exposure of every tier, from that of the services; of one that promises but has no assets nothing is known."""
    tiers = tiers_of(logs.catalog, exposed.groups)
    bare = tiers.dropna()[["service"]]
    bare = bare[~bare["service"].isin(exposed.members["service"])].merge(in_service, on="service", how="left")
    start, end = exposed.window.start, exposed.end
    since, until = bare["from_at"].fillna(start).clip(lower=start), bare["until_at"].fillna(end).clip(upper=end)
    pieces = _with_unknown(exposed.pieces, bare[["service"]], start=since, end=until)
    promised, why = promises_of_tiers(exposed.promised, tiers)
    pieces = measure_tier_exposure(pieces, tiers.dropna())
    return replace(exposed, pieces=pieces, groups=promised.index, promised=promised, tiers=tiers, unpromised=why)


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


def _with_unknown(pieces: pd.DataFrame, names: pd.DataFrame, *, start, end) -> pd.DataFrame:
    """Pieces, and of everything named one more: unknown from start to end."""
    rows = names.assign(from_at=start, until_at=end, state="unknown", direction="exact")
    rows = rows[rows["from_at"] < rows["until_at"]].reindex(columns=pieces.columns)
    flags = dict.fromkeys(("proven", "point_assumed", "run_time_missing"), False)
    rows = rows.assign(**flags, allowance_hours=0.0).astype(pieces.dtypes.to_dict())
    return pd.concat([pieces, rows], ignore_index=True)


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
