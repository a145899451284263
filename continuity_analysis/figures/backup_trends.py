"""Run time and size of backups against the date, with their line, and where it reaches the interval between runs."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import draws_only, keeps_data
from continuity_analysis.words import UNKNOWN, show

NAMES = ["asset", "location", "method"]
COLUMNS = {"run time": "run_hours", "size": "size_bytes"}
GIGABYTE = 1e9
MONTH = 30.0
GROWTH = ["growth", "growth_low", "growth_high"]


@keeps_data
def plot_backup_trend(
    history: pd.DataFrame, trends: pd.DataFrame, *, quantity: str = "run time", ax: Axes | None = None
) -> Axes:
    """Runs of one job against the date, the line through their weekly medians, and the interval it must keep to.

    Parameters
    ----------
    history : DataFrame
        Runs of one job as `continuity_analysis.backup_history` returns them.
    trends : DataFrame
        As `continuity_analysis.backup_trends` returns it for the same period.
    quantity : {"run time", "size"}
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    column = COLUMNS[quantity]
    rows = history[history[column] > 0]
    with style.applied():
        ax = style.axes_for(ax, height=4.0)
        if rows.empty:
            return style.say_empty(ax, f"Of no run the {quantity} is known.")
        ax.plot(rows["begun_at"], _shown(rows[column], quantity), ".", color="#9aa5b1", markersize=3.5, label="run")
        job = rows[NAMES].iloc[0]
        of = trends[_is(trends, job) & (trends["quantity"] == quantity)]
        for _, trend in of.iterrows():
            _line(ax, trend, begin=rows["begun_at"].min(), quantity=quantity)
        growth = "".join(f": {_growth(*values)} in 30 days" for values in of[GROWTH].dropna(how="all").to_numpy(float))
        name = ", ".join(job)
        ax.set_title(f"{name if len(name) <= 60 else name[:58] + '…'}{growth}", fontsize=11)
        _axes(ax, quantity)
        style.time_axis(ax)
        ax.set_xlabel("begin of the run")
        style.legend_below(ax, ncols=5)
    return ax


@keeps_data
def plot_backup_trends(
    history: pd.DataFrame, trends: pd.DataFrame, *, quantity: str = "run time", n: int = 6
) -> np.ndarray:
    """One panel per job on a shared time axis: those whose runs take the largest part of their interval (sizes: the
    fastest growing) first.

    Parameters
    ----------
    history, trends : DataFrame
        As `continuity_analysis.backup_history` and `continuity_analysis.backup_trends` return them.
    quantity : {"run time", "size"}
    n : int
        Jobs shown at most.

    Returns
    -------
    ndarray of Axes
    """
    from matplotlib import pyplot as plt

    rows = trends[(trends["quantity"] == quantity) & trends["now"].notna()]
    need = rows["now"] / rows["interval_hours"] if quantity == "run time" else rows["growth"]
    jobs = rows.loc[need.sort_values(ascending=False, kind="stable").index, NAMES]
    shown = jobs.head(n)
    count = max(len(shown), 1)
    with style.applied():
        figure, axes = plt.subplots(count, 1, figsize=(10, 1.5 + 2.0 * count), sharex=True, squeeze=False)
        for ax, job in zip(axes[:, 0], shown.itertuples(index=False), strict=False):
            plot_backup_trend(history[_is(history, job)], trends, quantity=quantity, ax=ax)
            if ax is not axes[count - 1, 0]:
                ax.get_legend().remove()
                ax.set_xlabel("")
        figure.align_ylabels(axes)
        if shown.empty:
            style.say_empty(axes[0, 0], f"Of no backup job is the {quantity} known in as many as 8 weeks.")
        elif len(jobs) > len(shown):
            axes[count - 1, 0].set_xlabel(f"begin of the run; {len(shown)} of {len(jobs)} jobs")
        draws_only(axes[0, 0], history=history.merge(shown, on=NAMES))
    return axes[:, 0]


def backup_trends_table(trends: pd.DataFrame) -> DisplayTable:
    """Growth of run time and size per month, and until when runs fit their interval."""
    columns = {name: (name.capitalize(), "text") for name in NAMES}
    columns |= {
        "quantity": ("Of", "text"),
        "now_text": ("Now", "text"),
        "growth_text": ("Growth in 30 days (95 % interval)", "text"),
        "trend": ("Trend", "text"),
        "n": ("Runs", "count"),
        "n_weeks": ("Weeks", "count"),
        "interval_hours": ("Interval", "hours"),
        "reaches": ("No longer fits (95 % interval)", "text"),
    }
    sizes = (trends["quantity"] == "size").to_numpy()
    now = [_size(v) if size else show(v, "hours") for v, size in zip(trends["now"], sizes, strict=True)]
    growth = [_growth(*row) for row in trends[["growth", "growth_low", "growth_high"]].to_numpy(float)]
    dates = trends[["reaches_at", "reaches_low", "reaches_high"]].itertuples(index=False)
    reaches = [_reaches(*d, why) for d, why in zip(dates, trends["reason"], strict=True)]
    texts = {"now_text": now, "growth_text": growth, "reaches": reaches}
    rows = trends.assign(**{k: pd.Series(v, index=trends.index, dtype="str") for k, v in texts.items()})
    return display_table(rows, columns, caption="Whether backups take longer and grow, over the last year")


def _is(rows: pd.DataFrame, job) -> pd.Series:
    """Which rows are of a job."""
    return (rows[NAMES] == list(job)).all(axis=1)


def _line(ax: Axes, trend: pd.Series, *, begin: pd.Timestamp, quantity: str) -> None:
    """The line, on to where it reaches the interval, with the interval of that date."""
    if pd.isna(trend["now"]):
        return
    reach, now = trend["reaches_at"], trend["until_at"]
    ends = [(begin, now, "-", "line through weekly medians")]
    ends += [] if pd.isna(reach) or reach <= now else [(now, reach, ":", None)]
    for first, last, dashes, label in ends:
        moments = pd.date_range(first, last, periods=60)
        days = (moments - now) / pd.Timedelta(days=1)
        values = trend["now"] * (1 + trend["growth"]) ** (days.to_numpy(float) / MONTH)
        ax.plot(moments, _shown(values, quantity), dashes, color=style.BLUE, label=label)
    if quantity == "size" or pd.isna(trend["interval_hours"]):
        return
    limit = trend["interval_hours"]
    ax.axhline(limit, color=style.INK, linestyle="--", linewidth=1.3, label="interval between runs")
    if pd.notna(reach):
        low, high = (reach if pd.isna(m) else m for m in (trend["reaches_low"], trend["reaches_high"]))
        ax.plot([low, high], [limit] * 2, color=style.ORANGE, linewidth=5, alpha=0.5, solid_capstyle="butt")
        ax.plot([reach], [limit], "D", color=style.ORANGE, markersize=6, label="no longer fits (95 % interval)")
        ax.annotate(f"{reach:%Y-%m-%d}", (reach, limit), (9, -16), textcoords="offset points", ha="left", fontsize=10)


def _shown(values, quantity: str):
    return np.asarray(values, dtype=float) / (GIGABYTE if quantity == "size" else 1.0)


def _axes(ax: Axes, quantity: str) -> None:
    if quantity == "run time":
        low, high = ax.get_ylim()
        style.duration_axis(ax, "y")
        lowest = ax.dataLim.y0 if ax.dataLim.y0 > 0 else max(low, 1 / 3600)
        ax.set_ylim(min(lowest / 1.5, high / 8), high * 1.2)  # wide enough for two labels
        ax.set_ylabel("run time")
    else:
        ax.set_ylim(bottom=0)
        ax.set_ylabel("size [GB]")


def _growth(growth: float, low: float, high: float) -> str:
    if np.isnan(growth):
        return UNKNOWN
    words = [f"{100 * value:+.1f}".replace("-", "−") for value in (growth, low, high) if not np.isnan(value)]
    return f"{words[0]} %" + (f" ({words[1]} to {words[2]})" if len(words) == 3 else "")


def _size(value: float) -> str:
    if np.isnan(value):
        return UNKNOWN
    step = min(max(int(np.log10(max(value, 1.0)) // 3), 0), 5)
    return f"{value / 1000**step:.3g} {('B', 'kB', 'MB', 'GB', 'TB', 'PB')[step]}"


def _reaches(at, low, high, why: str) -> str:
    if pd.isna(at):
        return why if pd.isna(low) else f"{why}; not before {low:%Y-%m-%d}"
    late = f" to {high:%Y-%m-%d}" if pd.notna(high) else " or later"
    early = f"{low:%Y-%m-%d}" if pd.notna(low) else "earlier"
    return f"{at:%Y-%m-%d} ({early}{late})" + (f"; {why}" if why else "")
