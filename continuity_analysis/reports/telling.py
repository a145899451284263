"""A run that tells people how it went, whether it went well or not."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace

from continuity_analysis.errors import Terminated
from continuity_analysis.reports.log import LOG
from continuity_analysis.reports.options import RunOptions
from continuity_analysis.reports.remote import local_folder
from continuity_analysis.reports.results import RunResult
from continuity_analysis.reports.run import run_reports
from continuity_analysis.reports.termination import terminable


@dataclass(frozen=True)
class Telling:
    """Whom to tell.

    Attributes
    ----------
    mail_to : tuple of str
        Addresses; the mail server is named by the environment.
    webhook : bool
        Whether to call the webhook that the environment names.
    link : str, optional
        Where people find the folder of `out`.
    """

    mail_to: tuple[str, ...] = ()
    webhook: bool = False
    link: str | None = None


@dataclass(frozen=True)
class Told:
    """A run, and whether people could be told of it.

    Attributes
    ----------
    result : RunResult
    place : str
        Folder or URL of the run's own pages.
    failures : tuple of str
        A sentence for each channel by which nobody could be told.
    """

    result: RunResult
    place: str
    failures: tuple[str, ...] = ()


def run_and_tell(names: Iterable[str], options: RunOptions, telling: Telling) -> Told:
    """Run reports as `run_reports` does, into a folder or a URL, then send what came of it.

    Parameters
    ----------
    names : iterable of str
        Names of notebooks; empty for all reports.
    options : RunOptions
    telling : Telling

    Returns
    -------
    Told

    Raises
    ------
    ContinuityError
        As `run_reports`, after it was told; and before anything is run if the environment lacks what telling needs.
    Terminated
        If SIGTERM came meanwhile; after kernels have ended, the folder is free again and it was told.
    """
    from continuity_analysis.reports.notify import read_channels, secrets_hidden, tell

    channels = read_channels(os.environ, mail_to=telling.mail_to, webhook=telling.webhook)
    try:
        earlier = options.resume or options.keep is not None
        with terminable(), secrets_hidden(), local_folder(options.out, with_earlier=earlier) as folder:
            result = run_reports(names, replace(options, out=folder))
    except (Exception, Terminated) as error:
        from continuity_analysis.reports.messages import of_error, of_termination

        for sentence in tell(channels, of_error(error) if isinstance(error, Exception) else of_termination()):
            LOG.error("not told", extra={"error": sentence})
            error.add_note(sentence)
        raise
    inner = result.folder.relative_to(folder).as_posix()
    place = str(options.out) if inner == "." else f"{str(options.out).rstrip('/')}/{inner}"
    if channels.silent:
        return Told(result, place)
    from continuity_analysis.reports.messages import of_run

    failures = tell(channels, of_run(result, root=folder, place=place, link=telling.link))
    for sentence in failures:
        LOG.error("not told", extra={"error": sentence})
    return Told(result, place, tuple(failures))
