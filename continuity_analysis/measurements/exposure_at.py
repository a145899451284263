"""Exposure at given moments: which piece each lies in, and whether the point was still there when it was needed."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_microseconds
from continuity_analysis.measurements.points_at import measure_points_at


def exposure_at(pieces: pd.DataFrame, asked: pd.DataFrame, *, by: str, at: str) -> pd.DataFrame:
    """The piece of exposure in which each moment lies.

    Parameters
    ----------
    pieces : DataFrame
        Result of `measure_exposure` or `measure_service_exposure`.
    asked : DataFrame
        Columns `by` and `at` (moments).
    by : str
        "asset" or "service".
    at : str
        Name of the column of moments.

    Returns
    -------
    DataFrame
        One row of each of `asked`, with its index: hours (age [h]; infinite where unprotected, NaN where nothing is
        known), asset (the worst one), backup_id.
    """
    names = [by, "from_at", "until_at", "state", "data_at", "backup_id", *(["asset"] if by != "asset" else [])]
    moments = asked[[by, at]].reset_index(drop=True).reset_index(names="row").dropna(subset=at)
    left, right = moments.sort_values(at, kind="stable"), pieces[names].sort_values("from_at", kind="stable")
    found = (
        pd.merge_asof(left, right, left_on=at, right_on="from_at", by=by).set_index("row").reindex(range(len(asked)))
    )
    inside = (found[at] < found["until_at"]).to_numpy()
    bare, held = ((found["state"] == state).to_numpy() & inside for state in ("unprotected", "protected"))
    age = ((found[at] - found["data_at"]) / pd.Timedelta(hours=1)).clip(lower=0)
    hours = np.select([held, bare], [age, np.inf], np.nan)
    out = {"hours": hours, "asset": found["asset"].where(inside), "backup_id": found["backup_id"].where(held)}
    return pd.DataFrame(out).set_index(asked.index)


def hours_left(usable: pd.DataFrame, asked: pd.DataFrame, members: pd.DataFrame) -> np.ndarray:
    """How much would be lost by going back to before something began, once it was noticed.

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`.
    asked : DataFrame
        Columns service, before (when it began), at (when it was noticed).
    members : DataFrame
        asset, service: which assets each service needs.

    Returns
    -------
    ndarray of float, shape (n,)
        From the newest point not after `before` that could be recovered `at`, to `before`; of a service's assets the
        most [h]. Infinite where there was none, NaN where a moment is missing.
    """
    pairs = asked[["service", "before", "at"]].reset_index(drop=True).reset_index(names="row")
    pairs = pairs.merge(members.drop_duplicates(), on="service")
    point, before = measure_points_at(usable, pairs), to_microseconds(pairs["before"])
    known = (before != UNKNOWN) & pairs["at"].notna().to_numpy()
    some = known & (point != UNKNOWN)
    lost = np.where(some, before - np.where(some, point, before), 0) / HOUR
    lost = pd.Series(np.select([~known, some], [np.nan, lost], np.inf))
    return lost.groupby(pairs["row"]).max().reindex(range(len(asked))).to_numpy()
