"""The store when ingest is killed: two processes at once, each killed at a random moment, then completed."""

import multiprocessing
import os
import signal
import time
from collections import Counter

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from continuity_analysis.errors import StoreError
from continuity_analysis.logs import open_store
from continuity_analysis.store import delta, folder, read_store, write_readings, writing
from tests.exports_by_hand import incident, reading, shown, some_exports

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed")
WARM = ["continuity_analysis.logs", "continuity_analysis.store", "deltalake", "duckdb", "pandas", __name__]


MORE = [[incident(title=str(i)), {"incident_id": f"M{i}"}] for i in range(3)]
EXPORTS = [*some_exports(), *(reading(f"m{i}", f"2026-02-1{i}", incidents=rows) for i, rows in enumerate(MORE))]


def write_and_die(store, chosen, death, start):
    """Write the chosen exports, two to a write; die by the n-th append, before or after it is done."""
    writing._FILES_PER_WRITE = 2
    real, when, left = delta.append, *death

    def append(*what):
        nonlocal left
        left -= 1
        if left == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        real(*what)
        if left == 0 and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    delta.append = append
    start.wait(60)
    write_readings([EXPORTS[i] for i in chosen], store)


@pytest.fixture(scope="module")
def processes():
    """Children of a process that has imported everything and touched no store."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(WARM)
    return context


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What a store shows, and what is in it, when nobody is killed."""
    store = tmp_path_factory.mktemp("undisturbed")
    write_readings(EXPORTS, store)
    return shown(open_store(store)), read_store(store)


deaths = st.tuples(st.sampled_from(["before", "after"]), st.integers(1, 9)) | st.tuples(
    st.just("any moment"), st.floats(0, 0.4)
)
parts = st.lists(st.integers(0, len(EXPORTS) - 1), min_size=3, max_size=8, unique=True)
schedules = st.tuples(st.tuples(parts, deaths), st.tuples(parts, deaths))


@settings(max_examples=10, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate], database=None)
@given(schedules)
def test_killed_and_completed_shows_the_same_as_undisturbed(tmp_path_factory, processes, undisturbed, schedule):
    store = tmp_path_factory.mktemp("killed") / "store"
    children = run_at_once(processes, store, schedule)
    started = time.monotonic()
    for moment, child in sorted((moment, i) for i, (_, (when, moment)) in enumerate(schedule) if when == "any moment"):
        time.sleep(max(0, started + moment - time.monotonic()))
        children[child].kill()
    for child in children:
        child.join(60)
        assert child.exitcode in (0, -signal.SIGKILL)
    assert_nothing_half_visible(store, undisturbed[1])
    write_readings(EXPORTS, store)
    assert shown(open_store(store)) == undisturbed[0]
    assert_nothing_half_visible(store, undisturbed[1])


def run_at_once(processes, store, schedule):
    """Processes that write, each its part, from the same moment on."""
    start = processes.Barrier(len(schedule) + 1)
    deaths = [(when, step if when in ("before", "after") else 0) for _, (when, step) in schedule]
    children = [
        processes.Process(target=write_and_die, args=(str(store), chosen, death, start))
        for (chosen, _), death in zip(schedule, deaths, strict=True)
    ]
    for child in children:
        child.start()
    start.wait(60)
    return children


def assert_nothing_half_visible(store, whole):
    """Each export is there with all of its rows or with none, and once."""
    try:
        there = read_store(store)
    except StoreError:
        assert folder.find(store) is None
        return
    visible = there["exports"]["export_id"].to_pylist()
    assert len(set(visible)) == len(visible)
    for name in there:
        expected = Counter(e for e in whole[name]["export_id"].to_pylist() if e in visible)
        assert Counter(there[name]["export_id"].to_pylist()) == expected, name


def test_two_processes_write_one_new_store_at_once(tmp_path, processes, undisturbed):
    everything = list(range(len(EXPORTS)))
    schedule = [(order, ("never", 0)) for order in (everything, everything[::-1])]
    children = run_at_once(processes, tmp_path / "store", schedule)
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0]
    assert shown(open_store(tmp_path / "store")) == undisturbed[0]
