"""Exposure from other sides: what is proven or elsewhere, when incidents began, how far back one could go."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.drawn_data import keeps_data

_VIEWS = {
    "all": ("all backups", style.BLUE, "o"),
    "proven": ("proven by a restore or a full read", style.ORANGE, "D"),
    "off-site": ("off-site", style.GREEN, "s"),
    "loss of primary": ("loss of the primary (with replicas)", style.PURPLE, "^"),
}
_SHORTEST = 1 / 60
_DELAYS = (7, 30, 90)


@keeps_data
def plot_exposure_views(views: pd.DataFrame, *, by: str = "service", ax: Axes | None = None) -> Axes:
    """P95 of the exposure per service: all backups, what is proven, what is off-site, and with replicas.

    Parameters
    ----------
    views : DataFrame
        As `continuity_analysis.recovery_point_views` returns it. What went between two listings gives a range. Where
        P95 is without limit the mark stands at the edge, with an arrow; a view of which nothing is known has none.
    by : str
        Column that names the groups; the worst are drawn.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    known = views[views["p95_hours"].notna()]
    names = known[by].drop_duplicates().to_list()[: style.ROWS_AT_MOST]
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(names)) * 1.25 + 0.5)
        if not names:
            return style.say_empty(ax, "No backup was seen.")
        finite = known[["p95_hours", "p95_low_hours"]].to_numpy(float)
        edge = 2.5 * max(float(np.max(finite, where=np.isfinite(finite), initial=1.0)), 24.0)
        rows = known[known[by].isin(names)]
        rows = rows.assign(y=rows[by].map({name: y for y, name in enumerate(names)}))
        shown = rows.assign(x=np.clip(rows["p95_hours"], _SHORTEST, edge)).groupby("y")["x"]
        ax.hlines(shown.min().index, shown.min(), shown.max(), color=style.GRID, linewidth=19, zorder=1, alpha=0.55)
        drawn = [view for view in _VIEWS if (rows["view"] == view).any()]
        for place, view in enumerate(drawn):  # side by side, so that equal ones do not hide each other
            label, colour, marker = _VIEWS[view]
            here = rows[rows["view"] == view].assign(y=lambda r, p=place: r["y"] + 0.2 * (p - (len(drawn) - 1) / 2))
            _mark(ax, here, edge, colour=colour, marker=marker, label=label)
        style.name_rows(ax, names)
        style.duration_axis(ax)
        ax.set_xlim(max(_SHORTEST, float(shown.min().min()) / 2), edge * 1.35)
        ax.set_xlabel("data at risk, not exceeded for 95 % of the time (arrow: without limit)")
        style.say_left_out(ax, len(names), known[by].nunique())
        style.legend_below(ax, ncols=2)
    return ax


def _mark(ax: Axes, rows: pd.DataFrame, edge: float, *, colour: str, marker: str, label: str) -> None:
    if rows.empty:
        return
    y, high = rows["y"].to_numpy(), np.clip(rows["p95_hours"].to_numpy(float), _SHORTEST, edge)
    low = np.clip(rows["p95_low_hours"].to_numpy(float), _SHORTEST, edge)
    ax.hlines(y, low, high, color=colour, linewidth=3.2, alpha=0.55, zorder=2)
    bound = np.isinf(rows["p95_hours"].to_numpy(float))
    ax.plot(high[~bound], y[~bound], marker, color=colour, markersize=7.5, markeredgecolor="white", zorder=3)
    ax.plot(high[bound], y[bound], ">", color=colour, markersize=10, markeredgecolor="white", zorder=3)
    ax.plot([], [], marker, color=colour, markersize=8, label=label)


@keeps_data
def plot_at_incidents(incidents: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Where in the law of its period each incident's exposure lay: evenly spread if incidents ignore backups.

    Parameters
    ----------
    incidents : DataFrame
        As `continuity_analysis.incident_exposures` returns it; those with unknown exposure are left out.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    known = incidents[incidents["position"].notna()]
    names = known["service"].value_counts(sort=True).index[: style.ROWS_AT_MOST]
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(names)) + 0.4)
        if known.empty:
            return style.say_empty(ax, "No unplanned incident began while somebody was watching the backups.")
        ax.axvspan(0.5, 1, color=style.ORANGE, alpha=0.08, linewidth=0)
        ax.axvline(0.5, color=style.INK, linewidth=1.2)
        y = known["service"].map({name: y for y, name in enumerate(names)}).to_numpy(float)
        ax.plot(known["position"], y, "o", color=style.BLUE, alpha=0.55, markersize=7, label="an incident")
        mean = known.groupby("service")["position"].mean().reindex(names)
        ax.plot(mean, np.arange(len(names)), "|", color=style.ORANGE, markersize=18, markeredgewidth=3, label="mean")
        counts = known["service"].value_counts()
        style.name_rows(ax, [f"{name} ({counts[name]})" for name in names])
        ax.set_xlim(-0.02, 1.02)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_xlabel("share of the period with less data at risk than when the incident began")
        style.say_left_out(ax, len(names), len(counts), which="services with most incidents")
        style.legend_below(ax, ncols=2)
    return ax


@keeps_data
def plot_retention_depth(depth: pd.DataFrame, *, by: str = "service", ax: Axes | None = None) -> Axes:
    """How far back one could go for 95 % of the time, per service: at least, and at most where listings leave it open.

    Parameters
    ----------
    depth : DataFrame
        As `continuity_analysis.retention_depth` returns it.
    by : str
        Column that names the groups; the shallowest are drawn.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows = depth[depth["p5_days"].notna()].head(style.ROWS_AT_MOST)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) + 0.5)
        if rows.empty:
            return style.say_empty(ax, "No backup was seen.")
        y, sure = np.arange(len(rows)), rows["p5_days"].to_numpy(float)
        ax.barh(y, sure, height=0.55, color=style.BLUE, label="at least, for 95 % of the time")
        open_days = np.nan_to_num(rows["p5_days_high"].to_numpy(float) - sure)
        if (open_days > 0.01 * sure.max(initial=1)).any():
            ax.barh(y, open_days, left=sure, height=0.55, color=style.SKY, alpha=0.45, label="at most")
        ax.plot(
            rows["last_days"], y, "D", color=style.ORANGE, markersize=8, markeredgecolor="white", label="last known"
        )
        reach = max(float(np.nanmax(rows[["p5_days_high", "last_days"]].to_numpy(float))), 1.0)
        for days in (d for d in _DELAYS if d < reach):
            ax.axvline(days, color=style.MUTED, linestyle=":", linewidth=1.2, zorder=0.5)
        style.name_rows(ax, rows[by].to_list())
        ax.set_xlim(0, reach * 1.05)
        ax.set_xlabel("days one could go back (dotted: found after 7, 30, 90 days)")
        style.say_left_out(ax, len(rows), int(depth["p5_days"].notna().sum()), which="shallowest")
        style.legend_below(ax, ncols=3)
    return ax
