"""The class of cause of every disruption, with the catalogue's rules applied.

Status pages and probes seldom say why. An outage whose cause is not stated takes that of the incident of another
product on the same service with which it shares most time: the same outage, as somebody else saw it. An incident of
several services has one cause.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.attribution import KEY, attribute_downtime, open_at
from continuity_analysis.measurements.corrected import counted_incidents
from continuity_analysis.measurements.downtime import measure_failure_moments
from continuity_analysis.measurements.intervals import Intervals, intervals, overlaps
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.measurements.watched_time import Observation

UNKNOWN_CAUSE = "unknown"
BY_OTHERS = "another product"


def measure_causes(logs, disruptions: pd.DataFrame) -> pd.DataFrame:
    """Cause of each disruption, and what it rests on.

    Parameters
    ----------
    logs : Logs
    disruptions : DataFrame
        Result of `measure_disruptions` of the same logs.

    Returns
    -------
    DataFrame
        One row per disruption, in order: cause (a class, or "unknown"), cause_basis ("source", "rule", "another
        product"; null where unknown).
    """
    said = counted_incidents(logs).dropna(subset="cause")[["product", "incident_id", "cause", "cause_basis"]]
    said = said.drop_duplicates(["product", "incident_id"])
    found = disruptions[["product", "incident_id"]].astype("str").merge(said.astype("str"), how="left")
    cause, basis = found["cause"], found["cause_basis"]
    lent = _lent(disruptions.assign(cause=cause.to_numpy()))
    basis = basis.mask(cause.isna() & lent.notna(), BY_OTHERS)
    return pd.DataFrame({"cause": cause.fillna(lent).fillna(UNKNOWN_CAUSE), "cause_basis": basis})


def measure_caused_downtime(disruptions: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """Down time and failures, each with its cause.

    Parameters
    ----------
    disruptions : DataFrame
        Result of `measure_disruptions` with `cause` and `cause_basis`.
    observation : Observation

    Returns
    -------
    DataFrame
        That of `attribute_downtime` with cause and cause_basis; and for each failure a row of 0 h with `failures` 1
        and the cause of the incident that began it: of what was open at its first agreed moment the one with the
        largest impact, a stated cause before an unknown one, then the one that lasted longest.
    """
    hours = attribute_downtime(disruptions, observation).assign(failures=0)
    row = _began(disruptions, measure_failure_moments(disruptions, observation))
    begun = disruptions.iloc[row][KEY].assign(planned=False, row=row, hours=0.0, failures=1)
    both = pd.concat([hours, begun], ignore_index=True)
    rows = disruptions.iloc[both["row"].to_numpy(np.int64)]
    return both.assign(**{c: rows[c].to_numpy() for c in ("cause", "cause_basis")})


def measure_outage_hours(steps: Intervals, weight: np.ndarray, blocks: Intervals) -> np.ndarray:
    """Down time within each block of time [h]; `steps` and `weight` as `measure_down_steps` has them."""
    step, block = overlaps(steps, blocks)
    length = np.minimum(steps.end[step], blocks.end[block]) - np.maximum(steps.start[step], blocks.start[block])
    return np.bincount(block, weights=weight[step] * length / 3.6e9, minlength=len(blocks)).astype(float)


def _began(disruptions: pd.DataFrame, instants: Intervals) -> np.ndarray:
    """The row of the disruption that began each failure."""
    weighing = np.flatnonzero((disruptions["impact"] > 0).to_numpy() & ~disruptions["planned"].to_numpy(bool))
    rows = disruptions.iloc[weighing]
    row, failure = open_at(rows, instants)
    stated = (rows["cause"] != UNKNOWN_CAUSE).to_numpy()[row]
    lasted = (rows["end"] - rows["start"]).to_numpy()[row]
    order = np.lexsort((-lasted, ~stated, -rows["impact"].to_numpy(float)[row], failure))
    return weighing[row[order[np.unique(failure[order], return_index=True)[1]]]]


def _lent(disruptions: pd.DataFrame) -> pd.Series:
    """For what has no cause, that of the incident of another product with which it shares most time."""
    incident = _incidents(disruptions)
    unknown = (disruptions["cause"].isna() & ~disruptions["planned"]).to_numpy(bool)
    asking = np.flatnonzero(unknown & (disruptions["impact"] > 0).to_numpy())
    parts = []
    for product, givers in disruptions[disruptions["cause"].notna() & ~disruptions["planned"]].groupby("product"):
        other = asking[(disruptions["product"].iloc[asking] != product).to_numpy(bool, na_value=True)]
        shown, number = highest(_stretches(givers), np.arange(1.0, len(givers) + 1))
        row, which = overlaps(_stretches(disruptions.iloc[other]), shown)
        asked = disruptions.iloc[other[row]]
        shared = np.minimum(asked["end"], shown.end[which]) - np.maximum(asked["start"], shown.start[which])
        cause = givers["cause"].to_numpy()[number[which].astype(np.int64) - 1]
        parts.append(pd.DataFrame({"incident": incident[other[row]], "cause": cause, "shared": shared.to_numpy()}))
    if not parts:
        return pd.Series(None, index=disruptions.index, dtype="str")
    best = pd.concat(parts).groupby(["incident", "cause"], as_index=False)["shared"].sum()
    best = best.sort_values(["incident", "shared", "cause"]).drop_duplicates("incident", keep="last")
    lent = best.set_index("incident")["cause"].astype("str").reindex(incident)
    return lent.reset_index(drop=True).where(pd.Series(unknown))


def _incidents(disruptions: pd.DataFrame) -> np.ndarray:
    """Number of the incident of each row, whatever services it disrupted; what belongs to none is its own."""
    own = np.where(disruptions["incident_id"].notna(), -1, np.arange(len(disruptions)))
    keys = [disruptions["product"], disruptions["incident_id"], pd.Series(own, index=disruptions.index)]
    return disruptions.groupby(keys, dropna=False, sort=False).ngroup().to_numpy()


def _stretches(rows: pd.DataFrame) -> Intervals:
    return intervals(rows["code"], rows["start"], np.maximum(rows["end"], rows["start"] + 1))
