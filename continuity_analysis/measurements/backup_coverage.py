"""When somebody was watching the backups of each asset, and where that proves that nothing was missed.

A history of runs vouches from its first moment to its last. A listing shows survivors only: it speaks of the time since
the oldest backup it shows, but a gap in it may be retention thinning. Listings made regularly are exact between the
first and the last of them, as long as they lie no further apart than any backup was kept.
"""

import pandas as pd

COLUMNS = ["asset", "from_at", "until_at", "proven"]


def measure_backup_coverage(
    backups: pd.DataFrame, exports: pd.DataFrame, *, usable: pd.DataFrame, since: pd.Series | None = None
) -> pd.DataFrame:
    """Time for which some export vouches for the backups of each asset.

    An export speaks for the assets of its product and scope; one that states no scope speaks for the assets it shows.

    Parameters
    ----------
    backups, exports : DataFrame
        Canonical tables; `backups` with `first_seen_at`, `last_seen_at`, `removed_at`.
    usable : DataFrame
        Result of `measure_usable_backups`.
    since : Series, optional
        By asset, since when its service is known to be in service, for histories of all runs; any other asset, and
        whatever a window shows, is watched from its first record.

    Returns
    -------
    DataFrame
        asset, from_at, until_at, proven; stretches may overlap, those with `proven` lie within the others.
    """
    speaks = _speaks(backups, exports)
    listing = (speaks["export_kind"] == "listing").to_numpy()
    parts = [_histories(speaks[~listing], usable, since), *_listings(speaks[listing], backups, usable)]
    stretches = pd.concat([p[COLUMNS] for p in parts], ignore_index=True)
    stretches = stretches[stretches["from_at"] <= stretches["until_at"]]
    return stretches.astype({"asset": "str"}).sort_values(["asset", "from_at"], ignore_index=True)


def _speaks(backups: pd.DataFrame, exports: pd.DataFrame) -> pd.DataFrame:
    """One row per asset and export that speaks for it."""
    formats = backups["format"].dropna().unique()
    exports = exports[exports["format"].isin(formats) & (exports["export_kind"] != "open_only")]
    columns = ["export_id", "export_kind", "observed_at", "covers_from_at", "covers_until_at"]
    seen = backups[["asset", "product", "export_id"]].drop_duplicates().dropna()
    seen = seen.merge(exports[["export_id", "scope"]].drop_duplicates(), on="export_id")
    scoped = seen.dropna(subset="scope")[["asset", "product", "scope"]].drop_duplicates()
    scoped = scoped.merge(exports[["product", "scope", *columns]], on=["product", "scope"])
    shown = seen[seen["scope"].isna()][["asset", "export_id"]].merge(exports[columns], on="export_id")
    out = pd.concat([scoped[["asset", *columns]], shown[["asset", *columns]]], ignore_index=True)
    until = out["covers_until_at"].where(out["export_kind"] != "listing").fillna(out["observed_at"])
    return out.assign(until_at=until).dropna(subset="until_at").drop_duplicates(["asset", "export_id"])


def _histories(speaks: pd.DataFrame, usable: pd.DataFrame, since: pd.Series | None) -> pd.DataFrame:
    """Histories and windows: all runs between their ends are there.

    A history holds every run there was, so that before the first one there was nothing; what a window does not reach
    back to may still have been there, so that before the first one nothing is known.
    """
    first = _of(_first_evidence(usable), speaks["asset"])
    begin = first if since is None else _of(since, speaks["asset"]).fillna(first)
    begin = begin.where(speaks["export_kind"] == "events", first)
    early = speaks["covers_from_at"].fillna(begin.where(speaks["export_kind"] == "events"))
    return speaks.assign(from_at=early.where(early >= begin, begin), proven=True)


def _listings(speaks: pd.DataFrame, backups: pd.DataFrame, usable: pd.DataFrame) -> list[pd.DataFrame]:
    """Listings: from the oldest survivor on; proven between listings that lie close enough."""
    survivors = usable[usable["usable"] & (usable["method"] != "log")]
    oldest = survivors.groupby("asset")["usable_from_at"].min().combine_first(_first_evidence(usable))
    seen = speaks[["asset", "until_at"]].drop_duplicates().sort_values(["asset", "until_at"])
    ends = seen.groupby("asset", as_index=False)["until_at"].max()
    whole = ends.assign(from_at=_of(oldest, ends["asset"]), proven=False)
    between = seen.assign(from_at=seen.groupby("asset")["until_at"].shift(), proven=True).dropna(subset="from_at")
    kept = _of(_kept(backups), between["asset"])
    close = kept.isna() | (between["until_at"] - between["from_at"] <= kept)
    return [whole, between[close]]


def _of(values: pd.Series, assets: pd.Series) -> pd.Series:
    return pd.Series(values.reindex(assets).array, index=assets.index)


def _first_evidence(usable: pd.DataFrame) -> pd.Series:
    """By asset, the first moment of which its backups say something: one was usable from then on, or begun in vain."""
    says = usable["usable_from_at"].where(usable["usable"], usable["begun_at"])
    bases = says.where(usable["method"] != "log").groupby(usable["asset"]).min()
    return bases.fillna(says.groupby(usable["asset"]).min())


def _kept(backups: pd.DataFrame) -> pd.Series:
    """By asset, for how long at least any good backup was kept, as far as it shows; nothing shows where none has gone.

    A plan says it. Else each backup that went was kept for some time between its last sighting and its absence: where
    one retention time fits them all, it is no shorter than the longest stay that was seen; where none does, old ones
    are being thinned out, and the shortest stay is all that is sure. What builds on a base backup goes with it, so that
    the retention time counts from the base, and what was made last of a chain is kept for the shortest time.
    """
    good = backups[~backups["status"].isin(["failed", "running", "deleted"])]
    begun = good["started_at"].fillna(good["recovery_point_at"]).fillna(good["finished_at"])
    planned = (good["expires_at"] - begun).groupby(good["asset"]).min()
    gone = good["removed_at"].notna() & good["expires_at"].isna()
    place = [good["asset"], good["location"].fillna("")]
    base = _begun_of_base(good, begun, place)
    stays = pd.DataFrame({"own": good["last_seen_at"] - begun, "least": good["last_seen_at"] - base})
    stays = stays.assign(most=good["removed_at"] - base).where(gone).groupby(place)
    longest, behind = stays["least"].max(), (begun - base).groupby(place).max()
    fits = longest <= stays["most"].min()
    kept = (longest - behind).where(fits, stays["own"].min()).groupby(level=0).min()
    return pd.concat([planned, kept]).groupby(level=0).min().dropna()


def _begun_of_base(backups: pd.DataFrame, begun: pd.Series, place: list[pd.Series]) -> pd.Series:
    """When the base that each backup builds on was begun; for one that stands on its own, or has none, when it was."""
    bases = begun.where(backups["parent_id"].isna())
    order = begun.sort_values(kind="stable").index
    latest = bases.loc[order].groupby([p.loc[order] for p in place]).ffill()
    return latest.reindex(begun.index).fillna(begun)
