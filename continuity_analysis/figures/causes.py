"""What made us go down: a Pareto figure, tables and a sentence."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show

_NOTHING = "No down time was recorded in this period."


@keeps_data
def plot_causes(causes: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Down time by cause, the largest first, and the share that the causes up to each made together.

    Parameters
    ----------
    causes : DataFrame
        As `continuity_analysis.downtime_by_cause` returns it for all services.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows = causes[causes["down_hours"] > 0]
    with style.applied():
        if rows.empty:
            return style.say_empty(style.axes_for(ax, height=2), _NOTHING)
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) + 0.4)
        y, unplanned = np.arange(len(rows)), rows["unplanned_hours"].to_numpy(float)
        ax.barh(y, unplanned, height=0.62, color=style.BLUE, label="unplanned")
        if rows["planned_hours"].any():
            planned = rows["planned_hours"].to_numpy(float)
            ax.barh(y, planned, left=unplanned, height=0.62, color=style.SKY, label="planned")
        words = [
            f"{show(r.down_hours, 'hours')}, {_failures(r.n)}; together {100 * r.cumulative_share:.0f} %"
            for r in rows.itertuples()
        ]
        for place, text in enumerate(words):
            ax.annotate(text, (rows["down_hours"].iloc[place], place), (6, 0), textcoords="offset points", va="center",
                        color=style.MUTED)  # fmt: skip
        style.name_rows(ax, [_word(cause) for cause in rows["cause"]])
        ax.set_xlim(0, rows["down_hours"].max() * 1.6)
        ax.set_xlabel("hours of down time, weighted by impact, summed over services")
        ax.set_title("Down time by cause")
        if rows["planned_hours"].any():
            style.legend_below(ax, ncols=2)
    return ax


def causes_table(causes: pd.DataFrame) -> DisplayTable:
    """Down time and failures by cause, unplanned and planned."""
    columns = {"service": ("Service", "text")} if "service" in causes else {}
    columns |= {
        "cause": ("Cause", "text"),
        "unplanned_hours": ("Unplanned down", "hours"),
        "planned_hours": ("Planned down", "hours"),
        "share": ("Share of down time", "share"),
        "cumulative_share": ("Together with those above", "share"),
        "n": ("Failures", "count"),
        "n_incidents": ("Incidents", "count"),
        "n_by_rule": ("Cause by a rule", "count"),
        "n_by_others": ("Cause by another product", "count"),
    }
    rows = causes.assign(cause=[_word(cause) for cause in causes["cause"]])
    return display_table(rows, columns, caption="Down time by cause, the largest first" if len(rows) else _NOTHING)


def concentration_table(concentration: pd.DataFrame) -> DisplayTable:
    """How much of the unplanned down time the worst outages made, over all services."""
    rows = concentration[concentration["service"] == "all services"]
    columns = {
        "worst_share": ("Worst outages", "share"),
        "n_worst": ("That is", "count"),
        "n": ("Of n outages", "count"),
        "share": ("Share of unplanned down time", "share"),
        "reason": ("What is missing", "text"),
    }
    return display_table(rows, columns, caption="How much of the down time the worst outages made")


def causes_sentence(causes: pd.DataFrame, concentration: pd.DataFrame) -> Sentence:
    """The largest known cause, how much nobody explained, and how much the worst tenth made."""
    total = causes["down_hours"].sum()
    if not total:
        return Sentence(_NOTHING)
    known = causes[causes["cause"] != "unknown"]
    unknown = causes.loc[causes["cause"] == "unknown", "down_hours"].sum()
    text = f"Services were down for {show(total, 'hours')} in all"
    if known["down_hours"].sum():
        first = known.sort_values("down_hours", ascending=False).iloc[0]
        text += f"; the largest known cause was **{_word(first['cause'])}** with {100 * first['share']:.0f} % of it"
    text += f". For {100 * unknown / total:.0f} % nobody stated a cause." if unknown else "."
    tenth = concentration[(concentration["service"] == "all services") & (concentration["worst_share"] == 0.1)]
    if len(tenth) and not pd.isna(tenth["share"].iloc[0]):
        row = tenth.iloc[0]
        text += (
            f" The worst {row['n_worst']} of {row['n']} outages made {100 * row['share']:.0f} % of what was unplanned."
        )
    return Sentence(text)


def _word(cause: str) -> str:
    return cause.replace("_", " ")


def _failures(n: int) -> str:
    return f"{n} failure" if n == 1 else f"{n} failures"
