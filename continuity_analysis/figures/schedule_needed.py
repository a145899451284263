"""How often must backups run: the chance to keep the promise against the interval between them."""

import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.words import show

CURVES_AT_MOST = 6
_ALIKE = 3  # services named for one curve


@keeps_data
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
        style.hours_axis(ax, (known["every_hours"].min() / 1.25, known["every_hours"].max() * 1.25))
        ax.set_xlabel("a backup every")
        ax.set_ylim(-0.03, 1.05)
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_ylabel("chance to meet the objective")
        hidden = max(len(curves) - CURVES_AT_MOST, 0)
        ax.set_title("How often must backups run?" + (f" (another {hidden} not shown)" if hidden else ""))
        below = min(len(curves), CURVES_AT_MOST) + 1
        style.legend_below(ax, ncols=2 if below > 2 else below)
    return ax


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
