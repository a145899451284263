"""Hours that services were down, beside those that their objectives allow: for all who do not think in nines."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.charts import editable
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.words import show

SERVICES_AT_MOST = 12


@keeps_data
def plot_allowed_down_time(availability: pd.DataFrame, *, n: int = SERVICES_AT_MOST, ax: Axes | None = None) -> Axes:
    """Hours down in the time that was watched, beside the hours that the objective allows in it.

    Parameters
    ----------
    availability : DataFrame
        As `continuity_analysis.availability` returns it. Of the services that were watched, those with an objective
        come first, those furthest over it before the others.
    n : int
        Services shown at most.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    known = availability[availability["low"].notna()]
    watched = known["agreed_hours"] - known["unknown_hours"]
    known = known.assign(allowed=(1 - known["objective"].astype(float)) * watched)
    order = (known["down_hours"] / known["allowed"]).fillna(-1).sort_values(ascending=False, kind="stable").index
    rows = known.loc[order].head(n).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) + 0.12 * len(rows))
        if rows.empty:
            return style.say_empty(ax, "No service has a source that watched it in this period.")
        y = np.arange(len(rows))
        colours = [style.ORANGE if v == "BREACHED" else style.BLUE for v in rows["verdict"]]
        down = ax.barh(
            y - 0.19, rows["down_hours"], height=0.36, color=colours, label="down (orange: objective breached)"
        )
        allowed = ax.barh(
            y + 0.19, rows["allowed"].fillna(0), height=0.36, color="#b4bec8", label="allowed by the objective"
        )
        for bars in (down, allowed):
            ax.bar_label(bars, fmt="%.1f", padding=3, fontsize=9)
        style.name_rows(ax, [_named(*row) for row in zip(rows["service"], rows["objective"], strict=True)])
        ax.margins(x=0.08)
        ax.set_xlabel(
            "hours in the time that was watched (objective in brackets"
            + (f", the {n} worst of {len(known)})" if len(known) > n else ")")
        )
        style.legend_below(ax, ncols=2)
    return editable(ax, number="0.0", labels=True)


def _named(service: str, objective: float) -> str:
    return service if pd.isna(objective) else f"{service}  ({show(objective, 'ratio')})"
