"""How changes end, and whether services fail sooner after one than chance would have it."""

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles
from continuity_analysis.models.proportions import clopper_pearson

CONFIDENCE = 0.95
ALL_SERVICES = "all services"


def estimate_changes(changes: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    """Changes of each group: how many failed or were rolled back, what they cost, how long until they were put right.

    Parameters
    ----------
    changes : DataFrame
        Result of `measure_changes` with group (from 0) and down_hours (null: nobody watched its service).
    labels : list of str
        Name of each group.

    Returns
    -------
    DataFrame
        service, n (changes that ended, roll-backs apart), n_failed, n_rolled_back, n_rollbacks (whatever they took
        back), n_with_downtime, failed_share (failed or rolled back, of n) with low and high (Clopper-Pearson),
        down_hours, down_hours_per_change (of all whose service was watched, roll-backs too), recovery_median_hours with
        recovery_low and recovery_high (from a failed change to the next completed one or roll-back, Kaplan-Meier),
        recovery_n, recovery_n_censored.
    """
    groups, group = len(labels), changes["group"].to_numpy(np.int64)
    rollback = (changes["kind"] == "rollback").to_numpy(bool, na_value=False)
    ended = changes["status"].isin(["completed", "failed"]).to_numpy(bool) & ~rollback
    marks = {
        "n": ended,
        "n_failed": ended & (changes["status"] == "failed").to_numpy(bool, na_value=False),
        "n_rolled_back": ended & changes["rolled_back"].to_numpy(bool),
        "n_rollbacks": rollback,
        "n_with_downtime": (changes["down_hours"] > 0).to_numpy(),
    }
    counts = {name: np.bincount(group[mark], minlength=groups) for name, mark in marks.items()}
    wrong, n = counts["n_failed"] + counts["n_rolled_back"], counts["n"]
    low, high = clopper_pearson(wrong, n)
    cost, known = changes["down_hours"].to_numpy(float), changes["down_hours"].notna().to_numpy()
    every = np.bincount(group[known], minlength=groups)
    down = np.bincount(group[known], weights=cost[known], minlength=groups).astype(float)
    down = np.where(every > 0, down, np.nan)
    share, per_change = (_over(a, b) for a, b in ((wrong, n), (down, every)))
    shares = {"failed_share": share, "low": low, "high": high}
    costs = {"down_hours": down, "down_hours_per_change": per_change}
    return pd.DataFrame({"service": labels, **counts, **shares, **costs, **_put_right(changes, groups)})


def estimate_after_changes(seen, names: list[str]) -> pd.DataFrame:
    """Failures within an hour of a change against what chance would give.

    Given how many failures there were, chance puts each anywhere in the up time: within an hour of a change with the
    share of up time that lies there. Two-sided exact p-value by the binomial law; for all services together by the law
    of the sum, each service keeping its own share, so that busy services are not taken for fragile ones.

    Parameters
    ----------
    seen : AfterChanges
    names : list of str
        Services, in order.

    Returns
    -------
    DataFrame
        service, n_changes, n (failures), n_after (within an hour of a change), share_of_time, expected (by chance),
        ratio (n_after over expected) with low and high, p_value, verdict ("more than chance", "fewer than chance", "no
        evidence"; null where it cannot be asked), reason (why). The verdicts of the services keep the rate of false
        ones at 5 % together (Benjamini and Hochberg). The last row is "all services".

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934), The use of confidence or fiducial limits, Biometrika 26.
    Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, JRSS B 57.
    """
    share = _over(seen.near_hours, seen.up_hours)
    known = np.nan_to_num(share)
    n, k = seen.failures, seen.near_failures
    low, high = (limit / np.where(known > 0, known, np.nan) for limit in clopper_pearson(k, n))
    p = _p_value(k, n, known)
    can = (n > 0) & (known > 0) & (known < 1)
    whole = _together(k[can], n[can], known[can], seen)
    each = pd.DataFrame(
        {"service": names, "n_changes": seen.n_changes, "n": n, "n_after": k, "share_of_time": share,
         "expected": n * known, "low": low, "high": high, "p_value": p}
    )  # fmt: skip
    found = pd.concat([each.assign(can=can), pd.DataFrame([whole])], ignore_index=True)
    ask = found["can"].to_numpy(bool)
    found["adjusted"] = np.append(_adjusted(found["p_value"].to_numpy()[:-1], ask[:-1]), found["p_value"].iloc[-1])
    found["ratio"] = _over(found["n_after"], found["expected"])
    estimates = ["ratio", "low", "high", "p_value"]
    found[estimates] = np.where(ask[:, None], found[estimates].astype(float), np.nan)
    return _in_words(found, ask)


def _in_words(found: pd.DataFrame, ask: np.ndarray) -> pd.DataFrame:
    sure = (found["adjusted"] < 1 - CONFIDENCE).to_numpy()
    more = (found["n_after"] > found["expected"]).to_numpy()
    words = np.select([~ask, sure & more, sure], [None, "more than chance", "fewer than chance"], "no evidence")
    why = ["no change within the time that was watched", "no failure"]
    reason = np.select([ask, found["n_changes"] == 0, found["n"] == 0], [None, *why], "no up time apart from changes")
    columns = ["service", "n_changes", "n", "n_after", "share_of_time", "expected", "ratio", "low", "high", "p_value"]
    found = found.assign(verdict=pd.Series(words, dtype="str"), reason=pd.Series(reason, dtype="str"))
    counts = {"n_changes": "int64", "n": "int64", "n_after": "int64"}
    return found.astype(counts)[[*columns, "verdict", "reason"]]


def _together(k: np.ndarray, n: np.ndarray, share: np.ndarray, seen) -> dict:
    """All services that can be asked: the sum, its exact law, and the exact Poisson interval of the ratio."""
    from scipy.special import gammaincinv

    total, after, expected = int(n.sum()), int(k.sum()), float(n @ share)
    tail = (1 - CONFIDENCE) / 2
    some = expected > 0
    low = gammaincinv(after, tail) / expected if some and after else 0.0 if some else np.nan
    high = gammaincinv(after + 1, 1 - tail) / expected if some else np.nan
    law = _law_of_sum(n, share)
    p = min(1.0, 2 * min(law[: after + 1].sum(), law[after:].sum()))
    near, up = seen.near_hours.sum(), seen.up_hours.sum()
    return {"service": ALL_SERVICES, "n_changes": seen.n_changes.sum(), "n": total, "n_after": after,
            "share_of_time": near / up if up else np.nan, "expected": expected, "low": low, "high": high,
            "p_value": p, "can": some}  # fmt: skip


def _law_of_sum(n: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Chances of 0, 1, … for a sum of independent binomial counts, from its characteristic function."""
    size = int(n.sum()) + 1
    turn = np.exp(-2j * np.pi * np.arange(size) / size)
    each = (1 - share[:, None] + share[:, None] * turn) ** n[:, None]
    return np.clip(np.fft.ifft(each.prod(axis=0)).real, 0, 1)


def _p_value(k: np.ndarray, n: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Two-sided exact binomial p-value: twice the smaller tail, at most 1."""
    from scipy.stats import binom

    return np.minimum(1.0, 2 * np.minimum(binom.cdf(k, n, share), binom.sf(k - 1, n, share)))


def _adjusted(p: np.ndarray, ask: np.ndarray) -> np.ndarray:
    from scipy.stats import false_discovery_control

    adjusted = np.full(len(p), np.nan)
    if ask.any():
        adjusted[ask] = false_discovery_control(p[ask])
    return adjusted


def _put_right(changes: pd.DataFrame, groups: int) -> dict[str, np.ndarray]:
    rows = changes[changes["repair"].to_numpy(bool)]
    over = ~rows["censored"].to_numpy(bool)
    curves = kaplan_meier(rows["repaired_hours"], over, group=rows["group"], groups=groups)
    median = quantiles(curves, 0.5)
    names = {"estimate": "recovery_median_hours", "low": "recovery_low", "high": "recovery_high"}
    counts = {"recovery_n": curves.n, "recovery_n_censored": curves.n - curves.n_events}
    return {new: median[old].to_numpy() for old, new in names.items()} | counts


def _over(a, b) -> np.ndarray:
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.divide(a, b, out=np.full(len(a), np.nan), where=b > 0)
