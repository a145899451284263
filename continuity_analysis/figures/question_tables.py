"""One display table per answer: which columns of an estimate a reader needs, and what they are called."""

import pandas as pd

from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS, DisplayTable, display_table, group_column
from continuity_analysis.figures.sentences import percentile
from continuity_analysis.words import UNKNOWN


def availability_table(availability: pd.DataFrame) -> DisplayTable:
    """Achieved availability per service, with its bounds, down time and objective."""
    columns = {
        "service": ("Service", "text"),
        "verdict": ("Verdict", "text"),
        "availability": ("Achieved (bounds)", "ratio", "low", "high"),
        "objective": ("Objective", "ratio"),
        "unplanned_availability": ("Unplanned causes only", "ratio"),
        "unplanned_hours": ("Unplanned down", "hours"),
        "planned_hours": ("Planned down", "hours"),
        "n": ("Failures", "count"),
        "coverage": ("Time watched", "share"),
    }
    columns |= _why(availability)
    return display_table(availability, columns, caption="Availability achieved, lowest first")


def failures_table(availability: pd.DataFrame) -> DisplayTable:
    """How often services failed: rate with its exact interval, and mean time between failures."""
    columns = {
        "service": ("Service", "text"),
        "n": ("Failures", "count"),
        "failures_per_year": ("Per year of up time (95 % interval)", "count", "rate_low", "rate_high"),
        "mtbf_hours": ("Mean up time between failures", "hours"),
        "n_open": ("Still open", "count"),
    }
    return display_table(
        availability.sort_values("n", ascending=False), columns, caption="How often each service failed"
    )


def assumptions_table(availability: pd.DataFrame) -> DisplayTable:
    """Where the impact of incidents was assumed: availability if they had none, and if they took all down."""
    columns = {
        "service": ("Service", "text"),
        "n_incidents": ("Incidents", "count"),
        "n_assumed_impact": ("Impact assumed", "count"),
        "availability": ("As assumed", "ratio"),
        "availability_if_no_impact": ("If they had no impact", "ratio"),
        "availability_if_full_impact": ("If they took all down", "ratio"),
        "in_service_from": ("Observed from", "moment"),
    }
    rows = availability[availability["n_assumed_impact"] > 0]
    caption = "What the answer rests on: incidents whose impact no log states" if len(rows) else "No impact was assumed"
    return display_table(rows, columns, caption=caption)


def incidents_table(durations: pd.DataFrame, *, n: int = 10) -> DisplayTable:
    """The `n` longest disruptions, open ones with the time they are known to have lasted."""
    rows = durations[durations["excluded"].isna() & durations["hours"].notna()]
    rows = rows.sort_values("hours", ascending=False).head(n)
    rows = rows.assign(end=rows["censored"].map({True: "still open", False: "restored"}))
    columns = {
        "service": ("Service", "text"),
        "title": ("Incident", "text"),
        "started_at": ("Started", "moment"),
        "hours": ("Lasted", "hours"),
        "end": ("End", "text"),
        "severity": ("Severity", "count"),
    }
    columns |= {"cause": ("Cause", "text")} if rows["cause"].notna().any() else {}
    return display_table(rows, columns, caption=f"The {len(rows)} longest disruptions")


def restoration_table(restoration: pd.DataFrame, *, by: str = "service") -> DisplayTable:
    """Time to restore per group: median and P90 with intervals, the mean as a burden, the promise.

    Services stand by their verdict, the worst first.
    """
    columns = group_column(by) | {
        "n": ("n", "count"),
        "n_censored": ("Still open", "count"),
        "median_hours": ("Median (95 % interval)", "hours", "low", "high"),
        "p90_hours": ("P90 (95 % interval)", "hours", "p90_low", "p90_high"),
        "mean_hours": ("Mean", "hours"),
        "max_hours": ("Longest", "hours"),
        "share_within": ("Within the objective", "share", "share_low", "share_high"),
        "verdict": ("Verdict", "text"),
    }
    rows = _worst_first(restoration) if by == "service" else restoration[restoration["n"] > 0]
    return display_table(rows, columns, caption="Time to restore service")


def _worst_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by verdict, the worst first, else as they are."""
    return rows.iloc[rows["verdict"].map(list(VERDICTS).index).argsort(kind="stable")]


def excluded_table(durations: pd.DataFrame) -> DisplayTable:
    """How many incidents were left out of the durations, and why."""
    rows = durations[durations["excluded"].notna()]
    counts = rows.groupby("excluded", as_index=False).agg(n=("incident_id", "size"), example=("incident_id", "first"))
    columns = {"excluded": ("Why", "text"), "n": ("Incidents", "count"), "example": ("Such as", "text")}
    return display_table(
        counts.sort_values("n", ascending=False), columns, caption="Incidents left out of the durations"
    )


def recovery_point_table(recovery_point: pd.DataFrame, *, by: str = "service") -> DisplayTable:
    """Recovery-point exposure per group: its law, the time nothing could have been recovered, the promise."""
    columns = group_column(by) | {
        "verdict": ("Verdict", "text"),
        "objective": ("Objective", "hours"),
        **_against(recovery_point),
        "share_over_objective": ("Time over it", "share"),
        "p50_hours": ("P50", "hours"),
        "p95_hours": ("P95", "hours"),
        "worst_hours": ("Worst", "hours"),
        "mean_hours": ("Mean", "hours"),
        "unprotected_share": ("Unprotected", "share"),
        "unknown_hours": ("Unknown", "hours"),
        "n": ("Backups", "count"),
        "direction": ("Exactness", "text"),
    }
    columns |= (
        {"n_services": ("Services", "count"), "reason": ("Why", "text")} if by == "tier" else _why(recovery_point)
    )
    return display_table(recovery_point, columns, caption="Hours of data that would have been lost")


def _against(recovery_point: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """The disruption judged against, where it is not corruption or attack throughout."""
    stated = recovery_point.get("against", pd.Series(dtype="str"))
    return {"against": ("Judged against", "text")} if (stated == "loss of primary").any() else {}


def episodes_table(episodes: pd.DataFrame, *, by: str = "service", n: int = 20) -> DisplayTable:
    """The `n` worst stretches for which exposure was over the objective, with their cause."""
    columns = group_column(by) | {
        "from_at": ("From", "moment"),
        "until_at": ("Until", "moment"),
        "hours": ("Lasted", "hours"),
        "worst_hours": ("Data at risk", "hours"),
        "cause": ("Cause", "text"),
    }
    rows = episodes.sort_values("worst_hours", ascending=False).head(n)
    return display_table(rows, columns, caption="When more data was at risk than promised")


def recovery_time_table(recovery_time: pd.DataFrame, *, rehearsed: bool = False) -> DisplayTable:
    """Recoveries per service: successes, the chance they prove, what more evidence is needed, freshness.

    With `rehearsed` only services that have an objective or a drill, for a slide.
    """
    if rehearsed:
        kept = recovery_time["objective"].notna() | (recovery_time["n_drills"] > 0)
        recovery_time = recovery_time[kept.astype(bool)]
    in_time = [f"{met} of {tried}" if tried else "" for met, tried in _pairs(recovery_time, "n_met", "n_evaluable")]
    columns = {
        "service": ("Service", "text"),
        "verdict": ("Verdict", "text"),
        "objective": ("Objective", "hours"),
        "n_drills": ("Drills", "count"),
        "n_real": ("Real", "count"),
        "in_time": ("In time", "text"),
        "worst_hours": ("Slowest", "hours"),
        "bounds": ("Slowest back bounds", "text"),
        "chance": ("Chance (95 % interval)", "share", "low", "high"),
        "proven_chance": ("Proven at least", "share"),
        "evidence_needed": ("More successes needed", "count"),
        "last_proof_at": ("Last proof", "moment"),
        **({"n_stale": ("Too old to count", "count")} if recovery_time["n_stale"].any() else {}),
    }
    caption = (
        "Recoveries and what they prove" if len(recovery_time) else "No drill on record, and no recovery time promised"
    )
    shares = recovery_time["slowest_bounds_share"]
    bounds = pd.Series([UNKNOWN if pd.isna(s) else f"P{percentile(s)}" for s in shares], shares.index, dtype="str")
    return display_table(recovery_time.assign(in_time=in_time, bounds=bounds), columns, caption=caption)


def _pairs(rows: pd.DataFrame, *names: str):
    return zip(*(rows[name].fillna(0).astype(int) for name in names), strict=True)


def recoveries_table(phases: pd.DataFrame, *, n: int = 20) -> DisplayTable:
    """The newest `n` recoveries by phase."""
    columns = {
        "service": ("Service", "text"),
        "kind": ("Kind", "text"),
        "status": ("Outcome", "text"),
        "began": ("Disrupted, else begun", "moment"),
        "detect_hours": ("Detect", "hours"),
        "declare_hours": ("Declare", "hours"),
        "start_hours": ("Start", "hours"),
        "restore_data_hours": ("Restore data", "hours"),
        "bring_back_hours": ("Bring back", "hours"),
        "total_hours": ("Total", "hours"),
    }
    rows = phases.assign(began=phases["disrupted_at"].fillna(phases["started_at"]))
    rows = rows.sort_values("began", ascending=False).head(n)
    return display_table(rows, columns, caption="Recoveries and drills, newest first")


def reasons_table(scorecard: pd.DataFrame, *, n: int = 12) -> DisplayTable:
    """Why the worst `n` verdicts are what they are; objectives that are met or not set need no reason."""
    rows = scorecard[~scorecard["verdict"].isin(["MET", "NOT_SET"])].head(n)
    rows = rows.assign(objective=rows["objective"].map(OBJECTIVES))
    columns = {
        "service": ("Service", "text"),
        "objective": ("Objective", "text"),
        "verdict": ("Verdict", "text"),
        "reason": ("Why", "text"),
    }
    caption = "Why these objectives are not met, or cannot be judged"
    if rows.empty:
        caption = "No objective is set" if scorecard["target"].isna().all() else "Every objective that is set was met"
    return display_table(rows, columns, caption=caption)


def _why(estimates: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """A column of reasons, where some verdict does not follow from the numbers beside it."""
    unclear = estimates["verdict"].isin(["INSUFFICIENT", "AT_RISK"])
    return {"reason": ("Why", "text")} if unclear.any() else {}
