"""Do backups run when they should: a calendar of what was due and what came of it."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.drawn_data import keeps_data

NAMES = ["asset", "location", "method"]
KINDS = ("done", "late", "running or not said", "failed or partial", "missed", "not watched")
COLOURS = ("#bcdff5", style.AMBER, style.PURPLE, style.ORANGE, style.INK, style.GRID)
_KIND = {"done": 0, "late": 1, "running": 2, "not said": 2, "missed": 4, "unknown": 5}
_WORST = (5, 0, 1, 2, 3, 4)  # of what befell one day, the later in this order is shown
_FAILED = 3
DAYS_AT_MOST = 130


@keeps_data
def plot_backup_calendar(runs: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """What came of the runs of each day, per backup job; the worst of a day is shown, and the worst jobs come first.

    Parameters
    ----------
    runs : DataFrame
        As `continuity_analysis.backup_runs` returns it; beyond 130 days each column is a week.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    at = runs["due_at"].fillna(runs["begun_at"])
    with style.applied():
        if runs.empty:
            return style.say_empty(style.axes_for(ax), "No backup run was seen, and none was due.")
        weekly = (at.max() - at.min()).days > DAYS_AT_MOST
        days = at.dt.tz_localize(None).dt.to_period("W-SUN" if weekly else "D").dt.start_time
        grid, names = _grid(runs, days, step=7 if weekly else 1)
        shown = min(len(names), style.ROWS_AT_MOST)
        ax = style.axes_for(ax, height=style.height_of_rows(shown) + 0.6)
        _draw(ax, grid.iloc[:shown], step=7 if weekly else 1)
        style.name_rows(ax, names[:shown])
        style.time_axis(ax)
        ax.set_xlabel(f"{'week' if weekly else 'day'} in which the run was due (UTC){_left_out(len(names), shown)}")
        ax.set_title(f"Backup runs, the worst of each {'week' if weekly else 'day'}")
        style.legend_below(ax, ncols=len(KINDS))
    return ax


def _grid(runs: pd.DataFrame, days: pd.Series, *, step: int) -> tuple[pd.DataFrame, list[str]]:
    """The kind of each job and column; missing where nothing was due. Those with most not done come first."""
    kind = runs["state"].map(_KIND).fillna(_FAILED).astype(int)
    order = kind.map({k: place for place, k in enumerate(_WORST)})
    cells = order.groupby([runs[c] for c in NAMES] + [days.rename("day")]).max().unstack("day")
    columns = pd.date_range(days.min(), days.max(), freq=f"{step}D")
    cells = cells.reindex(columns=columns)
    bad = (
        (kind.isin([_FAILED, _KIND["missed"]]) + 0.01 * (kind == _KIND["late"])).groupby([runs[c] for c in NAMES]).sum()
    )
    cells = cells.loc[bad.sort_values(ascending=False, kind="stable").index]
    kinds = cells.map(lambda place: np.nan if pd.isna(place) else _WORST[int(place)])
    return kinds, _row_names(cells.index)


def _row_names(jobs: pd.MultiIndex) -> list[str]:
    """The asset; with the location and the method where it alone is not enough."""
    frame = jobs.to_frame(index=False)
    several = frame.groupby("asset")["asset"].transform("size") > 1
    places = frame.groupby("asset")["location"].transform("nunique") > 1
    methods = frame.groupby(["asset", "location"])["method"].transform("nunique") > 1
    parts = zip(frame.itertuples(index=False), several, places, methods, strict=True)
    return [
        row.asset + (f", {row.location}" if many and p else "") + (f", {row.method}" if many and m else "")
        for row, many, p, m in parts
    ]


def _draw(ax: Axes, grid: pd.DataFrame, *, step: int) -> None:
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.dates import date2num

    edges = np.append(date2num(grid.columns), date2num(grid.columns[-1]) + step)
    rows = np.arange(len(grid) + 1) - 0.5
    colours, norm = ListedColormap(COLOURS), BoundaryNorm(np.arange(len(KINDS) + 1) - 0.5, len(KINDS))
    values = np.ma.masked_invalid(grid.to_numpy(float))
    ax.pcolormesh(edges, rows, values, cmap=colours, norm=norm, edgecolors=style.PAPER, linewidth=0.6)
    for row in rows[1:-1]:
        ax.axhline(row, color=style.PAPER, linewidth=3)
    ax.xaxis_date()
    ax.grid(visible=False)
    there = [k for k in range(len(KINDS)) if (values == k).any()]
    ax.set_xlim(edges[0], edges[-1])
    ax.autoscale(enable=False)
    for k in there:  # what the legend is made of
        ax.bar([edges[0]], [0], color=COLOURS[k], label=KINDS[k])


def _left_out(n: int, shown: int) -> str:
    return f"; the {shown} worst of {n} jobs" if n > shown else ""
