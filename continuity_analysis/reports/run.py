"""A run: parameters checked, notebooks executed at once, pages, PDFs, deck, index and `summary.json` written."""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from continuity_analysis.errors import InputError
from continuity_analysis.reports.kernels import Kernels
from continuity_analysis.reports.results import ReportResult, RunResult

if TYPE_CHECKING:
    import pandas as pd

    from continuity_analysis.reports.execution import Progress
    from continuity_analysis.reports.source import Source

FORMATS = ("html", "pdf", "pptx")


@dataclass(frozen=True)
class RunOptions:
    """How to run reports; the options of `continuity report`.

    Attributes
    ----------
    period : str
        "2026Q3", "last-quarter", "start/end" and so on.
    logs, store : path, optional
        What to read; one of them.
    catalog : path, optional
        Else the `services.yaml` in or beside the logs or the store.
    as_of : str, optional
        The moment to speak of; default the newest that an export speaks of.
    timezone : str, optional
        IANA zone; else the catalogue's, else UTC.
    out : path
        The run's folder; files of earlier runs are replaced.
    formats : tuple of str
        Out of `FORMATS`.
    jobs : int, optional
        How many notebooks at once; default one per core.
    parameters : mapping
        Further parameters of notebooks, name -> value or its text.
    template : path, optional
        A PowerPoint file whose look the deck takes.
    notebooks_dir : path, optional
        Where the notebooks are; by default the project's own.
    """

    period: str = "last-quarter"
    logs: str | Path | None = None
    store: str | Path | None = None
    catalog: str | Path | None = None
    as_of: str | None = None
    timezone: str | None = None
    out: str | Path = "reports"
    formats: tuple[str, ...] = FORMATS
    jobs: int | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    template: str | Path | None = None
    notebooks_dir: str | Path | None = None


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
    with Kernels() as kernels:  # first of all: while it gets warm, the rest is imported, checked and read
        from continuity_analysis.reports.notebooks import find_notebooks
        from continuity_analysis.reports.parameters import check_parameters

        notebooks = find_notebooks(tuple(names), folder=options.notebooks_dir)
        parameters = check_parameters(notebooks, options.parameters)
        _check(options)
        return _run(notebooks, parameters, options, kernels=kernels, progress=progress)


def _run(notebooks: dict[str, Path], parameters: dict, options: RunOptions, *, kernels: Kernels, progress) -> RunResult:
    from continuity_analysis.reports.execution import execute
    from continuity_analysis.reports.parameters import for_the_run
    from continuity_analysis.reports.rendering import finish, render
    from continuity_analysis.reports.source import open_source

    what = {name: getattr(options, name) for name in ("period", "logs", "store", "catalog", "as_of", "timezone")}
    with open_source(**what) as source, _shown(progress, notebooks) as told, _pool(options, len(notebooks)) as pool:
        made = {"facts": source.facts, "folder": Path(options.out)}
        formats = dict.fromkeys(options.formats, options.template)

        def report(name: str) -> ReportResult:  # drawn where it was executed, while others are still running
            given = parameters[name] | for_the_run(notebooks[name], source.parameters)
            executed = execute(notebooks[name], given, kernels=kernels, progress=told)
            return render(name, executed, **made, formats=formats)

        longest_first = sorted(notebooks, key=lambda name: -notebooks[name].stat().st_size)
        running = {name: pool.submit(report, name) for name in longest_first}
        scorecard, error = _scorecard(source)
        reports = tuple(running[name].result() for name in notebooks)
        return finish(reports=reports, **made, scorecard=scorecard, error=error)


def _check(options: RunOptions) -> None:
    """What can be known to be wrong before anything is read."""
    from continuity_analysis.periods import read_moment, read_period

    unknown = [name for name in options.formats if name not in FORMATS]
    if unknown or not options.formats:
        raise InputError(f"Expected formats out of {', '.join(FORMATS)}, got {', '.join(unknown) or 'none'}.")
    if options.jobs is not None and options.jobs < 1:
        raise InputError(f"Expected one job or more, got {options.jobs}.")
    if options.template is not None:
        from continuity_analysis.reports.deck_theme import read_template

        read_template(options.template)
    _check_folder(Path(options.out))
    as_of = read_moment(options.as_of or "2000-01-01")
    read_period(options.period, timezone=options.timezone or "UTC", as_of=as_of)


def _check_folder(out: Path) -> None:
    there = next(place for place in (out, *out.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InputError(f"Expected a folder to write to, got {out}: {there} is a file.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"Expected a folder to write to, got {out}: {there} may not be written to.")


@contextmanager
def _shown(progress: "Progress | None", names: Iterable[str]):
    if progress is not None:
        yield progress
    else:
        from continuity_analysis.reports.progress import bars

        with bars(names) as told:
            yield told


@contextmanager
def _pool(options: RunOptions, n: int):
    """Threads that wait for kernels; when the run is interrupted, what has not begun is not begun."""
    pool = ThreadPoolExecutor(min(options.jobs or os.cpu_count() or 1, n))
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _scorecard(source: "Source") -> tuple["pd.DataFrame | None", str | None]:
    """The scorecard, or why there is none: the reports appear all the same."""
    try:
        from continuity_analysis.questions import scorecard

        return scorecard(source.logs, source.period), None
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"
