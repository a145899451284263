"""Single disruptions of services, from incidents and from real recoveries alike, and which of them were tolerable.

A real recovery (restore or failover) says how long its disruption was, also where no incident was written. One that
failed, was called off or is running leaves a disruption that lasted at least until then, unless an incident of the
service that was open at that moment tells how it went on. A disruption whose stated impact left the service at or above
its minimum capacity (the MBCO of ISO 22301) is within what was agreed, and does not count.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.durations import BEFORE

REAL, DRILL = ("restore", "failover"), "drill"
INCIDENT, RECOVERY = "incident", "recovery"
COLUMNS = ["service", "source", "id", "started_at", "hours", "censored", "tolerable", "before"]


def measure_single_disruptions(
    durations: pd.DataFrame, recoveries: pd.DataFrame, incidents: pd.DataFrame, *, window, capacity: pd.Series
) -> pd.DataFrame:
    """One row per service and disruption that began in a window or was under way at its start.

    Parameters
    ----------
    durations : DataFrame
        Incidents from start to restoration, as `continuity_analysis.durations` returns them for the window.
    recoveries : DataFrame
        Result of `measure_recoveries` as of the window's end.
    incidents : DataFrame
        Canonical incidents with `service`, for their stated impact.
    window : Period
    capacity : Series
        Minimum capacity of each service (0 to 1), indexed by service; null where none is stated.

    Returns
    -------
    DataFrame
        service, source (incident or recovery), id, started_at, hours (whole length; censored: at least so long) [h],
        censored, tolerable (at or above the minimum capacity), before (began before the window).
    """
    before = durations["excluded"] == BEFORE
    rows = durations[(durations["excluded"].isna() | before) & durations["hours"].notna()]
    rows = rows.assign(source=INCIDENT, id=rows["incident_id"], before=before[rows.index])
    impact = _stated_impact(rows, incidents)
    least = rows["service"].map(capacity).astype(float).to_numpy()
    rows = rows.assign(tolerable=1 - impact >= least - 1e-12)
    found = pd.concat([rows[COLUMNS], _of_recoveries(recoveries, rows, window)], ignore_index=True)
    return found.astype({"hours": float, "censored": bool, "tolerable": bool, "before": bool})


def _stated_impact(rows: pd.DataFrame, incidents: pd.DataFrame) -> np.ndarray:
    """The largest impact stated of each incident; NaN unless all its rows state one."""
    key = ["service", "product", "incident_id"]
    stated = incidents.groupby(key)["impact"].agg(["max", "count", "size"])
    impact = stated["max"].where(stated["count"] == stated["size"]).rename("impact").reset_index()
    return rows[key].merge(impact, on=key, how="left")["impact"].to_numpy(float, na_value=np.nan)


def _of_recoveries(recoveries: pd.DataFrame, incidents: pd.DataFrame, window) -> pd.DataFrame:
    """Disruptions that real recoveries tell of."""
    rows = recoveries[recoveries["kind"].isin(REAL) & recoveries["end_to_end"] & recoveries["disrupted_at"].notna()]
    back = rows["disrupted_outcome"] == "restored"
    until = rows["service_restored_at"].where(back, rows["ended_at"])
    hours = (until - rows["disrupted_at"]) / pd.Timedelta(hours=1)
    fit = (rows["disrupted_at"] < window.end) & ((rows["disrupted_at"] >= window.start) | (until > window.start))
    rows = rows.assign(
        source=RECOVERY, id=rows["recovery_id"], started_at=rows["disrupted_at"], hours=hours, tolerable=False
    )
    told = _told_by_incidents(rows.assign(until=until), incidents)
    rows = rows.assign(censored=~back & ~told, before=rows["disrupted_at"] < window.start)
    return rows.loc[(fit & (hours >= 0)).to_numpy(bool), COLUMNS]


def _told_by_incidents(rows: pd.DataFrame, incidents: pd.DataFrame) -> np.ndarray:
    """Whether an incident of the service was going on when the attempt ended, so that it tells the disruption's end."""
    ends = incidents["started_at"] + pd.to_timedelta(incidents["hours"], unit="h")
    ends = ends.where(~incidents["censored"].astype(bool), pd.Timestamp.max.tz_localize("UTC").as_unit("us"))
    spans = pd.DataFrame({"service": incidents["service"], "from": incidents["started_at"], "to": ends})
    pairs = rows[["service", "until"]].reset_index(names="row").merge(spans, on="service")
    told = pairs.loc[(pairs["from"] <= pairs["until"]) & (pairs["until"] <= pairs["to"]), "row"]
    return rows.index.isin(told)
