"""A run: parameters checked, notebooks executed at once, pages, PDFs, deck, index and `summary.json` written."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from continuity_analysis.reports.locking import locked
from continuity_analysis.reports.log import LOG
from continuity_analysis.reports.options import FORMATS, RunOptions, check_folder, check_options
from continuity_analysis.reports.results import RunResult

if TYPE_CHECKING:
    import pandas as pd

    from continuity_analysis.reports.execution import Progress
    from continuity_analysis.reports.kernels import Kernels
    from continuity_analysis.reports.making import Making
    from continuity_analysis.reports.source import Source

__all__ = ["FORMATS", "RunOptions", "run_reports"]


def run_reports(
    names: Iterable[str] = (), options: RunOptions | None = None, *, progress: "Progress | None" = None
) -> RunResult:
    """Run reports and write everything a reader needs into one folder.

    Parameters
    ----------
    names : iterable of str
        Names of notebooks; empty for all reports.
    options : RunOptions
        What to read, and what to make of it.
    progress : callable, optional
        Told of each cell done, see `Progress`; by default bars on a terminal.

    Returns
    -------
    RunResult
        A report that failed is among its `reports`, with its page and executed notebook.

    Raises
    ------
    ContinuityError
        Before anything is run: if a report, parameter, format or template is not understood, or there is nothing to
        read.
    """
    options = options or RunOptions()
    check_folder(options.out)
    with locked(Path(options.out), wait=options.wait):
        done = _earlier(tuple(names), options) if options.resume else None
        return done or _anew(tuple(names), options, progress=progress)


def _earlier(names: tuple[str, ...], options: RunOptions) -> RunResult | None:
    """The run as it stands already, if nothing has changed: known without reading the logs or starting a kernel."""
    from continuity_analysis.reports.finding import find_notebooks
    from continuity_analysis.reports.fingerprints import inputs_fingerprint, run_fingerprint
    from continuity_analysis.reports.records import unchanged_run

    notebooks = find_notebooks(names, folder=options.notebooks_dir, each=options.each)
    whole = run_fingerprint(notebooks, options, inputs=inputs_fingerprint(options))
    done = unchanged_run(Path(options.out), fingerprint=whole)
    if done:
        LOG.info("nothing has changed", extra={"reports": len(done.reports), "folder": str(done.folder)})
    return done


def _anew(names: tuple[str, ...], options: RunOptions, *, progress) -> RunResult:
    from continuity_analysis.reports.kernels import Kernels

    with Kernels() as kernels:  # first of all: while it gets warm, the rest is imported, checked and read
        from continuity_analysis.reports.finding import find_notebooks
        from continuity_analysis.reports.parameters import check_parameters
        from continuity_analysis.reports.planning import notebooks_of_each
        from continuity_analysis.reports.records import keep_run

        notebooks = find_notebooks(names, folder=options.notebooks_dir, each=options.each)
        check_options(options)
        parameters = check_parameters(notebooks, options.parameters)
        each = notebooks_of_each(notebooks, options, asked=names)
        marks = _fingerprints(notebooks, options)
        LOG.info("run started", extra={"period": options.period, "reports": len(notebooks)})
        plan = _Plan(notebooks, parameters, each)
        result = _run(plan, options, marks=marks, kernels=kernels, progress=progress)
        keep_run(Path(options.out), result, fingerprint=marks["whole"])
        return result


@dataclass(frozen=True)
class _Plan:
    """Notebooks by name, the parameters given to each, and the names of those that are run once per service."""

    notebooks: dict[str, Path]
    parameters: dict[str, dict]
    each: tuple[str, ...]


def _fingerprints(notebooks: dict[str, Path], options: RunOptions) -> dict[str, str]:
    """Taken before anything is read: what changes meanwhile makes the next run see a difference."""
    from continuity_analysis.reports.fingerprints import inputs_fingerprint, run_fingerprint

    inputs = inputs_fingerprint(options)
    return {"inputs": inputs, "whole": run_fingerprint(notebooks, options, inputs=inputs)}


def _run(plan: _Plan, options: RunOptions, *, marks, kernels, progress) -> RunResult:
    from continuity_analysis.reports.history import folder_name, tidy
    from continuity_analysis.reports.making import Making
    from continuity_analysis.reports.recording import keep_verdicts
    from continuity_analysis.reports.records import forget_run, remove_others
    from continuity_analysis.reports.rendering import finish
    from continuity_analysis.reports.source import open_source

    what = {name: getattr(options, name) for name in ("period", "logs", "store", "catalog", "as_of", "timezone")}
    with open_source(**what) as source, _shown(progress, plan.notebooks) as told, _pool(options, plan, kernels) as pool:
        root = Path(options.out)
        folder = root / folder_name(source.facts) if options.keep else root
        forget_run(root)
        making = Making(folder, source.facts, options, marks["inputs"], kernels, told)
        made, scorecard, error = _make(plan, source, making, pool)
        unchanged = tuple(report.name for report, again in made if not again)
        for name in remove_others(folder, plan.each, present={report.name for report, _ in made}):
            LOG.info("report of a service that is gone removed", extra={"report": name})
        judged = keep_verdicts(scorecard, error, source=source, store=options.store)
        result = finish(
            folder, tuple(report for report, _ in made), facts=source.facts, judged=judged, unchanged=unchanged
        )
    for name in tidy(root, keep=options.keep, present=folder.name) if options.keep else ():
        LOG.info("old run removed", extra={"folder": name})
    return result


def _make(plan: _Plan, source: "Source", making: "Making", pool: ThreadPoolExecutor) -> tuple:
    """Reports as `make_report` returns them, in the order asked for, then the scorecard, or why there is none."""
    from continuity_analysis.reports.making import make_report
    from continuity_analysis.reports.planning import plain_jobs, service_jobs

    jobs = plain_jobs(plan.notebooks, plan.parameters, source)
    each = [job for job in jobs if job.name in plan.each]
    running = {job.name: pool.submit(make_report, job, making) for job in jobs if job not in each}
    scorecard, error = _scorecard(source)
    with TemporaryDirectory(prefix="continuity-") as answers:
        of_services = service_jobs(each, source, scorecard=scorecard, folder=Path(answers)) if each else []
        made = [pool.submit(make_report, job, making) for job in of_services]
        ordered = [running[name] for name in plan.notebooks if name in running]
        return [future.result() for future in (*ordered, *made)], scorecard, error


@contextmanager
def _shown(progress: "Progress | None", names: Iterable[str]):
    if progress is not None:
        yield progress
    else:
        from continuity_analysis.reports.progress import bars

        with bars(names) as told:
            yield told


@contextmanager
def _pool(options: RunOptions, plan: _Plan, kernels: "Kernels"):
    """Threads that wait for kernels; when the run is interrupted, nothing goes on behind the back of the next one."""
    jobs = options.jobs or os.cpu_count() or 1
    pool = ThreadPoolExecutor(jobs if plan.each else min(jobs, len(plan.notebooks)))
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        kernels.close()
        raise
    finally:
        pool.shutdown()


def _scorecard(source: "Source") -> tuple["pd.DataFrame | None", str | None]:
    """The scorecard, or why there is none: the reports appear all the same."""
    try:
        from continuity_analysis.questions import scorecard

        return scorecard(source.logs, source.period), None
    except Exception as error:
        if isinstance(error, RuntimeError) and "interrupted" in str(error).lower():  # DuckDB's words for a signal
            raise
        return None, f"{type(error).__name__}: {error}"
