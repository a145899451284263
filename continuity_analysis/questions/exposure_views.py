"""The same exposure seen from elsewhere: over what is proven, over copies off-site, with replicas."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.backup_coverage import measure_backup_coverage
from continuity_analysis.measurements.backup_proofs import measure_proofs
from continuity_analysis.measurements.clock import to_moments
from continuity_analysis.measurements.usable_backups import NEVER
from continuity_analysis.measurements.usable_views import measure_replica_points, restrict_usable, watched_in_both

VIEWS = ("all", "proven", "off-site", "loss of primary")
NO_PROOF = "no restore and no full read of a backup of {} is on record"
NO_RULE = "the catalogue does not say which locations are off-site (off_site)"
NO_LAG = "no replica's lag is on record for {}"


@dataclass(frozen=True, eq=False)
class BackupsSeen:
    """Backups, and what is known of them.

    Attributes
    ----------
    assets : list of str
        Every asset of which backups (or, with replicas, lags) were seen.
    members : DataFrame
        asset, service: which assets each service needs, of those seen.
    usable, coverage : DataFrame
        Results of `measure_usable_backups` and `measure_backup_coverage`, or a view of them.
    since : Series
        By asset, since when a service that needs it is stated to be in service.
    longest : DataFrame
        `usable`, each for as long as it can have been there at most.
    lacking : dict
        Of each asset that the view says nothing of, why.
    """

    assets: list[str]
    members: pd.DataFrame
    usable: pd.DataFrame
    coverage: pd.DataFrame
    since: pd.Series
    longest: pd.DataFrame
    lacking: dict[str, str] = field(default_factory=dict)


def seen_from(logs, every: BackupsSeen, view: str) -> BackupsSeen:
    """What a view leaves of the backups; "all" is all of them.

    Raises
    ------
    InputError
        If there is no such view.
    """
    made = {"all": lambda _, e: e, "proven": _proven, "off-site": _off_site, "loss of primary": _with_replicas}
    if view not in made:
        raise InputError(f"Expected a view, one of {', '.join(VIEWS)}, got {view!r}.")
    return made[view](logs, every)


def _proven(logs, every: BackupsSeen) -> BackupsSeen:
    """From the proof of each on; before the first proof of an asset nothing is known of what was proven."""
    proven = measure_proofs(every.usable, logs.backups, logs.recoveries, every.members)
    kept = (proven != NEVER) & ~every.usable["streaming"].to_numpy(dtype=bool)  # it has grown since it was read
    usable = restrict_usable(every.usable, kept, start=proven, reason="not proven")
    first = pd.Series(proven[kept]).groupby(every.usable["asset"].to_numpy()[kept]).min()
    since = pd.DataFrame({"asset": first.index.astype("str"), "from_at": to_moments(first.to_numpy())})
    until = pd.Timestamp.max.floor("D").as_unit("us").tz_localize("UTC")
    coverage = watched_in_both(every.coverage, since.assign(until_at=until, proven=True))
    lacking = {a: NO_PROOF.format(a) for a in every.assets if a not in set(first.index)}
    return replace(every, usable=usable, coverage=coverage, lacking=lacking)


def _off_site(logs, every: BackupsSeen) -> BackupsSeen:
    """At locations that the catalogue says are elsewhere; where it says none, nothing is known."""
    if not logs.catalog.off_site:
        nothing = every.usable.assign(usable=False)
        return replace(every, usable=nothing, coverage=every.coverage[:0], lacking=dict.fromkeys(every.assets, NO_RULE))
    kept = _is_elsewhere(logs.catalog, every.usable)
    start = np.full(len(kept), np.iinfo(np.int64).min)
    usable = restrict_usable(every.usable, kept, start=start, reason="not off-site")
    backups = logs.backups[_is_elsewhere(logs.catalog, logs.backups)]
    own = measure_backup_coverage(backups, logs.exports, usable=usable[kept], since=every.since)
    copied = every.coverage["asset"].isin(set(backups["asset"]))
    coverage = pd.concat(
        [watched_in_both(every.coverage[copied], own), every.coverage[~copied]], ignore_index=True
    )  # where no copy lies elsewhere, that is known whenever the others are
    return replace(every, usable=usable, coverage=coverage)


def _is_elsewhere(catalog, rows: pd.DataFrame) -> np.ndarray:
    places = rows[["asset", "location"]].drop_duplicates()
    stated = [catalog.is_off_site(a, p) for a, p in places.itertuples(index=False)]
    found = rows[["asset", "location"]].merge(places.assign(elsewhere=stated), how="left", on=["asset", "location"])
    return found["elsewhere"].to_numpy(dtype=bool)


def _with_replicas(logs, every: BackupsSeen) -> BackupsSeen:
    """Beside the backups what replicas hold; known only while their lag is."""
    points, coverage = measure_replica_points(logs.lag)
    usable = pd.concat([every.usable, points.astype(every.usable.dtypes.to_dict())], ignore_index=True)
    lagging = set(points["asset"])
    assets = sorted({*every.assets, *lagging})
    lacking = {a: NO_LAG.format(a) for a in assets if a not in lagging}
    members = logs.catalog.services_of_assets(assets)
    return replace(every, assets=assets, members=members, usable=usable, coverage=coverage, lacking=lacking)
