"""How large the data was: of each backup that holds it whole, and of what each recovery restored.

What a tool calls the size of a differential or incremental backup is the whole of the data with some and what changed
with others. So it is no measure of the data; restored from one is at least the largest of the chain it builds on.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_chains import numbered, parents_of

LOGICAL, STORED = "size of the data", "size on storage"
WHOLE = ("full", "snapshot")
_NO_BACKUP = ("failed", "running", "deleted", "partial")
_KEY = ["product", "asset", "location", "backup_id"]


def measure_backup_sizes(backups: pd.DataFrame, *, until: pd.Timestamp) -> pd.DataFrame:
    """The size of the data, as each backup that had ended by a moment tells it.

    Parameters
    ----------
    backups : DataFrame
        Canonical backups with `service`; several rows of one backup (one for each service) are one here.
    until : Timestamp

    Returns
    -------
    DataFrame
        One row per backup that did not fail: product, asset, location, backup_id, method, at (begin, else the moment it
        holds, else its end), whole (a full backup or snapshot), size_bytes (largest of what it builds on and itself; of
        an asset none of whose backups states the size of its data, what a full one takes on storage), basis.
    """
    rows = backups.drop_duplicates(_KEY)
    at = rows["started_at"].fillna(rows["recovery_point_at"]).fillna(rows["finished_at"])
    ended = rows["finished_at"].fillna(at) <= until
    good = ~rows["status"].isin(_NO_BACKUP) & (rows["method"] != "log") & ended & at.notna()
    rows = rows.assign(at=at)[good.to_numpy(dtype=bool)].reset_index(drop=True)
    logical = _largest_of_chain(rows, rows["size_bytes"].to_numpy(dtype=float, na_value=np.nan))
    alone = (rows["method"] == "full") & rows["parent_id"].isna()
    stored = np.where(alone, rows["stored_bytes"].to_numpy(dtype=float, na_value=np.nan), np.nan)
    logical[logical <= 0], stored[stored <= 0] = np.nan, np.nan
    known = pd.Series(~np.isnan(logical)).groupby(rows["asset"]).transform("any").to_numpy(dtype=bool)
    return rows[_KEY].assign(
        method=rows["method"].astype("str"),
        at=rows["at"],
        whole=rows["method"].isin(WHOLE),
        size_bytes=np.where(known, logical, stored),
        basis=pd.Series(np.where(known, LOGICAL, STORED), dtype="str"),
    )


def measure_restored_sizes(recoveries: pd.DataFrame, backups: pd.DataFrame, *, sizes: pd.DataFrame) -> pd.DataFrame:
    """What each recovery restored, from which backup, and how large it was.

    Parameters
    ----------
    recoveries : DataFrame
        Result of `measure_recoveries`.
    backups : DataFrame
        Canonical backups with `service`.
    sizes : DataFrame
        Result of `measure_backup_sizes`.

    Returns
    -------
    DataFrame
        `recoveries` with data_asset (of the backup it was made from; else the asset it names, or the only one its
        service has; null: cannot be told), method and location of that backup (null: not known), restored_bytes (what
        the recovery states; where that is missing, or its backup builds on others, at least the size of that; where
        sizes are those on storage, the backup's alone), stated apart from `size_bytes`, which is left as it was.
    """
    served = backups[["service", *_KEY]].dropna(subset=["service"]).drop_duplicates()
    found = sizes.merge(served, on=_KEY)
    row = _backup_of(recoveries, found)
    linked = found.reindex(row).reset_index(drop=True)  # a row of -1 is none
    stated = recoveries["size_bytes"].to_numpy(dtype=float, na_value=np.nan)
    held = linked["size_bytes"].to_numpy(dtype=float)
    asset = linked["asset"].astype("str").fillna(_asset_of(recoveries, served))
    basis = asset.map(sizes.drop_duplicates("asset").set_index("asset")["basis"])
    on_storage = (basis == STORED).to_numpy(dtype=bool)
    dependent = ~linked["whole"].astype("boolean").fillna(True).to_numpy(dtype=bool)
    own = np.where(dependent, np.fmax(stated, held), np.where(np.isnan(stated), held, stated))
    size = np.where(on_storage, held, own)
    return recoveries.assign(
        data_asset=asset.to_numpy(),
        method=linked["method"].astype("str").to_numpy(),
        location=linked["location"].astype("str").to_numpy(),
        restored_bytes=np.where(size > 0, size, np.nan),
    )


def _largest_of_chain(rows: pd.DataFrame, size: np.ndarray) -> np.ndarray:
    """The largest of each one's own size and those of all it builds on; links are doubled in each step."""
    link = parents_of(numbered(rows), np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=np.int64))
    link, largest = np.where(link >= 0, link, np.arange(len(rows))), size.copy()
    for _ in range(max(len(rows), 1).bit_length()):
        largest, link = np.fmax(largest, largest[link]), link[link]
    return largest


def _backup_of(recoveries: pd.DataFrame, found: pd.DataFrame) -> np.ndarray:
    """Row of `found` of the backup each recovery names, -1 where none or not only one fits.

    People write the label that a tool prints; ids carry what makes them unique before it, after a slash.
    """
    exact = _only(recoveries, found, found["backup_id"].astype("str"))
    label = _only(recoveries, found, found["backup_id"].astype("str").str.rsplit("/", n=1).str[-1])
    return np.where(exact >= 0, exact, label)


def _only(recoveries: pd.DataFrame, found: pd.DataFrame, name: pd.Series) -> np.ndarray:
    known = pd.DataFrame({"service": found["service"].astype("str"), "name": name, "row": np.arange(len(found))})
    known = known.dropna().drop_duplicates(["service", "name"], keep=False)
    sought = pd.DataFrame(
        {"service": recoveries["service"].astype("str"), "name": recoveries["backup_id"].astype("str")}
    )
    return sought.merge(known, how="left", on=["service", "name"])["row"].fillna(-1).to_numpy().astype(np.int64)


def _asset_of(recoveries: pd.DataFrame, served: pd.DataFrame) -> pd.Series:
    """The asset a recovery names, where backups of it are known; else the only one its service has."""
    pairs = served[["service", "asset"]].dropna().drop_duplicates()
    named = recoveries["asset"].where(recoveries["asset"].isin(pairs["asset"])).astype("str")
    only = pairs.drop_duplicates("service", keep=False).astype("str").set_index("service")["asset"]
    return named.fillna(recoveries["service"].astype("str").map(only).astype("str")).reset_index(drop=True)
