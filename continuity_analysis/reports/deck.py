"""A PowerPoint deck from an executed notebook: editable text, native tables and charts, pictures, speaker notes.

What does not fit a slide is first made smaller, down to 12 pt, then goes on on the next: nothing is clipped.
"""

import io
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
from pptx.util import Pt

from continuity_analysis.reports.deck_charts import draw_chart
from continuity_analysis.reports.deck_content import read_slides
from continuity_analysis.reports.deck_drawing import draw_figure, draw_table, draw_text, draw_title
from continuity_analysis.reports.deck_own_theme import own_theme
from continuity_analysis.reports.deck_pages import GAP, Page, Paginator
from continuity_analysis.reports.deck_parts import Chart, Figure, Paragraph, Run, Slide
from continuity_analysis.reports.deck_text import INSET, SMALLEST
from continuity_analysis.reports.deck_theme import (
    BODIES,
    SMALL_PRINT,
    TITLES,
    Box,
    Theme,
    add_small_print,
    box_of,
    points,
    read_template,
)
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.notebooks import words_of

TITLE_SIZES = (28.0, 24.0, 20.0, 18.0, 16.0)
DRAWN = {Figure: draw_figure, Chart: draw_chart}


def make_deck(
    notebook: nbformat.NotebookNode, facts: RunFacts | None, *, name: str, template: str | Path | None = None
) -> bytes:
    """The deck of an executed notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        As executed; its slide metadata says what goes where.
    facts : RunFacts, optional
        What the run was made from; stands on the first slide.
    name : str
        Of the notebook, for want of a title in it.
    template : path, optional
        A company's template (.pptx), of any size.

    Returns
    -------
    bytes
        The content of a .pptx file.

    Raises
    ------
    InputError
        If the template cannot be used.
    """
    theme = read_template(template) if template else own_theme()
    title, question = words_of(notebook, name)
    slides = read_slides(notebook)
    first = slides[0] if slides and slides[0].level == 1 else Slide()
    _add_first(theme, title, question, facts=facts)
    _add_notes(theme.deck.slides[0], first.notes)
    if first.paragraphs and first.paragraphs[0].text.strip() == question:  # stands on the first slide already
        first.paragraphs, first.notes = first.paragraphs[1:], []
    period = facts.period.name if facts else ""
    footer = f"{title} · {period}".removesuffix(" · ") if len(title) <= 40 else period
    for slide in slides:
        if slide is not first or slide.paragraphs or slide.objects:
            _add_slide(theme, slide, footer=footer)
    _sign(theme, title, facts=facts)
    made = io.BytesIO()
    theme.deck.save(made)
    return made.getvalue()


def _sign(theme: Theme, title: str, *, facts: RunFacts | None) -> None:
    """The properties of the file: nothing that stood in the template stays; its date is the moment it speaks of."""
    about = theme.deck.core_properties
    about.title, about.subject, about.comments, about.keywords = title, facts.period.name if facts else "", "", ""
    about.author = about.last_modified_by = "continuity_analysis"
    about.revision = 1
    if facts and not pd.isna(facts.as_of):
        about.created = about.modified = facts.as_of.tz_convert("UTC").tz_localize(None).to_pydatetime(warn=False)


def _add_first(theme: Theme, title: str, question: str, *, facts: RunFacts | None) -> None:
    """The title slide: the question and the facts of the run under the title."""
    slide = theme.deck.slides.add_slide(theme.title)
    draw_title(slide, title, sizes=(40.0, *TITLE_SIZES), ruler=theme.ruler)
    texts = [question, *(f"{label}: {text}" for label, text in (facts.lines() if facts else ()))]
    paragraphs = [Paragraph((Run(text),)) for text in texts if text]
    holders = [h for h in slide.placeholders if h.placeholder_format.type not in (*TITLES, *SMALL_PRINT)]
    if not holders:
        box = theme.content_box(theme.title)
        holders = [slide.shapes.add_textbox(box.left, box.top, box.width, box.height)]
    room = box_of(holders[0])
    size = theme.ruler.fit(paragraphs, within=points(room.width), at_most=points(room.height))
    draw_text(holders[0], paragraphs, size or SMALLEST, bullets=False)
    for holder in holders[1:]:
        holder.element.getparent().remove(holder.element)


def _add_slide(theme: Theme, slide: Slide, *, footer: str) -> None:
    """One slide as meant, on as many as it takes."""
    box = min((theme.content_box(layout) for layout in (theme.content, theme.title_only)), key=lambda b: b.height)
    slide, pages = _paged(slide, Paginator(theme.ruler, points(box.width), points(box.height)))
    for number, page in enumerate(pages, start=1):
        layout = theme.content if page.paragraphs else theme.title_only
        made = theme.deck.slides.add_slide(layout)
        counter = f" ({number} of {len(pages)})" if len(pages) > 1 else ""
        sizes = tuple(size for size in TITLE_SIZES if size <= theme.title_size(layout)) or TITLE_SIZES[-1:]
        draw_title(made, (slide.headline or slide.title) + counter, sizes=sizes, ruler=theme.ruler)
        _draw(made, page, box, theme)
        _add_notes(made, slide.notes if number == 1 else [])
        footers = _footers(footer, slide.title if slide.headline else "")
        add_small_print(made, footers, number=len(theme.deck.slides), content=box, ruler=theme.ruler)


def _paged(slide: Slide, paginator: Paginator) -> tuple[Slide, list[Page]]:
    """A slide and its pages; the text under a title that says it is left to the notes where that saves a page."""
    pages = paginator.pages(slide)
    if len(pages) > 1 and slide.headline and slide.objects:
        said = "\n".join(paragraph.text for paragraph in slide.paragraphs)
        bare = replace(slide, paragraphs=[], notes=[said, *slide.notes])
        fewer = paginator.pages(bare)
        if len(fewer) < len(pages):
            return bare, fewer
    return slide, pages


def _footers(footer: str, topic: str) -> list[str]:
    """What may stand at the foot, the longest first: the first that fits is taken."""
    period = footer.rpartition(" · ")[2]
    return [" · ".join(part for part in parts if part) for parts in ((footer, topic), (period, topic), (period,))]


def _draw(slide, page: Page, box: Box, theme: Theme) -> None:
    top = box.top
    body = next((h for h in slide.placeholders if h.placeholder_format.type in BODIES), None)
    unused = [h for h in slide.placeholders if h.placeholder_format.type not in TITLES]
    if page.paragraphs:
        unused = [holder for holder in unused if body is None or holder.element is not body.element]
        body = body if body is not None else slide.shapes.add_textbox(0, 0, 1, 1)
        tall = theme.ruler.height(page.paragraphs, page.size, within=points(box.width))
        body.left, body.top, body.width, body.height = box.left, top, box.width, int(Pt(tall))
        if not page.objects:
            body.height = box.height
        draw_text(body, page.paragraphs, page.size, bullets=len(page.paragraphs) > 1)
        top += int(Pt(tall + GAP))
    for holder in unused:
        holder.element.getparent().remove(holder.element)
    inset = int(Pt(INSET))  # so that tables and figures stand flush with the text
    for item, height in page.objects:
        place = Box(box.left + inset, top, box.width - 2 * inset, int(Pt(height)))
        draw = next((how for kind, how in DRAWN.items() if isinstance(item, kind)), draw_table)
        draw(slide, item, place)
        top += int(Pt(height + GAP))


def _add_notes(slide, notes: list[str]) -> None:
    if notes:
        slide.notes_slide.notes_text_frame.text = "\n\n".join(notes)
