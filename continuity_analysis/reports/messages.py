"""What people are told of a run: the scorecard in words, what failed, and links."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from continuity_analysis.figures.display_tables import OBJECTIVES, VERDICTS
from continuity_analysis.reports.results import RunResult
from continuity_analysis.reports.summary import numbers_of
from continuity_analysis.reports.termination import SENTENCE

FAILED_AT_MOST = 10
"""Failed reports a message names."""
LINES_AT_MOST = 40
"""Objectives a message names; the page has all of them."""


@dataclass(frozen=True)
class Message:
    """A message to people.

    Attributes
    ----------
    subject : str
        One line.
    text : str
        Lines, without markup.
    """

    subject: str
    text: str


def of_run(result: RunResult, *, root: Path, place: str, link: str | None = None) -> Message:
    """Of a run that wrote its pages, whether all of its reports went well or not.

    Parameters
    ----------
    result : RunResult
    root : Path
        The folder that `--out` stands for.
    place : str
        Folder or URL of the run's own pages.
    link : str, optional
        Where people find what `--out` names; without it, the place is named.
    """
    judged = _judged(result.summary)
    counts = {v: sum(verdict == v for verdict, _ in judged) for v in VERDICTS if v != "NOT_SET"}
    tally = ", ".join(f"{n} {VERDICTS[v].lower()}" for v, n in counts.items() if n) or "no objective is set"
    failures = [*_failures(result)]
    period = dict(result.about).get("Period", "").split(", ")[0]
    subject = f"Continuity {period}: {'not complete, ' if failures else ''}{tally}"
    shown = [line for _, line in judged[:LINES_AT_MOST]]
    if len(judged) > LINES_AT_MOST:
        shown.append(f"and {len(judged) - LINES_AT_MOST} more, see the page")
    same = "Nothing has changed since the run before: no report was run again."
    again = [same] if len(result.unchanged) == len(result.reports) else []
    about = [f"{label}: {text}" for label, text in result.about]
    parts = [failures, shown, [*result.remarks], again, about, _links(result, root, link=link) or [f"Files: {place}"]]
    return Message(subject, "\n\n".join("\n".join(part) for part in parts if part))


def of_error(error: BaseException) -> Message:
    """Of a run that ended before it wrote its pages.

    Parameters
    ----------
    error : BaseException
        What ended it.
    """
    said = str(error).strip() or type(error).__name__
    return Message("Continuity: the run failed", f"The run ended before it wrote its pages: {said}")


def of_termination() -> Message:
    """Of a run that the system told to end."""
    return Message("Continuity: the run was interrupted", SENTENCE)


def _judged(summary: dict) -> list[tuple[str, str]]:
    """Verdict and line of each objective that somebody promised, the worst first."""
    numbers = numbers_of(summary)
    found = []
    for service in summary["services"]:
        for row in service["objectives"]:
            texts = numbers.get((service["service"], OBJECTIVES[row["objective"]]), {})
            known = [f"{texts['achieved']} achieved"] if "achieved" in texts else []
            known += [f"{texts['target']} promised"] if "target" in texts else []
            where = f"{service['service']}, {OBJECTIVES[row['objective']]}"
            found.append((row["verdict"], f"{VERDICTS[row['verdict']]}: {where}: {', '.join(known) or 'no number'}"))
    order = list(VERDICTS)
    return sorted((f for f in found if f[0] != "NOT_SET"), key=lambda f: order.index(f[0]))


def _failures(result: RunResult) -> list[str]:
    failed = [r for r in result.reports if r.failure]
    said = [f"Failed: {r.title}. {r.failure.sentence}" for r in failed[:FAILED_AT_MOST]]
    said += [f"and {len(failed) - FAILED_AT_MOST} more failed, see the page"] if len(failed) > FAILED_AT_MOST else []
    return [*said, f"Failed: the scorecard. {result.scorecard_error}"] if result.scorecard_error else said


def _links(result: RunResult, root: Path, *, link: str | None) -> list[str]:
    """Where the page of the run and those of its reports are."""
    inner = result.folder.relative_to(root).as_posix()
    pages = [("Scorecard", "index.html")]
    whole = [report for report in result.reports if report.service is None]
    pages += [(report.title, report.html or report.pdf or report.notebook) for report in whole]
    pages += [("Service by service", "index.html#services")] if len(whole) < len(result.reports) else []
    pages += [(f"{report.title}, slides", report.deck) for report in result.reports if report.deck]
    if link is None:
        return []
    base = link.rstrip("/") + ("" if inner == "." else f"/{quote(inner)}")
    return [f"{title}: {base}/{quote(file, safe='/#')}" for title, file in pages]
