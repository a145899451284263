"""What do changes cost, how often do they fail, and do services fail sooner after one?"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.changes import (
    measure_after_changes,
    measure_change_downtime,
    measure_changes,
    measure_recorded,
)
from continuity_analysis.measurements.clock import to_microseconds
from continuity_analysis.measurements.downtime import measure_known
from continuity_analysis.measurements.intervals import lengths
from continuity_analysis.models.changes import estimate_after_changes, estimate_changes
from continuity_analysis.questions.availability import look_at
from continuity_analysis.questions.causes import ALL_SERVICES


def change_outcomes(logs, period) -> pd.DataFrame:
    """Changes that began in a period, per service: failed ones and roll-backs, down time, time to put right.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        As `estimate_changes` has it; one row per service, the last one "all services". Running changes count in no
        share, cancelled ones nowhere.
    """
    disruptions, observation = look_at(logs, period)
    every = _changes(logs, observation)
    begun = (every["begun"] >= observation.start) & (every["begun"] < observation.end)
    known = lengths(measure_known(disruptions, observation), len(observation.services))[every["code"]] > 0
    cost = np.where(known, measure_change_downtime(every, disruptions, observation), np.nan)
    every = every.assign(down_hours=cost)[begun]
    names = observation.services["service"].to_list()
    both = pd.concat([every.assign(group=every["code"]), every.assign(group=len(names))], ignore_index=True)
    return estimate_changes(both, [*names, ALL_SERVICES])


def after_changes(logs, period) -> pd.DataFrame:
    """Failures that began while a change lasted or within an hour after it, against what chance would give.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        As `estimate_after_changes` has it.
    """
    disruptions, observation = look_at(logs, period)
    recorded = measure_recorded(logs, observation.services)
    seen = measure_after_changes(_changes(logs, observation), disruptions, observation, recorded=recorded)
    return estimate_after_changes(seen, observation.services["service"].to_list())


def _changes(logs, observation) -> pd.DataFrame:
    return measure_changes(logs.changes, observation.services, as_of=int(to_microseconds([logs.as_of])[0]))
