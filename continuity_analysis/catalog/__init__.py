"""The catalogue, `services.yaml`: services, objectives, impact rules, sources, corrections, scenarios.

Only `sources` acts when logs are ingested, everything else when tables are read, so a changed catalogue never needs a
new ingest. Everything is optional.
"""

from continuity_analysis.catalog.backups import BackupRule
from continuity_analysis.catalog.contents import Catalog, CauseRule, Correction, Duration, Source
from continuity_analysis.catalog.hours import Holidays, Stretch
from continuity_analysis.catalog.readiness import CHECKS, Readiness, is_closed, readiness_of
from continuity_analysis.catalog.reading import FILE_NAME, read_catalog, read_scenarios
from continuity_analysis.catalog.scenarios import TODAY, Change, RareDisaster, Replica, Zones
from continuity_analysis.catalog.service import (
    BadMinute,
    Chance,
    Latency,
    Maintenance,
    Objectives,
    RecoveryPoint,
    Redundancy,
    Service,
    Within,
)

__all__ = [
    "CHECKS",
    "FILE_NAME",
    "TODAY",
    "BackupRule",
    "BadMinute",
    "Catalog",
    "CauseRule",
    "Chance",
    "Change",
    "Correction",
    "Duration",
    "Holidays",
    "Latency",
    "Maintenance",
    "Objectives",
    "RareDisaster",
    "Readiness",
    "RecoveryPoint",
    "Redundancy",
    "Replica",
    "Service",
    "Source",
    "Stretch",
    "Within",
    "Zones",
    "is_closed",
    "read_catalog",
    "read_scenarios",
    "readiness_of",
]
