"""When a source that vouches for a stretch of time saw nothing in it: it is then no witness, and others may be.

A probe says so itself: the state `unknown`. A pager does not: within its own maintenance windows PagerDuty creates no
incidents, so that their absence says nothing.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds
from continuity_analysis.measurements.intervals import Intervals, difference, intervals
from continuity_analysis.measurements.services import codes_of
from continuity_analysis.measurements.transitions import measure_stretches

SILENCING = ("pagerduty_maintenance_windows",)
"""Formats that list windows in which their product creates no incidents."""
PLANS_ONLY = (*SILENCING, "statuspage_maintenances", "alertmanager_silences")
"""Formats that list planned work and nothing else: that they show no incident says nothing, so they are no witness."""
COLUMNS = ["code", "product", "start", "end"]


def measure_unseen(logs, services: pd.DataFrame) -> pd.DataFrame:
    """Stretches in which a probe or page could not tell the state of some component of a service.

    Where the same product saw another component fully down, the service was down whatever the first one did. Replicas
    of a redundant service are left out: one of them alone does not decide (see `disruptions`).

    Returns
    -------
    DataFrame
        code (row of `services`), product, start, end [us].
    """
    redundant = services["service"].isin([n for n, s in logs.catalog.services.items() if s.redundancy]).to_numpy()
    said = unknown_states(logs, services)
    said = said[~((said["observer"] == "member").to_numpy() & redundant[said["code"]])].reset_index(drop=True)
    if said.empty:
        return said[COLUMNS]
    down = measure_stretches(logs, services, ("down",))
    down = down[down["state"].map(logs.catalog.impact_of_state) >= 1]
    pair, names = pd.factorize(pd.MultiIndex.from_frame(pd.concat([said, down])[["code", "product"]]))
    end = np.where(down["end"] == UNKNOWN, down["last_seen"], down["end"])
    of = intervals(pair[len(said) :], down["start"], end)
    found = difference(intervals(pair[: len(said)], said["start"], said["end"]), of)
    return _frame(names, found)


def unknown_states(logs, services: pd.DataFrame) -> pd.DataFrame:
    """What each stream calls unknown; what is unknown still lasts until as_of.

    Returns
    -------
    DataFrame
        code, product, observer, component, start, end [us].
    """
    unknown = logs.states["state"] == "unknown"
    components = logs.states.loc[unknown, "component"].unique()
    rows = logs.states[logs.states["component"].isin(components)]
    found = measure_stretches(logs, services, ("unknown",), states=rows)
    as_of = int(to_microseconds([logs.as_of])[0])
    end = np.where(found["end"] == UNKNOWN, np.maximum(as_of, found["start"]), found["end"])
    return found.assign(end=end)


def measure_silenced(logs, services: pd.DataFrame) -> pd.DataFrame:
    """Windows in which a product was told to create no incidents, up to as_of; columns as of `measure_unseen`."""
    rows = logs.incidents[logs.incidents["format"].isin(SILENCING) & (logs.incidents["status"] != "cancelled")]
    rows = rows.assign(code=codes_of(rows["service"], services))
    start, end = (to_microseconds(rows[f"scheduled_{side}_at"]) for side in ("from", "until"))
    as_of = int(to_microseconds([logs.as_of])[0])
    rows = rows.assign(start=start, end=np.minimum(np.where(end == UNKNOWN, as_of, end), as_of))
    kept = (rows["code"] >= 0) & (rows["start"] != UNKNOWN) & (rows["start"] < rows["end"])
    return rows.loc[kept, COLUMNS].reset_index(drop=True)


def _frame(names: pd.MultiIndex, found: Intervals) -> pd.DataFrame:
    of = names.take(found.group)
    codes = of.get_level_values(0).to_numpy(np.int64)
    return pd.DataFrame({"code": codes, "product": of.get_level_values(1), "start": found.start, "end": found.end})
