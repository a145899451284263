"""Kernels of reports: warm where that works, ordinary where it does not, and none left behind."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from small_notebooks import code, save

from continuity_analysis.reports import kernels
from continuity_analysis.reports.execution import execute
from continuity_analysis.reports.kernels import Kernels
from continuity_analysis.reports.notebooks import failure_of

PARENT = "import os\nprint(os.getppid(), os.getpid())"
NETWORK = """import psutil
print([c.laddr for c in psutil.Process().net_connections("inet")])
if (child := os.fork()) == 0:
    print("said by a child", flush=True)
    os._exit(0)
os.waitpid(child, 0);"""
needs_fork = pytest.mark.skipif(not kernels.WARM, reason="warm kernels need fork and Unix sockets, as on Linux")


def processes(notebook):
    return tuple(int(number) for number in notebook.cells[-1].outputs[0].text.split())


def lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def soon(condition):
    until = time.monotonic() + 60
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return condition()


@pytest.fixture(scope="module")
def warm():
    with Kernels() as some:
        yield some
    assert not some.folder.exists()
    assert some._server.poll() is not None


@needs_fork
def test_a_warm_kernel_is_forked_and_gone_when_its_notebook_is_done(tmp_path, warm):
    path = save(tmp_path, one=[code("import sys\nprint('scipy.stats' in sys.modules)"), code(PARENT)]) / "one.ipynb"
    done = execute(path, {}, kernels=warm)
    parent, kernel = processes(done)
    assert done.cells[0].outputs[0].text == "True\n"
    assert parent == warm._server.pid
    assert soon(lambda: not lives(kernel))


@needs_fork
def test_figures_are_shown_at_twice_the_screen_and_as_drawings_also_in_warm_kernels(tmp_path, warm):
    plot = "from matplotlib import pyplot as plt\nplt.figure(figsize=(4, 2))\nplt.plot([1, 2]);"
    path = save(tmp_path, one=[code(plot), code(plot)]) / "one.ipynb"
    shown = [cell.outputs[0] for cell in execute(path, {}, kernels=warm).cells]
    assert all("image/png" in output.data for output in shown)
    assert all(300 < output.metadata["image/png"]["width"] < 500 for output in shown)
    one, same = (output.data["image/svg+xml"] for output in shown)
    assert one == same
    assert "dc:date" not in one


def test_an_ordinary_kernel_is_started_where_the_warm_process_is_gone(tmp_path):
    path = save(tmp_path, one=[code(PARENT)]) / "one.ipynb"
    with Kernels() as some:
        if some._server:
            some._server.kill()
            some._server.wait()
        parent, kernel = processes(execute(path, {}, kernels=some))
        assert parent == os.getpid()
        assert not list(some.folder.glob("*.pid"))
    assert soon(lambda: not lives(kernel))


@needs_fork
def test_kernels_open_no_network_port_not_even_for_what_children_print(tmp_path, warm):
    path = save(tmp_path, one=[code("import os"), code(NETWORK)]) / "one.ipynb"
    with Kernels(warm=False) as ordinary:
        for some in (warm, ordinary):
            done = execute(path, {}, kernels=some)
            assert done.cells[1].outputs[0].text.splitlines() == ["[]", "said by a child"]


@pytest.mark.parametrize("warm", [pytest.param(True, marks=needs_fork), False])
def test_closing_ends_what_still_runs(tmp_path, warm):
    started = tmp_path / "started"
    waiting = f"import os, time\nopen({str(started)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    path = save(tmp_path, one=[code(waiting)]) / "one.ipynb"
    some = Kernels(warm=warm)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(execute, path, {}, kernels=some)
        assert soon(lambda: started.exists() and started.read_text())
        some.close()
        assert "died" in failure_of(running.result(timeout=60)).error
    assert soon(lambda: not lives(int(started.read_text())))
