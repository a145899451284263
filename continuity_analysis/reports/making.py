"""One report of a run: executed and drawn, or left as an earlier run made it from the very same."""

import time
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

from continuity_analysis.reports.each import Job
from continuity_analysis.reports.execution import Progress, execute
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.fingerprints import notebook_fingerprint
from continuity_analysis.reports.kernels import Kernels
from continuity_analysis.reports.log import LOG
from continuity_analysis.reports.options import RunOptions
from continuity_analysis.reports.records import forget_report, keep_report, unchanged_report
from continuity_analysis.reports.rendering import render
from continuity_analysis.reports.results import ReportResult


@dataclass(frozen=True)
class Making:
    """What all reports of a run are made with.

    Attributes
    ----------
    folder : Path
        Of the run.
    facts : RunFacts
        What the run is made from.
    options : RunOptions
    inputs : str
        Fingerprint of what all notebooks read.
    kernels : Kernels
        Where kernels come from.
    progress : callable, optional
        See `Progress`.
    """

    folder: Path
    facts: RunFacts
    options: RunOptions
    inputs: str
    kernels: Kernels
    progress: Progress | None = None


def make_report(job: Job, making: Making) -> tuple[ReportResult, bool]:
    """Make one report; drawn where it was executed, while others are still running.

    Parameters
    ----------
    job : Job
        The notebook, and all parameters it is given.
    making : Making

    Returns
    -------
    tuple
        The report, and whether it was made now; False if what an earlier run left was taken.

    Raises
    ------
    CancelledError
        If the run was interrupted meanwhile: nothing is written of this report.
    """
    name, folder, options = job.name, making.folder, making.options
    fingerprint = notebook_fingerprint(job.path, job.given, facts=making.facts, inputs=making.inputs)
    earlier = unchanged_report(folder, name, fingerprint=fingerprint) if options.resume else None
    if earlier:
        LOG.info("report unchanged", extra={"report": name})
        return earlier, False
    forget_report(folder, name)
    began = time.monotonic()
    executed = execute(job.path, job.given, kernels=making.kernels, progress=making.progress, name=name)
    if making.kernels.closed:  # the run was interrupted: no fault of the report
        raise CancelledError(name)
    formats = dict.fromkeys(options.formats if job.service is None else options.each_formats, options.template)
    report = render(job, executed, facts=making.facts, folder=folder, formats=formats)
    keep_report(folder, report, fingerprint=fingerprint)
    _tell(report, time.monotonic() - began)
    return report, True


def _tell(report: ReportResult, seconds: float) -> None:
    about = {"report": report.name, "seconds": round(seconds, 1)}
    if report.failure:
        LOG.error("report failed", extra=about | {"error": report.failure.sentence})
    else:
        LOG.info("report made", extra=about)
