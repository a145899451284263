"""Notebooks stay thin, clean and runnable: prose and one library call after another, stored without outputs."""

import ast
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXPLORE = ROOT / "notebooks" / "explore.ipynb"
ALONE = {EXPLORE, ROOT / "notebooks" / "service_review.ipynb"}  # not among the reports that run unasked
LOGIC = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.Try)
LOGIC += (ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)
SURGERY = {"groupby", "merge", "pivot", "apply", "assign", "concat", "loc", "iloc", "to_datetime", "resample"}
PLAIN = {"str", "int", "float", "bool", "list"}

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def cells(path, kind="code"):
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == kind]


def test_it_opens_with_its_title_and_question(path):
    first = nbformat.read(path, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    title, _, question = first.source.partition("\n\n")
    assert title.startswith("# ")
    assert question


def test_parameters_are_plain_and_explained(path):
    parameters = cells(path)[0]
    assert parameters.metadata.tags == ["parameters"]
    for line in parameters.source.splitlines():
        node = ast.parse(line).body[0]
        assert isinstance(node, ast.AnnAssign), line
        assert node.annotation.id in PLAIN, line
        comment = line.partition("# ")[2]
        assert comment, line
        assert "=" not in comment, "papermill loses a parameter whose comment holds an equals sign"


def test_imports_stand_in_one_cell(path):
    for number, cell in enumerate(cells(path)):
        imports = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert bool(imports) == (number == 1), cell.source


def test_no_logic_hides_in_a_notebook(path):
    for cell in cells(path)[2:]:
        tree = ast.parse(cell.source)
        assert len(tree.body) <= 2, cell.source
        for node in ast.walk(tree):
            assert not isinstance(node, LOGIC), cell.source
            assert not (isinstance(node, ast.Attribute) and node.attr in SURGERY), cell.source


def test_each_call_follows_a_paragraph(path):
    every = nbformat.read(path, as_version=4).cells[3:]
    if path.stem == "quarterly_review":  # a slide is a heading with what stands below it
        assert every[0].metadata.slideshow.slide_type == "slide"
        return
    for before, cell in pairwise(every):
        assert cell.cell_type == "markdown" or before.cell_type == "markdown", cell.source


def test_it_ends_with_its_definitions(path):
    if path.stem != "explore":
        last = nbformat.read(path, as_version=4).cells[-2:]
        assert last[0].source == "## How these numbers are defined"
        assert last[1].source.startswith("definitions.definitions(")


def test_it_is_stored_clean(path):
    notebook = nbformat.read(path, as_version=4)
    assert set(notebook.metadata) == {"kernelspec"}
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags", "slideshow"}
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_alone_it_reads_what_the_one_for_exploring_reads(path):
    """So that one notebook which runs without being given any logs, below, stands for all that do not."""
    named, explored = (cells(p)[0].source.splitlines() for p in (path, EXPLORE))
    assert set(explored) <= set(named)
    if path in ALONE:
        return
    logs, period = cells(EXPLORE)[1].source.splitlines()[-2:]
    assert {logs, period} <= set(cells(path)[1].source.splitlines())


def test_papermill_runs_it(path, tmp_path, sample_run):
    """Reports within the run of them all, in which papermill gives them their logs; the others by themselves."""
    import papermill

    if path in ALONE:
        how = {"cwd": path.parent, "kernel_name": "python3", "progress_bar": False}
        ran = papermill.execute_notebook(path, tmp_path / path.name, parameters={"period": "2026Q3"}, **how)
    else:
        ran = nbformat.read(sample_run.folder / "notebooks" / path.name, as_version=4)
    outputs = [o for c in ran.cells if c.cell_type == "code" for o in c.outputs]
    assert outputs
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
