"""Recoveries: attempts joined into one recovery per disruption, how long each took, and phase by phase.

A recovery runs from its clock's begin (the disruption, or the declaration where the plan starts there) until the
service is back. One that *failed* never got there; one *aborted*, *running* or without a known end had not got there
when it was last known (censored). Tool logs without a disruption measure the restoring of data and nothing else.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_microseconds
from continuity_analysis.measurements.resolution import measure_resolution

MOMENTS = ("disrupted_at", "detected_at", "declared_at", "started_at", "data_restored_at", "service_restored_at")
PHASES = {
    "detect_hours": ("disrupted_at", "detected_at"),
    "declare_hours": ("detected_at", "declared_at"),
    "start_hours": ("declared_at", "started_at"),
    "restore_data_hours": ("started_at", "data_restored_at"),
    "bring_back_hours": ("data_restored_at", "service_restored_at"),
}
_EVERY = (*MOMENTS, "finished_at")
_HOUR = pd.Timedelta(hours=1)


def measure_recoveries(
    recoveries: pd.DataFrame, *, until: pd.Timestamp, declared: Collection[str] = ()
) -> pd.DataFrame:
    """One row per recovery of a service, as it stood at a moment.

    Parameters
    ----------
    recoveries : DataFrame
        Canonical recoveries with `service`; rows without one are left out.
    until : Timestamp
        Later moments are not yet known: what ended later is still running.
    declared : collection of str
        Services whose clock begins when the recovery is declared.

    Returns
    -------
    DataFrame
        service, recovery_id (of the first attempt), asset, kind, status, end_to_end (false: proves the data only),
        n_attempts, backup_id and size_bytes (of the last attempt that states them), the moments, ended_at (last moment
        known), begun_at (first), one column per phase [h], total_hours (disruption to service; infinite: never),
        outcome (restored, never, censored, or data: no clock), hours (on the service's clock; censored: at least so
        long), resolution_hours (of the timestamps that end it); disrupted_…, declared_… and data_… hours, outcome and
        resolution_hours likewise, from the disruption, from the declaration, and for the data alone.
    """
    rows = _cut(recoveries.dropna(subset=["service"]), until)
    rows = _joined(rows)
    moments = rows[[*MOMENTS, "finished_at"]]
    running = rows["status"] == "running"
    rows = rows.assign(
        begun_at=moments.min(axis=1), ended_at=moments.max(axis=1).where(~running, until), **_phases(rows)
    )
    back = rows["service_restored_at"].where(rows["end_to_end"])
    clocks = {c: _lost(rows, _course(rows, rows[f"{c}_at"], back)) for c in ("disrupted", "declared")}
    later = rows["service"].isin(list(declared))
    own = {name: clocks["disrupted"][name].where(~later, clocks["declared"][name]) for name in clocks["disrupted"]}
    data_end = rows["data_restored_at"].fillna(rows["finished_at"].where(rows["status"] == "completed"))
    clocks["data"] = _course(rows, rows["started_at"], data_end)
    total = clocks["disrupted"]["hours"].where(clocks["disrupted"]["outcome"].isin(["restored", "never"]))
    every = {f"{c}_{name}": values for c, course in clocks.items() for name, values in course.items()}
    return rows.drop(columns="product").assign(**own, total_hours=total, **every)


def _cut(rows: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """What was known at a moment: later moments are missing, and what ended later was running."""
    moments = rows[list(_EVERY)]
    begun = (moments.min(axis=1) <= until).to_numpy(dtype=bool)
    rows = rows.assign(running=(moments.max(axis=1) > until) & (rows["status"] != "running"))[begun]
    known = {name: rows[name].where(rows[name] <= until) for name in _EVERY}
    return rows.assign(status=rows["status"].where(~rows["running"], "running"), **known).drop(columns="running")


def _joined(rows: pd.DataFrame) -> pd.DataFrame:
    """Attempts of one kind for one disruption of one asset, joined: from the first moment to the final restoration."""
    end_to_end = (rows["scope"] != "data").fillna(True) & (rows["scope"].notna() | rows["disrupted_at"].notna())
    rows = rows.assign(end_to_end=end_to_end.astype(bool), last=rows[list(_EVERY)].max(axis=1), n_attempts=1)
    rows = rows.sort_values(["last", "recovery_id"], kind="stable", ignore_index=True)
    alone = rows["disrupted_at"].isna()
    own = pd.Series(np.where(alone, np.arange(len(rows)), -1), index=rows.index)
    key = [rows["service"], rows["asset"].fillna(""), rows["kind"], rows["disrupted_at"], own]
    number = rows.groupby(key, dropna=False, sort=False).ngroup()
    done = rows["status"] == "completed"
    ended = {c: rows[c].where(done) for c in ("data_restored_at", "service_restored_at")}
    marks = {"done": done, "whole": done & rows["end_to_end"], "runs": rows["status"] == "running"}
    grouped = rows.assign(**ended, **marks).groupby(number, sort=True)
    first = dict.fromkeys(("service", "recovery_id", "asset", "kind", "product"), "first")
    earliest = dict.fromkeys(("disrupted_at", "detected_at", "declared_at", "started_at"), "min")
    latest = dict.fromkeys(("data_restored_at", "service_restored_at", "finished_at"), "max")
    latest |= dict.fromkeys(("backup_id", "size_bytes"), "last")
    how = {"status": "last", "end_to_end": "any", "n_attempts": "sum", "done": "any", "whole": "any", "runs": "any"}
    out = grouped.agg({**first, **earliest, **latest, **how}).reset_index(drop=True)
    status = np.select([out["done"], out["runs"]], ["completed", "running"], out["status"].astype(object))
    whole = np.where(out["done"], out["whole"], out["end_to_end"]).astype(bool)
    return out.assign(status=pd.array(status, dtype="str"), end_to_end=whole).drop(columns=["done", "whole", "runs"])


def _course(rows: pd.DataFrame, begin: pd.Series, end: pd.Series) -> dict[str, pd.Series]:
    """How one clock ended, at what [h], and how finely it was read [h]."""
    took, seen = (end - begin) / _HOUR, (rows["ended_at"] - begin) / _HOUR
    restored = (rows["status"] == "completed") & (took >= 0)
    holds = [begin.isna() | (took < 0) | (seen < 0), restored, rows["status"] == "failed"]
    outcome = np.select(holds, ["data", "restored", "never"], "censored")
    hours = np.select(holds, [np.nan, took, np.inf], seen)
    told = pd.DataFrame({"product": rows["product"].array, "end": to_microseconds(end)})
    resolution = measure_resolution(told, ["end"])  # begins are planned, on the hour, and tell nothing of it
    return {
        "hours": pd.Series(hours, rows.index),
        "outcome": pd.Series(outcome, rows.index, dtype="str"),
        "resolution_hours": pd.Series(resolution, rows.index),
    }


def _lost(rows: pd.DataFrame, course: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """What failed end to end never came back, whether or not it is known when its clock began."""
    never = rows["end_to_end"] & (rows["status"] == "failed")
    return course | {"hours": course["hours"].mask(never, np.inf), "outcome": course["outcome"].mask(never, "never")}


def _phases(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Hours of each phase; detected before the disruption is detected with it, what runs backwards is missing."""
    early = rows["detected_at"] < rows["disrupted_at"]
    rows = rows.assign(detected_at=rows["detected_at"].mask(early, rows["disrupted_at"]))
    found = {name: (rows[end] - rows[begin]) / _HOUR for name, (begin, end) in PHASES.items()}
    return {name: hours.where(hours >= 0) for name, hours in found.items()}
