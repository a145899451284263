"""An executed notebook as a PDF, by pandoc and typst: no TeX, no browser, no network, and no clock.

The same outputs as on the page in HTML: a cover, the contents, pages that say how many there are, figures never cut,
tables with their header on every page. The same notebook makes the same bytes.
"""

from pathlib import Path

import nbformat
import pandas as pd

from continuity_analysis.errors import ReportError
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.html import readable
from continuity_analysis.reports.notebooks import Failure, failure_of, words_of
from continuity_analysis.reports.pdf_cells import notebook_blocks
from continuity_analysis.reports.pdf_layout import laid_out_blocks
from continuity_analysis.reports.pdf_markdown import Reader, with_headings
from continuity_analysis.reports.pdf_pandoc import write_typst
from continuity_analysis.reports.pdf_pictures import Pictures
from continuity_analysis.reports.pdf_typst import breakable, compile_document, literal


def make_pdf(
    notebook: nbformat.NotebookNode, facts: RunFacts | None, *, name: str, folder: Path | None = None
) -> bytes:
    """An executed notebook as a PDF.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        As executed; it is not changed.
    facts : RunFacts, optional
        What the run was made from; stands on the cover.
    name : str
        Of the notebook, for want of a title in it.
    folder : Path, optional
        Where pictures lie that its text names by file; without it they are replaced by their words.

    Returns
    -------
    bytes
        The content of a .pdf file.

    Raises
    ------
    ReportError
        If it cannot be set.
    """
    as_of = None if facts is None or pd.isna(facts.as_of) else facts.as_of
    failed: ReportError | None = None
    for formulas in (True, False):  # a formula that typst does not understand is shown as it is written
        pictures = Pictures(folder)
        source = _source(notebook, facts, name=name, reader=Reader(pictures, formulas=formulas))
        try:
            return compile_document(source, pictures.files, as_of=as_of)
        except ReportError as error:
            failed = failed or error
    raise failed


def _source(notebook: nbformat.NotebookNode, facts: RunFacts | None, *, name: str, reader: Reader) -> str:
    """The document in typst's language."""
    failure = failure_of(notebook)
    blocks = with_headings(notebook_blocks(readable(notebook), failure, reader))
    title, question = words_of(notebook, name)
    contents = any(block["t"] == "Header" for block in blocks)
    arguments = [f"title: {literal(breakable(title))}", f"question: {literal(breakable(question))}"]
    arguments += [f"contents: {str(contents).lower()}", *_about(facts), *_not_complete(failure)]
    (body,) = write_typst([laid_out_blocks(blocks)])
    return f'#import "report.typ": *\n#show: report.with({", ".join(arguments)})\n\n{body}\n'


def _about(facts: RunFacts | None) -> list[str]:
    """What the cover and the foot of each page say of the run."""
    if facts is None:
        return []
    lines = [*facts.lines(), *facts.service_lines(), ("Made by", f"continuity_analysis {facts.version}")]
    said = ", ".join(f"({literal(label)}, {literal(breakable(text))})" for label, text in lines)
    made = f"continuity_analysis {facts.version} · as of {dict(lines)['As of']}"
    period = facts.days if "/" in facts.period.name else facts.period.name
    about = [f"facts: ({said},)", f"made: {literal(made)}", f"period: {literal(period)}"]
    if not pd.isna(facts.as_of):
        day = facts.as_of.tz_convert("UTC")
        about.append(f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day})")
    return about


def _not_complete(failure: Failure | None) -> list[str]:
    return [] if failure is None else [f"failure: {literal(breakable(failure.sentence))}"]
