"""Which law durations follow: the observed curve, and the laws fitted to it as far as it goes."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table, group_column
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.models.duration_fits import MISFIT
from continuity_analysis.words import show

FAMILIES = {"exponential": "exponential", "weibull": "Weibull", "lognormal": "lognormal", "loglogistic": "log-logistic"}
_DASHES = {"exponential": ":", "weibull": "-.", "lognormal": "-", "loglogistic": "--"}
_COLOURS = {"exponential": style.PURPLE, "weibull": style.AMBER, "lognormal": style.ORANGE, "loglogistic": style.GREEN}


def fits_sentence(fits: pd.DataFrame) -> Sentence:
    """Which law is best, which cannot be told from it, and whether the best fits; of the first group with one."""
    known = fits[fits["verdict"].notna()]
    if known.empty:
        return Sentence("No law was fitted: it takes ten incidents that have ended.")
    of = known[known[fits.columns[0]] == known.iloc[0][fits.columns[0]]]
    best = of.iloc[0]
    same = [FAMILIES[f] for f in of.loc[of["verdict"].str.startswith("not"), "family"]]
    text = f"Of four laws the **{FAMILIES[best['family']]}** fits the {show(best['n'], 'count')} durations best"
    text += f"; they cannot tell it from the {' or the '.join(same)}" if same else ", and better than the others"
    if pd.isna(best["p_fit"]):
        return Sentence(f"{text}. Whether it fits at all was not tested.")
    p = f"Anderson-Darling, p = {max(best['p_fit'], 0.001):.2g}"
    if best["p_fit"] <= MISFIT:
        return Sentence(f"{text}. **Even that one does not fit** ({p}): take the curve, not the law.")
    return Sentence(f"{text}. Nothing speaks against it ({p}), which is no proof that it holds beyond these durations.")


def fits_table(fits: pd.DataFrame) -> DisplayTable:
    """Parameters of each law fitted to each group, best first, with intervals."""
    by = fits.columns[0]
    rows = fits[fits["verdict"].notna()]
    shapes = [_shape(*row) for row in rows[["shape", "shape_low", "shape_high"]].itertuples(index=False)]
    words = {"family": rows["family"].map(FAMILIES), "ranks": rows["verdict"], "shapes": shapes}
    rows = rows.assign(**words, difference=rows["difference"].round(1))
    p = ["" if pd.isna(value) else f"{max(value, 0.001):.2g}" for value in rows["p_fit"]]
    columns = group_column(by) | {
        "family": ("Law", "text"),
        "ranks": ("Ranks", "text"),
        "difference": ("AICc above the best", "count"),
        "p": ("p that it fits", "text"),
        "location_hours": ("Location (95 % interval)", "hours", "location_low", "location_high"),
        "shapes": ("Shape (95 % interval)", "text"),
        "p90_hours": ("Its P90", "hours", "p90_low", "p90_high"),
    }
    caption = "Laws fitted to the time to restore" if len(rows) else "No group has ten incidents that have ended"
    return display_table(rows.assign(p=p), columns, caption=caption)


@keeps_data
def plot_fits(survival: pd.DataFrame, curves: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """The observed curve of one group with its band, and the laws fitted to it, if any, not beyond what was observed.

    Parameters
    ----------
    survival : DataFrame
        As `continuity_analysis.survival` returns it; the group with most incidents is drawn.
    curves : DataFrame
        As `continuity_analysis.restoration_fit_curves` returns it.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    with style.applied():
        ax = style.axes_for(ax)
        if survival.empty:
            return style.say_empty(ax, "No incident started in this period.")
        sizes = survival.groupby("group")["n_at_risk"].max()
        group = sizes.idxmax()
        steps = survival[survival["group"] == group].sort_values("hours")
        hours = np.maximum(steps["hours"].to_numpy(float), 1 / 60)
        label = f"observed, {group} (n = {sizes[group]})"
        ax.step(hours, steps["survival"], where="post", color=style.BLUE, label=label, linewidth=2.2)
        ax.fill_between(hours, steps["low"], steps["high"], step="post", color=style.BLUE, alpha=0.15, linewidth=0)
        for family, rows in curves[curves["group"] == group].groupby("family", sort=False):
            line = {"color": _COLOURS[family], "linestyle": _DASHES[family], "linewidth": 1.6}
            ax.plot(rows["hours"], rows["survival"], label=FAMILIES[family], **line)
        style.duration_axis(ax)
        ax.set_xlim(1 / 60, max(24.0, hours.max() * 1.3))
        ax.set_ylim(0, 1.02)
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_xlabel("time since it started")
        ax.set_ylabel("not yet restored")
        ax.legend(loc="upper right")
    return ax


def _shape(value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return ""
    limits = "" if pd.isna(low) or pd.isna(high) else f" ({low:.2f} to {high:.2f})"
    return f"{value:.2f}{limits}"
