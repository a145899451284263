"""Medians of services with few incidents, their own beside pooled ones; and a funnel of who stands out."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.models.pooling import funnel_limits
from continuity_analysis.words import show, show_interval

LONGER, SHORTER = "longer", "shorter"
_COLOURS = {LONGER: style.ORANGE, SHORTER: style.GREEN}
NAMED_AT_MOST = 8
_FUNNEL = ((0.998, style.SKY, 0.22), (0.95, style.SKY, 0.45))


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
    said = [f"{_names(used[used['verdict'] == v])} took {v}" for v in _COLOURS if (used["verdict"] == v).any()]
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
            return style.say_empty(ax, _why_empty(pooled))
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


def plot_funnel(pooled: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Each service's median against how many incidents it had, with where chance alone would put it.

    Parameters
    ----------
    pooled : DataFrame
        As `continuity_analysis.pooled_restoration` returns it.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows = pooled[pooled["own_hours"].notna()]
    with style.applied():
        ax = style.axes_for(ax, height=4.8)
        if rows.empty:
            return style.say_empty(ax, _why_empty(pooled))
        whole = rows.iloc[0]
        n = np.geomspace(min(rows["n_effective"].min() * 0.85, 0.9), rows["n_effective"].max() * 1.25, 200)
        for confidence, colour, alpha in _FUNNEL:
            low, high = funnel_limits(whole, n, confidence=confidence)
            ax.fill_between(n, low, high, color=colour, alpha=alpha, linewidth=0, label=_per_cent(confidence))
        if whole["between_sd"] > 0:
            for i, limit in enumerate(funnel_limits(whole, n, confidence=0.95, differ=True)):
                ax.plot(n, limit, color=style.INK, linewidth=1.2, linestyle=":",
                        label="95 % where services differ as estimated" if i == 0 else None)  # fmt: skip
        ax.axhline(whole["common_hours"], color=style.MUTED, linewidth=1.2)
        style.duration_axis(ax, "y")
        low, high = funnel_limits(whole, np.maximum(rows["n_effective"], 2), confidence=0.998)
        ax.set_ylim(min(low.min(), rows["own_hours"].min()) / 1.6, max(high.max(), rows["own_hours"].max()) * 1.6)
        ax.set_xscale("log")
        ax.set_xlim(n[0], n[-1])
        _draw_services(ax, rows)
        _count_axis(ax, n[-1])
        ax.set_xlabel("incidents of the service (an open one counts for what it tells)")
        ax.set_ylabel("median time to restore")
        style.legend_below(ax, ncols=3)
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


def _draw_services(ax: Axes, rows: pd.DataFrame) -> None:
    """Services as points; those that stand out in their colour, the clearest of them by name where there is room."""
    kinds = [("as expected", style.BLUE, ~rows["verdict"].isin(list(_COLOURS)))]
    kinds += [(verdict, colour, rows["verdict"] == verdict) for verdict, colour in _COLOURS.items()]
    for label, colour, some in kinds:
        if some.any():
            at = rows.loc[some, ["n_effective", "own_hours"]].to_numpy(float).T
            ax.scatter(*at, color=colour, s=46, edgecolor="white", zorder=3, label=label)
    named, middle = [], ax.transAxes.transform((0.5, 0.5))[0]
    for row in rows[rows["verdict"].isin(list(_COLOURS))].sort_values("p").itertuples():
        x, y = ax.transData.transform((row.n_effective, row.own_hours)) * 72 / ax.figure.dpi
        if len(named) < NAMED_AT_MOST and all(abs(y - b) > 14 or abs(x - a) > 110 for a, b in named):  # [pt]
            named.append((x, y))
            left = x > middle * 72 / ax.figure.dpi
            ax.annotate(row.service, (row.n_effective, row.own_hours), xytext=(-8 if left else 8, 0), va="center",
                        ha="right" if left else "left", textcoords="offset points", fontsize=10,
                        color=_COLOURS[row.verdict])  # fmt: skip


def _count_axis(ax: Axes, most: float) -> None:
    """Whole numbers along a logarithmic axis."""
    from matplotlib.ticker import FixedLocator, NullLocator

    marks = [m * 10**e for e in range(7) for m in (1, 2, 5)]
    ax.xaxis.set_major_locator(FixedLocator([m for m in marks if m <= most]))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.xaxis.set_minor_locator(NullLocator())


def _per_cent(confidence: float) -> str:
    return f"{show(confidence, 'share')} by chance alone"


def _names(rows: pd.DataFrame) -> str:
    named = [f"**{service}**" for service in rows["service"]]
    named = named if len(named) <= 6 else [*named[:6], f"{len(named) - 6} more"]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _why_empty(pooled: pd.DataFrame) -> str:
    used = pooled[pooled["n"] > 0]
    return f"Not pooled: {used['reason'].iloc[0]}." if len(used) else "No service had an incident in this period."
