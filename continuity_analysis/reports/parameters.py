"""What notebooks may be given: each parameter is checked against each notebook before anything runs."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from papermill.inspection import inspect_notebook

from continuity_analysis.errors import InputError
from continuity_analysis.reports.notebooks import read_notebook
from continuity_analysis.reports.parameter_values import LISTS, TYPES, convert

SECRET = re.compile(
    r"passw|passphrase|secret|credential|bearer|(^|_)(pwd|token|pat|dsn)(_|$)|(api|access|private|signing|ssh|auth)_?key"
)
"""What the name of a secret looks like, in lower case with underscores between its words."""
OF_THE_RUN = ("store", "logs", "period", "catalog", "as_of", "timezone")
"""Resolved once for all notebooks of a run, from options of the command of the same names."""
HOW = "write it as `name: type = default  # help`, type being one of str, int, float, bool or list"


@dataclass(frozen=True)
class Parameter:
    """What a notebook may be given.

    Attributes
    ----------
    name : str
    type : str
        Out of `TYPES`, or a list of one of the others, such as `list[int]`.
    default : str
        As it is written.
    help : str
        As it is written, or empty.
    """

    name: str
    type: str
    default: str
    help: str


def read_parameters(path: Path) -> dict[str, Parameter]:
    """Name -> what papermill's own inspection finds of the parameters that a notebook declares.

    Raises
    ------
    InputError
        If a parameter is declared in a way that cannot be checked: a type that is none of `TYPES`, a union, or an
        equals sign in its help, any of which papermill overlooks. Or if its name is that of a secret: papermill writes
        parameters into the notebook that a run leaves.
    """
    notebook = read_notebook(path)
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if not tagged:
        return {}
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    assigned = _assigned(tagged[0], path)
    for name in assigned:
        _refuse_secret(name, path)
    seen = inspect_notebook(notebook)
    for name, line in assigned.items():
        if name not in seen:
            raise InputError(f"Parameter {name!r} of notebook {path.stem} cannot be checked, got {line!r}: {HOW}.")
    return {
        name: Parameter(
            name, _type_name(name, p["inferred_type_name"], p["default"], path=path), p["default"], p["help"]
        )
        for name, p in seen.items()
    }


def _refuse_secret(name: str, path: Path) -> None:
    if SECRET.search(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()):
        raise InputError(
            f"Parameter {name!r} of notebook {path.stem} has the name of a secret, and what a notebook is given stands "
            f"in what a run leaves: read it from the environment in a cell, as os.environ[{name.upper()!r}]."
        )


def _assigned(cell: nbformat.NotebookNode, path: Path) -> dict[str, str]:
    """Name -> line of what the parameters cell assigns, as Python itself reads it."""
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        raise InputError(f"The parameters cell of notebook {path.stem} is not Python: {error}.") from error
    lines, names = cell.source.splitlines(), {}
    for node in ast.walk(tree):
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            for part in ast.walk(target) if isinstance(target, ast.AST) else ():
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    names[part.id] = lines[part.lineno - 1].strip()
    return names


def _type_name(name: str, annotation: str, default: str, *, path: Path) -> str:
    kind = annotation.replace(" ", "")
    if kind == "None":  # no annotation: the default tells
        try:
            kind = type(ast.literal_eval(default)).__name__
        except (ValueError, SyntaxError):
            kind = default
    if kind not in TYPES and kind not in LISTS:
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
    declared = {name: _types(path) for name, path in notebooks.items()}
    known = sorted({name for types in declared.values() for name in types} - set(OF_THE_RUN))
    for name in given:
        if name in OF_THE_RUN:
            option = name.replace("_", "-")
            raise InputError(f"Parameter {name!r} holds for the whole run: give it as --{option}, not with -p.")
        if name not in known:
            ones = f"one of {', '.join(known)}" if known else "none, as these notebooks have no others"
            raise InputError(f"Expected as parameter {ones}; got {name!r}, which {_asked(notebooks)} not declare.")
    return {
        report: {name: convert(name, value, types[name], report) for name, value in given.items() if name in types}
        for report, types in declared.items()
    }


def for_the_run(path: Path, values: Mapping[str, str]) -> dict[str, str]:
    """Of the values that hold for the whole run, those that a notebook declares."""
    declared = read_parameters(path)
    return {name: value for name, value in values.items() if name in declared}


def help_text(path: Path) -> str:
    """The parameters of a notebook as the command shows them: type, default, help, and how to give each."""
    parameters = read_parameters(path)
    lines = [f"Notebook {path.stem} has {len(parameters) or 'no'} parameter{'s' * (len(parameters) != 1)}."]
    for name, p in parameters.items():
        how = f"--{name.replace('_', '-')}" if name in OF_THE_RUN else f"-p {name}=…"
        lines += ["", f"{how}  ({p.type}, default {p.default})", *([f"    {p.help}"] if p.help else [])]
    return "\n".join(lines)


def _types(path: Path) -> dict[str, str]:
    return {name: parameter.type for name, parameter in read_parameters(path).items()}


def _asked(notebooks: Mapping[str, Path]) -> str:
    names = ", ".join(notebooks)
    return f"notebook {names} does" if len(notebooks) == 1 else f"notebooks {names} do"
