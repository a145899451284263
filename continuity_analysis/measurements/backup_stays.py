"""How long each backup stayed: at least until it was last listed, at most until a listing lacked it, or as planned."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, UNKNOWN


def measure_stays(runs: pd.DataFrame, *, start: int, end: int) -> pd.DataFrame:
    """Stays of the good backups that were there at some moment between `start` and `end`, counted from their begin.

    Parameters
    ----------
    runs : DataFrame
        Result of `measure_backup_runs`.
    start, end : int
        Microseconds since 1970.

    Returns
    -------
    DataFrame
        code (job), backup_id, begun [us], least_hours (it stayed so long, as far as shown by the end; missing where no
        listing shows it), most_hours (it stayed no longer; infinite where it was still there when last listed), gone,
        planned_hours (until it expires; missing where no plan is known).
    """
    rows = runs[runs["serves"] & (runs["begun"] < end)]
    begun, last, removed, expires = (rows[c].to_numpy() for c in ("begun", "last_seen", "removed", "expires"))
    listed = (~rows["history"].to_numpy(bool) | (removed != UNKNOWN)) & (last != UNKNOWN)
    gone = (removed != UNKNOWN) & (removed <= end)
    on_time = gone & (expires > last) & (expires <= removed)
    proven = np.where(on_time, expires, np.minimum(np.where(listed, last, begun), end))
    at_most = np.where(on_time, expires, np.where(gone, removed, begun)) - begun
    planned = np.where(expires != UNKNOWN, expires, begun) - begun
    out = rows[["code", "backup_id", "begun"]].assign(
        least_hours=np.where(listed, np.maximum(proven - begun, 0) / HOUR, np.nan),
        most_hours=np.where(gone, np.maximum(at_most, 0) / HOUR, np.inf),
        gone=gone,
        planned_hours=np.where(expires != UNKNOWN, planned / HOUR, np.nan),
    )
    return out[~gone | (removed > start)].reset_index(drop=True)
