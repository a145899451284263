"""What stands on each tab of the explorer: the reports' own answers and figures, of what was chosen."""

from dataclasses import dataclass

import pandas as pd

from continuity_analysis.figures.availability_over_time import over_time_table, plot_availability_over_time
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.explorer.pictures import defined, note, picture, table
from continuity_analysis.figures.incident_timeline import plot_incident_timeline
from continuity_analysis.figures.question_tables import recovery_point_table
from continuity_analysis.figures.recovery_point import objectives_of, plot_exposures
from continuity_analysis.figures.restoration import CURVES_AT_MOST, plot_survival
from continuity_analysis.periods import Period
from continuity_analysis.questions.availability_over_time import availability_over_time
from continuity_analysis.questions.recovery_point import exposure, recovery_point
from continuity_analysis.questions.selection import Choice, Chosen, incident_timeline

BEHIND_AT_MOST = 200
REACHED = {"started": "started", "detected": "was detected", "acknowledged": "was acknowledged",
           "mitigated": "was mitigated", "restored": "was restored"}  # fmt: skip
_NO_INCIDENTS = "Of the choices above only services and period act here: this is measured over time, not per incident."


@dataclass(frozen=True)
class View:
    """What is looked at.

    Attributes
    ----------
    logs : Logs
    period : Period
    choice : Choice
    chosen : Chosen
        What `choose_incidents` says of it.
    """

    logs: object
    period: Period
    choice: Choice
    chosen: Chosen


def survival_pane(view: View) -> str:
    """Survival curves, and under them each group's median and P90."""
    choice = view.choice
    ax = plot_survival(view.chosen.survival)
    if ax.axison:
        ax.set_xlabel(f"time since it {REACHED[choice.start]}")
        ax.set_ylabel(f"not yet {choice.end}")
    words = f"Share of incidents not yet {choice.end} over time, by {choice.by.replace('_', ' ')}; the table says it."
    groups = view.chosen.survival["group"].nunique()
    few = f"The {CURVES_AT_MOST} groups with most incidents are drawn; the table has all {groups}."
    told = note(few) if groups > CURVES_AT_MOST else ""
    shown = table(medians_table(view.chosen.restoration, choice))
    return picture(ax, words) + told + shown + defined("restoration")


def medians_table(restoration: pd.DataFrame, choice: Choice) -> DisplayTable:
    """Each group's median and P90 with their intervals, and how many incidents that rests on."""
    heading = "Incidents" if choice.by == "all" else choice.by.replace("_", " ").capitalize()
    columns = {
        "group": (heading, "text"),
        "n": ("n", "count"),
        "n_censored": (f"Not yet {choice.end}", "count"),
        "n_excluded": ("Do not count", "count"),
        "median_hours": ("Median (95 % interval)", "hours", "low", "high"),
        "p90_hours": ("P90 (95 % interval)", "hours", "p90_low", "p90_high"),
        "max_hours": ("Longest that ended", "hours"),
    }
    rows = restoration[(restoration["n"] > 0) | (restoration["n_excluded"] > 0)]
    return display_table(rows, columns, caption=f"From {choice.start} to {choice.end}" if len(rows) else "No incident")


def timeline_pane(view: View, marked: str | None = None) -> str:
    """Every incident as a bar on its service's row."""
    timeline = incident_timeline(view.logs, view.period, view.choice)
    ax = plot_incident_timeline(timeline, view.period, marked=marked)
    return picture(ax, f"{len(timeline)} incidents as bars over time, one row per service; the list below names them.")


def exposure_pane(view: View) -> str:
    """How much data would have been lost, over time, for the services chosen."""
    estimates = view.choice.of_services(recovery_point(view.logs, view.period))
    pieces = view.choice.of_services(exposure(view.logs, view.period))
    axes = plot_exposures(pieces, objectives_of(estimates))
    words = "Hours of data that would have been lost at each moment, one panel per service; the table sums it up."
    return (
        note(_NO_INCIDENTS)
        + picture(axes[0], words)
        + table(recovery_point_table(estimates))
        + defined("recovery_point")
    )


def availability_pane(view: View) -> str:
    """Achieved availability of the services chosen, window by window."""
    hours = view.period.hours
    every = "month" if hours > 46 * 24 else "week" if hours > 15 * 24 else "day"
    over_time = view.choice.of_services(availability_over_time(view.logs, view.period, every=every))
    ax = plot_availability_over_time(over_time)
    words = f"Achieved availability per service and {every}; the table has the same numbers."
    return note(_NO_INCIDENTS) + picture(ax, words) + table(over_time_table(over_time)) + defined("availability")


def behind_pane(view: View, group: str = "") -> str:
    """The incidents behind a number: those of one group that count, then those that do not, each with the reason."""
    rows = incidents_behind(view, group)
    counts = rows["excluded"].isna()
    rows = rows.assign(why=rows["excluded"].fillna("yes"), left_out=~counts, end=_ends(rows, view.choice.end))
    rows = rows.sort_values(["left_out", "hours"], ascending=[True, False], kind="stable").head(BEHIND_AT_MOST)
    columns = {
        "service": ("Service", "text"),
        "title": ("Incident", "text"),
        "started_at": ("Started", "moment"),
        "hours": (f"{view.choice.start.capitalize()} to {view.choice.end}", "hours"),
        "end": ("End", "text"),
        "severity": ("Severity", "count"),
        "cause": ("Cause", "text"),
        "why": ("Counts", "text"),
        "incident_id": ("Id", "text"),
    }
    caption = f"{group or 'Every group'}: {int(counts.sum())} incidents count, {int((~counts).sum())} do not"
    caption += f"; the first {len(rows)}" if len(counts) > len(rows) else ""
    return table(display_table(rows, columns, caption=caption)) + defined("restoration")


def incidents_behind(view: View, group: str = "") -> pd.DataFrame:
    """Rows of the durations of one group; of no group in particular, each incident once."""
    rows = view.chosen.durations
    if group:
        return rows[rows["group"] == group]
    return rows.drop_duplicates(["product", "incident_id"], keep="last")  # "all services" stands last


def _ends(rows: pd.DataFrame, end: str) -> pd.Series:
    said = rows["censored"].map({True: f"not yet {end}", False: end}).where(rows["hours"].notna(), "—")
    return said.where(rows["end_basis"].isna(), rows["end_basis"])
