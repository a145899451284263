"""How long a restore takes for the size of the data, and where growth leads."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.restore_size_words import date_words
from continuity_analysis.words import show

_NOTHING = "No restore of known size was seen."
_MARKS = {"restored": ("o", "restored"), "censored": ("^", "called off or running: at least so long")}


@keeps_data
def plot_restore_by_size(
    restores: pd.DataFrame,
    curve: pd.DataFrame,
    sizes: pd.DataFrame,
    *,
    asset: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Restores of one asset by their size, the law they follow, and where the next one falls at today's size.

    Parameters
    ----------
    restores, curve, sizes : DataFrame
        As `continuity_analysis.restores`, `restore_size_curve` and `restore_time_by_size` return them.
    asset : str, optional
        By default the one with most restores of known size.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    seen = restores[restores["excluded"].isna()]
    asset = asset or _most(seen)
    seen = seen[seen["asset"] == asset]
    with style.applied():
        ax = style.axes_for(ax, height=4.6)
        if seen.empty:
            return style.say_empty(ax, _NOTHING)
        row = sizes[sizes["asset"] == asset].iloc[0]
        law = curve[curve["asset"] == asset]
        law = law[law["size_bytes"].between(*_shown(seen, row))]
        if len(law):
            band = {"color": style.SKY, "alpha": 0.25, "linewidth": 0, "label": "95 % of next restores"}
            ax.fill_between(law["size_bytes"], law["prediction_low"], law["prediction_high"], **band)
            inside = law["median_hours"].where(~law["extrapolated"])
            ax.plot(law["size_bytes"], law["median_hours"], color=style.BLUE, linestyle=":")
            ax.plot(law["size_bytes"], inside, color=style.BLUE, label="median (dotted: beyond what was restored)")
        for outcome, (mark, label) in _MARKS.items():
            some = seen[seen["outcome"] == outcome]
            if len(some):
                ax.plot(some["size_bytes"], some["hours"], mark, color=style.INK, markersize=6, label=label)
        _lines(ax, row)
        _size_axis(ax, "x")
        _hours_axis(ax)
        ax.set_xlabel(f"{row['size_basis'] if pd.notna(row['size_basis']) else 'size of what was restored'}")
        ax.set_ylabel("time to restore the data")
        ax.set_title(f"Restores of {asset} by size")
        style.legend_below(ax, ncols=3)
    return ax


@keeps_data
def plot_growth_to_rto(
    course: pd.DataFrame, sizes: pd.DataFrame, *, asset: str | None = None, ax: Axes | None = None
) -> Axes:
    """Size of one asset's data so far and where growth leads, up to the size whose restore passes the RTO.

    Parameters
    ----------
    course, sizes : DataFrame
        As `continuity_analysis.size_course` and `restore_time_by_size` return them.
    asset : str, optional
        By default the one with most restores of known size, of those whose sizes are known.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    known = sizes[sizes["asset"].isin(course["asset"])]
    asset = asset or (None if known.empty else known.loc[known["n"].idxmax(), "asset"])
    rows = course[course["asset"] == asset]
    with style.applied():
        ax = style.axes_for(ax, height=4.2)
        if rows.empty:
            return style.say_empty(ax, "No backup tells the size of the data.")
        row = sizes[sizes["asset"] == asset].iloc[0]
        seen, ahead = rows[~rows["projected"]], rows[rows["projected"]]
        ax.plot(seen["at"], seen["size_bytes"], ".", color=style.INK, markersize=3, label="backups, one a day")
        if len(ahead):
            ax.fill_between(
                ahead["at"], ahead["low"], ahead["high"], color=style.SKY, alpha=0.3, linewidth=0, label="95 %"
            )
            ax.plot(ahead["at"], ahead["size_bytes"], color=style.BLUE, label="where growth leads")
        top = max(rows["size_bytes"].max(), rows["high"].max() if len(ahead) else 0)
        if pd.notna(row["limit_bytes"]) and row["limit_bytes"] < 3 * top:
            words = f"median restore takes {show(row['allowed_hours'], 'hours')}"
            ax.axhline(row["limit_bytes"], color=style.ORANGE, linestyle="--", linewidth=1.4, label=words)
        if pd.notna(row["exceeds_at"]):
            ax.axvline(row["exceeds_at"], color=style.ORANGE, linewidth=1.2)
            _range(ax, row)
        _size_axis(ax, "y")
        style.time_axis(ax)
        ax.set_ylabel(row["size_basis"])
        ax.set_title(_growth_title(row))
        style.legend_below(ax, ncols=4)
    return ax


def _lines(ax: Axes, row: pd.Series) -> None:
    if pd.notna(row["size_bytes"]):
        ax.axvline(
            row["size_bytes"], color=style.PURPLE, linewidth=1.4, label=f"today: {show(row['size_bytes'], 'bytes')}"
        )
    if pd.notna(row["objective"]):
        words = f"left of the RTO: {show(row['allowed_hours'], 'hours')}"
        ax.axhline(row["allowed_hours"], color=style.ORANGE, linestyle="--", linewidth=1.4, label=words)


def _shown(seen: pd.DataFrame, row: pd.Series) -> tuple[float, float]:
    """Sizes shown: those restored and today's, with some room, within what the law is given for."""
    sizes = [*seen["size_bytes"], *([row["size_bytes"]] if pd.notna(row["size_bytes"]) else [])]
    return min(sizes) / 1.5, max(sizes) * 1.5


def _range(ax: Axes, row: pd.Series) -> None:
    low, high = row["exceeds_from_at"], row["exceeds_until_at"]
    low = row["exceeds_at"] if pd.isna(low) else low
    high = row["horizon_at"] if pd.isna(high) else high
    ax.axvspan(low, high, color=style.ORANGE, alpha=0.12, linewidth=0)


def _growth_title(row: pd.Series) -> str:
    if pd.notna(row["exceeds_at"]):
        return f"{row['asset']}: past the RTO {date_words(row)}"
    why = f": {row['exceeds_reason']}" if pd.notna(row["exceeds_reason"]) and pd.notna(row["objective"]) else ""
    return f"{row['asset']}, no date{why}" if why else f"Size of {row['asset']}"


def _most(seen: pd.DataFrame) -> str | None:
    return None if seen.empty else seen["asset"].value_counts().index[0]


def _hours_axis(ax: Axes) -> None:
    """Hours on a logarithm, with marks close enough for what is shown."""
    from matplotlib.ticker import FixedLocator, NullFormatter

    ax.set_yscale("log")
    low, high = ax.get_ylim()
    steps = [s / 3600 for s in (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800)]
    steps += [1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 120, 168, 336, 720]
    marks = [s for s in steps if low <= s <= high]
    ax.yaxis.set_major_locator(FixedLocator(marks or [np.sqrt(low * high)]))
    ax.yaxis.set_major_formatter(lambda value, _: show(value, "hours"))
    ax.yaxis.set_minor_formatter(NullFormatter())


def _size_axis(ax: Axes, which: str) -> None:
    """Sizes on a logarithm, with marks close enough for what is shown."""
    from matplotlib.ticker import FixedLocator, NullFormatter

    axis = ax.xaxis if which == "x" else ax.yaxis
    getattr(ax, f"set_{which}scale")("log")
    low, high = getattr(ax, f"get_{which}lim")()
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8) if high / low < 8 else (1, 2, 5) if high / low < 200 else (1,)
    powers = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    axis.set_major_locator(FixedLocator([s * 10.0**p for p in powers for s in steps if low <= s * 10.0**p <= high]))
    axis.set_major_formatter(lambda value, _: _short(value))
    axis.set_minor_formatter(NullFormatter())


def _short(value: float) -> str:
    number, unit = show(value, "bytes").rsplit(" ", 1)
    return f"{float(number.replace(',', '')):g} {unit}"
