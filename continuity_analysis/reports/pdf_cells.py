"""The cells of a notebook as blocks of a document: what they say and show, without their code."""

import nbformat

from continuity_analysis.figures.display_tables import MIME
from continuity_analysis.reports.notebooks import Failure, plain
from continuity_analysis.reports.pdf_grids import display_blocks
from continuity_analysis.reports.pdf_markdown import Reader, says_nothing
from continuity_analysis.reports.pdf_pandoc import Block, typst_block
from continuity_analysis.reports.pdf_text import MESSAGES_AT_MOST, printed, said, wrapped
from continuity_analysis.reports.pdf_typst import breakable, literal
from continuity_analysis.reports.pictures import decoded

PRIORITY = (MIME, "image/png", "image/jpeg", "image/svg+xml", "text/html", "text/markdown", "text/latex", "text/plain")
"""What to show of an output that comes in several forms."""
TEXTS = ("text/markdown", "text/latex")


def notebook_blocks(notebook: nbformat.NotebookNode, failure: Failure | None, reader: Reader) -> list[Block]:
    """What a reader gets of a notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        As `readable` left it.
    failure : Failure, optional
        Where it stopped.
    reader : Reader
        Reads its texts.
    """
    texts: list[tuple[str, dict]] = []
    parts: list[int | list[Block]] = []  # the number of a text, or blocks
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(len(texts))
            texts.append((cell.source, cell.get("attachments", {})))
        for output in cell.get("outputs", ()):
            if text := _text(output):
                parts.append(len(texts))
                texts.append((text, {}))
            else:
                parts.append(_output(output, failure, reader))
    read = reader.markdown(texts)
    return [block for part in parts for block in (read[part] if isinstance(part, int) else part)]


def _form(output: nbformat.NotebookNode) -> str | None:
    """Which of its forms an output is shown in; HTML that is nothing but scripts is none."""
    data = output.get("data", {})
    forms = [kind for kind in PRIORITY if kind in data]
    if len(forms) > 1 and forms[0] == "text/html" and says_nothing(data["text/html"]):
        return forms[1]
    return forms[0] if forms else None


def _text(output: nbformat.NotebookNode) -> str | None:
    """An output's text, where it is to be read like that of a cell."""
    form = _form(output)
    return output.data[form] if form in TEXTS else None


def _output(output: nbformat.NotebookNode, failure: Failure | None, reader: Reader) -> list[Block]:
    if output.output_type == "stream":
        return _stream(output)
    if output.output_type == "error":
        return [typst_block(_failed(output, failure))]
    form = _form(output)
    if form == MIME:
        return display_blocks(output.data[MIME])
    if form == "text/html":
        return reader.html(output.data[form])
    if form and form.startswith("image/"):
        return [_figure(output, form, reader)]
    return [typst_block(said(plain(output.data[form])))] if form else []


def _stream(output: nbformat.NotebookNode) -> list[Block]:
    text = plain(output.text)
    if output.name == "stderr":
        return [typst_block(printed(text, at_most=MESSAGES_AT_MOST, function="messages"))] if text.strip() else []
    return [typst_block(said(text))]


def _figure(output: nbformat.NotebookNode, form: str, reader: Reader) -> Block:
    data = output.data[form]
    content = data.encode() if form == "image/svg+xml" else decoded(data)
    size = output.metadata.get(form, {})
    width = float(size["width"]) if isinstance(size, dict) and str(size.get("width", "")).isdigit() else None
    return typst_block(reader.pictures.add(form, content, alt=output.metadata["alt"], width=width)) | {"whole": True}


def _failed(output: nbformat.NotebookNode, failure: Failure | None) -> str:
    """A cell that failed: the error, its code, and where it failed."""
    lines = plain(output.evalue).strip().splitlines() or [""]
    error = f"{output.ename}: {lines[0]}" if lines[0] else output.ename
    source = failure.source if failure else ""
    trace = plain("\n".join(output.traceback))
    return f"#failed-cell({literal(breakable(error))}, {literal(wrapped(source))}, {literal(wrapped(trace))})"
