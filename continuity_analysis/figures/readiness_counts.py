"""Readiness check by check: in how many services it failed, is unknown or passed."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.charts import editable
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.readiness_words import CHECKS, RESULTS

COLOURS = {"FAIL": style.ORANGE, "UNKNOWN": style.GRID, "PASS": style.GREEN}


@keeps_data
def plot_readiness_counts(checks: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Number of services per check and result, most failures first; where a check does not apply it is not counted.

    Parameters
    ----------
    checks : DataFrame
        As `continuity_analysis.readiness` returns it.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    counts = checks.groupby(["check", "result"]).size().unstack(fill_value=0).reindex(columns=list(COLOURS))
    counts = counts.fillna(0).sort_values(["FAIL", "UNKNOWN"], ascending=False, kind="stable")
    counts = counts[counts.sum(axis=1) > 0]
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(counts)))
        if counts.empty:
            return style.say_empty(ax, "No service is known, so that nothing can be checked.")
        left, y = np.zeros(len(counts)), np.arange(len(counts))
        for result, colour in COLOURS.items():
            ax.barh(y, counts[result], left=left, height=0.62, color=colour, label=RESULTS[result].lower())
            left = left + counts[result].to_numpy(float)
        style.name_rows(ax, [CHECKS[check] for check in counts.index])
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.set_xlabel("services to which the check applies")
        style.legend_below(ax, ncols=3)
    return editable(ax, number="0")
