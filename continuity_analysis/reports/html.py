"""Pages: an executed notebook as one HTML file that needs nothing else, least of all a network."""

import base64
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from importlib import resources

import nbformat
from nbconvert.exporters.templateexporter import TemplateExporter
from PIL import Image
from traitlets.config import Config

from continuity_analysis.figures.display_tables import MIME
from continuity_analysis.reports.facts import RunFacts
from continuity_analysis.reports.html_figures import figure_data
from continuity_analysis.reports.html_tables import clean_html, table_html
from continuity_analysis.reports.markdown import Headings, said, to_html
from continuity_analysis.reports.notebooks import describe_figures, failure_of, own_cells, plain, words_of

TEMPLATES = resources.files("continuity_analysis.reports") / "templates"
PRIORITY = [MIME, "image/svg+xml", "image/png", "image/jpeg", "text/html", "text/markdown", "text/plain"]
SVG_AT_MOST = 60_000  # characters; a larger drawing is shown as PNG where there is one
PICTURES_AT_MOST = 2_200_000  # characters of a page's pictures; beyond, they are stored with 256 colours
_BARE = re.compile(r"^\[?<.*>\]?$", re.DOTALL)  # "<Axes: …>": says nothing to a reader


class PageExporter(TemplateExporter):
    """nbconvert's exporter with the template of this package."""

    output_mimetype = "text/html"

    def __init__(self, headings: Headings | None = None) -> None:
        self.headings = headings or Headings()
        super().__init__(extra_template_basedirs=[str(TEMPLATES)], template_name="continuity")
        self.environment.globals["headings"] = self.headings.all  # filled while the cells are rendered
        self.exclude_input = self.exclude_input_prompt = self.exclude_output_prompt = True

    def _file_extension_default(self) -> str:
        return ".html"

    @property
    def default_config(self) -> Config:
        """What to show of an output that comes in several forms."""
        return Config({"NbConvertBase": {"display_data_priority": PRIORITY}})

    def default_filters(self) -> Iterator[tuple[str, Callable]]:
        """Nbconvert's filters and those the template uses."""
        yield from super().default_filters()
        yield "page_markdown", self._markdown
        yield from {"clean_html": clean_html, "said": said, "plain": plain, "table_html": table_html}.items()
        yield "figure_data", figure_data
        yield "embedded", lambda text: base64.b64encode(text.encode()).decode()

    def _markdown(self, text: str, attachments: dict | None = None) -> str:
        return to_html(text, headings=self.headings, attachments=attachments)


def look() -> dict[str, str]:
    """What all pages carry: the style sheet, the script that sorts and filters tables, and the hash that permits it."""
    style, script = (
        (TEMPLATES / "continuity" / name).read_text(encoding="utf-8") for name in ("style.css", "tables.js")
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {"style": style, "script": script, "script_hash": f"sha256-{digest}"}


def page(notebook: nbformat.NotebookNode, facts: RunFacts | None, *, name: str) -> str:
    """An executed notebook as an HTML page.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        As executed; it is not changed.
    facts : RunFacts, optional
        What the run was made from; a page outside of a run has none.
    name : str
        Of the notebook, for want of a title in it.

    Returns
    -------
    str
        The page: no code, no external address, at most some 3 MB.
    """
    title, question = words_of(notebook, name)
    failure = failure_of(notebook)
    exporter = PageExporter()
    about = {"title": title, "question": question, "facts": facts, "failure": failure} | look()
    about["up"] = "../" * name.count("/")
    shown = readable(notebook)
    _lighten(shown)
    body, _ = exporter.from_notebook_node(shown, resources={"page": about})
    return body


def readable(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy with what a reader gets: no speaker notes, no title twice, figures described, bare objects left out."""
    copy = nbformat.from_dict(notebook)
    copy.cells = [cell for cell in own_cells(copy) if _slide_type(cell) != "notes"]
    describe_figures(copy)
    first = next((cell for cell in copy.cells if cell.cell_type == "markdown"), None)
    if first is not None:
        first.source = _without_title(first.source)
    for cell in copy.cells:
        if "outputs" in cell:
            cell.outputs = [_displayed(output) for output in cell.outputs if not _says_nothing(output)]
    return copy


def _slide_type(cell: nbformat.NotebookNode) -> str:
    return cell.metadata.get("slideshow", {}).get("slide_type", "")


def _without_title(markdown: str) -> str:
    """The first text cell without the heading and the paragraph that stand in the page's header."""
    rest = re.sub(r"\A\s*#\s+.+\n*", "", markdown)
    paragraph, *others = re.split(r"\n\s*\n", rest, maxsplit=1)
    return rest if paragraph.lstrip().startswith("#") else "".join(others)


def _says_nothing(output: nbformat.NotebookNode) -> bool:
    data = output.get("data", {})
    return list(data) == ["text/plain"] and bool(_BARE.match(data["text/plain"].strip()))


def _displayed(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A cell's value as if it had been displayed; for a reader there is no difference."""
    if output.output_type == "execute_result":
        return nbformat.v4.new_output("display_data", data=output.data, metadata=output.metadata)
    return output


def _lighten(notebook: nbformat.NotebookNode) -> None:
    """Leave each figure as a drawing if that is small, else as a picture; reduce those that would burst the page."""
    bundles = [o.data for cell in notebook.cells for o in cell.get("outputs", ()) if "data" in o]
    for data in bundles:
        if "image/svg+xml" in data and "image/png" in data:
            del data["image/svg+xml" if len(data["image/svg+xml"]) > SVG_AT_MOST else "image/png"]
    if sum(len(data.get("image/png", "")) for data in bundles) > PICTURES_AT_MOST:
        for data in bundles:
            if "image/png" in data:
                data["image/png"] = _reduced(data["image/png"])


def _reduced(png: str) -> str:
    made = io.BytesIO()
    try:
        with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
            picture.convert("RGB").quantize(256).save(made, "PNG", optimize=True)
    except (OSError, ValueError):  # it is no picture: browsers show its words
        return png
    return base64.b64encode(made.getvalue()).decode()
