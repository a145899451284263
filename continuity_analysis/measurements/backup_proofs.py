"""From when on each backup is proven, and when each asset was last: somebody restored it, or read it all.

A checksum does not prove, and neither does a restore that failed. What was restored proves all it builds on as well; a
full read proves what was read and nothing else. A recovery names its backup by the tool's own id, or by the last part
of it (after the last "/"), as people write it down; it may name the asset, or the service that needs it.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_chains import numbered, parents_of
from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.usable_backups import KEY, NEVER

_PROVING = ("full_read", "restore")
_RESTORING = ("drill", "restore")


def measure_proofs(
    usable: pd.DataFrame, backups: pd.DataFrame, recoveries: pd.DataFrame, members: pd.DataFrame
) -> np.ndarray:
    """The moment from which each backup counts as proven.

    Of the verifications that a tool reports of one backup the table holds the last one, so that it may have been proven
    before.

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`, with a plain index.
    backups, recoveries : DataFrame
        Canonical tables; several rows of one backup or recovery (one for each service) count once.
    members : DataFrame
        asset, service: which assets each service needs.

    Returns
    -------
    ndarray of int64, shape (n,)
        Of each row of `usable` [us]; the largest number there is where no proof is on record.
    """
    said = backups.drop_duplicates(KEY)[[*KEY, "verified_at", "verified_by", "verified_result"]]
    said = usable[KEY].merge(said, how="left", on=KEY)
    read, restored = (to_microseconds(_verified(said, (how,))) for how in _PROVING)
    read, restored = (np.where(moment == UNKNOWN, NEVER, moment) for moment in (read, restored))
    links = link_recoveries(recoveries[_proves(recoveries)], usable, members)
    copies = _copy_read(links.assign(proven=_done(recoveries).loc[links["recovery"]].to_numpy()), usable)
    np.minimum.at(restored, copies["backup"].to_numpy(), to_microseconds(copies["proven"]))
    return np.minimum(read, _with_ancestors(restored, usable))


def measure_last_proofs(recoveries: pd.DataFrame, backups: pd.DataFrame, *, until: pd.Timestamp) -> pd.Series:
    """When a backup of each asset was last proven, whichever it was: a Series of moments by asset.

    Parameters
    ----------
    recoveries : DataFrame
        Result of `measure_restored_sizes`: recoveries up to that moment with `data_asset`.
    backups : DataFrame
        Canonical backups.
    until : Timestamp
        Later verifications do not count.
    """
    rows = recoveries[_proves(recoveries)]
    read = _verified(backups, _PROVING)
    assets = pd.concat([rows["data_asset"], backups["asset"]])
    return pd.concat([_done(rows), read.where(read <= until)]).groupby(assets.to_numpy()).max()


def link_recoveries(recoveries: pd.DataFrame, usable: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Which backups a recovery may have been made from, as far as it names one.

    Parameters
    ----------
    recoveries : DataFrame
        Canonical recoveries, with any index.
    usable, members : DataFrame
        As of `measure_proofs`.

    Returns
    -------
    DataFrame
        recovery (label in the index of `recoveries`), backup (row of `usable`); several where there are copies.
    """
    named = recoveries.dropna(subset="backup_id").reset_index(names="recovery")
    own = named["asset"].isin(set(usable["asset"]))
    needs = named[~own].drop(columns="asset").merge(members, on="service")
    sought = pd.concat([named[own], needs])[["recovery", "asset", "backup_id"]].drop_duplicates()
    known = usable[["asset", "backup_id"]].reset_index(names="backup")
    ends = known.assign(backup_id=known["backup_id"].str.rsplit("/", n=1).str[-1])
    found = [sought.merge(names, on=["asset", "backup_id"]) for names in (known, ends)]
    return pd.concat(found)[["recovery", "backup"]].drop_duplicates(ignore_index=True)


def _proves(recoveries: pd.DataFrame) -> np.ndarray:
    done = recoveries["status"].eq("completed") & recoveries["kind"].isin(_RESTORING)
    return done.fillna(False).to_numpy(dtype=bool)


def _verified(backups: pd.DataFrame, how: tuple[str, ...]) -> pd.Series:
    """When the tool verified each backup in one of these ways with success; missing where it did not."""
    passed = (backups["verified_result"] == "passed") & backups["verified_by"].isin(how)
    return backups["verified_at"].where(passed.fillna(False).astype(bool))


def _done(recoveries: pd.DataFrame) -> pd.Series:
    """When the data was back, as early as a log vouches for it."""
    return recoveries["data_restored_at"].fillna(recoveries["finished_at"]).fillna(recoveries["service_restored_at"])


def _copy_read(links: pd.DataFrame, usable: pd.DataFrame) -> pd.DataFrame:
    """One copy for each recovery: of those that were there the one that ends first, as no log says which was read."""
    rows = usable.iloc[links["backup"]]
    begin, end = to_microseconds(rows["usable_from_at"]), to_microseconds(rows["usable_until_at"])
    end, proven = np.where(end == UNKNOWN, NEVER, end), to_microseconds(links["proven"])
    there = (proven != UNKNOWN) & (begin <= proven) & (proven < end) & rows["usable"].to_numpy(dtype=bool)
    return links.assign(end=end)[there].sort_values("end", kind="stable").drop_duplicates("recovery")


def _with_ancestors(restored: np.ndarray, usable: pd.DataFrame) -> np.ndarray:
    """The earliest restore of each backup, or of any that builds on it; the link to the parent doubles in each step."""
    end = to_microseconds(usable["usable_until_at"])
    parent = parents_of(numbered(usable), usable["usable"].to_numpy(dtype=bool), np.where(end == UNKNOWN, NEVER, end))
    link = np.where(parent >= 0, parent, np.arange(len(usable)))
    for _ in range(max(len(usable), 1).bit_length()):
        before = restored.copy()
        np.minimum.at(restored, link, before)
        link = link[link]
    return restored
