"""Incidents as they lay in time: a bar each, on the row of its service."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.drawn_data import keeps_data

_COUNTS, _PLANNED, _LEFT_OUT = "counts", "planned work", "does not count"
_COLOURS = {_COUNTS: style.ORANGE, _PLANNED: style.SKY, _LEFT_OUT: "#9aa5b1"}
_DARK = {_COUNTS: "#8f3d00", _PLANNED: "#1f78b4", _LEFT_OUT: style.MUTED}


@keeps_data
def plot_incident_timeline(
    timeline: pd.DataFrame, period, *, marked: str | None = None, ax: Axes | None = None
) -> Axes:
    """Each incident as a bar from its start to its end on its service's row; one still open ends in an arrow.

    Incidents of a service that lasted at the same time lie one under the other.

    Parameters
    ----------
    timeline : DataFrame
        As `continuity_analysis.incident_timeline` returns it. The 30 services with most incidents are drawn.
    period : Period
        The window shown.
    marked : str, optional
        An incident_id to mark.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    sizes = timeline["service"].value_counts()
    names = sorted(sizes.index[: style.ROWS_AT_MOST])
    rows = timeline[timeline["service"].isin(names)]
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(names)) + 0.7)
        if rows.empty:
            return style.say_empty(ax, "No incident of those chosen lasted in this period.")
        edges = [m.tz_convert(None).to_datetime64() for m in (period.start, period.end)]
        bars = _bars(rows, names, edges)
        _draw(ax, bars, edges)
        _mark(ax, bars[bars["incident_id"] == marked])
        style.name_rows(ax, [f"{name}  ({int(sizes[name])})" for name in names])
        style.time_axis(ax)
        ax.set_xlim(*edges)
        ax.set_xlabel("UTC")
        more = len(sizes) - len(names)
        which = f", the {len(names)} services with most of {len(sizes)}" if more else ""
        ax.set_title(f"Incidents that lasted in {period.name}{which}")
        ax.hlines(np.arange(1, len(names)) - 0.5, *edges, color=style.GRID, linewidth=0.6, zorder=0)
        style.legend_below(ax, ncols=5)
    return ax


def _bars(rows: pd.DataFrame, names: list[str], edges: list) -> pd.DataFrame:
    """Where each bar lies: left, right within the window, y and height; at least a 400th of the window wide."""
    start, end = (rows[c].dt.tz_convert(None).to_numpy().astype("datetime64[us]") for c in ("started_at", "ended_at"))
    least = (edges[1] - edges[0]) / 400
    left = np.maximum(start, edges[0])
    right = np.minimum(np.maximum(end, left + least), edges[1])
    planned = rows["planned"].to_numpy(bool)
    what = np.where(rows["excluded"].isna(), _COUNTS, np.where(planned, _PLANNED, _LEFT_OUT))
    bars = rows.assign(left=left, right=np.maximum(right, left), what=what, cut=(end > edges[1]))
    bars = bars.assign(row=pd.Index(names).get_indexer(bars["service"])).sort_values(["row", "left"], kind="stable")
    lane = pd.Series(0, index=bars.index)
    for _, one in bars.groupby("row"):
        lane[one.index] = _lanes(one["left"].to_numpy(), one["right"].to_numpy())
    lanes = lane.groupby(bars["row"]).transform("max") + 1
    height = 0.72 / lanes
    return bars.assign(y=bars["row"] - 0.36 + height * (lane + 0.5), height=height * 0.86)


def _lanes(left: np.ndarray, right: np.ndarray) -> list[int]:
    """The first lane that is free for each of some bars in order of their begins; at most three."""
    until, lanes = [], []
    for begin, end in zip(left, right, strict=True):
        free = next((i for i, busy in enumerate(until) if busy <= begin), len(until))
        free = min(free, 2)
        until[free : free + 1] = [end]
        lanes.append(free)
    return lanes


def _draw(ax: Axes, bars: pd.DataFrame, edges: list) -> None:
    for what, colour in _COLOURS.items():
        here = bars[bars["what"] == what]
        if len(here):
            ax.barh(
                here["y"], here["right"] - here["left"], left=here["left"], height=here["height"], color=colour,
                edgecolor=_DARK[what], linewidth=0.5, label=what,
            )  # fmt: skip
    going_on = bars[bars["is_open"] | bars["cut"]]
    if len(going_on):
        label = "still open when last seen" if going_on["is_open"].any() else "goes on after the period"
        ax.plot(
            going_on["right"], going_on["y"], ">", color=style.INK, markersize=8, clip_on=False, linestyle="none",
            label=label,
        )  # fmt: skip


def _mark(ax: Axes, marked: pd.DataFrame) -> None:
    if len(marked):
        middle = marked["left"] + (marked["right"] - marked["left"]) / 2
        ax.plot(
            middle, marked["y"], "o", markersize=15, markerfacecolor="none", markeredgecolor=style.INK,
            markeredgewidth=1.6, linestyle="none", label="chosen",
        )  # fmt: skip
