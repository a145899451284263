"""The notebooks there are, and what an executed one says: title, question, failure, words for its figures."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from continuity_analysis.errors import InputError

ERROR_MARKER = "papermill-error-cell-tag"
FIGURES = ("image/png", "image/svg+xml", "image/jpeg")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]")


@dataclass(frozen=True)
class Failure:
    """Where and why a notebook stopped.

    Attributes
    ----------
    cell : int
        Number of the cell among all cells of the notebook as written, from 1; 0 where it is none of them.
    of : int
        How many cells there are.
    heading : str
        The heading under which the cell stands, or empty.
    error : str
        Kind of error and message, in one line.
    traceback : str
        Without terminal colours.
    source : str
        The cell's code.
    """

    cell: int
    of: int
    heading: str
    error: str
    traceback: str
    source: str

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        if not self.cell:
            return f"It ran, but {self.error}"
        where = f", under “{self.heading}”" if self.heading else ""
        return f"It stopped at cell {self.cell} of {self.of}{where}: {self.error}"


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """A notebook as it stands in its file.

    Raises
    ------
    InputError
        If it is no notebook.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise InputError(f"Expected a Jupyter notebook in {path.name}, got something else: {error}") from error


def words_of(notebook: nbformat.NotebookNode, name: str) -> tuple[str, str]:
    """Title and one-line question of a notebook: the first heading and the first paragraph of its first text cell."""
    text = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown" and not is_marker(cell)), "")
    heading = re.search(r"^#\s+(.+?)\s*#*\s*$", text, flags=re.M)
    title = heading.group(1) if heading else name.replace("_", " ").capitalize()
    rest = text[heading.end() :] if heading else text
    paragraph = next((part for part in re.split(r"\n\s*\n", rest) if part.strip() and not part.startswith("#")), "")
    return unmarked(title), unmarked(" ".join(paragraph.split()))


def is_marker(cell: nbformat.NotebookNode) -> bool:
    """Whether papermill put this cell in to mark an error."""
    return ERROR_MARKER in cell.metadata.get("tags", [])


def own_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells its author wrote: without papermill's error markers and its cell of parameters."""
    injected = "injected-parameters"
    return [cell for cell in notebook.cells if not is_marker(cell) and injected not in cell.metadata.get("tags", [])]


def failure_of(notebook: nbformat.NotebookNode) -> Failure | None:
    """Where an executed notebook stopped, or None if it ran to its end."""
    cells = own_cells(notebook)
    heading = ""
    for number, cell in enumerate(cells, start=1):
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#{1,4}\s+(.+)$", cell.source, flags=re.M)
            heading = unmarked(headings[-1]) if headings else heading
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                return _failure(cell, output, number=number, of=len(cells), heading=heading)
    return None


def _failure(cell, output, *, number: int, of: int, heading: str) -> Failure:
    lines = plain(output.evalue).strip().splitlines() or [""]
    error = f"{output.ename}: {lines[0]}" if lines[0] else output.ename
    return Failure(number, of, heading, error, plain("\n".join(output.traceback)), cell.source)


def about_service(notebook: nbformat.NotebookNode, service: str) -> nbformat.NotebookNode:
    """A copy whose title names the service it is about."""
    copy = nbformat.from_dict(notebook)
    first = next((cell for cell in copy.cells if cell.cell_type == "markdown"), None)
    if first is not None:
        first.source = re.sub(r"\A(\s*#\s+[^\n]*)", lambda found: f"{found[1]}: {service}", first.source)
    return copy


def describe_figures(notebook: nbformat.NotebookNode) -> None:
    """Give each figure words for those who cannot see it, in `output.metadata["alt"]`.

    Words that are there already stay; otherwise it is the heading, which says what is shown, and the last sentence of
    the text before the figure, which says how to read it or what came out.
    """
    heading, before = "", ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#{2,4}\s+(.+)$", cell.source, flags=re.M)
            heading = unmarked(headings[-1]) if headings else heading
            before = _last_sentence(cell.source) or before
        for output in cell.get("outputs", ()):
            kinds = [kind for kind in FIGURES if kind in output.get("data", {})]
            if kinds:
                said = [output.metadata.get(kind, {}) for kind in kinds]
                alt = next(
                    (m["alt"] for m in [output.metadata, *said] if isinstance(m, dict) and m.get("alt")),
                    _both(heading, before),
                )
                output.metadata["alt"] = alt
            elif "text/markdown" in output.get("data", {}):
                before = _last_sentence(output.data["text/markdown"]) or before


def _both(heading: str, sentence: str) -> str:
    """What a figure shows, and what is said of it; once if that is the same."""
    if heading and sentence and heading != sentence:
        return f"{heading.rstrip(':.')}: {sentence}"
    return sentence or heading or "Figure"


def _last_sentence(markdown: str) -> str:
    text = unmarked(" ".join(re.sub(r"^#+\s*", "", markdown.strip().split("\n\n")[-1], flags=re.M).split()))
    sentences = re.split(r"(?<=[.!?:])\s+(?=[A-Z0-9“])", text)
    return sentences[-1].rstrip(":") if sentences else ""


def unmarked(markdown: str) -> str:
    """Text without the signs of inline Markdown."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", text)
    return re.sub(r"(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)", r"\1", text).strip()


def plain(text: str) -> str:
    """Text without terminal colours and other escape sequences."""
    return _ANSI.sub("", text)
