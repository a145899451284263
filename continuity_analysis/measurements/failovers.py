"""Failovers: stretches in which a replica set had no writable primary, from the union of what all its members logged.

One begins when the primary left that role (handed over, stepped down, was shut down or killed) and ends when writes
were permitted on the next one. The begin of a set, which had no primary before, is none. Where nobody saw the primary
leave (killed, its machine lost), it begins when it was last seen: hours are then an upper bound, `at_most`. Each member
speaks by its own clock, so that a failover is no better known than the clocks agree.

A failover counts only if it can be told: with the logs of all members that hold data around it, of clocks that do not
contradict each other, and with a primary that was seen within `SILENCE` of its leaving.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import Intervals, intervals, union
from continuity_analysis.measurements.once import once
from continuity_analysis.measurements.replica_sets import SET, measure_reigns, read_roles
from continuity_analysis.measurements.services import codes_of

SILENCE = 600_000_000  # a log silent for longer does not tell when its member left [us]
_NEVER = np.iinfo(np.int64).max // 2


@once
def measure_failovers(logs) -> pd.DataFrame:
    """Failovers of all replica sets, in order of set and begin.

    Parameters
    ----------
    logs : Logs
        Its `states`, `workloads` and catalogue are read.

    Returns
    -------
    DataFrame
        service (one that claims a member), product, replica_set, start, end (`UNKNOWN`: none came), last_seen (until
        when there was none), all int64 microseconds; old_primary, new_primary, left_as (what the old one was next),
        at_most (the hours are an upper bound), n_members (whose logs were in hand), replicas (members of the set that
        hold data), reason (why it does not count; null where it does).
    """
    roles = read_roles(logs)
    found = _changes(measure_reigns(roles))
    found = found.join(roles.drop_duplicates("group").set_index("group")[SET], on="group")
    found = found.assign(n_members=_in_hand(found, roles), replicas=_replicas(found, logs.workloads))
    found = found.assign(reason=_reason(found))
    found = found.merge(_claims(roles, logs), on="group", sort=False)
    columns = ["start", "end", "last_seen", "old_primary", "new_primary", "left_as", "at_most", "n_members", "replicas"]
    return found[["service", *SET, *columns, "reason"]].reset_index(drop=True)


def failover_recoveries(logs) -> pd.DataFrame:
    """Failovers that count, as canonical recoveries with `service`; open ones as long as they were seen."""
    found = measure_failovers(logs)
    found = found[found["reason"].isna()].reset_index(drop=True)
    start, end, last = (to_moments(found[c].to_numpy(np.int64)) for c in ("start", "end", "last_seen"))
    began = pd.Series(start.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), dtype="str")
    note = pd.Series(
        np.where(found["at_most"], "nobody saw the primary leave, or the next one begin: at most so long", None)
    )
    rows = pd.DataFrame(
        {
            "recovery_id": found["replica_set"] + " without a primary from " + began,
            "asset": found["replica_set"],
            "kind": "failover",
            "status": pd.Series(np.where(end.isna(), None, "completed"), dtype="str"),
            "disrupted_at": start,
            "service_restored_at": end,
            "finished_at": last,
            "scope": "end_to_end",
            "findings": note.astype("str"),
        }
    )
    return rows.assign(service=found["service"], product=found["product"])


@once
def watched_sets(logs, services: pd.DataFrame) -> Intervals:
    """When it is known whether the replica sets of each service had a primary; the group is the row of `services`.

    A member that is no primary does not tell whether another one is: only reigns, and failovers that count, do.
    """
    roles, found = read_roles(logs), measure_failovers(logs)
    reigns = measure_reigns(roles).merge(_claims(roles, logs), on="group")
    found = found[found["reason"].isna()]
    code = codes_of(pd.concat([reigns["service"], found["service"]]), services)
    start = np.append(reigns["start"], found["start"])
    known = intervals(code, start, np.append(np.minimum(reigns["until"], reigns["seen"]), found["last_seen"]))
    return union(known[code >= 0])


def _claims(roles: pd.DataFrame, logs) -> pd.DataFrame:
    """group, service: the services that claim members of each set; without a catalogue each member is one."""
    column = "service" if logs.catalog.services else "component"
    return roles[["group", column]].drop_duplicates().rename(columns={column: "service"})


def _changes(reigns: pd.DataFrame) -> pd.DataFrame:
    """From each reign to the next of its set, and from the last one on where it ended."""
    group, start, until, left = (reigns[c].to_numpy() for c in ("group", "start", "until", "left"))
    leave_seen = (left != UNKNOWN) & (until >= left)
    lost = pd.Series(np.where(leave_seen, left, until)).groupby(group).cummax().to_numpy(np.int64)
    same = np.append(group[1:] == group[:-1], False)[: len(group)]
    end = np.where(same, np.append(start[1:], UNKNOWN)[: len(group)], UNKNOWN)
    gone = np.where(left == UNKNOWN, end, left)
    both_seen = leave_seen & (~same | np.append(reigns["rise_seen"].to_numpy(bool)[1:], False)[: len(group)])
    following = np.append(reigns["component"].to_numpy(object)[1:], None)[: len(group)]
    return pd.DataFrame(
        {
            "group": group,
            "start": lost,
            "end": end,
            "last_seen": np.where(same, end, np.maximum(reigns["seen"], lost)),
            "silent": np.where(leave_seen, 0, np.where(same, np.minimum(gone, end), gone) - lost),
            "old_primary": reigns["component"],
            "new_primary": pd.Series(np.where(same, following, None), dtype="str"),
            "left_as": reigns["left_as"].astype("str"),
            "at_most": ~both_seen,
        }
    )[same | (left != UNKNOWN)].reset_index(drop=True)


def _in_hand(found: pd.DataFrame, roles: pd.DataFrame) -> np.ndarray:
    """How many members that hold data were heard of around each failover, before and after."""
    rows = roles[roles["state"] != "up"]  # an arbiter holds none
    end = np.where(rows["until"] == UNKNOWN, _NEVER, rows["until"] + SILENCE)
    heard = union(intervals(rows["member"], rows["start"] - SILENCE, end))
    heard = pd.DataFrame({"member": heard.group, "heard_from": heard.start, "heard_until": heard.end})
    heard = heard.merge(rows[["member", "group"]].drop_duplicates(), on="member")
    pairs = found[["group", "start", "last_seen"]].reset_index().merge(heard, on="group")
    whole = (pairs["heard_from"] <= pairs["start"]) & (pairs["heard_until"] >= pairs["last_seen"])
    return pairs[whole].groupby("index")["member"].nunique().reindex(found.index, fill_value=0).to_numpy(np.int64)


def _replicas(found: pd.DataFrame, workloads: pd.DataFrame) -> pd.Series:
    """Members that hold data by the newest configuration before each failover's begin, else the first after it."""
    rows = workloads.assign(seen=to_microseconds(workloads["observed_at"]), replica_set=workloads["component"])
    name = pd.concat([found[SET], rows[SET]]).groupby(SET, sort=False).ngroup().to_numpy()
    asked = found[["start"]].reset_index().assign(name=name[: len(found)]).sort_values("start")
    rows = rows[["seen", "replicas"]].assign(name=name[len(found) :]).dropna().drop_duplicates().sort_values("seen")
    keys = {"left_on": "start", "right_on": "seen", "by": "name"}
    before, after = (pd.merge_asof(asked, rows, direction=way, **keys) for way in ("backward", "forward"))
    replicas = before["replicas"].fillna(after["replicas"]).set_axis(asked["index"])
    return replicas.reindex(found.index).astype("Int64")


def _reason(found: pd.DataFrame) -> pd.Series:
    n, of = found["n_members"].astype(str), found["replicas"].astype(str)
    missing = (found["n_members"] < found["replicas"]).fillna(False)
    because = {
        "no log in hand tells how many members the set has": found["replicas"].isna(),
        "the primary's log was silent when it left": found["silent"] > SILENCE,
        "missing": missing,
        "the members' clocks differ by more than it took": (found["end"] != UNKNOWN) & (found["end"] < found["start"]),
    }
    reason = pd.Series(np.select(list(because.values()), list(because), ""), index=found.index)
    reason = reason.mask(reason == "missing", "the logs of " + n + " of " + of + " members are in hand")
    return reason.where(reason != "").astype("str")
