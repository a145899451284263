"""What is made once for all tests, whichever of the processes that share them asks first."""

import fcntl
import os
import pickle
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent.parent / "data" / "sample"


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """What `make(folder)` returned, called by one process of this session only; the others wait and read it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def _once(name, make):
        own, kept = folder / f"once-{name}", folder / f"once-{name}.pickle"
        with (folder / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                own.mkdir(exist_ok=True)
                kept.write_bytes(pickle.dumps(make(own)))
        return pickle.loads(kept.read_bytes())

    return _once


@pytest.fixture(scope="session")
def sample_logs(once):
    """The sample as read into hand."""
    from continuity_analysis import read_logs

    return once("sample-logs", lambda _: read_logs(SAMPLE))


@pytest.fixture(scope="session")
def sample_run(once):
    """The README's first command, whole: every report of the real notebooks on the sample."""
    from continuity_analysis.reports.run import RunOptions, run_reports

    return once("sample-run", lambda out: run_reports((), RunOptions(logs=SAMPLE, period="last-quarter", out=out)))
