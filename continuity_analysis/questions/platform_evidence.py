"""What the logs say about a platform, gathered for its fit: failures, recoveries, detection, exposure, needs."""

import numpy as np
import pandas as pd

from continuity_analysis.measurements.clock import HOUR
from continuity_analysis.measurements.dependencies import needed_by
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.shared_failures import measure_shared_failures
from continuity_analysis.models.exposure_law import law_of
from continuity_analysis.models.platform_fit import PlatformEvidence
from continuity_analysis.periods import Period, read_period
from continuity_analysis.questions.expected_availability import failure_history
from continuity_analysis.questions.exposed import observe_exposure
from continuity_analysis.questions.recoveries_seen import restores_and_drills
from continuity_analysis.questions.restoration import durations

_HOUR = pd.Timedelta(hours=1)


def gather_evidence(logs, period, *, history=None) -> PlatformEvidence:
    """What was observed of every service.

    Parameters
    ----------
    logs : Logs
    period : str, Period or pair of moments
        The time whose backups count.
    history : str, Period or pair of moments, optional
        The time whose failures count; by default all known time up to as_of.
    """
    past = None if history is None else read_period(history, timezone=logs.timezone, as_of=logs.as_of)
    services = measure_services(logs)
    measured, failures, since = failure_history(logs, services, past)
    past = past or Period("history", since, logs.as_of)
    names = pd.Index(services["service"], dtype="str")
    recoveries = restores_and_drills(logs, moment=logs.as_of)
    recoveries = recoveries.assign(group=names.get_indexer(recoveries["service"]))
    failures = _with_recoveries(failures, recoveries, past.start)
    failures["shared"] = measure_shared_failures(failures)
    return PlatformEvidence(
        services=names,
        up_hours=measured["up_hours"].to_numpy(float),
        failures=failures,
        recoveries=recoveries[(recoveries["group"] >= 0) & recoveries["fresh"]],
        restores_recorded=bool(recoveries["disrupted_at"].notna().any()),
        undetected=_undetected(logs, past, names),
        pieces=_pieces(logs, period, names),
        needs=_needs(logs.catalog, names),
    )


def _with_recoveries(failures: pd.DataFrame, recoveries: pd.DataFrame, since: pd.Timestamp) -> pd.DataFrame:
    """Failures, and whether a real recovery from backup was under way in each; one without a failure is one more."""
    real = recoveries[(recoveries["kind"] == "restore") & (recoveries["disrupted_at"] >= since)]
    real = real[(real["group"] >= 0) & real["hours"].notna()].reset_index(drop=True)
    pairs = failures.reset_index(names="row").merge(real.reset_index(names="recovery"), on="group")
    met = (pairs["disrupted_at"] <= pairs["until_at"]) & (pairs["ended_at"] >= pairs["started_at_x"])
    needed = failures.index.isin(pairs.loc[met, "row"])
    alone = real[~real.index.isin(pairs.loc[met, "recovery"])]
    hours = alone["hours"].replace(np.inf, np.nan).fillna((alone["ended_at"] - alone["disrupted_at"]) / _HOUR)
    more = pd.DataFrame(
        {
            "group": alone["group"],
            "started_at": alone["disrupted_at"],
            "down_hours": hours,
            "censored": (alone["outcome"] != "restored").astype(bool),
            "down_at_end": False,
            "needed_backup": True,
        }
    )
    known = failures[["group", "started_at", "down_hours", "censored", "down_at_end"]].assign(needed_backup=needed)
    return pd.concat([known, more.astype(known.dtypes)], ignore_index=True) if len(more) else known


def _undetected(logs, window: Period, names: pd.Index) -> pd.DataFrame:
    """For what share of its length each incident was not detected."""
    key = ["service", "product", "incident_id"]
    found = [durations(logs, window, end=end) for end in ("detected", "restored")]
    known = [x[x["excluded"].isna() & ~x["censored"]][[*key, "hours"]] for x in found]
    rows = known[0].merge(known[1], on=key, suffixes=("_undetected", "_whole"))
    rows = rows[rows["hours_whole"] > 0]
    share = (rows["hours_undetected"] / rows["hours_whole"]).clip(0, 1)
    group = names.get_indexer(rows["service"])
    return pd.DataFrame({"group": group, "share": share})[group >= 0].reset_index(drop=True)


def _pieces(logs, period, names: pd.Index) -> pd.DataFrame:
    """Pieces of exposure of which something is known."""
    law = law_of(observe_exposure(logs, period, "service").pieces, "service")
    rows = pd.DataFrame(
        {
            "group": names.get_indexer(law.groups)[law.code],
            "youngest_hours": law.youngest / HOUR,
            "length_hours": law.length / HOUR,
            "grows": law.oldest > law.youngest,
            "unprotected": law.unprotected,
        }
    )
    return rows[law.known & (rows["group"] >= 0).to_numpy()].reset_index(drop=True)


def _needs(catalog, names: pd.Index) -> np.ndarray:
    pairs = needed_by({name: service.depends_on for name, service in catalog.services.items()})
    rows = np.column_stack([names.get_indexer(pairs["service"]), names.get_indexer(pairs["part"])])
    return rows[(rows >= 0).all(axis=1)].astype(np.int64)
