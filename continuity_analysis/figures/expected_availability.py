"""How available will we be: expected availability beside achieved and objective, and how often services fail."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import show, show_interval

_LEAST, _MOST = 1e-5, 1.0  # share of time down at the ends of the axis


@keeps_data
def plot_expected_availability(expected: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Expected availability with its interval, beside what was achieved and what is promised, on a scale of nines.

    Parameters
    ----------
    expected : DataFrame
        As `continuity_analysis.expected_availability` returns it; services without an expectation are counted in the
        title. At most 30 rows are shown.
    ax : Axes, optional
    """
    known = expected[expected["expected"].notna()]
    rows = known.head(style.ROWS_AT_MOST).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)))
        if rows.empty:
            return style.say_empty(ax, "No service has failed often enough to say what is to be expected.")
        y = np.arange(len(rows))
        low, high, point, achieved, goal = (
            _down(rows[c]) for c in ("expected_low", "expected_high", "expected", "achieved", "objective")
        )
        ax.hlines(y, high, low, color=style.BLUE, linewidth=2.2, label="expected, 95 % interval")
        ax.plot(point, y, "o", color=style.BLUE, markersize=8, markeredgecolor="white")
        ax.plot(achieved, y, "D", color=style.ORANGE, markersize=6, markeredgecolor="white", label="achieved")
        if not np.isnan(goal).all():
            ax.plot(goal, y, "|", markersize=17, markeredgewidth=2.4, color=style.INK, label="objective")
        style.name_rows(ax, _names(rows))
        _availability_axis(ax, np.concatenate([low, high, goal, achieved]))
        hidden = len(expected) - len(known)
        ax.set_title("Availability to be expected" + (f" ({hidden} more without an estimate)" if hidden else ""))
        style.legend_below(ax, ncols=3)
    return ax


@keeps_data
def plot_failure_rates(rates: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Failures per year of up time of each service, with the exact and the overdispersed interval.

    Parameters
    ----------
    rates : DataFrame
        As `continuity_analysis.failure_rates` returns it. At most 30 rows are shown; services without a failure have
        the bound that their up time proves.
    ax : Axes, optional
    """
    known = rates[rates["rate_high"].notna()]
    rows = known.head(style.ROWS_AT_MOST).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)))
        if rows.empty:
            return style.say_empty(ax, "No service was watched, so how often they fail is unknown.")
        _rates(ax, rows)
        style.name_rows(ax, _names(rows))
        _rate_axis(ax)
        more = len(known) - len(rows)
        ax.set_title(
            "How often services fail" + (f", the {len(rows)} of {len(known)} with most failures" if more else "")
        )
        style.legend_below(ax, ncols=3)
    return ax


def expected_table(expected: pd.DataFrame) -> DisplayTable:
    """Expected availability and the coming period per service; why there is none."""
    columns = {
        "service": ("Service", "text"),
        "achieved": ("Achieved", "ratio"),
        "expected": ("Expected (95 % interval)", "ratio", "expected_low", "expected_high"),
        "objective": ("Objective", "ratio"),
        "chance": ("Chance to meet it", "share"),
        "forecast": ("Coming period (95 % prediction)", "ratio", "forecast_low", "forecast_high"),
        "chance_no_failure": ("No failure: at least", "share"),
        "n": ("Failures", "count"),
        "announced_hours": ("Planned work announced", "hours"),
    }
    columns |= {"reason": ("Why not", "text")} if expected["reason"].notna().any() else {}
    caption = (
        "Availability to be expected, least chance first; sure only as far as down times are lognormal "
        "(docs/calibration.md)"
    )
    return display_table(expected, columns, caption=caption)


def failure_rates_table(rates: pd.DataFrame) -> DisplayTable:
    """Failure rates with both intervals, and the times between and down."""
    columns = {
        "service": ("Service", "text"),
        "n": ("Failures", "count"),
        "failures_per_year": ("Per year up (exact)", "count", "rate_low", "rate_high"),
        "overdispersed": ("Overdispersed interval", "text"),
        "dispersion": ("Dispersion", "count"),
        "mtbf_hours": ("Up between failures (MTBF)", "hours", "mtbf_low", "mtbf_high"),
        "mtbsi_hours": ("Start to start (MTBSI)", "hours"),
        "mean_down_hours": ("Mean down", "hours"),
    }
    ends = zip(rates["rate_low_overdispersed"], rates["rate_high_overdispersed"], strict=True)
    words = [None if pd.isna(low) else f"{show(low, 'count')} to {show(high, 'count')}" for low, high in ends]
    rows = rates.assign(overdispersed=pd.Series(words, index=rates.index, dtype="str"))
    rows["rate_low"] = rows["rate_low"].where(rows["n"] > 0)
    return display_table(rows, columns, caption="How often services fail; dispersion 1: as if independent")


def expected_sentence(expected: pd.DataFrame) -> Sentence:
    """For how many services an expectation can be given, and which is least likely to keep its promise."""
    own = expected.iloc[:-1]
    known = own[own["expected"].notna()]
    text = f"Of {len(own)} services, {len(known)} failed often enough to say what is to be expected"
    text += " (10 failures of known length, lognormal)."
    judged = known[known["chance"].notna()]
    if len(judged):
        worst = judged.sort_values("chance").iloc[0]
        shown = show_interval(worst["expected"], worst["expected_low"], worst["expected_high"], unit="ratio")
        text += f" The least likely to keep its promise of {show(worst['objective'], 'ratio')} in the coming period is "
        text += f"**{worst['service']}**: expected {shown}, chance {show(round(worst['chance'], 2), 'share')}."
    elif len(expected) and pd.notna(expected.iloc[-1]["expected"]):
        last = expected.iloc[-1]
        shown = show_interval(last["expected"], last["expected_low"], last["expected_high"], unit="ratio")
        text += f" Over all services together: {shown}."
    return Sentence(text)


def _names(rows: pd.DataFrame) -> list[str]:
    """Services with their n, shortened so that it stays in sight."""
    short = [s if len(s) <= 24 else f"{s[:22]}…" for s in rows["service"]]
    return [f"{s}  (n = {n})" for s, n in zip(short, rows["n"], strict=True)]


def _down(share: pd.Series) -> np.ndarray:
    return np.clip(1 - share.to_numpy(dtype=float), _LEAST, _MOST)


def _availability_axis(ax: Axes, shown: np.ndarray) -> None:
    """Share of time down on a logarithmic axis, labelled in availability, the better to the right."""
    from matplotlib.ticker import FixedLocator, NullFormatter

    ax.set_xscale("log")
    marks = {1.0: "0 %", 0.1: "90 %", 1e-2: "99 %", 1e-3: "99.9 %", 1e-4: "99.99 %", _LEAST: "≥ 99.999 %"}
    ax.xaxis.set_major_locator(FixedLocator(list(marks)))
    ax.xaxis.set_major_formatter(lambda x, _: next((t for m, t in marks.items() if abs(m / x - 1) < 1e-6), ""))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlim(min(np.nanmax(shown) * 1.6, 1.1), max(np.nanmin(shown) / 2, _LEAST * 0.8))
    ax.set_xlabel("availability (each step to the right: a tenth of the down time)")


def _rates(ax: Axes, rows: pd.DataFrame) -> None:
    """Both intervals of each rate, the overdispersed one below; where nothing failed, what the up time bounds."""
    y, some = np.arange(len(rows)), (rows["n"] > 0).to_numpy()
    wide = rows["rate_low_overdispersed"].notna().to_numpy()
    both = (
        (some, 0, "", style.BLUE, "exact (Poisson)"),
        (wide, 0.26, "_overdispersed", style.ORANGE, "overdispersed (failures cluster)"),
    )
    for shown, shift, name, colour, label in both:
        if shown.any():
            low, high = rows[f"rate_low{name}"][shown], rows[f"rate_high{name}"][shown]
            ax.hlines(y[shown] + shift, low, high, color=colour, linewidth=2.2, label=label)
    ax.plot(rows["failures_per_year"][some], y[some], "o", color=style.INK, markersize=6, markeredgecolor="white")
    if not some.all():
        most = rows["rate_high"][~some]
        ax.plot(most, y[~some], "<", color=style.MUTED, markersize=8, label="no failure: at most")


def _rate_axis(ax: Axes) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    ax.set_xscale("log")
    low, high = ax.get_xlim()
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 500 else (1,)))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.10g}")
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("failures per year of up time (95 % intervals)")
