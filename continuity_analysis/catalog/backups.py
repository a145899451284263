"""When backups are due and how long they are to be kept, as `services.yaml` promises it."""

from fnmatch import fnmatchcase

from pydantic import Field, field_validator, model_validator

from continuity_analysis.catalog.quantities import Clock, Hours, Part, Rule, Zone

_DAY = 24.0


class BackupRule(Part):
    """What is promised for the backups of some assets, of one method or at one location only where it says so.

    `every` with `start` counts from that clock time of each day, `every` alone from the run before; `rrule` says on
    which days, `start` when. Clock times are those of `timezone`, else of the catalogue's. A run begun later than
    `within` after it was due is late. `keep` is how long each backup is to stay.
    """

    assets: tuple[str, ...] = Field(min_length=1)
    method: str | None = None
    location: str | None = None
    every_hours: Hours | None = Field(default=None, alias="every")
    rrule: Rule | None = None
    start: Clock | None = None
    timezone: Zone | None = None
    within_hours: Hours | None = Field(default=None, alias="within")
    keep_hours: Hours | None = Field(default=None, alias="keep")

    @field_validator("assets", mode="before")
    @classmethod
    def _one_is_enough(cls, value):
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_something(self) -> "BackupRule":
        if self.every_hours is not None and self.rrule is not None:
            raise ValueError("expected every or rrule, got both; leave one of them out")
        if self.rrule is not None and self.start is None:
            raise ValueError('expected the clock time of the rule, such as start: "02:00", got none')
        if self.start is not None and self.rrule is None and self.every_hours is None:
            raise ValueError("expected how often it is due: add every: 1d, or rrule: FREQ=WEEKLY;BYDAY=SU; got start")
        if self.within_hours is not None and not self.scheduled:
            raise ValueError("expected every or rrule beside within, got none; what is not due is not late")
        if not self.scheduled and self.keep_hours is None:
            raise ValueError("expected every, rrule or keep, got none of them")
        return self

    @model_validator(mode="after")
    def _fits_a_day(self) -> "BackupRule":
        every = self.every_hours
        if self.start is not None and every is not None:
            times = _DAY / every
            if abs(times - round(times)) > 1e-9 or every * 60 != round(every * 60):
                raise ValueError(
                    f"expected every to be a day or a whole part of it, such as 6h, where start is stated, got "
                    f"{every:g} h; state rarer runs as rrule: FREQ=WEEKLY;BYDAY=SU"
                )
        return self

    @property
    def scheduled(self) -> bool:
        """Whether it says when runs are due."""
        return self.every_hours is not None or self.rrule is not None

    def speaks_of(self, asset: str, *, method: str | None, location: str | None) -> bool:
        """Whether it promises anything for the backups of an asset, by a method, at a location (None: not stated)."""
        names = ((self.method, method), (self.location, location))
        return any(asset == p or fnmatchcase(asset, p) for p in self.assets) and all(
            wanted is None or (name is not None and fnmatchcase(name, wanted)) for wanted, name in names
        )
