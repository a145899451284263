"""The history of verdicts: promises against periods as a figure and a table, what was revised, and a sentence."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from continuity_analysis.figures import style
from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS, DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence

PERIODS_AT_MOST = 12
_NEVER = "No report has judged an objective yet."
_FIRST = (
    "**No verdict of an earlier report is on record.** A report made with --store keeps what it said in the store, and "
    "the next one shows it beside its own; logs read from files keep no history."
)
_IN_CELLS = VERDICTS | {"INSUFFICIENT": "Not enough\nevidence"}
_NAMED = 6
_PROMISE = "Service and objective"
_FRAME = 1.2


def plot_verdict_history(history: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Verdicts of up to 12 periods, in words and colour; what differs from the period before has a frame.

    Parameters
    ----------
    history : DataFrame
        As `continuity_analysis.verdict_history` returns it. Promises kept in every period are counted, not drawn; of
        the others the 30 worst are.
    ax : Axes, optional
    """
    cells, n_kept = _cells(history, n_periods=PERIODS_AT_MOST)
    rows = cells.index.unique(level="row")
    with style.applied():
        ax = style.axes_for(ax, height=1.9 + 0.36 * max(min(len(rows), style.ROWS_AT_MOST), 2))
        if not len(rows):
            return style.say_empty(ax, _all_kept(n_kept))
        _draw(ax, cells[cells.index.get_level_values("row") < style.ROWS_AT_MOST])
        ax.set_xlabel(_left_out(len(rows), n_kept, revised=cells["revised"].any()), fontsize=10)
    return ax


def verdict_matrix(history: pd.DataFrame, *, n_periods: int = 6) -> DisplayTable:
    """Verdicts of the newest periods side by side: a row per promise that was not kept in all of them, worst first.

    Parameters
    ----------
    history : DataFrame
        As `continuity_analysis.verdict_history` returns it; of each period the newest word counts. A cell says what
        the verdict was in the period before where that was another one, and whether a later report of the same period
        revised it.
    n_periods : int
        Periods to show, the newest first.
    """
    cells, n_kept = _cells(history, n_periods=n_periods)
    if cells.empty:
        return DisplayTable(_all_kept(n_kept), (_PROMISE,), ())
    words = pd.Series([_words(cell) for cell in cells.itertuples()], index=cells.index)
    table = words.unstack("column").fillna("—").sort_index(level="row").iloc[:, ::-1]
    names = cells.droplevel("column").drop_duplicates("column").set_index("column")["period"][table.columns]
    rows = [(_name(*promise), *texts) for promise, texts in zip(table.index, table.to_numpy().tolist(), strict=True)]
    caption = "Verdicts by the newest report of each period, worst first"
    caption += f"; {n_kept:,} more were met in all of these" if n_kept else ""
    places = tuple(range(1, 1 + len(names)))
    return DisplayTable(caption, (_PROMISE, *names), tuple(rows), ((None,) * (1 + len(names)),) * len(rows), places)


def revised_verdicts_table(history: pd.DataFrame) -> DisplayTable:
    """Where a later report said otherwise of the same period, and what is known to be other; both stay on record."""
    rows = history[history["differs"].notna()]
    rows = rows.assign(objective=rows["objective"].map(OBJECTIVES), was=rows["before"].map(VERDICTS))
    columns = {
        "period": ("Period", "text"),
        "service": ("Service", "text"),
        "objective": ("Objective", "text"),
        "was": ("Was", "text"),
        "verdict": ("Verdict", "text"),
        "target": ("Target", "unit"),
        "achieved": ("Achieved", "unit"),
        "differs": ("What is other", "text"),
        "judged_at": ("Said at", "moment"),
    }
    caption = "What a later report said otherwise of the same period; both stay on record"
    return display_table(rows, columns, caption=caption if len(rows) else "No report said otherwise of a period before")


def verdict_history_sentence(history: pd.DataFrame) -> Sentence:
    """How many promises were kept in every period, and what began or ceased to be breached in the newest one."""
    if history.empty:
        return Sentence(_NEVER)
    if history["judged_at"].isna().all():
        return Sentence(_FIRST)
    cells, n_kept = _cells(history, n_periods=PERIODS_AT_MOST)
    newest = history[history["newest"]]
    n, periods = len(newest.drop_duplicates(["service", "objective"])), newest["period"].nunique()
    kept = f"{n_kept} {'was' if n_kept == 1 else 'were'} kept in every period on record"
    text = f"**Of {n} promises, {kept} ({min(periods, PERIODS_AT_MOST)})**."
    last = cells[cells["column"] == cells["column"].max()] if len(cells) else cells
    text += _turned("Breached in the newest, not before", last, now="verdict", before="previous")
    text += _turned("No longer breached", last, now="previous", before="verdict")
    n_revised = int(history["differs"].notna().sum())
    times = "once" if n_revised == 1 else f"{n_revised:,} times"
    return Sentence(text + (f" A later report of the same period said otherwise {times}." if n_revised else ""))


def _cells(history: pd.DataFrame, *, n_periods: int) -> tuple[pd.DataFrame, int]:
    """One row per promise and period with a verdict, of promises not kept in all; and how many were kept in all.

    Index: service, objective, row (0 the worst), column (0 the oldest). Columns: period, column, verdict, provisional,
    previous (the verdict of the period before, as far as there is one) and revised.
    """
    ends = ["period_until_at", "period_from_at", "period"]
    promise = ["service", "objective"]
    revised = history[history["differs"].notna()].set_index([*promise, *ends[:2]]).index
    cells = history[history["newest"]].sort_values(ends, kind="stable")
    cells = cells.assign(column=cells.groupby(ends).ngroup())
    cells = cells[cells["column"] > cells["column"].max() - n_periods]
    cells["previous"] = cells.groupby(promise)["verdict"].shift()
    cells["revised"] = cells.set_index([*promise, *ends[:2]]).index.isin(revised)
    places = cells["verdict"].map({verdict: place for place, verdict in enumerate(VERDICTS)}).astype("int64")
    each = cells.assign(now=places, badness=4.0**-places).groupby(promise).agg(
        now=("now", "last"), badness=("badness", "sum"), best=("now", "min"))  # fmt: skip
    open_ = each[each["best"] != list(VERDICTS).index("MET")].reset_index()
    open_ = open_.sort_values(["now", "badness", *promise], ascending=[True, False, True, True], ignore_index=True)
    kept = cells.merge(open_[promise].assign(row=open_.index), on=promise)
    kept = kept.set_index([*promise, "row", "column"], drop=False)[
        ["period", "row", "column", "verdict", "provisional", "previous", "revised"]
    ]
    return kept.sort_index(level=["row", "column"]), len(each) - len(open_)


def _words(cell) -> str:
    text = VERDICTS[cell.verdict] + (", provisional" if cell.provisional is True else "")
    text += f", was {VERDICTS[cell.previous].lower()}" if _differs(cell) else ""
    return text + (", revised" if cell.revised else "")


def _differs(cell) -> bool:
    return pd.notna(cell.previous) and cell.previous != cell.verdict


def _draw(ax: Axes, cells: pd.DataFrame) -> None:
    columns = cells.droplevel("column").drop_duplicates("column").sort_values("column")
    place = {column: number for number, column in enumerate(columns["column"])}
    size = 10 if len(place) <= 6 else 8.5 if len(place) <= 8 else 6.8
    for cell in cells.itertuples():
        x, frame = place[cell.column], style.INK if _differs(cell) else style.PAPER
        box = {"facecolor": _tint(style.VERDICTS[cell.verdict]), "edgecolor": frame, "linewidth": _FRAME}
        ax.add_patch(Rectangle((x - 0.46, cell.row - 0.42), 0.92, 0.84, zorder=3 if _differs(cell) else 2, **box))
        word = _IN_CELLS[cell.verdict] + ("*" if cell.revised else "")
        small = size * (0.78 if "\n" in word else 1)
        ax.text(x, cell.row, word, ha="center", va="center", fontsize=small, color=style.INK, zorder=4, linespacing=1)
    names = cells.droplevel(["row", "column"]).groupby("row").head(1).index
    style.name_rows(ax, [_name(*promise).replace(" (", "  (") for promise in names])
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
    if any(_differs(cell) for cell in cells.itertuples()):
        frame = {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": _FRAME}
        looks.append(Rectangle((0, 0), 0, 0, **frame, label="Other than the period before"))
    for look in looks:
        ax.add_patch(look)
    style.legend_below(ax, ncols=len(looks))


def _tint(colour: str) -> tuple[float, ...]:
    """The colour on paper, pale enough for words on it."""
    return tuple(0.45 * part + 0.55 for part in to_rgb(colour))


def _turned(words: str, cells: pd.DataFrame, *, now: str, before: str) -> str:
    """A sentence on the promises that are breached on one side only; empty where there is none."""
    found = cells[(cells[now] == "BREACHED") & cells[before].notna() & (cells[before] != "BREACHED")]
    names = [_name(*promise) for promise in found.index]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f" {words}: {', '.join(names[:_NAMED])}{more}." if names else ""


def _name(service: str, objective: str, *_) -> str:
    return f"{service} ({OBJECTIVES[objective].split(' (')[0].lower()})"


def _all_kept(n_kept: int) -> str:
    return f"All promises ({n_kept:,}) were kept in every period on record" if n_kept else _NEVER.removesuffix(".")


def _left_out(n_rows: int, n_kept: int, *, revised: bool) -> str:
    parts = ["* revised by a later report"] if revised else []
    parts += [f"{n_rows - style.ROWS_AT_MOST:,} more were not met throughout"] if n_rows > style.ROWS_AT_MOST else []
    return "; ".join([*parts, f"{n_kept:,} more were met in every period"] if n_kept else parts)
