"""What the incidents chosen say: some services, some severities, any two clock ends; and which incidents these are.

The incidents are observed all together, as for every other answer, and chosen afterwards: what counts as evidence does
not depend on what somebody looks at.
"""

from dataclasses import dataclass

import pandas as pd

from continuity_analysis.measurements.clock import UNKNOWN, to_moments
from continuity_analysis.measurements.durations import measure_durations
from continuity_analysis.measurements.observations import observe_incidents
from continuity_analysis.models.restoration import estimate_survival
from continuity_analysis.periods import read_period
from continuity_analysis.questions.restoration import (
    ALL_SERVICES,
    DURATIONS,
    estimates_of_groups,
    group_observations,
)

CHOSEN_SERVICES = "the services chosen"
TIMELINE = (
    "service", "product", "incident_id", "title", "severity", "cause", "planned", "started_at", "ended_at", "is_open",
    "ends_known", "excluded",
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """Which incidents, how grouped, and between which clock ends.

    Attributes
    ----------
    services : tuple of str
        None chosen: every service.
    severities : tuple of int or None
        1 worst to 5, None where the source states none. None chosen: every severity.
    by : {"service", "severity", "cause", "part_of_week", "all"}
    start, end : {"started", "detected", "acknowledged", "mitigated", "restored"}
    """

    services: tuple[str, ...] = ()
    severities: tuple[int | None, ...] = ()
    by: str = "service"
    start: str = "started"
    end: str = "restored"

    def of_services(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of the services chosen, by their column service."""
        return rows[rows["service"].isin(self.services)] if self.services else rows

    def of_incidents(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of the services and severities chosen, by their columns service and severity."""
        rows = self.of_services(rows)
        if not self.severities:
            return rows
        stated = [s for s in self.severities if s is not None]
        return rows[rows["severity"].isin(stated) | (rows["severity"].isna() & (None in self.severities))]


@dataclass(frozen=True)
class Chosen:
    """What the incidents chosen say.

    Attributes
    ----------
    durations : DataFrame
        group (as text), then the columns of `durations` but for resolution_hours: the incidents behind each group, one
        row each, with those that do not count and why. In "all services" (or "the services chosen", where these are
        several) an incident stands once.
    restoration : DataFrame
        group, then the estimates of `restoration`; no verdict, which is on all of a service's incidents.
    survival : DataFrame
        As of `survival`.
    """

    durations: pd.DataFrame
    restoration: pd.DataFrame
    survival: pd.DataFrame


def choose_incidents(logs, period, choice: Choice | None = None) -> Chosen:
    """How long the incidents chosen took from one clock end to another, per group, and which they are.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    choice : Choice, optional
        Default all incidents, by service, from start to restoration: then it agrees with `restoration`.

    Raises
    ------
    InputError
        If `by` or a clock end is none of these.
    """
    choice = choice or Choice()
    observed = choice.of_incidents(observe_incidents(logs))
    how = {"period": period, "by": choice.by, "clocks": (choice.start, choice.end)}
    rows, labels = group_observations(observed, logs, **how)
    whole = CHOSEN_SERVICES if choice.services else ALL_SERVICES
    names = labels.astype("str").fillna("unknown").replace(ALL_SERVICES, whole)
    group = names.reindex(rows["group"]).to_numpy()
    estimates = estimates_of_groups(rows, groups=len(labels), within_hours=float("nan"))
    estimates.insert(0, "group", names.to_numpy())
    curves = estimate_survival(rows[rows["excluded"].isna()], groups=len(labels))
    curves = curves.assign(group=pd.Series(names.to_numpy()[curves["group"]], dtype="str"))
    seen = rows.assign(group=pd.Series(group, index=rows.index, dtype="str"), started_at=to_moments(rows["started"]))
    found = (seen[["group", *(c for c in DURATIONS if c != "resolution_hours")]], estimates, curves)
    return Chosen(*(_of_groups_shown(part, choice) for part in found))


def _of_groups_shown(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Rows of the services chosen, and of all of these together where there are several; every row by other groups."""
    if choice.by != "service" or not choice.services:
        return rows.reset_index(drop=True)
    together = [CHOSEN_SERVICES] if len(choice.services) > 1 else []
    return rows[rows["group"].isin([*choice.services, *together])].reset_index(drop=True)


def incident_timeline(logs, period, choice: Choice | None = None) -> pd.DataFrame:
    """Every incident that lasted in a period, per service: when it began, and when it ended or was last seen open.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
    choice : Choice, optional
        Its services and severities; default all.

    Returns
    -------
    DataFrame
        service, product, incident_id, title, severity, cause, planned, started_at, ended_at (restored; where it
        `is_open`, when it was last seen so), is_open, ends_known (false: resolved, and no log says when), excluded
        (why it does not count; null where it does). In order of start. What was only announced is left out.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    rows = (choice or Choice()).of_incidents(measure_durations(observe_incidents(logs)))
    rows = rows[rows["status"] != "scheduled"]
    known = rows["restored"] != UNKNOWN
    stop = rows["restored"].where(known, rows["seen"].where(rows["is_open"], rows["started"]))
    found = rows.assign(
        started_at=to_moments(rows["started"]), ended_at=to_moments(stop), ends_known=known | rows["is_open"]
    )
    lasting = (found["started_at"] < window.end) & ((found["ended_at"] > window.start) | _begun_in(found, window))
    return found[lasting][list(TIMELINE)].reset_index(drop=True)


def _begun_in(rows: pd.DataFrame, window) -> pd.Series:
    return (rows["started_at"] >= window.start) & (rows["started_at"] < window.end)
