"""Error budgets: how what was left went down over the period, and what spent it."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show

PANELS_AT_MOST = 12
_TALL = 0.72  # of a row: from the whole budget, on top, down to none; what is overspent goes on below, cut off
_BELOW = 0.16


@keeps_data
def plot_error_budget(course: pd.DataFrame, period, *, ax: Axes | None = None) -> Axes:
    """What was left of each service's time budget: a row per service, from the whole budget on top down to its line.

    Parameters
    ----------
    course : DataFrame
        As `continuity_analysis.budget_course` returns it. The services with least left are shown, at most 12.
    period : Period
        The window shown.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    last = course[~course["projected"]].groupby("service")["left_share"].last().sort_values(kind="stable")
    names = last.index[:PANELS_AT_MOST].to_list()
    with style.applied():
        if not names:
            return style.say_empty(style.axes_for(ax, height=2), "No service has an error budget in this period.")
        ax = style.axes_for(ax, height=1.7 + 0.62 * len(names))
        ends = [m.tz_convert(None) for m in (period.start, period.end)]
        for row, name in enumerate(names):
            _panel(ax, course[course["service"] == name], row=row, ends=ends)
        style.name_rows(ax, names)
        style.time_axis(ax)
        ax.set_xlim(*ends)
        ax.set_ylim(len(names) - 0.45, -0.5)
        which = "" if len(last) == len(names) else f", the {len(names)} with least left of {len(last)} services"
        ax.set_title(f"Error budget left, of what the whole period allows{which}")
        _explain(ax, overspent=bool((last[names] < 0).any()), ahead=bool(course["projected"].any()))
        style.legend_below(ax, ncols=5)
    return ax


def _panel(ax: Axes, course: pd.DataFrame, *, row: int, ends: list) -> None:
    """One service: its budget going down, the line of none left, even spending, and where it leads."""
    seen, ahead = course[~course["projected"]], course[course["projected"]]
    left = seen["left_share"].iloc[-1]
    colour = style.ORANGE if left < 0 else style.BLUE
    x, y = seen["at"].dt.tz_convert(None), _height(row, seen["left_share"])
    none = _height(row, 0)
    ax.fill_between(x, y, none, color=colour, alpha=0.18, linewidth=0)
    ax.plot(ends, [none, none], color=style.INK, lw=1.0)
    ax.plot(ends, [_height(row, 1), none], color=style.MUTED, lw=0.9, ls=":")
    ax.plot(x, y, color=colour, lw=1.8)
    if len(ahead):
        ax.plot(ahead["at"].dt.tz_convert(None), _height(row, ahead["left_share"]), color=style.ORANGE, lw=1.6, ls="--")
    words = f"{show(left, 'share')} left" if left >= 0 else f"{show(-left, 'share')} over"
    where = ax.get_yaxis_transform()
    ax.text(1.01, row, words, transform=where, va="center", fontsize=10, color=style.INK if left >= 0 else style.ORANGE)


def _explain(ax: Axes, *, overspent: bool, ahead: bool) -> None:
    """What the lines mean: only those that are there."""
    lines = [
        (True, "left", {"color": style.BLUE}),
        (overspent, "left, overspent by the end", {"color": style.ORANGE}),
        (ahead, "at the rate of the last 30 days", {"color": style.ORANGE, "ls": "--"}),
        (True, "none left", {"color": style.INK, "lw": 1.0}),
        (True, "if spent evenly", {"color": style.MUTED, "lw": 0.9, "ls": ":"}),
    ]
    for there, label, look in lines:
        if there:
            ax.plot([], [], label=label, **look)


def _height(row: int, left):
    """Where a share left is drawn in a row; overspending beyond the room below is cut off."""
    return row + _TALL / 2 - _TALL * np.maximum(left, -_BELOW / _TALL)


def budget_table(budget: pd.DataFrame) -> DisplayTable:
    """Error budgets per service and window: allowed, spent, left, burn, and when it was or will be gone.

    The services that spent the largest share of a budget come first.
    """
    columns = {
        "service": ("Service", "text"),
        "budget": ("Budget of", "text"),
        "window": ("Window", "text"),
        "objective": ("Objective", "ratio"),
        "allowed": ("Allowed", "unit"),
        "spent": ("Spent (bounds)", "unit", "spent_low", "spent_high"),
        "left": ("Left", "unit"),
        "spent_share": ("Spent", "share"),
        "burn": ("Burn", "rate"),
        "burn_30d": ("Burn, last 30 days", "rate"),
        "exhausted_at": ("Gone since", "moment"),
        "projected_at": ("Gone by, at that burn", "moment"),
    }
    gone = ("exhausted_at", "projected_at")
    columns = {c: spec for c, spec in columns.items() if c not in gone or budget[c].notna().any()}
    columns |= {"reason": ("Why none", "text")} if budget["reason"].notna().any() else {}
    rows = budget.assign(burn=_times(budget["burn"]), burn_30d=_times(budget["burn_30d"]))
    worst = budget.groupby("service")["spent_share"].transform("max").fillna(-1.0)
    rows = rows.iloc[(-worst).argsort(kind="stable")]
    columns = {c: (spec[0], "text") if spec[1] == "rate" else spec for c, spec in columns.items()}
    caption = "Error budgets, the most spent first: what the objective allows, and what was spent of it"
    assumed = "; requests: in hours without a log, as many as in logged ones" if budget["assumed"].notna().any() else ""
    return display_table(rows, columns, caption=caption + assumed)


def budget_spent_table(spent: pd.DataFrame, *, n: int = 15) -> DisplayTable:
    """The `n` incidents that spent most of the time budgets."""
    columns = {
        "service": ("Service", "text"),
        "title": ("Incident", "text"),
        "started_at": ("Started", "moment"),
        "hours": ("Down time", "hours"),
        "share_of_budget": ("Of the budget", "share"),
        "share_of_spent": ("Of what was spent", "share"),
    }
    rows = spent.head(n)
    rows = rows.assign(title=rows["title"].fillna(rows["incident_id"]).fillna("an outage without incident"))
    which = f"The {len(rows)} largest of {len(spent)} parts" if len(spent) > len(rows) else "All parts"
    return display_table(rows, columns, caption=f"{which} of the error budgets that incidents spent")


def budget_sentence(budget: pd.DataFrame, period) -> Sentence:
    """How many budgets of the period are overspent, and which burns fastest."""
    rows = budget[(budget["window"] == period.name) & budget["allowed"].notna()]
    if rows.empty:
        return Sentence(f"No service has an error budget that can be reckoned for {period.name}.")
    over = rows[rows["left"] < 0]
    names = ", ".join(f"{s} ({b})" for s, b in zip(over["service"], over["budget"], strict=True))
    text = f"**{len(over)} of {len(rows)} error budgets of {period.name} are overspent**"
    text += f": {names}." if len(over) else "."
    ahead = rows[rows["projected_at"].notna()].sort_values("projected_at")
    if len(ahead):
        first = ahead.iloc[0]
        text += f" At the rate of the last 30 days {len(ahead)} more will be gone before the period ends, first"
        text += f" {first['service']} ({first['budget']}) on {show(first['projected_at'], 'moment')}."
    return Sentence(text)


def _times(burn: pd.Series) -> pd.Series:
    return burn.map(lambda b: None if pd.isna(b) else f"{b:.2g}\N{NO-BREAK SPACE}×", na_action=None).astype("str")
