"""How long until service is restored: survival curves and medians with their intervals."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.charts import editable
from continuity_analysis.figures.drawn_data import keeps_data

CURVES_AT_MOST = 5


@keeps_data
def plot_survival(
    survival: pd.DataFrame,
    *,
    before: pd.DataFrame | None = None,
    within_hours: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Share of incidents still open after a time, with its 95 % band (Kaplan-Meier).

    Parameters
    ----------
    survival : DataFrame
        As `continuity_analysis.survival` or `recovery_survival` returns it: group, hours, survival, low, high,
        n_at_risk. The five groups with most incidents are drawn; the band only where there are at most two.
    before : DataFrame, optional
        The same of the period before, drawn as a dashed line where there is one group.
    within_hours : float, optional
        An objective [h], drawn as a line.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    sizes = survival.groupby("group")["n_at_risk"].max().sort_values(ascending=False)
    groups = sizes.index[:CURVES_AT_MOST]
    with style.applied():
        ax = style.axes_for(ax)
        if survival.empty:
            return style.say_empty(ax, "No duration of the kind asked for is on record.")
        for colour, group in zip(style.SERIES, groups, strict=False):
            steps = survival[survival["group"] == group]
            _curve(ax, steps, f"{group} (n = {int(sizes[group])})", colour=colour, band=len(groups) <= 2)
        if before is not None and len(before) and len(groups) == 1:
            _curve_before(ax, before)
        if within_hours:
            ax.axvline(within_hours, color=style.INK, linestyle="--", linewidth=1.3, label="objective")
        style.duration_axis(ax)
        ax.set_xlim(1 / 60, max(24.0, survival["hours"].max() * 1.3))
        ax.set_ylim(0, 1.02)
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_xlabel("time since it started")
        ax.set_ylabel("not yet restored")
        ax.legend(loc="upper right")
    return editable(ax, number="0%", along="hours since it started (each step is ten times as long)")


def _curve_before(ax: Axes, before: pd.DataFrame) -> None:
    steps = before.sort_values("hours")
    hours = np.maximum(steps["hours"].to_numpy(float), 1 / 60)
    label = f"period before (n = {int(steps['n_at_risk'].max())})"
    ax.step(hours, steps["survival"], where="post", color=style.MUTED, linestyle="--", label=label)


def _curve(ax: Axes, steps: pd.DataFrame, label: str, *, colour: str, band: bool) -> None:
    steps = steps.sort_values("hours")
    hours = np.maximum(steps["hours"].to_numpy(float), 1 / 60)
    ax.step(hours, steps["survival"], where="post", color=colour, label=label)
    if band:
        ax.fill_between(hours, steps["low"], steps["high"], step="post", color=colour, alpha=0.18, linewidth=0)


@keeps_data
def plot_medians(restoration: pd.DataFrame, *, by: str = "service", ax: Axes | None = None) -> Axes:
    """Median time to restore per group with its 95 % interval, and the objective where there is one.

    Parameters
    ----------
    restoration : DataFrame
        As `continuity_analysis.restoration` returns it; groups without a median are left out and counted.
    by : str
        Column that names the groups.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    known = restoration[restoration["median_hours"].notna()]
    rows = known.sort_values("median_hours", ascending=False).head(style.ROWS_AT_MOST).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)))
        if rows.empty:
            return style.say_empty(ax, "No group has enough restored incidents for a median.")
        y = np.arange(len(rows))
        low = rows["low"].astype(float).fillna(rows["median_hours"]).clip(lower=1 / 60)
        high = rows["high"].astype(float)
        far = max(rows["median_hours"].max(), high.max(skipna=True) if high.notna().any() else 0) * 2
        ax.hlines(y, low, high.fillna(far), color=style.SKY, linewidth=7, alpha=0.55)
        open_ended = high.isna().to_numpy()
        ax.plot(np.full(open_ended.sum(), far), y[open_ended], ">", color=style.SKY, markersize=9)
        ax.plot(
            rows["median_hours"].clip(lower=1 / 60), y, "o", color=style.BLUE, markersize=8, markeredgecolor="white"
        )
        style.name_rows(ax, [f"{g}  (n = {int(n)})" for g, n in zip(rows[by], rows["n"], strict=True)])
        style.duration_axis(ax)
        ax.set_xlabel("median time to restore, with its 95 % interval (▶: no upper limit yet)")
        _count_left_out(ax, len(restoration) - len(known), shown=len(rows), known=len(known))
    return ax


def _count_left_out(ax: Axes, n: int, *, shown: int, known: int) -> None:
    words = [f"the {shown} longest of {known}"] if known > shown else []
    words += [f"{n} more without a median: too few, or half of them still open"] if n else []
    ax.set_title("; ".join(words), fontsize=10, color=style.MUTED)
