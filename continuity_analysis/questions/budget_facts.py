"""What was seen and spent of error budgets in one window, in time and in requests, and how it added up."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_moments
from continuity_analysis.measurements.downtime import measure_down_pieces, measure_downtime
from continuity_analysis.measurements.requests import MINUTE, measure_requests
from continuity_analysis.measurements.spending import measure_spending
from continuity_analysis.measurements.watched_time import Observation
from continuity_analysis.periods import Period
from continuity_analysis.questions.availability import observe
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.requests import requests_of

TRAFFIC = "in hours without a log, as many requests as in logged ones"
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Facts:
    """What one kind of budget knows of a window.

    Attributes
    ----------
    found : DataFrame
        One row per service: service, unit, objective, judged, n, agreed_hours, known_hours, unknown_hours [h], an_hour
        (units per agreed hour), seen, spent, spent_low, spent_high (in the unit), assumed.
    course : DataFrame
        service, at, spent (so far), rate: how it added up.
    """

    found: pd.DataFrame
    course: pd.DataFrame


def judged_pieces(logs, pieces: pd.DataFrame) -> pd.DataFrame:
    """The stretches of down time that count against the objective: without planned work where the catalogue says so."""
    unplanned = {name for name, s in logs.catalog.services.items() if s.judged == "unplanned"}
    return pieces[~pieces["planned"] | ~pieces["service"].isin(unplanned)]


def budget_facts(logs, services: pd.DataFrame, *, disruptions: pd.DataFrame, window: Period) -> dict[str, Facts]:
    """By budget, what was seen and spent in a window, one row per service, and how it added up."""
    observation = observe(logs, services, window=window, disruptions=disruptions)
    return {"time": _time(logs, observation, disruptions), "requests": _requests(logs, observation)}


def _time(logs, observation: Observation, disruptions: pd.DataFrame) -> Facts:
    found = measure_downtime(disruptions, observation)
    stated = [logs.catalog.services.get(name) for name in found["service"]]
    unplanned = pd.Series([bool(s) and s.judged == "unplanned" for s in stated], dtype=bool)
    spent, least, most = (
        found[f"down{v}_hours"].mask(unplanned, found[f"unplanned{v}_hours"]) for v in ("", "_if_no", "_if_full")
    )
    unsure = (most - spent > ROUNDING) | (spent - least > ROUNDING)
    told = found[["service", "n", "agreed_hours", "known_hours", "unknown_hours"]].assign(
        unit="hours",
        objective=promises(logs.catalog, found["service"])["availability"].to_numpy(),
        judged=unplanned.map({True: "unplanned", False: "all"}),
        an_hour=1.0,
        seen=found["known_hours"],
        spent=spent,
        spent_low=np.minimum(spent, least),
        spent_high=np.maximum(spent + found["unknown_hours"], most + found["unknown_if_full_hours"]),
        assumed=pd.Series("impacts of incidents", found.index).where(unsure),
    )
    return Facts(told, measure_spending(judged_pieces(logs, measure_down_pieces(disruptions, observation))))


def _requests(logs, observation: Observation) -> Facts:
    minutes, promised = requests_of(logs, observation)
    found = measure_requests(logs.requests, minutes, observation)
    unlogged = (found["agreed_hours"] - found["logged_hours"]).clip(lower=0)
    an_hour = found["asked"] / found["logged_hours"].where(found["logged_hours"] > 0)
    names = found["service"].to_numpy()[minutes["code"].to_numpy(np.int64)]
    course = minutes.assign(service=names, at=to_moments(minutes["minute"].to_numpy(np.int64) + MINUTE), rate=0.0)
    told = found[["service", "agreed_hours"]].assign(
        unit="count",
        objective=promised["requests"],
        judged="all",
        n=found["asked"],
        known_hours=found["logged_hours"],
        unknown_hours=unlogged,
        an_hour=an_hour,
        seen=found["asked"],
        spent=found["failed"],
        spent_low=found["failed"],
        spent_high=(found["failed"] + an_hour * unlogged).round(),
        assumed=pd.Series(TRAFFIC, found.index).where(unlogged > ROUNDING),
    )
    return Facts(told, course.assign(spent=course.groupby("service")["failed"].cumsum()))
