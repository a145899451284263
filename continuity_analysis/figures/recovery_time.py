"""How long recovery takes: every drill and recovery by phase."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from continuity_analysis.figures import style
from continuity_analysis.figures.charts import editable
from continuity_analysis.figures.drawn_data import keeps_data

PHASES = {
    "detect_hours": ("detect", style.SKY),
    "declare_hours": ("declare", style.BLUE),
    "start_hours": ("start", style.PURPLE),
    "restore_data_hours": ("restore data", style.AMBER),
    "bring_back_hours": ("bring back service", style.GREEN),
}
ENDINGS = {"failed": "failed: never restored", "aborted": "aborted", "running": "still running"}


@keeps_data
def plot_phases(
    phases: pd.DataFrame, *, within_hours: float | None = None, n: int = style.ROWS_AT_MOST, ax: Axes | None = None
) -> Axes:
    """Recoveries and drills, newest first, each as its phases one after another.

    Parameters
    ----------
    phases : DataFrame
        As `continuity_analysis.recovery_phases` returns it. Restores of data without a recorded disruption are drawn
        only where there is nothing else; they are counted otherwise.
    within_hours : float, optional
        An RTO [h], drawn as a line.
    n : int
        Recoveries shown at most.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    whole = phases[phases["disrupted_at"].notna()]
    shown = whole if len(whole) else phases
    shown = shown.assign(began=shown["disrupted_at"].fillna(shown["started_at"]))
    rows = shown.sort_values("began", ascending=False).head(n).reset_index(drop=True)
    with style.applied():
        ax = style.axes_for(ax, height=style.height_of_rows(len(rows)))
        if rows.empty:
            return style.say_empty(ax, "No drill or recovery was seen.")
        end = _stack(ax, rows)
        ended = rows["status"].map(ENDINGS)
        for y in np.flatnonzero(ended.notna()):
            ax.text(end[y], y, f"  ✕ {ended[y]}", va="center", fontsize=9, color=style.ORANGE, fontweight="bold")
        if within_hours:
            ax.axvline(within_hours, color=style.INK, linestyle="--", linewidth=1.3, label="objective")
        style.name_rows(ax, [_label(r) for r in rows.itertuples()])
        ax.set_xlim(0, max(end.max(), within_hours or 0) * 1.18 + 0.01)
        ax.set_xlabel(f"hours since the {'disruption' if len(whole) else 'restore began: no disruption is recorded'}")
        ax.set_title(
            _left_out(len(shown) - len(rows), _different(phases) - _different(shown)), fontsize=10, color=style.MUTED
        )
        style.legend_below(ax, ncols=6)
    return editable(ax, number="0.0")


def _different(phases: pd.DataFrame) -> int:
    """How many recoveries: one that concerns several services has a row for each."""
    return phases["recovery_id"].nunique()


def _left_out(older: int, data_only: int) -> str:
    parts = [f"{older} older ones"] if older else []
    parts += [f"{data_only} restores of data without a recorded disruption"] if data_only else []
    return f"not shown: {' and '.join(parts)}" if parts else ""


def _stack(ax: Axes, rows: pd.DataFrame) -> np.ndarray:
    """Draw the phases; return where each bar ends [h]."""
    left = np.zeros(len(rows))
    y = np.arange(len(rows))
    for column, (label, colour) in PHASES.items():
        width = rows[column].astype(float).fillna(0).clip(lower=0).to_numpy()
        if width.any():
            ax.barh(y, width, left=left, height=0.62, color=colour, label=label)
            left = left + width
    total = rows["total_hours"].astype(float).to_numpy()
    rest = np.where(np.isfinite(total), np.clip(total - left, 0, None), 0)
    if (rest > 1e-9).any():
        ax.barh(y, rest, left=left, height=0.62, color=style.GRID, label="phase not recorded")
    return left + rest


def _label(row) -> str:
    when = "" if pd.isna(row.began) else f"{row.began:%Y-%m-%d}  "
    return f"{'✕ ' if row.status == 'failed' else ''}{when}{row.service} ({row.kind})"
