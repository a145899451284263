"""Do backups run when they should, do they end well, do they still fit, and are they kept as long as promised?"""

import numpy as np
import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.backup_runs import JOB
from continuity_analysis.measurements.backup_slots import Slots, measure_watched
from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_moments
from continuity_analysis.models.backup_health import count_due, count_runs, longest_gaps
from continuity_analysis.questions.backup_jobs import BackupJobs, observe_backup_jobs
from continuity_analysis.questions.backups_due import due_in, runs_in, tolerated
from continuity_analysis.questions.stated_backups import describe_schedules
from continuity_analysis.questions.tiers import tiers_of

BY = ("job", "asset", "service", "tier")
NAMES = JOB[1:]
TREND_DAYS = 365
DAY = 24 * HOUR
SCHEDULE = ["schedule", "basis", "explained", "held", "n_learned"]
RUN_COLUMNS = (
    *NAMES, "state", "due_at", "begun_at", "ended_at", "late_hours", "run_hours", "size_bytes", "extra", "watched",
    "product", "backup_id", "error",
)  # fmt: skip
ONLY_SURVIVORS = "seen in listings only, which show survivors: no share of runs that ended well"
NOT_WATCHED = "no export shows every run of the period: what was missed is unknown"


def backup_health(logs, period, *, by: str = "job") -> pd.DataFrame:
    """Success, due times served and missed, lateness, gaps, per backup job (or asset, service, tier); the worst first.

    A job is what one product backs up by one method to one location. Its schedule is the catalogue's (`backups`), else
    learned from its runs of the period, but at least of the 91 days before its end, else of all before it.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
    by : {"job", "asset", "service", "tier"}
        A service has the jobs of the assets it needs, a tier those of its services, each once.

    Returns
    -------
    DataFrame
        asset, location, method (or `by`), then as `count_runs` and `count_due` have them, longest_gap_hours, and reason
        (what cannot be told, and why). By job also schedule (in words), basis (stated, learned, or empty), explained
        (share of the runs learned from that were the one of a due time), held (share of due times that had a run),
        n_learned, interval_hours, within_hours (a due run begun later is late), product.

    Raises
    ------
    InputError
        If `by` is none of these.
    """
    if by not in BY:
        raise InputError(f"Expected by to be one of {', '.join(BY)}, got {by!r}.")
    observed = observe_backup_jobs(logs, period)
    members = _members(logs, observed.jobs, by)
    groups = pd.Index(sorted(set(members[by])), dtype="int64" if by == "job" else "str")
    runs, due, good = (_of_groups(f(observed), members) for f in (runs_in, due_in, _good_runs))
    counted = count_runs(runs, by, groups).join(count_due(due, by, groups))
    counted = counted.assign(longest_gap_hours=longest_gaps(good, by, groups))
    counted = counted.assign(reason=_reasons(counted, observed.schedules.jobs["reason"] if by == "job" else None))
    if by == "job":
        counted = _named(observed).join(counted)
        return _worst_first(counted[[*NAMES, *counted.columns.drop([*NAMES, "product"]), "product"]])
    return _worst_first(counted.rename_axis(by).reset_index())


def backup_runs(logs, period) -> pd.DataFrame:
    """Every run of a period beside the time it was due, and every due time at which none was begun.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        In the order of job and time: asset, location, method, state (done, late, partial, failed, failed verification,
        running, not said; missed; unknown: no run, but not every run would have been seen), due_at (null: no schedule
        known), begun_at, ended_at, late_hours (null where the due time rests on the run itself), run_hours,
        size_bytes, extra (not the run that was due: repeated, or by hand), watched (whether every run about then would
        have been seen), product, backup_id, error.
    """
    observed = observe_backup_jobs(logs, period)
    runs, due = runs_in(observed), due_in(observed)
    runs = runs.assign(state=runs["state"].mask(runs["late"] & (runs["state"] == "done"), "late"))
    rows = pd.concat([runs, due[due["begun"] == UNKNOWN].assign(extra=False)], ignore_index=True)
    rows["at"] = rows["begun"].where(rows["begun"] != UNKNOWN, rows["due"])
    rows = rows.sort_values(["code", "at", "backup_id"], ignore_index=True)
    rows = rows.drop(columns=JOB).join(observed.jobs[JOB], on="code")
    for name in ("due", "begun", "ended"):
        rows[f"{name}_at"] = to_moments(rows[name].fillna(UNKNOWN).to_numpy(np.int64))
    return rows[list(RUN_COLUMNS)].astype({"extra": "bool", "watched": "bool"})


def _named(observed: BackupJobs) -> pd.DataFrame:
    jobs = observed.jobs.assign(schedule=describe_schedules(observed.schedules), within_hours=tolerated(observed.jobs))
    return jobs.rename(columns={"n": "n_learned"})[[*JOB, *SCHEDULE, "interval_hours", "within_hours"]]


def _members(logs, jobs: pd.DataFrame, by: str) -> pd.DataFrame:
    """Which jobs each group has: code and `by`."""
    if by == "job":
        return pd.DataFrame({"code": jobs.index, "job": jobs.index})
    codes = jobs[["asset"]].assign(code=jobs.index)
    if by == "asset":
        return codes
    rows = codes.merge(logs.catalog.services_of_assets(jobs["asset"]), on="asset")
    if by == "tier":
        rows = rows.merge(tiers_of(logs.catalog, rows["service"].unique()).dropna(), on="service")
    return rows[["code", by]].drop_duplicates(ignore_index=True)


def _of_groups(rows: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns=JOB, errors="ignore").merge(members, on="code")


def _good_runs(observed: BackupJobs) -> pd.DataFrame:
    """Usable runs, and the end as one more, with whether the job was watched since the one before."""
    runs = observed.runs.loc[observed.runs["serves"], ["code", "begun"]]
    ends = pd.DataFrame({"code": runs["code"].unique(), "begun": observed.end})
    rows = pd.concat([runs, ends]).sort_values(["code", "begun"], kind="stable", ignore_index=True)
    code, begun = (rows[c].to_numpy(np.int64) for c in ("code", "begun"))
    before = np.append(begun[:1], begun[:-1])
    stretches = Slots(code, begun, np.minimum(before, begun), begun)
    return rows.assign(watched=measure_watched(stretches, observed.coverage) & (begun >= observed.start))


def _reasons(counted: pd.DataFrame, schedule: pd.Series | None) -> pd.Series:
    """What cannot be told of each group, and why."""
    none_ended = (counted["n_runs"] == 0) & (counted["n_seen"] > 0)
    unknown = "" if schedule is None else schedule.map(lambda text: f"schedule unknown: {text}" if text else "")
    has = pd.Series(True, index=counted.index) if schedule is None else schedule == ""
    parts = [
        pd.Series(np.where(none_ended, ONLY_SURVIVORS, ""), index=counted.index),
        pd.Series(unknown, index=counted.index),
        pd.Series(np.where((counted["n_due"] == 0) & has, NOT_WATCHED, ""), index=counted.index),
    ]
    return pd.Series(["; ".join(filter(None, words)) for words in zip(*parts, strict=True)], counted.index, dtype="str")


def _worst_first(counted: pd.DataFrame) -> pd.DataFrame:
    """Those that are not being served first, then by the share of due times served, then of runs that ended well."""
    worst = counted.assign(open=-counted["unserved_now"])
    return worst.sort_values(["open", "served", "success"], kind="stable", ignore_index=True).drop(columns="open")
