"""States into stretches of outage, whatever the order, overlap or repetition of the files they came from.

A stream is what one observer says of one component (of one incident, where states belong to incidents). In it a state
lasts until the stream says something else, but no longer than it was vouched for; a sampling observer vouches for the
gap to its next sample where that is no longer than its grid. Different streams stand beside each other.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.intervals import Intervals, difference, intervals, union
from continuity_analysis.measurements.overlaps import at_least
from continuity_analysis.measurements.services import codes_of

OUT = ("down", "partial", "degraded", "maintenance")
_STREAM = ["code", "product", "observer", "component", "incident_id"]
_NEVER = np.iinfo(np.int64).max


def measure_outages(logs, services: pd.DataFrame) -> pd.DataFrame:
    """Stretches in which a component was down, partly down, degraded or in maintenance.

    Parameters
    ----------
    logs : Logs
        Its `states` and its catalogue (`impact_of_state`) are read.
    services : DataFrame
        Result of `measure_services`.

    Returns
    -------
    DataFrame
        code (row of `services`), product, observer, component, incident_id (null: of none), state, impact (share of
        the service lost), start, end (both int64 microseconds; end is `UNKNOWN` where nothing says when it ended),
        last_seen (when it was last seen so).
    """
    out = measure_stretches(logs, services, OUT)
    impact = {state: logs.catalog.impact_of_state(state) for state in OUT}
    return out.assign(impact=out["state"].map(impact).astype(float))


def measure_stretches(logs, services: pd.DataFrame, which: tuple, *, states: pd.DataFrame | None = None):
    """Stretches in which a component was in one of the states `which`; columns as of `measure_outages`, no impact.

    Parameters
    ----------
    states : DataFrame, optional
        Rows of `logs.states` to look at, whole streams only; else all.
    """
    said = _streams(logs.states if states is None else states, services)
    return said[said["state"].isin(which)].reset_index(drop=True).drop(columns=["until", "step", "stream"])


def require(members: pd.DataFrame, needed: np.ndarray) -> pd.DataFrame:
    """Outages of services of which enough replicas must be out: the `needed`-th largest impact of a replica.

    Parameters
    ----------
    members : DataFrame
        Columns code, component, start, end, tail, impact, planned: outages of single replicas; from `end` until `tail`
        it is not known whether one is out.
    needed : ndarray of int64
        Per row of the services: how many replicas must be out for the service to be.

    Returns
    -------
    DataFrame
        code, start, end, tail, impact, planned; what is planned counts all replicas that are out, planned or not. Where
        enough replicas may be out and not enough are known to be, nothing but a tail is known, which is no failure
        and stands as planned.
    """
    parts = [_rows(_out(members[:0], needed, until="end"), impact=0.0, planned=False)]
    for impact in np.unique(members["impact"][members["impact"] > 0]):
        deep = members[members["impact"] >= impact]
        every = _out(deep, needed, until="end")
        parts.append(_rows(_out(deep[~deep["planned"]], needed, until="end"), impact=impact, planned=False))
        parts.append(_rows(every, impact=impact, planned=True))
        lost = difference(_out(deep, needed, until="tail"), every)
        parts.append(_rows(lost, impact=impact, planned=True).assign(end=lost.start))
    return pd.concat(parts, ignore_index=True)


def _out(members: pd.DataFrame, needed: np.ndarray, *, until: str) -> Intervals:
    """When at least `needed` replicas of a service are out, each until its `until`."""
    replica, names = pd.factorize(pd.MultiIndex.from_frame(members[["code", "component"]]))
    each = union(intervals(replica, members["start"], members[until]))
    code = np.array([c for c, _ in names], dtype=np.int64)
    return at_least(Intervals(code[each.group] if len(each) else each.group, each.start, each.end), needed)


def _rows(out: Intervals, *, impact: float, planned: bool) -> pd.DataFrame:
    columns = {"code": out.group, "start": out.start, "end": out.end, "tail": out.end}
    return pd.DataFrame(columns | {"impact": impact, "planned": planned})


def _streams(states: pd.DataFrame, services: pd.DataFrame) -> pd.DataFrame:
    """States in order of stream and begin, each with its end."""
    moments = {"start": "from_at", "until": "until_at", "last_seen": "observed_at"}
    rows = states.assign(code=codes_of(states["service"], services))
    rows = rows.assign(**{new: to_microseconds(rows[old]) for new, old in moments.items()})
    rows = rows.assign(step=_step(rows["step_seconds"]))[[*_STREAM, "state", *moments, "step"]]
    rows = rows[(rows["code"] >= 0) & (rows["start"] != UNKNOWN)]
    # of two that begin alike the one seen last speaks, then the one that vouches for longer, then by name of the state
    rows = rows.sort_values([*_STREAM, "start", "last_seen", "until", "state"], ignore_index=True)
    rows = rows.drop_duplicates([*_STREAM, "start"], keep="last", ignore_index=True)
    rows = rows.assign(stream=rows.groupby(_STREAM, dropna=False, sort=False).ngroup())
    return rows.assign(end=_ends(rows), last_seen=np.maximum(rows["last_seen"], rows["start"]))


def _ends(rows: pd.DataFrame) -> np.ndarray:
    """When each state ended, rows being in order; `UNKNOWN` where it still lasts."""
    stream, start, until = (rows[c].to_numpy() for c in ("stream", "start", "until"))
    if not len(rows):
        return until
    same = np.append(stream[1:] == stream[:-1], False)
    following = np.where(same, np.append(start[1:], 0), _NEVER)
    other = _next_other(rows["state"].to_numpy(), same, following)
    bridged = (until < following) & (following != _NEVER) & (following - until <= rows["step"].to_numpy())
    known = np.minimum(np.where(bridged, following, until), other)
    lasting = np.where(following == _NEVER, UNKNOWN, following)
    return np.where(until == UNKNOWN, lasting, np.maximum(known, start))


def _next_other(state: np.ndarray, same: np.ndarray, following: np.ndarray) -> np.ndarray:
    """Begin of the next row of the stream with a different state."""
    changes = np.append(state[1:] != state[:-1], True) | ~same
    last_of_run = np.flatnonzero(changes)
    return following[last_of_run][np.searchsorted(last_of_run, np.arange(len(state)))]


def _step(seconds: pd.Series) -> np.ndarray:
    return np.round(seconds.to_numpy(dtype=float, na_value=0.0) * 1e6).astype(np.int64)
