"""What is known of each service as things stood at a moment, as far as continuity guidelines ask for it.

Facts only: newest states, last moments, and from when to when they were recorded. What is missing is null.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.changes import measure_changes
from continuity_analysis.measurements.clock import to_microseconds, to_moments
from continuity_analysis.measurements.intervals import Intervals
from continuity_analysis.measurements.usable_backups import KEY

ONE_MOMENT = ("oplog_end", "wal_end", "backup_end", "snapshot")
"""Bases of a recovery point that make the data that of one moment; when a job began says nothing of it."""
DEPLOYED = ("deployment", "configuration")
_STATES = ("replicas", "ready", "nodes", "zones", "autoscaled", "disruption_budget")


def measure_workload_states(workloads: pd.DataFrame, *, until: pd.Timestamp) -> pd.DataFrame:
    """The newest state of every workload seen up to a moment.

    Parameters
    ----------
    workloads : DataFrame
        Canonical workloads with `service`.
    until : Timestamp

    Returns
    -------
    DataFrame
        service, part (the workload), at, replicas, ready, nodes, zones, autoscaled, disruption_budget.
    """
    rows = workloads[workloads["service"].notna() & (workloads["observed_at"] <= until)]
    rows = rows.sort_values(["service", "component", "observed_at"], kind="stable")
    rows = rows.drop_duplicates(["service", "product", "component"], keep="last", ignore_index=True)
    return rows.rename(columns={"component": "part", "observed_at": "at"})[["service", "part", "at", *_STATES]]


def measure_pipelines(
    changes: pd.DataFrame, services: pd.DataFrame, *, until: pd.Timestamp, recorded: Intervals
) -> pd.DataFrame:
    """The last deployments and roll-backs of every component up to a moment.

    Parameters
    ----------
    changes : DataFrame
        Canonical changes with `service`.
    services : DataFrame
        Result of `measure_services`.
    until : Timestamp
        What ended later was still running.
    recorded : Intervals
        Time for which some source of changes vouches, per row of `services`.

    Returns
    -------
    DataFrame
        service, part (the component), ended_at and outcome (completed, failed, rolled back) of its last deployment
        that ended, deployed_at (the last completed one that was not rolled back), rollback_at (last completed
        roll-back), recorded_from, recorded_until (of the service; missing: not stated by any source).
    """
    later = (changes["finished_at"] > until).fillna(False)
    known = changes.assign(
        finished_at=changes["finished_at"].mask(later), status=changes["status"].mask(later, "running")
    )
    rows = measure_changes(known[known["started_at"] <= until], services, as_of=int(to_microseconds([until])[0]))
    rows = rows[rows["status"].isin(["completed", "failed"])]
    at = pd.Series(to_moments(rows["ended"].to_numpy(np.int64)), index=rows.index)
    own, done = rows["kind"].fillna("deployment").isin(DEPLOYED), rows["status"] == "completed"
    outcome = rows["status"].mask(rows["rolled_back"], "rolled back")
    rows = rows.assign(
        ended_at=at.where(own),
        deployed_at=at.where(own & (outcome == "completed")),
        rollback_at=at.where((rows["kind"] == "rollback") & done),
        outcome=outcome.where(own),
    ).sort_values(["code", "component", "ended_at"], kind="stable", na_position="first")
    how = {"ended_at": "max", "outcome": "last", "deployed_at": "max", "rollback_at": "max"}
    found = rows.groupby(["code", "component"], as_index=False).agg(how)
    spans = _spans(recorded, len(services)).reindex(found["code"]).reset_index(drop=True)
    names = services["service"].to_numpy()[found["code"].to_numpy(np.int64)]
    found = found.assign(service=pd.Series(names, dtype="str"), part=found["component"])
    columns = ["service", "part", *how, "recorded_from", "recorded_until"]
    return pd.concat([found, spans.clip(upper=until)], axis=1)[columns]


def measure_backup_standing(
    usable: pd.DataFrame, members: pd.DataFrame, backups: pd.DataFrame, *, until: pd.Timestamp
) -> pd.DataFrame:
    """The copies each asset had at a moment, and when its backups were last proven or found broken.

    Parameters
    ----------
    usable : DataFrame
        Result of `measure_usable_backups`.
    members : DataFrame
        Columns asset, service: which assets each service needs.
    backups : DataFrame
        Canonical backups.
    until : Timestamp

    Returns
    -------
    DataFrame
        service, part (the asset), seen_at (when an export last spoke of it; missing: never), n_usable; at and
        one_moment (whether it is recorded to hold the data of one moment) of the newest usable one; refused (why the
        newest that ended cannot be restored from, null where it can), refused_at; locations (list, of all usable
        ones), unplaced (one has none stated); broken_at (the last check that failed).
    """
    rows = usable[(usable["method"] != "log") & (usable["usable_from_at"] <= until)]
    stated = backups.drop_duplicates(KEY).set_index(KEY)["recovery_point_basis"]
    rows = rows.assign(basis=stated.reindex(pd.MultiIndex.from_frame(rows[KEY])).to_numpy())
    rows = rows.sort_values(["asset", "data_at"], kind="stable")
    there = rows[rows["usable"] & ~(rows["usable_until_at"] <= until)].assign(n_usable=1)
    newest = there.drop_duplicates("asset", keep="last").set_index("asset")
    last = rows[~rows["reason"].isin(["deleted", "running"])].drop_duplicates("asset", keep="last").set_index("asset")
    placed = there.dropna(subset="location").drop_duplicates(["asset", "location"]).groupby("asset")["location"]
    found = pd.DataFrame({"service": members["service"], "part": members["asset"]}).reset_index(drop=True)
    table = {
        "seen_at": _last_seen(backups, until),
        "n_usable": there.groupby("asset")["n_usable"].sum(),
        "at": newest["data_at"],
        "one_moment": newest["basis"].isin(ONE_MOMENT),
        "refused": last["reason"].where(last["reason"] != ""),
        "refused_at": last["data_at"],
        "locations": placed.agg(list),
        "unplaced": there["location"].isna().groupby(there["asset"]).any(),
        "broken_at": _last_broken(backups, until),
    }
    joined = found.assign(**{name: values.reindex(found["part"]).array for name, values in table.items()})
    return joined.assign(
        n_usable=joined["n_usable"].fillna(0).astype("int64"),
        **{name: joined[name].eq(True).astype(bool) for name in ("one_moment", "unplaced")},
    )


def measure_drills(recoveries: pd.DataFrame) -> pd.DataFrame:
    """The last end-to-end drill of each service that came to its end, and how it ended.

    Parameters
    ----------
    recoveries : DataFrame
        Result of `measure_recoveries`.

    Returns
    -------
    DataFrame
        service, part (its id), at, outcome (restored or never); what was called off or still runs is left out.
    """
    rows = recoveries[(recoveries["kind"] == "drill") & recoveries["end_to_end"]]
    rows = rows[rows["outcome"].isin(["restored", "never"]) | (rows["status"] == "completed")]
    rows = rows.sort_values(["service", "ended_at"], kind="stable").drop_duplicates("service", keep="last")
    rows = rows.assign(outcome=rows["outcome"].where(rows["outcome"] == "never", "restored"))
    return rows.rename(columns={"recovery_id": "part", "ended_at": "at"})[["service", "part", "at", "outcome"]]


def measure_record(rows: pd.DataFrame, exports: pd.DataFrame, *, until: pd.Timestamp) -> tuple:
    """From when to when the formats that gave some rows recorded such things: two moments, missing without any."""
    formats = exports[exports["format"].isin(rows["format"].dropna().unique())]
    first, last = formats["covers_from_at"].min(), formats["observed_at"].max()
    return first, min(last, until) if pd.notna(last) else last


def _last_seen(backups: pd.DataFrame, until: pd.Timestamp) -> pd.Series:
    seen = backups["observed_at"].clip(upper=until)
    if "last_seen_at" in backups:
        seen = seen.where(~(backups["last_seen_at"] > seen), backups["last_seen_at"].clip(upper=until))
    return seen.groupby(backups["asset"]).max()


def _last_broken(backups: pd.DataFrame, until: pd.Timestamp) -> pd.Series:
    """By asset, when a check last found a backup broken."""
    rows = backups[(backups["verified_at"] <= until).fillna(False) & (backups["verified_result"] == "failed")]
    return rows["verified_at"].groupby(rows["asset"]).max()


def _spans(x: Intervals, n: int) -> pd.DataFrame:
    """First and last moment of the intervals of each group."""
    ends = {name: np.full(n, np.iinfo(np.int64).min) for name in ("recorded_from", "recorded_until")}
    order = np.lexsort((x.start, x.group))
    ends["recorded_from"][x.group[order[::-1]]] = x.start[order[::-1]]
    np.maximum.at(ends["recorded_until"], x.group, x.end)
    return pd.DataFrame({name: to_moments(values) for name, values in ends.items()})
