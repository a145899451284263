"""Medians of services with few incidents: their own beside pooled ones."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence, listed, shortened
from continuity_analysis.models.pooling import LONGER, SHORTER
from continuity_analysis.words import show, show_interval


def pooling_sentence(pooled: pd.DataFrame) -> Sentence:
    """What a typical service takes, how far services differ, and which stand out."""
    used = pooled[pooled["n"] > 0]
    if used.empty:
        return Sentence("No service had an incident in this period.")
    n, first = show(used["n"].sum(), "count"), used.iloc[0]
    if pd.isna(first["typical_hours"]):
        why = f"{n} incidents of {len(used)} services are not pooled: {first['reason']}."
        return Sentence(why)
    typical = show_interval(first["typical_hours"], first["typical_low"], first["typical_high"], unit="hours")
    share, low, high = (show(round(first[c], 2), "share") for c in ("between_share", "between_low", "between_high"))
    text = f"From {n} incidents of {len(used)} services together, a typical service restores half of its incidents "
    text += f"within **{typical}**. Differences between services make up {share} ({low} to {high}) of the variation; "
    said = [f"{_names(used[used['verdict'] == v])} took {v}" for v in (LONGER, SHORTER) if (used["verdict"] == v).any()]
    if not said:
        return Sentence(f"{text}**no service stands out** beyond what so few incidents explain.")
    return Sentence(f"{text}beyond what chance explains, {' and '.join(said)} than all together.")


def pooling_table(pooled: pd.DataFrame) -> DisplayTable:
    """Each service's median by its own incidents beside the pooled one, the longest first."""
    columns = {
        "service": ("Service", "text"),
        "n": ("Incidents", "count"),
        "n_censored": ("Still open", "count"),
        "raw_hours": ("Median, its own (95 % interval)", "hours", "raw_low", "raw_high"),
        "pooled_hours": ("Median, pooled (95 % interval)", "hours", "pooled_low", "pooled_high"),
        "own_share": ("Its own share", "share"),
        "verdict_of_funnel": ("Against all together", "text"),
    }
    rows = pooled[pooled["n"] > 0].sort_values("pooled_hours", ascending=False, kind="stable")
    rows = rows.assign(verdict_of_funnel=rows["verdict"], own_share=rows["own_share"].round(2))
    caption = "Time to restore by service, by its own incidents and pooled with all"
    if n := len(pooled) - len(rows):
        caption += f" ({n} more without an incident)"
    return display_table(rows, columns, caption=caption)


@keeps_data
def plot_shrinkage(pooled: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Median time to restore of each service, pooled and by its own incidents, each with its 95 % interval.

    Parameters
    ----------
    pooled : DataFrame
        As `continuity_analysis.pooled_restoration` returns it; the services that take longest are drawn, the others
        counted.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    known = pooled[pooled["pooled_hours"].notna()]
    rows = known.sort_values("pooled_hours", ascending=False).head(style.ROWS_AT_MOST).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) + 0.5)
        if rows.empty:
            return style.say_empty(ax, why_not_pooled(pooled))
        y, first = np.arange(len(rows)), rows.iloc[0]
        ends = rows[["pooled_low", "pooled_high", "raw_hours"]].to_numpy(float)
        left, right = max(np.nanmin(ends) / 1.5, 1 / 120), np.nanmax(ends) * 1.5
        ax.axvspan(first["typical_low"], first["typical_high"], color=style.GRID, alpha=0.6, linewidth=0)
        ax.axvline(first["typical_hours"], color=style.MUTED, linewidth=1.2, label="typical service")
        ax.hlines(y + 0.14, rows["pooled_low"], rows["pooled_high"], color=style.BLUE, linewidth=4, alpha=0.6)
        ax.plot(rows["pooled_hours"], y + 0.14, "o", color=style.BLUE, markersize=8, markeredgecolor="white",
                label="pooled with all services")  # fmt: skip
        _draw_raw(ax, rows, y - 0.2, left=left, right=right)
        style.name_rows(ax, [f"{s}  (n = {int(n)})" for s, n in zip(rows["service"], rows["n"], strict=True)])
        style.duration_axis(ax)
        ax.set_xlim(left, right)
        ax.set_xlabel("median time to restore, with its 95 % interval (◀ ▶: reaches further)")
        style.legend_below(ax, ncols=3)
        if n := len(known) - len(rows):
            ax.set_title(f"the {len(rows)} services that take longest; {n} more", fontsize=10, color=style.MUTED)
    return ax


def _draw_raw(ax: Axes, rows: pd.DataFrame, y: np.ndarray, *, left: float, right: float) -> None:
    """A service's own median and interval, with an arrow where it goes on beyond the figure."""
    low, high = rows["raw_low"].to_numpy(float), rows["raw_high"].to_numpy(float)
    ax.hlines(y, np.maximum(low, left), np.minimum(high, right), color=style.AMBER, linewidth=2)
    ax.plot(
        rows["raw_hours"],
        y,
        "D",
        color=style.AMBER,
        markersize=6,
        markeredgecolor="white",
        label="by its own incidents",
    )
    for beyond, at, marker in ((low < left, left * 1.03, "<"), (high > right, right / 1.03, ">")):
        ax.plot(np.full(beyond.sum(), at), y[beyond], marker, color=style.AMBER, markersize=7, clip_on=False)


def _names(rows: pd.DataFrame) -> str:
    named = [f"**{service}**" for service in rows["service"]]
    return listed(shortened(named, 6))


def why_not_pooled(pooled: pd.DataFrame) -> str:
    """Why there is nothing to draw."""
    used = pooled[pooled["n"] > 0]
    return f"Not pooled: {used['reason'].iloc[0]}." if len(used) else "No service had an incident in this period."
