"""Backup runs counted: how many ended well, how many due times were served, how late runs were, what was missed.

The intervals are exact for runs that fail independently of each other. Failures of backups tend to come together (a
full disk, a night without the network), and then the truth is less certain than they say.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.proportions import clopper_pearson

HOUR = 3_600_000_000
COUNTED = ("done", "partial", "failed", "failed verification")  # states of runs that have ended


def count_runs(runs: pd.DataFrame, by: str, groups: pd.Index) -> pd.DataFrame:
    """How the runs of each group ended.

    Parameters
    ----------
    runs : DataFrame
        Columns `by`, state, history.
    by : str
        Column that names the groups.
    groups : Index
        All of them.

    Returns
    -------
    DataFrame
        Indexed by group: n_seen (all runs seen), n_done, n_partial, n_failed, n_failed_verification, n_running,
        n_not_said (of all runs seen); n_runs (that ended, in exports that show all runs), success, success_low,
        success_high (share of them that was done and not found broken; missing where there are none).
    """
    states = (*COUNTED, "running", "not said")
    counts = pd.crosstab(runs[by], runs["state"]).reindex(index=groups, columns=list(states), fill_value=0)
    out = counts.rename(columns={s: "n_" + s.replace(" ", "_") for s in states}).astype("int64")
    out.insert(0, "n_seen", out.sum(axis=1))
    ended = runs[runs["history"] & runs["state"].isin(COUNTED)]
    n = ended[by].value_counts().reindex(groups, fill_value=0).to_numpy()
    done = ended.loc[ended["state"] == "done", by].value_counts().reindex(groups, fill_value=0).to_numpy()
    low, high = clopper_pearson(done, n)
    success = np.where(n > 0, done / np.maximum(n, 1), np.nan)
    return out.assign(n_runs=n, success=success, success_low=low, success_high=high).rename_axis(columns=None)


def count_due(due: pd.DataFrame, by: str, groups: pd.Index) -> pd.DataFrame:
    """What came of the due times of each group.

    Parameters
    ----------
    due : DataFrame
        One row per due time, in the order of job and time: `by`, code (job), state (done, late, partial, failed,
        failed verification, running, not said, missed, unknown), serves, watched, late_hours (missing: no run, or no
        telling).
    by : str
        Column that names the groups.
    groups : Index
        All of them.

    Returns
    -------
    DataFrame
        Indexed by group: n_due (watched due times), n_served, served, served_low, served_high (share of them with a
        usable backup), n_missed, n_late, n_begun (due runs whose lateness is known), late_p50_hours, late_p95_hours,
        late_worst_hours, longest_streak (most due times in a row that were not served, of any one job), unserved_now
        (such a row that lasts until the end).
    """
    watched = due[due["watched"]]
    n, served, missed = (
        rows[by].value_counts().reindex(groups, fill_value=0).to_numpy()
        for rows in (watched, watched[watched["serves"]], watched[watched["state"] == "missed"])
    )
    low, high = clopper_pearson(served, n)
    out = pd.DataFrame({"n_due": n, "n_served": served}, index=groups)
    out = out.assign(served=np.where(n > 0, served / np.maximum(n, 1), np.nan), served_low=low, served_high=high)
    out["n_missed"] = missed
    out["n_late"] = due.loc[due["state"] == "late", by].value_counts().reindex(groups, fill_value=0)
    begun = due[due["late_hours"].notna()]
    late = begun.groupby(by)["late_hours"]
    out["n_begun"] = late.size().reindex(groups, fill_value=0)
    for name, share in (("late_p50_hours", 0.5), ("late_p95_hours", 0.95), ("late_worst_hours", 1.0)):
        out[name] = late.quantile(share).reindex(groups)
    return out.join(_streaks(watched, by).reindex(groups, fill_value=0))


def longest_gaps(runs: pd.DataFrame, by: str, groups: pd.Index) -> pd.Series:
    """The longest time [h] from the begin of one usable backup of a job to that of its next one; missing below two.

    Parameters
    ----------
    runs : DataFrame
        Usable runs in the order of job and begin: `by`, code, begun [us], watched (ever since the run before).
    by : str
        Column that names the groups.
    groups : Index
        All of them.
    """
    rows = runs.sort_values([by, "code"], kind="stable")
    apart = rows["begun"].diff().where(~_begins(rows, by) & rows["watched"].to_numpy(bool))
    return (apart.groupby(rows[by]).max() / HOUR).reindex(groups)


def _streaks(watched: pd.DataFrame, by: str) -> pd.DataFrame:
    """The longest row of due times without a usable backup, and the one at the end."""
    rows = watched.sort_values([by, "code"], kind="stable")
    serves, begins = rows["serves"].to_numpy(bool), _begins(rows, by)
    length = pd.Series(~serves, index=rows.index).astype("int64").groupby((serves | begins).cumsum()).cumsum()
    last = np.append(begins[1:], True)[: len(begins)]
    frame = pd.DataFrame({by: rows[by], "longest_streak": length, "unserved_now": np.where(last, length, 0)})
    return frame.groupby(by)[["longest_streak", "unserved_now"]].max().astype("int64")


def _begins(rows: pd.DataFrame, by: str) -> np.ndarray:
    """Whether each row is the first of its group and job."""
    return ((rows[by] != rows[by].shift()) | (rows["code"] != rows["code"].shift())).to_numpy(bool)
