"""How continuity guidelines are judged: of the conditions of a rule the first that holds decides, else it is unknown.

Every rule takes rows of parts of services (a workload, an asset, the service itself) with what is asked of their
service beside, and gives each a result and its evidence in words.
"""

import numpy as np
import pandas as pd

from continuity_analysis.models.verdicts import count

FAIL, UNKNOWN, PASS, NOT_APPLICABLE = "FAIL", "UNKNOWN", "PASS", "NOT_APPLICABLE"
_DAY = pd.Timedelta(days=1)


def ruled(rows: pd.DataFrame, rules: list, *, at: pd.Series) -> pd.DataFrame:
    """Result and evidence of each row: those of the first rule that holds, else unknown.

    Parameters
    ----------
    rows : DataFrame
        Columns service and part.
    rules : list of (condition, result, sentence)
        Conditions and sentences are arrays of one per row, or one for all; the last rule is for all that is left.
    at : Series
        The moment the evidence rests on.

    Returns
    -------
    DataFrame
        service, part, result, evidence, evidence_at.
    """
    n = len(rows)
    holds = [np.broadcast_to(np.asarray(when, dtype=bool), n) for when, _, _ in rules]
    words = [np.broadcast_to(np.asarray(text, dtype=object), n) for *_, text in rules]
    result = np.select(holds, [np.full(n, r, dtype=object) for _, r, _ in rules], UNKNOWN)
    evidence = pd.array(np.select(holds, words, ""), dtype="str")
    return rows[["service", "part"]].assign(result=pd.array(result, dtype="str"), evidence=evidence, evidence_at=at)


def rule_age(rows: pd.DataFrame, now: pd.Timestamp, *, last: str, limit: str, what: str) -> pd.DataFrame:
    """Something was done not longer ago than a limit; it failed only if that was recorded for as long as the limit.

    Parameters
    ----------
    rows : DataFrame
        `last` (moment; missing: never), recorded_from and recorded_until, and `limit` [days].
    now : Timestamp
    last, limit : str
        Names of columns.
    what : str
        What was done, such as "completed deployment".
    """
    at, longest = rows[last], days(rows, limit)
    silent = rows["recorded_until"] - at.fillna(rows["recorded_from"])
    span = "; recorded from " + date(rows["recorded_from"]) + " to " + date(rows["recorded_until"])
    span = span.where(rows["recorded_until"].notna().to_numpy(), "; since when such things are recorded is not known")
    done = f"last {what}" + on(at) + " (" + age_of(at, now) + " days before)"
    rules = [
        (at.isna() & (silent > longest), FAIL, f"no {what} is on record" + span),
        (at.isna(), UNKNOWN, f"no {what} is on record" + span),
        (now - at <= longest, PASS, done),
        (silent > longest, FAIL, done),
        (True, UNKNOWN, done + span),
    ]
    return ruled(rows, rules, at=at)


def old_sight(rows: pd.DataFrame, now: pd.Timestamp, column: str = "at") -> tuple:
    """What was seen too long ago says nothing of now."""
    limit = days(rows, "seen_max_age_days")
    return (now - rows[column] > limit, UNKNOWN, "last seen" + on(rows[column]) + ", too long before to tell")


def number(rows: pd.DataFrame, name: str) -> np.ndarray:
    """A column as floats, unknown as NaN."""
    return rows[name].to_numpy(dtype=float, na_value=np.nan)


def days(rows: pd.DataFrame, name: str) -> pd.Series:
    """A column of days as lengths of time."""
    return rows[name].astype(float) * _DAY


def date(moments: pd.Series) -> pd.Series:
    """Days in UTC, such as 2026-03-01."""
    return pd.Series(moments.dt.strftime("%Y-%m-%d").to_numpy(dtype=object), dtype="str").fillna("an unknown day")


def on(moments: pd.Series, word: str = "on") -> pd.Series:
    """Days in words, such as " on 2026-03-01"."""
    return f" {word} " + date(moments)


def age_of(moments: pd.Series, now: pd.Timestamp) -> pd.Series:
    """Whole days from moments until now, in words."""
    return count(np.floor((now - moments) / _DAY))
