"""The exposure of a service: at each moment the worst of its assets, all services at once."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import clip, intervals
from continuity_analysis.measurements.overlaps import highest
from continuity_analysis.measurements.recovery_points import ranks

_EARLIEST, _LATEST = np.iinfo(np.int64).min // 4, np.iinfo(np.int64).max // 4


def measure_service_exposure(pieces: pd.DataFrame, members: pd.DataFrame, *, observed: pd.DataFrame) -> pd.DataFrame:
    """Exposure of every service: unprotected if any of its assets is, else unknown if any is, else the oldest point.

    Parameters
    ----------
    pieces : DataFrame
        Result of `measure_exposure`.
    members : DataFrame
        asset, service: which assets each service needs.
    observed : DataFrame
        service, from_at, until_at: since and until when each is in service (missing: no limit).

    Returns
    -------
    DataFrame
        In the order of service and time: service, then the columns of `pieces`, `asset` being the worst one.
    """
    services = pd.Index(sorted(set(members["service"])), dtype="str")
    names = members.drop_duplicates().assign(code=lambda m: services.get_indexer(m["service"]))
    rows = pieces.reset_index(names="row").merge(names[["asset", "code"]], on="asset")
    there = intervals(rows["code"], to_microseconds(rows["from_at"]), to_microseconds(rows["until_at"]))
    clipped, kept = clip(there, _in_service(services, observed))
    row = rows["row"].to_numpy(dtype=np.int64)[kept]
    order = _from_best_to_worst(pieces)
    weights = np.empty(len(pieces))
    weights[order] = np.arange(1, len(pieces) + 1)
    steps, values = highest(clipped, weights[row])
    out = pieces.iloc[order[values.astype(np.int64) - 1]].reset_index(drop=True)
    out = out.assign(from_at=to_moments(steps.start), until_at=to_moments(steps.end))
    out.insert(0, "service", services.take(steps.group))
    return out


def _from_best_to_worst(pieces: pd.DataFrame) -> np.ndarray:
    data = to_microseconds(pieces["data_at"])
    badness = np.select([pieces["state"] == "protected", pieces["state"] == "unknown"], [0, 1], 2)
    return np.lexsort((ranks(np.where(data == UNKNOWN, _LATEST, -data)), badness))


def _in_service(services: pd.Index, observed: pd.DataFrame):
    limits = observed.drop_duplicates("service").set_index("service").reindex(services)
    since, until = to_microseconds(limits["from_at"]), to_microseconds(limits["until_at"])
    start = np.where(since == UNKNOWN, _EARLIEST, since)
    return intervals(np.arange(len(services)), start, np.where(until == UNKNOWN, _LATEST, until))
