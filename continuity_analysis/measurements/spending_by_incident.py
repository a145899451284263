"""What each incident spent: its part of the down time, where an outage that several products saw is one incident."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.attribution import KEY, attribute_downtime
from continuity_analysis.measurements.clock import UNKNOWN
from continuity_analysis.measurements.observations import CORROBORATING
from continuity_analysis.measurements.services import codes_of
from continuity_analysis.measurements.watched_time import Observation


def measure_attribution(
    disruptions: pd.DataFrame, observation: Observation, *, incidents: pd.DataFrame
) -> pd.DataFrame:
    """Known down time of a window by the incident that made it.

    Parameters
    ----------
    disruptions : DataFrame
        Result of `measure_disruptions`.
    observation : Observation
    incidents : DataFrame
        Result of `observe_incidents`: what another product saw of an outage is part of the incident that counts.

    Returns
    -------
    DataFrame
        One row per service and incident (or outage that belongs to none) with a part in the down time, planned and
        unplanned apart: code (row of `observation.services`), product, incident_id (null: none), component, started_at
        (the earliest), planned, hours (down time weighted by impact) [h]. The hours of a service add up to its
        `down_hours`, those of its unplanned rows to its `unplanned_hours`.
    """
    named = _with_its_outage(disruptions, incidents, observation.services)
    named = named.sort_values("start", kind="stable", ignore_index=True)
    found = attribute_downtime(named, observation)
    component = named["component"].iloc[found["row"]].reset_index(drop=True)
    return found.assign(component=component)[[*KEY, "component", "started_at", "planned", "hours"]]


def _with_its_outage(disruptions: pd.DataFrame, incidents: pd.DataFrame, services: pd.DataFrame) -> pd.DataFrame:
    """The disruptions under the product and id of the incident that counts for the outage.

    That is the one of the service that counts and began nearest to it, where the two overlap.
    """
    rows = incidents.assign(code=codes_of(incidents["service"], services))
    stop = np.where(rows["restored"] != UNKNOWN, rows["restored"], rows["seen"])
    rows = rows.assign(stop=np.maximum(stop, rows["started"] + 1))[[*KEY, "started", "stop", "excluded"]]
    rows = rows[rows["code"] >= 0].sort_values("started", kind="stable")
    counted = rows[rows["excluded"].isna()].drop(columns="excluded").assign(at=lambda x: x["started"])
    others = rows[rows["excluded"].isin(CORROBORATING)].assign(at=lambda x: x["started"])
    found = pd.merge_asof(others, counted, on="at", by="code", suffixes=("", "_counted"), direction="nearest")
    overlap = (found["started_counted"] < found["stop"]) & (found["stop_counted"] > found["started"])
    found = found[overlap].drop_duplicates(KEY)
    names = ["product_counted", "incident_id_counted"]
    joined = disruptions.reset_index(drop=True).merge(found[[*KEY, *names]], on=KEY, how="left")
    kept = {c: joined[f"{c}_counted"].fillna(joined[c]) for c in KEY[1:]}
    return joined.assign(**kept).drop(columns=names)
