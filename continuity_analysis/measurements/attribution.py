"""Which incident made which down time: each moment goes to the incident with the largest impact on the service.

Where several weigh the same, the moment is shared equally among them; so what is attributed adds up to the down time of
`measure_downtime`, unplanned and planned apart, however much incidents overlap. An incident counts once at a moment,
however many of its components are down.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR, to_moments
from continuity_analysis.measurements.downtime import measure_down_steps
from continuity_analysis.measurements.intervals import Intervals, intervals, overlaps, union
from continuity_analysis.measurements.line import line_of
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.measurements.watched_time import Observation

KEY = ["code", "product", "incident_id"]


def attribute_downtime(disruptions: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """Hours of down time that each incident made, in known time of the window.

    Parameters
    ----------
    disruptions : DataFrame
        Result of `measure_disruptions`, with a fresh index.
    observation : Observation

    Returns
    -------
    DataFrame
        One row per service, incident and kind of down time: code (row of the services), product, incident_id (null: an
        outage that belongs to no incident; each is one of its own), planned, row (position in `disruptions` of the
        incident's first row of any impact), started_at, hours [h], weighted by impact. Incidents that made none are
        left out.
    """
    incident, first = _incidents(disruptions)
    parts = [
        _shares(disruptions, incident, steps, weight=weight, planned=planned)
        for steps, weight, planned in measure_down_steps(disruptions, observation)
    ]
    hours = np.concatenate([h for h, _ in parts])
    planned = np.repeat([p for _, p in parts], [len(h) for h, _ in parts])
    row = np.tile(first, len(parts))[hours > 0]
    found = disruptions.iloc[row][KEY].reset_index(drop=True)
    started = to_moments(disruptions["start"].to_numpy(np.int64)[row])
    return found.assign(planned=planned[hours > 0], row=row, started_at=started, hours=hours[hours > 0])


def open_at(disruptions: pd.DataFrame, instants: Intervals) -> tuple[np.ndarray, np.ndarray]:
    """Which disruptions are open at which instants (one of zero length at its own begin): rows, and instants."""
    rows = intervals(
        disruptions["code"], disruptions["start"], np.maximum(disruptions["end"], disruptions["start"] + 1)
    )
    order = np.lexsort((instants.start, instants.group))
    moments = Intervals(instants.group[order], instants.start[order], instants.start[order] + 1)
    row, which = overlaps(rows, moments)
    return row, order[which]


def _incidents(disruptions: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Number of the incident of each row, and the first row of each incident, if it can be one of any impact."""
    own = np.where(disruptions["incident_id"].notna(), -1, np.arange(len(disruptions)))
    keys = [*(disruptions[k] for k in KEY), pd.Series(own, index=disruptions.index)]
    number = disruptions.groupby(keys, dropna=False, sort=False).ngroup().to_numpy()
    order = np.lexsort((np.arange(len(number)), (disruptions["impact"] == 0).to_numpy(), number))
    return number, order[np.unique(number[order], return_index=True)[1]]


def _shares(
    disruptions: pd.DataFrame, incident: np.ndarray, steps: Intervals, *, weight: np.ndarray, planned: bool
) -> tuple[np.ndarray, bool]:
    """Hours of each incident in down time of one kind."""
    kept = np.flatnonzero((disruptions["planned"] == planned).to_numpy() & (disruptions["impact"] > 0).to_numpy())
    rows = disruptions.iloc[kept]
    row, step = overlaps(intervals(rows["code"], rows["start"], rows["end"]), steps)
    pieces = Intervals(
        step, np.maximum(rows["start"].to_numpy()[row], steps.start[step]),
        np.minimum(rows["end"].to_numpy()[row], steps.end[step]),
    )  # fmt: skip
    impact = rows["impact"].to_numpy(float)[row]
    top, value = highest(pieces, impact)
    piece, level = overlaps(pieces, top)
    tied = impact[piece] == value[level]
    piece, level = piece[tied], level[tied]
    start, end = np.maximum(pieces.start[piece], top.start[level]), np.minimum(pieces.end[piece], top.end[level])
    owner, place = _once(level, incident[kept][row[piece]], start, end)
    shared = _divided(place) * weight[top.group[place.group]] / HOUR
    return np.bincount(owner, weights=shared, minlength=incident.max(initial=-1) + 1), planned


def _once(group: np.ndarray, incident: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, Intervals]:
    """Each incident once at each moment of its group: whose, and disjoint per incident."""
    pairs, number = np.unique(np.column_stack([group, incident]).reshape(-1, 2), axis=0, return_inverse=True)
    x = union(intervals(number.ravel(), start, end))
    return pairs[x.group, 1], Intervals(pairs[x.group, 0], x.start, x.end)


def _divided(x: Intervals) -> np.ndarray:
    """Length of each interval [us], each moment divided by how many intervals of its group are open."""
    if not len(x):
        return np.zeros(0)
    line = line_of(x)
    starts, ends = line.place(x)
    marks = np.unique(np.concatenate([starts, ends]))
    first, last = np.searchsorted(marks, starts), np.searchsorted(marks, ends)
    depth = np.cumsum(np.bincount(first, minlength=len(marks)) - np.bincount(last, minlength=len(marks)))[:-1]
    _, begin, stop = line.read(marks[:-1].copy(), marks[1:].copy())
    length = np.where(depth > 0, stop - begin, 0) / np.maximum(depth, 1)
    return np.diff(np.append(0.0, np.cumsum(length))[np.column_stack([first, last])], axis=1)[:, 0]
