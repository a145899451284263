"""What a notebook says on slides, by JupyterLab's own slide metadata: titles, bullets, figures, tables, notes.

`slide` and `subslide` start a slide, `fragment` and `-` go on with it, `notes` are for the speaker; cells with `skip`
or without slide metadata are not in the deck.
"""

import itertools
import re
from dataclasses import replace

import nbformat

from continuity_analysis.figures.charts import CHART
from continuity_analysis.figures.display_tables import MIME
from continuity_analysis.figures.sentences import HEADLINE
from continuity_analysis.reports.deck_charts import is_drawable
from continuity_analysis.reports.deck_parts import Chart, Figure, Paragraph, Run, Slide, Table
from continuity_analysis.reports.deck_reading import from_display_table, from_html, from_markdown, runs_of
from continuity_analysis.reports.markdown import to_tokens
from continuity_analysis.reports.notebooks import describe_figures, failure_of, own_cells, plain
from continuity_analysis.reports.pictures import decoded, dots_size

STARTS = ("slide", "subslide")
CONTINUES = ("fragment", "-")


def has_slides(notebook: nbformat.NotebookNode) -> bool:
    """Whether a deck can be made of a notebook."""
    return any(_type(cell) in STARTS for cell in notebook.cells)


def with_slides(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of a notebook without slide metadata in which a heading of level 1 to 3 opens a slide."""
    copy = nbformat.from_dict(notebook)
    for number, cell in enumerate(copy.cells):
        opens = cell.cell_type == "markdown" and re.match(r"\s*#{1,3}\s", cell.source)
        cell.metadata["slideshow"] = {"slide_type": "slide" if opens or number == 0 else "-"}
    return copy


def read_slides(notebook: nbformat.NotebookNode) -> list[Slide]:
    """The slides of an executed notebook; the first is about the whole if it opens with a heading of level 1."""
    copy = nbformat.from_dict(notebook)
    describe_figures(copy)
    failure = failure_of(copy)
    slides: list[Slide] = []
    for cell in own_cells(copy):
        kind = _type(cell)
        if kind in STARTS or (kind in CONTINUES and not slides):
            slides.append(Slide())
        if kind == "notes" and slides:
            slides[-1].notes.append(plain_text(cell.source))
        elif kind in STARTS + CONTINUES:
            _add(cell, slides[-1])
    for before, slide in itertools.pairwise(slides):
        slide.title = slide.title or before.title
    if failure:
        slides = [slide for slide in slides if slide.paragraphs or slide.objects or slide is slides[0]]
        slides.append(Slide("This report is not complete", paragraphs=[Paragraph((Run(failure.sentence),))]))
    return slides


def _type(cell: nbformat.NotebookNode) -> str:
    return cell.metadata.get("slideshow", {}).get("slide_type", "")


def _add(cell: nbformat.NotebookNode, slide: Slide) -> None:
    """Add what a cell shows to its slide."""
    if cell.cell_type == "markdown":
        _add_markdown(cell.source, slide)
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if HEADLINE in data:
            _add_finding(data, slide)
        elif MIME in data and not data[MIME]["rows"]:
            _add_caption(data[MIME]["caption"], slide)
        elif MIME in data:
            slide.objects.append(from_display_table(data[MIME]))
        elif CHART in data and is_drawable(data[CHART]):
            slide.objects.append(Chart(data[CHART], output.metadata.get("alt", "Chart")))
        elif "image/png" in data or "image/jpeg" in data:
            _add_picture(decoded(data.get("image/png") or data["image/jpeg"]), output.metadata["alt"], slide)
        elif "<table" in data.get("text/html", ""):
            slide.objects.append(from_html(data["text/html"]))
        elif "text/markdown" in data:
            _add_markdown(data["text/markdown"], slide)
        else:
            slide.paragraphs += _printed(output)


def _add_caption(caption: str, slide: Slide) -> None:
    """What the caption of an empty table says, unless the slide says so already."""
    if caption.rstrip(".") not in {paragraph.text.rstrip(".") for paragraph in slide.paragraphs}:
        slide.paragraphs.append(Paragraph((Run(caption),)))


def _add_finding(data: dict, slide: Slide) -> None:
    """The title of a slide, and what it shows; the whole paragraph is for the speaker where that is not all of it."""
    found = data[HEADLINE]
    slide.headline = slide.headline or found["headline"]
    if found["brief"]:
        slide.notes.append(plain_text(data["text/markdown"]))
    _add_markdown(found["brief"] or data["text/markdown"], slide)


def plain_text(source: str) -> str:
    """The words of a Markdown text."""
    return "".join(f"{paragraph.text}\n" for paragraph in _blocks(source)[0]).strip()


def _add_picture(picture: bytes, alt: str, slide: Slide) -> None:
    """Add a picture, or its words where it is broken."""
    if dots_size(picture) is None:
        slide.paragraphs.append(Paragraph((Run(f"[{alt}]", italic=True),)))
    else:
        slide.objects.append(Figure(picture, alt))


def _printed(output: nbformat.NotebookNode) -> list[Paragraph]:
    text = output.text if output.get("name") == "stdout" else output.get("data", {}).get("text/plain", "")
    bare = text.startswith("<") and text.endswith(">")  # "<Axes: …>" says nothing to a reader
    return [] if bare else [Paragraph((Run(line.strip()),)) for line in plain(text).splitlines() if line.strip()]


def _add_markdown(source: str, slide: Slide) -> None:
    paragraphs, tables = _blocks(source)
    if paragraphs and paragraphs[0].heading and not slide.title:
        slide.title, slide.level = paragraphs[0].text, paragraphs[0].level
        paragraphs = paragraphs[1:]
    slide.paragraphs += [replace(p, level=0) if p.heading else p for p in paragraphs]
    slide.objects += tables


def _blocks(source: str) -> tuple[list[Paragraph], list[Table]]:
    """Paragraphs and tables of a text; a heading's `level` is its own (1 is the highest)."""
    paragraphs: list[Paragraph] = []
    tables: list[Table] = []
    for token in to_tokens(source):
        kind = token["type"]
        if kind == "heading":
            paragraphs.append(Paragraph(runs_of(token["children"]), token["attrs"]["level"], heading=True))
        elif kind == "list":
            paragraphs += _items(token, 0)
        elif kind == "table":
            tables.append(from_markdown(token))
        elif kind == "block_quote":
            paragraphs += [Paragraph(runs_of(child.get("children", []))) for child in token["children"]]
        elif kind in ("block_code", "block_html"):
            paragraphs += [Paragraph((Run(line),)) for line in token["raw"].splitlines() if line.strip()]
        elif kind == "paragraph":
            paragraphs.append(Paragraph(runs_of(token["children"])))
    return [paragraph for paragraph in paragraphs if paragraph.text.strip()], tables


def _items(token: dict, level: int) -> list[Paragraph]:
    found: list[Paragraph] = []
    for item in token["children"]:
        for child in item.get("children", ()):
            if child["type"] == "list":
                found += _items(child, min(level + 1, 4))
            else:
                found.append(Paragraph(runs_of(child.get("children", [])), level))
    return found
