"""How long it takes to bring back a service after everything was lost: the longest path through what it needs.

Everything it needs must be back first, what does not wait for each other runs at the same time, with hands enough for
all. Before the first step the disaster is noticed and declared, once. Steps are taken as independent of each other.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from continuity_analysis.models.lifetimes import CONFIDENCE
from continuity_analysis.models.step_draws import AS_SEEN, OPTIMISTIC, PESSIMISTIC, StepEvidence, draw_steps
from continuity_analysis.models.step_network import Network, done_at, needed, on_longest_path, with_one_faster

DRAWS, WEIGHTINGS, DRAWS_EACH = 20_000, 400, 200
FASTER = 0.5
_AT_ONCE = 8_000_000  # numbers held at a time
_BATCHES = 25
_QUANTILES = {"median": 0.5, "p90": 0.9}


@dataclass(frozen=True, eq=False)
class Chains:
    """Services, their steps, and what was seen of them.

    Attributes
    ----------
    of : Network
        One step per service.
    seen : StepEvidence
        Of these steps, then of the time until work begins: one more step per clock.
    clock : ndarray of int64, shape (services,)
        The step that is each service's time until work begins.
    whole : ndarray of bool, shape (steps,)
        Whether what was seen of each step is the whole of it; false: at least so long.
    data_waits : bool
        As of `done_at`.
    """

    of: Network
    seen: StepEvidence
    clock: np.ndarray
    whole: np.ndarray
    data_waits: bool = True


def estimate_chains(chains: Chains, *, within_hours, rng: np.random.Generator) -> pd.DataFrame:
    """The time until each service is back.

    Parameters
    ----------
    chains : Chains
    within_hours : array of float, shape (services,)
        RTO of each [h]; NaN: none.
    rng : Generator

    Returns
    -------
    DataFrame
        One row per service: level, n_steps, n_unknown (steps of which nothing, or not the whole, was seen: they count
        with what was seen, so that all times are at least so long); median_hours with median_low, median_high and
        median_error, p90_hours likewise [h] (null: in as many draws it never comes back); never (share of the draws in
        which it never does); chance to be back within the RTO, with low, high and chance_error (of the simulation, at
        most, one standard error). Upper limits of times and lower ones of chances are null where a step is unknown.
    """
    within = np.asarray(within_hours, dtype=float)
    total, _, _ = _simulated(chains, AS_SEEN, weightings=1, draws=DRAWS, rng=rng)
    found = {"never": np.isinf(total).mean(axis=1)}
    optimistic, pessimistic = (_limits(chains, law, within, rng) for law in (OPTIMISTIC, PESSIMISTIC))
    unknown = _unknown(chains)
    parts = total.reshape(len(total), _BATCHES, DRAWS // _BATCHES)
    for name, share in _QUANTILES.items():
        found[f"{name}_hours"] = _finite(_quantile(total, share))
        with np.errstate(invalid="ignore"):
            found[f"{name}_error"] = _finite(_quantile(parts, share).std(axis=1, ddof=1) / np.sqrt(_BATCHES))
        low, high = optimistic[name][0], pessimistic[name][1]
        found[f"{name}_low"] = np.where(low > 0, _finite(low), np.nan)
        found[f"{name}_high"] = np.where(unknown > 0, np.nan, _finite(high))
    asked = ~np.isnan(within)
    chance = np.where(asked, (total <= within[:, None]).mean(axis=1), np.nan)
    found |= {
        "chance": chance,
        "low": np.where(asked & (unknown == 0), pessimistic["chance"][0], np.nan),
        "high": np.where(asked, optimistic["chance"][1], np.nan),
        "chance_error": np.sqrt(chance * (1 - chance) / DRAWS),
    }
    about = {"level": chains.of.level, "n_steps": needed(chains.of).sum(axis=1), "n_unknown": unknown}
    return pd.DataFrame(about | found)


def estimate_critical_steps(chains: Chains, *, rng: np.random.Generator) -> pd.DataFrame:
    """Which steps the return of each service waits for, and what it would gain if one took half its time.

    Returns
    -------
    DataFrame
        One row per service and step it needs, in the order of levels: service and step (numbers; as many as there are
        services: its time until work begins), level, n, n_failed, n_censored, whole; start_median, end_median, end_p10,
        end_p90 (hours since the disruption at which the step begins and ends); step_median, step_p10, step_p90 [h];
        criticality (share of the draws in which it is on the longest path); median_gain, p90_gain [h]. Null where never
        or unknown.
    """
    services = len(chains.of.level)
    wide, pairs, step, speed = with_one_faster(chains.of, FASTER)
    draws = int(np.clip(_AT_ONCE // max(len(step), 1), 500, DRAWS))
    total, data, back = _simulated(chains, AS_SEEN, weightings=1, draws=draws, rng=rng)
    begun = _before(chains, data, back)
    faster = done_at(wide, data[step] * speed[:, None], back[step] * speed[:, None], data_waits=chains.data_waits)
    done = faster[:services]
    share = on_longest_path(chains.of, done, data[:services], data_waits=chains.data_waits)
    rows = pd.DataFrame({"service": pairs[:, 0], "step": pairs[:, 1], "criticality": share[tuple(pairs.T)]})
    with_haste = begun[pairs[:, 0]] + faster[services:]
    first = pd.DataFrame({"service": np.arange(services), "step": services, "criticality": 1.0})
    rows = pd.concat([first, rows], ignore_index=True)
    with_haste = np.concatenate([begun * FASTER + done, with_haste])
    for name, quantile in _QUANTILES.items():
        before = _quantile(total, quantile)[rows["service"]]
        with np.errstate(invalid="ignore"):
            gain = np.maximum(before - _quantile(with_haste, quantile), 0)
        rows[f"{name}_gain"] = _finite(gain)
    rows = rows.join(_of_steps(chains, rows, data=data, back=back, done=done, begun=begun))
    unseen = rows["n"] == 0
    rows.loc[unseen, ["criticality", "median_gain", "p90_gain"]] = np.nan
    order = np.lexsort((rows["step"], rows["level"], rows["service"]))
    return rows.iloc[order].reset_index(drop=True)


def _of_steps(chains: Chains, rows: pd.DataFrame, *, data, back, done, begun) -> pd.DataFrame:
    """What was seen of each step, and when it begins and ends in the recovery of its service."""
    services = len(chains.of.level)
    service, step = rows["service"].to_numpy(), rows["step"].to_numpy()
    alarm = step == services
    code = np.where(alarm, chains.clock[service], step)
    took = data + back
    with np.errstate(invalid="ignore"):
        end = np.where(alarm[:, None], 0.0, done[np.where(alarm, 0, step)]) + begun[service]
        waits = np.zeros_like(done)
        np.maximum.at(waits, chains.of.step, done[chains.of.needs])
        start = np.where(alarm[:, None], 0.0, waits[np.where(alarm, 0, step)] + begun[service])
    failed = np.bincount(chains.seen.step, weights=np.isinf(chains.seen.back_hours), minlength=chains.seen.steps)
    censored = np.bincount(chains.seen.step, weights=chains.seen.censored, minlength=chains.seen.steps)
    return pd.DataFrame(
        {
            "level": np.where(alarm, -1, chains.of.level[np.where(alarm, 0, step)]),
            "n": chains.seen.n[code],
            "n_failed": failed[code].astype(np.int64),
            "n_censored": censored[code].astype(np.int64),
            "whole": chains.whole[code],
            "start_median": _finite(_quantile(start, 0.5)),
            "end_median": _finite(_quantile(end, 0.5)),
            "end_p10": _finite(_quantile(end, 0.1)),
            "end_p90": _finite(_quantile(end, 0.9)),
            "step_median": np.where(chains.seen.n > 0, _finite(_quantile(took, 0.5)), np.nan)[code],
            "step_p10": np.where(chains.seen.n > 0, _finite(_quantile(took, 0.1)), np.nan)[code],
            "step_p90": np.where(chains.seen.n > 0, _finite(_quantile(took, 0.9)), np.nan)[code],
        }
    )


def _simulated(chains: Chains, law: str, *, weightings: int, draws: int, rng: np.random.Generator):
    """Time until each service is back, in all draws, and the steps it came of."""
    services = len(chains.of.level)
    data, back = draw_steps(chains.seen, law=law, weightings=weightings, draws=draws, rng=rng)
    done = done_at(chains.of, data[:services], back[:services], data_waits=chains.data_waits)
    return _before(chains, data, back) + done, data, back


def _before(chains: Chains, data: np.ndarray, back: np.ndarray) -> np.ndarray:
    return data[chains.clock] + back[chains.clock]


def _limits(chains: Chains, law: str, within: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Limits of quantiles and chances over sets of weights, shape (2, services) each."""
    each = max(int(_AT_ONCE // (max(chains.seen.steps, 1) * DRAWS_EACH)), 1)
    parts = {name: [] for name in (*_QUANTILES, "chance")}
    for first in range(0, WEIGHTINGS, each):
        sets = min(each, WEIGHTINGS - first)
        total, _, _ = _simulated(chains, law, weightings=sets, draws=DRAWS_EACH, rng=rng)
        total = total.reshape(len(total), sets, DRAWS_EACH)
        for name, share in _QUANTILES.items():
            parts[name].append(_quantile(total, share))
        parts["chance"].append((total <= within[:, None, None]).mean(axis=2))
    tails = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
    return {
        name: np.quantile(np.concatenate(found, axis=1), tails, axis=1, method="inverted_cdf")
        for name, found in parts.items()
    }


def _unknown(chains: Chains) -> np.ndarray:
    """How many of the steps of each service are not, or not wholly, known."""
    poor = (chains.seen.n == 0) | ~chains.whole
    services = len(chains.of.level)
    return (needed(chains.of) & poor[:services]).sum(axis=1) + poor[chains.clock]


def _quantile(values: np.ndarray, share: float) -> np.ndarray:
    """Along the last axis; infinite where so many never end."""
    return np.quantile(values, share, axis=-1, method="inverted_cdf")


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)
