"""The whole catalogue: services, impact rules, how sources are read, corrections, scenarios."""

from difflib import get_close_matches
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field, field_validator, model_validator

from continuity_analysis import tables
from continuity_analysis.catalog.backups import BackupRule
from continuity_analysis.catalog.quantities import Moment, Part, Zone
from continuity_analysis.catalog.readiness import Readiness
from continuity_analysis.catalog.scenarios import Scenarios
from continuity_analysis.catalog.service import Service

# status pages commonly weigh a partial outage at 30 % of a major one, and degraded performance at nothing
IMPACT_BY_STATE = {"down": 1.0, "partial": 0.3, "degraded": 0.0, "maintenance": 0.0}
HAVE_ENDS = {"incidents": "restored_at", "backups": "finished_at", "changes": "finished_at", "states": "until_at"}
Impact = Annotated[float, Field(ge=0, le=1)]


class Duration(Part):
    """The column that says how long something lasted, and the unit of its numbers (or of its 1:30)."""

    column: str
    unit: Literal["ms", "s", "min", "h", "d", "h:mm", "m:ss"]


class Source(Part):
    """How the files of one place are to be read; acts when they are ingested.

    `columns` maps tables of the user's own: CSV, JSON (whose array `records` holds them) or Parquet; `product`,
    `component` and `duration` belong to it.
    """

    path: str
    format: str | None = None
    table: str | None = None
    timezone: Zone | None = None
    dayfirst: bool | None = None
    decimal: Literal[".", ","] = "."
    columns: dict[str, str] = Field(default_factory=dict)
    records: str | None = None
    duration: Duration | None = None
    product: str | None = None
    component: str | None = None
    asset: str | None = None
    scope: str | None = None
    complete: bool | None = None

    @model_validator(mode="after")
    def _columns_exist(self) -> "Source":
        if self.table is not None and self.table not in tables.EVIDENCE:
            raise ValueError(f"table: expected one of {', '.join(tables.EVIDENCE)}, got {self.table!r}")
        if self.columns and self.table is None:
            raise ValueError("columns need the table they fill: add table: incidents (or backups, recoveries, …)")
        for name in ("records", "duration", "product", "component"):
            if getattr(self, name) is not None and not self.columns:
                raise ValueError(f"{name} belongs to a mapping: add table: and columns:")
        if self.duration and self.table not in HAVE_ENDS:
            raise ValueError(f"duration: expected a table that has an end ({', '.join(HAVE_ENDS)}), got {self.table!r}")
        table = tables.TABLES.get(self.table)
        known = {c.name for c in table.columns} | set(table.key) if table else set()
        if unknown := [c for c in self.columns if c not in known]:
            raise ValueError(f"columns: {no_such(unknown[0], known)}")
        return self


class Correction(Part):
    """A correction of one incident, with its reason; it never changes what was ingested."""

    incident: str
    because: str
    exclude: bool = False
    started_at: Moment | None = None
    detected_at: Moment | None = None
    acknowledged_at: Moment | None = None
    mitigated_at: Moment | None = None
    restored_at: Moment | None = None
    impact: float | None = Field(default=None, ge=0, le=1)
    planned: bool | None = None


class CauseRule(Part):
    """A class of cause for the incidents whose cause or title, as reported, is like `when` (a glob, in any case)."""

    cause: str
    when: Annotated[str, Field(min_length=1)]

    @field_validator("cause")
    @classmethod
    def _class_exists(cls, value: str) -> str:
        if value not in tables.CAUSES:
            raise ValueError(f"expected one of {', '.join(tables.CAUSES)}: {no_such(value, tables.CAUSES)}")
        return value


class OffSite(Part):
    """Copies that lie at another site than what they protect: globs of the location, and of the asset, as tools say."""

    location: Annotated[str, Field(min_length=1)]
    asset: Annotated[str, Field(min_length=1)] = "*"


class Catalog(Part):
    """All of `services.yaml`; an empty one answers too, and every component is then its own service."""

    timezone: Zone | None = None
    impact_by_severity: dict[int, Impact] = Field(default_factory=dict)
    impact_by_state: dict[Literal["down", "partial", "degraded", "maintenance"], Impact] = Field(default_factory=dict)
    evidence: dict[Literal["restoration"], tuple[Literal["incident", "probe", "alert"], ...]] = Field(
        default_factory=dict
    )
    sources: tuple[Source, ...] = ()
    readiness: Readiness = Readiness()
    services: dict[str, Service] = Field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    causes: tuple[CauseRule, ...] = ()
    off_site: tuple[OffSite, ...] = ()
    backups: tuple[BackupRule, ...] = ()
    scenarios: Scenarios = Field(default_factory=dict)

    @model_validator(mode="after")
    def _dependencies_exist(self) -> "Catalog":
        for name, service in self.services.items():
            for other in service.depends_on:
                if other not in self.services:
                    raise ValueError(f"services.{name}.depends_on: {no_such(other, self.services)}")
        return self

    @model_validator(mode="after")
    def _no_service_needs_itself(self) -> "Catalog":
        needs = {name: list(service.depends_on) for name, service in self.services.items()}
        if circle := find_circle(needs):
            steps = ", ".join(f"{a} needs {b}" for a, b in pairwise(circle))
            raise ValueError(
                f"services.{circle[0]}.depends_on: expected no circle, got: {steps}; leave one of them out"
            )
        return self

    @model_validator(mode="after")
    def _services_of_scenarios_exist(self) -> "Catalog":
        stated = [(n, p) for n, changes in self.scenarios.items() for c in changes for p in c.services]
        for name, pattern in stated if self.services else []:  # where none are stated, components are services
            if not any(fnmatchcase(s, pattern) for s in self.services):
                raise ValueError(f"scenarios.{name}.services: {no_such(pattern, self.services)}")
        return self

    def impact(self, severity: int | None) -> float:
        """Share of the service lost that is assumed for a severity (None: not known), 0 to 1."""
        return self.impact_by_severity.get(severity, 1.0 if severity is None or severity <= 2 else 0.0)

    def impact_of_state(self, state: str) -> float:
        """Share of the service lost that is assumed for a component's state, 0 to 1."""
        return self.impact_by_state.get(state, IMPACT_BY_STATE.get(state, 0.0))

    def is_off_site(self, asset, location) -> bool:
        """Whether a copy is stated to lie elsewhere; one whose asset or location is not known is not."""
        known = isinstance(asset, str) and isinstance(location, str)
        return known and any(fnmatchcase(asset, r.asset) and fnmatchcase(location, r.location) for r in self.off_site)

    def services_of_components(self, names) -> pd.DataFrame:
        """Which service claims which component: columns component, service; none of what no service claims."""
        return self._claims(names, "component", "components")

    def services_of_assets(self, names) -> pd.DataFrame:
        """Which service claims which asset: columns asset, service; none of what no service claims."""
        return self._claims(names, "asset", "assets")

    def _claims(self, names, what: str, attribute: str) -> pd.DataFrame:
        names = sorted({str(n) for n in names if not pd.isna(n)})
        if not self.services:
            return pd.DataFrame({what: names, "service": names}, dtype="str")
        patterns = [(p, service) for service, s in self.services.items() for p in self._patterns(service, s, attribute)]
        pairs = {(n, service): None for n in names for p, service in patterns if fnmatchcase(n, p)}
        return pd.DataFrame(list(pairs), columns=[what, "service"], dtype="str")

    @staticmethod
    def _patterns(name: str, service: Service, attribute: str) -> tuple[str, ...]:
        stated = getattr(service, attribute)
        return stated if stated or attribute == "assets" else (name,)


def no_such(name: str, known) -> str:
    """A sentence that says a name is not known and which one may have been meant."""
    close = get_close_matches(name, list(known), n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
    return f"there is no {name!r}; {hint}"


def find_circle(needs: dict[str, list[str]]) -> list[str]:
    """A chain of names in which each needs the next and the last is the first; empty where there is none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return error.args[1][::-1]
    return []
