"""What may go wrong next: promises that hang by a thread, time without protection, proof that runs out."""

import pandas as pd

from continuity_analysis.periods import read_period
from continuity_analysis.questions.promises import by_kind_and_tier, promises
from continuity_analysis.questions.recovery_point import recovery_point
from continuity_analysis.questions.recovery_time import recovery_time
from continuity_analysis.questions.scorecard import scorecard
from continuity_analysis.words import show

UNPROTECTED, AT_RISK, RUNS_OUT, UNPROVEN = "no backup to go back to", "at risk", "proof runs out", "not proven"
RISKS = (UNPROTECTED, AT_RISK, RUNS_OUT, UNPROVEN)
"""What the risks are called, in the order in which they are listed."""
COLUMNS = ("risk", "service", "tier", "objective", "evidence", "n", "since")


def risks(logs, period, *, card: pd.DataFrame | None = None) -> pd.DataFrame:
    """What the logs show that may break a promise next; what is broken already is among the `actions`.

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
        One row per risk: risk (one of `RISKS`), service, tier, objective (as in the scorecard), evidence (in words), n
        (what that rests on: failures, incidents, backups or recoveries) and since (the moment of the oldest evidence;
        missing: of the period). In the order of `RISKS`, then by tier.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    card = scorecard(logs, window) if card is None else card
    found = [
        _unprotected(recovery_point(logs, window)),
        _of_verdict(card, "AT_RISK", AT_RISK),
        _running_out(recovery_time(logs, period=window), logs, window),
        _of_verdict(card, "INSUFFICIENT", UNPROVEN),
    ]
    return by_kind_and_tier(found, logs.catalog, kind="risk", kinds=RISKS)[list(COLUMNS)]


def _of_verdict(card: pd.DataFrame, verdict: str, risk: str) -> pd.DataFrame:
    rows = card[card["verdict"] == verdict]
    return rows[["service", "objective", "n"]].assign(risk=risk, evidence=rows["reason"], since=pd.NaT)


def _unprotected(points: pd.DataFrame) -> pd.DataFrame:
    rows = points[(points["unprotected_share"] > 0).fillna(False)]
    shares = [f"no usable backup for {show(s, 'share')} of the time watched" for s in rows["unprotected_share"]]
    evidence = pd.Series(shares, index=rows.index, dtype="str")
    return rows[["service", "n"]].assign(risk=UNPROTECTED, objective="rpo", evidence=evidence, since=pd.NaT)


def _running_out(recovered: pd.DataFrame, logs, window) -> pd.DataFrame:
    """Services whose last proof of recovery will be too old to count before the next period is over."""
    age = promises(logs.catalog, recovered["service"])["evidence_max_age_days"].array
    until = recovered["last_proof_at"] + pd.to_timedelta(pd.array(age, dtype="float64"), unit="D")
    end = window.end + (window.end - window.start)
    soon = recovered["objective"].notna() & until.gt(window.end) & until.le(end)
    rows = recovered[soon.astype(bool)]
    said = [f"the last end-to-end recovery proves nothing after {day:%Y-%m-%d}" for day in until[soon.astype(bool)]]
    evidence = pd.Series(said, index=rows.index, dtype="str")
    return rows[["service", "n"]].assign(risk=RUNS_OUT, objective="rto", evidence=evidence, since=rows["last_proof_at"])
