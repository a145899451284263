"""Requests: how many were served by day, and bad minutes beside incidents."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator

from continuity_analysis.figures import style
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.words import show

LINES_AT_MOST = 6
_BEST = 1e-6  # share failed that is drawn as none


@keeps_data
def plot_requests(by_day: pd.DataFrame, period, *, ax: Axes | None = None) -> Axes:
    """Share of requests served per day (or week), on a scale of nines, with how many there were.

    Parameters
    ----------
    by_day : DataFrame
        As `continuity_analysis.request_availability` returns it with `by="day"`. The services with most failed requests
        are shown, at most 6.
    period : Period
        The window shown.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    failed = by_day.groupby("service")["failed"].sum().sort_values(ascending=False, kind="stable")
    with style.applied():
        if by_day.empty:
            return style.say_empty(style.axes_for(ax, height=2), "No access log speaks of this period.")
        ax = style.axes_for(ax)
        for place, name in enumerate(failed.index[:LINES_AT_MOST]):
            rows = by_day[by_day["service"] == name]
            goal = rows["objective"].iloc[0]
            words = f"{name}, n = {_between(rows['n'])}" + (
                "" if pd.isna(goal) else f", objective {show(goal, 'ratio')}"
            )
            lost = np.maximum(1 - rows["request_availability"], _BEST)
            colour = style.SERIES[place]
            ax.plot(rows["from_at"].dt.tz_convert(None), lost, "o", color=colour, markersize=5, label=words)
            if not pd.isna(goal):
                ax.axhline(max(1 - goal, _BEST), color=colour, lw=1.2, ls="--")
        _nines(ax)
        style.time_axis(ax)
        ax.set_xlim(*(m.tz_convert(None) for m in (period.start, period.end)))
        more = len(failed) - LINES_AT_MOST
        ax.set_title("Requests served" + (f" ({more} more services, with fewer failures)" if more > 0 else ""))
        style.legend_below(ax, ncols=2)
    return ax


@keeps_data
def plot_bad_minutes(minutes: pd.DataFrame, downtime: pd.DataFrame, period, *, ax: Axes | None = None) -> Axes:
    """Bad minutes of requests above, down time by incidents below, a row per service with requests.

    Parameters
    ----------
    minutes : DataFrame
        As `continuity_analysis.request_minutes` returns it: stretches of bad and of good minutes.
    downtime : DataFrame
        As `continuity_analysis.downtime` returns it.
    period : Period
        The window shown.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    bad = minutes[minutes["state"] == "bad"].groupby("service")["hours"].sum()
    names = bad.reindex(minutes["service"].unique(), fill_value=0.0).sort_values(ascending=False, kind="stable")
    names = names.index[: style.ROWS_AT_MOST].to_list()
    with style.applied():
        if not names:
            return style.say_empty(style.axes_for(ax, height=2), "No service had enough requests to tell.")
        ax = style.axes_for(ax, height=style.height_of_rows(2 * len(names)) + 0.2)
        lanes = [
            (minutes[minutes["state"] == "good"], -0.2, style.GREEN, "minutes with enough requests, good", 0.12),
            (minutes[minutes["state"] == "bad"], -0.2, style.ORANGE, "bad minutes", 0.3),
            (downtime, 0.2, style.BLUE, "down, by incidents", 0.3),
        ]
        for rows, offset, colour, label, tall in lanes:
            _lane(ax, rows[rows["service"].isin(names)], names, offset=offset, style_of=(colour, label, tall))
        style.name_rows(ax, names)
        style.time_axis(ax)
        ax.set_xlim(*(m.tz_convert(None) for m in (period.start, period.end)))
        ax.set_title("Bad minutes of requests, and down time by incidents (UTC)")
        style.legend_below(ax, ncols=3)
    return ax


def _lane(ax: Axes, rows: pd.DataFrame, names: list[str], *, offset: float, style_of: tuple) -> None:
    """Stretches as bars; the thin line around each keeps a minute visible in a quarter."""
    colour, label, tall = style_of
    start, end = (rows[c].dt.tz_convert(None) for c in ("start", "end"))
    y = pd.Index(names).get_indexer(rows["service"]) + offset
    ax.barh(y, end - start, left=start, height=tall, color=colour, edgecolor=colour, linewidth=0.8, label=label)


def _between(counts: pd.Series) -> str:
    low, high = show(counts.min(), "count"), show(counts.max(), "count")
    return f"{low} each" if low == high else f"{low} to {high} each"


def _nines(ax: Axes) -> None:
    """Share failed on a logarithmic axis, the best on top, labelled by the share served."""
    ax.set_yscale("log")
    ax.set_ylim(1.3, _BEST * 0.7)
    marks = [1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, _BEST]
    ax.yaxis.set_major_locator(FixedLocator(marks))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(lambda lost, _: "none failed" if lost <= _BEST * 1.01 else show(1 - lost, "ratio"))
    ax.set_ylabel("served")
