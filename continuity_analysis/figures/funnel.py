"""A funnel: each service's median against how many incidents it had, and where chance alone would put it."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.pooling import why_not_pooled
from continuity_analysis.models.pooling import LONGER, SHORTER, funnel_limits
from continuity_analysis.words import show

NAMED_AT_MOST = 8
_POINTS_PER_LETTER = 6.5
_COLOURS = {LONGER: style.ORANGE, SHORTER: style.GREEN}
_LIMITS = ((0.998, 0.22), (0.95, 0.45))


@keeps_data
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
            return style.say_empty(ax, why_not_pooled(pooled))
        whole = rows.iloc[0]
        n = np.geomspace(min(rows["n_effective"].min() * 0.85, 0.9), rows["n_effective"].max() * 1.25, 200)
        for confidence, alpha in _LIMITS:
            low, high = funnel_limits(whole, n, confidence=confidence)
            ax.fill_between(n, low, high, color=style.SKY, alpha=alpha, linewidth=0, label=_per_cent(confidence))
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


def _draw_services(ax: Axes, rows: pd.DataFrame) -> None:
    """Services as points; those that stand out in their colour, the clearest of them by name where there is room."""
    kinds = [("as expected", style.BLUE, ~rows["verdict"].isin(list(_COLOURS)))]
    kinds += [(verdict, colour, rows["verdict"] == verdict) for verdict, colour in _COLOURS.items()]
    for label, colour, some in kinds:
        if some.any():
            at = rows.loc[some, ["n_effective", "own_hours"]].to_numpy(float).T
            ax.scatter(*at, color=colour, s=46, edgecolor="white", zorder=3, label=label)
    _name(ax, rows[rows["verdict"].isin(list(_COLOURS))].sort_values("p"), every=rows)


def _name(ax: Axes, rows: pd.DataFrame, *, every: pd.DataFrame) -> None:
    """Name services, in their order, beside their points where no other point or name stands."""
    points = ax.transData.transform(every[["n_effective", "own_hours"]].to_numpy(float)) * 72 / ax.figure.dpi
    (left, _), (right, _) = ax.transAxes.transform([(0, 0), (1, 1)]) * 72 / ax.figure.dpi
    places = dict(zip(every.index, points, strict=True))
    taken = [(x - 4, x + 4, y) for x, y in points]  # from, to and height [pt]
    named = 0
    for row in rows.itertuples():
        x, y = places[row.Index]
        width = 8 + _POINTS_PER_LETTER * len(row.service)
        for low, high, align in ((x + 5, x + width, "left"), (x - width, x - 5, "right")):
            free = all(b < low or a > high or abs(y - at) > 11 for a, b, at in taken)
            if named < NAMED_AT_MOST and free and left < low and high < right:
                ax.annotate(row.service, (row.n_effective, row.own_hours), xytext=(8 if align == "left" else -8, 0),
                            va="center", ha=align, textcoords="offset points", fontsize=10,
                            color=_COLOURS[row.verdict])  # fmt: skip
                taken.append((low, high, y))
                named += 1
                break


def _count_axis(ax: Axes, most: float) -> None:
    """Whole numbers along a logarithmic axis."""
    from matplotlib.ticker import FixedLocator, NullLocator

    marks = [m * 10**e for e in range(7) for m in (1, 2, 5)]
    ax.xaxis.set_major_locator(FixedLocator([m for m in marks if m <= most]))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.xaxis.set_minor_locator(NullLocator())


def _per_cent(confidence: float) -> str:
    return f"{show(confidence, 'share')} by chance alone"
