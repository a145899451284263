"""Reading `services.yaml`, or scenarios alone; errors name the file, the key, what was expected and what came."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from continuity_analysis.catalog.backups import BackupRule
from continuity_analysis.catalog.contents import Catalog, CauseRule, Correction, Duration, Source, no_such
from continuity_analysis.catalog.hours import Holidays
from continuity_analysis.catalog.readiness import Readiness
from continuity_analysis.catalog.scenarios import Change, RareDisaster, Replica, Zones
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
from continuity_analysis.errors import CatalogError

FILE_NAME = "services.yaml"


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
    content = _load(Path(source), "a catalogue")
    if not isinstance(content, dict | None):
        raise CatalogError(f"{source}: expected keys such as services: and sources:, got a {type(content).__name__}.")
    return _validate(content or {}, str(source))


def read_scenarios(source: "str | Path | Mapping") -> dict[str, tuple[Change, ...]]:
    """Scenarios from a YAML file of their own or a mapping, as `scenarios` of the catalogue states them.

    Parameters
    ----------
    source : path or mapping
        Name of the scenario -> one change, or a list of changes.

    Raises
    ------
    CatalogError
        Names the scenario, the key, what was expected and what came.
    """
    given = isinstance(source, Mapping)
    content, origin = (dict(source), "given") if given else (_load(Path(source), "scenarios"), str(source))
    if not isinstance(content, dict):
        raise CatalogError(f"{origin}: expected scenarios by name, such as hourly backups: {{backup_every: 1h}}.")
    return _validate({"scenarios": content}, origin).scenarios


def _load(path: Path, what: str) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogError(f"Expected {what} at {path}, got: {error.strerror}; check the path.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        place = f" at line {where.line + 1}" if where else ""
        raise CatalogError(
            f"{path}: expected YAML, but it does not parse{place}: {getattr(error, 'problem', error)}."
        ) from error


def _validate(content: dict, origin: str) -> Catalog:
    try:
        return Catalog.model_validate(content)
    except ValidationError as error:
        raise CatalogError("\n".join(f"{origin}: {_sentence(e)}" for e in error.errors())) from None


def _sentence(error: dict) -> str:
    """One pydantic error as: key, what was expected, what came."""
    key = ".".join(str(p) for p in error["loc"] if not str(p).startswith(("function-", "is-instance")))
    if error["type"] == "extra_forbidden":
        return f"{key}: {no_such(str(error['loc'][-1]), _keys_beside(error['loc']))}"
    text = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"{key}: {text}" if key else text
    if error["type"] == "missing":
        return f"{key}: expected a value, got none"
    return f"{key}: {text[0].lower()}{text[1:]}, got {error['input']!r}"


def _keys_beside(loc: tuple) -> list[str]:
    model: Any = Catalog
    parts = {
        "sources": Source,
        "corrections": Correction,
        "causes": CauseRule,
        "backups": BackupRule,
        "maintenance": Maintenance,
        "services": Service,
    }
    parts |= {"objectives": Objectives, "redundancy": Redundancy, "latency": Latency, "rto": Chance}
    parts |= {
        "duration": Duration,
        "restore": Within,
        "rpo": RecoveryPoint,
        "holidays": Holidays,
        "bad_minute": BadMinute,
    }
    parts |= {"readiness": Readiness, "scenarios": Change}
    parts |= {"zones": Zones, "replica": Replica, "disaster": RareDisaster}
    named = loc[:1] in (("services",), ("scenarios",))  # what follows is a name of the user's own
    for part in (loc[:1] + loc[2:-1]) if named else loc[:-1]:
        model = parts.get(part, model)
    return [f.alias or name for name, f in model.model_fields.items()]
