"""One service of the catalogue: what belongs to it and what is promised for it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, field_validator, model_validator

from continuity_analysis.catalog.hours import HolidaysOf, ServiceHours
from continuity_analysis.catalog.quantities import Clock, Hours, Moment, Part, Rule, Share, Zone
from continuity_analysis.catalog.readiness import Readiness


class Within(Part):
    """A duration that a stated share of cases must keep to."""

    within_hours: Hours = Field(alias="within")
    share: Share = Field(default=1.0, alias="for")


class RecoveryPoint(Within):
    """An age that the newest usable recovery point must keep to, and the disruption that it is judged against.

    `against` is *corruption or attack* (backups and logs only) or *loss of primary* (replicas by their lag as well);
    where it is not stated, the former.
    """

    against: Literal["corruption or attack", "loss of primary"] | None = None


class Chance(Part):
    """A duration that must be kept to with a stated chance."""

    within_hours: Hours = Field(alias="within")
    chance: Share | None = None


class Latency(Part):
    """A response time that a stated share of requests must keep to."""

    under_hours: Hours = Field(alias="under")
    share: Share = Field(alias="for")

    @property
    def under_seconds(self) -> float:
        """The response time [s]."""
        return self.under_hours * 3600


def _short(key: str):
    """Let `rpo: 6h` stand for `rpo: {within: 6h}`."""
    return BeforeValidator(lambda value: value if isinstance(value, (dict, BaseModel)) else {key: value})


class Objectives(Part):
    """What is promised for one service; what is absent is not promised."""

    availability: Share | None = None
    requests: Share | None = None
    latency: Latency | None = None
    restore: Within | None = None
    rpo: Annotated[RecoveryPoint, _short("within")] | None = None
    rto: Annotated[Chance, _short("within")] | None = None
    mtpd_hours: Hours | None = Field(default=None, alias="mtpd")

    @field_validator("restore", mode="before")
    @classmethod
    def _share_is_stated(cls, value: Any) -> Any:
        if (value is not None and not isinstance(value, (dict, Within))) or (
            isinstance(value, dict) and "for" not in value
        ):
            raise ValueError(f"expected the share it holds for, such as {{within: 4h, for: 90%}}, got {value!r}")
        return value


class Redundancy(Part):
    """How many replicas there are, and how many must work."""

    replicas: int = Field(ge=1)
    required: int = Field(default=1, ge=1)
    zones: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _enough(self) -> "Redundancy":
        if self.required > self.replicas:
            raise ValueError(f"expected required <= replicas, got {self.required} of {self.replicas}")
        return self


class Maintenance(Part):
    """An agreed window, repeated by an iCalendar rule, that is cut from agreed hours."""

    rrule: Rule
    start: Clock
    duration_hours: Hours = Field(alias="duration")


class BadMinute(Part):
    """When a minute is bad: more than a share of its requests failed, and there were enough of them to tell."""

    failed: Share = 0.05
    of_at_least: int = Field(default=10, ge=1)


class Service(Part):
    """One service: what belongs to it and what is promised for it.

    Clock times of its hours, holidays and maintenance are those of its `timezone`, else of the catalogue's. No `hours`
    (24x7) means always. `minimum_capacity` is the share of the service that counts as restored (MBCO): recovery ends
    when it is reached, and a disruption that leaves at least so much is not held against `mtpd`.
    """

    tier: int | None = Field(default=None, ge=0)
    components: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    watched_by: tuple[str, ...] = ()
    in_service_since: Moment | None = None
    retired_at: Moment | None = None
    depends_on: tuple[str, ...] = ()
    redundancy: Redundancy | None = None
    timezone: Zone | None = None
    hours: ServiceHours = ()
    holidays: HolidaysOf | None = None
    maintenance: tuple[Maintenance, ...] = ()
    accept_partial: bool = False
    judged: Literal["all", "unplanned"] = "all"
    minimum_capacity: Share | None = None
    rto_clock: Literal["disrupted", "declared"] = "disrupted"
    evidence_max_age_days: float = Field(default=365, gt=0)
    required_chance: Share = 0.9
    bad_minute: BadMinute = BadMinute()
    objectives: Objectives = Objectives()
    readiness: Readiness = Readiness()
