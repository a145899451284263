"""How available were we? One row per service, the worst first; and when it was down."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import to_hours, to_microseconds
from continuity_analysis.measurements.closed_hours import measure_closed
from continuity_analysis.measurements.coverage import measure_coverage, measure_suppressed
from continuity_analysis.measurements.disruptions import measure_disruptions
from continuity_analysis.measurements.downtime import measure_down_pieces, measure_downtime
from continuity_analysis.measurements.intervals import intersection, lengths
from continuity_analysis.measurements.service_hours import measure_agreed, measure_maintenance, together
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.watched_time import Observation
from continuity_analysis.measurements.windows import reach_back
from continuity_analysis.models.availability import estimate_availability
from continuity_analysis.models.objectives import judge_availability
from continuity_analysis.periods import Period, read_period

AHEAD = ("expected", "expected_low", "expected_high", "chance_next_period", "required_chance")
COLUMNS = (
    "service", "tier", "availability", "low", "high", "n", "n_incidents", "n_open", "unplanned_availability",
    "unplanned_low", "unplanned_high", "agreed_hours", "unknown_hours", "suppressed_hours",
    "coverage", "down_hours", "unplanned_hours",
    "planned_hours", "n_assumed_impact", "availability_if_no_impact", "availability_if_full_impact", "raw_availability",
    "mtbf_hours", "failures_per_year", "rate_low", "rate_high", "in_service_from", "in_service_assumed", "judged",
    "period_hours", "objective", "verdict", "provisional", "reason", *AHEAD,
)  # fmt: skip


def availability(logs, period, *, expected: pd.DataFrame | None = None) -> pd.DataFrame:
    """Achieved availability of every service in a period, with bounds, failures and verdict.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    expected : DataFrame, optional
        What is expected of the coming period, where it is at hand; else it is worked out.

    Returns
    -------
    DataFrame
        One row per service, the lowest availability first, the unknown ones last. `availability`, `low` and `high` are
        of all causes, `unplanned_…` without planned work; `availability_if_no_impact` and `…_if_full_impact` set every
        assumed impact to 0 and to 1; `n` counts unplanned failures; hours are in [h], rates per year of 8760 h.
        `suppressed_hours` are unknown because the only tool that watched was told to create no incidents then.
        `raw_availability` is without the catalogue's corrections. `judged` says whether all causes or only unplanned
        ones are held against `objective`; `expected` (with low, high) and `chance_next_period`, that of meeting it,
        are of what is judged, as `expected_availability` has them.
    """
    from continuity_analysis.questions.expected_availability import expect

    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    services = measure_services(logs)
    ahead = expect(logs, services, window) if expected is None else expected
    estimates = _estimates(logs, services, window)
    raw = _estimates(logs, services, window, corrected=False) if logs.catalog.corrections else estimates
    ahead = ahead.head(len(services)).rename(columns={"chance": "chance_next_period"})[list(AHEAD)]
    estimates = pd.concat([estimates, ahead], axis=1).assign(raw_availability=raw["availability"])
    estimates = _judge(estimates, logs, whole=_whole_period(logs, services, window))
    order = np.lexsort((estimates["service"], estimates["availability"]))
    return estimates.iloc[order].reset_index(drop=True)[list(COLUMNS)]


def downtime(logs, period) -> pd.DataFrame:
    """When each service was down in a period, and how much of it.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        service, start, end, hours, impact (share of the service lost), planned, incident_ids. Hours times impact, added
        up, are the down time of `availability`.
    """
    return measure_down_pieces(*look_at(logs, period))


def _estimates(logs, services: pd.DataFrame, window: Period, *, corrected: bool = True) -> pd.DataFrame:
    disruptions = measure_disruptions(logs, services, corrected=corrected)
    observation = observe(logs, services, window=window, disruptions=disruptions)
    silent = lengths(intersection(observation.window, measure_suppressed(logs, services)), len(services))
    measured = measure_downtime(disruptions, observation).assign(suppressed_hours=to_hours(silent))
    return pd.concat([estimate_availability(measured), services.drop(columns="service")], axis=1)


def look_at(logs, period) -> tuple[pd.DataFrame, Observation]:
    """All disruptions, and what is known of a period."""
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    services = measure_services(logs)
    disruptions = measure_disruptions(logs, services)
    return disruptions, observe(logs, services, window=window, disruptions=disruptions)


def observe(logs, services: pd.DataFrame, *, window: Period, disruptions: pd.DataFrame) -> Observation:
    """When services should have run and who watched, in a window up to as_of.

    Agreed hours reach back to the begin of what was under way at the window's start, so that a failure is counted once,
    in the window that holds its first agreed moment.
    """
    start, end, as_of = (int(m) for m in to_microseconds([window.start, window.end, logs.as_of]))
    end = max(min(end, as_of), start)
    agreed = agreed_time(logs, services, reach_back(disruptions, start), end)
    return Observation(services, agreed, measure_coverage(logs, services), start, end)


def agreed_time(logs, services: pd.DataFrame, start: int, end: int):
    """Agreed in-service time of every service within [start, end) [us], as disjoint intervals in order."""
    not_agreed = (measure_closed, measure_maintenance)
    parts = [m(logs.catalog.services, services, start=start, end=end, timezone=logs.timezone) for m in not_agreed]
    return measure_agreed(services, start, end=end, outside=together(*parts))


def _whole_period(logs, services: pd.DataFrame, window: Period) -> np.ndarray:
    """Agreed hours of the whole period [h], including what lies after as_of."""
    start, end = (int(m) for m in to_microseconds([window.start, window.end]))
    return to_hours(lengths(agreed_time(logs, services, start, end), len(services)))


def _judge(estimates: pd.DataFrame, logs, *, whole: np.ndarray) -> pd.DataFrame:
    """Verdicts on what the catalogue says is judged: all causes, or unplanned ones only."""
    stated = [logs.catalog.services.get(name) for name in estimates["service"]]
    objective = np.array([s.objectives.availability if s else None for s in stated], dtype=float)
    unplanned = np.array([bool(s) and s.judged == "unplanned" for s in stated], dtype=bool)
    shown = {}
    for name in ("availability_if_no_impact", "availability_if_full_impact"):
        shown[name] = np.where(unplanned, estimates[f"unplanned_{name}"], estimates[name])
    judged = judge_availability(estimates.assign(**shown), objective, unplanned=unplanned, period_hours=whole)
    verdict = judged[["objective", "verdict", "provisional", "reason"]]
    return pd.concat([estimates, verdict], axis=1).assign(
        judged=np.where(unplanned, "unplanned", "all"), period_hours=whole
    )
