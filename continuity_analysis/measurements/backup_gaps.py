"""How far apart backups were begun in a window, and how long they ran: the schedule as it can be read off."""

import pandas as pd

_HOUR = pd.Timedelta(hours=1)
_NEVER_RAN = ("deleted", "no time known")


def measure_backup_gaps(usable: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Typical distance of backups and typical run time of each asset; runs that failed were scheduled, too.

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`. What is begun at the same moment (at several locations) is one run.
    start, end : Timestamp
        The window in which they were begun.

    Returns
    -------
    DataFrame
        asset, n (gaps between runs), interval_hours (their median), run_hours (median from begin to usable; missing:
        not stated), continuous (logs that carry the data further were shipped in the window).
    """
    rows = usable[(usable["begun_at"] >= start) & (usable["begun_at"] < end)]
    log = rows["method"].eq("log").fillna(False).astype(bool)
    runs = rows[~log & ~rows["reason"].isin(_NEVER_RAN)].sort_values(["asset", "begun_at"], kind="stable")
    took = ((runs["usable_from_at"] - runs["begun_at"]) / _HOUR).where(runs["usable"] & (runs["direction"] == "exact"))
    begun = runs.drop_duplicates(["asset", "begun_at"])
    gap = (begun.groupby("asset")["begun_at"].diff() / _HOUR).groupby(begun["asset"])
    found = pd.DataFrame(
        {"n": gap.count(), "interval_hours": gap.median(), "run_hours": took.groupby(runs["asset"]).median()}
    )
    logged = rows.loc[log & rows["usable"], "asset"]
    found = found.reindex(found.index.union(logged.unique())).rename_axis("asset").reset_index()
    return found.assign(n=found["n"].fillna(0).astype("int64"), continuous=found["asset"].isin(logged))
