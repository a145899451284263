"""How much data would we lose: exposure to be expected beside achieved and promised."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show, show_interval


@keeps_data
def plot_expected_exposure(expected: pd.DataFrame, *, by: str = "service", ax: Axes | None = None) -> Axes:
    """Mean and P95 of the exposure to be expected, with their 95 % intervals, beside what is achieved and promised.

    Parameters
    ----------
    expected : DataFrame
        As `continuity_analysis.expected_recovery_point` returns it; what cannot be foreseen is counted in the title. At
        most 30 rows are shown.
    by : str
        Column that names the groups.
    ax : Axes, optional
    """
    known = expected[expected["coming_p95_hours"].notna()]
    rows = known.head(style.ROWS_AT_MOST).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) + 0.3)
        if rows.empty:
            return style.say_empty(ax, "No backups ran long enough to say what exposure is to be expected.")
        y, alone = np.arange(len(rows)), rows["expected_hours"].notna()
        mean = {"": rows["expected_hours"].where(alone, rows["coming_mean_hours"])}
        mean |= {end: rows[f"expected{end}"].where(alone, rows[f"coming_mean{end}"]) for end in ("_low", "_high")}
        ax.hlines(y - 0.22, mean["_low"], mean["_high"], color=style.BLUE, linewidth=2.4, label="expected mean")
        ax.plot(mean[""], y - 0.22, "o", color=style.BLUE, markersize=7, markeredgecolor="white")
        ends = rows["coming_p95_low"], rows["coming_p95_high"]
        ax.hlines(y + 0.22, *ends, color=style.PURPLE, linewidth=2.4, label="P95 of the coming period")
        ax.plot(rows["coming_p95_hours"], y + 0.22, "s", color=style.PURPLE, markersize=6, markeredgecolor="white")
        ax.plot(rows["achieved_hours"], y, "D", color=style.ORANGE, markersize=5.5, markeredgecolor="white",
                label="achieved mean")  # fmt: skip
        if rows["objective"].notna().any():
            ax.plot(rows["objective"], y, "|", color=style.INK, markersize=18, markeredgewidth=2.4, label="objective")
        style.name_rows(ax, [_name(*row) for row in rows[[by, "n_due"]].itertuples(index=False)])
        style.hours_axis(ax, _widest(rows))
        ax.set_xlabel("age of the newest usable recovery point (95 % intervals)")
        hidden = len(expected) - len(known)
        ax.set_title("Data at risk to be expected" + (f" ({hidden} more cannot be foreseen)" if hidden else ""))
        style.say_left_out(ax, len(rows), len(known), which="with the least chance")
        style.legend_below(ax, ncols=4)
    return ax


def expected_exposure_table(expected: pd.DataFrame, *, by: str = "service") -> DisplayTable:
    """Expected exposure and the coming period per service; why there is none."""
    columns = {
        by: (by.capitalize(), "text"),
        "achieved_hours": ("Achieved mean", "hours"),
        "expected_hours": ("Expected mean (95 % interval)", "hours", "expected_low", "expected_high"),
        "coming_p95_hours": ("Coming P95 (95 % prediction)", "hours", "coming_p95_low", "coming_p95_high"),
        "coming_worst_hours": ("Coming worst (95 % prediction)", "hours", "coming_worst_low", "coming_worst_high"),
        "objective": ("Objective", "hours"),
        "share_promised": ("For", "share"),
        "chance": ("Chance to meet it", "share"),
        "n_due": ("Runs due", "count"),
        "n_missed": ("Missed", "count"),
    }
    columns |= {"reason": ("Note", "text")} if expected["reason"].notna().any() else {}
    caption = (
        "Data at risk to be expected, least chance first; sure only as far as runs go on being missed as they were "
        "(docs/calibration_exposure.md)"
    )
    rows = expected.assign(chance=expected["chance"].round(2))
    return display_table(rows, columns, caption=caption)


def expected_exposure_sentence(expected: pd.DataFrame, *, by: str = "service") -> Sentence:
    """Of how many the exposure can be foreseen, and which is least likely to keep its promise."""
    known = expected[expected["coming_p95_hours"].notna()]
    text = f"Of {len(expected)} {by}s with backups or a promise, {len(known)} can be foreseen from their backup cycles."
    judged = known[known["chance"].notna()]
    if len(judged):
        short = int((judged["chance"] < judged["required_chance"]).sum())
        text += f" Of {len(judged)} with an objective, {short} are less likely to meet it in the coming period than"
        text += " required."
        worst = judged.sort_values("chance", kind="stable").iloc[0]
        shown = show_interval(
            worst["coming_p95_hours"], worst["coming_p95_low"], worst["coming_p95_high"], unit="hours"
        )
        text += f" The least likely is **{worst[by]}**: within {show(worst['objective'], 'hours')} for "
        text += f"{show(worst['share_promised'], 'share')} of the time with a chance of "
        text += f"{show(round(worst['chance'], 2), 'share')}; P95 of its exposure {shown}."
    return Sentence(text)


def _name(name: str, n: int) -> str:
    return f"{name if len(name) <= 20 else name[:18] + '…'}  (n = {n:,})"


def _widest(rows: pd.DataFrame) -> tuple[float, float]:
    names = ["expected_low", "coming_mean_low", "coming_p95_high", "achieved_hours", "objective", "expected_high"]
    shown = rows[names].to_numpy(dtype=float)
    shown = shown[np.isfinite(shown) & (shown > 0)]
    return shown.min() / 1.3, shown.max() * 1.3
