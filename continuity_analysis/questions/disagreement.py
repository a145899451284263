"""Do requests and incidents tell the same story? How long they agree, and each case in which they do not."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.disagreement import measure_agreement, measure_disagreements
from continuity_analysis.measurements.disruptions import measure_disruptions
from continuity_analysis.periods import read_period
from continuity_analysis.questions.requests import observe_requests

COLUMNS = ("service", "kind", "start", "end", "hours", "asked", "failed", "product", "incident_id", "title", "severity")


def agreement(logs, period) -> pd.DataFrame:
    """How long minutes of requests and incidents agreed, per service with requests, the least agreement first.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.

    Returns
    -------
    DataFrame
        service, both_bad_hours, only_requests_hours (bad minutes while nothing was down), only_incidents_hours (down,
        but no bad minute), both_good_hours, unwatched_hours (nobody watched for incidents) [h], of the minutes with
        enough requests to tell; overlap: both bad, of what either calls bad (null where neither does).
    """
    observation, minutes, disruptions = _seen(logs, period)
    found = measure_agreement(minutes, disruptions, observation)
    hours = found.drop(columns="service")
    either = hours[["both_bad_hours", "only_requests_hours", "only_incidents_hours"]].sum(axis=1)
    found = found.assign(overlap=found["both_bad_hours"] / either.where(either > 0), either=either)
    found = found[hours.sum(axis=1) > 0].sort_values(["overlap", "either"], ascending=[True, False], kind="stable")
    return found.drop(columns="either").reset_index(drop=True)


def disagreements(logs, period) -> pd.DataFrame:
    """Each stretch of bad minutes that no incident explains, each incident with an impact that no request felt.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        service, kind ("bad minutes, no incident"; "bad minutes, incident without impact"; "down, no request failed"),
        start, end, hours (minutes with enough requests to tell), asked, failed, product, incident_id, title, severity;
        the longest first.
    """
    observation, minutes, disruptions = _seen(logs, period)
    found = measure_disagreements(minutes, disruptions, observation)
    names = observation.services["service"].to_numpy()[found["code"].to_numpy(np.int64)]
    told = logs.incidents.drop_duplicates(["product", "incident_id"]).set_index(["product", "incident_id"])
    found = found.assign(service=pd.Series(names, dtype="str")).join(
        told[["title", "severity"]], on=["product", "incident_id"]
    )
    return found.sort_values(["hours", "service"], ascending=[False, True], ignore_index=True)[list(COLUMNS)]


def _seen(logs, period):
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    observation, minutes, _ = observe_requests(logs, window)
    return observation, minutes, measure_disruptions(logs, observation.services)
