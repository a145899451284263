"""Are we ready? The continuity guidelines the platform sets itself, held against everything the logs show."""

from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from continuity_analysis.catalog import CHECKS, Readiness, is_closed, readiness_of
from continuity_analysis.measurements.changes import measure_recorded
from continuity_analysis.measurements.clock import to_moments
from continuity_analysis.measurements.findings import measure_findings, summarise_findings
from continuity_analysis.measurements.readiness import (
    measure_backup_standing,
    measure_drills,
    measure_pipelines,
    measure_proofs,
    measure_record,
    measure_workload_states,
)
from continuity_analysis.measurements.self_healing import measure_reconnections
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.measurements.sizes import measure_backup_sizes, measure_restored_sizes
from continuity_analysis.models.readiness import count_results, judge_readiness
from continuity_analysis.questions.availability import look_at
from continuity_analysis.questions.dependencies import dependency_edges
from continuity_analysis.questions.exposed import observe_exposure
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.recovery_time import judged_at, recoveries_until

NO_ASSETS = "the catalogue states no assets of it"
NOT_CHOSEN = "not among the checks of the catalogue"
_OF_COPIES = ("backups_consistent", "backups_off_site", "backups_proven")
_DAY = pd.Timedelta(days=1)


def readiness(logs, *, period=None) -> pd.DataFrame:
    """Every service against every continuity guideline, the worst first.

    Parameters
    ----------
    logs : Logs
        `readiness` of its catalogue says which checks apply and how strict they are.
    period : str, Period or pair of moments, optional
        As things stood at its end; default as_of.

    Returns
    -------
    DataFrame
        As `judge_readiness` has it: one row per service and check, with what it asks, whether that passes, fails, is
        unknown or does not apply, the evidence in words and the oldest moment it rests on.
    """
    moment, _ = judged_at(logs, period)
    recoveries, day = recoveries_until(logs, moment), (moment - _DAY, moment)
    exposed = observe_exposure(logs, day, "service")
    services = measure_services(logs)
    names = _names(logs, [services, exposed.members, recoveries, logs.workloads])
    asked = [readiness_of(logs.catalog, name) for name in names]
    guidelines = _guidelines(logs, names, asked)
    facts = {
        "workloads": measure_workload_states(logs.workloads, until=moment),
        "pipelines": _pipelines(logs, services, moment),
        "copies": _copies(logs, exposed, recoveries, dict(zip(names, asked, strict=True)), moment),
        "drills": _drills(logs, recoveries, names, moment),
        "findings": _findings(logs, names, asked, moment),
        "reconnections": _reconnections(logs, guidelines, moment),
        "suppliers": _whole(names).assign(suppliers=[_listed(g.suppliers) for g in asked]),
    }
    return judge_readiness(facts, guidelines, at=moment)


def readiness_counts(logs, *, period=None) -> pd.DataFrame:
    """How many checks of each service failed, are unknown, passed or do not apply; most failures first.

    Parameters
    ----------
    logs, period
        As of `readiness`.

    Returns
    -------
    DataFrame
        As `count_results` has it. There is no score: a sum of unlike checks has no meaning.
    """
    return count_results(readiness(logs, period=period))


def _names(logs, seen: list[pd.DataFrame]) -> pd.Index:
    """Services of the catalogue; without any, everything seen is its own."""
    stated = logs.catalog.services
    found = stated or {n for frame in seen for n in frame["service"].dropna()}
    return pd.Index(sorted(found), name="service", dtype="str")


def _whole(names: pd.Index) -> pd.DataFrame:
    """Each service as a part of its own."""
    return pd.DataFrame({"service": names, "part": names}, dtype="str")


def _guidelines(logs, names: pd.Index, asked: list[Readiness]) -> pd.DataFrame:
    """What is asked of each service, and why which check does not apply to it."""
    numbers = [n for n in Readiness.model_fields if n.startswith("min_") or n.endswith(("_days", "_hours"))]
    table = {n: np.array([getattr(g, n) for g in asked], dtype=float) for n in numbers}
    promised = promises(logs.catalog, names)
    reasons = {f"not_{c}": pd.array([_reason(logs, n, g, c) for n, g in zip(names, asked, strict=True)], dtype="str")
               for c in CHECKS}  # fmt: skip
    frame = pd.DataFrame({"service": names, "tier": promised["tier"].array}).assign(**table, **reasons)
    return frame.assign(evidence_max_age_days=promised["evidence_max_age_days"].array)


def _reason(logs, name: str, guidelines: Readiness, check: str) -> str | None:
    """Why a check does not apply to a service; None where it does."""
    if check in guidelines.skip:
        return guidelines.skip[check]
    if guidelines.checks is not None and check not in guidelines.checks:
        return NOT_CHOSEN
    known = logs.catalog.services.get(name)
    return NO_ASSETS if known is not None and not known.assets and check in _OF_COPIES else None


def _pipelines(logs, services: pd.DataFrame, moment) -> pd.DataFrame:
    return measure_pipelines(logs.changes, services, until=moment, recorded=measure_recorded(logs, services))


def _copies(logs, exposed, recoveries: pd.DataFrame, asked: dict[str, Readiness], moment) -> pd.DataFrame:
    """The backups of each asset a service needs, when they were last proven, and whether a copy is off-site."""
    found = measure_backup_standing(exposed.usable, exposed.members, logs.backups, until=moment)
    restored = measure_restored_sizes(recoveries, logs.backups, sizes=measure_backup_sizes(logs.backups, until=moment))
    proven = pd.concat(
        [measure_proofs(restored).reindex(found["part"]).reset_index(drop=True), found["read_at"]], axis=1
    )
    checked = logs.backups[logs.backups["verified_at"].notna()]
    kinds = logs.recoveries[logs.recoveries["kind"].isin(["drill", "restore"])]
    rows = pd.concat([checked[["format"]], kinds[["format"]]])
    places = [x if isinstance(x, list) else [] for x in found["locations"]]
    far = [_far(asked.get(s), p, u) for s, p, u in zip(found["service"], places, found["unplaced"], strict=True)]
    found = found.assign(
        proven_at=proven.max(axis=1).astype("datetime64[us, UTC]"),
        places=pd.array([", ".join(sorted(p)) for p in places], dtype="str"),
        off_site=pd.array(far, dtype="boolean"),
    )
    return _recorded(found, rows, logs, moment=moment)


def _far(guidelines: Readiness | None, places: list[str], unplaced: bool) -> bool | None:
    """Whether one of the places is stated to be off-site; None where that cannot be told."""
    if guidelines is None or guidelines.off_site is None:
        return None
    return any(fnmatchcase(p, pattern) for p in places for pattern in guidelines.off_site) or (
        None if unplaced else False
    )


def _drills(logs, recoveries: pd.DataFrame, names: pd.Index, moment) -> pd.DataFrame:
    """The last drill of every service, and since when drills of any are recorded."""
    rows = logs.recoveries[logs.recoveries["kind"] == "drill"]
    found = _whole(names)[["service"]].merge(measure_drills(recoveries), on="service", how="left")
    return _recorded(found.assign(part=found["service"]), rows, logs, moment=moment)


def _recorded(found: pd.DataFrame, rows: pd.DataFrame, logs, *, moment) -> pd.DataFrame:
    """With the moments from and until which the formats of some rows recorded such things."""
    ends = measure_record(rows, logs.exports, until=moment)
    names = ("recorded_from", "recorded_until")
    return found.assign(
        **{n: pd.Series(m, found.index, dtype="datetime64[us, UTC]") for n, m in zip(names, ends, strict=True)}
    )


def _findings(logs, names: pd.Index, asked: list[Readiness], moment) -> pd.DataFrame:
    """Findings of each service: how many, how many are open, and the one found most often of those."""
    found = summarise_findings(measure_findings(logs.recoveries, until=moment))
    guidelines = dict(zip(names, asked, strict=True))
    still = [
        row.state == "open" and not is_closed(guidelines[row.service], row.finding, found_at=row.last_at, until=moment)
        for row in found.itertuples() if row.service in guidelines
    ]  # fmt: skip
    found = found[found["service"].isin(names)].assign(still=np.array(still, dtype=bool), n_found=1)
    worst = found[found["still"]].drop_duplicates("service").set_index("service")["finding"]
    back = (found["still"] & found["came_back"]).groupby(found["service"]).sum()
    groups = found.groupby("service")
    table = {"n_found": groups["n_found"].sum(), "n_open": groups["still"].sum(), "n_came_back": back}
    table |= {"finding": worst, "at": groups["last_at"].max()}
    return _whole(names).assign(**{c: values.reindex(names).array for c, values in table.items()})


def _reconnections(logs, guidelines: pd.DataFrame, moment) -> pd.DataFrame:
    """How often, and how late, each service was back after something it needs was."""
    oldest = guidelines["evidence_max_age_days"].max() if len(guidelines) else 1
    edges = dependency_edges(logs)
    disruptions, observation = look_at(logs, (moment - oldest * _DAY, moment))
    seen = measure_reconnections(disruptions, observation, edges)
    seen = seen[~seen["before"].astype(bool)].merge(guidelines, on="service")
    seen = seen.assign(at=to_moments(seen["back_at"].to_numpy(np.int64)))
    seen = seen[seen["at"] >= moment - seen["evidence_max_age_days"] * _DAY]
    late = seen["hours"] > seen["reconnect_within_hours"]
    seen = seen.assign(late=late, n=1)[late | ~seen["censored"].astype(bool)]
    groups = seen.groupby("service")
    table = {"n": groups["n"].sum(), "n_late": groups["late"].sum(), "longest_hours": groups["hours"].max()}
    table["at"] = groups["at"].max()
    names = pd.Index(guidelines["service"])
    whole = _whole(names).assign(**{c: values.reindex(names).array for c, values in table.items()})
    return whole.assign(n=whole["n"].fillna(0), n_late=whole["n_late"].fillna(0), needs=names.isin(edges["service"]))


def _listed(suppliers: tuple[str, ...] | None) -> str | None:
    return None if suppliers is None else ", ".join(suppliers)
