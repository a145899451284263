"""The exposure of a service: at each moment the worst of its assets; and of a tier: the worst of its services."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_microseconds, to_moments
from continuity_analysis.measurements.intervals import Intervals, clip, intervals
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
    within = _in_service(services, observed)
    return _worst(pieces, members, part="asset", whole="service", within=within)


def measure_tier_exposure(pieces: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Exposure of every tier: unprotected if any of its services is, else unknown if any is, else the oldest point.

    Parameters
    ----------
    pieces : DataFrame
        Result of `measure_service_exposure`: a service counts while it is in service.
    members : DataFrame
        service, tier: which services each tier has.

    Returns
    -------
    DataFrame
        In the order of tier and time: tier, then the columns of `pieces`, `service` and `asset` being the worst ones.
    """
    return _worst(pieces, members, part="service", whole="tier", within=None)


def _worst(
    pieces: pd.DataFrame, members: pd.DataFrame, *, part: str, whole: str, within: Intervals | None
) -> pd.DataFrame:
    """At each moment the worst piece of the parts of each whole, `within` the limits of each in the order of names."""
    names = pd.Index(sorted(set(members[whole])), dtype="str")
    codes = members[[part, whole]].drop_duplicates().assign(code=lambda m: names.get_indexer(m[whole]))
    rows = pieces.reset_index(names="row").merge(codes[[part, "code"]], on=part)
    there = intervals(rows["code"], to_microseconds(rows["from_at"]), to_microseconds(rows["until_at"]))
    clipped, kept = (there, slice(None)) if within is None else clip(there, within)
    row = rows["row"].to_numpy(dtype=np.int64)[kept]
    order = _from_best_to_worst(pieces)
    weights = np.empty(len(pieces))
    weights[order] = np.arange(1, len(pieces) + 1)
    steps, values = highest(clipped, weights[row])
    out = pieces.iloc[order[values.astype(np.int64) - 1]].reset_index(drop=True)
    out = out.assign(from_at=to_moments(steps.start), until_at=to_moments(steps.end))
    out.insert(0, whole, names.take(steps.group))
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
