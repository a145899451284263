"""Where the time of a recovery goes: phases and their shares, totals re-drawn phase by phase, fitted laws."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show_interval

ALL = "all services"
PHASES = {
    "detect": "detect",
    "declare": "declare",
    "start": "start",
    "restore_data": "restore data",
    "bring_back": "bring back service",
    "not_split": "not recorded apart",
}
SHARES = {
    "share_of_time": ("share of the time", style.BLUE, "o"),
    "share_of_variance": ("share of the differences (variance)", style.ORANGE, "D"),
}
_TEXTS = ("family", "also", "reason")
EMPTY = "No recovery with a recorded disruption came back, so where its time goes is unknown."


@keeps_data
def plot_phase_shares(shares: pd.DataFrame, *, service: str = ALL, ax: Axes | None = None) -> Axes:
    """Each phase's share of the time, and of how much recoveries differ, with 95 % intervals.

    Parameters
    ----------
    shares : DataFrame
        As `continuity_analysis.phase_shares` returns it.
    service : str
        Whose; all services together by default.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows = shares[(shares["service"] == service) & shares["share_of_time"].notna()].reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=1.2 + 0.62 * max(len(rows), 3))
        if rows.empty:
            return style.say_empty(ax, EMPTY)
        for place, (name, (label, colour, marker)) in zip((-0.16, 0.16), SHARES.items(), strict=True):
            y, at = np.arange(len(rows)) + place, rows[name].to_numpy(float)
            low, high = (100 * rows[f"{name}_{end}"].to_numpy(float) for end in ("low", "high"))
            ax.hlines(y, low, high, color=colour, linewidth=2.6, alpha=0.55)
            if np.isfinite(at).any():
                ax.plot(100 * at, y, marker, color=colour, markersize=8, linestyle="none", label=label)
        ax.axvline(0, color=style.MUTED, linewidth=0.8)
        style.name_rows(ax, [PHASES[p] for p in rows["phase"]])
        ax.set_xlabel("per cent, with 95 % intervals" if rows["share_of_time_low"].notna().any() else "per cent")
        n = rows["n_whole"].max()
        ax.set_title(
            f"{service}: {n} recoveries that came back" if n > 1 else f"{service}: one recovery that came back"
        )
        style.legend_below(ax, ncols=2)
    return ax


def phases_table(shares: pd.DataFrame) -> DisplayTable:
    """Each phase of each service: how long, and its shares."""
    columns = {
        "service": ("Service", "text"),
        "phase": ("Phase", "text"),
        "n": ("n", "count"),
        "n_failed": ("Failed in it", "count"),
        "median_hours": ("Median (95 % interval)", "hours", "low", "high"),
        "p90_hours": ("P90", "hours"),
        "share_of_time": ("Of the time", "share", "share_of_time_low", "share_of_time_high"),
        "share_of_variance": ("Of the differences", "share", "share_of_variance_low", "share_of_variance_high"),
    }
    columns |= {"reason": ("Why not all", "text")} if shares["reason"].notna().any() else {}
    rows = shares.assign(phase=shares["phase"].map(PHASES), reason=shares["reason"].fillna(""))
    caption = "Phases of recoveries with a recorded disruption" if len(shares) else EMPTY
    return display_table(rows, columns, caption=caption)


def phases_sentence(shares: pd.DataFrame) -> Sentence:
    """Which phase takes most of the time, and which holds most of the differences, over all services."""
    rows = shares[(shares["service"] == ALL) & shares["share_of_time"].notna()]
    if rows.empty:
        return Sentence(EMPTY)
    n = int(rows["n_whole"].max())
    most = {}
    for name, what in (("share_of_time", "of the time"), ("share_of_variance", "of how much they differ")):
        known = rows[rows[name].notna()].sort_values(name, ascending=False)
        if len(known):
            row = known.iloc[0]
            share = show_interval(row[name], row[f"{name}_low"], row[f"{name}_high"], unit="share")
            most.setdefault(PHASES[row["phase"]], []).append(f"{share} {what}")
    parts = [f"**{phase}** holds {' and '.join(shares)}" for phase, shares in most.items()]
    came = f"{n} recoveries and drills that came back" if n > 1 else "one recovery that came back"
    return Sentence(f"Of {came}, {' and '.join(parts)}.")


def redrawn_table(redrawn: pd.DataFrame) -> DisplayTable:
    """Medians re-drawn phase by phase beside the measured ones."""
    columns = {
        "service": ("Service", "text"),
        "n_whole": ("Came back", "count"),
        "measured_hours": ("Measured median (95 % interval)", "hours", "measured_low", "measured_high"),
        "n_fewest": ("Least seen phase", "count"),
        "redrawn_hours": ("Re-drawn median (95 % interval)", "hours", "low", "high"),
    }
    columns |= {"reason": ("Why not all", "text")} if redrawn["reason"].notna().any() else {}
    caption = "The median recovery as measured, and re-drawn phase by phase as if phases were independent"
    return display_table(redrawn.assign(reason=redrawn["reason"].fillna("")), columns, caption=caption)


def fits_table(fits: pd.DataFrame) -> DisplayTable:
    """The best law of each service's durations, those that cannot be told from it, and the share that came back."""
    ranked = fits[fits["verdict"] != "worse"]
    others = ranked[ranked["verdict"] == "not separable from the best"]
    also = others.groupby(["service", "measures"])["family"].agg(", ".join).rename("also").reset_index()
    rows = ranked[ranked["verdict"].isna() | (ranked["verdict"] == "best")].merge(also, how="left")
    columns = {
        "service": ("Service", "text"),
        "measures": ("Measured", "text"),
        "n": ("n", "count"),
        "share_restored": ("Came back", "share", "share_low", "share_high"),
        "family": ("Best law", "text"),
        "also": ("Not separable from it", "text"),
        "median_hours": ("Median, of those", "hours", "low", "high"),
        "p90_hours": ("P90, of those", "hours", "p90_low", "p90_high"),
        "fit_p": ("Fit, p", "text"),
    }
    columns |= {"reason": ("Why not all", "text")} if rows["reason"].notna().any() else {}
    words = ["" if pd.isna(p) else f"{p:.3f}" for p in rows["fit_p"]]
    rows = rows.assign(fit_p=pd.Series(words, rows.index, dtype="str"), **{c: rows[c].fillna("") for c in _TEXTS})
    caption = "Laws of the durations of recoveries that came back; one that failed has none"
    return display_table(rows, columns, caption=caption)
