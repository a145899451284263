"""For how much of the time was more data at risk than promised: shares that add up to all watched time."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.charts import editable
from continuity_analysis.figures.drawn_data import keeps_data

SERVICES_AT_MOST = 12
SHARES = {
    "within": ("within the objective", style.GREEN),
    "over": ("over it", style.ORANGE),
    "unprotected": ("no usable backup", style.INK),
}


@keeps_data
def plot_exposure_shares(recovery_point: pd.DataFrame, *, n: int = SERVICES_AT_MOST, ax: Axes | None = None) -> Axes:
    """Shares of the watched time within and over the objective, and without any usable backup.

    Parameters
    ----------
    recovery_point : DataFrame
        As `continuity_analysis.recovery_point` returns it. Of services that were watched and have an objective those
        longest over it.
    n : int
        Services shown at most.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    known = recovery_point[(recovery_point["covered_hours"] > 0) & recovery_point["objective"].notna()]
    none = known["unprotected_share"].astype(float).fillna(0)
    over = known["share_over_objective"].astype(float)
    known = known.assign(within=1 - over, over=(over - none).clip(lower=0), unprotected=none)
    rows = known.sort_values("within", kind="stable").head(n).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)))
        if rows.empty:
            return style.say_empty(ax, "No service whose backups were seen has an objective for data at risk.")
        left, y = np.zeros(len(rows)), np.arange(len(rows))
        for name, (label, colour) in SHARES.items():
            ax.barh(y, rows[name], left=left, height=0.62, color=colour, label=label)
            left = left + rows[name].to_numpy(float)
        allowed = zip(rows["service"], rows["objective"], strict=True)
        style.name_rows(ax, [f"{service}  ({hours:g} h)" for service, hours in allowed])
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        which = f"; the {n} worst of {len(known)}" if len(known) > n else ""
        ax.set_xlabel(f"share of the watched time (objective in brackets{which})")
        style.legend_below(ax, ncols=3)
    return editable(ax, number="0%")
