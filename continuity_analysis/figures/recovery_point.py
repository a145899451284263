"""What would be lost: recovery-point exposure over time, and its law."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.drawn_data import draws_only, keeps_data

CURVES_AT_MOST = 5


@keeps_data
def plot_exposure(exposure: pd.DataFrame, *, within_hours: float | None = None, ax: Axes | None = None) -> Axes:
    """The saw-tooth of one service's (or asset's) recovery-point exposure, with the objective.

    Parameters
    ----------
    exposure : DataFrame
        Rows of one service as `continuity_analysis.exposure` returns them: from_at, until_at, from_hours,
        until_hours, state. Unprotected time is shaded, unknown time hatched.
    within_hours : float, optional
        The objective [h].
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows = exposure.sort_values("from_at")
    with style.applied():
        ax = style.axes_for(ax, height=3.2)
        if rows.empty:
            return style.say_empty(ax, "No backup of this service was seen.")
        known = rows[rows["state"] == "protected"]
        if len(known):
            _saw(ax, known, within_hours)
        _shade(ax, rows, "unprotected", style.ORANGE, "")
        _shade(ax, rows, "unknown", style.GRID, "////")
        if within_hours:
            ax.axhline(within_hours, color=style.INK, linestyle="--", linewidth=1.3, label="objective")
        ax.set_ylim(bottom=0)
        ax.set_xlim(rows["from_at"].min(), rows["until_at"].max())
        ax.set_ylabel("hours of data at risk")
        style.time_axis(ax)
        if ax.get_legend_handles_labels()[1]:
            ax.legend(loc="lower right", bbox_to_anchor=(1, 0.99), ncols=4)
    return ax


def _saw(ax: Axes, known: pd.DataFrame, within_hours: float | None) -> None:
    times = known[["from_at", "until_at"]].to_numpy().ravel()
    hours = known[["from_hours", "until_hours"]].to_numpy(float).ravel()
    # a gap between pieces breaks the line
    breaks = np.flatnonzero(times[2::2] > times[1:-1:2]) * 2 + 2
    times, hours = np.insert(times, breaks, times[breaks]), np.insert(hours, breaks, np.nan)
    ax.plot(times, hours, color=style.BLUE, linewidth=1.0)
    ax.fill_between(times, 0, hours, color=style.BLUE, alpha=0.12, linewidth=0)
    if within_hours and np.nanmax(hours, initial=0) > within_hours:
        over = {"where": hours > within_hours, "interpolate": True, "label": "over the objective"}
        ax.fill_between(times, within_hours, hours, color=style.ORANGE, alpha=0.75, linewidth=0, **over)


def _shade(ax: Axes, rows: pd.DataFrame, state: str, colour: str, hatch: str) -> None:
    spans = rows[rows["state"] == state]
    for i, (start, end) in enumerate(zip(spans["from_at"], spans["until_at"], strict=True)):
        ax.axvspan(
            start, end, facecolor=colour, alpha=0.35, hatch=hatch, edgecolor=style.MUTED, linewidth=0,
            label=state if i == 0 else None,
        )  # fmt: skip


def objectives_of(recovery_point: pd.DataFrame, *, by: str = "service") -> dict[str, float]:
    """The objective [h] of each service that has one, from what `continuity_analysis.recovery_point` returned."""
    rows = recovery_point[recovery_point["objective"].notna()]
    return dict(zip(rows[by], rows["objective"].astype(float), strict=True))


@keeps_data
def plot_exposures(
    exposure: pd.DataFrame, objectives: dict[str, float] | None = None, *, by: str = "service", n: int = 6
) -> np.ndarray:
    """One saw-tooth per service on a shared time axis, worst first.

    Parameters
    ----------
    exposure : DataFrame
        As `continuity_analysis.exposure` returns it.
    objectives : dict, optional
        Service to objective [h].
    by : str
        Column that names the groups.
    n : int
        Services shown at most.

    Returns
    -------
    ndarray of Axes
    """
    from matplotlib import pyplot as plt

    worst = exposure.groupby(by)["until_hours"].max().sort_values(ascending=False)
    names = worst.index[:n]
    with style.applied():
        figure, axes = plt.subplots(
            max(len(names), 1), 1, figsize=(10, 0.7 + 1.6 * max(len(names), 1)), sharex=True, squeeze=False
        )
        for ax, name in zip(axes[:, 0], names, strict=False):
            plot_exposure(exposure[exposure[by] == name], within_hours=(objectives or {}).get(name), ax=ax)
            ax.set_title(name)
            ax.set_ylabel("hours at risk")
        if not len(names):
            style.say_empty(axes[0, 0], "No backup was seen.")
        elif len(worst) > len(names):
            figure.supxlabel(f"the {len(names)} worst of {len(worst)}", color=style.MUTED, fontsize=10)
        draws_only(axes[0, 0], exposure=exposure[exposure[by].isin(names)])
    return axes[:, 0]


@keeps_data
def plot_exposure_law(law: pd.DataFrame, *, by: str = "service", ax: Axes | None = None) -> Axes:
    """Share of time for which more than so many hours of data would have been lost: exact, no sampling.

    Parameters
    ----------
    law : DataFrame
        As `continuity_analysis.exposure_law` returns it: `by`, hours, share_longer.
    by : str
        Column that names the groups; the five worst are drawn.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    with style.applied():
        ax = style.axes_for(ax)
        if law.empty:
            return style.say_empty(ax, "No backup was seen.")
        worst = law[np.isfinite(law["hours"])].groupby(by)["hours"].max().sort_values(ascending=False)
        curves = _different_curves(law, worst.index, by)[:CURVES_AT_MOST]
        for colour, (names, rows) in zip(style.SERIES, curves, strict=False):
            ax.plot(rows["hours"], rows["share_longer"], color=colour, label=names)
        draws_only(ax, law=pd.concat([rows.assign(**{by: names}) for names, rows in curves]))
        ax.set_xlim(0, max(float(worst.max()) * 1.02, 1))
        ax.set_ylim(0, 1.02)
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        ax.set_xlabel("hours of data that would be lost")
        ax.set_ylabel("share of time with more at risk")
        ax.legend(loc="best")
    return ax


def _different_curves(law: pd.DataFrame, names: pd.Index, by: str) -> list[tuple[str, pd.DataFrame]]:
    """The curves in the order of `names`; services with the same one (of a shared asset) are named together."""
    together: dict[bytes, tuple[list[str], pd.DataFrame]] = {}
    for name in names:
        rows = law.loc[law[by] == name, ["hours", "share_longer"]].sort_values("hours")
        together.setdefault(rows.to_numpy().tobytes(), ([], rows))[0].append(name)
    return [(", ".join(same if len(same) < 4 else [*same[:3], "…"]), rows) for same, rows in together.values()]
