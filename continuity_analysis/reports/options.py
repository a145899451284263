"""The options of a run, and what can be known to be wrong with them before anything is read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from continuity_analysis.errors import InputError

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
    resume : bool
        Run only what failed, is missing, or would come out otherwise than an earlier run left it.
    keep : int, optional
        Give each run a folder of its own below `out` and keep the newest so many.
    each : str, optional
        "service": run the notebooks that have this parameter once per service.
    each_formats : tuple of str
        What to write of these; by default pages only, as hundreds of PDFs take long and nobody prints them.
    wait : float
        How long to wait for another run into the same folder to end [s].
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
    resume: bool = False
    keep: int | None = None
    wait: float = 0
    each: str | None = None
    each_formats: tuple[str, ...] = ("html",)


def check_options(options: RunOptions) -> None:
    """What can be known to be wrong before anything is read.

    Raises
    ------
    ContinuityError
        If an option is not understood.
    """
    from continuity_analysis.periods import read_moment, read_period

    for formats in (options.formats, options.each_formats):
        unknown = [name for name in formats if name not in FORMATS]
        if unknown or not formats:
            raise InputError(f"Expected formats out of {', '.join(FORMATS)}, got {', '.join(unknown) or 'none'}.")
    if options.jobs is not None and options.jobs < 1:
        raise InputError(f"Expected one job or more, got {options.jobs}.")
    if options.keep is not None and options.keep < 1:
        raise InputError(f"Expected to keep one run or more, got {options.keep}.")
    if options.template is not None:
        from continuity_analysis.reports.deck_theme import read_template

        read_template(options.template)
    as_of = read_moment(options.as_of or "2000-01-01")
    read_period(options.period, timezone=options.timezone or "UTC", as_of=as_of)


def check_folder(out: "str | Path") -> None:
    """Raise InputError unless `out` is a folder that may be written to, or can be made.

    Raises
    ------
    InputError
        If it is a file, or may not be written to; or a URL, which only the command takes.
    """
    if "://" in str(out):
        raise InputError(f"Expected a folder to write to, got {out}: continuity report --out takes a URL.")
    asked = Path(out)
    there = next(place for place in (asked, *asked.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InputError(f"Expected a folder to write to, got {out}: {there} is a file.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"Expected a folder to write to, got {out}: {there} may not be written to.")
