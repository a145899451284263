"""Where the time of incidents goes, phase by phase, and when in the week they begin."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table, group_column
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show

CLOCKS = ("started", "detected", "acknowledged", "mitigated", "restored")
_COLOURS = {"detected": style.SKY, "acknowledged": style.AMBER, "mitigated": style.BLUE, "restored": style.GREEN}
_HATCHES = {"started": "xx", "detected": "\\\\\\", "acknowledged": "///"}


def phases_sentence(phases: pd.DataFrame) -> Sentence:
    """Which phase took most of the hours of all incidents."""
    if phases.empty or not phases["hours"].sum():
        return Sentence("No incident of this period was restored, so there is no time to divide.")
    total = phases.groupby(["start", "end"], as_index=False)[["hours", "n"]].sum()
    most = total.sort_values("hours", ascending=False).iloc[0]
    n = phases.drop_duplicates(phases.columns[0])["n_restored"].sum()
    share = show(round(most["hours"] / total["hours"].sum(), 2), "share")
    text = f"Of the {show(total['hours'].sum(), 'hours')} that {show(n, 'count')} restored incidents took, **{share}** "
    text += f"went by from {most['start']} to {most['end']}"
    merged = total[[not _is_one(*ends) for ends in zip(total["start"], total["end"], strict=True)]]
    if len(merged):
        unknown = show(round(merged["hours"].sum() / total["hours"].sum(), 2), "share")
        text += f"; {unknown} lie in phases that cannot be told apart, because a moment in between was not recorded"
    return Sentence(f"{text}.")


def response_table(times: pd.DataFrame) -> DisplayTable:
    """Time to detect, acknowledge, mitigate and restore: how many were recorded, and quantiles with intervals."""
    columns = group_column(times.columns[0]) | {
        "what": ("", "text"),
        "n": ("n", "count"),
        "n_censored": ("Still open", "count"),
        "n_excluded": ("Not recorded", "count"),
        "median_hours": ("Median (95 % interval)", "hours", "low", "high"),
        "p90_hours": ("P90 (95 % interval)", "hours", "p90_low", "p90_high"),
    }
    rows = times.assign(what=times["time"].str.capitalize())
    return display_table(rows, columns, caption="Time to detect, acknowledge, mitigate and restore")


def means_table(times: pd.DataFrame) -> DisplayTable:
    """The means people ask for, each named as what it is; of times that were recorded."""
    columns = group_column(times.columns[0]) | {
        "what": ("", "text"),
        "n": ("n", "count"),
        "geometric_mean_hours": ("Geometric", "hours"),
        "mean_hours": ("Arithmetic, a burden", "hours", "mean_low", "mean_high"),
        "length_biased_mean_hours": ("Seen from a random minute", "hours"),
        "restricted_mean_hours": ("Restricted", "hours", "restricted_mean_low", "restricted_mean_high"),
        "horizon_hours": ("… to a horizon of", "hours"),
    }
    rows = times[times["n"] > 0]
    return display_table(
        rows.assign(what=rows["time"].str.capitalize()), columns, caption="Means, and what they are of"
    )


def phases_table(phases: pd.DataFrame) -> DisplayTable:
    """Hours and share of each phase."""
    by = phases.columns[0]
    columns = group_column(by) | {
        "phase": ("Phase", "text"),
        "n": ("Incidents", "count"),
        "median_hours": ("Median", "hours"),
        "hours": ("Hours in all", "hours"),
        "share": ("Share of the time", "share"),
    }
    names = [f"{start} to {end}" for start, end in zip(phases["start"], phases["end"], strict=True)]
    return display_table(phases.assign(phase=names), columns, caption="Where the time went")


@keeps_data
def plot_time_spent(phases: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share of the hours of each group's restored incidents, phase by phase.

    Parameters
    ----------
    phases : DataFrame
        As `continuity_analysis.restoration_phases` returns it; the groups with most hours are drawn.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    by = phases.columns[0]
    rows = phases.assign(name=[_name(group, by) for group in phases[by]])
    hours = rows["hours"].groupby(rows["name"], sort=False).sum()
    kept = hours[hours > 0].sort_values(ascending=False).index[: style.ROWS_AT_MOST]
    names = [name for name in hours.index if name in kept]
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(names)) + 0.5)
        if not names:
            return style.say_empty(ax, "No incident of this period was restored.")
        table = rows.pivot_table(index="name", columns=["start", "end"], values="share", sort=False)
        table = table.reindex(names).fillna(0.0)
        left, y = np.zeros(len(table)), np.arange(len(table))
        for start, end in sorted(table.columns, key=lambda ends: [CLOCKS.index(clock) for clock in ends]):
            width = table[(start, end)].to_numpy()
            hatch = "" if _is_one(start, end) else _HATCHES[start]
            look = {"color": _COLOURS[end], "hatch": hatch, "edgecolor": "white", "linewidth": 0.8}
            ax.barh(y, width, left=left, height=0.62, label=f"{start} to {end}", **look)
            left = left + width
        sizes = rows.drop_duplicates("name").set_index("name")["n_restored"]
        style.name_rows(ax, [f"{name}  (n = {sizes[name]})" for name in names])
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_xlabel("share of the hours of restored incidents (hatched: moments in between were not recorded)")
        style.legend_below(ax, ncols=2)
    return ax


@keeps_data
def plot_week(by_hour: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """When in the week incidents begin: their number in each block of hours, its shade the hours they lasted.

    Parameters
    ----------
    by_hour : DataFrame
        As `continuity_analysis.incidents_by_hour` returns it.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    days = list(dict.fromkeys(by_hour["day"]))
    with style.applied():
        ax = style.axes_for(ax, height=3.6)
        if not by_hour["n"].sum():
            return style.say_empty(ax, "No incident started in this period.")
        n, lasted = (by_hour[c].to_numpy(float).reshape(len(days), -1) for c in ("n", "hours"))
        image = ax.imshow(np.where(n > 0, lasted, np.nan), cmap="Blues", aspect="auto", vmin=0)
        for (row, column), count in np.ndenumerate(n):
            if count:
                dark = lasted[row, column] > 0.55 * np.nanmax(lasted)
                colour = style.PAPER if dark else style.INK
                ax.text(column, row, f"{count:.0f}", ha="center", va="center", color=colour, fontsize=10)
        hours = by_hour["hour"].unique()
        ax.set_xticks(np.append(np.arange(len(hours)), len(hours)) - 0.5, [*(f"{h}:00" for h in hours), "24:00"])
        ax.set_yticks(range(len(days)), days)
        ax.grid(visible=False)
        ax.tick_params(length=0)
        ax.set_xlabel("when it began, by the clock of the reported zone")
        ax.figure.colorbar(image, ax=ax, pad=0.02, label="hours they lasted")
    return ax


def _is_one(start: str, end: str) -> bool:
    """Whether nothing lies between two clock ends; a hatched phase is several in one."""
    return CLOCKS.index(end) - CLOCKS.index(start) == 1


def _name(group, by: str) -> str:
    if pd.isna(group):
        return "unknown"
    return f"severity {show(group, 'count')}" if by == "severity" else str(group)
