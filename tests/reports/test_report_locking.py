"""Two runs at once: the second says so, or waits; a lock ends with its process, however that ends."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from continuity_analysis.errors import InputError
from continuity_analysis.reports import locking
from continuity_analysis.reports.locking import KEPT, locked

HOLD = """
import sys, time
from pathlib import Path
from continuity_analysis.reports.locking import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "out")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_is_refused_in_one_sentence(tmp_path, holder):
    with (
        pytest.raises(InputError, match=r"another that is still running: wait for it \(--wait"),
        locked(tmp_path / "out"),
    ):
        pass
    holder.communicate("\n")
    with locked(tmp_path / "out"):
        pass


def test_a_lock_ends_with_its_process(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / "out" / KEPT / "lock").exists()  # the file stays, the lock does not
    with locked(tmp_path / "out"):
        pass


def test_a_second_run_waits_if_told_to(tmp_path, holder):
    threading.Timer(0.5, lambda: holder.communicate("\n")).start()
    began = time.monotonic()
    with locked(tmp_path / "out", wait=60):
        assert time.monotonic() - began > 0.3


def test_only_one_of_many_holds_it_at_a_time(tmp_path):
    inside, most = [], []

    def run(number):
        with locked(tmp_path / "a" / "out", wait=60):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.01)
            inside.remove(number)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


def test_a_lock_file_that_was_removed_meanwhile_is_no_lock(tmp_path, monkeypatch):
    """A run that ends removes its file: whoever had it open already must take the new one."""
    place, flock, calls = tmp_path / "out" / KEPT / "lock", locking.fcntl.flock, []

    def late(descriptor, how):
        calls.append(descriptor)
        if len(calls) == 1:
            place.unlink()
        flock(descriptor, how)

    monkeypatch.setattr(locking.fcntl, "flock", late)
    with locked(tmp_path / "out", wait=10):
        assert place.exists()
    assert len(calls) == 2


def test_it_leaves_nothing_behind_where_nothing_was_written(tmp_path):
    with locked(tmp_path / "a" / "out"):
        pass
    assert list(tmp_path.iterdir()) == []
    with locked(tmp_path / "a" / "out"):
        (tmp_path / "a" / "out" / "page.html").write_text("")
    assert [p.name for p in tmp_path.rglob("*")] == ["a", "out", "page.html"]
