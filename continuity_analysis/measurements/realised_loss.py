"""What recoveries really lost, from the moment they went back to until the disruption; and whether a log shows it.

A recovery went back to a moment. If no backup or log that is on record held that moment then, the record has a gap:
either a backup nobody listed, or a moment that was written down wrongly.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_proofs import link_recoveries
from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_microseconds
from continuity_analysis.measurements.exposure import measure_exposure
from continuity_analysis.measurements.exposure_at import exposure_at
from continuity_analysis.measurements.points_at import measure_points_at

CLOSE = pd.Timedelta(minutes=1)
"""Points this near are the same: people write minutes."""
ON_RECORD, BETWEEN, UNLISTED, DARK = "on record", "no listing shows it", "backup not on record", "nobody was watching"


def measure_realised_loss(
    recoveries: pd.DataFrame, longest: pd.DataFrame, coverage: pd.DataFrame, *, members: pd.DataFrame
) -> pd.DataFrame:
    """Loss of every completed restore and drill, and what is on record of its point.

    Parameters
    ----------
    recoveries : DataFrame
        Canonical recoveries with `service`.
    longest : DataFrame
        Result of `measure_usable_backups`, each for as long as it can have been there at most.
    coverage : DataFrame
        Result of `measure_backup_coverage`.
    members : DataFrame
        asset, service: which assets each service needs.

    Returns
    -------
    DataFrame
        service, recovery_id, kind, disrupted_at, recovery_point_at, backup_id, lost_hours (from the point to the
        disruption [h]; null where either is not said), at_risk_hours (what the logs say the loss had to be at least
        [h]), gap_hours (from the newest point on record to the one recovered to [h]), evidence (on record; no listing
        shows it; backup not on record; nobody was watching; null where neither a point
        nor a backup is said).
    """
    done = recoveries["status"].eq("completed") & recoveries["kind"].isin(["restore", "drill"])
    rows = recoveries[done.fillna(False)].drop_duplicates(["product", "recovery_id", "service"])
    rows = rows.dropna(subset="service").reset_index(drop=True)
    begun = rows["started_at"].fillna(rows["declared_at"]).fillna(rows["data_restored_at"]).fillna(rows["disrupted_at"])
    asked = rows[["service", "disrupted_at", "recovery_point_at", "asset"]].assign(begun_at=begun)
    pairs = _of_assets(asked, members, set(longest["asset"]))
    watched = _watched(pairs, longest, coverage)
    per = pd.DataFrame({"row": pairs["row"], "watched": watched.astype(float), "risk": _at_risk(pairs, longest)})
    per = per.assign(gap=np.where(watched, _gaps(pairs, longest), np.nan))
    worst = per.groupby("row").agg({"gap": "max", "risk": "max", "watched": "min"}).reindex(range(len(rows)))
    names = ["service", "recovery_id", "kind", "disrupted_at", "recovery_point_at", "backup_id"]
    return rows[names].assign(
        lost_hours=(rows["disrupted_at"] - rows["recovery_point_at"]) / pd.Timedelta(hours=1),
        at_risk_hours=worst["risk"].to_numpy(),
        gap_hours=worst["gap"].to_numpy(),
        evidence=_evidence(rows, worst, linked=link_recoveries(rows, longest, members)["recovery"]),
    )


def _evidence(rows: pd.DataFrame, worst: pd.DataFrame, *, linked: pd.Series) -> pd.Series:
    """What is on record of the point, or the backup, that each recovery went back to."""
    said = rows[["recovery_point_at", "backup_id"]].notna().any(axis=1).to_numpy()
    dark = (worst["watched"].fillna(0) < 1).to_numpy()
    far = (worst["gap"] > CLOSE / pd.Timedelta(hours=1)).to_numpy()
    unlisted = rows["backup_id"].notna().to_numpy() & ~rows.index.isin(linked.unique())
    words = np.select([~said, dark, far, unlisted], ["", DARK, BETWEEN, UNLISTED], ON_RECORD)
    return pd.Series(words, dtype="str").where(said)


def _of_assets(asked: pd.DataFrame, members: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    """One row per recovery and asset: the asset it names, or all that its service needs."""
    rows = asked.reset_index(names="row")
    own = rows["asset"].isin(known)
    needs = rows[~own].drop(columns="asset").merge(members.drop_duplicates(), on="service")
    return pd.concat([rows[own], needs], ignore_index=True)


def _watched(pairs: pd.DataFrame, longest: pd.DataFrame, coverage: pd.DataFrame) -> np.ndarray:
    """Whether somebody was watching the backups of the asset when the recovery began."""
    moments = pairs["begun_at"].dropna()
    if moments.empty:
        return np.zeros(len(pairs), dtype=bool)
    pieces = measure_exposure(longest, coverage, start=moments.min(), end=moments.max() + pd.Timedelta(seconds=1))
    return exposure_at(pieces, pairs, by="asset", at="begun_at")["hours"].notna().to_numpy()


def _gaps(pairs: pd.DataFrame, longest: pd.DataFrame) -> np.ndarray:
    """How far beyond the newest point on record the recovery went back to [h]; infinite where none was."""
    point = to_microseconds(pairs["recovery_point_at"])
    near = pairs.assign(at=pairs["begun_at"], before=pairs["recovery_point_at"] + CLOSE)
    return _hours(point, measure_points_at(longest, near)).clip(min=0)


def _at_risk(pairs: pd.DataFrame, longest: pd.DataFrame) -> np.ndarray:
    """The age of the newest point at the disruption [h]."""
    then = pairs.assign(at=pairs["disrupted_at"], before=pairs["disrupted_at"])
    return _hours(to_microseconds(pairs["disrupted_at"]), measure_points_at(longest, then))


def _hours(until: np.ndarray, since: np.ndarray) -> np.ndarray:
    both = (until != UNKNOWN) & (since != UNKNOWN)
    return np.where(until == UNKNOWN, np.nan, np.where(both, (until - np.where(both, since, until)) / HOUR, np.inf))
