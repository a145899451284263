"""Longer, shorter, or no evidence of a change: ratios with their intervals, and how far MTTR moves by itself."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.models.comparisons import LONGER, SHORTER, TOO_FEW, UNCHANGED
from continuity_analysis.words import show

_COLOURS = {LONGER: style.ORANGE, SHORTER: style.GREEN, UNCHANGED: style.BLUE, TOO_FEW: style.MUTED}


def comparison_sentence(compared: pd.DataFrame) -> Sentence:
    """What changed, in words; and where nothing did, what change would have been seen."""
    by = compared.columns[0]
    first, second = compared.iloc[0][["first", "second"]]
    changed = compared[compared["verdict"].isin([LONGER, SHORTER])]
    whole = compared[compared[by] == "all services"]
    said = [f"**{name}** took {verdict}" for name, verdict in zip(_names(changed[by]), changed["verdict"], strict=True)]
    services = compared[compared[by] != "all services"]
    few, same = len(_of(services, TOO_FEW)), len(_of(services, UNCHANGED))
    said += [f"for {same} of {len(services)} there is no evidence of a change"] if same else []
    said += [f"{few} of {len(services)} with too few incidents to tell"] if few else []
    text = f"{second} against {first}: {'; '.join(said)}."
    for _, row in whole[whole["verdict"] == UNCHANGED].iterrows():
        text += f" Over all services ({row['n_first']} and {row['n_second']} incidents) there is **{UNCHANGED}**: "
        text += f"{_would_show(row['detectable_ratio'])}."
    return Sentence(text)


def visibility_sentence(visible: pd.DataFrame) -> Sentence:
    """Can MTTR see a change of this size, with as many incidents as the period had?"""
    asked = visible[visible["asked"]]
    row = (asked if len(asked) else visible).iloc[0]
    if pd.isna(row["false_move"]):
        few = f"cannot be told from {row['n']} restored incidents: it takes 30 on record."
        return Sentence(f"Whether MTTR could show a change {few}")
    change = show(row["change"], "share")
    moves, missed = (show(round(row[c], 2), "share") for c in ("false_move", "missed"))
    text = f"With {row['per_period']} incidents in a period, MTTR moves by {change} or more in **{moves}** of periods "
    text += (
        f"though nothing changed, and does not fall in {missed} of those in which every incident took {change} less."
    )
    needed = [show(row[c], "count") for c in ("needed_mean", "needed_test")]
    return Sentence(
        f"{text} To see that 8 times in 10 takes {needed[0]} incidents in each period, by ranks {needed[1]}."
    )


def comparison_table(compared: pd.DataFrame) -> DisplayTable:
    """Verdict and sizes of every group, those that changed first, with the ratio of medians as description."""
    by = compared.columns[0]
    first, second = compared.iloc[0][["first", "second"]] if len(compared) else ("before", "now")
    columns = {
        by: (by.capitalize().replace("_", " "), "text"),
        "found": ("Took", "text"),
        "n_first": (f"Incidents, {first}", "count"),
        "n_second": (f"Incidents, {second}", "count"),
        "median_first": (f"Median, {first}", "hours"),
        "median_second": (f"Median, {second}", "hours"),
        "times": ("Ratio of medians (95 % interval)", "text"),
        "shows": ("Smallest change it would see", "text"),
    }
    seen = [_seen(*row) for row in compared[["detectable_ratio", "verdict"]].itertuples(index=False)]
    times = [_times(*row) for row in compared[["median_ratio", "ratio_low", "ratio_high"]].itertuples(index=False)]
    rows = compared.assign(found=compared["verdict"], shows=seen, times=times, **{by: _names(compared[by])})
    rows = rows.iloc[compared["verdict"].map(list(_COLOURS).index).argsort(kind="stable")]
    return display_table(rows, columns, caption=f"Time to restore, {second} against {first}")


@keeps_data
def plot_comparison(compared: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Ratio of medians per group with its 95 % interval; its colour is the verdict of the test.

    Parameters
    ----------
    compared : DataFrame
        As `continuity_analysis.compare_restoration` returns it; groups without a ratio are left out and counted.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    by = compared.columns[0]
    known = compared[compared["ratio_low"].notna() & compared["ratio_high"].notna()]
    rows = known.sort_values("median_ratio", ascending=False).head(style.ROWS_AT_MOST).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) if len(rows) else 1.2)
        if rows.empty:
            return style.say_empty(ax, "No group has enough incidents in both to compare their medians.")
        y = np.arange(len(rows))
        colours = [_COLOURS[v] for v in rows["verdict"]]
        ax.hlines(y, rows["ratio_low"], rows["ratio_high"], color=colours, linewidth=7, alpha=0.35)
        ax.scatter(rows["median_ratio"], y, color=colours, s=64, edgecolor="white", zorder=3)
        ax.axvline(1, color=style.INK, linewidth=1.2)
        names = (
            rows[by].astype("str")
            + "  ("
            + rows["n_first"].astype("str")
            + " and "
            + rows["n_second"].astype("str")
            + ")"
        )
        style.name_rows(ax, names.to_list())
        style.ratio_axis(ax)
        ax.set_xlabel(f"median time to restore, {rows['second'][0]} over {rows['first'][0]}, with its 95 % interval")
        words = [f"{v}: {n}" for v in (LONGER, SHORTER, UNCHANGED) if (n := len(_of(compared, v)))]
        words += [f"{n} without a ratio, of too few incidents"] if (n := len(compared) - len(known)) else []
        words = [f"the {len(rows)} highest of {len(known)}", *words] if len(known) > len(rows) else words
        ax.set_title("; ".join(words), fontsize=10, color=style.MUTED)
    return ax


@keeps_data
def plot_visibility(visible: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """How far MTTR moves from one period to the next when nothing changed, by the number of incidents in each.

    Parameters
    ----------
    visible : DataFrame
        As `continuity_analysis.restoration_visibility` returns it.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows = visible[visible["low"].notna()]
    with style.applied():
        ax = style.axes_for(ax)
        if rows.empty:
            return style.say_empty(ax, "It takes 30 restored incidents on record to say how far MTTR moves by itself.")
        change = rows["change"].iloc[0]
        ax.fill_between(rows["per_period"], rows["low"], rows["high"], color=style.SKY, alpha=0.45, linewidth=0)
        ax.annotate("nine in ten periods, nothing changed", (5.5, 0.42), color=style.INK, fontsize=10)
        for ratio in (1 - change, 1 + change):
            ax.axhline(ratio, color=style.INK, linewidth=1, linestyle="--")
        end = rows["per_period"].iloc[-1]
        ax.annotate(f"± {100 * change:.0f} %", (end, 1 + change), ha="right", va="bottom", fontsize=10)
        for row in rows[rows["asked"]].itertuples():
            ax.vlines(row.per_period, row.low, row.high, color=style.BLUE, linewidth=3)
            at = (row.per_period * 1.05, row.high)
            ax.annotate(f"this period: {row.per_period} incidents", at, va="bottom", fontsize=10, color=style.BLUE)
        ax.set_xscale("log")
        style.ratio_axis(ax, "y")
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        ax.set_xlabel("incidents in each period")
        ax.set_ylabel("MTTR over that of the period before")
    return ax


def _of(compared: pd.DataFrame, verdict: str) -> pd.DataFrame:
    return compared[compared["verdict"] == verdict]


def _would_show(ratio: float) -> str:
    if pd.isna(ratio):
        return "even twenty times the duration would not be seen 8 times in 10"
    return f"the smallest change seen 8 times in 10 is by a factor of {ratio:.1f}"


def _seen(ratio: float, verdict: str) -> str:
    if pd.isna(ratio):
        return "" if verdict == TOO_FEW else "none up to 20 times"
    return f"{ratio:.1f} times"


def _times(ratio: float, low: float, high: float) -> str:
    """A ratio with its interval; one without is not printed."""
    return "" if pd.isna(low) or pd.isna(high) else f"{ratio:.2g} ({low:.2g} to {high:.2g})"


def _names(groups: pd.Series) -> pd.Series:
    """Groups as text: severities without decimals, what is not stated as unknown."""
    return pd.Series([show(g, "text" if isinstance(g, str) else "count").replace("—", "unknown") for g in groups])
