"""Figures that a deck shows as native charts: the bars and lines of an Axes ride along with its picture.

A plot function ends with `return editable(ax)`. Wherever the figure is shown, in any notebook, its output then carries
the same data as JSON (`CHART`) beside the picture; pages show the picture, `continuity-deck` draws a chart of it that
can be edited. What an Axes holds beyond labelled bars and lines (bands, texts, hatches) is in the picture alone.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.dates import AutoDateFormatter, ConciseDateFormatter

from continuity_analysis.figures.carried import carry

CHART = "application/vnd.continuity.chart+json"
_EXCEL_DAYS = 25569  # days from Excel's first day to that of matplotlib, 1970-01-01


def editable(ax: Axes, *, number: str = "General", labels: bool = False, along: str = "") -> Axes:
    """Let the figure of an Axes carry its bars, or else its lines, as a chart.

    Parameters
    ----------
    ax : Axes
        With bars (`bar`, `barh`, beside or upon each other) or lines (`plot`, `step`) that have labels. With neither
        nothing rides along, and a deck shows the picture.
    number : str
        Excel's format of the values, such as "0%" or '0.0" h"'.
    labels : bool
        Whether values stand at the bars.
    along : str
        Title of the horizontal axis, where that of the figure would not do: a chart shows numbers alone.

    Returns
    -------
    Axes
        `ax` itself.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> _ = ax.barh(["a", "b"], [1, 2], label="hours down")
    >>> chart_of(editable(ax))["series"][0]["values"]
    [1.0, 2.0]
    """
    chart = chart_of(ax)
    if chart is not None:
        about = {"number": number, "labels": labels}
        chart["x"]["title"] = along or chart["x"]["title"]
        carry(ax.figure, CHART, (chart | about).copy)
    return ax


def chart_of(ax: Axes) -> dict | None:
    """What of an Axes a native chart can show.

    Parameters
    ----------
    ax : Axes

    Returns
    -------
    dict or None
        "kind" ("bar", "column" or "xy"), "series" (each with "name", "colour" and either "values" and "colours", one
        per category, or "x" and "y"), "x" and "y" (the axes: "title", "log", "limits"); of bars also "categories",
        "stacked", and "downwards" (the first category stands on top). None where there is nothing of the kind.
    """
    bars = [c for c in ax.containers if isinstance(c, BarContainer) and len(c) and _named(c)]
    lines = [line for line in ax.get_lines() if _named(line) and len(line.get_xdata()) > 1]
    if not bars and not lines:
        return None
    chart = _bars(ax, bars) if bars else {"kind": "xy", "series": [_line(ax, line) for line in lines]}
    return chart | {"x": _axis(ax, "x"), "y": _axis(ax, "y"), "dates": not bars and _has_dates(ax)}


def _named(artist) -> bool:
    return not str(artist.get_label()).startswith("_")


def _bars(ax: Axes, containers: list[BarContainer]) -> dict:
    lying = containers[0].orientation == "horizontal"
    axis = ax.yaxis if lying else ax.xaxis
    places = np.asarray(axis.get_majorticklocs(), dtype=float)
    names = axis.get_major_formatter().format_ticks(places)
    bases = [patch.get_x() if lying else patch.get_y() for c in containers for patch in c]
    return {
        "kind": "bar" if lying else "column",
        "categories": [str(name) for name in names],
        "series": [_series(container, places, lying=lying) for container in containers],
        "stacked": bool(np.any(np.asarray(bases) != 0)),
        "downwards": lying and bool(ax.yaxis_inverted()),
    }


def _series(container: BarContainer, places: np.ndarray, *, lying: bool) -> dict:
    """One value per category: that of the bar whose middle is nearest; None where there is no bar."""
    values: list[float | None] = [None] * len(places)
    colours: list[str | None] = [None] * len(places)
    for patch in container:
        middle = patch.get_y() + patch.get_height() / 2 if lying else patch.get_x() + patch.get_width() / 2
        place = int(np.abs(places - middle).argmin())
        values[place] = _finite(patch.get_width() if lying else patch.get_height())
        colours[place] = to_hex(patch.get_facecolor())
    painted = [colour for colour in colours if colour]
    most = max(painted, key=painted.count)
    alike = set(painted) == {most}
    return {
        "name": str(container.get_label()),
        "colour": most,
        "values": values,
        "colours": None if alike else colours,
    }


def _line(ax: Axes, line) -> dict:
    x, y = (np.asarray(a, dtype=float) for a in (line.get_xdata(orig=False), line.get_ydata(orig=False)))
    if line.get_drawstyle() == "steps-post":
        x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
    kept = np.isfinite(x) & np.isfinite(y)
    x = x[kept] + (_EXCEL_DAYS if _has_dates(ax) else 0)
    dashed = line.get_linestyle() in ("--", ":", "-.")
    return {
        "name": str(line.get_label()),
        "colour": to_hex(line.get_color()),
        "x": x.tolist(),
        "y": y[kept].tolist(),
        "dashed": dashed,
        "points": line.get_linestyle() in ("None", "none", "", " "),
    }


def _axis(ax: Axes, which: str) -> dict:
    low, high = sorted(getattr(ax, f"get_{which}lim")())
    moved = _EXCEL_DAYS if which == "x" and _has_dates(ax) else 0
    title = getattr(ax, f"get_{which}label")()
    limits = [float(low) + moved, float(high) + moved]
    return {"title": title, "log": getattr(ax, f"get_{which}scale")() == "log", "limits": limits}


def _has_dates(ax: Axes) -> bool:
    return isinstance(ax.xaxis.get_major_formatter(), AutoDateFormatter | ConciseDateFormatter)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
