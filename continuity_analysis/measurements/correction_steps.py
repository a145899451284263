"""Corrections of incidents one after the other: each service as it stands after none, one, two, … of its own.

So what each of them moved adds up to the difference between raw and corrected, also where incidents overlap. All
services and steps are measured in one go: each pair of them is a row of its own.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.intervals import Intervals, clip, intervals, ranges
from continuity_analysis.measurements.watched_time import Observation


@dataclass(frozen=True, eq=False)
class Steps:
    """Services after each of their corrections.

    Attributes
    ----------
    corrected : DataFrame
        code, product, incident_id: one row per service and corrected incident, in the order in which they are applied.
    before : ndarray of int64
        For each of them the row of `observation.services` before it; the row after it is the next one.
    disruptions : DataFrame
    observation : Observation
    """

    corrected: pd.DataFrame
    before: np.ndarray
    disruptions: pd.DataFrame
    observation: Observation


def measure_correction_steps(raw: pd.DataFrame, corrected: pd.DataFrame, observation: Observation, *, order) -> Steps:
    """Disruptions of services after each of their corrections.

    Parameters
    ----------
    raw, corrected : DataFrame
        Results of `measure_disruptions` without and with corrections.
    observation : Observation
    order : list of str
        Ids of the corrected incidents in the order in which they are applied.
    """
    key = ["code", "product", "incident_id"]
    found = pd.concat([raw, corrected])[key].drop_duplicates()
    found = found[found["incident_id"].isin(order)]
    rank = found["incident_id"].map({name: i for i, name in enumerate(order)})
    found = found.assign(rank=rank).sort_values(["code", "rank", "product"], ignore_index=True)
    place = found.groupby("code").cumcount().to_numpy()
    count = np.bincount(found["code"], minlength=len(observation.services))
    services = np.flatnonzero(count)
    first = np.zeros(len(count), dtype=np.int64)
    first[services] = np.cumsum(count[services] + 1) - count[services] - 1
    of = pd.MultiIndex.from_frame(found[key])
    parts = [_rows(raw, of, place, count=count, applied=False), _rows(corrected, of, place, count=count, applied=True)]
    disruptions = pd.concat(parts, ignore_index=True)
    disruptions["code"] = first[disruptions["code"]] + disruptions.pop("step")
    code = np.repeat(services, count[services] + 1)
    return Steps(found[key], first[found["code"]] + place, disruptions, _observed(observation, code))


def _rows(disruptions: pd.DataFrame, of: pd.MultiIndex, place: np.ndarray, *, count: np.ndarray, applied: bool):
    """Disruptions at the steps where they stand: raw ones until they are corrected, corrected ones from then on."""
    rows = disruptions[count[disruptions["code"]] > 0]
    which = of.get_indexer(pd.MultiIndex.from_frame(rows[of.names])) if len(of) else np.zeros(0, dtype=np.int64)
    steps = count[rows["code"]] + 1
    here = np.append(place, 0)[which] + 1  # the step from which the correction is applied
    mine = which >= 0
    if applied:
        low, n = np.where(mine, here, 0), np.where(mine, steps - here, 0)
    else:
        low, n = np.zeros(len(rows), dtype=np.int64), np.where(mine, here, steps)
    row, step = ranges(low, n)
    return rows.iloc[row].assign(step=step)


def _observed(observation: Observation, code: np.ndarray) -> Observation:
    """The observation of each service, as often as it has steps."""
    n = len(code)
    everything = intervals(code, np.full(n, np.iinfo(np.int64).min // 4), np.full(n, np.iinfo(np.int64).max // 4))
    agreed, coverage = (_of(everything, x) for x in (observation.agreed, observation.coverage))
    services = observation.services.loc[code].reset_index(drop=True)
    return Observation(services, agreed, coverage, observation.start, observation.end)


def _of(everything: Intervals, inside: Intervals) -> Intervals:
    pieces, row = clip(everything, inside)
    return Intervals(row, pieces.start, pieces.end)
