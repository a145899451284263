"""Continuity guidelines, judged for all services at once: every check passes, fails or is unknown, with its evidence.

There is no score: a sum of unlike checks has no meaning. What is unknown is counted apart, never as passed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from continuity_analysis.models import readiness_platform as platform
from continuity_analysis.models import readiness_recovery as recovery
from continuity_analysis.models.readiness_rules import FAIL, NOT_APPLICABLE, PASS, UNKNOWN, rule_age
from continuity_analysis.models.verdicts import hours

RESULTS = (FAIL, UNKNOWN, PASS, NOT_APPLICABLE)  # worst first
COLUMNS = ("service", "tier", "check", "asks", "result", "evidence", "evidence_at")
_SHOWN = 3
_LIMITS = ("min_replicas", "min_nodes", "min_zones", "pipeline_max_age_days", "rollback_max_age_days",
           "proof_max_age_days", "drill_max_age_days")  # fmt: skip


@dataclass(frozen=True)
class Check:
    """A check: which facts it looks at, by which rule, what it asks, and what is said where there are no facts."""

    facts: str
    rule: Callable[[pd.DataFrame, pd.Timestamp], pd.DataFrame]
    asks: str
    without: str


_WORKLOADS = partial(Check, "workloads", without="no workload of it was ever seen")
_CHANGES = partial(Check, "pipelines", without="no change of it is on record")
_COPIES = partial(Check, "copies", without="no asset of it is known")
_recent = partial(rule_age, last="deployed_at", limit="pipeline_max_age_days", what="completed deployment")
_rollback = partial(rule_age, last="rollback_at", limit="rollback_max_age_days", what="completed roll-back")
_scaled = partial(platform.rule_flag, flag="autoscaled", name="an autoscaler")
_budget = partial(platform.rule_flag, flag="disruption_budget", name="a disruption budget")
RULES = {
    "replicas": _WORKLOADS(platform.rule_replicas, "at least {min_replicas:.0f} replicas ready"),
    "nodes": _WORKLOADS(partial(platform.rule_spread, over="nodes"), "on at least {min_nodes:.0f} different nodes"),
    "zones": _WORKLOADS(partial(platform.rule_spread, over="zones"), "in at least {min_zones:.0f} different zones"),
    "autoscaling": _WORKLOADS(_scaled, "an autoscaler acts on it"),
    "disruption_budget": _WORKLOADS(_budget, "a disruption budget protects it"),
    "pipeline_green": _CHANGES(platform.rule_pipeline_green, "last deployment completed, and not rolled back"),
    "pipeline_recent": _CHANGES(_recent, "deployed within {pipeline_max_age_days:g} days"),
    "rollback_tried": _CHANGES(_rollback, "rolled back, for real or as a trial, within {rollback_max_age_days:g} days"),
    "backups_consistent": _COPIES(recovery.rule_consistent, "newest backup whole, and of one moment"),
    "backups_off_site": _COPIES(recovery.rule_off_site, "a usable copy off-site"),
    "backups_proven": _COPIES(recovery.rule_proven, "restored or read in full within {proof_max_age_days:g} days"),
    "drill_done": Check("drills", recovery.rule_drill, "end-to-end drill within {drill_max_age_days:g} days", ""),
    "findings_closed": Check("findings", recovery.rule_findings, "no finding of drills open", ""),
    "reconnection": Check(
        "reconnections", recovery.rule_reconnection, "back within {reconnect_within} of what it needs", ""
    ),
    "suppliers": Check("suppliers", recovery.rule_suppliers, "contingency suppliers named", ""),
}


def judge_readiness(facts: Mapping[str, pd.DataFrame], guidelines: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Every check of every service, the worst first.

    Parameters
    ----------
    facts : mapping of str to DataFrame
        What was seen, one row per part of a service (columns service, part): workloads, pipelines, copies, drills,
        findings, reconnections, suppliers, as `measurements.readiness` and the catalogue have it.
    guidelines : DataFrame
        One row per service: service, tier, what is asked (`min_replicas`, … `drill_max_age_days`), and, for each check
        that does not apply, a column `not_<check>` with the reason (null: it applies).
    at : Timestamp
        The moment of judgement.

    Returns
    -------
    DataFrame
        service, tier, check, asks (in words), result (one of `RESULTS`), evidence (in words: of the parts with the
        worst result), evidence_at (the oldest moment it rests on; missing: none). The worst part decides: any that
        fails, else any that is unknown. By result, tier, service and check.
    """
    with_limits = {name: rows.merge(guidelines, on="service").reset_index(drop=True) for name, rows in facts.items()}
    parts = [check.rule(with_limits[check.facts], at).assign(check=name) for name, check in RULES.items()]
    worst = _worst(pd.concat(parts, ignore_index=True))
    rows = pd.concat([_every(name, guidelines) for name in RULES], ignore_index=True)
    rows = _answered(rows, worst.reindex(pd.MultiIndex.from_frame(rows[["service", "check"]])))
    order = [rows["check"].map({c: i for i, c in enumerate(RULES)}), rows["service"]]
    order += [rows["tier"].fillna(np.iinfo(np.int32).max), rows["result"].map({r: i for i, r in enumerate(RESULTS)})]
    return rows.iloc[np.lexsort([o.to_numpy() for o in order])].reset_index(drop=True)[list(COLUMNS)]


def count_results(checks: pd.DataFrame) -> pd.DataFrame:
    """How many checks of each service failed, are unknown, passed or do not apply: no score is made of them.

    Parameters
    ----------
    checks : DataFrame
        Result of `judge_readiness`.

    Returns
    -------
    DataFrame
        service, tier, n_fail, n_unknown, n_pass, n_not_applicable; most failures first, then most unknown.
    """
    counted = checks.groupby(["service", "result"]).size().unstack(fill_value=0).reindex(columns=list(RESULTS))
    counted = counted.fillna(0).astype("int64").set_axis([f"n_{r.lower()}" for r in RESULTS], axis=1)
    counted.insert(0, "tier", checks.drop_duplicates("service").set_index("service")["tier"].reindex(counted.index))
    order = np.lexsort((counted.index.to_numpy(dtype=str), -counted["n_unknown"], -counted["n_fail"]))
    return counted.iloc[order].reset_index()


def _every(name: str, guidelines: pd.DataFrame) -> pd.DataFrame:
    """One check of all services: what it asks, why it does not apply, and what is said where nothing was seen."""
    limit = hours(guidelines["reconnect_within_hours"])
    asked = guidelines[list(_LIMITS)].assign(reconnect_within=limit.to_numpy()).to_dict("records")
    return guidelines[["service", "tier"]].assign(
        check=name,
        asks=pd.array([RULES[name].asks.format_map(row) for row in asked], dtype="str"),
        reason=guidelines[f"not_{name}"],
        without=RULES[name].without,
    )


def _answered(rows: pd.DataFrame, worst: pd.DataFrame) -> pd.DataFrame:
    """Every check with the worst result of its parts, unknown without any, and not applicable where it does not."""
    worst, applies = worst.reset_index(drop=True), rows["reason"].isna()
    evidence = worst["evidence"].fillna(rows["without"]).where(applies, rows["reason"])
    return rows.assign(
        result=worst["result"].fillna(UNKNOWN).where(applies, NOT_APPLICABLE).astype("str"),
        evidence=evidence.astype("str"),
        evidence_at=worst["evidence_at"].where(applies),
    )


def _worst(parts: pd.DataFrame) -> pd.DataFrame:
    """By service and check the worst result of the parts, and the evidence of the first parts that have it."""
    keys = ["service", "check"]
    rank = parts["result"].map({r: i for i, r in enumerate(RESULTS)}).astype("int64")
    kept = parts[(rank == rank.groupby([parts[k] for k in keys]).transform("min")).to_numpy(dtype=bool)]
    kept = kept.sort_values([*keys, "part"], kind="stable")
    named = kept["part"].notna() & (kept["part"] != kept["service"])
    kept = kept.assign(evidence=kept["evidence"].where(~named, kept["part"].fillna("") + ": " + kept["evidence"]))
    groups = kept.groupby(keys)
    said = kept[groups.cumcount() < _SHOWN].groupby(keys)["evidence"].agg("; ".join)
    found = groups.agg(result=("result", "first"), evidence_at=("evidence_at", "min"), n=("result", "size"))
    left = found["n"] - _SHOWN
    return found.assign(evidence=said + ("; and " + left.astype("str") + " more").where(left > 0, ""))
