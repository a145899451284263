"""The continuity guidelines a platform sets itself: which checks apply, how strict they are, what they cannot see."""

from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any

import pandas as pd
from pydantic import BeforeValidator, Field, field_validator

from continuity_analysis.catalog.quantities import Hours, Moment, Part, read_hours

CHECKS = (
    "replicas", "nodes", "zones", "autoscaling", "disruption_budget", "pipeline_green", "pipeline_recent",
    "rollback_tried", "backups_consistent", "backups_off_site", "backups_proven", "drill_done", "findings_closed",
    "reconnection", "suppliers",
)  # fmt: skip
"""The checks there are, in the order in which they are shown."""
AGES = ("rollback_max_age_days", "proof_max_age_days", "drill_max_age_days")
"""Limits that, where they are not stated, are the service's `evidence_max_age_days`."""

Days = Annotated[float, Field(gt=0)]
AtLeastOne = Annotated[int, Field(ge=1)]


def _closed(value: Any) -> Any:
    """YAML reads a bare 2026-08-01 as a date."""
    return value.isoformat() if isinstance(value, date) else value


ClosedAt = Annotated[Moment, BeforeValidator(_closed)]


class Readiness(Part):
    """Guidelines for all services, or what one service states in their place.

    `skip` names checks that do not apply, each with its reason; `checks`, where stated, the only ones that do. States
    (workloads, backups) seen longer ago than `seen_max_age_days` say nothing of now. `closed_findings` are patterns of
    findings of drills with the day each was closed, `suppliers` who would step in. What no log can hold is unknown
    until it is stated here, or in the catalogue's `off_site`.
    """

    checks: tuple[str, ...] | None = None
    skip: dict[str, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    min_replicas: AtLeastOne = 2
    min_nodes: AtLeastOne = 2
    min_zones: AtLeastOne = 2
    seen_max_age_days: Days = 30
    pipeline_max_age_days: Days = 90
    rollback_max_age_days: Days | None = None
    proof_max_age_days: Days | None = None
    drill_max_age_days: Days | None = None
    reconnect_within_hours: Hours = Field(default_factory=lambda: read_hours("15min"), alias="reconnect_within")
    closed_findings: dict[str, ClosedAt] = Field(default_factory=dict)
    suppliers: tuple[str, ...] | None = None

    @field_validator("checks", "skip")
    @classmethod
    def _checks_exist(cls, value: Any) -> Any:
        for name in value or ():
            if name not in CHECKS:
                close = get_close_matches(name, CHECKS, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"expected some of {', '.join(CHECKS)}"
                raise ValueError(f"there is no check {name!r}; {hint}")
        return value

    @field_validator("skip", mode="before")
    @classmethod
    def _reasons_are_stated(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"expected each check with its reason, such as {{zones: one site only}}, got {value!r}")
        return value


def readiness_of(catalog, service: str) -> Readiness:
    """The guidelines for one service: what it states itself, else what is stated for all, else the defaults.

    `skip` and `closed_findings` of the service are added to those for all. Ages that nobody states are its
    `evidence_max_age_days`.

    Parameters
    ----------
    catalog : Catalog
    service : str
        One that the catalogue does not know follows what is stated for all.
    """
    from continuity_analysis.catalog.service import Service

    known = catalog.services.get(service, Service())
    own, common = known.readiness, catalog.readiness
    stated = {name: getattr(own, name) for name in own.model_fields_set}
    for name in ("skip", "closed_findings"):
        stated[name] = getattr(common, name) | getattr(own, name)
    merged = common.model_copy(update=stated)
    ages = {name: known.evidence_max_age_days for name in AGES if getattr(merged, name) is None}
    return merged.model_copy(update=ages)


def is_closed(guidelines: Readiness, finding: str, *, found_at: pd.Timestamp, until: pd.Timestamp) -> bool:
    """Whether a finding is said to have been closed after it was last found, and by a moment."""
    from fnmatch import fnmatch

    closings = [at for p, at in guidelines.closed_findings.items() if fnmatch(finding.lower(), p.lower())]
    return any(found_at <= at <= until for at in closings)
