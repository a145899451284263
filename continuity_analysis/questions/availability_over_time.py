"""How did availability go? Per service and calendar or rolling window."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.calendar import measure_windows
from continuity_analysis.measurements.clock import to_microseconds, to_moments
from continuity_analysis.measurements.disruptions import measure_disruptions
from continuity_analysis.measurements.downtime import measure_downtime
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.windows import observe_windows
from continuity_analysis.models.availability import estimate_availability
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.availability import observe

COLUMNS = (
    "service", "window", "start", "end", "availability", "low", "high", "unplanned_availability", "unplanned_low",
    "unplanned_high", "coverage", "n", "agreed_hours", "unknown_hours", "down_hours", "unplanned_hours",
    "planned_hours", "objective", "judged", "unfinished",
)  # fmt: skip


def availability_over_time(logs, period, *, every: str = "month", rolling: str | None = None) -> pd.DataFrame:
    """Achieved availability of every service in each window of a period.

    Each row is what `availability` says of its window. There is no verdict: an objective is judged over the period
    that was asked for, not over each day or week of it.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    every : {"day", "week", "month", "quarter", "year"}
        Calendar windows in the catalogue's zone, clock changes included; the first and the last are cut to the period,
        so that hours and failures add up to those of the period.
    rolling : str, optional
        Such as 30d or 4w: windows of so many days instead, which overlap: one ends with each calendar window.

    Returns
    -------
    DataFrame
        service, window (its name), start, end; availability, low, high (all causes) and unplanned_… likewise; coverage;
        n (unplanned failures that began in it); hours [h]; objective and judged (all causes or unplanned), for
        reference; unfinished (it ends after as_of). Windows that begin after as_of, and rolling ones that end after it,
        are left out.

    Raises
    ------
    InputError
        If `every` or `rolling` is none of these.
    """
    asked = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    windows = measure_windows(asked, every, rolling=rolling)
    as_of = int(to_microseconds([logs.as_of])[0])
    windows = windows[windows.start < as_of if rolling is None else windows.end <= as_of]
    services = measure_services(logs)
    if not len(windows) or services.empty:
        return _empty()
    disruptions, first = measure_disruptions(logs, services), int(windows.start[0])
    whole = Period(asked.name, *to_moments([first, windows.end[-1]]), asked.timezone)
    pairs = observe_windows(disruptions, observe(logs, services, window=whole, disruptions=disruptions), windows)
    estimates = estimate_availability(measure_downtime(*pairs))
    times = {f: np.tile(getattr(windows, f), len(services)) for f in ("name", "start", "end")}
    objective, judged = _promised(logs, services["service"])
    return estimates.assign(
        window=pd.Series(times["name"], dtype="str"),
        start=to_moments(times["start"]),
        end=to_moments(times["end"]),
        objective=np.repeat(objective, len(windows)),
        judged=pd.Series(np.repeat(judged, len(windows)), dtype="str"),
        unfinished=times["end"] > as_of,
    )[list(COLUMNS)]


def _promised(logs, names) -> tuple[np.ndarray, np.ndarray]:
    stated = [logs.catalog.services.get(name) for name in names]
    objective = np.array([s.objectives.availability if s else None for s in stated], dtype=float)
    return objective, np.array([s.judged if s else "all" for s in stated], dtype=str)


def _empty() -> pd.DataFrame:
    types = dict.fromkeys(COLUMNS, "float64") | dict.fromkeys(("service", "window", "judged"), "str")
    types |= dict.fromkeys(("start", "end"), "datetime64[us, UTC]") | {"n": "int64", "unfinished": "bool"}
    return pd.DataFrame({c: pd.Series(dtype=types[c]) for c in COLUMNS})
