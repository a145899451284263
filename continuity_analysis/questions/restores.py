"""Every restore of data with the size of what it restored, and how fast it was."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.sizes import measure_backup_sizes, measure_restored_sizes
from continuity_analysis.models.throughput import MEGABYTE, estimate_throughput
from continuity_analysis.questions.recoveries_seen import RESTORES, judged_at, seen_recoveries

BY = ("asset", "service", "kind", "method", "location")
POINTS = (
    "asset", "service", "recovery_id", "kind", "method", "location", "started_at", "size_bytes", "hours", "outcome",
    "megabytes_per_second", "excluded",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Asked:
    """What the answers rest on.

    Attributes
    ----------
    points : DataFrame
        One row per restore.
    sizes : DataFrame
        As `measure_backup_sizes` returns it.
    assets : Index
        All assets with restores or backups, in the order of their names.
    services : DataFrame
        asset, service: who needs what.
    moment : Timestamp
        Of judgement.
    """

    points: pd.DataFrame
    sizes: pd.DataFrame
    assets: pd.Index
    services: pd.DataFrame
    moment: pd.Timestamp


def restores(logs, *, period=None) -> pd.DataFrame:
    """Every restore of data, rehearsed or real, with the size of what it restored.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        As things stood at its end; default as_of.

    Returns
    -------
    DataFrame
        One row per restore of an asset, oldest first: asset, service, recovery_id, kind, method and location of the
        backup it was made from, started_at, size_bytes, hours (of restoring data alone [h]; infinite: failed), outcome
        (restored, never, censored), megabytes_per_second (of those that ended), excluded (why it counts nowhere here).
    """
    return asked_restores(logs, period).points[list(POINTS)]


def throughput(logs, *, period=None, by=("asset", "method", "location")) -> pd.DataFrame:
    """How fast data is restored, per asset, method and location of the backup.

    Parameters
    ----------
    logs, period
        As of `restores`.
    by : str or tuple of str
        Out of "asset", "service", "kind", "method", "location".

    Returns
    -------
    DataFrame
        The groups (null: the log does not say from which backup), then as `estimate_throughput` has it [MB/s], and
        size_bytes, the largest restored.

    Raises
    ------
    InputError
        If `by` names anything else.
    """
    by = (by,) if isinstance(by, str) else tuple(by)
    if not by or set(by) - set(BY):
        raise InputError(f"Expected by to be some of {', '.join(BY)}, got {', '.join(map(repr, by)) or 'none'}.")
    used = used_restores(asked_restores(logs, period))
    keys = used[list(by)]
    group = keys.groupby(list(by), dropna=False, sort=True).ngroup().to_numpy()
    labels = keys.assign(group=group).drop_duplicates("group").sort_values("group", ignore_index=True)[list(by)]
    found = estimate_throughput(used.assign(group=group), groups=len(labels))
    largest = used.groupby(group)["size_bytes"].max().reset_index(drop=True)
    return labels.astype("str").join(found).assign(size_bytes=largest.to_numpy(float))


def asked_restores(logs, period) -> Asked:
    """What there is to ask, as things stood at the end of a period."""
    moment, _ = judged_at(logs, period)
    recoveries = seen_recoveries(logs, moment)
    recoveries = recoveries[recoveries["kind"].isin(RESTORES)].reset_index(drop=True)
    sizes = measure_backup_sizes(logs.backups, until=moment)
    points = measure_restored_sizes(recoveries, logs.backups, sizes=sizes)
    points = points[points["data_outcome"] != "data"].drop_duplicates(["recovery_id", "data_asset", "kind"])
    points = points.sort_values("started_at", kind="stable", ignore_index=True).drop(columns=["asset", "size_bytes"])
    names = {"data_asset": "asset", "restored_bytes": "size_bytes"}
    points = points.drop(columns=["hours", "outcome"]).rename(
        columns=names | {"data_hours": "hours", "data_outcome": "outcome"}
    )
    speed = points["size_bytes"] / MEGABYTE / (points["hours"] * 3600)
    ended = (points["outcome"] == "restored") & (points["hours"] > 0)
    points = points.assign(excluded=_excluded(points), megabytes_per_second=speed.where(ended))
    services = logs.backups[["asset", "service"]].dropna().drop_duplicates()
    services = services.sort_values(["asset", "service"], ignore_index=True)
    assets = pd.Index(sorted({*points["asset"].dropna(), *sizes["asset"].dropna()}), dtype="str", name="asset")
    return Asked(points, sizes, assets, services, moment)


def used_restores(asked: Asked) -> pd.DataFrame:
    """Restores that say how long data of their size takes, ended or censored, with the number of their asset."""
    rows = asked.points[asked.points["excluded"].isna()]
    return rows.assign(group=asked.assets.get_indexer(rows["asset"]), censored=rows["outcome"] == "censored")


def _excluded(points: pd.DataFrame) -> pd.Series:
    """Why a restore says nothing of the time its size takes."""
    merged = points["end_to_end"] & points["data_restored_at"].isna() & (points["status"] == "completed")
    holds = [points["asset"].isna(), merged, points["outcome"] == "never", points["size_bytes"].isna()]
    reasons = ["which data is not known", "when data was back is not known", "failed", "size not known"]
    return pd.Series(np.select(holds, np.array(reasons, dtype=object), None), index=points.index, dtype="str")
