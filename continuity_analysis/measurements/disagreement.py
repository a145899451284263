"""Where requests and incidents disagree: minutes that were bad while no incident was open, and the other way round.

Only minutes with enough requests to tell, in agreed hours, can disagree. A minute is down where any of its 60 seconds
is. Whoever watched for incidents must have been watching then: what else is bad is listed apart, as nobody watched.
"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_microseconds, to_moments
from continuity_analysis.measurements.downtime import measure_down_pieces
from continuity_analysis.measurements.intervals import Intervals, clip, intervals, overlaps
from continuity_analysis.measurements.requests import MINUTE, join_minutes
from continuity_analysis.measurements.services import codes_of
from continuity_analysis.measurements.watched_time import Observation

NO_INCIDENT = "bad minutes, no incident"
NO_IMPACT = "bad minutes, incident without impact"
NO_FAILURE = "down, no request failed"
LISTED = ["code", "kind", "start", "end", "hours", "asked", "failed", "product", "incident_id"]


def measure_agreement(minutes: pd.DataFrame, disruptions: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """How long requests and incidents agreed and disagreed, per service.

    Parameters
    ----------
    minutes : DataFrame
        Result of `measure_minutes`.
    disruptions : DataFrame
        Result of `measure_disruptions`.
    observation : Observation

    Returns
    -------
    DataFrame
        One row per service, in their order: service, both_bad_hours, only_requests_hours (bad minutes while nothing was
        down), only_incidents_hours (down, minutes not bad), both_good_hours, unwatched_hours (enough requests, but
        nobody watched for incidents) [h].
    """
    rows = _compared(minutes, disruptions, observation)
    bad, down, watched = (rows[c].to_numpy(bool) for c in ("bad", "down", "watched"))
    cells = {
        "both_bad_hours": watched & bad & down,
        "only_requests_hours": watched & bad & ~down,
        "only_incidents_hours": watched & ~bad & down,
        "both_good_hours": watched & ~bad & ~down,
        "unwatched_hours": ~watched,
    }
    n, code = len(observation.services), rows["code"].to_numpy(np.int64)
    hours = {name: np.bincount(code[which], minlength=n) / 60 for name, which in cells.items()}
    return observation.services[["service"]].assign(**hours)


def measure_disagreements(minutes: pd.DataFrame, disruptions: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """Each stretch of bad minutes without an incident that explains it, each incident that no request felt.

    Returns
    -------
    DataFrame
        code (row of `observation.services`), kind, start, end, hours (minutes with enough requests [h]), asked and
        failed (requests of them), product and incident_id (null where there is none).
    """
    rows = _compared(minutes, disruptions, observation)
    last = np.maximum(disruptions["end"], disruptions["start"] + 1)  # one of no length explains its minute, too
    open_then = _touched(rows, intervals(disruptions["code"], disruptions["start"], last))
    silent = rows["bad"] & ~rows["down"] & rows["watched"]
    nobody = dict.fromkeys(("product", "incident_id"), pd.Series(None, dtype="str"))
    parts = [
        join_minutes(rows[silent & ~open_then]).assign(kind=NO_INCIDENT, **nobody),
        join_minutes(rows[silent & open_then]).assign(kind=NO_IMPACT, **nobody),
        _unfelt(minutes, disruptions).assign(kind=NO_FAILURE),
    ]
    return pd.concat(parts)[LISTED].sort_values(["code", "start"], ignore_index=True)


def _compared(minutes: pd.DataFrame, disruptions: pd.DataFrame, observation: Observation) -> pd.DataFrame:
    """Minutes with enough requests: bad or not, down or not, watched for incidents or not."""
    rows = minutes[minutes["state"] != "few"].reset_index(drop=True)
    pieces = measure_down_pieces(disruptions, observation)
    code = codes_of(pieces["service"], observation.services)
    down = intervals(code, to_microseconds(pieces["start"]), to_microseconds(pieces["end"]))
    rows = rows.assign(bad=rows["state"] == "bad", down=_touched(rows, down))
    return rows.assign(watched=_touched(rows, observation.watched))


def _touched(minutes: pd.DataFrame, stretches: Intervals) -> np.ndarray:
    """Whether any of each minute lies in the stretches."""
    found = np.zeros(len(minutes), dtype=bool)
    found[clip(_spans(minutes), stretches)[1]] = True
    return found


def _spans(minutes: pd.DataFrame) -> Intervals:
    return intervals(minutes["code"], minutes["minute"], minutes["minute"] + MINUTE)


def _unfelt(minutes: pd.DataFrame, disruptions: pd.DataFrame) -> pd.DataFrame:
    """Incidents with an impact in whose minutes no request failed, though enough of them were asked in some."""
    rows = disruptions[(disruptions["impact"] > 0) & (disruptions["end"] > disruptions["start"])]
    row, which = overlaps(intervals(rows["code"], rows["start"], rows["end"]), _spans(minutes))
    pairs = minutes[["minute", "asked", "failed"]].iloc[which].reset_index(drop=True)
    pairs = pairs.assign(enough=(minutes["state"].to_numpy()[which] != "few") / 60)
    alone = np.where(rows["incident_id"].isna(), np.arange(len(rows)), -1)
    rows = rows.assign(alone=alone)[["code", "product", "incident_id", "alone", "start", "end"]]
    pairs = pd.concat([pairs, rows.iloc[row].reset_index(drop=True)], axis=1)
    incident = ["code", "product", "incident_id", "alone"]
    pairs = pairs.sort_values("start", kind="stable")
    spans = pairs.groupby(incident, dropna=False).agg(start=("start", "min"), end=("end", "max"))
    sums = pairs.drop_duplicates([*incident, "minute"]).groupby(incident, dropna=False)
    found = pd.concat([spans, sums[["asked", "failed", "enough"]].sum()], axis=1).reset_index()
    found = found[(found["enough"] > 0) & (found["failed"] == 0)].rename(columns={"enough": "hours"})
    return found.assign(**{c: to_moments(found[c].to_numpy(np.int64)) for c in ("start", "end")})
