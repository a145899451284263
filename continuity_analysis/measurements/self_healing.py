"""Recoveries nobody had to make: failovers and self-healing, what they cost, and how fast others reconnected."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_microseconds
from continuity_analysis.measurements.downtime import measure_down_steps
from continuity_analysis.measurements.intervals import Intervals, intervals, overlaps, union
from continuity_analysis.measurements.watched_time import Observation

KINDS = ("self_heal", "failover")


def measure_healings(recoveries: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """Failovers and self-healings that began in a window, and how long each took.

    Parameters
    ----------
    recoveries : DataFrame
        Result of `measure_recoveries`, up to the end of the window.
    observation : Observation

    Returns
    -------
    DataFrame
        The columns of `recoveries`, and: code (row of the services; their number where it is none of them), begun and
        until (int64 microseconds; from the disruption, else the begin, to when the service was back or the last moment
        known), took_hours, censored (failed, or not back when last seen).
    """
    rows = recoveries[recoveries["kind"].isin(KINDS)]
    begun = to_microseconds(rows["disrupted_at"].fillna(rows["begun_at"]))
    back = to_microseconds(rows["service_restored_at"].fillna(rows["finished_at"]))
    done = (rows["status"] == "completed").to_numpy() & (back != UNKNOWN)
    until = np.where(done, back, to_microseconds(rows["ended_at"]))
    code = pd.Index(observation.services["service"]).get_indexer(rows["service"])
    code = np.where(code >= 0, code, len(observation.services))  # no incident, state or change tells of it
    fit = (begun >= observation.start) & (begun < observation.end) & (until >= begun)
    rows, code, begun, until, done = rows[fit], code[fit], begun[fit], until[fit], done[fit]
    took = (until - begun) / HOUR
    return rows.reset_index(drop=True).assign(code=code, begun=begun, until=until, took_hours=took, censored=~done)


def measure_union_down(healings: pd.DataFrame, disruptions: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """Down time per service and kind in its failovers or self-healings, each moment once: code, kind, down_hours."""
    frames = []
    for kind, rows in healings.groupby("kind"):
        x = union(intervals(rows["code"], rows["begun"], rows["until"]))
        x = x[x.group < len(observation.services)]
        hours = pd.Series(_down_within(x, disruptions, observation)).groupby(x.group).sum()
        frames.append(pd.DataFrame({"code": hours.index, "kind": kind, "down_hours": hours.to_numpy()}))
    empty = pd.DataFrame({"code": pd.Series(dtype="int64"), "kind": pd.Series(dtype="str"), "down_hours": 0.0})
    return pd.concat(frames, ignore_index=True) if frames else empty


def measure_reconnections(disruptions: pd.DataFrame, observation: Observation, edges: pd.DataFrame) -> pd.DataFrame:
    """How long services stayed down after something they need came back.

    Unplanned outages of any impact, touching ones as one. Of an outage of a dependency that ended in the window, every
    outage of the service that overlaps it counts: those that had ended before, and those that lasted on.

    Parameters
    ----------
    disruptions, observation
        Result of `measure_disruptions`, and what is known of the window.
    edges : DataFrame
        Columns service, depends_on.

    Returns
    -------
    DataFrame
        service, depends_on, back_at (int64 microseconds), hours (until the service was back too; censored: at least so
        long), censored (still open), before (the service was back first; hours 0).
    """
    open_, blocks = _outages(disruptions)
    ended = ~open_ & (blocks.end >= observation.start) & (blocks.end < observation.end)
    names = pd.Index(observation.services["service"])
    dependent, needed = (names.get_indexer(edges[c]) for c in ("service", "depends_on"))
    pairs = pd.DataFrame({"edge": np.arange(len(edges)), "code": needed, "service_code": dependent})
    backs = pd.DataFrame({"code": blocks.group, "row": np.arange(len(blocks))})[ended]
    asked = pairs.merge(backs, on="code")
    x = Intervals(
        asked["service_code"].to_numpy(np.int64), *(getattr(blocks, s)[asked["row"]] for s in ("start", "end"))
    )
    of, other = overlaps(x, blocks)
    lasting = np.maximum(blocks.end[other] - x.end[of], 0) / HOUR
    edge = asked["edge"].to_numpy(np.int64)[of]
    return pd.DataFrame(
        {
            "service": edges["service"].to_numpy()[edge],
            "depends_on": edges["depends_on"].to_numpy()[edge],
            "back_at": x.end[of],
            "hours": lasting,
            "censored": open_[other] & (blocks.end[other] >= x.end[of]),
            "before": (blocks.end[other] < x.end[of]) & ~open_[other],
        }
    )


def _down_within(x: Intervals, disruptions: pd.DataFrame, observation: Observation) -> np.ndarray:
    """Down time of all causes within each interval [h]."""
    hours = np.zeros(len(x))
    for steps, weight, _ in measure_down_steps(disruptions, observation):
        row, step = overlaps(x, steps)
        length = np.minimum(x.end[row], steps.end[step]) - np.maximum(x.start[row], steps.start[step])
        hours += np.bincount(row, weights=weight[step] * np.maximum(length, 0) / HOUR, minlength=len(x))
    return hours


def _outages(disruptions: pd.DataFrame) -> tuple[np.ndarray, Intervals]:
    """Unplanned outages of each service, touching ones as one, and which are still open."""
    rows = disruptions[(disruptions["impact"] > 0) & ~disruptions["planned"]]
    blocks = union(intervals(rows["code"], rows["start"], rows["end"]))
    unended = rows[rows["tail"] > rows["end"]]
    row, which = overlaps(Intervals(*(unended[c].to_numpy(np.int64) for c in ("code", "end", "end"))), _closed(blocks))
    open_ = np.zeros(len(blocks), dtype=bool)
    open_[which[unended["end"].to_numpy(np.int64)[row] == blocks.end[which]]] = True
    return open_, blocks


def _closed(x: Intervals) -> Intervals:
    """The same with their last moment in them; disjoint blocks that do not touch stay disjoint."""
    return Intervals(x.group, x.start, x.end + 1)
