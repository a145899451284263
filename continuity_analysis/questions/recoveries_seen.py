"""The recoveries that questions about recovery time speak of: as things stood at a moment, and not too old to count."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.failovers import failover_recoveries
from continuity_analysis.measurements.recoveries import measure_recoveries
from continuity_analysis.periods import read_period
from continuity_analysis.questions.promises import promises

RESTORES = ("drill", "restore")  # fail-overs and self-healing are recoveries of their own kind
ALL_SERVICES = "all services"


def judged_at(logs, period) -> tuple[pd.Timestamp, bool]:
    """The moment of judgement, and whether the period was not over by then."""
    as_of = pd.Timestamp(0, tz="UTC") if pd.isna(logs.as_of) else logs.as_of  # nothing was read
    if period is None:
        return as_of, False
    window = read_period(period, timezone=logs.timezone, as_of=as_of)
    return min(window.end, as_of), bool(as_of < window.end)


def seen_recoveries(logs, moment: pd.Timestamp) -> pd.DataFrame:
    """Recoveries of every kind as `measure_recoveries` has them, failovers of replica sets among them."""
    declared = [name for name, s in logs.catalog.services.items() if s.rto_clock == "declared"]
    failovers = failover_recoveries(logs).reindex(columns=logs.recoveries.columns)
    every = (
        pd.concat([logs.recoveries, failovers.astype(logs.recoveries.dtypes)]) if len(failovers) else logs.recoveries
    )
    return measure_recoveries(every, until=moment, declared=declared)


def is_fresh(rows: pd.DataFrame, promised: pd.DataFrame, moment: pd.Timestamp) -> np.ndarray:
    """Whether the evidence of each is not too old to count."""
    oldest = moment - pd.to_timedelta(rows["service"].map(promised["evidence_max_age_days"]).astype(float), unit="D")
    return (rows["ended_at"] >= oldest).to_numpy(dtype=bool)


def restores_and_drills(logs, *, moment: pd.Timestamp) -> pd.DataFrame:
    """Drills and real recoveries up to a moment, as `measure_recoveries` has them, and whether each is fresh."""
    rows = seen_recoveries(logs, moment)
    rows = rows[rows["kind"].isin(RESTORES)].reset_index(drop=True)
    return rows.assign(fresh=is_fresh(rows, promises(logs.catalog, rows["service"].unique()), moment))


def grouped_recoveries(logs, moment: pd.Timestamp) -> tuple[pd.DataFrame, pd.Index]:
    """Restores and drills that are fresh, with the number of their service, and once more for all services together.

    Returns
    -------
    rows : DataFrame
        As `measure_recoveries` returns them, with `group`; one of several services counts once in the last group.
    names : Index
        Of the groups: the services, then `ALL_SERVICES`.
    """
    rows = seen_recoveries(logs, moment)
    rows = rows[rows["kind"].isin(RESTORES)]
    rows = rows[is_fresh(rows, promises(logs.catalog, rows["service"].unique()), moment)]
    services = pd.Index(sorted(set(rows["service"])), dtype="str")
    each = rows.assign(group=services.get_indexer(rows["service"]))
    fleet = rows.drop_duplicates(["recovery_id", "asset", "kind"]).assign(group=len(services))
    return pd.concat([each, fleet], ignore_index=True), services.append(pd.Index([ALL_SERVICES], dtype="str"))
