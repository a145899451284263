"""What disrupted a service, from when to when and how much: incidents and outages, with what is assumed about each.

Down is from `started_at` to `restored_at`, else `mitigated_at`, else (a resolved ticket) `closed_at`. An open one is
down until it was last seen open, and unknown from there on; one that was resolved, nobody says when, is unknown from
its start until it was seen resolved. Cancelled, scheduled and excluded ones disrupt
nothing. A replica set is down while it has no writable primary; that one of its members is down disrupts nothing by
itself, unless the service states its `redundancy`.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.blind import unknown_states
from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.corrected import EXCLUDED, counted_incidents
from continuity_analysis.measurements.failovers import measure_failovers
from continuity_analysis.measurements.once import once
from continuity_analysis.measurements.replica_sets import in_sets
from continuity_analysis.measurements.services import codes_of
from continuity_analysis.measurements.transitions import measure_outages, require

_NOWHERE = ["cancelled", "scheduled", EXCLUDED]
KEY = ["code", "product", "incident_id"]
COLUMNS = [*KEY, "component", "kind", "start", "end", "tail", "impact", "assumed", "planned", "is_open"]


@once
def measure_disruptions(logs, services: pd.DataFrame, *, corrected: bool = True) -> pd.DataFrame:
    """All disruptions of all services, one row per component (and per outage, where states tell).

    Parameters
    ----------
    logs : Logs
        Its `incidents`, `states` and catalogue are read.
    services : DataFrame
        Result of `measure_services`.
    corrected : bool
        Whether the catalogue's corrections of incidents are applied.

    Returns
    -------
    DataFrame
        code (row of `services`), product, incident_id, component, kind, start and end (down from and until), tail
        (unknown from `end` until here; = end where nothing is unknown), all int64 microseconds; impact (share of the
        service lost), assumed (the impact was), planned, is_open. Rows of outages have the observer as their kind.
    """
    incidents = _incidents(logs, services, corrected=corrected)
    outages = measure_outages(logs, services)
    as_of = int(to_microseconds([logs.as_of])[0])
    outages = _joined(outages[outages["impact"] > 0], incidents, as_of)
    outages = pd.concat([_without_members(outages, logs, services), _failovers(logs, services, as_of)])
    incidents = _impacts(incidents, logs, services)
    kept = incidents[incidents["status"].isin(["open", "resolved"])]
    return pd.concat([kept[COLUMNS], _replicas(outages, logs, services)[COLUMNS]], ignore_index=True)


def _incidents(logs, services: pd.DataFrame, *, corrected: bool) -> pd.DataFrame:
    rows = counted_incidents(logs, corrected=corrected)
    rows = rows.assign(code=codes_of(rows["service"], services))
    rows = rows[(rows["code"] >= 0) & rows["started_at"].notna()].reset_index(drop=True)
    start, restored, mitigated, closed, updated, seen = (
        to_microseconds(rows[f"{c}_at"]) for c in ("started", "restored", "mitigated", "closed", "updated", "observed")
    )
    resolved = (rows["status"] == "resolved").to_numpy(dtype=bool, na_value=False)
    ended = first_known(restored, mitigated, np.where(resolved, closed, UNKNOWN))
    seen = first_known(np.where(resolved, updated, UNKNOWN), seen, start)
    status = rows["status"].fillna("open").where((ended == UNKNOWN) | rows["status"].isin(_NOWHERE))
    is_open = (ended == UNKNOWN) & ~resolved
    as_of = int(to_microseconds([logs.as_of])[0])
    seen = np.clip(np.minimum(seen, as_of), start, None)
    end = np.where(ended != UNKNOWN, ended, np.where(is_open, seen, start))
    tail = np.where(ended != UNKNOWN, ended, np.where(is_open, as_of, seen))
    return rows.assign(
        start=start,
        end=np.maximum(end, start),
        tail=np.maximum(tail, np.maximum(end, start)),
        status=status.fillna("resolved"),
        is_open=is_open,
        planned=rows["planned"].fillna(False).astype(bool) | (rows["kind"] == "maintenance").fillna(False),
    )


def _impacts(incidents: pd.DataFrame, logs, services: pd.DataFrame) -> pd.DataFrame:
    """The impact said, else that of the component's states, else 0 for planned work, else by severity."""
    said = incidents["impact"].to_numpy(dtype=float, na_value=np.nan)
    severity = incidents["severity"].astype("Int64")
    levels = [None, *severity.dropna().unique()]
    by_severity = severity.map({s: logs.catalog.impact(s) for s in levels if s is not None}).astype("Float64")
    assumed = by_severity.fillna(logs.catalog.impact(None)).to_numpy(dtype=float)
    planned, by_states = incidents["planned"].to_numpy(), _have_states(incidents, logs, services)
    rest = np.where(planned | by_states, 0.0, assumed)
    stated = severity.isin(list(logs.catalog.impact_by_severity)).to_numpy(dtype=bool, na_value=False) & ~planned
    return incidents.assign(impact=np.where(np.isnan(said), rest, said), assumed=np.isnan(said) & ~by_states & ~stated)


def _have_states(incidents: pd.DataFrame, logs, services: pd.DataFrame) -> np.ndarray:
    key = [*KEY, "component"]
    states = logs.states.assign(code=codes_of(logs.states["service"], services))
    known = states.loc[states["incident_id"].notna(), key].drop_duplicates()
    return _rows_of(incidents[key], known) >= 0


def _rows_of(keys: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """Row of `table` (whose rows differ) that equals each row of `keys`; -1 where none does."""
    if keys.empty or table.empty:
        return np.full(len(keys), -1)
    return pd.MultiIndex.from_frame(table).get_indexer(pd.MultiIndex.from_frame(keys))


def _joined(outages: pd.DataFrame, incidents: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Outages as disruptions: those of an incident are planned, open or ended as it is."""
    named = incidents[incidents["incident_id"].isin(outages["incident_id"])]
    whole = named.sort_values("end").drop_duplicates(KEY, keep="last")
    found = _rows_of(outages[KEY], whole[KEY])
    belongs = found >= 0
    status, ends, tails, planned = (
        np.append(whole[c].to_numpy(), nothing)[found]  # -1 takes the last
        for c, nothing in (("status", ""), ("end", 0), ("tail", 0), ("planned", False))
    )
    kept = ~np.isin(status.astype(str), _NOWHERE)
    rows, belongs, ends, tails, planned = (x[kept] for x in (outages, belongs, ends, tails, planned))
    lasting = (rows["end"] == UNKNOWN).to_numpy()
    end = np.where(lasting, np.where(belongs, ends, np.minimum(rows["last_seen"], as_of)), rows["end"])
    end = np.maximum(end, rows["start"])
    return rows.assign(
        end=end,
        tail=np.where(lasting, np.maximum(np.where(belongs, tails, as_of), end), end),
        planned=(rows["state"] == "maintenance").to_numpy() | planned.astype(bool),
        kind=rows["observer"],
        assumed=False,
        is_open=lasting,
    )


def _without_members(outages: pd.DataFrame, logs, services: pd.DataFrame) -> pd.DataFrame:
    """Outages without those of single members of replica sets, unless their service states its redundancy."""
    stated = {name for name, s in logs.catalog.services.items() if s.redundancy}
    key = ["product", "component"]
    member = _rows_of(outages[key], logs.states.loc[in_sets(logs.states), key].drop_duplicates()) >= 0
    alone = ~services["service"].isin(stated).to_numpy()[outages["code"]]
    return outages[~(member & alone)].reset_index(drop=True)


def _failovers(logs, services: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Replica sets without a writable primary, as disruptions."""
    rows = measure_failovers(logs)
    rows = rows.assign(code=codes_of(rows["service"], services))
    rows = rows[rows["reason"].isna() & (rows["code"] >= 0)].reset_index(drop=True)
    lasting = (rows["end"] == UNKNOWN).to_numpy()
    end = np.where(lasting, np.minimum(rows["last_seen"], as_of), rows["end"])
    return rows.assign(
        start=rows["start"],
        end=np.maximum(end, rows["start"]),
        tail=np.where(lasting, np.maximum(as_of, rows["start"]), end),
        observer="set",
        kind="member",
        incident_id=pd.Series(None, index=rows.index, dtype="str"),
        component=rows["replica_set"],
        impact=logs.catalog.impact_of_state("down"),
        assumed=False,
        planned=False,
        is_open=lasting,
    )[[*COLUMNS, "observer"]]


def _replicas(outages: pd.DataFrame, logs, services: pd.DataFrame) -> pd.DataFrame:
    """Outages of single replicas of redundant services, turned into outages of the service."""
    stated = {name: s.redundancy for name, s in logs.catalog.services.items() if s.redundancy}
    needed = services["service"].map({n: r.replicas - r.required + 1 for n, r in stated.items()}).fillna(0)
    needed = needed.to_numpy(dtype=np.int64)
    member = (outages["observer"] == "member").to_numpy() & (needed[outages["code"]] > 0)
    if not member.any():
        return outages
    out = require(pd.concat([outages[member], _unseen_members(logs, services, needed)]), needed)
    out = out.assign(product=None, incident_id=None, component=None, kind="member", assumed=False)
    return pd.concat([outages[~member], out.assign(is_open=False)], ignore_index=True)


def _unseen_members(logs, services: pd.DataFrame, needed: np.ndarray) -> pd.DataFrame:
    """Replicas whose state was not known: they may have been out, which is a tail and nothing else."""
    rows = unknown_states(logs, services)
    rows = rows[(rows["observer"] == "member").to_numpy() & (needed[rows["code"]] > 0)]
    return rows.assign(tail=rows["end"], end=rows["start"], impact=1.0, planned=False)


def first_known(*moments: np.ndarray) -> np.ndarray:
    """The first of several moments that is not `UNKNOWN`, element by element."""
    known = moments[-1]
    for moment in reversed(moments[:-1]):
        known = np.where(moment != UNKNOWN, moment, known)
    return known
