"""If everything were lost: in which order do services come back, how long does it take, and where would haste help?"""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.recovery_steps import measure_steps
from continuity_analysis.models.recovery_chain import Chains, estimate_chains, estimate_critical_steps
from continuity_analysis.models.step_draws import StepEvidence
from continuity_analysis.models.step_network import needed, network
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.recoveries_seen import RESTORES, is_fresh, judged_at, seen_recoveries

UNTIL_WORK_BEGINS = "until work begins"
CHAINS = (
    "service", "level", "order", "n_steps", "n_unknown", "median_hours", "median_low", "median_high", "median_error",
    "p90_hours", "p90_low", "p90_high", "p90_error", "never", "objective", "chance", "low", "high", "chance_error",
    "required_chance", "critical_step", "criticality", "speed_up_step", "median_gain", "reason",
)  # fmt: skip
_CLOCKS = ("from_disruption", "from_declaration")


def recovery_chain(logs, *, period=None, data_waits: bool = True, seed: int = 0) -> pd.DataFrame:
    """How long it would take to bring back each service after everything was lost, what it needs first.

    Parameters
    ----------
    logs : Logs
        `depends_on` of its catalogue says what must be back first; drills and recoveries how long each step takes.
    period : str, Period or pair of moments, optional
        As things stood at its end, from evidence not too old to count by then; default as_of.
    data_waits : bool
        Whether restoring a service's data waits for what the service needs; otherwise only bringing it back does.
    seed : int
        Of the simulation.

    Returns
    -------
    DataFrame
        One row per service that has a recovery, an RTO or a place in `depends_on`: level (0: needs none), order (what
        comes back before it, level by level), then as `estimate_chains` has it; objective [h] and required_chance;
        critical_step, the service whose step is most often on the longest path, in a share `criticality` of the draws;
        speed_up_step, whose halving gains most, median_gain [h]; reason (which steps are unknown, so that times are at
        least, and the chance at most, what is printed).
    """
    chains, names, objective, chance = _chains(logs, period, data_waits=data_waits)
    rng = np.random.default_rng(seed)
    found = estimate_chains(chains, within_hours=objective, rng=rng)
    steps = _named(estimate_critical_steps(chains, rng=rng), names)
    own = steps[steps["level"] >= 0]
    critical = _largest(own, "criticality", names, then="step_median")
    faster = _largest(steps, "median_gain", names, then="criticality")
    found = found.assign(
        service=names,
        order=_orders(chains, names),
        objective=objective,
        required_chance=chance,
        critical_step=critical["step"].to_numpy(),
        criticality=critical["criticality"].to_numpy(),
        speed_up_step=faster["step"].where(faster["median_gain"] > 0).to_numpy(),
        median_gain=faster["median_gain"].to_numpy(),
        reason=_reasons(steps, names),
    )
    return found[list(CHAINS)].sort_values(["level", "service"], kind="stable", ignore_index=True)


def recovery_chain_steps(logs, *, period=None, data_waits: bool = True, seed: int = 0) -> pd.DataFrame:
    """Every step of the recovery of each service: when it begins and ends, and whether the service waits for it.

    Parameters
    ----------
    logs, period, data_waits, seed
        As of `recovery_chain`.

    Returns
    -------
    DataFrame
        As `estimate_critical_steps` has it, by name; the first step of each service is "until work begins".
    """
    chains, names, _, _ = _chains(logs, period, data_waits=data_waits)
    return _named(estimate_critical_steps(chains, rng=np.random.default_rng(seed)), names)


def _chains(logs, period, *, data_waits: bool):
    """What is to be simulated, the names of its services, their RTO [h] and the chance required."""
    moment, _ = judged_at(logs, period)
    rows = seen_recoveries(logs, moment)
    rows = rows[rows["kind"].isin(RESTORES)]
    rows = rows[is_fresh(rows, promises(logs.catalog, rows["service"].unique()), moment)]
    steps = measure_steps(rows)
    stated = logs.catalog.services
    joined = {n: s.depends_on for n, s in stated.items() if s.depends_on}
    promising = {n for n, s in stated.items() if s.objectives.rto is not None}
    names = pd.Index(
        sorted({*steps["service"], *promising, *joined, *(p for d in joined.values() for p in d)}), dtype="str"
    )
    edges = [(names.get_loc(n), names.get_loc(p)) for n, needs in joined.items() for p in needs]
    declared = np.array([n in stated and stated[n].rto_clock == "declared" for n in names], dtype=np.int64)
    seen, whole = _evidence(steps, names)
    promised = promises(logs.catalog, names)
    chains = Chains(network(len(names), edges), seen, len(names) + declared, whole, data_waits)
    return chains, names, promised["rto_within_hours"].to_numpy(float), promised["rto_chance"].to_numpy(float)


def _evidence(steps: pd.DataFrame, names: pd.Index) -> tuple[StepEvidence, np.ndarray]:
    """Steps of services, whole recoveries where there are any, then how long it took until work began."""
    proven = steps.groupby("service")["whole"].transform("any") if len(steps) else steps["whole"]
    used = steps[steps["whole"] == proven.astype(bool)]
    before = [steps[clock].dropna().to_numpy(float) for clock in _CLOCKS]
    numbers = [names.get_indexer(used["service"]), *(np.full(len(b), len(names) + i) for i, b in enumerate(before))]
    back = np.concatenate([used["back_hours"].to_numpy(float), *before])
    data = np.concatenate([used["data_hours"].to_numpy(float), np.zeros(len(back) - len(used))])
    censored = np.concatenate(
        [(used["outcome"] == "censored").to_numpy(bool), np.zeros(len(back) - len(used), dtype=bool)]
    )
    whole = np.ones(len(names) + len(_CLOCKS), dtype=bool)
    whole[names.get_indexer(used.loc[~used["whole"].astype(bool), "service"])] = False
    return StepEvidence(np.concatenate(numbers).astype(np.int64), data, back, censored, len(whole)), whole


def _named(steps: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    label = np.append(names.to_numpy(dtype=object), UNTIL_WORK_BEGINS)
    service, step = (pd.Series(label[steps[c]], dtype="str") for c in ("service", "step"))
    return steps.assign(service=service, step=step)


def _largest(steps: pd.DataFrame, column: str, names: pd.Index, *, then: str) -> pd.DataFrame:
    """The step of each service with the largest value; of equal ones that with the larger other one."""
    rows = steps.dropna(subset=column).sort_values([column, then], ascending=False, kind="stable")
    return rows.drop_duplicates("service").set_index("service").reindex(names)


def _orders(chains: Chains, names: pd.Index) -> pd.Series:
    """What comes back first, level by level: "ingress | accounts, mongo | checkout"."""
    rows = pd.DataFrame(np.argwhere(needed(chains.of)), columns=["service", "step"])
    rows = rows.assign(level=chains.of.level[rows["step"]], name=names[rows["step"]])
    levels = rows.groupby(["service", "level"])["name"].agg(", ".join)
    return levels.groupby("service").agg(" | ".join).reindex(range(len(names))).astype("str").to_numpy()


def _reasons(steps: pd.DataFrame, names: pd.Index) -> pd.Series:
    """Which steps of each service are not known, and which only in part."""
    parts = []
    unseen, partly = steps["n"] == 0, (steps["n"] > 0) & ~steps["whole"].astype(bool)
    for rows, words in ((unseen, "no recovery of"), (partly, "only data restores of")):
        named = steps[rows].groupby("service")["step"].agg(", ".join).reindex(names)
        parts.append([f"{words} {text}" if pd.notna(text) else "" for text in named])
    texts = ["; ".join(filter(None, pair)) or None for pair in zip(*parts, strict=True)]
    return pd.Series(texts, dtype="str")
