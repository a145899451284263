"""A run killed half-way and resumed, two runs at once, and a run with nothing new: real processes throughout."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from receivers import web_server
from small_notebooks import LOGS, PARAMETERS, code, save

FIRST = [code(PARAMETERS, tags=["parameters"]), code("print('here')")]


def command(notebooks, out, *more):
    names = [str(p) for p in sorted(notebooks.glob("*.ipynb"))]
    words = [*names, "--logs", LOGS, "--period", "2026Q3", "--out", out, "--formats", "html", "--log", "json", *more]
    return [sys.executable, "-m", "continuity_analysis", "report", *map(str, words)]


def wait_for(condition, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def happened(process):
    return [
        (line["what"], line.get("report")) for line in map(json.loads, process.stderr.splitlines()) if "what" in line
    ]


@pytest.fixture
def slow(tmp_path):
    """A notebook at once done, and one that waits for a file."""
    notebooks, out, go = tmp_path / "notebooks", tmp_path / "out", tmp_path / "go"
    waiting = f"import os, time\nfrom pathlib import Path\nPath('{tmp_path}/began').write_text(str(os.getpid()))\n"
    waiting += f"while not Path('{go}').exists():\n    time.sleep(0.05)"
    save(notebooks, quick=FIRST, slow=[*FIRST, code(waiting)])
    return notebooks, out, go


def test_a_run_killed_half_way_then_told_to_end_is_resumed(slow, tmp_path):
    notebooks, out, go = slow
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    running = subprocess.Popen(command(notebooks, out, "--resume"), **quiet)
    quick, began = out / ".continuity" / "reports" / "quick.json", tmp_path / "began"
    wait_for(lambda: quick.exists() and began.exists())

    second = subprocess.run(command(notebooks, out, "--resume"), capture_output=True, text=True)
    assert second.returncode == 2
    assert f"Expected to be the only run into {out}, got another that is still running" in second.stderr
    assert happened(second) == [("run ended", None)]

    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    kernel = Path("/proc") / began.read_text()
    wait_for(lambda: not kernel.exists() or "\nState:\tZ" in (kernel / "status").read_text())  # it ends by itself
    assert not (out / "summary.json").exists()

    (tmp_path / "began").unlink()
    with web_server() as (url, told):
        words = command(notebooks, out, "--resume", "--webhook")
        loud = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        running = subprocess.Popen(words, **loud, env=os.environ | {"CONTINUITY_WEBHOOK_URL": url})
        wait_for(lambda: began.exists() and began.read_text())
        running.terminate()
        _, lines = running.communicate(timeout=60)
    assert running.returncode == 143
    assert "Continuity: the run was interrupted" in told[0][2]["text"]
    assert [json.loads(line)["what"] for line in lines.splitlines()][-1] == "run ended"
    assert "--resume runs only the rest" in lines
    assert "report failed" not in lines
    assert not (out / "summary.json").exists()
    assert not (out / "slow.html").exists()
    assert not (out / ".continuity" / "lock").exists()
    kernel = Path("/proc") / began.read_text()
    assert not kernel.exists() or "\nState:\tZ" in (kernel / "status").read_text()

    go.write_text("")
    resumed = subprocess.run(command(notebooks, out, "--resume"), capture_output=True, text=True)
    assert resumed.returncode == 0, resumed.stderr
    assert happened(resumed) == [("run started", None), ("report unchanged", "quick"), ("report made", "slow")]
    assert [r["status"] for r in json.loads((out / "summary.json").read_text())["reports"]] == ["done", "done"]

    before = os.times()
    nothing = subprocess.run(command(notebooks, out, "--resume"), capture_output=True, text=True)
    after = os.times()
    assert happened(nothing) == [("nothing has changed", None)]
    assert after.children_user + after.children_system - before.children_user - before.children_system < 5  # seconds
