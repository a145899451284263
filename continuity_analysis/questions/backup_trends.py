"""Do backup runs take longer, until when do they fit, and are backups kept as long as promised?"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_runs import JOB
from continuity_analysis.measurements.backup_stays import measure_stays
from continuity_analysis.measurements.clock import HOUR, to_moments
from continuity_analysis.models.backup_retention import estimate_retention
from continuity_analysis.models.backup_trends import estimate_trends, weekly_medians
from continuity_analysis.questions.backup_jobs import BackupJobs, observe_backup_jobs

NAMES = JOB[1:]
DAY = 24 * HOUR
YEAR = 365 * DAY
WHOLE = ("done", "partial", "not said")
QUANTITIES = {"run time": "run_hours", "size": "size_bytes"}


def backup_trends(logs, period) -> pd.DataFrame:
    """How run time and size of every job grow, over the year up to the end of a period, and until when runs fit.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        Two rows per job, none where nothing is known: asset, location, method, quantity (run time [h] or size
        [bytes]), n (runs), until_at (the end), then as `estimate_trends` has them n_weeks, now, growth, growth_low,
        growth_high (per 30 days), tau, p, trend, history_days; for run time interval_hours, reaches_at with
        reaches_low and reaches_high (when the median run time reaches the interval), and reason.
    """
    observed = observe_backup_jobs(logs, period)
    jobs, runs = observed.jobs, _year(observed)
    code, days = runs["code"].to_numpy(), (runs["begun"].to_numpy() - observed.end) / DAY
    interval = jobs["interval_hours"].to_numpy(float)
    end, parts = to_moments([observed.end])[0], []
    for quantity, column in QUANTITIES.items():
        middle_days, logarithms, n = weekly_medians(code, days, runs[column].to_numpy(float), jobs=len(jobs))
        limit = interval if quantity == "run time" else None
        found = estimate_trends(middle_days, logarithms, interval_hours=limit)
        parts.append(jobs[NAMES].assign(quantity=quantity, n=n, until_at=end).join(found))
    both = pd.concat([parts[0].assign(interval_hours=interval), parts[1]]).sort_index(kind="stable")
    for name in ("reaches", "reaches_low", "reaches_high"):
        ahead = both.pop(f"{name}_days").astype(float)
        both["reaches_at" if name == "reaches" else name] = (end + pd.to_timedelta(ahead, unit="D")).dt.floor("s")
    return both.assign(reason=both.pop("reason").fillna(""))[both["n"] > 0].reset_index(drop=True)


def backup_history(logs, period) -> pd.DataFrame:
    """The runs that `backup_trends` rests on.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        asset, location, method, begun_at, run_hours, size_bytes, in the order of job and time.
    """
    runs = _year(observe_backup_jobs(logs, period))
    return runs.assign(begun_at=to_moments(runs["begun"]))[[*NAMES, "begun_at", "run_hours", "size_bytes"]]


def backup_retention(logs, period) -> pd.DataFrame:
    """How long the backups of every job stayed, against how long they were to stay.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        Backups that were there at some moment of it.

    Returns
    -------
    DataFrame
        asset, location, method, then as `estimate_retention` has them; reason.
    """
    observed = observe_backup_jobs(logs, period)
    jobs = observed.jobs
    stays = measure_stays(observed.runs, start=observed.start, end=observed.end)
    found = estimate_retention(stays, jobs=len(jobs), promised_hours=jobs["keep_hours"].to_numpy(float))
    no_listing = "no listing shows how long backups stay"
    reason = np.select([found["n"] == 0, found["n_gone"] == 0], [no_listing, "none is known to have gone yet"], "")
    rows = jobs[NAMES].join(found).assign(reason=pd.Series(reason, dtype="str"))
    return rows[(rows["n"] > 0) | (rows["basis"] == "stated")].reset_index(drop=True)


def _year(observed: BackupJobs) -> pd.DataFrame:
    """Runs of the year up to the end that came to their end."""
    runs = observed.runs
    late = runs["begun"] >= observed.end - YEAR
    return runs[late & runs["state"].isin(WHOLE)].reset_index(drop=True)
