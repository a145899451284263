"""What are services worth together with what they need, and which improvement buys most?"""

import pandas as pd

from continuity_analysis.measurements.dependencies import measure_dependencies, measure_redundancy
from continuity_analysis.models.dependencies import estimate_dependence, estimate_gains
from continuity_analysis.questions.availability import look_at


def dependencies(logs, period) -> pd.DataFrame:
    """Services with everything they need, and redundant services by their replicas: measured, and as if independent.

    Parameters
    ----------
    logs : Logs
        `depends_on` and `redundancy` of its catalogue say what needs what.
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        As `estimate_dependence` has it; one row per service that needs another (kind depends_on: down when it or
        anything it needs is), then per redundant service all of whose replicas were seen (kind redundancy). All causes.
        These are not the service's own availability.
    """
    return pd.concat([estimate_dependence(seen) for seen in _systems(logs, period)], ignore_index=True)


def improvement_gains(logs, period) -> pd.DataFrame:
    """Hours a year that each service, with what it needs, would be up more if one part never failed.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        As `estimate_gains` has it, for each system the largest gain first.
    """
    return pd.concat([estimate_gains(seen) for seen in _systems(logs, period)], ignore_index=True)


def dependency_edges(logs) -> pd.DataFrame:
    """What needs what, directly, as the catalogue says: columns service, depends_on."""
    rows = [(name, other) for name, s in logs.catalog.services.items() for other in s.depends_on]
    return pd.DataFrame(rows, columns=["service", "depends_on"], dtype="str")


def _systems(logs, period):
    disruptions, observation = look_at(logs, period)
    needs = {name: service.depends_on for name, service in logs.catalog.services.items()}
    return [
        measure_dependencies(disruptions, observation, depends_on=needs),
        measure_redundancy(logs, disruptions, observation),
    ]
