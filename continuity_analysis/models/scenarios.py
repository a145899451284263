"""What a scenario, as it is written, is in numbers; which of them the logs cannot answer."""

from dataclasses import replace
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from continuity_analysis.catalog.contents import no_such
from continuity_analysis.catalog.scenarios import Change, RareDisaster
from continuity_analysis.errors import InputError
from continuity_analysis.models.edits import Disaster, Edits, no_edits
from continuity_analysis.models.platform import Platform

USUAL = {
    "backups every hour": {"backup_every": "1h"},
    "restore twice as fast": {"restore_time": 0.5},
    "second zone": {"zones": {"count": 2, "common_cause": "40%", "failover": "2min"}},
    "region lost once in 50 years": {"disaster": {"every": "50y"}},
    "a tenth fewer failures": {"failure_rate": 0.9},
}
"""Scenarios that many platforms weigh, asked where none are stated."""


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
