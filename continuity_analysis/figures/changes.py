"""Changes, and what services did by themselves: a figure, tables and sentences."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show, show_interval

_COLOURS = {"more than chance": style.ORANGE, "fewer than chance": style.GREEN, "no evidence": style.MUTED}
_LOW, _HIGH = 0.02, 200.0
_NO_CHANGE = "No change was recorded in this period."


@keeps_data
def plot_after_changes(after_changes: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Failures within an hour of a change over what chance would give, per service, with the interval.

    Parameters
    ----------
    after_changes : DataFrame
        As `continuity_analysis.after_changes` returns it. Services that cannot be asked are left out.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows = after_changes[after_changes["verdict"].notna()]
    alone = rows["service"] == "all services"
    asked = int((~alone).sum())
    rows = pd.concat([rows[~alone].sort_values("n", ascending=False).head(style.ROWS_AT_MOST - 1), rows[alone]])
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)) + 0.3)
        if rows.empty:
            return style.say_empty(ax, "No service had both changes and failures in time in which both were recorded.")
        ax.axvline(1, color=style.INK, linewidth=1.2, label="chance")
        y = np.arange(len(rows))
        for verdict, colour in _COLOURS.items():
            here = (rows["verdict"] == verdict).to_numpy()
            low, high, ratio = (np.clip(rows[c].to_numpy(float)[here], _LOW, _HIGH) for c in ("low", "high", "ratio"))
            if here.any():
                ax.hlines(y[here], low, high, color=colour, linewidth=2.4)
                some = ratio > _LOW  # none within an hour: no place on this axis, the line begins at its edge
                ax.plot(ratio[some], y[here][some], "o", color=colour, markersize=8, markeredgecolor="white")
                ax.plot([], [], color=colour, linewidth=2.4, label=verdict)
        words = [f"{r.service} ({r.n_after} of {r.n})" for r in rows.itertuples()]
        style.name_rows(ax, words)
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        ax.set_xlabel("failures within an hour of a change, over what chance would give (95 % interval)")
        ax.set_title("Do services fail sooner after a change?")
        style.say_left_out(ax, min(asked, style.ROWS_AT_MOST - 1), asked, which="with most failures")
        style.legend_below(ax, ncols=4)
    return ax


def changes_table(changes: pd.DataFrame) -> DisplayTable | None:
    """Changes per service: failed ones and roll-backs, down time, time until put right; None where there is none."""
    columns = {
        "service": ("Service", "text"),
        "n": ("Changes", "count"),
        "n_failed": ("Failed", "count"),
        "n_rolled_back": ("Rolled back", "count"),
        "failed_share": ("Failed or rolled back (95 % interval)", "share", "low", "high"),
        "down_hours": ("Down time in them", "hours"),
        "down_hours_per_change": ("Per change", "hours"),
        "recovery_n": ("To put right", "count"),
        "recovery_median_hours": ("Put right after (median)", "hours", "recovery_low", "recovery_high"),
    }
    rows = changes[(changes["n"] > 0) | (changes["n_rollbacks"] > 0)]
    return display_table(rows, columns, caption="Changes per service and what they cost") if len(rows) else None


def after_changes_table(after_changes: pd.DataFrame) -> DisplayTable | None:
    """Failures soon after changes, against chance; None where no change was made in time that was watched."""
    if not after_changes["n_changes"].gt(0).any():
        return None
    rows = after_changes.assign(
        by_chance=[f"{e:.2g}" for e in after_changes["expected"]],
        ratio=[_ratio(r) for r in after_changes[["ratio", "low", "high"]].itertuples(index=False)],
        words=after_changes["verdict"].fillna(after_changes["reason"]),
        p=[show(None, "text") if pd.isna(p) else f"{p:.2g}" for p in after_changes["p_value"]],
    )
    columns = {
        "service": ("Service", "text"),
        "n_changes": ("Changes", "count"),
        "n": ("Failures", "count"),
        "n_after": ("Within an hour of a change", "count"),
        "by_chance": ("By chance", "text"),
        "ratio": ("Ratio (95 % interval)", "text"),
        "p": ("p-value", "text"),
        "words": ("Which is", "text"),
    }
    return display_table(rows, columns, caption="Failures within an hour of a change, against what chance would give")


def healing_table(self_healing: pd.DataFrame) -> DisplayTable | None:
    """Failovers and self-healing per service: how often, how long, at what cost; None where there was none."""
    if self_healing.empty:
        return None
    words = {"self_heal": "healed by itself", "failover": "failover"}
    columns = {
        "service": ("Service", "text"),
        "kind": ("What", "text"),
        "n": ("n", "count"),
        "n_censored": ("Failed or not over", "count"),
        "median_hours": ("Took (median)", "hours", "low", "high"),
        "max_hours": ("Longest", "hours"),
        "down_hours": ("Down time of the service in them", "hours"),
    }
    rows = self_healing.assign(kind=self_healing["kind"].map(words)).sort_values("n", ascending=False)
    return display_table(rows, columns, caption="What healed by itself: how often, how long, at what cost")


def reconnection_table(reconnection: pd.DataFrame) -> DisplayTable:
    """How long services stayed down after something they need was back."""
    columns = {
        "service": ("Service", "text"),
        "depends_on": ("After", "text"),
        "n": ("Overlapping outages", "count"),
        "n_before": ("Back first", "count"),
        "n_censored": ("Still down", "count"),
        "median_hours": ("Back later by (median)", "hours", "low", "high"),
        "max_hours": ("Longest", "hours"),
    }
    caption = "How fast services reconnected" if len(reconnection) else "No outage overlapped one of what it needs"
    return display_table(reconnection, columns, caption=caption)


def changes_sentence(changes: pd.DataFrame, after_changes: pd.DataFrame) -> Sentence:
    """How many changes failed, what they cost, and whether failures follow them."""
    every = changes[changes["service"] == "all services"].iloc[0]
    if every["n"] + every["n_rollbacks"] == 0:
        return Sentence(_NO_CHANGE)
    share = show_interval(*every[["failed_share", "low", "high"]], unit="share")
    wrong = every["n_failed"] + every["n_rolled_back"]
    text = f"Of {every['n']} changes **{wrong}** failed or were rolled back: {share}"
    text += f"; {show(every['down_hours'], 'hours')} of down time began in them."
    whole = after_changes[after_changes["service"] == "all services"].iloc[0]
    if pd.isna(whole["verdict"]):
        return Sentence(f"{text} Whether failures follow changes cannot be said: {whole['reason']}.")
    text += f" {whole['n_after']} of {whole['n']} failures began within an hour of a change, where chance would give"
    return Sentence(f"{text} {whole['expected']:.2g}: **{whole['verdict']}**.")


def healing_sentence(self_healing: pd.DataFrame) -> Sentence:
    """How often the platform healed itself, and what that cost."""
    if self_healing.empty:
        return Sentence("No failover and no self-healing was recorded in this period.")
    counts = self_healing.groupby("kind")["n"].sum()
    parts = [f"{counts[kind]} {word}" for kind, word in (("self_heal", "self-healings"), ("failover", "failovers"))
             if kind in counts]  # fmt: skip
    cost = self_healing["down_hours"]
    known = f"; the services were down for {show(cost.sum(), 'hours')} in them" if cost.notna().any() else ""
    return Sentence(f"There were {' and '.join(parts)} in {self_healing['service'].nunique()} services{known}.")


def _ratio(row) -> str:
    if pd.isna(row.ratio):
        return show(None, "text")
    return f"{row.ratio:.2g} ({row.low:.2g} to {row.high:.2g})"
