"""Estimated from configuration, expected from history, achieved: in one table, and where they disagree."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.dependencies import measure_redundancy
from continuity_analysis.measurements.due_intervals import measure_due_intervals
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.models.estimates import (
    compare_estimates,
    estimate_drilled,
    estimate_replicated,
    estimate_scheduled,
)
from continuity_analysis.models.recovery_time import estimate_recovery_time
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.availability import look_at
from continuity_analysis.questions.backup_jobs import observe_backup_jobs
from continuity_analysis.questions.expected_availability import expect
from continuity_analysis.questions.exposed import observe_exposure
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.recoveries_seen import is_fresh, judged_at, seen_recoveries
from continuity_analysis.questions.scorecard import scorecard

OBJECTIVES = ("availability", "rpo", "rto")
CONFIGURATION = "configuration"
NO_REDUNDANCY = "the catalogue states no replicas, or not all of them were watched one by one"
NO_ASSETS = "no asset of it is known"
NO_DRILL = "no drill that is not too old is on record"
COLUMNS = (
    "service", "tier", "objective", "source", "unit", "target", "estimated", "estimated_low", "estimated_high", "n",
    "basis", "expected", "expected_low", "expected_high", "achieved", "verdict", "agree", "disagreement",
)  # fmt: skip
_YEAR = pd.Timedelta(days=365)


def estimated_expected_achieved(logs, period, *, tolerance: float = 0.25) -> pd.DataFrame:
    """Availability, RPO and RTO of every service: the target, estimated from configuration, expected, achieved.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
    tolerance : float
        Share of what the target allows by which two of them may differ where nothing is expected with an interval; see
        `compare_estimates`.

    Returns
    -------
    DataFrame
        One row per service and objective with source "configuration", and one for each kind of disruption that a tool
        (AWS Resilience Hub) gave an estimate of; those that disagree first. Ratios 0 to 1, durations in seconds
        (infinite: never, or unprotected). `estimated` (with limits where there are any, and n) with its `basis`, or why
        there is none: availability from k of n replicas, as if independent, by the failures of single replicas in a
        year; rpo from the schedules of `backup_health`, stated or learned, and how long the period's backups took to be
        usable; rto the median of drills that are not too old.
        `expected`, `achieved` and `verdict` are those of the scorecard. agree (null: fewer than two are known),
        disagreement in words.
    """
    window = read_period(period, timezone=logs.timezone, as_of=logs.as_of)
    card = scorecard(logs, window)
    card = card[card["objective"].isin(OBJECTIVES)]
    asks = {"availability": _replicated, "rpo": _scheduled, "rto": _drilled}
    made = [ask(logs, window).assign(objective=name, source=CONFIGURATION) for name, ask in asks.items()]
    why = {"availability": NO_REDUNDANCY, "rpo": NO_ASSETS, "rto": NO_DRILL}
    own = card.drop(columns="n").merge(pd.concat(made), on=["service", "objective"], how="left")
    own = own.assign(source=CONFIGURATION, basis=own["basis"].fillna(own["objective"].map(why)))
    told = _reckoned(logs, window).merge(card.drop(columns="n"), on=["service", "objective"], how="left")
    told = told.assign(unit="seconds", verdict=told["verdict"].fillna("NOT_SET"))  # known to the tool alone
    rows = pd.concat([own, told], ignore_index=True) if len(told) else own.reset_index(drop=True)
    rows = rows.assign(n=rows["n"].fillna(0).astype("int64")).merge(_foreseen(logs, window, card), how="left")
    rows = compare_estimates(rows, tolerance=tolerance)
    keys = [rows["source"].ne(CONFIGURATION), rows["objective"].map({o: i for i, o in enumerate(OBJECTIVES)})]
    keys += [rows["service"], rows["tier"].fillna(np.iinfo(np.int32).max), rows["disagreement"].isna()]
    return rows.iloc[np.lexsort([k.to_numpy() for k in keys])].reset_index(drop=True)[list(COLUMNS)]


def _foreseen(logs, window: Period, card: pd.DataFrame) -> pd.DataFrame:
    """Between which limits a period as long as this one would lie; of availability, the card has those of the mean."""
    services = measure_services(logs)
    ahead = expect(logs, services, window).head(len(services)).assign(objective="availability")
    names = {"forecast_low": "foreseen_low", "forecast_high": "foreseen_high"}
    coming = ahead.rename(columns=names)[["service", "objective", *names.values()]]
    own = card[card["objective"] == "rpo"].rename(columns={f"expected_{e}": f"foreseen_{e}" for e in ("low", "high")})
    return pd.concat([coming, own[coming.columns]], ignore_index=True)


def _replicated(logs, window: Period) -> pd.DataFrame:
    """By the failures of single replicas in the year up to the end of the period."""
    end, _ = judged_at(logs, window)
    found = measure_redundancy(logs, *look_at(logs, (end - _YEAR, end)))
    down = found.levels[["part", "n", "hours", "level"]]
    whole = down[down["level"] == down.groupby("part")["level"].transform("min")]  # down at all
    sums = whole.groupby(found.parts["system"].reindex(whole["part"]).to_numpy())[["n", "hours"]].sum()
    sums = sums.reindex(range(len(found.systems)), fill_value=0)
    total = found.systems["known_hours"] * found.systems["n_parts"]
    return estimate_replicated(
        found.systems.assign(n=sums["n"], down_hours=sums["hours"], up_hours=total - sums["hours"])
    )


def _scheduled(logs, window: Period) -> pd.DataFrame:
    """By the schedules of backup health, stated or learned."""
    exposed, observed = observe_exposure(logs, window, "service"), observe_backup_jobs(logs, window)
    ends = {"start": window.start, "end": exposed.end}
    due = measure_due_intervals(observed.jobs, observed.slots, exposed.usable, **ends)
    return estimate_scheduled(exposed.members.merge(due, on="asset", how="left").rename(columns={"asset": "part"}))


def _drilled(logs, window: Period) -> pd.DataFrame:
    """By the drills that are not too old at the end of the period."""
    moment, _ = judged_at(logs, window)
    rows = seen_recoveries(logs, moment)
    rows = rows[(rows["kind"] == "drill") & rows["end_to_end"]].reset_index(drop=True)
    names = pd.Index(sorted(rows["service"].unique()), dtype="str")
    rows = rows[is_fresh(rows, promises(logs.catalog, names), moment)]
    limits = promises(logs.catalog, names)
    counted = rows.assign(group=names.get_indexer(rows["service"]))
    within, chance = limits["rto_within_hours"].to_numpy(), limits["rto_chance"].to_numpy()
    return estimate_drilled(estimate_recovery_time(counted, names, within_hours=within, chance=chance))


def _reckoned(logs, window: Period) -> pd.DataFrame:
    """What tools reckon, by the newest assessment up to the end of the period; the worst component decides."""
    rows = logs.estimates[logs.estimates["service"].notna() & (logs.estimates["assessed_at"] <= window.end)]
    rows = rows.sort_values("assessed_at", kind="stable").drop_duplicates(
        ["service", "component", "disruption"], keep="last"
    )
    lost = rows["recoverable"].eq(False).fillna(False).to_numpy(bool)
    each = [
        rows.assign(objective=o, estimated=rows[f"{o}_seconds"].astype(float).mask(lost, np.inf))
        for o in OBJECTIVES[1:]
    ]
    every = pd.concat(each, ignore_index=True).dropna(subset="estimated")
    every = every.sort_values("estimated", ascending=False, kind="stable")
    keys = ["service", "objective", "product", "disruption"]
    worst = every.groupby(keys, sort=True).agg(estimated=("estimated", "first"), component=("component", "first"),
                                               n=("component", "nunique"), at=("assessed_at", "min"))  # fmt: skip
    worst = worst.reset_index()
    day = worst["at"].dt.strftime("%Y-%m-%d").astype("str")
    return worst.assign(
        source=worst["product"] + ": " + worst["disruption"] + " lost",
        basis="reckoned from configuration on " + day + " for " + worst["component"].astype("str"),
    ).drop(columns=["product", "disruption", "component", "at"])
