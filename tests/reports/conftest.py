"""One real run, made once: a review with slides, a plain notebook, one that fails and one whose kernel dies."""

import pytest
from small_notebooks import LOGS, PARAMETERS, broken, code, review, save, scorecard, text

from continuity_analysis import questions
from continuity_analysis.reports.run import RunOptions, run_reports


def _notebooks(folder):
    plain = [
        text("# Plain\n\nDoes it work?"),
        code(f"{PARAMETERS}\nlevels: list = []  # some words\nlimit: int = 3  # a number", tags=["parameters"]),
        code("import os, sys\nimport continuity_analysis\nprint(continuity_analysis.__file__)\nprint(os.getcwd())"),
        code("print('limit', limit, levels)"),
        code("print('/one/very/long/path' * 10)"),
    ]
    dying = [text("# Dying\n\nWhat if the kernel dies?"), code("print('alive')"), code("import os\nos._exit(7)")]
    save(folder / "notebooks", review=review(), plain=plain, broken=broken(), dying=dying)
    scorecard().to_pickle(folder / "notebooks" / "scorecard.pickle")
    return folder / "notebooks"


def _run(notebooks, out):
    told = []
    options = RunOptions(
        period="2026Q3", logs=LOGS, timezone="Europe/Rome", out=out, notebooks_dir=notebooks, parameters={"limit": "5"}
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(questions, "scorecard", lambda logs, period: scorecard(), raising=False)
        result = run_reports((), options, progress=lambda *what: told.append(what))
    return result, told


@pytest.fixture(scope="session")
def notebooks(once):
    return once("project {with braces}", _notebooks)


@pytest.fixture(scope="session")
def run(once, notebooks):
    """The run's result, and the progress it told of."""
    return once("run", lambda folder: _run(notebooks, folder))
