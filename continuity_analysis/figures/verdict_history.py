"""The history of verdicts as a figure: promises against periods, in words and colour."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import VERDICTS
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.verdict_tables import PERIODS_AT_MOST, all_kept, cells_of, promise_name, turned

_IN_CELLS = VERDICTS | {"INSUFFICIENT": "Not enough\nevidence"}
_FRAME = 1.2


@keeps_data
def plot_verdict_history(history: pd.DataFrame, *, n: int = style.ROWS_AT_MOST, ax: Axes | None = None) -> Axes:
    """Verdicts of up to 12 periods, in words and colour; what differs from the period before has a frame.

    Parameters
    ----------
    history : DataFrame
        As `continuity_analysis.verdict_history` returns it. Promises kept in every period are counted, not drawn.
    n : int
        Of the others, so many are drawn, the worst first.
    ax : Axes, optional
    """
    cells, n_kept = cells_of(history, n_periods=PERIODS_AT_MOST)
    n_open = cells.index.unique(level="row").size
    cells = cells[cells["row"] < n]
    with style.applied():
        ax = style.axes_for(ax, height=1.9 + 0.36 * max(min(n_open, n), 2))
        if cells.empty:
            return style.say_empty(ax, all_kept(n_kept))
        _draw(ax, cells)
        ax.set_xlabel(_left_out(n_open - n, n_kept, revised=cells["revised"].any()), fontsize=10)
    return ax


def _draw(ax: Axes, cells: pd.DataFrame) -> None:
    columns = cells.droplevel("column").drop_duplicates("column").sort_values("column")
    place = {column: number for number, column in enumerate(columns["column"])}
    size = 10 if len(place) <= 6 else 8.5 if len(place) <= 8 else 6.8
    for cell in cells.itertuples():
        x, frame = place[cell.column], style.INK if turned(cell) else style.PAPER
        box = {"facecolor": _tint(style.VERDICTS[cell.verdict]), "edgecolor": frame, "linewidth": _FRAME}
        ax.add_patch(Rectangle((x - 0.46, cell.row - 0.42), 0.92, 0.84, zorder=3 if turned(cell) else 2, **box))
        word = _IN_CELLS[cell.verdict] + ("*" if cell.revised else "")
        small = size * (0.78 if "\n" in word else 1)
        ax.text(x, cell.row, word, ha="center", va="center", fontsize=small, color=style.INK, zorder=4, linespacing=1)
    names = cells.droplevel(["row", "column"]).groupby("row").head(1).index
    style.name_rows(ax, [promise_name(*promise).replace(" (", "  (") for promise in names])
    ax.set_xlim(-0.6, len(place) - 0.4)
    ax.set_xticks(range(len(place)), columns["period"])
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0, labelsize=11 if len(place) <= 8 else 8.5)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    _legend(ax, cells)


def _legend(ax: Axes, cells: pd.DataFrame) -> None:
    there = [verdict for verdict in VERDICTS if verdict in set(cells["verdict"])]
    looks = [Rectangle((0, 0), 0, 0, facecolor=_tint(style.VERDICTS[v]), label=VERDICTS[v]) for v in there]
    if any(turned(cell) for cell in cells.itertuples()):
        frame = {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": _FRAME}
        looks.append(Rectangle((0, 0), 0, 0, **frame, label="Other than the period before"))
    for look in looks:
        ax.add_patch(look)
    style.legend_below(ax, ncols=len(looks))


def _tint(colour: str) -> tuple[float, ...]:
    """The colour on paper, pale enough for words on it."""
    return tuple(0.45 * part + 0.55 for part in to_rgb(colour))


def _left_out(n_more: int, n_kept: int, *, revised: bool) -> str:
    parts = ["* revised by a later report"] if revised else []
    parts += [f"{n_more:,} more were not met throughout"] if n_more > 0 else []
    return "; ".join([*parts, f"{n_kept:,} more were met in every period"] if n_kept else parts)
