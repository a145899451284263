"""Scenarios as people write them: what changes, for which services.

hourly backups: {backup_every: 1h}
second zone: {services: [checkout], zones: {count: 2, common_cause: 30%, failover: 2min}}
region lost: {disaster: {every: 50y}}
both: [{backup_every: 1h}, {disaster: {every: 50y}}]
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WrapValidator, model_validator

from continuity_analysis.catalog.quantities import Hours, Part, Share

TODAY = "today"
"""What nothing is changed in; no scenario may be called so."""
Factor = Annotated[float, Field(ge=0, le=100)]


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
    failure_rate: Factor | None = None
    detect_within: Hours | None = None
    restore_time: Factor | None = None
    backup_every: Annotated[Hours, Field(gt=0)] | None = None
    replica: Replica | None = None
    zones: Zones | None = None
    disaster: RareDisaster | None = None


def _one_or_more(value: Any, read) -> tuple[Change, ...]:
    """One change needs no list."""
    return (Change.model_validate(value),) if isinstance(value, Mapping | Change) else read(value)


def _not_today(value: dict) -> dict:
    if TODAY in value:
        raise ValueError(f"expected another name than {TODAY!r}, which is what nothing is changed in")
    return value


Changes = Annotated[tuple[Change, ...], WrapValidator(_one_or_more)]
Scenarios = Annotated[dict[str, Changes], AfterValidator(_not_today)]
