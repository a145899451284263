"""What `jupyter nbconvert --to continuity-html | continuity-pdf | continuity-deck` makes of anyone's notebook.

They are found by their entry points in `pyproject.toml`. A notebook is taken as it was executed; `--execute` runs it
before. Without a run there are no facts to stand on the cover: period, moment and what was read.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from traitlets import Unicode


class ContinuityExporter(Exporter):
    """An exporter of nbconvert that hands an executed notebook to one function."""

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: Mapping[str, Any] | None = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """The content of the file, and nbconvert's resources."""
        notebook, given = super().from_notebook_node(nb, resources, **kw)
        about = given.get("metadata", {})
        folder = Path(about["path"]) if about.get("path") else None
        return self.make(notebook, name=str(about.get("name") or "notebook"), folder=folder), given

    def make(self, notebook: nbformat.NotebookNode, *, name: str, folder: Path | None) -> str | bytes:
        """The content of the file."""
        raise NotImplementedError


class HtmlExporter(ContinuityExporter):
    """A page that needs nothing else, least of all a network."""

    export_from_notebook = "Continuity page (.html)"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def make(self, notebook: nbformat.NotebookNode, *, name: str, folder: Path | None) -> str:
        """The page."""
        from continuity_analysis.reports.html import page

        return page(notebook, None, name=name)


class PdfExporter(ContinuityExporter):
    """A document by pandoc and typst, without TeX or a browser."""

    export_from_notebook = "Continuity document (.pdf)"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def make(self, notebook: nbformat.NotebookNode, *, name: str, folder: Path | None) -> bytes:
        """The document; pictures that lie beside the notebook are in it."""
        from continuity_analysis.reports.pdf import make_pdf

        return make_pdf(notebook, None, name=name, folder=folder)


class DeckExporter(ContinuityExporter):
    """A PowerPoint deck by the notebook's slide metadata; without any, each heading opens a slide."""

    export_from_notebook = "Continuity deck (.pptx)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    template = Unicode("", help="PowerPoint file whose look the deck takes.").tag(config=True)

    def _file_extension_default(self) -> str:
        return ".pptx"

    def make(self, notebook: nbformat.NotebookNode, *, name: str, folder: Path | None) -> bytes:
        """The deck."""
        from continuity_analysis.reports.deck import make_deck
        from continuity_analysis.reports.deck_content import has_slides, with_slides

        marked = notebook if has_slides(notebook) else with_slides(notebook)
        return make_deck(marked, None, name=name, template=self.template or None)
