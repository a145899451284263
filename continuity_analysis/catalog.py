"""The catalogue, `services.yaml`: services, objectives, impact rules, sources, corrections.

Only `sources` acts when logs are ingested, everything else when tables are read, so a changed catalogue never needs a
new ingest. Everything is optional. Errors name the file, the key and what was expected.
"""

import re
from datetime import datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from continuity_analysis import tables
from continuity_analysis.errors import CatalogError, PeriodError
from continuity_analysis.periods import read_moment, read_zone

FILE_NAME = "services.yaml"
_HOURS = {"ms": 1 / 3.6e6, "s": 1 / 3600, "sec": 1 / 3600, "m": 1 / 60, "min": 1 / 60, "h": 1, "d": 24, "w": 168}


def read_hours(value: Any) -> float:
    """A duration such as 4h, 30min, 1d 12h or 500ms, in hours.

    Raises
    ------
    ValueError
        If it is no positive duration with a unit.
    """
    text = str(value).strip().lower()
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([a-z]+)", text)
    if not parts or re.sub(r"(\d+(?:\.\d+)?)\s*([a-z]+)\s*", "", text) or any(u not in _HOURS for _, u in parts):
        raise ValueError(f"expected a duration with its unit, such as 4h, 30min or 1d 12h, got {value!r}")
    return sum(float(n) * _HOURS[u] for n, u in parts)


def read_share(value: Any) -> float:
    """A share such as 99.9% or 0.999, as a number from 0 to 1.

    Raises
    ------
    ValueError
        If it is neither.
    """
    text = str(value).strip()
    try:
        # a percentage divided as decimal digits, so that 99.9% is the double nearest to 0.999
        share = float(f"{text[:-1].strip()}e-2") if text.endswith("%") else float(text)
    except ValueError:
        share = float("nan")
    if isinstance(value, bool) or not 0 <= share <= 1:
        raise ValueError(f"expected a share such as 99.9% or 0.999, got {value!r}")
    return share


def _zone(value: str) -> str:
    try:
        return read_zone(value)
    except PeriodError as error:
        raise ValueError(str(error)) from error


def _instant(value: Any) -> pd.Timestamp:
    try:
        return read_moment(value if isinstance(value, (str, datetime)) else str(value))
    except PeriodError as error:
        raise ValueError(str(error)) from error


Hours = Annotated[float, BeforeValidator(read_hours)]
Share = Annotated[float, BeforeValidator(read_share)]
Zone = Annotated[str, BeforeValidator(_zone)]
Moment = Annotated[pd.Timestamp, BeforeValidator(_instant)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)


class Within(_Part):
    """A duration that a stated share of cases must keep to."""

    within_hours: Hours = Field(alias="within")
    share: Share = Field(default=1.0, alias="for")


class Chance(_Part):
    """A duration that must be kept to with a stated chance."""

    within_hours: Hours = Field(alias="within")
    chance: Share | None = None


class Latency(_Part):
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


class Objectives(_Part):
    """What is promised for one service; what is absent is not promised."""

    availability: Share | None = None
    requests: Share | None = None
    latency: Latency | None = None
    restore: Within | None = None
    rpo: Annotated[Within, _short("within")] | None = None
    rto: Annotated[Chance, _short("within")] | None = None
    mtpd_hours: Hours | None = Field(default=None, alias="mtpd")

    @field_validator("restore", mode="before")
    @classmethod
    def _share_is_stated(cls, value: Any) -> Any:
        if value is not None and not isinstance(value, (dict, Within)) or isinstance(value, dict) and "for" not in value:
            raise ValueError(f"expected the share it holds for, such as {{within: 4h, for: 90%}}, got {value!r}")
        return value


class Redundancy(_Part):
    """How many replicas there are, and how many must work."""

    replicas: int = Field(ge=1)
    required: int = Field(default=1, ge=1)
    zones: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _enough(self) -> "Redundancy":
        if self.required > self.replicas:
            raise ValueError(f"expected required <= replicas, got {self.required} of {self.replicas}")
        return self


class Maintenance(_Part):
    """An agreed window, repeated by an iCalendar rule, that is cut from agreed hours."""

    rrule: str
    start: str
    duration_hours: Hours = Field(alias="duration")

    @field_validator("rrule")
    @classmethod
    def _rule(cls, value: str) -> str:
        from dateutil.rrule import rrulestr

        try:
            rrulestr(value, dtstart=datetime(2026, 1, 1))
        except (ValueError, KeyError) as error:
            raise ValueError(f"expected an iCalendar rule such as FREQ=WEEKLY;BYDAY=SU, got {value!r}") from error
        return value

    @field_validator("start")
    @classmethod
    def _clock(cls, value: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError(f'expected a clock time in quotes such as "02:00", got {value!r}')
        return value


class Service(_Part):
    """One service: what belongs to it and what is promised for it."""

    tier: int | None = Field(default=None, ge=0)
    components: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    watched_by: tuple[str, ...] = ()
    in_service_since: Moment | None = None
    retired_at: Moment | None = None
    depends_on: tuple[str, ...] = ()
    redundancy: Redundancy | None = None
    hours: Literal["24x7"] = "24x7"
    maintenance: tuple[Maintenance, ...] = ()
    accept_partial: bool = False
    judged: Literal["all", "unplanned"] = "all"
    rto_clock: Literal["disrupted", "declared"] = "disrupted"
    evidence_max_age_days: float = Field(default=365, gt=0)
    required_chance: Share = 0.9
    objectives: Objectives = Objectives()


class Source(_Part):
    """How the files of one place are to be read; acts when they are ingested."""

    path: str
    format: str | None = None
    table: str | None = None
    timezone: Zone | None = None
    dayfirst: bool | None = None
    decimal: Literal[".", ","] = "."
    columns: dict[str, str] = {}
    asset: str | None = None
    scope: str | None = None
    complete: bool | None = None

    @model_validator(mode="after")
    def _columns_exist(self) -> "Source":
        if self.table is not None and self.table not in tables.EVIDENCE:
            raise ValueError(f"table: expected one of {', '.join(tables.EVIDENCE)}, got {self.table!r}")
        if self.columns and self.table is None:
            raise ValueError("columns need the table they fill: add table: incidents (or backups, recoveries, …)")
        known = {c.name for c in tables.TABLES[self.table].columns} if self.table else set()
        if unknown := [c for c in self.columns if c not in known]:
            raise ValueError(f"columns: {_no_such(unknown[0], known)}")
        return self


class Correction(_Part):
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


class Catalog(_Part):
    """All of `services.yaml`; an empty one answers too, and every component is then its own service."""

    timezone: Zone | None = None
    impact_by_severity: dict[int, Annotated[float, Field(ge=0, le=1)]] = {}
    impact_by_state: dict[Literal["down", "partial", "degraded", "maintenance"], Annotated[float, Field(ge=0, le=1)]] = {}
    evidence: dict[Literal["restoration"], tuple[Literal["incident", "probe", "alert"], ...]] = {}
    sources: tuple[Source, ...] = ()
    services: dict[str, Service] = {}
    corrections: tuple[Correction, ...] = ()

    @model_validator(mode="after")
    def _dependencies_exist(self) -> "Catalog":
        for name, service in self.services.items():
            for other in service.depends_on:
                if other not in self.services:
                    raise ValueError(f"services.{name}.depends_on: {_no_such(other, self.services)}")
        return self

    def impact(self, severity: int | None) -> float:
        """Share of the service lost that is assumed for a severity (None: not known), 0 to 1."""
        default = 1.0 if severity is None or severity <= 2 else 0.0
        return self.impact_by_severity.get(severity, default)

    def impact_of_state(self, state: str) -> float:
        """Share of the service lost that is assumed for a component's state, 0 to 1."""
        return {"down": 1.0, "partial": 0.3, "degraded": 0.0, "maintenance": 0.0, **self.impact_by_state}.get(state, 0.0)

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


def _no_such(name: str, known) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"there is no {name!r}" + (f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(sorted(known))}")


def read_catalog(source: "str | Path | dict | Catalog | None") -> Catalog:
    """The catalogue from a file, a mapping or nothing.

    Parameters
    ----------
    source : path, dict, Catalog or None
        None gives the empty catalogue.

    Raises
    ------
    CatalogError
        Names the file, the key, what was expected and what came.
    """
    if isinstance(source, Catalog):
        return source
    if source is None or isinstance(source, dict):
        return _validate(source or {}, FILE_NAME)
    path = Path(source)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogError(f"Expected a catalogue at {path}, got: {error.strerror}; check the path.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        place = f" at line {where.line + 1}" if where else ""
        raise CatalogError(f"{path}: expected YAML, but it does not parse{place}: {getattr(error, 'problem', error)}.") from error
    if not isinstance(content, dict | None):
        raise CatalogError(f"{path}: expected keys such as services: and sources:, got a {type(content).__name__}.")
    return _validate(content or {}, str(path))


def _validate(content: dict, origin: str) -> Catalog:
    try:
        return Catalog.model_validate(content)
    except ValidationError as error:
        raise CatalogError("\n".join(f"{origin}: {_sentence(e)}" for e in error.errors())) from None


def _sentence(error: dict) -> str:
    """One pydantic error as: key, what was expected, what came."""
    key = ".".join(str(p) for p in error["loc"] if not str(p).startswith(("function-", "is-instance")))
    if error["type"] == "extra_forbidden":
        return f"{key}: {_no_such(str(error['loc'][-1]), _keys_beside(error['loc']))}"
    text = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"{key}: {text}" if key else text
    if error["type"] == "missing":
        return f"{key}: expected a value, got none"
    return f"{key}: {text[0].lower()}{text[1:]}, got {error['input']!r}"


def _keys_beside(loc: tuple) -> list[str]:
    model: Any = Catalog
    parts = {"sources": Source, "corrections": Correction, "maintenance": Maintenance, "services": Service}
    parts |= {"objectives": Objectives, "redundancy": Redundancy, "latency": Latency, "rto": Chance}
    parts |= {"restore": Within, "rpo": Within}
    for part in loc[:-1]:
        model = parts.get(part, model)
    return [f.alias or name for name, f in model.model_fields.items()]
