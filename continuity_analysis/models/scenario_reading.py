"""Reading scenarios; errors name the scenario, the key, what was expected and what came."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from continuity_analysis.catalog.contents import no_such
from continuity_analysis.errors import InputError
from continuity_analysis.models.scenarios import Change, RareDisaster, Replica, Zones

TODAY = "today"
USUAL = {
    "backups every hour": {"backup_every": "1h"},
    "restore twice as fast": {"restore_time": 0.5},
    "second zone": {"zones": {"count": 2, "common_cause": "40%", "failover": "2min"}},
    "region lost once in 50 years": {"disaster": {"every": "50y"}},
    "a tenth fewer failures": {"failure_rate": 0.9},
}
"""Scenarios that many platforms weigh, asked where none are stated."""


def read_scenarios(source: "str | Path | Mapping") -> dict[str, tuple[Change, ...]]:
    """Scenarios from a YAML file or a mapping.

    Parameters
    ----------
    source : path or mapping
        Name of the scenario -> one change, or a list of changes.

    Raises
    ------
    InputError
        Names the scenario, the key, what was expected and what came.
    """
    content, origin = (source, "scenarios") if isinstance(source, Mapping) else (_load(Path(source)), str(source))
    if not isinstance(content, Mapping):
        raise InputError(f"{origin}: expected scenarios by name, such as hourly backups: {{backup_every: 1h}}.")
    if TODAY in content:
        raise InputError(f"{origin}: expected another name than {TODAY!r}, which is what nothing is changed in.")
    return {str(name): _changes(value, f"{origin}: {name}") for name, value in content.items()}


def _load(path: Path):
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"Expected scenarios at {path}, got: {error.strerror}; check the path.") from error
    except yaml.YAMLError as error:
        raise InputError(f"{path}: expected YAML, but it does not parse: {error}.") from error


def _changes(value: Any, place: str) -> tuple[Change, ...]:
    if isinstance(value, Change):
        return (value,)
    try:
        return TypeAdapter(tuple[Change, ...]).validate_python(value if isinstance(value, list | tuple) else [value])
    except ValidationError as error:
        raise InputError("\n".join(f"{place}.{_sentence(e)}" for e in error.errors())) from None


def _sentence(error: dict) -> str:
    """One pydantic error as: key, what was expected, what came."""
    parts = [str(p) for p in error["loc"][1:] if not str(p).startswith(("function-", "nullable"))]
    key, text = ".".join(parts) or "change", error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        models = {"zones": Zones, "replica": Replica, "disaster": RareDisaster}
        fields = (models.get(parts[-2], Change) if len(parts) > 1 else Change).model_fields
        return f"{key}: {no_such(parts[-1], [f.alias or n for n, f in fields.items()])}"
    if error["type"] == "missing":
        return f"{key}: expected a value, got none"
    return (
        f"{key}: {text}"
        if error["type"] == "value_error"
        else f"{key}: {text[0].lower()}{text[1:]}, got {error['input']!r}"
    )
