"""Services together with what they need: when the whole was down, and each part, in time in which all were known.

The whole of a service is itself and everything it needs, directly or through others, each counted once; it is down when
any part is. A component that two parts share is counted with the first of them. A redundant service is down when so
many of its replicas are that fewer than required are left.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_hours
from continuity_analysis.measurements.downtime import measure_known
from continuity_analysis.measurements.intervals import Intervals, clip, intervals, lengths, ranges, union
from continuity_analysis.measurements.overlaps import at_least, highest
from continuity_analysis.measurements.services import codes_of
from continuity_analysis.measurements.transitions import measure_outages
from continuity_analysis.measurements.watched_time import Observation


@dataclass(frozen=True, eq=False)
class Systems:
    """Systems of parts, and what was seen of them.

    Attributes
    ----------
    parts : DataFrame
        One row per system and part: system (number, from 0), part (name), own (the part is the service itself).
    systems : DataFrame
        One row per system: service, kind (depends_on, redundancy), required (how many parts must be up), n_parts,
        known_hours (in which every part was known), measured_hours (the whole down, weighted by impact), joint_hours
        and n_joint (stretches in which so many parts were down at once that the whole depends on it: at least two, of
        a redundant service one more than it can spare).
    levels : DataFrame
        part (row of `parts`), level (impact), hours (down by at least that much, in known time of its system).
    """

    parts: pd.DataFrame
    systems: pd.DataFrame
    levels: pd.DataFrame


def needed_by(depends_on: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Everything each service needs, directly or through others: columns service, part, own; itself first.

    A service that nothing is joined to has no row; one that needs nothing is a system of its own. There is no circle:
    the catalogue refuses one.
    """
    from graphlib import TopologicalSorter

    whole: dict[str, dict[str, None]] = {}
    for name in TopologicalSorter(depends_on).static_order():
        below = [p for need in depends_on.get(name, ()) for p in whole[need]]
        whole[name] = dict.fromkeys([name, *below])
    needed = {p for parts in depends_on.values() for p in parts}
    rows = [(s, p, s == p) for s in depends_on if depends_on[s] or s in needed for p in whole[s]]
    return pd.DataFrame(rows, columns=["service", "part", "own"]).astype({"service": "str", "part": "str"})


def measure_dependencies(
    disruptions: pd.DataFrame, observation: Observation, *, depends_on: dict[str, tuple[str, ...]]
) -> Systems:
    """Services with what they need.

    Parameters
    ----------
    disruptions : DataFrame
        Result of `measure_disruptions`.
    observation : Observation
    depends_on : dict
        What each service needs directly.
    """
    return measure_together(disruptions, observation, pairs=needed_by(depends_on), kind="depends_on")


def measure_together(disruptions: pd.DataFrame, observation: Observation, *, pairs: pd.DataFrame, kind: str) -> Systems:
    """Sets of services, each down when any of its services is.

    Parameters
    ----------
    disruptions : DataFrame
        Result of `measure_disruptions`.
    observation : Observation
    pairs : DataFrame
        service (name of the whole), part (a service in it), own (the part is the service itself), one set after the
        other.
    kind : str
        What is said of all of them in `kind`.
    """
    system, services = pd.factorize(pairs["service"])
    named = pairs[["service", "part", "own"]].reset_index(drop=True)
    parts = named.assign(system=system, code=codes_of(named["part"], observation.services))
    known = _known_together(measure_known(disruptions, observation), parts, len(services))
    rows = parts.assign(row=np.arange(len(parts))).merge(disruptions[disruptions["impact"] > 0], on="code")
    rows = rows[~_again(rows)]
    pieces, piece = clip(intervals(rows["row"], rows["start"], rows["end"]), _per_part(known, parts))
    down, weight = highest(pieces, rows["impact"].to_numpy(float)[piece])
    about = pd.DataFrame({"service": pd.Series(services, dtype="str"), "kind": kind})
    about = about.assign(required=np.bincount(system, minlength=len(services)))
    return _seen(parts, about, known=known, down=(down, weight))


def measure_redundancy(logs, disruptions: pd.DataFrame, observation: Observation) -> Systems:
    """Redundant services, from the states of their single replicas.

    Services of which not exactly as many replicas were seen as the catalogue states have no row.
    """
    stated = {n: s.redundancy for n, s in logs.catalog.services.items() if s.redundancy and s.redundancy.replicas > 1}
    states = logs.states[(logs.states["observer"] == "member") & logs.states["service"].isin(list(stated))]
    parts = states[["service", "component"]].drop_duplicates().sort_values(["service", "component"])
    seen = parts.groupby("service")["component"].transform("size")
    parts = parts[seen.to_numpy() == parts["service"].map({n: r.replicas for n, r in stated.items()}).to_numpy()]
    system, services = pd.factorize(parts["service"])
    parts = parts.rename(columns={"component": "part"}).assign(system=system, own=False)
    parts = parts.assign(code=codes_of(parts["service"], observation.services)).reset_index(drop=True)
    known = _known_together(measure_known(disruptions, observation), parts, len(services))
    outages = measure_outages(logs, observation.services)
    outages = outages[(outages["observer"] == "member") & (outages["impact"] > 0)]
    end = np.where(outages["end"] > outages["start"], outages["end"], outages["last_seen"])
    row = _places(parts, outages)
    pieces, piece = clip(intervals(row[row >= 0], outages["start"][row >= 0], end[row >= 0]), _per_part(known, parts))
    down, weight = highest(pieces, outages["impact"].to_numpy(float)[row >= 0][piece])
    required = [stated[name].required for name in services]
    about = pd.DataFrame({"service": pd.Series(services, dtype="str"), "kind": "redundancy", "required": required})
    about = about.astype({"required": "int64"})
    return _seen(parts, about, known=known, down=(down, weight))


def _places(parts: pd.DataFrame, outages: pd.DataFrame) -> np.ndarray:
    """Row of `parts` of each outage; -1 where it is of none."""
    if parts.empty or outages.empty:
        return np.full(len(outages), -1)
    table = pd.MultiIndex.from_arrays([parts["code"], parts["part"]])
    return table.get_indexer(pd.MultiIndex.from_arrays([outages["code"], outages["component"]]))


def _known_together(known: Intervals, parts: pd.DataFrame, n: int) -> Intervals:
    """Time of each system in which all its parts were known."""
    each = parts.drop_duplicates(["system", "code"])
    which, stretch = _of_service(known, each["code"].to_numpy(np.int64))
    system = each["system"].to_numpy(np.int64)
    together = Intervals(system[which], known.start[stretch], known.end[stretch])
    return at_least(together, np.bincount(system, minlength=n))


def _of_service(x: Intervals, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, last = np.searchsorted(x.group, codes), np.searchsorted(x.group, codes, side="right")
    return ranges(first, last - first)


def _per_part(known: Intervals, parts: pd.DataFrame) -> Intervals:
    part, stretch = _of_service(known, parts["system"].to_numpy(np.int64))
    return Intervals(part, known.start[stretch], known.end[stretch])


def _again(rows: pd.DataFrame) -> np.ndarray:
    """Rows of a component that an earlier part of the same system has as well."""
    same = ["system", "product", "kind", "incident_id", "component", "start", "end", "impact", "planned"]
    alone = pd.Series(np.where(rows["component"].notna(), -1, np.arange(len(rows))), index=rows.index)
    first = rows.sort_values("row", kind="stable").drop_duplicates([*same, "row"])
    shared = first.assign(alone=alone).duplicated([*same, "alone"])
    return rows.index.isin(shared.index[shared])


def _seen(parts: pd.DataFrame, about: pd.DataFrame, *, known: Intervals, down) -> Systems:
    steps, weight = down
    n, system = len(about), parts["system"].to_numpy(np.int64)
    size = np.bincount(system, minlength=n)
    spare = size - about["required"].to_numpy(np.int64)
    whole = Intervals(system[steps.group], steps.start, steps.end)
    joint = at_least(whole, np.maximum(spare + 1, 2))
    about = about.assign(
        n_parts=size,
        known_hours=to_hours(lengths(known, n)),
        measured_hours=_measured(whole, weight, spare),
        joint_hours=to_hours(lengths(joint, n)),
        n_joint=np.bincount(joint.group, minlength=n),
    )
    return Systems(parts[["system", "part", "own"]], about, _levels(steps, weight))


def _measured(whole: Intervals, weight: np.ndarray, spare: np.ndarray) -> np.ndarray:
    """Down time of the whole [h]: at each moment the largest impact but as many as can be spared."""
    hours, before = np.zeros(len(spare)), 0.0
    for level in np.unique(weight):
        deep = at_least(whole[weight >= level], spare + 1)
        hours += (level - before) * to_hours(lengths(deep, len(spare)))
        before = level
    return hours


def _levels(steps: Intervals, weight: np.ndarray) -> pd.DataFrame:
    frames = []
    for level in np.unique(weight):
        deep = union(steps[weight >= level])
        hours = pd.Series(to_hours(deep.end - deep.start)).groupby(deep.group).agg(["sum", "size"])
        frames.append(pd.DataFrame({"part": hours.index, "level": level, "hours": hours["sum"], "n": hours["size"]}))
    empty = pd.DataFrame({"part": pd.Series(dtype="int64"), "level": 0.0, "hours": 0.0, "n": pd.Series(dtype="int64")})
    return pd.concat(frames, ignore_index=True) if frames else empty
