"""The values of parameters: what was given, or the text of it, as the type that a notebook declares."""

import re

import yaml

from continuity_analysis.errors import InputError

TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list}
LISTS = {f"list[{name}]": name for name in TYPES if name != "list"}


def convert(name: str, value: object, kind: str, report: str) -> object:
    """A value, or the text of one, as a parameter's type.

    Parameters
    ----------
    name : str
        Of the parameter.
    value : object
        As it was given.
    kind : str
        Out of `TYPES` or `LISTS`.
    report : str
        Name of the notebook.

    Raises
    ------
    InputError
        If it is none of that type.
    """
    made = _as_type(value, kind)
    if kind in LISTS and isinstance(made, list):
        made = [_as_type(part, LISTS[kind]) for part in made]
        right = all(type(part) is TYPES[LISTS[kind]] for part in made)
    else:
        right = type(made) is TYPES.get(kind)
    if not right:
        raise InputError(f"Parameter {name!r} of notebook {report} is of type {kind}, got {value!r}.")
    return made


def _as_type(value: object, kind: str) -> object:
    """A value as one of a type, or unchanged where it is none."""
    made = _from_text(value, kind) if isinstance(value, str) else value
    return float(made) if kind == "float" and type(made) is int else made


def _from_text(text: str, kind: str) -> object:
    """The value a text stands for, or the text itself where it does not stand for one of that type."""
    if kind == "str":
        return text
    if kind == "bool":
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower(), text)
    if kind.startswith("list"):
        return _list(text)
    number = r"[+-]?\d+" if kind == "int" else r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
    return TYPES[kind](text) if re.fullmatch(number, text.strip()) else text


def _list(text: str) -> object:
    """A list as YAML or JSON writes it, or words with commas between them."""
    if not text.strip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text
