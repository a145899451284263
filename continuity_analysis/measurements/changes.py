"""Changes of services: how each ended, the down time it brought, what put it right, and what failed soon after.

A change lasts from its begin to its end (one that is running, to when that was last known; without an end, a moment).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.attribution import attribute_downtime
from continuity_analysis.measurements.clock import HOUR, UNKNOWN, to_microseconds
from continuity_analysis.measurements.downtime import measure_down_steps, measure_failure_moments, measure_known
from continuity_analysis.measurements.intervals import (
    Intervals,
    clip,
    difference,
    intersection,
    intervals,
    lengths,
    union,
)
from continuity_analysis.measurements.services import codes_of
from continuity_analysis.measurements.watched_time import Observation

AFTER_HOURS = 1.0


@dataclass(frozen=True, eq=False)
class AfterChanges:
    """Failures, and up time, within an hour of a change and at all, per service; in time in which changes were known.

    Attributes
    ----------
    failures, near_failures : ndarray of int64, shape (services,)
    up_hours, near_hours : ndarray of float, shape (services,)
        Known time without unplanned down time [h].
    n_changes : ndarray of int64, shape (services,)
        Changes that some of that time is near.
    """

    failures: np.ndarray
    near_failures: np.ndarray
    up_hours: np.ndarray
    near_hours: np.ndarray
    n_changes: np.ndarray


def measure_changes(changes: pd.DataFrame, services: pd.DataFrame, *, as_of: int) -> pd.DataFrame:
    """Changes of services in order, each with how it ended.

    Parameters
    ----------
    changes : DataFrame
        Canonical changes with `service`.
    services : DataFrame
        Result of `measure_services`.
    as_of : int
        Microseconds since 1970.

    Returns
    -------
    DataFrame
        code (row of the services), change_id, component, kind, status, begun, ended (int64 microseconds), rolled_back
        (a deployment or configuration completed, and the next change of its component is a roll-back), repair (failed
        or rolled back), repaired_hours (from its end to the end of the next completed change or roll-back of the
        component; null where none is asked for), censored (there was none up to as_of; at least so long).
    """
    rows = changes.assign(code=codes_of(changes["service"], services), begun=to_microseconds(changes["started_at"]))
    rows = rows[(rows["code"] >= 0) & (rows["begun"] != UNKNOWN) & (rows["status"].fillna("") != "cancelled")]
    finished = to_microseconds(rows["finished_at"])
    running = (rows["status"] == "running").to_numpy(bool, na_value=False)
    ended = np.where(finished != UNKNOWN, finished, np.where(running, as_of, rows["begun"]))
    rows = rows.assign(ended=np.maximum(ended, rows["begun"]))
    rows = rows.sort_values(["code", "product", "component", "begun", "ended", "change_id"], ignore_index=True)
    following = rows.groupby(["code", "product", "component"], sort=False)["kind"].shift(-1)
    own = rows["kind"].fillna("deployment").isin(["deployment", "configuration"])
    rolled_back = own & (rows["status"] == "completed") & (following == "rollback")
    repair = ((rows["status"] == "failed") | rolled_back).fillna(False).to_numpy(bool)
    hours, censored = _repaired(rows, repair, as_of)
    columns = ["code", "change_id", "component", "kind", "status", "begun", "ended"]
    return rows[columns].assign(rolled_back=rolled_back.fillna(False).to_numpy(bool), repair=repair,
                                repaired_hours=hours, censored=censored)  # fmt: skip


def measure_change_downtime(changes: pd.DataFrame, disruptions: pd.DataFrame, observation: Observation) -> np.ndarray:
    """Down time of each change [h]: of what began while it lasted, and of planned work of its service that overlaps it.

    Down time is attributed once (`attribute_downtime`), an incident to the change that began last before it did.
    """
    made = attribute_downtime(disruptions, observation)
    rows = disruptions.iloc[made["row"].to_numpy(np.int64)]
    code, start, end = (rows[c].to_numpy(np.int64) for c in ("code", "start", "end"))
    first = np.where(made["planned"].to_numpy(bool), end - 1, start)  # planned work may begin before its change
    order = np.lexsort((changes["begun"], changes["code"]))
    place = _last_before(changes.iloc[order], code, np.maximum(first, start))
    change = np.append(order, 0)[place]
    last = changes["ended"].to_numpy(np.int64)[change] if len(changes) else start
    within = (place >= 0) & (start <= last)
    return np.bincount(change[within], weights=made["hours"].to_numpy(float)[within], minlength=len(changes))


def measure_after_changes(
    changes: pd.DataFrame, disruptions: pd.DataFrame, observation: Observation, *, recorded: Intervals
) -> AfterChanges:
    """Failures within an hour of a change, and the up time there was for them.

    Parameters
    ----------
    changes : DataFrame
        Result of `measure_changes`.
    disruptions : DataFrame
    observation : Observation
    recorded : Intervals
        Time for which some source of changes vouches, per row of the services.
    """
    n = len(observation.services)
    steps, _, _ = measure_down_steps(disruptions, observation)[0]
    seen = intersection(measure_known(disruptions, observation), recorded)
    up = difference(seen, steps)
    near = intervals(changes["code"], changes["begun"], changes["ended"] + round(AFTER_HOURS * HOUR))
    failures, _ = clip(measure_failure_moments(disruptions, observation), seen)
    pieces, change = clip(near, up)
    close = union(near)
    return AfterChanges(
        failures=np.bincount(failures.group, minlength=n),
        near_failures=np.bincount(clip(failures, close)[0].group, minlength=n),
        up_hours=lengths(up, n) / HOUR,
        near_hours=lengths(intersection(close, up), n) / HOUR,
        n_changes=np.bincount(near.group[np.unique(change[pieces.end > pieces.start])], minlength=n),
    )


def measure_recorded(logs, services: pd.DataFrame) -> Intervals:
    """Time for which the products that reported changes of a service vouch, per row of `services`."""
    seen = logs.changes[["service", "product"]].drop_duplicates()
    seen = seen.assign(code=codes_of(seen["service"], services))
    exports = logs.exports[logs.exports["format"].isin(logs.changes["format"].dropna().unique())]
    exports = exports.dropna(subset=["covers_from_at", "covers_until_at"])
    pairs = seen[seen["code"] >= 0].merge(exports, on="product")
    return union(intervals(pairs["code"], *(to_microseconds(pairs[f"covers_{c}_at"]) for c in ("from", "until"))))


def _repaired(rows: pd.DataFrame, repair: np.ndarray, as_of: int) -> tuple[np.ndarray, np.ndarray]:
    """Hours from each change that needs it to the end of the next completed one of its component."""
    good = (rows["status"].fillna("completed") == "completed").to_numpy(bool) & ~rows["status"].isna().to_numpy()
    ends = pd.Series(np.where(good, rows["ended"], np.nan), rows.index)
    keys = [rows[c] for c in ("code", "product", "component")]
    # the next completed one: its end, carried backwards over what is not completed
    following = ends.groupby(keys, sort=False).shift(-1).groupby(keys, sort=False).bfill()
    lasted = np.maximum(following.fillna(as_of).to_numpy(float) - rows["ended"].to_numpy(float), 0) / HOUR
    return np.where(repair, lasted, np.nan), repair & following.isna().to_numpy()


def _last_before(changes: pd.DataFrame, code: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """Position of the last change of each service that began at or before a moment; -1 where there is none."""
    if changes.empty or not len(code):
        return np.full(len(code), -1)
    every = np.unique(np.concatenate([changes["begun"], moment]))
    stride = len(every) + 1
    at = changes["code"].to_numpy(np.int64) * stride + np.searchsorted(every, changes["begun"])
    place = np.searchsorted(at, code * stride + np.searchsorted(every, moment), side="right") - 1
    return np.where((place >= 0) & (changes["code"].to_numpy(np.int64)[place] == code), place, -1)
