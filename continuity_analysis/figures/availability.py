"""How available were we: achieved availability against objectives, and a calendar of down time."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.drawn_data import keeps_data

_WORST, _BEST = 1.0, 5.0  # nines: 90 % and 99.999 %


@keeps_data
def plot_availability(availability: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Achieved availability per service with its bounds and its objective, on a scale of nines.

    Parameters
    ----------
    availability : DataFrame
        As `continuity_analysis.availability` returns it. The first rows are shown, at most 30.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    known = availability[availability["low"].notna()]
    rows = known.head(style.ROWS_AT_MOST).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)))
        if rows.empty:
            return style.say_empty(ax, "No service has a source that watched it in this period.")
        y = np.arange(len(rows))
        low, high, point = (nines(rows[c]) for c in ("low", "high", "availability"))
        ax.hlines(y, low, high, color=style.SKY, linewidth=7, alpha=0.55, label="bounds: time nobody watched")
        _points(ax, point, y, rows["verdict"])
        objective = rows["objective"].notna().to_numpy()
        ax.plot(
            nines(rows["objective"])[objective], y[objective], linestyle="none", marker="|", markersize=17,
            markeredgewidth=2.4, color=style.INK, label="objective",
        )  # fmt: skip
        style.name_rows(ax, rows["service"].to_list())
        _nines_axis(ax)
        ax.set_title(_title(len(rows), len(known), len(availability)))
        style.legend_below(ax, ncols=6)
    return ax


@keeps_data
def plot_downtime(downtime: pd.DataFrame, period, *, ax: Axes | None = None) -> Axes:
    """A calendar of down time: hours lost per service and day (week, where the period is longer than 120 days).

    Parameters
    ----------
    downtime : DataFrame
        As `continuity_analysis.downtime` returns it: service, start, end, hours, impact.
    period : Period
        The window shown.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    days = 1 if period.hours <= 120 * 24 else 7
    with style.applied():
        if downtime.empty:
            return style.say_empty(style.axes_for(ax, height=2), "No down time was recorded in this period.")
        lost, services, edges = _grid(downtime, period, days)
        several = downtime["service"].nunique()
        which = f", the {len(services)} services with most of {several}" if several > len(services) else ""
        ax = style.axes_for(ax, height=style.height_of_rows(len(services)) + 0.5)
        mesh = ax.pcolormesh(
            edges, np.arange(len(services) + 1) - 0.5, np.ma.masked_equal(lost, 0), cmap="YlOrRd", vmin=0,
            edgecolors=style.PAPER, linewidth=0.5,
        )  # fmt: skip
        style.name_rows(ax, services)
        style.time_axis(ax)
        ax.set_xlim(edges[0], edges[-1])
        ax.set_facecolor("#eef1f4")
        ax.grid(visible=False)
        unit = "day" if days == 1 else "week"
        ax.figure.colorbar(mesh, ax=ax, label=f"hours lost per {unit}", pad=0.015, fraction=0.035)
        ax.set_title(f"Down time by {unit} (UTC){which}")
    return ax


def _grid(downtime: pd.DataFrame, period, days: int) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Hours lost, shape (services, cells); service names, worst first; edges of the cells."""
    start, end = (m.tz_convert(None).to_datetime64() for m in (period.start, period.end))
    edges = np.append(np.arange(start, end, np.timedelta64(days, "D")), end)
    worst = (downtime["hours"] * downtime["impact"]).groupby(downtime["service"]).sum().sort_values(ascending=False)
    services = worst.index[: style.ROWS_AT_MOST].to_list()
    shown = downtime[downtime["service"].isin(services)]
    s, e = (shown[c].dt.tz_convert(None).to_numpy()[:, None] for c in ("start", "end"))
    overlap = np.minimum(e, edges[1:]) - np.maximum(s, edges[:-1])
    hours = np.clip(overlap / np.timedelta64(1, "h"), 0, None) * shown["impact"].to_numpy(float)[:, None]
    lost = np.zeros((len(services), len(edges) - 1))
    np.add.at(lost, pd.Index(services).get_indexer(shown["service"]), hours)
    return lost, services, edges


def nines(share) -> np.ndarray:
    """-log10(1 - share), kept within the axis."""
    lost = np.clip(1 - np.asarray(share, dtype=float), 10**-_BEST, 10**-_WORST)
    return -np.log10(lost)


def _points(ax: Axes, point: np.ndarray, y: np.ndarray, verdicts: pd.Series) -> None:
    for verdict, colour in style.VERDICTS.items():
        here = (verdicts == verdict).to_numpy() & ~np.isnan(point)
        if here.any():
            words = verdict.replace("_", " ").lower()
            ax.plot(point[here], y[here], "o", color=colour, markersize=9, markeredgecolor="white", label=words)


def _nines_axis(ax: Axes) -> None:
    ticks = (90, 99, 99.9, 99.99)
    ax.set_xticks([*nines(np.array(ticks) / 100), _BEST], ["≤ 90 %", *(f"{t} %" for t in ticks[1:]), "≥ 99.999 %"])
    ax.set_xticks(nines(np.array([0.95, 0.995, 0.9995, 0.99995])), minor=True)
    ax.grid(axis="x", which="minor", linewidth=0.4)
    ax.set_xlim(_WORST - 0.08, _BEST + 0.12)
    ax.set_xlabel("achieved availability (each step to the right: a tenth of the down time)")


def _title(shown: int, known: int, all_services: int) -> str:
    which = "" if shown == known else f", the {shown} lowest of {known} services"
    unknown = all_services - known
    return f"Availability achieved{which}" + (f" ({unknown} more not watched: unknown)" if unknown else "")
