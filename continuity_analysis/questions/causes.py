"""What made us go down? Down time and failures by cause, and how much of it the worst outages made."""

import pandas as pd

from continuity_analysis.errors import InputError
from continuity_analysis.measurements.causes import measure_caused_downtime, measure_causes, measure_outage_hours
from continuity_analysis.measurements.downtime import measure_down_steps
from continuity_analysis.measurements.intervals import union
from continuity_analysis.models.causes import estimate_by_cause, estimate_concentration
from continuity_analysis.questions.availability import look_at

BY = ("all", "service")
ALL_SERVICES = "all services"


def downtime_by_cause(logs, period, *, by: str = "all") -> pd.DataFrame:
    """Down time and failures of a period by class of cause, unplanned and planned, the largest first.

    Parameters
    ----------
    logs : Logs
        The rules `causes` of its catalogue are applied.
    period : str, Period or pair of moments
    by : {"all", "service"}
        "service" for each service on its own.

    Returns
    -------
    DataFrame
        As `estimate_by_cause` has it. Hours are weighted by impact and summed over services; overlapping incidents
        share a moment, so hours add up to the down time of `availability`, and n to its failures.

    Raises
    ------
    InputError
        If `by` is neither.
    """
    if by not in BY:
        raise InputError(f"Expected by to be one of {', '.join(BY)}, got {by!r}.")
    disruptions, observation = look_at(logs, period)
    causes = measure_causes(logs, disruptions)
    caused = measure_caused_downtime(pd.concat([disruptions, causes], axis=1), observation)
    service = observation.services["service"].to_numpy()[caused["code"].to_numpy(int)]
    return estimate_by_cause(caused.assign(service=pd.Series(service, dtype="str")), [] if by == "all" else [by])


def downtime_concentration(logs, period) -> pd.DataFrame:
    """Share of unplanned down time that the worst 1, 5 and 10 % of outages made, per service and over all.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        As `estimate_concentration` has it, with the group called service; the last one is "all services". An outage
        is an unplanned stretch of known down time of one service; what several sources report of it counts once.
    """
    disruptions, observation = look_at(logs, period)
    steps, weight, _ = measure_down_steps(disruptions, observation)[0]
    blocks = union(steps)
    names = observation.services["service"].to_numpy()
    hours = measure_outage_hours(steps, weight, blocks)
    outages = pd.DataFrame({"group": pd.Series(names[blocks.group], dtype="str"), "hours": hours})
    both = pd.concat([outages, outages.assign(group=ALL_SERVICES)], ignore_index=True)
    return estimate_concentration(both, [*names, ALL_SERVICES]).rename(columns={"group": "service"})
