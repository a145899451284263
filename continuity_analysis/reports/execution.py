"""One notebook executed by papermill in a kernel of its own; what it left is kept even when a cell fails."""

import logging
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
import papermill
from jupyter_core.utils import ensure_event_loop
from papermill.exceptions import PapermillExecutionError

from continuity_analysis.reports.kernels import Kernels
from continuity_analysis.reports.notebooks import read_notebook

_INJECTED = "injected-parameters"
Progress = Callable[[str, int, int], None]
"""Told of a notebook's name, how many of its code cells are done, and how many there are; called from threads."""

for _library in ("papermill", "traitlets"):  # what they would say goes into the page of the report
    logging.getLogger(_library).addHandler(logging.NullHandler())


def execute(
    path: Path, parameters: Mapping, *, kernels: Kernels, progress: Progress | None = None, name: str | None = None
) -> nbformat.NotebookNode:
    """Execute a notebook.

    Parameters
    ----------
    path : Path
        The notebook as written.
    parameters : mapping
        What it is given; all must be declared in its cell tagged "parameters".
    kernels : Kernels
        Where its kernel comes from.
    progress : callable, optional
        See `Progress`.
    name : str, optional
        Of the report, by default that of the notebook; no two that run at once have the same.

    Returns
    -------
    nbformat.NotebookNode
        The executed notebook. A failed one holds an output of type "error" in the cell that failed.
    """
    name = name or path.stem
    notebook = read_notebook(path)
    reached = _Reached(name, notebook, progress)
    with tempfile.TemporaryDirectory(prefix="continuity-") as folder:
        left = Path(folder) / "notebook.ipynb"
        try:
            options = kernels.options(name, cwd=path.resolve().parent)
            papermill.execute_notebook(
                notebook, str(left), dict(parameters), progress_bar=False, **options, **reached.hooks
            )
        except PapermillExecutionError:
            return _left(left)
        except Exception as error:  # the kernel died or could not be had: said in the report, the others go on
            notebook = _left(left) if left.exists() else notebook
            return _with_error(notebook, reached.cell, f"{error}\n{_last_words(kernels.log(name))}", error)
        finally:
            ensure_event_loop().close()  # papermill leaves this thread's loop open
        return _left(left)


def _left(path: Path) -> nbformat.NotebookNode:
    """The notebook that papermill left; the cell with the parameters it was given is no slide."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if _INJECTED in cell.metadata.get("tags", []):
            cell.metadata["slideshow"] = {"slide_type": "skip"}
    return notebook


class _Reached:
    """How far a notebook has come, as nbclient tells it."""

    def __init__(self, name: str, notebook: nbformat.NotebookNode, progress: Progress | None) -> None:
        self.name, self.progress = name, progress
        self.code_cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        self.done = 0
        self.cell = 0

    @property
    def hooks(self) -> dict[str, Callable]:
        return {"on_cell_execute": self._started, "on_cell_executed": self._finished}

    def _started(self, *, cell, cell_index: int) -> None:
        self.cell = cell_index

    def _finished(self, *, cell, cell_index: int, execute_reply) -> None:
        if _INJECTED not in cell.metadata.get("tags", []):
            self.done += 1
            if self.progress:
                self.progress(self.name, self.done, self.code_cells)


def _with_error(notebook: nbformat.NotebookNode, index: int, traceback: str, error: Exception) -> nbformat.NotebookNode:
    """The notebook with an error output in the cell at `index`, or in its first code cell."""
    codes = [cell for cell in notebook.cells[index:] + notebook.cells if cell.cell_type == "code"]
    if not codes:
        codes = [nbformat.v4.new_code_cell("")]
        notebook.cells += codes
    lines = str(error).strip().splitlines() or [""]
    output = nbformat.v4.new_output("error", ename=type(error).__name__, evalue=lines[0], traceback=[traceback])
    codes[0].outputs = [*codes[0].outputs, output]
    return notebook


def _last_words(log: Path) -> str:
    """The end of what the kernel wrote outside its cells: a crash says its reason there."""
    return log.read_text(errors="replace")[-4000:] if log.exists() else ""
