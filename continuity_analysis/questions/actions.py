"""What to do next: broken promises, findings of drills that are open, guidelines that are not kept."""

import numpy as np
import pandas as pd

from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.drill_findings import drill_findings
from continuity_analysis.questions.promises import by_kind_and_tier
from continuity_analysis.questions.readiness import readiness
from continuity_analysis.questions.scorecard import RATIOS, scorecard

OBJECTIVE, FINDING, CHECK = "objective", "finding", "check"
SOURCES = (OBJECTIVE, FINDING, CHECK)
"""What an action follows from, in the order in which they are listed."""
COLUMNS = ("source", "subject", "service", "tier", "evidence", "n", "since")


def actions(logs, period, *, card: pd.DataFrame | None = None) -> pd.DataFrame:
    """What is broken or open at the end of a period, and so asks for something to be done.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        As `read_period` understands it.
    card : DataFrame, optional
        What `scorecard` answered for the same, where it was asked already.

    Returns
    -------
    DataFrame
        One row per action: source (one of `SOURCES`), subject (the objective that is breached, the finding that is
        open, or the check of readiness that failed), service, tier, evidence (in words), n (what it rests on: as in
        the scorecard, or how often it was found; missing for checks) and since: the begin of the period, or of the one
        before if that missed the target too; when a finding was first made; the oldest moment a check rests on. In the
        order of `SOURCES`, then by tier. Findings are not listed again as the check that asks whether they are closed.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    card = scorecard(logs, window) if card is None else card
    found = [
        _breached(card, window),
        _open_findings(drill_findings(logs, period=window)),
        _failed(readiness(logs, period=window)),
    ]
    return by_kind_and_tier(found, logs.catalog, kind="source", kinds=SOURCES)[list(COLUMNS)]


def _breached(card: pd.DataFrame, window: Period) -> pd.DataFrame:
    rows = card[card["verdict"] == "BREACHED"]
    missed_low = rows["objective"].isin(RATIOS) & (rows["previous"] < rows["target"])
    missed = missed_low | (~rows["objective"].isin(RATIOS) & (rows["previous"] > rows["target"]))
    since = np.where(missed.fillna(False), window.previous().start, window.start)
    return rows[["service", "n"]].assign(
        source=OBJECTIVE, subject=rows["objective"], evidence=rows["reason"], since=pd.to_datetime(since, utc=True)
    )


def _open_findings(findings: pd.DataFrame) -> pd.DataFrame:
    rows = findings[findings["state"] == "open"]
    told = [f"found in {n} of {of} recoveries" for n, of in zip(rows["n"], rows["n_recoveries"], strict=True)]
    back = rows["after_fix"].map({True: ", again after it was said to be fixed", False: ""}).astype("str")
    evidence = pd.Series(told, index=rows.index, dtype="str") + back
    return rows[["service", "n"]].assign(
        source=FINDING, subject=rows["finding"], evidence=evidence, since=rows["first_at"]
    )


def _failed(checks: pd.DataFrame) -> pd.DataFrame:
    rows = checks[(checks["result"] == "FAIL") & (checks["check"] != "findings_closed")]
    return rows[["service", "evidence"]].assign(source=CHECK, subject=rows["check"], n=pd.NA, since=rows["evidence_at"])
