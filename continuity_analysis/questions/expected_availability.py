"""How available will we be? What the failures so far let one expect, and the chance that the coming period meets it."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.announced import measure_announced
from continuity_analysis.measurements.clock import to_hours, to_microseconds, to_moments
from continuity_analysis.measurements.coverage import measure_coverage
from continuity_analysis.measurements.disruptions import measure_disruptions
from continuity_analysis.measurements.downtime import measure_downtime
from continuity_analysis.measurements.failures import between_failures, measure_failures, merge_common_failures
from continuity_analysis.measurements.intervals import lengths
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.models.expected_availability import estimate_expected_availability
from continuity_analysis.models.failure_rate import estimate_failure_rates
from continuity_analysis.models.forecast import chance_of_no_failure, forecast_availability
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.availability import agreed_time, availability, observe
from continuity_analysis.questions.promises import promises

ALL = "all services"
FORECAST = ("forecast", "forecast_low", "forecast_high", "chance", "chance_error")
EXPECTED = ("expected", "expected_low", "expected_high")
COLUMNS = (
    "service", "tier", "achieved", *EXPECTED, "objective", "verdict", *FORECAST, "required_chance",
    "chance_no_failure", "n", "n_known", "n_zero", "n_censored", "mean_down_hours", "mean_down_low", "mean_down_high",
    *(f"unplanned_{name}" for name in EXPECTED), "announced_hours", "judged", "coming_hours", "up_hours",
    "history_from", "reason",
)  # fmt: skip


def expected_availability(logs, period, *, history=None) -> pd.DataFrame:
    """Expected availability of every service, and a forecast of the coming period, as long as `period`, after as_of.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        The period whose achieved availability stands beside; the coming one is as long.
    history : str, Period or pair of moments, optional
        The time whose failures count; by default all known time up to as_of.

    Returns
    -------
    DataFrame
        One row per service, those with the least chance first, and a last row for all services together, in which
        failures that overlap are one. `expected` (with low, high) and the forecast are of what is judged: unplanned
        causes and, unless only those are judged, planned work as announced; `unplanned_expected` is without it.
        A failure with which an assumed service life begins is not counted: it is why that life begins there.
        `forecast` is the mean with its 95 % prediction interval, `chance` that of meeting the objective with
        `chance_error`, its Monte Carlo standard error. `chance_no_failure` is a one-sided bound: at least. `n` counts
        failures of the history, `n_known` those of known length, `n_zero` those of none; `mean_down_hours` is expected
        of a failure that has a length [h of full outage]. Null from too few failures, with the `reason`.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    past = None if history is None else read_period(history, timezone=logs.timezone, as_of=logs.as_of)
    services = measure_services(logs)
    expected = expect(logs, services, window, history=past)
    found = availability(logs, window, expected=expected).set_index("service").reindex(expected["service"])
    achieved = found["availability"].mask(found["judged"] == "unplanned", found["unplanned_availability"])
    told = found[["tier", "judged"]].assign(achieved=achieved, verdict=found["verdict"].fillna("NOT_SET"))
    table = pd.concat([expected, told.reset_index(drop=True)], axis=1)
    last = table["service"].eq(ALL) & (table.index == len(table) - 1)
    order = np.lexsort((table["service"], table["expected"], table["chance"], last))
    return table.iloc[order].reset_index(drop=True)[list(COLUMNS)]


def failure_rates(logs, period=None) -> pd.DataFrame:
    """How often every service fails, with the exact and the overdispersed interval, those with most failures first.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        By default all known time up to as_of.

    Returns
    -------
    DataFrame
        As `estimate_failure_rates` has it. A failure with which an assumed service life begins is not counted.
    """
    services = measure_services(logs)
    window = None if period is None else read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    measured, failures, _ = failure_history(logs, services, window)
    found = estimate_failure_rates(failures, measured)
    order = np.lexsort((found["service"], -found["failures_per_year"].fillna(-1), -found["n"]))
    return found.iloc[order].reset_index(drop=True)


def expect(logs, services: pd.DataFrame, window: Period, *, history: Period | None = None) -> pd.DataFrame:
    """Expectation and forecast, one row per row of `services`, and one of all together (none without services)."""
    measured, failures, since = failure_history(logs, services, history)
    common = merge_common_failures(failures).assign(group=len(services))
    pooled = pd.concat([failures, common], ignore_index=True) if len(services) else failures
    up = np.append(measured["up_hours"], measured["up_hours"].sum() if len(services) else [])
    names = [*services["service"], *([ALL] if len(services) else [])]
    estimates, law, which = estimate_expected_availability(pooled, up)
    ahead = _coming(logs, services, window).reindex(range(len(names)))
    own = which < len(services)
    law, which = law.rows(own), which[own]
    rows = ahead.loc[which]
    planned = rows["announced_hours"].where(rows["all_causes"].astype(bool), 0)
    coming = forecast_availability(law, rows["coming_hours"], planned_hours=planned, objective=rows["objective"])
    ahead[list(FORECAST)] = coming.set_axis(which).reindex(ahead.index)
    ahead["chance_no_failure"] = chance_of_no_failure(estimates["n"], up, hours=ahead["coming_hours"])
    frame = pd.concat([estimates, ahead], axis=1).assign(up_hours=up, history_from=since)
    share = (ahead["announced_hours"] / ahead["coming_hours"]).where(ahead["all_causes"].eq(True), 0).fillna(0)
    for name in EXPECTED:
        frame[f"unplanned_{name}"] = frame[name]
        frame[name] = (frame[name] - share).clip(0, 1)
    return frame.assign(service=pd.Series(names, dtype="str"))


def failure_history(logs, services: pd.DataFrame, window: Period | None, *, apart: bool = False):
    """Down time and failures of the window, by default of all watched time up to as_of, and when it begins.

    A failure with which an assumed service life begins is not counted. If `apart`, only of the time in which no other
    service was failed.
    """
    if window is None:
        covered = measure_coverage(logs, services)
        end = int(to_microseconds([logs.as_of])[0])
        start = min(int(covered.start.min()), end) if len(covered) else end
        window = Period("history", *to_moments(np.array([start, end])))
    disruptions = measure_disruptions(logs, services)
    observation = observe(logs, services, window=window, disruptions=disruptions)
    if apart:
        observation = between_failures(measure_failures(disruptions, observation), observation)
    measured, failures = measure_downtime(disruptions, observation), measure_failures(disruptions, observation)
    return (*_without_first(measured, failures, services), window.start)


def _without_first(measured: pd.DataFrame, failures: pd.DataFrame, services: pd.DataFrame):
    """Without the failures with which an assumed service life begins: it was looked at because of them."""
    group = failures["group"].to_numpy(np.int64)
    born = services["in_service_from"].where(services["in_service_assumed"].astype(bool))
    first = (failures["started_at"].to_numpy() == born.to_numpy()[group]) if len(failures) else np.zeros(0, dtype=bool)
    left = measured["n"] - np.bincount(group[first], minlength=len(services))
    return measured.assign(n=left), failures[~first].reset_index(drop=True)


def _coming(logs, services: pd.DataFrame, window: Period) -> pd.DataFrame:
    """What the coming period holds for each service: agreed hours, announced work, and what is promised."""
    start = int(to_microseconds([logs.as_of])[0])
    end = start + int((window.end - window.start) / pd.Timedelta(microseconds=1))
    agreed = agreed_time(logs, services, start, end)
    stated = promises(logs.catalog, services["service"]).reset_index(drop=True)
    unplanned = [s is not None and s.judged == "unplanned" for s in map(logs.catalog.services.get, services["service"])]
    return pd.DataFrame(
        {
            "coming_hours": to_hours(lengths(agreed, len(services))),
            "announced_hours": measure_announced(logs, services, agreed),
            "objective": stated["availability"],
            "required_chance": stated["required_chance"],
            "all_causes": ~np.array(unplanned, dtype=bool),
        }
    )
