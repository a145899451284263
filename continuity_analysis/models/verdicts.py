"""How rules become a verdict: the first that holds decides, and its sentence is the reason."""

import numpy as np
import pandas as pd

from continuity_analysis.words import show_all

REQUIRED_CHANCE = 0.9
VERDICTS = ("BREACHED", "AT_RISK", "INSUFFICIENT", "MET", "NOT_SET")  # worst first


def judged(estimates: pd.DataFrame, objective: np.ndarray, rules: list, *, unfinished: np.ndarray) -> pd.DataFrame:
    """The estimates with objective, verdict, provisional and reason.

    Parameters
    ----------
    estimates : DataFrame
        Optionally with `chance_next_period`, `required_chance` (0.9 where it is null) and `chance_basis` (words that
        follow the chance): what is met, but with a smaller chance to be met next period than required, is AT_RISK.
    objective : array of float
        The target; NaN: not set.
    rules : list of (condition, verdict, sentence)
        Conditions and sentences are arrays of one per row, or one for all.
    unfinished : array of bool
        True where the period is not over; what is not breached by then is provisional.
    """
    n = len(estimates)
    holds = [np.broadcast_to(np.asarray(when, dtype=bool), n) for when, _, _ in rules]
    verdict = np.select(holds, [np.full(n, v, dtype=object) for _, v, _ in rules], "")
    reason = np.select(holds, [np.broadcast_to(np.asarray(r, dtype=object), n) for *_, r in rules], "")
    chance = column(estimates, "chance_next_period", default=np.nan)
    required = column(estimates, "required_chance", default=REQUIRED_CHANCE)
    at_risk = (verdict == "MET") & (chance < np.where(np.isnan(required), REQUIRED_CHANCE, required))
    basis = estimates.get("chance_basis", pd.Series("", estimates.index)).to_numpy(object)
    foreseen = reason + np.asarray("; chance to meet it next period " + percent(chance), dtype=object) + basis
    return estimates.assign(
        objective=objective,
        verdict=pd.array(np.where(at_risk, "AT_RISK", verdict), dtype="str"),
        provisional=unfinished & ~np.isin(verdict.astype(str), ("BREACHED", "NOT_SET")),
        reason=pd.array(np.where(at_risk, foreseen, reason), dtype="str"),
    )


def column(estimates: pd.DataFrame, name: str, default=None) -> np.ndarray:
    """A column as floats, unknown as NaN; `default` where there is none of that name.

    Raises
    ------
    KeyError
        If there is no such column and no default.
    """
    if name in estimates or default is None:
        return estimates[name].to_numpy(dtype=float, na_value=np.nan)
    return reals(default, len(estimates))


def reals(values, n: int) -> np.ndarray:
    """One float per row from one for all, one each, or None (NaN)."""
    given = pd.array(np.atleast_1d(np.nan if values is None else values), dtype="Float64")
    return np.broadcast_to(given.to_numpy(dtype=float, na_value=np.nan), n).copy()


def flags(values, n: int) -> np.ndarray:
    """One bool per row from one for all or one each."""
    return np.broadcast_to(np.asarray(values, dtype=bool), n)


def percent(values: np.ndarray) -> pd.Series:
    """Shares in words, such as 99.9 %."""
    return show_all(values, "ratio")


def hours(values: np.ndarray) -> pd.Series:
    """Durations [h] in words, such as 4 h 30 min."""
    return show_all(values, "hours")


def count(values: np.ndarray) -> pd.Series:
    """Counts in words; what is not known counts none."""
    return show_all(pd.Series(values).fillna(0), "count")
