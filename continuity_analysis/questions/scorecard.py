"""Did we keep our promises? One row per service and objective, the worst first."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.once import once
from continuity_analysis.models.verdicts import VERDICTS
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions import achieved
from continuity_analysis.questions.changes import change_in_words, comparison_in_words
from continuity_analysis.questions.comparisons import compare_restoration
from continuity_analysis.questions.judged_exposure import PRIMARY
from continuity_analysis.questions.promises import promises

OBJECTIVES = {
    "availability": achieved.achieved_availability,
    "requests": achieved.achieved_requests,
    "latency": achieved.achieved_latency,
    "restore": achieved.achieved_restore,
    "rpo": achieved.achieved_rpo,
    "rto": achieved.achieved_rto,
    "mtpd": achieved.achieved_mtpd,
}
FORESEEN = ("availability", "rpo")
RATIOS = ("availability", "requests", "latency")
BACKUPS_ONLY = "of backups and logs only (corruption or attack)"
WITH_REPLICAS = "of backups, logs and replicas (loss of primary)"
UNSEEN = "nothing was seen that it could be judged by"
UNSET = "no objective is set"
COLUMNS = (
    "service", "tier", "objective", "target", "unit", "achieved", "expected", "expected_low", "expected_high",
    "verdict", "provisional", "reason", "n", "previous", "change", "coverage", "assumed", "definition",
)  # fmt: skip


def scorecard(logs, period) -> pd.DataFrame:
    """Every service's objectives: target, achieved, verdict, and the period before.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.

    Returns
    -------
    DataFrame
        One row per service and objective, also where none is set (verdict NOT_SET); the worst verdict first, then by
        tier. target, achieved, expected and previous are in `unit`: ratios 0 to 1, durations in seconds; achieved is a
        fact about the period (infinite: unprotected, or never restored), expected what a model can defend (null where
        none can). n is what it rests on, coverage the share of time watched, assumed and change are words.
    """
    return scored(logs, window=read_period(period, timezone=logs.timezone, as_of=logs.as_of)).copy()


@once
def scored(logs, *, window: Period) -> pd.DataFrame:
    """`scorecard`, worked out once; who asks leaves it as it is."""
    now, before = _achieved(logs, window), _achieved(logs, window.previous(), ahead=False)
    services = pd.Index(sorted({*logs.catalog.services, *_seen(logs, now)}), name="service", dtype="str")
    promised = promises(logs.catalog, services)
    tested = {"restore": comparison_in_words(compare_restoration(logs, window))}
    cards = [_card(o, now[o], before[o], promised, change=tested.get(o)) for o in OBJECTIVES]
    rows = pd.concat(cards, ignore_index=True)
    rows["provisional"] = (
        (rows["verdict"] != "NOT_SET") & (rows["verdict"] != "BREACHED") & bool(logs.as_of < window.end)
    )
    order = [rows["objective"].map({o: i for i, o in enumerate(OBJECTIVES)}), rows["service"]]
    order += [rows["tier"].fillna(np.iinfo(np.int32).max), rows["verdict"].map({v: i for i, v in enumerate(VERDICTS)})]
    return rows.iloc[np.lexsort([o.to_numpy() for o in order])].reset_index(drop=True)[list(COLUMNS)]


def _achieved(logs, window: Period, *, ahead: bool = True) -> dict[str, pd.DataFrame]:
    how = {objective: {"ahead": ahead} for objective in FORESEEN}
    return {objective: ask(logs, window, **how.get(objective, {})) for objective, ask in OBJECTIVES.items()}


def _seen(logs, answers: dict[str, pd.DataFrame]) -> set[str]:
    """Without a catalogue, everything seen is its own service."""
    return {name for rows in answers.values() for name in rows.index} if not logs.catalog.services else set()


def _card(
    objective: str, now: pd.DataFrame, before: pd.DataFrame, promised: pd.DataFrame, *, change=None
) -> pd.DataFrame:
    """The rows of one objective, for all services; a change that was tested in its own words, else stated untested."""
    rows = now.reindex(promised.index)
    target = rows["target"].astype(float).fillna(_target(objective, promised))
    unset = target.isna()
    previous = before.reindex(promised.index)
    stated = change_in_words(rows["achieved"], previous["achieved"], ratio=objective in RATIOS)
    words = stated if change is None else change.reindex(promised.index)
    missing = rows["verdict"].isna()
    rows = rows.assign(
        verdict=rows["verdict"].mask(missing, "INSUFFICIENT").mask(unset, "NOT_SET"),
        reason=rows["reason"].mask(missing, UNSEEN).mask(unset, UNSET),
        assumed=rows["assumed"] if "assumed" in rows else pd.Series(None, index=rows.index, dtype="str"),
    )
    about = {"objective": objective, "unit": "ratio" if objective in RATIOS else "seconds", "target": target}
    expected = {c: rows.get(c, np.nan) for c in achieved.EXPECTED}
    columns = {"tier": promised["tier"], "previous": previous["achieved"].astype(float), "change": words}
    rows = rows.assign(**about, **expected, **columns, definition=_definition(objective, promised))
    numbers = {"achieved": "float64", "coverage": "float64", "assumed": "str", "verdict": "str", "reason": "str"}
    return rows.assign(n=rows["n"].astype("Float64").fillna(0).round().astype("Int64")).astype(numbers).reset_index()


def _target(objective: str, promised: pd.DataFrame) -> pd.Series:
    """The target in its own unit, also for services of which nothing was seen."""
    if objective in ("availability", "requests"):
        return promised[objective]
    if objective == "latency":
        return promised["latency_share"]
    name = "mtpd_hours" if objective == "mtpd" else f"{objective}_within_hours"
    return promised[name] * achieved.SECONDS


def _definition(objective: str, promised: pd.DataFrame) -> pd.Series:
    """What `achieved` means, in a sentence."""
    shares = {"restore": promised["restore_share"].fillna(0.5), "rpo": promised["rpo_share"].fillna(1.0)}
    sentence = {
        "availability": "Share of the agreed hours that were watched in which the service was up.",
        "requests": "1 - failed / (total - rejected) of the requests of the period.",
        "latency": "Share of the requests served in the period that were answered within the limit.",
        "restore": "Time from start to restoration by which {} of the period's incidents were restored.",
        "rpo": "Age of the newest usable recovery point that was not exceeded for {} of the time watched, {}.",
        "rto": "The slowest evaluable recovery on record at the end of the period, from disruption to service.",
        "mtpd": "The longest single disruption that began in the period.",
    }[objective]
    if objective not in shares:
        return pd.Series(sentence, promised.index, dtype="str")
    percents = (100 * shares[objective]).map("{:.6g} %".format)
    points = promised["rpo_against"].eq(PRIMARY).map({True: WITH_REPLICAS, False: BACKUPS_ONLY})
    return pd.Series(map(sentence.format, percents, points), promised.index, dtype="str")
