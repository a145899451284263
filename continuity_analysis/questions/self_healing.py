"""How often does the platform heal itself, how long does it take, what does it cost, and who reconnects when?"""

import pandas as pd

from continuity_analysis.measurements.clock import to_hours, to_moments
from continuity_analysis.measurements.downtime import measure_known
from continuity_analysis.measurements.intervals import lengths
from continuity_analysis.measurements.recoveries import measure_recoveries
from continuity_analysis.measurements.self_healing import (
    KINDS,
    measure_healings,
    measure_reconnections,
    measure_union_down,
)
from continuity_analysis.models.self_healing import estimate_healing, estimate_reconnection
from continuity_analysis.questions.availability import look_at
from continuity_analysis.questions.dependencies import dependency_edges


def self_healing(logs, period) -> pd.DataFrame:
    """Failovers and self-healings that began in a period, per service and kind; restores and drills are not among them.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        As `estimate_healing` has it.
    """
    disruptions, observation = look_at(logs, period)
    kept = logs.recoveries[logs.recoveries["kind"].isin(KINDS)]
    recoveries = measure_recoveries(kept, until=to_moments([observation.end])[0])
    healings = measure_healings(recoveries, observation)
    known = to_hours(lengths(measure_known(disruptions, observation), len(observation.services)))
    down = measure_union_down(healings, disruptions, observation)
    return estimate_healing(healings, down, watched_hours=known)


def reconnection(logs, period) -> pd.DataFrame:
    """How long services stayed down after something they need directly came back in a period.

    Parameters
    ----------
    logs : Logs
        `depends_on` of its catalogue says what needs what.
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        As `estimate_reconnection` has it.
    """
    disruptions, observation = look_at(logs, period)
    return estimate_reconnection(measure_reconnections(disruptions, observation, dependency_edges(logs)))
