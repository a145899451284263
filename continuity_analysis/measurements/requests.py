"""Request counts into the share that was served."""

import numpy as np
import pandas as pd


def measure_requests(requests: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Requests of each service whose minute began in [start, end).

    What client policy refused is not a failure and not counted: availability is 1 - failed / (total - rejected).

    Parameters
    ----------
    requests : DataFrame
        Canonical requests with `service`.

    Returns
    -------
    DataFrame
        One row per service with requests: service, total, failed, rejected, request_availability (null where none was
        left to serve), covered_hours (minutes with any request) [h].
    """
    inside = (requests["minute_at"] >= start) & (requests["minute_at"] < end)
    rows = requests[inside].dropna(subset=["service"])
    counts = rows.groupby("service")[["total", "failed", "rejected"]].sum().astype("float64")
    minutes = rows.groupby("service")["minute_at"].nunique()
    served = (counts["total"] - counts["rejected"]).to_numpy()
    share = np.where(served > 0, 1 - counts["failed"] / np.where(served > 0, served, 1), np.nan)
    return counts.assign(request_availability=share, covered_hours=minutes / 60).reset_index()
