"""How much of the error budget is spent, how fast, and on what? In time and in requests."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.disruptions import measure_disruptions
from continuity_analysis.measurements.observations import observe_incidents
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.spending import measure_exhaustion, measure_spending
from continuity_analysis.measurements.spending_by_incident import measure_attribution
from continuity_analysis.models.error_budget import estimate_budget
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.availability import availability, downtime, look_at
from continuity_analysis.questions.budget_facts import ROUNDING, TRAFFIC, Facts, budget_facts, judged_pieces

COLUMNS = (
    "service", "budget", "window", "unit", "objective", "allowed", "spent", "spent_low", "spent_high", "left",
    "spent_share", "burn", "burn_30d", "exhausted_at", "projected_at", "n", "unknown_hours", "judged", "assumed",
    "reason",
)  # fmt: skip
SPENT = (
    "service", "incident_id", "product", "title", "severity", "cause", "planned", "started_at", "hours",
    "share_of_spent", "allowed_hours", "share_of_budget", "judged",
)  # fmt: skip
COURSE = ("service", "at", "spent_hours", "allowed_hours", "left_share", "projected")
ROLLING = (30, 90)
_DAY = pd.Timedelta(days=1)


def error_budget(logs, period) -> pd.DataFrame:
    """Error budgets of every service that promises availability or a share of requests.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.

    Returns
    -------
    DataFrame
        One row per service, budget ("time", "requests") and window: the period, then the last 30 and 90 days up to its
        end or as_of. In `unit` ("hours", "count"): allowed (of the *whole* period, also while it is not over), spent
        with its bounds (unknown time and assumed impacts at both ends), left; spent_share, burn and burn_30d (1 spends
        exactly the budget); exhausted_at (when it was gone), projected_at (when it will be at the rate of the last 30
        days; null while that burn is at most 1, or where it lasts to the end of the period); n (failures, or
        requests); unknown_hours [h]; judged ("all" causes or "unplanned" ones); assumed, reason (words or null).
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    windows = {window.name: window} | {f"last {days} days": _last(logs, window, days) for days in ROLLING}
    services = measure_services(logs)
    disruptions = measure_disruptions(logs, services)
    facts = {name: budget_facts(logs, services, disruptions=disruptions, window=w) for name, w in windows.items()}
    recent = facts[f"last {ROLLING[0]} days"]
    whole = availability(logs, window).set_index("service")["period_hours"].reindex(services["service"]).to_numpy()
    found = [
        _budget(facts[name][budget], recent[budget], whole=whole if name == window.name else None).assign(
            budget=budget, window=name, place=place
        )
        for place, name in enumerate(windows)
        for budget in recent
    ]
    rows = _projected(pd.concat(found, ignore_index=True), now=_now(logs, window), end=window.end)
    rows = rows[rows["objective"].notna()]
    rows = rows.sort_values(["budget", "service", "place"], ascending=[False, True, True], ignore_index=True)
    return rows[list(COLUMNS)]


def budget_spent(logs, period) -> pd.DataFrame:
    """What incidents spent of the time budget, the largest part first.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        One row per service and incident (or outage that belongs to none) with a part in the down time that is judged:
        incident_id, product, title, severity, cause, planned, started_at; hours (down time weighted by impact; shared
        equally where several weigh most) [h]; share_of_spent, and share_of_budget of allowed_hours (of the whole
        period; null without an objective). The hours of a service add up to what `error_budget` says was spent.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    disruptions, observation = look_at(logs, window)
    parts = measure_attribution(disruptions, observation, incidents=observe_incidents(logs))
    parts = parts.assign(service=observation.services["service"].to_numpy()[parts["code"].to_numpy(np.int64)])
    promised = availability(logs, window).set_index("service")[["period_hours", "objective", "judged"]]
    parts = parts.join(promised, on="service").join(_told(logs), on=["product", "incident_id"])
    parts = parts[~parts["planned"] | (parts["judged"] == "all")]
    allowed = parts["period_hours"] * (1 - parts["objective"])
    parts = parts.assign(
        allowed_hours=allowed,
        share_of_budget=parts["hours"] / allowed.where(allowed > 0),
        share_of_spent=parts["hours"] / parts.groupby("service")["hours"].transform("sum"),
    )
    return parts.sort_values(["hours", "service"], ascending=[False, True], ignore_index=True)[list(SPENT)]


def budget_course(logs, period) -> pd.DataFrame:
    """How much of each service's time budget was left, from the period's start on.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments

    Returns
    -------
    DataFrame
        service, at, spent_hours, allowed_hours [h], left_share (of what the whole period allows; negative once
        overspent), straight from row to row; `projected` rows lead on to where it ends at the rate of the last 30 days,
        where it does. Services with an objective below 100 % that were watched.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    budget = error_budget(logs, window)
    budget = budget[(budget["budget"] == "time") & (budget["window"] == window.name) & budget["allowed"].gt(0)]
    rows = budget[["service", "allowed", "spent", "projected_at"]].rename(columns={"allowed": "allowed_hours"})
    now = _now(logs, window)
    spending = measure_spending(judged_pieces(logs, downtime(logs, window))).rename(columns={"spent": "spent_hours"})
    ends = rows.assign(at=now, spent_hours=rows["spent"])
    lasts = ends[ends["projected_at"].notna()]
    ahead = lasts.assign(at=lasts["projected_at"], spent_hours=lasts["allowed_hours"])
    parts = [rows.assign(at=window.start, spent_hours=0.0), rows[["service", "allowed_hours"]].merge(spending), ends]
    course = pd.concat([p.assign(projected=False) for p in parts] + [p.assign(projected=True) for p in (lasts, ahead)])
    course = course.assign(left_share=1 - course["spent_hours"] / course["allowed_hours"])
    return course.sort_values(["service", "projected", "at"], kind="stable", ignore_index=True)[list(COURSE)]


def _now(logs, window: Period) -> pd.Timestamp:
    return window.end if pd.isna(logs.as_of) else max(min(window.end, logs.as_of), window.start)


def _last(logs, window: Period, days: int) -> Period:
    end = _now(logs, window)
    return Period(f"last {days} days", end - days * _DAY, end, window.timezone)


def _budget(facts: Facts, recent: Facts, *, whole: np.ndarray | None) -> pd.DataFrame:
    """The budgets of one window; `whole`: agreed hours of the whole period, where it may not be over."""
    seen, last = facts.found, recent.found
    hours = seen["agreed_hours"] if whole is None else whole
    lately = {"spent_recent": last["spent"], "seen_recent": last["seen"], "recent_hours": last["known_hours"]}
    remaining = hours - seen["agreed_hours"]
    guessed = (seen["unit"] == "count") & (remaining > ROUNDING)
    measured = seen.assign(whole=seen["an_hour"] * hours, remaining_hours=remaining, **lately)
    found = estimate_budget(measured.assign(assumed=seen["assumed"].mask(guessed, TRAFFIC)), seen["objective"])
    gone = measure_exhaustion(facts.course, found["allowed"].set_axis(found["service"]))
    return found.assign(exhausted_at=gone.to_numpy())


def _projected(rows: pd.DataFrame, *, now: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """When the budget will be gone: agreed hours ahead, spread evenly over what is left of the period."""
    rest = rows["remaining_hours"].where(rows["remaining_hours"] > 0)
    ahead = (rows["lasts_hours"] / rest * ((end - now) / pd.Timedelta(hours=1))).astype(float)
    return rows.assign(projected_at=(now + pd.to_timedelta(ahead, unit="h")).dt.floor("s"))


def _told(logs) -> pd.DataFrame:
    """Title, severity and cause of each incident."""
    rows = logs.incidents.drop_duplicates(["product", "incident_id"])
    return rows.set_index(["product", "incident_id"])[["title", "severity", "cause"]]
