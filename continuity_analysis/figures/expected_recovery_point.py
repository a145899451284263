"""How much data would we lose: exposure to be expected beside achieved and promised, and how often backups must run."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show, show_interval

CURVES_AT_MOST = 6
_ALIKE = 3  # services named for one curve


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
        ax.set_xscale("log")
        _hours_axis(ax, _widest(rows))
        ax.set_xlabel("age of the newest usable recovery point (95 % intervals)")
        hidden = len(expected) - len(known)
        ax.set_title("Data at risk to be expected" + (f" ({hidden} more cannot be foreseen)" if hidden else ""))
        style.legend_below(ax, ncols=4)
    return ax


def plot_schedule_needed(schedules: pd.DataFrame, *, by: str = "service", ax: Axes | None = None) -> Axes:
    """Chance to meet the objective against how often backups run.

    Parameters
    ----------
    schedules : DataFrame
        As `continuity_analysis.schedule_needed` returns it. The six groups with the least chance at the shortest
        interval that can be judged are drawn; equal curves are drawn once.
    by : str
        Column that names the groups.
    ax : Axes, optional
    """
    known = schedules[schedules["chance"].notna()]
    with style.applied():
        ax = style.axes_for(ax, height=5.0)
        if known.empty:
            return style.say_empty(ax, "No promise on recovery points can be foreseen from backup cycles.")
        curves = _curves(known, by)
        for colour, marker, (label, rows) in zip(style.SERIES, "osD^vP", curves[:CURVES_AT_MOST], strict=False):
            ax.plot(rows["every_hours"], rows["chance"], color=colour, marker=marker, markersize=5, label=label)
            at = rows[rows["longest"]]
            ax.plot(at["every_hours"], at["chance"], marker="o", markersize=13, mfc="none", mec=colour, mew=1.8, ls="")
        required = known["required_chance"].dropna().unique()
        if len(required) == 1:
            ax.axhline(required[0], color=style.INK, linestyle="--", linewidth=1.2, label="chance required")
        ax.set_xscale("log")
        _hours_axis(ax, np.array([known["every_hours"].min() / 1.25, known["every_hours"].max() * 1.25]))
        ax.set_xlabel("a backup every")
        ax.set_ylim(-0.03, 1.05)
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_ylabel("chance to meet the objective")
        hidden = max(len(curves) - CURVES_AT_MOST, 0)
        ax.set_title("How often must backups run?" + (f" (another {hidden} not shown)" if hidden else ""))
        below = min(len(curves), CURVES_AT_MOST) + 1
        style.legend_below(ax, ncols=2 if below > 2 else below)
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
    rows = expected.assign(chance=expected["chance"].round(2))
    return display_table(rows, columns, caption="Data at risk to be expected, least chance first")


def schedule_table(schedules: pd.DataFrame, *, by: str = "service") -> DisplayTable:
    """Per service: the interval now, the longest that has the chance required, and the best chance there is."""
    ordered = schedules.sort_values([by, "every_hours"])
    groups = ordered.groupby(by, sort=True)
    first = groups.first().reset_index()
    needed = ordered[ordered["longest"]].drop_duplicates(by).set_index(by)
    best = groups["chance"].max()
    rows = first[[by, "objective", "share_promised", "required_chance", "now_hours"]].assign(
        needed=first[by].map(needed["every_hours"]),
        chance=first[by].map(needed["chance"]).astype(float).fillna(first[by].map(best)).round(2),
        expected=first[by].map(needed["expected_hours"]),
        note=list(map(_note, first[by].isin(needed.index), first[by].map(best), _reasons(ordered, by))),
    )
    columns = {
        by: (by.capitalize(), "text"),
        "objective": ("Objective", "hours"),
        "share_promised": ("For", "share"),
        "now_hours": ("Runs now every", "hours"),
        "needed": ("Longest interval that will do", "hours"),
        "chance": ("Chance with it", "share"),
        "expected": ("Expected mean with it", "hours"),
        "note": ("Note", "text"),
    }
    return display_table(rows, columns, caption="How often backups must run to meet the objective")


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


def _widest(rows: pd.DataFrame) -> np.ndarray:
    names = ["expected_low", "coming_mean_low", "coming_p95_high", "achieved_hours", "objective", "expected_high"]
    shown = rows[names].to_numpy(dtype=float)
    shown = shown[np.isfinite(shown) & (shown > 0)]
    return np.array([shown.min() / 1.3, shown.max() * 1.3])


def _hours_axis(ax: Axes, ends: np.ndarray) -> None:
    """A logarithmic axis from hours to days, labelled closely enough for schedules."""
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    marks = {0.25: "15 min", 0.5: "30 min", 1: "1 h", 2: "2 h", 4: "4 h", 8: "8 h", 12: "12 h", 24: "1 d", 48: "2 d"}
    marks |= {96: "4 d", 168: "1 wk", 336: "2 wk", 720: "30 d"}
    ax.xaxis.set_major_locator(FixedLocator(list(marks)))
    ax.xaxis.set_major_formatter(lambda x, _: next((t for m, t in marks.items() if abs(m / x - 1) < 1e-6), ""))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlim(*ends)


def _curves(known: pd.DataFrame, by: str) -> list[tuple[str, pd.DataFrame]]:
    """Curves, the one with the least chance at its shortest interval first; groups with the same one share it."""
    together: dict[bytes, tuple[list[str], pd.DataFrame]] = {}
    for name, rows in known.groupby(by, sort=True):
        key = rows[["every_hours", "chance", "objective"]].to_numpy(dtype=float).tobytes()
        together.setdefault(key, ([], rows))[0].append(name)
    curves = sorted(together.values(), key=lambda c: c[1]["chance"].iloc[0])
    return [(_label(names, rows.iloc[0]), rows) for names, rows in curves]


def _label(names: list[str], row: pd.Series) -> str:
    short = ", ".join(names if len(names) <= _ALIKE else [*names[:_ALIKE], "…"])
    return f"{short}: {show(row['objective'], 'hours')} for {show(row['share_promised'], 'share')}"


def _reasons(ordered: pd.DataFrame, by: str) -> list:
    alone = ordered[ordered["every_hours"].isna()].set_index(by)["reason"]
    return [alone.get(name) for name in sorted(ordered[by].unique())]


def _note(enough: bool, best: float, reason: str | None) -> str | None:
    if reason is not None:
        return reason
    if enough or pd.isna(best):
        return None
    return "none alone will do: what stops the backups lasts too long, or happens too often"
