"""What notebooks may be given: each parameter is checked against each notebook before anything runs."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path

import nbformat
import yaml
from papermill.inspection import inspect_notebook

from continuity_analysis.errors import InputError
from continuity_analysis.reports.notebooks import read_notebook

TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list}
OF_THE_RUN = ("store", "logs", "period", "catalog", "as_of", "timezone")
"""Resolved once for all notebooks of a run, from options of the command of the same names."""
HOW = "write it as `name: type = default  # help`, type being one of str, int, float, bool or list"


def read_parameters(path: Path) -> dict[str, str]:
    """Name -> type of the parameters that a notebook declares.

    Raises
    ------
    InputError
        If a parameter is declared in a way that cannot be checked: a type that is none of `TYPES`, a union, or an
        equals sign in its help, any of which papermill overlooks.
    """
    notebook = read_notebook(path)
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if not tagged:
        return {}
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    seen = {name: (p["inferred_type_name"], p["default"]) for name, p in inspect_notebook(notebook).items()}
    for name, line in _assigned(tagged[0], path).items():
        if name not in seen:
            raise InputError(f"Parameter {name!r} of notebook {path.stem} cannot be checked, got {line!r}: {HOW}.")
    return {name: _type_name(name, *spec, path=path) for name, spec in seen.items()}


def _assigned(cell: nbformat.NotebookNode, path: Path) -> dict[str, str]:
    """Name -> line of what the parameters cell assigns, as Python itself reads it."""
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        raise InputError(f"The parameters cell of notebook {path.stem} is not Python: {error}.") from error
    lines, names = cell.source.splitlines(), {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                names[target.id] = lines[node.lineno - 1].strip()
    return names


def _type_name(name: str, annotation: str, default: str, *, path: Path) -> str:
    kind = annotation.split("[")[0].strip()
    if kind == "None":  # no annotation: the default tells
        try:
            kind = type(ast.literal_eval(default)).__name__
        except (ValueError, SyntaxError):
            kind = default
    if kind not in TYPES:
        raise InputError(f"Parameter {name!r} of notebook {path.stem} cannot be checked, its type is {kind}: {HOW}.")
    return kind


def check_parameters(notebooks: Mapping[str, Path], given: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """The parameters for each notebook, converted to the types it declares.

    A parameter is passed only to notebooks that declare it, and at least one must.

    Parameters
    ----------
    notebooks : mapping
        Name -> path.
    given : mapping
        Name -> value, or the text of one.

    Returns
    -------
    dict
        Notebook name -> {parameter name: value}.

    Raises
    ------
    InputError
        If a name is known to none of the notebooks or is one of `OF_THE_RUN`, or a value is of the wrong type.
    """
    declared = {name: read_parameters(path) for name, path in notebooks.items()}
    known = sorted({name for types in declared.values() for name in types} - set(OF_THE_RUN))
    for name in given:
        if name in OF_THE_RUN:
            option = name.replace("_", "-")
            raise InputError(f"Parameter {name!r} holds for the whole run: give it as --{option}, not with -p.")
        if name not in known:
            ones = f"one of {', '.join(known)}" if known else "none, as these notebooks have no others"
            raise InputError(f"Expected as parameter {ones}; got {name!r}, which {_asked(notebooks)} not declare.")
    return {
        report: {name: _convert(name, value, types[name], report) for name, value in given.items() if name in types}
        for report, types in declared.items()
    }


def for_the_run(path: Path, values: Mapping[str, str]) -> dict[str, str]:
    """Of the values that hold for the whole run, those that a notebook declares."""
    declared = read_parameters(path)
    return {name: value for name, value in values.items() if name in declared}


def _asked(notebooks: Mapping[str, Path]) -> str:
    names = ", ".join(notebooks)
    return f"notebook {names} does" if len(notebooks) == 1 else f"notebooks {names} do"


def _convert(name: str, value: object, kind: str, report: str) -> object:
    made = _from_text(value, kind) if isinstance(value, str) else value
    if kind == "float" and isinstance(made, int) and not isinstance(made, bool):
        made = float(made)
    if type(made) is not TYPES[kind]:
        raise InputError(f"Parameter {name!r} of notebook {report} is of type {kind}, got {value!r}.")
    return made


def _from_text(text: str, kind: str) -> object:
    """The value a text stands for, or the text itself where it does not stand for one of that type."""
    if kind == "str":
        return text
    if kind == "bool":
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower(), text)
    if kind == "list":
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
