"""Are we ready? The continuity guidelines the platform sets itself, held against everything the logs show."""

import numpy as np
import pandas as pd

from continuity_analysis.catalog import CHECKS, Readiness, readiness_of
from continuity_analysis.measurements.services import measure_services
from continuity_analysis.models.readiness import count_results, judge_readiness
from continuity_analysis.questions.exposed import observe_exposure
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.readiness_facts import gather_facts
from continuity_analysis.questions.recoveries_seen import judged_at, seen_recoveries

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
    recoveries, day = seen_recoveries(logs, moment), (moment - _DAY, moment)
    exposed = observe_exposure(logs, day, "service")
    services = measure_services(logs)
    names = _names(logs, [services, exposed.members, recoveries, logs.workloads])
    asked = [readiness_of(logs.catalog, name) for name in names]
    guidelines = _guidelines(logs, names, asked)
    facts = gather_facts(logs, guidelines, dict(zip(names, asked, strict=True)), exposed=exposed, recoveries=recoveries)
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
