"""Readiness: a matrix of services and checks, what failed or is unknown with its evidence, and a sentence."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import DisplayTable, display_table
from continuity_analysis.figures.drawn_data import keeps_data
from continuity_analysis.figures.readiness_words import CHECKS, RESULTS, what_to_do
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.models.readiness import count_results

SERVICES_AT_MOST = 40
_NOTHING = "No service is known, so that nothing can be checked."
_LOOKS = {
    "FAIL": (style.ORANGE, "✗", style.PAPER),
    "UNKNOWN": ("#e4e8ec", "?", style.MUTED),
    "PASS": (style.GREEN, "✓", style.PAPER),
    "NOT_APPLICABLE": (style.PAPER, "–", style.MUTED),
}


@keeps_data
def plot_readiness(checks: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Services against checks: failed, unknown, passed or not applicable, by colour and by symbol.

    Parameters
    ----------
    checks : DataFrame
        As `continuity_analysis.readiness` returns it. The 40 services with most failures are shown.
    ax : Axes, optional
    """
    counts = count_results(checks)
    services = counts["service"].head(SERVICES_AT_MOST).to_list()
    names = [c for c in CHECKS if c in set(checks["check"])]
    codes = checks.assign(code=checks["result"].map(list(RESULTS).index).astype("int64"))
    grid = codes.pivot(index="service", columns="check", values="code").reindex(index=services, columns=names)
    with style.applied():
        ax = style.axes_for(ax, height=2.6 + 0.3 * max(len(services), 2))
        if grid.empty:
            return style.say_empty(ax, _NOTHING)
        _draw(ax, grid.to_numpy())
        style.name_rows(ax, services)
        ax.set_ylim(len(services) - 0.5, -0.5)
        ax.set_xticks(range(len(names)), [CHECKS[c] for c in names], rotation=40, ha="left", rotation_mode="anchor")
        ax.xaxis.tick_top()
        ax.tick_params(axis="x", length=0)
        ax.set_xlabel(_shown(len(services), len(counts)))
        _legend(ax, counts)
    return ax


def readiness_table(checks: pd.DataFrame) -> DisplayTable:
    """What failed, one by one, then what is unknown, alike ones as one row; each with its evidence and what to do."""
    open_ = checks[checks["result"].isin(["FAIL", "UNKNOWN"])]
    todo = [what_to_do(c, r) for c, r in zip(open_["check"], open_["result"], strict=True)]
    rows = open_.assign(todo=pd.array(todo, dtype="str"), name=open_["check"].map(CHECKS))
    failed = rows[rows["result"] == "FAIL"].assign(services=lambda f: f["service"])
    rows = pd.concat([failed, _alike(rows[rows["result"] == "UNKNOWN"])], ignore_index=True)
    rows = rows.assign(result=rows["result"].map(RESULTS), evidence_at=rows["evidence_at"])
    columns = {
        "result": ("Result", "text"),
        "services": ("Service", "text"),
        "name": ("Check", "text"),
        "asks": ("Asked", "text"),
        "evidence": ("Evidence", "text"),
        "evidence_at": ("Rests on", "moment"),
        "todo": ("What to do", "text"),
    }
    n_fail, n_unknown = ((checks["result"] == r).sum() for r in ("FAIL", "UNKNOWN"))
    caption = f"Readiness: {n_fail:,} checks that failed, and {n_unknown:,} that are unknown"
    return display_table(rows, columns, caption=caption if len(checks) else _NOTHING)


def readiness_sentence(checks: pd.DataFrame) -> Sentence:
    """How many checks failed, are unknown and passed, where most fail, and which check fails most often."""
    if checks.empty:
        return Sentence(_NOTHING)
    counts = count_results(checks)
    fail, unknown, passed = (int(counts[f"n_{r}"].sum()) for r in ("fail", "unknown", "pass"))
    text = f"**Of {fail + unknown + passed} checks that apply to {len(counts)} services, {fail} failed, {unknown} are "
    text += f"unknown and {passed} passed**"
    if not fail:
        return Sentence(text + ("." if not unknown else "; what is unknown counts as neither."))
    often = checks.loc[checks["result"] == "FAIL", "check"].value_counts().sort_index().sort_values(
        ascending=False, kind="stable").head(3)  # fmt: skip
    said = ", ".join(f"{CHECKS[c].lower()} ({n} of {len(counts)} services)" for c, n in often.items())
    worst = counts.iloc[0]
    return Sentence(f"{text}. Most fail for **{worst['service']}** ({worst['n_fail']}); most often failed: {said}.")


def _draw(ax: Axes, grid: np.ndarray) -> None:
    colours = ListedColormap([colour for colour, *_ in _LOOKS.values()])
    edges = [np.arange(n + 1) - 0.5 for n in grid.shape[::-1]]
    filled = np.ma.masked_invalid(grid)
    ax.pcolormesh(*edges, filled, cmap=colours, vmin=-0.5, vmax=3.5, edgecolors=style.PAPER, linewidth=1.5)
    looks = list(_LOOKS.values())
    for (row, column), code in np.ndenumerate(grid):
        if not np.isnan(code):
            _, symbol, ink = looks[int(code)]
            ax.text(column, row, symbol, ha="center", va="center", color=ink, fontsize=11)
    ax.grid(visible=False)
    for side in ax.spines.values():
        side.set_visible(False)


def _legend(ax: Axes, counts: pd.DataFrame) -> None:
    """What each colour and symbol stands for, and how often it is there among all services."""
    for result, (colour, symbol, _) in _LOOKS.items():
        n = int(counts[f"n_{result.lower()}"].sum())
        label = f"{symbol}  {RESULTS[result]} ({n:,})"
        ax.scatter([], [], marker="s", s=110, color=colour, edgecolor=style.GRID, label=label)
    style.legend_below(ax, ncols=len(_LOOKS))


def _shown(shown: int, n: int) -> str:
    return f"the {shown} of {n:,} services with most failures" if shown < n else ""


def _alike(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for all checks and services that are unknown for the same reason."""
    keys = ["check", "asks", "evidence", "todo", "name", "result"]
    per_check = rows.groupby(keys, sort=False, as_index=False).agg(
        services=("service", lambda s: ", ".join(sorted(s))), evidence_at=("evidence_at", "min")
    )
    together = ["evidence", "todo", "services", "result"]
    return per_check.groupby(together, sort=False, as_index=False).agg(
        name=("name", ", ".join), asks=("asks", ", ".join), evidence_at=("evidence_at", "min")
    )
