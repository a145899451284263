"""The history of verdicts in words: promises against periods, what was revised, and a sentence."""

import pandas as pd

from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS, DisplayTable, display_table
from continuity_analysis.figures.sentences import Sentence
from continuity_analysis.words import few

PERIODS_AT_MOST = 12
_NEVER = "No report has judged an objective yet."
_FIRST = (
    "**No verdict of an earlier report is on record.** A report made with --store keeps what it said in the store, and "
    "the next one shows it beside its own; logs read from files keep no history."
)
_AS_SAID = "Earlier verdicts stand as each report gave them, by its objectives; a difference may be chance."
_NAMED = 6
_PROMISE = "Service and objective"


def verdict_matrix(history: pd.DataFrame, *, n: int | None = None, n_periods: int = 6) -> DisplayTable | None:
    """Verdicts of the newest periods side by side: a row per promise that was not kept in all of them, worst first.

    Parameters
    ----------
    history : DataFrame
        As `continuity_analysis.verdict_history` returns it; of each period the newest word counts. A cell says what
        the verdict was in the period before where that was another one, and whether a later report of the same period
        revised it.
    n : int, optional
        Promises to show, the worst ones; all of them if not given.
    n_periods : int
        Periods to show, the newest first.

    Returns
    -------
    DisplayTable, optional
        None where no earlier report is on record, as `verdict_history_sentence` says.
    """
    if _is_first(history):
        return None
    cells, n_kept = cells_of(history, n_periods=n_periods)
    if cells.empty:
        return DisplayTable(all_kept(n_kept), (_PROMISE,), ())
    words = pd.Series([_words(cell) for cell in cells.itertuples()], index=cells.index)
    table = words.unstack("column").fillna("—").sort_index(level="row").iloc[:, ::-1]
    names = cells.droplevel("column").drop_duplicates("column").set_index("column")["period"][table.columns]
    rows = [
        (promise_name(*promise), *texts) for promise, texts in zip(table.index, table.to_numpy().tolist(), strict=True)
    ]
    which = f"the {n:,} worst of {len(rows):,} promises not kept in all" if n and n < len(rows) else "worst first"
    caption = f"Verdicts by the newest report of each period, {which}"
    caption += f"; {n_kept:,} more were met in all of these" if n_kept else ""
    places = tuple(range(1, 1 + len(names)))
    rows = tuple(rows[:n])
    return DisplayTable(caption, (_PROMISE, *names), rows, ((None,) * (1 + len(names)),) * len(rows), places)


def revised_verdicts_table(history: pd.DataFrame) -> DisplayTable | None:
    """Where a later report said otherwise of the same period, and what is known to be other; None where none did."""
    rows = history[history["differs"].notna()]
    if rows.empty:
        return None
    rows = rows.assign(
        objective=rows["objective"].map(lambda o: OBJECTIVES.get(o, o)).astype("str"), was=rows["before"].map(VERDICTS)
    )
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
    return display_table(rows, columns, caption=caption)


def verdict_history_sentence(history: pd.DataFrame) -> Sentence:
    """How many promises were kept in every period, and what began or ceased to be breached in the newest one."""
    if history.empty:
        return Sentence(_NEVER)
    if _is_first(history):
        return Sentence(_FIRST)
    cells, n_kept = cells_of(history, n_periods=PERIODS_AT_MOST)
    newest = history[history["newest"]]
    n, periods = len(newest.drop_duplicates(["service", "objective"])), newest["period"].nunique()
    kept = f"{n_kept} {'was' if n_kept == 1 else 'were'} kept in every period on record"
    text = f"**Of {n} promises, {kept} ({min(periods, PERIODS_AT_MOST)})**."
    last = cells[cells["column"] == cells["column"].max()] if len(cells) else cells
    text += _turned("Breached in the newest, not before", last, now="verdict", before="previous")
    text += _turned("No longer breached", last, now="previous", before="verdict")
    n_revised = int(history["differs"].notna().sum())
    times = "once" if n_revised == 1 else f"{n_revised:,} times"
    text += f" A later report of the same period said otherwise {times}." if n_revised else ""
    return Sentence(f"{text} {_AS_SAID}")


def _is_first(history: pd.DataFrame) -> bool:
    """Whether no earlier report is on record; of the runs in a folder all are, and the moment is not asked."""
    return "judged_at" in history and bool(history["judged_at"].isna().all())


def cells_of(history: pd.DataFrame, *, n_periods: int) -> tuple[pd.DataFrame, int]:
    """One row per promise and period with a verdict, of promises not kept in all; and how many were kept in all.

    Parameters
    ----------
    history : DataFrame
        As `continuity_analysis.verdict_history` returns it.
    n_periods : int
        The newest ones.

    Returns
    -------
    tuple
        The rows, and the number. Index: service, objective, row (0 the worst), column (0 the oldest). Columns: period,
        row, column, verdict, provisional, previous (the verdict of the period before in which there was one), revised.
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
    shown = ["period", "row", "column", "verdict", "provisional", "previous", "revised"]
    kept = cells.merge(open_[promise].assign(row=open_.index), on=promise)
    kept = kept.set_index([*promise, "row", "column"], drop=False)[shown]
    return kept.sort_index(level=["row", "column"]), len(each) - len(open_)


def _words(cell) -> str:
    provisional = pd.notna(cell.provisional) and bool(cell.provisional)
    text = VERDICTS[cell.verdict] + (", provisional" if provisional else "")
    text += f", was {VERDICTS[cell.previous].lower()}" if turned(cell) else ""
    return text + (", revised" if cell.revised else "")


def turned(cell) -> bool:
    """Whether the verdict of a cell is another one than in the period before."""
    return pd.notna(cell.previous) and cell.previous != cell.verdict


def _turned(words: str, cells: pd.DataFrame, *, now: str, before: str) -> str:
    """A sentence on the promises that are breached on one side only; empty where there is none."""
    found = cells[(cells[now] == "BREACHED") & cells[before].notna() & (cells[before] != "BREACHED")]
    names = [promise_name(*promise) for promise in found.index]
    return f" {words}: {few(names, _NAMED)}." if names else ""


def promise_name(service: str, objective: str, *_) -> str:
    """A service and one of its objectives, such as "shop (recovery time)"."""
    return f"{service} ({OBJECTIVES.get(objective, objective).split(' (')[0].lower()})"


def all_kept(n_kept: int) -> str:
    """What is said where there is no promise that was not kept throughout."""
    return f"All promises ({n_kept:,}) were kept in every period on record" if n_kept else _NEVER.removesuffix(".")
