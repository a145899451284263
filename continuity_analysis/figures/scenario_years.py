"""What if, as bars: a usual and a bad year today and under each scenario."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.charts import editable
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.scenarios import ALL, TODAY

YEARS = {
    "down_p50": ("usual year (half are worse)", style.BLUE),
    "down_p95": ("bad year (one in 20 is worse)", style.ORANGE),
}


@keeps_data
def plot_usual_and_bad_year(summary: pd.DataFrame, *, service: str = ALL, ax: Axes | None = None) -> Axes:
    """Hours down in a usual and in a bad year, today on top, then each scenario.

    Parameters
    ----------
    summary : DataFrame
        As `what_if` returns it in `summary`; what has no answer is left out and counted.
    service : str
        One service, or "all services".
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    every = summary[summary["service"] == service]
    rows = every[every["down_p95"].notna()].reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) + 0.2 * len(rows))
        if not (rows["scenario"] == TODAY).any() or len(rows) < 2:
            return style.say_empty(ax, f"No scenario can be answered for {service}.")
        y = np.arange(len(rows))
        for place, (column, (label, colour)) in enumerate(YEARS.items()):
            bars = ax.barh(y + 0.38 * (place - 0.5), rows[column], height=0.36, color=colour, label=label)
            ax.bar_label(bars, fmt="%.0f", padding=3, fontsize=9)
        style.name_rows(ax, rows["scenario"].to_list())
        ax.margins(x=0.08)
        left = len(every) - len(rows)
        what = "added up over all services" if service == ALL else service
        ax.set_xlabel(f"hours down in a year, {what}" + (f" ({left} without an answer)" if left else ""))
        style.legend_below(ax, ncols=2)
    return editable(ax, number="0", labels=True)
