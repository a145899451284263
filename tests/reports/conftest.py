"""One real run, made once: a review with slides, a plain notebook, one that fails and one whose kernel dies."""

from pathlib import Path

import pytest
from small_notebooks import PARAMETERS, broken, code, review, save, scorecard, text

from continuity_analysis import questions
from continuity_analysis.reports.run import RunOptions, run_reports

LOGS = Path(__file__).parent.parent / "fixtures" / "drills_csv"


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project {with braces}") / "notebooks"
    plain = [
        text("# Plain\n\nDoes it work?"),
        code(f"{PARAMETERS}\nlevels: list = []  # some words\nlimit: int = 3  # a number", tags=["parameters"]),
        code("import os, sys\nimport continuity_analysis\nprint(continuity_analysis.__file__)\nprint(os.getcwd())"),
        code("print('limit', limit, levels)"),
        code("print('/one/very/long/path' * 10)"),
    ]
    dying = [text("# Dying\n\nWhat if the kernel dies?"), code("print('alive')"), code("import os\nos._exit(7)")]
    save(folder, review=review(), plain=plain, broken=broken(), dying=dying)
    scorecard().to_pickle(folder / "scorecard.pickle")
    return folder


@pytest.fixture(scope="session")
def run(notebooks, tmp_path_factory):
    """The run's result, and the progress it told of."""
    told = []
    out = tmp_path_factory.mktemp("run")
    options = RunOptions(
        period="2026Q3", logs=LOGS, timezone="Europe/Rome", out=out, notebooks_dir=notebooks, parameters={"limit": "5"}
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(questions, "scorecard", lambda logs, period: scorecard(), raising=False)
        result = run_reports((), options, progress=lambda *what: told.append(what))
    return result, told
