"""Replica sets: the roles of their members, and who was primary when, whatever files that came from.

A set is what stands before the last `/` of a component that was seen as primary or secondary by itself (observer
`member`). Where the catalogue names services, the members that one service claims are a set; otherwise those of one
name are. A *reign* is a stretch in which a member was primary: from when writes were permitted until it left that role.
It goes on over a gap between two files in which it is primary before and after, unless another was primary in between.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.intervals import intervals, union
from continuity_analysis.measurements.once import once

SET = ["product", "replica_set"]
ROLES = ("primary", "secondary")
_NEVER = np.iinfo(np.int64).max


def in_sets(states: pd.DataFrame) -> np.ndarray:
    """Which states are those of a member of a replica set."""
    member = np.flatnonzero(states["observer"] == "member")
    rows = states.iloc[member]
    sets = pd.MultiIndex.from_frame(_sets(rows))
    named = sets.get_level_values("replica_set").notna()
    found = np.zeros(len(states), dtype=bool)
    found[member] = named & sets.isin(sets[named & rows["state"].isin(ROLES).to_numpy(dtype=bool)])
    return found


@once
def read_roles(logs) -> pd.DataFrame:
    """Roles of members in order of set, member and begin.

    Returns
    -------
    DataFrame
        group (number of the set), service (null where no catalogue names any), product, replica_set, component, member
        (number), state, start, until (last moment vouched for; `UNKNOWN` while it lasts), seen (last moment of which
        its log speaks), all int64 microseconds.
    """
    states = logs.states[in_sets(logs.states) & (logs.states["state"] != "unknown").to_numpy()]
    states = states.assign(**_sets(states)).dropna(subset="service")
    if not logs.catalog.services:
        states = states.assign(service=pd.Series(None, index=states.index, dtype="str"))
    rows = states.assign(start=to_microseconds(states["from_at"]), until=to_microseconds(states["until_at"]))
    lasts = (rows["until"] == UNKNOWN) & (rows["state"] != "down")  # what exited says no more
    seen = np.where(lasts, to_microseconds(rows["observed_at"]), rows["until"])
    rows = rows.assign(seen=np.maximum(seen, rows["start"]))
    rows = rows[["service", *SET, "component", "state", "start", "until", "seen"]].drop_duplicates()
    rows = rows.sort_values(["service", *SET, "component", "start", "until", "state"], ignore_index=True)
    group = rows.groupby(["service", *SET], dropna=False, sort=False).ngroup()
    return rows.assign(group=group, member=rows.groupby([group, rows["component"]], sort=False).ngroup())


def measure_reigns(roles: pd.DataFrame) -> pd.DataFrame:
    """Who was primary when, in order of set and begin.

    Returns
    -------
    DataFrame
        group, component, start, until (last moment vouched for), left (when it was first seen in another role;
        `UNKNOWN` where it was not), left_as (that role), rise_seen (its begin is no upper bound), seen (last moment of
        which a log of the set speaks).
    """
    primary = (roles["state"] == "primary").to_numpy()
    runs = _runs(roles, primary)
    rows = roles[primary]
    until = np.where(rows["until"] == UNKNOWN, _NEVER, np.maximum(rows["until"], rows["start"]))
    seen = union(intervals(runs["number"].to_numpy()[primary], rows["start"], until))
    stretches = pd.DataFrame({"number": seen.group, "start": seen.start, "until": seen.end})
    stretches = stretches.merge(runs.drop_duplicates("number"), on="number")
    first, last = ~stretches.duplicated("number"), ~stretches.duplicated("number", keep="last")
    stretches = stretches.assign(
        rise_seen=first & (stretches["before"] >= stretches["start"]),
        left=stretches["left"].where(last, UNKNOWN),
        left_as=stretches["left_as"].where(last),
    ).sort_values(["group", "start", "number"], ignore_index=True)
    reign = (stretches["number"] != stretches["number"].shift()).cumsum()
    how = {"group": "first", "component": "first", "start": "first", "until": "max", "rise_seen": "first"}
    grouped = stretches.groupby(reign, sort=False)
    reigns = grouped.agg(how).assign(left=grouped["left"].last(), left_as=grouped["left_as"].last())
    latest = roles.groupby("group")["seen"].max()
    return reigns.assign(seen=latest.reindex(reigns["group"]).to_numpy(np.int64)).reset_index(drop=True)


def _sets(states: pd.DataFrame) -> pd.DataFrame:
    name = states["component"].str.extract("^(.*)/[^/]*$", expand=False).astype("str")
    return pd.DataFrame({"product": states["product"], "replica_set": name})


def _runs(roles: pd.DataFrame, primary: np.ndarray) -> pd.DataFrame:
    """For each row: the run of rows alike it belongs to, and what its member was seen as before and after that run."""
    member, start = roles["member"].to_numpy(), roles["start"].to_numpy()
    until = np.where(roles["until"] == UNKNOWN, _NEVER, roles["until"])
    same = np.append(False, member[1:] == member[:-1])[: len(member)]
    new = ~same | np.append(True, primary[1:] != primary[:-1])[: len(member)]
    number = np.cumsum(new) - 1
    begins = np.flatnonzero(new)
    ends = np.maximum.reduceat(until, begins) if len(begins) else until
    joined = same[begins]  # its run before is of the same member
    before = np.where(joined, np.append(UNKNOWN, ends[:-1])[: len(ends)], UNKNOWN)
    follows = np.append(joined[1:], False)[: len(begins)]
    left = np.where(follows, np.append(start[begins][1:], UNKNOWN)[: len(begins)], UNKNOWN)
    state = roles["state"].to_numpy(dtype=object)[begins]
    left_as = np.where(follows, np.append(state[1:], None)[: len(begins)], None)
    columns = {"before": before, "left": left, "left_as": left_as}
    return roles[["group", "component"]].assign(number=number, **{k: v[number] for k, v in columns.items()})
