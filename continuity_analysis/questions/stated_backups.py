"""What the catalogue promises of backups, in the place of what was learned; a schedule in words."""

from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from continuity_analysis.measurements.backup_runs import JOB
from continuity_analysis.measurements.clock import HOUR
from continuity_analysis.models.backup_schedules import Schedules
from continuity_analysis.words import few, show

NOT_STATED, ANY = "not stated", "any"
_WEEK = 7 * 1440
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_TIMES_AT_MOST = 4


def with_stated(
    jobs: pd.DataFrame, schedules: Schedules, rules: tuple, *, timezone: str
) -> tuple[pd.DataFrame, Schedules]:
    """Jobs with what is promised of them, and schedules in which stated ones replace learned ones.

    Parameters
    ----------
    jobs : DataFrame
        product, asset, location, method by code.
    schedules : Schedules
        As learned.
    rules : tuple of BackupRule
        The first that speaks of a job, and says when runs are due (or how long they are kept), holds.
    timezone : str
        IANA zone of clock times, where a rule has none.

    Returns
    -------
    jobs : DataFrame
        With basis (stated, learned, or empty), within_hours, keep_hours; and a row for each pattern of a rule that no
        backup ever seen answers to.
    schedules : Schedules
    """
    unseen = [(NOT_STATED, p, r.location or NOT_STATED, r.method or NOT_STATED) for p, r in _unseen(jobs, rules)]
    jobs = pd.concat([jobs, pd.DataFrame(unseen, columns=JOB)], ignore_index=True).astype("str")
    frame = schedules.jobs.reindex(range(len(jobs)))
    new = frame["kind"].isna()
    frame = frame.fillna({"kind": "", "zone": "", "every": 0, "n": 0, "reason": "no run was ever seen"})
    frame = frame.astype({"every": "int64", "n": "int64"})
    due = _first(jobs, rules, lambda rule: rule.scheduled)
    keep = _first(jobs, rules, lambda rule: rule.keep_hours is not None)
    basis = np.where(frame["kind"] != "", "learned", "")
    basis = np.where([rule is not None for rule in due], "stated", basis)
    jobs = jobs.assign(
        basis=pd.Series(basis, dtype="str"),
        within_hours=[np.nan if r is None or r.within_hours is None else r.within_hours for r in due],
        keep_hours=[np.nan if r is None else r.keep_hours for r in keep],
    )
    frame.loc[~new & (basis == "stated"), "reason"] = ""
    return jobs, _replaced(Schedules(frame, schedules.times, {}), due, timezone)


def with_any_method(runs: pd.DataFrame, rules: tuple) -> pd.DataFrame:
    """Runs whose method is "any" where a rule says when one is due, but not by which method, and there are several."""
    rules = [rule for rule in rules if rule.scheduled]
    if not rules or runs.empty:
        return runs
    jobs = runs[JOB].drop_duplicates()
    several = jobs.groupby(JOB[:3])["method"].transform("size") > 1
    first = pd.Series(_first(jobs, tuple(rules), lambda rule: True), index=jobs.index, dtype=object)
    jobs = jobs.assign(shared=several & first.map(lambda rule: rule is not None and rule.method is None))
    shared = runs[JOB].merge(jobs, on=JOB, how="left")["shared"].to_numpy(bool)
    return runs.assign(method=runs["method"].mask(shared, ANY))


def _unseen(jobs: pd.DataFrame, rules: tuple) -> list[tuple]:
    names = set(jobs["asset"])
    return [(p, r) for r in rules if r.scheduled for p in r.assets if not any(fnmatchcase(n, p) for n in names)]


def _first(jobs: pd.DataFrame, rules: tuple, says) -> list:
    """For each job the first rule that speaks of it and says something; None where none does."""
    if not rules:
        return [None] * len(jobs)
    named = [[None if v == NOT_STATED else v for v in row] for row in jobs[JOB].itertuples(index=False)]
    fitting = [r for r in rules if says(r)]
    return [next((r for r in fitting if r.speaks_of(a, method=m, location=w)), None) for _, a, w, m in named]


def _replaced(schedules: Schedules, due: list, timezone: str) -> Schedules:
    frame, times = schedules.jobs.copy(), [schedules.times]
    stated = np.array([r is not None for r in due], dtype=bool)
    times = [schedules.times[~stated[schedules.times["code"]]]]
    rules = {}
    for code in np.flatnonzero(stated):
        rule = due[code]
        kind = "rule" if rule.rrule else "clock" if rule.start else "interval"
        every = round((rule.every_hours or 0) * HOUR)
        zone = "" if kind == "interval" else rule.timezone or timezone
        frame.loc[code, ["kind", "zone", "every"]] = [kind, zone, every]
        if kind == "rule":
            rules[int(code)] = rule
        if kind == "clock":
            times.append(pd.DataFrame({"code": code, "minute": _minutes(rule)}))
    frame.loc[stated, ["explained", "held"]] = np.nan
    return Schedules(
        frame, pd.concat(times, ignore_index=True).sort_values(["code", "minute"], ignore_index=True), rules
    )


def _minutes(rule) -> np.ndarray:
    hour, minute = (int(part) for part in rule.start.split(":"))
    every = round(rule.every_hours * 60)
    return np.sort((60 * hour + minute + np.arange(0, _WEEK, every)) % _WEEK)


def describe_schedules(schedules: Schedules) -> list[str]:
    """Each schedule in words, such as "Mo-Fr 20:30 UTC", "every 6 h from 00:00 UTC"; empty where none is known."""
    times = schedules.times.groupby("code")["minute"].apply(list).to_dict()
    return [
        _words(row, times.get(code, []), schedules.rules.get(code))
        for code, row in enumerate(schedules.jobs.itertuples())
    ]


def _words(row, minutes: list[int], rule) -> str:
    if row.kind == "rule":
        return f"{rule.rrule} {rule.start} {row.zone}"
    if row.kind == "interval":
        return f"every {show(row.every / HOUR, 'hours')} after the run before"
    return _clock_words(minutes, row.zone) if row.kind == "clock" else ""


def _clock_words(minutes: list[int], zone: str) -> str:
    days = sorted({m // 1440 for m in minutes})
    times = sorted({m % 1440 for m in minutes})
    apart = {b - a for a, b in zip(times, [*times[1:], times[0] + 1440], strict=True)}
    clock = few([f"{t // 60:02d}:{t % 60:02d}" for t in times], _TIMES_AT_MOST)
    if len(times) > 1 and len(apart) == 1:
        clock = f"every {show(apart.pop() / 60, 'hours')} from {times[0] // 60:02d}:{times[0] % 60:02d}"
    if len(days) == 7:
        return f"{clock} {zone}" if clock.startswith("every") else f"daily {clock} {zone}"
    runs = np.split(np.array(days), np.flatnonzero(np.diff(days) > 1) + 1)
    named = ", ".join(_DAYS[r[0]] if len(r) == 1 else f"{_DAYS[r[0]]}-{_DAYS[r[-1]]}" for r in runs)
    return f"{named} {clock} {zone}"
