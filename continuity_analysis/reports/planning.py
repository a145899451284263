"""What a run is to make: one report per notebook, and of those about one service one per service."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from continuity_analysis.reports.each import ANSWERS, Job, check_each, jobs_of, run_each
from continuity_analysis.reports.log import LOG
from continuity_analysis.reports.options import RunOptions
from continuity_analysis.reports.parameters import for_the_run, read_parameters

if TYPE_CHECKING:
    import pandas as pd

    from continuity_analysis.reports.source import Source


def notebooks_of_each(notebooks: Mapping[str, Path], options: RunOptions, *, asked: Iterable[str]) -> tuple[str, ...]:
    """Names of the notebooks that are run once per service.

    Raises
    ------
    InputError
        If `--each` is not understood, or a notebook that was named has no such parameter.
    """
    check_each(options.each, options.parameters)
    return run_each({name: read_parameters(path) for name, path in notebooks.items()}, options.each, asked=asked)


def plain_jobs(notebooks: Mapping[str, Path], parameters: Mapping[str, Mapping], source: "Source") -> list[Job]:
    """One report per notebook, the longest first, so that none is waited for alone in the end."""
    longest_first = sorted(notebooks.items(), key=lambda item: -item[1].stat().st_size)
    return [Job(name, path, parameters[name] | for_the_run(path, source.parameters)) for name, path in longest_first]


def service_jobs(jobs: list[Job], source: "Source", *, scorecard: "pd.DataFrame | None", folder: Path) -> list[Job]:
    """One report per service of each of some jobs; what they all show is asked once and kept in a folder for them.

    Parameters
    ----------
    jobs : list of Job
        Of notebooks that are run once per service.
    source : Source
    scorecard : pandas.DataFrame, optional
        Of the run, if there is one; its order is that of the services.
    folder : Path
        For the answers. Where they cannot be had, each notebook asks for itself and its page says what is wrong.
    """
    named = [*source.logs.catalog.services] or source.logs.services
    services = named if scorecard is None else scorecard["service"].drop_duplicates().to_list()
    asking = {job.name for job in jobs if ANSWERS in read_parameters(job.path)}
    place = _answers(source, scorecard, folder) if asking and services else ""
    made = []
    for job in jobs:
        given = {**job.given, ANSWERS: place} if job.name in asking else job.given
        made += jobs_of(job.name, job.path, given, services=services)
    return made


def _answers(source: "Source", scorecard: "pd.DataFrame | None", folder: Path) -> str:
    from continuity_analysis.questions.service_review import review_answers, write_answers

    try:
        write_answers(review_answers(source.logs, source.period, scorecard=scorecard), folder)
    except Exception as error:
        LOG.warning("answers not shared", extra={"error": f"{type(error).__name__}: {error}"})
        return ""
    return str(folder)
