"""What a configuration lets one reckon with, and where that, what history lets expect, and what was achieved disagree.

An estimate from configuration is no measurement: it says what the objective would be kept to if everything went as
configured. Where the rates it needs are not known it is null, with the reason.
"""

from itertools import combinations

import numpy as np
import pandas as pd

from continuity_analysis.models.expected_availability import FEWEST
from continuity_analysis.models.redundancy import availability_of_redundant
from continuity_analysis.models.verdicts import count, hours
from continuity_analysis.words import show

NUMBERS = ("estimated", "expected", "achieved")
LIMITS = ("expected_low", "expected_high", "foreseen_low", "foreseen_high")
RATIO = "availability"
_OUTSIDE = "outside the 95 % interval of what is expected"
_AT_LEAST = "how long until it is usable is not known, so at least this"


def estimate_replicated(replicas: pd.DataFrame) -> pd.DataFrame:
    """Availability of k of n equal replicas that fail and are repaired independently of each other.

    Parameters
    ----------
    replicas : DataFrame
        One row per redundant service: service, required (k), n_parts (n), n (failures of single replicas), down_hours
        and up_hours (of all replicas together) [h].

    Returns
    -------
    DataFrame
        service, estimated (0 to 1; null from fewer than 10 failures: no rate can be defended), n, basis (in words, or
        why there is none).

    References
    ----------
    Trivedi (2002), ch. 8, by `availability_of_redundant`.
    """
    n, down, up = (replicas[c].to_numpy(float) for c in ("n", "down_hours", "up_hours"))
    enough = (n >= FEWEST) & (down > 0) & (up > 0)
    rates = zip(
        replicas["required"],
        replicas["n_parts"],
        n / np.where(up > 0, up, 1),
        n / np.where(down > 0, down, 1),
        strict=True,
    )
    known = [availability_of_redundant(int(k), int(of), failure_rate=f, repair_rate=r) if ok else np.nan
             for (k, of, f, r), ok in zip(rates, enough, strict=True)]  # fmt: skip
    parts = count(replicas["required"]) + " of " + count(replicas["n_parts"]) + " replicas must work"
    apart = parts + "; if they fail independently, each once in " + hours(up / np.maximum(n, 1))
    apart = apart + " for " + hours(down / np.maximum(n, 1))
    few = parts + "; failures of single replicas: " + count(n) + f", at least {FEWEST} are needed"
    return _estimates(replicas["service"], known, n, basis=apart.where(enough, few))


def estimate_scheduled(assets: pd.DataFrame) -> pd.DataFrame:
    """Largest exposure of a schedule in which no run fails: the longest time between due times, and until usable.

    Parameters
    ----------
    assets : DataFrame
        One row per service and asset it needs: service, part, then the columns of `measure_due_intervals` (null where
        no backup of it was ever seen and none is stated).

    Returns
    -------
    DataFrame
        service, estimated [s], n (due times in the period), basis: of the asset with the largest; null with the reason
        if it is not known of every asset.
    """
    n, apart, ready = (assets[c].to_numpy(float, na_value=np.nan) for c in ("n", "interval_hours", "ready_hours"))
    shipped = assets["continuous"].eq(True).fillna(False).to_numpy(bool)
    some = ~(shipped | np.isnan(apart))
    usable = ("usable " + hours(ready) + " after the moment it holds").where(~np.isnan(ready), _AT_LEAST)
    basis = np.select(
        [shipped, ~some],
        [assets["part"] + ": logs are shipped while they grow, which no schedule describes",
         assets["part"] + ": schedule not known: " + assets["reason"].fillna("no backup of it was ever seen")],
        assets["part"] + ": due at most every " + hours(apart) + " (" + assets["basis"].fillna("") + "), " + usable,
    )  # fmt: skip
    whole = _estimates(assets["service"], np.where(some, apart + np.nan_to_num(ready), np.nan) * 3600, n, basis=basis)
    first = whole.assign(known=some, place=-np.nan_to_num(whole["estimated"], nan=0.0))
    first = first.sort_values(["service", "known", "place"], kind="stable").drop_duplicates("service")
    return first.drop(columns=["known", "place"]).reset_index(drop=True)


def estimate_drilled(drills: pd.DataFrame) -> pd.DataFrame:
    """Recovery time by the plan as it was drilled: the median of drills that are not too old.

    Parameters
    ----------
    drills : DataFrame
        Result of `estimate_recovery_time`, of drills only.

    Returns
    -------
    DataFrame
        service, estimated with estimated_low and estimated_high (order statistics by Kaplan-Meier) [s], n, basis.
    """
    median, n = drills["median_hours"], drills["n_drills"].to_numpy(float)
    said = "median of drills: " + count(n) + "; never came back: " + count(drills["n_failed"])
    said = said.where(n > 0, "no drill that is not too old is on record")
    found = _estimates(drills["service"], median.to_numpy(float) * 3600, n, basis=said)
    ends = {f"estimated_{end}": drills[f"median_{end}"].to_numpy(float) * 3600 for end in ("low", "high")}
    return found.assign(**ends)


def compare_estimates(rows: pd.DataFrame, *, tolerance: float) -> pd.DataFrame:
    """Where estimated, expected and achieved disagree: in whether they meet the target, or by more than chance allows.

    What is expected has an interval where a model can defend it: what lies within it does not differ. Two that have
    none differ by more than a tolerance, which is a convention and no test.

    Parameters
    ----------
    rows : DataFrame
        objective, unit, target, estimated, expected, achieved; optionally the limits of what is expected:
        expected_low and expected_high for the estimate, foreseen_low and foreseen_high (in which a period as long lies)
        for the achieved.
    tolerance : float
        Share of what the target allows (its duration; of an availability, the unavailability it allows) by which two
        without an interval may differ; without a target, share of the larger of the two.

    Returns
    -------
    DataFrame
        The rows with agree (null: fewer than two are known) and disagreement (in words; null where there is none).
    """
    ratio = rows["objective"].eq(RATIO).to_numpy(bool)
    loss = {c: _loss(rows[c], ratio) for c in (*NUMBERS, "target", *LIMITS) if c in rows}
    words, known = [pd.Series("", rows.index)], np.zeros(len(rows), dtype=bool)
    for one, other in combinations(NUMBERS, 2):
        both = ~(np.isnan(loss[one]) | np.isnan(loss[other]))
        met = [loss[c] <= loss["target"] * (1 + 1e-12) for c in (one, other)]
        unlike = both & ~np.isnan(loss["target"]) & (met[0] != met[1])
        bounded, outside = _outside(loss, one, other)
        apart = _apart(loss[one], loss[other], allowed=loss["target"], tolerance=tolerance)
        shown = f"{one} " + _shown(rows, one) + f", {other} " + _shown(rows, other)
        better = pd.Series(np.where(met[0], one, other).astype(object), rows.index)
        found = (shown + ": only " + better + " meets the target").where(unlike, "")
        found = found.mask(
            both & ~unlike & bounded & outside, shown + ": outside the 95 % interval of what is expected"
        )
        words.append(found.mask(both & ~unlike & ~bounded & apart, shown))
        known |= both
    said = pd.Series(["; ".join(w for w in row if w) for row in zip(*words, strict=True)], rows.index, dtype="str")
    agree = pd.Series(pd.array(said == "", dtype="boolean"), rows.index).where(known)
    return rows.assign(agree=agree, disagreement=said.where(said != ""))


def _outside(loss: dict[str, np.ndarray], one: str, other: str) -> tuple[np.ndarray, np.ndarray]:
    """Where one of two is expected with an interval, and whether the other lies outside of it."""
    point = other if one == "expected" else one
    kind = "expected" if point == "estimated" else "foreseen"
    nothing = np.full(len(loss[one]), np.nan)
    low, high = (loss.get(f"{kind}_{end}", nothing) for end in ("low", "high"))
    low, high = np.minimum(low, high), np.maximum(low, high)  # of an unavailability the low end is the higher ratio
    bounded = ~(np.isnan(low) | np.isnan(high)) & ("expected" in (one, other))
    with np.errstate(invalid="ignore"):
        return bounded, (loss[point] < low * (1 - 1e-9)) | (loss[point] > high * (1 + 1e-9))


def _estimates(service: pd.Series, values, n, *, basis) -> pd.DataFrame:
    frame = pd.DataFrame({"service": service.to_numpy(), "estimated": np.asarray(values, dtype=float)})
    blank = dict.fromkeys(("estimated_low", "estimated_high"), np.nan)
    return frame.assign(**blank, n=np.nan_to_num(n).astype(np.int64), basis=pd.array(np.asarray(basis), dtype="str"))


def _loss(values: pd.Series, ratio: np.ndarray) -> np.ndarray:
    """What is lost: the duration, or the unavailability."""
    given = values.to_numpy(dtype=float, na_value=np.nan)
    return np.where(ratio, 1 - given, given)


def _apart(one: np.ndarray, other: np.ndarray, *, allowed: np.ndarray, tolerance: float) -> np.ndarray:
    """Whether two differ by more than the tolerance; never within 10⁻⁹ of it, where only rounding tells."""
    measure = np.where(np.isnan(allowed), np.fmax(one, other), allowed)
    same = one == other  # also where both are infinite
    with np.errstate(invalid="ignore"):
        return ~same & (np.abs(one - other) > tolerance * np.where(np.isinf(measure), 0, measure) * (1 + 1e-9))


def _shown(rows: pd.DataFrame, name: str) -> pd.Series:
    return pd.Series([show(v, u) for v, u in zip(rows[name], rows["unit"], strict=True)], rows.index, dtype="str")
