"""Everything that is made of executed notebooks and the scorecard, written into the run's folder."""

from pathlib import Path

import nbformat
import pandas as pd

from continuity_analysis.reports.deck import make_deck
from continuity_analysis.reports.deck_content import has_slides
from continuity_analysis.reports.each import Job
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.html import page
from continuity_analysis.reports.index import index_page
from continuity_analysis.reports.notebooks import Failure, about_service, failure_of, words_of
from continuity_analysis.reports.pdf import make_pdf
from continuity_analysis.reports.results import Judged, ReportResult, RunResult, write
from continuity_analysis.reports.summary import summarise, to_text


def render(job: Job, notebook: nbformat.NotebookNode, *, facts: RunFacts, folder: Path, formats: dict) -> ReportResult:
    """Write what is made of one executed notebook: itself, its page, its PDF and its deck.

    Parameters
    ----------
    job : Job
        What was executed.
    notebook : nbformat.NotebookNode
        As executed, wherever it stopped.
    facts : RunFacts
        What the run was made from.
    folder : Path
        Of the run.
    formats : dict
        "html", "pdf" and "pptx" -> template, or None for our own; those that are there are made.
    """
    name, made, failure = job.name, {}, failure_of(notebook)
    if job.service is not None:
        notebook = about_service(notebook, job.service)
    write(folder / "notebooks" / f"{name}.ipynb", nbformat.writes(notebook) + "\n")
    try:
        if "html" in formats:
            write(folder / f"{name}.html", page(notebook, facts, name=name))
            made["html"] = f"{name}.html"
        if "pdf" in formats:
            write(folder / f"{name}.pdf", make_pdf(notebook, facts, name=name))
            made["pdf"] = f"{name}.pdf"
        if "pptx" in formats and has_slides(notebook):
            write(folder / f"{name}.pptx", make_deck(notebook, facts, name=name, template=formats["pptx"]))
            made["deck"] = f"{name}.pptx"
    except Exception as error:  # what the notebook holds cannot be drawn: said on the index, the others go on
        said = f"what it shows could not be drawn: {type(error).__name__}: {error}"
        failure = failure or Failure(0, len(notebook.cells), "", said, "", "")
    title, question = words_of(notebook, name)
    return ReportResult(name, title, question, f"notebooks/{name}.ipynb", **made, failure=failure, service=job.service)


def finish(
    folder: Path,
    reports: tuple[ReportResult, ...],
    *,
    facts: RunFacts,
    judged: Judged,
    unchanged: tuple[str, ...] = (),
) -> RunResult:
    """Write `summary.json` and the index.

    Parameters
    ----------
    folder : Path
        Of the run.
    reports : tuple of ReportResult
        In the order asked for.
    facts : RunFacts
        What the run was made from.
    judged : Judged
        The scorecard and the history of verdicts.
    unchanged : tuple of str
        Names of the reports that were not run again.
    """
    rows = pd.DataFrame(columns=["service"]) if judged.scorecard is None else judged.scorecard
    summary = summarise(rows, facts, reports=[report.to_json() for report in reports])
    write(folder / "summary.json", to_text(summary))
    write(folder / "index.html", index_page(facts, list(reports), judged=judged))
    remarks = (judged.not_kept,) if judged.not_kept else ()
    return RunResult(folder, reports, summary, judged.error, unchanged, tuple(facts.lines()), remarks)
