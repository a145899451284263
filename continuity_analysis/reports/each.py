"""Reports that are run once per service: which notebooks they are, and the names of what is written for each."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from continuity_analysis.errors import InputError

EACH = ("service",)
"""What `--each` understands: names of parameters of which a run knows every value."""
ANSWERS = "answers"
"""The parameter that names the folder in which a run keeps the answers for all services."""
_LONGEST = 80


@dataclass(frozen=True)
class Job:
    """One report to be made.

    Attributes
    ----------
    name : str
        Of the report: the notebook's, or the notebook's and the service's with a slash between.
    path : Path
        The notebook as written.
    given : mapping
        All parameters it is given.
    service : str, optional
        The service it is about, where it is run once per service.
    """

    name: str
    path: Path
    given: Mapping[str, object]
    service: str | None = None


def check_each(each: str | None, parameters: Mapping[str, object]) -> None:
    """Raise unless `--each` is understood.

    Raises
    ------
    InputError
        If it names nothing a run knows every value of, or a parameter that is given as well.
    """
    if each is not None and each not in EACH:
        raise InputError(f"Expected --each service, got {each!r}: a report can be run once per service only.")
    if each in parameters:
        raise InputError(f"Expected either --each {each} or -p {each}={parameters[each]}, got both: choose one.")
    if each is not None and ANSWERS in parameters:
        raise InputError(f"Expected no -p {ANSWERS} with --each {each}, got one: the run asks for all services itself.")


def run_each(declared: Mapping[str, Iterable[str]], each: str | None, *, asked: Iterable[str]) -> tuple[str, ...]:
    """Names of the notebooks that are run once per service.

    Parameters
    ----------
    declared : mapping
        Notebook name -> names of its parameters.
    each : str or None
        What `--each` names.
    asked : iterable of str
        Names of notebooks as asked for; empty where all reports are run.

    Raises
    ------
    InputError
        If a notebook that was named has no such parameter.
    """
    if each is None:
        return ()
    able = tuple(name for name, parameters in declared.items() if each in parameters)
    unable = [name for name in declared if name not in able] if tuple(asked) or not able else []
    if unable:
        raise InputError(
            f"Expected reports with a parameter {each!r} for --each {each}, such as service_review; got "
            f"{', '.join(unable)}, which {'has' if len(unable) == 1 else 'have'} none."
        )
    return able


def jobs_of(name: str, path: Path, given: Mapping[str, object], *, services: Iterable[str]) -> list[Job]:
    """One report of a notebook for each service.

    Parameters
    ----------
    name : str
        Of the notebook.
    path : Path
    given : mapping
        All parameters but the service.
    services : iterable of str
        In the order in which they are made and listed.
    """
    taken: dict[str, str] = {}
    for service in services:
        file = file_name(service)
        if file.lower() in {known.lower() for known in taken.values()}:
            file = _told_apart(file, service)
        taken[service] = file
    return [Job(f"{name}/{file}", path, {**given, "service": service}, service) for service, file in taken.items()]


def file_name(service: str) -> str:
    """A service's name as that of a file that is safe everywhere; one that had to be changed ends in a digest."""
    safe = re.sub(r"[^\w.-]+", "-", service, flags=re.ASCII).strip(".-")[:_LONGEST]
    return safe if safe and safe == service else _told_apart(safe, service)


def _told_apart(file: str, service: str) -> str:
    digest = hashlib.sha256(service.encode()).hexdigest()[:8]
    return f"{file}-{digest}" if file else digest
