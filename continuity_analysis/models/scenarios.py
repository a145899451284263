"""Scenarios as people write them: what changes, for which services; and what that is in numbers.

hourly backups: {backup_every: 1h}
second zone: {services: [checkout], zones: {count: 2, common_cause: 30%, failover: 2min}}
region lost: {disaster: {every: 50y}}
both: [{backup_every: 1h}, {disaster: {every: 50y}}]
"""

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field, model_validator

from continuity_analysis.catalog.contents import no_such
from continuity_analysis.catalog.quantities import Hours, Part, Share
from continuity_analysis.errors import InputError
from continuity_analysis.models.edits import Disaster, Edits, no_edits
from continuity_analysis.models.platform import Platform


def read_years(value: Any) -> float:
    """How often something rare comes, such as 50y, as years from one to the next.

    Raises
    ------
    ValueError
        If it is no positive number of years.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:y|years?)", str(value).strip().lower())
    if not found or float(found[1]) <= 0:
        raise ValueError(f"expected a number of years, such as 50y, got {value!r}")
    return float(found[1])


class Zones(Part):
    """In how many zones (or regions) a service runs.

    `common_cause` is the share of its failures that hit all zones at once, such as faults in its own code; no log can
    say what it would be, so it has to be stated.
    """

    count: int = Field(ge=2, le=9)
    required: int = Field(default=1, ge=1)
    common_cause: Share
    failover_hours: Hours = Field(default=0.0, alias="failover")

    @model_validator(mode="after")
    def _enough(self) -> "Zones":
        if self.required >= self.count:
            raise ValueError(f"expected required below count, got {self.required} of {self.count}")
        return self


class Replica(Part):
    """A copy that follows the data; it saves them in a stated share of the failures, not in those that it copies."""

    lag_hours: Hours = Field(alias="lag")
    saves: Share


class RareDisaster(Part):
    """Something that hits all services of the scenario at once, and takes a recovery of each."""

    every_years: Annotated[float, BeforeValidator(read_years)] = Field(alias="every")
    one_zone: bool = False
    down_hours: Hours | None = Field(default=None, alias="down")
    lost_hours: Hours | None = Field(default=None, alias="lost")


class Change(Part):
    """What a scenario changes for some services; by default for all.

    `failure_rate` and `restore_time` are times today's: 0.5 is half as many, or half as long after detection (where it
    is not known when failures are detected: half as long).
    """

    services: tuple[str, ...] = ()
    failure_rate: float | None = Field(default=None, ge=0, le=100)
    detect_within: Hours | None = None
    restore_time: float | None = Field(default=None, ge=0, le=100)
    backup_every: Hours | None = None
    replica: Replica | None = None
    zones: Zones | None = None
    disaster: RareDisaster | None = None


def edits_of(changes: tuple[Change, ...], platform: Platform, *, name: str) -> Edits:
    """Changes in numbers, one value per service.

    Raises
    ------
    InputError
        If a service is named that the platform does not have.
    """
    edits = no_edits(len(platform.services))
    for number, change in enumerate(changes):
        which = _which(change.services, platform.services, name=name)
        edits = replace(edits, **{f: np.where(which, value, getattr(edits, f)) for f, value in _numbers(change)})
        if change.disaster is not None:
            edits = replace(edits, disasters=(*edits.disasters, _disaster(change.disaster, which, f"{number}")))
    return edits


def why_not(edits: Edits, platform: Platform) -> pd.Series:
    """Why the scenario cannot be answered for a service, though today can; null where it can."""
    detection, law, n = platform.detection, platform.recoveries, len(platform.services)
    seen = np.zeros(n) if detection is None else detection.law.size
    unknown = np.full(n, True) if law is None else np.isnan(law.mu).all(axis=1)
    struck = np.zeros(n, dtype=bool)
    for disaster in edits.disasters:
        struck |= disaster.hits & np.isnan(disaster.down_hours)
    rules = {
        "how long failures stay undetected is not known": np.isfinite(edits.detect_at_most) & (seen == 0),
        "no recovery says how long one takes: state down of the disaster": struck & unknown,
    }
    return pd.Series(np.select(list(rules.values()), list(rules), None), dtype="str")


def _numbers(change: Change):
    """Fields of `Edits` that a change sets."""
    zones, replica = change.zones, change.replica
    stated = {
        "rate": change.failure_rate,
        "detect_at_most": change.detect_within,
        "restore": change.restore_time,
        "backup_every": change.backup_every,
        "replica_lag": replica and replica.lag_hours,
        "replica_share": replica and replica.saves,
        "zones": zones and zones.count,
        "required": zones and zones.required,
        "common_cause": zones and zones.common_cause,
        "failover": zones and zones.failover_hours,
    }
    return [(f, value) for f, value in stated.items() if value is not None]


def _disaster(stated: RareDisaster, which: np.ndarray, name: str) -> Disaster:
    down, lost = (np.nan if x is None else x for x in (stated.down_hours, stated.lost_hours))
    return Disaster(name, 1 / stated.every_years, which, stated.one_zone, down, lost)


def _which(patterns: tuple[str, ...], services: pd.Index, *, name: str) -> np.ndarray:
    for pattern in patterns:
        if not any(fnmatchcase(s, pattern) for s in services):
            raise InputError(f"scenarios: {name}.services: {no_such(pattern, services)}")
    return np.array([not patterns or any(fnmatchcase(s, p) for p in patterns) for s in services], dtype=bool)
