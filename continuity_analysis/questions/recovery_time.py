"""How long would recovery take, and does that meet what we promised? From drills and real recoveries."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.recoveries import MOMENTS, PHASES
from continuity_analysis.models.objectives import judge_recovery_time
from continuity_analysis.models.recovery_time import estimate_recovery_survival, estimate_recovery_time
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.recoveries_seen import RESTORES, is_fresh, judged_at, seen_recoveries

COLUMNS = (
    "service", "n", "n_real", "n_drills", "n_evaluable", "n_met", "n_real_over", "n_drills_over", "chance", "low",
    "high", "proven_chance", "evidence_needed", "median_hours", "median_low", "median_high", "worst_hours",
    "slowest_restored_hours", "slowest_bounds_share", "n_censored", "n_failed", "n_data_only", "data_median_hours",
    "data_worst_hours", "clock", "minimum_capacity", "disrupted_median_hours", "disrupted_worst_hours",
    "declared_median_hours", "declared_worst_hours", "n_stale", "last_proof_at", "last_proof_age_days", "objective",
    "required_chance", "verdict", "provisional", "reason",
)  # fmt: skip
GROUPS = {"all": RESTORES, "real recoveries": ("restore",), "drills": ("drill",), "fail-overs": ("failover",)}


def recovery_time(logs, *, period=None) -> pd.DataFrame:
    """What drills and recoveries say about each service's RTO.

    Recoveries are rare, so a period does not choose among them: it sets the moment of judgement, at which all evidence
    not older than the catalogue's `evidence_max_age_days` counts.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments, optional
        Judge as things stood at its end; default as_of.

    Returns
    -------
    DataFrame
        One row per service with a recovery or an RTO: n (fresh recoveries), n_real, n_drills; n_evaluable, n_met;
        chance to meet the RTO with low and high; proven_chance ("at least"); evidence_needed (more successes in a row
        that would prove the required chance); median and worst (infinite: one never came back) [h];
        slowest_restored_hours and slowest_bounds_share (of recoveries that come back at least this share takes no
        longer: P68 from 8); n_censored, n_failed, n_data_only (tool logs that measure the data
        alone: data_median_hours, data_worst_hours), n_stale (too old to count); clock ("disrupted" or "declared": where
        that of the RTO begins), minimum_capacity (the share of the service at which it ends, where the catalogue states
        one), median and worst by either clock; last_proof_at and its age [d]; objective [h], verdict,
        provisional, reason.
    """
    moment, unfinished = judged_at(logs, period)
    rows = seen_recoveries(logs, moment)
    rows = rows[rows["kind"].isin(RESTORES)]
    promising = [n for n, s in logs.catalog.services.items() if s.objectives.rto is not None]
    groups = pd.Index(sorted({*rows["service"], *promising}), dtype="str")
    promised = promises(logs.catalog, groups)
    fresh = is_fresh(rows, promised, moment)
    within, chance = promised["rto_within_hours"].to_numpy(), promised["rto_chance"].to_numpy()
    counted = rows[fresh].assign(group=groups.get_indexer(rows.loc[fresh, "service"]))
    estimates = estimate_recovery_time(counted, groups, within_hours=within, chance=chance)
    proofs = rows[rows["end_to_end"] & (rows["outcome"] == "restored")].groupby("service")["service_restored_at"].max()
    last = pd.Series(proofs.reindex(groups).array, dtype="datetime64[us, UTC]")
    stale = rows.loc[~fresh, "service"].value_counts().reindex(groups).fillna(0).astype("int64").to_numpy()
    age = (moment - last) / pd.Timedelta(days=1)
    estimates = estimates.assign(n_stale=stale, last_proof_at=last, last_proof_age_days=age)
    judged = judge_recovery_time(estimates, within, chance=chance, unfinished=unfinished)
    stated = [logs.catalog.services.get(name) for name in groups]
    clock = pd.Series([s.rto_clock if s else "disrupted" for s in stated], dtype="str")
    capacity = promised["minimum_capacity"].to_numpy()
    return judged.assign(required_chance=chance, clock=clock, minimum_capacity=capacity)[list(COLUMNS)]


def recovery_phases(logs, *, period=None) -> pd.DataFrame:
    """Every recovery of every kind, phase by phase, the newest first.

    Parameters
    ----------
    logs, period
        As of `recovery_time`.

    Returns
    -------
    DataFrame
        recovery_id, service, kind, status, the moments; detect_hours, declare_hours, start_hours, restore_data_hours,
        bring_back_hours, total_hours (from disruption to service; infinite: never), declared_hours (from declaration to
        service likewise) [h]; within_objective (null: cannot be said), n_attempts, fresh.
    """
    moment, _ = judged_at(logs, period)
    rows = seen_recoveries(logs, moment).sort_values("begun_at", ascending=False, ignore_index=True)
    promised = promises(logs.catalog, rows["service"].unique())
    limit = rows["service"].map(promised["rto_within_hours"]).astype(float)
    late = (rows["hours"] > limit) | (rows["data_hours"].where(rows["data_outcome"] != "never") > limit)
    met = (rows["outcome"] == "restored") & (rows["hours"] <= limit) & ~late
    within = pd.array(np.where(met, True, False), dtype="boolean")
    asked = rows["kind"].isin(RESTORES) & limit.notna() & (late | met)
    ended = rows["declared_outcome"].isin(["restored", "never"])
    rows = rows.assign(declared_hours=rows["declared_hours"].where(ended))
    rows = rows.assign(within_objective=pd.Series(within).where(asked), fresh=is_fresh(rows, promised, moment))
    return rows[
        [
            "recovery_id",
            "service",
            "kind",
            "status",
            *MOMENTS,
            *PHASES,
            "total_hours",
            "declared_hours",
            "within_objective",
            "n_attempts",
            "fresh",
        ]
    ]


def recovery_survival(logs, *, period=None) -> pd.DataFrame:
    """Share of recoveries not over after a time (Kaplan-Meier): all, real and rehearsed apart, fail-overs apart.

    Parameters
    ----------
    logs, period
        As of `recovery_time`; evidence too old to count is left out.

    Returns
    -------
    DataFrame
        group, hours [h], survival, low, high, n_at_risk; a curve levels off at the share that never came back.
    """
    moment, _ = judged_at(logs, period)
    rows = seen_recoveries(logs, moment)
    rows = rows[is_fresh(rows, promises(logs.catalog, rows["service"].unique()), moment)]
    rows = rows.drop_duplicates(["recovery_id", "asset", "kind"])
    parts = [rows[rows["kind"].isin(kinds)].assign(group=i) for i, kinds in enumerate(GROUPS.values())]
    curves = estimate_recovery_survival(pd.concat(parts), groups=len(GROUPS))
    return curves.assign(group=pd.Series(np.array(list(GROUPS))[curves["group"]], dtype="str"))
