"""What if: how likely costly years are under each scenario, what each would change, and which promises it keeps."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.catalog import TODAY
from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import draws_only, keeps_data
from continuity_analysis.words import show

ALL = "all services"
QUANTITIES = {
    "down": "down in a year",
    "whole": "down in a year, with what it needs",
    "lost": "hours of data lost in a year",
    "worst_recovery": "longest recovery of a year",
}
_LEAST_HOURS, _LEAST_SHARE = 1 / 60, 1e-3


@keeps_data
def plot_scenario_years(curves: pd.DataFrame, *, service: str = ALL, quantity: str = "down", ax=None) -> Axes:
    """In how large a share of years each scenario costs more than so much.

    Parameters
    ----------
    curves : DataFrame
        As `what_if` returns them.
    service : str
    quantity : {"down", "whole", "lost", "worst_recovery"}
    ax : Axes, optional
    """
    rows = curves[(curves["service"] == service) & (curves["quantity"] == quantity)]
    with style.applied():
        ax = style.axes_for(ax, height=4.8)
        shown = rows[(rows["hours"] >= _LEAST_HOURS) & (rows["share_longer"] >= _LEAST_SHARE * 0.999)]
        if shown.empty:
            return style.say_empty(ax, f"{service}: not known, or never any ({QUANTITIES[quantity]}).")
        for number, (name, curve) in enumerate(shown.groupby("scenario", sort=False)):
            _curve(ax, curve, name=name, number=number)
        style.duration_axis(ax)
        _share_axis(ax)
        finite = shown.loc[np.isfinite(shown["hours"]), "hours"]
        ax.set_xlim(max(finite.min() * 0.8, _LEAST_HOURS), finite.max() * 1.25)
        ax.set_xlabel(f"{QUANTITIES[quantity]}, at least")
        ax.set_ylabel("share of years")
        ax.set_title(f"Years of {_short(service)}: how often it gets this bad")
        style.legend_below(ax, ncols=3)
        draws_only(ax, curves=rows)
    return ax


@keeps_data
def plot_scenario_changes(summary: pd.DataFrame, *, service: str = ALL, ax: Axes | None = None) -> Axes:
    """Down time of a year under each scenario, beside today's: a bad year (one in twenty) and a usual one.

    Parameters
    ----------
    summary : DataFrame
        As `what_if` returns it.
    service : str
    ax : Axes, optional
    """
    every = summary[summary["service"] == service]
    known = every[every["down_p95"].notna()].reset_index(drop=True)
    with style.applied():
        rows = known[known["scenario"] != TODAY].reset_index(drop=True)
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows) + 1) + 0.3)
        if rows.empty or not (known["scenario"] == TODAY).any():
            return style.say_empty(ax, f"No scenario can be answered for {service}.")
        today = known[known["scenario"] == TODAY].iloc[0]
        pairs = (
            ("down_p50", style.BLUE, "usual year (half are worse)"),
            ("down_p95", style.ORANGE, "bad year (one in 20 is worse)"),
        )
        for column, colour, label in pairs:
            _dumbbell(ax, rows[column], today[column], colour=colour, label=label)
        style.duration_axis(ax)
        values = np.concatenate([known["down_p50"], known["down_p95"]]).clip(_LEAST_HOURS)
        ax.set_xlim(values.min() / 2, values.max() * 2)
        style.name_rows(ax, list(rows["scenario"]))
        left = len(every) - len(known)
        ax.set_title(f"Down time of {_short(service)} in a year" + (f" ({left} without an answer)" if left else ""))
        now = " and ".join(show(today[column], "hours") for column, *_ in pairs)
        ax.set_xlabel(f"down in a year (hollow: today, {now})")
        style.legend_below(ax, ncols=2)
    return ax


def scenario_table(summary: pd.DataFrame, *, service: str | None = None) -> DisplayTable:
    """Scenarios beside today: down time, data lost, and the chances to keep what is promised.

    Parameters
    ----------
    summary : DataFrame
        As `what_if` returns it.
    service : str, optional
        One service, or "all services"; by default every one.
    """
    rows = summary if service is None else summary[summary["service"] == service]
    columns = {"scenario": ("Scenario", "text")}
    columns |= {"service": ("Service", "text")} if service is None else {}
    columns |= {
        "availability": ("Availability", "ratio"),
        "down_hours": ("Down a year, mean", "hours"),
        "down_error": ("Monte Carlo error", "hours"),
        "down_p50": ("Usual year", "hours"),
        "down_p95": ("Bad year (1 in 20)", "hours"),
        "down_change": ("Change of the mean (95 % of years)", "hours", "down_change_low", "down_change_high"),
    }
    lost = {
        "lost_hours": ("Data lost a year, mean", "hours"),
        "lost_change": ("Its change (95 % of years)", "hours", "lost_change_low", "lost_change_high"),
    }
    known = rows["lost_hours"].notna().any()
    columns |= lost if known else {}
    chances = {
        "chance_availability": "availability",
        "chance_rpo": "RPO, if restored",
        "chance_rto": "RTO, if restored",
    }
    columns |= {c: (f"Chance: {words}", "share") for c, words in chances.items() if rows[c].notna().any()}
    columns |= {"reason": ("Why not", "text")} if rows["reason"].notna().any() else {}
    rounded = rows.assign(**{c: rows[c].round(2) for c in chances})
    caption = "Simulated years under each scenario, beside today" + ("" if known else "; data lost is not known")
    return display_table(rounded, columns, caption=caption)


def scenario_basis_table(basis: pd.DataFrame) -> DisplayTable:
    """What the simulated years of each service rest on."""
    columns = {
        "service": ("Service", "text"),
        "n": ("Failures", "count"),
        "n_known": ("of known length", "count"),
        "spread_from": ("Spread of down times from", "text"),
        "n_recoveries": ("Recoveries", "count"),
        "recovery_from": ("Recovery law from", "text"),
        "n_needed_backup": ("Failures that needed a backup", "count"),
        "n_pieces": ("Pieces of exposure", "count"),
        "detection_from": ("Detection from", "text"),
        "reason": ("Why not", "text"),
    }
    shown = {c: spec for c, spec in columns.items() if c != "reason" or basis["reason"].notna().any()}
    names = ["spread_from", "recovery_from", "detection_from"]
    rows = basis.assign(**{c: basis[c].replace("", None) for c in names})
    return display_table(rows, shown, caption="What the simulated years rest on")


def _curve(ax: Axes, curve: pd.DataFrame, *, name: str, number: int) -> None:
    today = name == TODAY
    colours, lines = style.SERIES, ("-", "--", "-.")
    colour = style.GRID if today else colours[(number - 1) % len(colours)]
    kind = "-" if today else lines[(number - 1) // len(colours) % len(lines)]
    bounded = curve[np.isfinite(curve["hours"])]
    ax.plot(bounded["hours"], bounded["share_longer"], kind, color=colour, linewidth=7 if today else 1.8, label=name)


def _dumbbell(ax: Axes, values: pd.Series, today: float, *, colour: str, label: str) -> None:
    y, now = np.arange(len(values)), max(today, _LEAST_HOURS)
    then = values.clip(lower=_LEAST_HOURS)
    ax.hlines(y, np.minimum(then, now), np.maximum(then, now), color=colour, linewidth=2.2)
    ax.plot(np.full(len(y), now), y, "o", markersize=8, markerfacecolor="white", markeredgecolor=colour, zorder=3)
    ax.plot(then, y, "o", markersize=8, color=colour, markeredgecolor="white", label=label, zorder=4)
    for row, (place, value) in enumerate(zip(then, values, strict=True)):
        ax.annotate(show(value, "hours"), (place, row), (0, 6), textcoords="offset points", ha="center", fontsize=8.5)


def _share_axis(ax: Axes) -> None:
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    marks = {1.0: "100 %", 0.5: "50 %", 0.2: "20 %", 0.1: "10 %", 0.05: "5 %", 0.02: "2 %", 0.01: "1 %", 0.001: "0.1 %"}
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(FixedLocator(list(marks)))
    ax.yaxis.set_major_formatter(lambda y, _: next((t for m, t in marks.items() if abs(m / y - 1) < 1e-6), ""))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_ylim(_LEAST_SHARE, 1.1)


def _short(service: str) -> str:
    return service if len(service) <= 24 else f"{service[:22]}…"
