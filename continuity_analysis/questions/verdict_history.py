"""What did earlier reports say of our promises? As each of them saw it, never judged again."""

import pandas as pd

from continuity_analysis import __version__
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.scorecard import scorecard

COLUMNS = (
    "period", "period_from_at", "period_until_at", "service", "objective", "target", "unit", "achieved", "verdict",
    "provisional", "reason", "n", "judged_at", "observed_at", "version", "catalog_id", "before", "differs", "newest",
)  # fmt: skip
_OBJECTIVE = ["service", "objective", "period_from_at", "period_until_at"]
_ORDER = ["period_until_at", "period_from_at", "service", "objective", "observed_at", "judged_at"]
_COMPARED = {
    "target": "target",
    "catalog_id": "services.yaml",
    "version": "version of the program",
    "observed_at": "moment it speaks of",
}
_ALIKE = 0.15


def verdict_history(logs, period=None, *, card: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every verdict that reports from the store gave, and what this one gives.

    `continuity report --store` keeps the verdicts of each report in the store. They stay as they were said: a later
    change of objectives, of the catalogue, of the program or of what the logs say makes another verdict beside them.
    Logs read from files have no such history.

    Parameters
    ----------
    logs : Logs
        Cut by its `known_at` (reports made up to then) and its `as_of` (reports that spoke of then or earlier).
    period : str, Period or pair of moments, optional
        Judged now and added, with `judged_at` null; only periods about as long as this one are then given (quarters
        beside quarters). Without it, all that is kept.
    card : DataFrame, optional
        What `scorecard` returned for that period, where it is at hand already.

    Returns
    -------
    DataFrame
        One row per report, service and objective, by period, service, objective, the moment it speaks of
        (`observed_at`) and `judged_at` [UTC]: an old report made again later is no newer word. target and achieved are
        in `unit` (ratio or seconds). before is the verdict that the report before gave of the same period, null for the
        first; differs says what was other then, null where both said the same; newest marks the last word on a period.
    """
    if period is None:
        return with_present(logs.verdicts)
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    card = scorecard(logs, window) if card is None else card
    return with_present(logs.verdicts, judgements(card, window, as_of=logs.as_of))


def judgements(card: pd.DataFrame, window: Period, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """The verdicts of a scorecard as rows of the canonical table `verdicts`, not yet said by any report.

    Parameters
    ----------
    card : DataFrame
        As `scorecard` returns it. An objective that is not set has no verdict.
    window : Period
    as_of : pandas.Timestamp
    """
    rows = card[card["verdict"] != "NOT_SET"]
    ends = {"period": window.name, "period_from_at": window.start, "period_until_at": window.end}
    moments = {"judged_at": pd.NaT, "observed_at": as_of}
    said = {name: pd.Series(m, rows.index, dtype="datetime64[us, UTC]") for name, m in moments.items()}
    return rows.assign(**ends, **said, version=__version__, catalog_id=None)


def with_present(recorded: pd.DataFrame, present: pd.DataFrame | None = None) -> pd.DataFrame:
    """The recorded verdicts and those being given, as `verdict_history` returns them.

    Parameters
    ----------
    recorded : DataFrame
        The canonical table `verdicts`.
    present : DataFrame, optional
        As `judgements` returns it.
    """
    rows = recorded.reindex(columns=COLUMNS[:-3])
    if present is not None and len(present):
        lengths = rows["period_until_at"] - rows["period_from_at"]
        ours = (present["period_until_at"] - present["period_from_at"]).iloc[0]
        alike = rows[((lengths / ours - 1).abs() <= _ALIKE).to_numpy(dtype=bool)]
        now = present.reindex(columns=rows.columns).astype(rows.dtypes.to_dict())
        rows = pd.concat([alike, now], ignore_index=True) if len(alike) else now
    rows = rows.sort_values(_ORDER, kind="stable", na_position="last", ignore_index=True)
    before = rows.groupby(_OBJECTIVE, sort=False)[["verdict", *_COMPARED]].shift()
    newest = ~rows.duplicated(_OBJECTIVE, keep="last")
    return rows.assign(before=before["verdict"], differs=_differs(rows, before), newest=newest)[list(COLUMNS)]


def _differs(rows: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """What is known to be other than in the report before, where the verdict is."""
    words = pd.Series("", rows.index, dtype="str")
    for column, name in _COMPARED.items():
        other = (rows[column] != before[column]) & rows[column].notna() & before[column].notna()
        words += other.fillna(False).map({True: f"{name}, ", False: ""})
    words = words.str.removesuffix(", ").mask(words == "", "what the logs say")
    return words.where(before["verdict"].notna() & (rows["verdict"] != before["verdict"])).astype("str")
