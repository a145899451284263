"""Kernels for reports: this very interpreter and package, quiet, over local sockets, forked from a warm process.

Where a warm process cannot be had (no `fork`, no Unix sockets, or it did not answer) an ordinary kernel is started.
"""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from traitlets import Unicode
from traitlets.config import Config

from continuity_analysis.reports.provisioner import PROGRAM, PROVISIONER

WARM = sys.platform == "linux"  # fork after importing the numeric libraries is safe there, not on macOS
ARGUMENTS = (
    "--InlineBackend.figure_formats={'retina', 'svg'}",
    "--InlineBackend.print_figure_kwargs={'bbox_inches': 'tight', 'metadata': {'Date': None}}",
    "--InlineBackend.rc={'svg.hashsalt': 'continuity'}",
)
"""Figures at twice the screen's resolution, and as drawings that come out alike in every run."""
LONGEST_SOCKET = 95  # characters; the system's limit for the path of a Unix socket is 107


class ReportKernelManager(AsyncKernelManager):
    """Runs this interpreter whatever kernels Jupyter knows, so that a notebook sees the package that runs it."""

    warm_address = Unicode(help="socket of the warm process, empty for ordinary kernels").tag(config=True)
    folder = Unicode(help="where the run's kernels keep what they write").tag(config=True)
    log_file = Unicode(os.devnull, help="takes what a kernel writes outside its cells").tag(config=True)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The only kernel there is: ipykernel under this interpreter, figures as pictures and drawings."""
        settings = {"address": self.warm_address, "log_file": self.log_file}
        return KernelSpec(
            argv=[sys.executable, "-m", PROGRAM, "-f", "{connection_file}", *ARGUMENTS],
            display_name="Python of continuity",
            language="python",
            env=environment(Path(self.folder)),
            metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": settings}},
        )


class Kernels:
    """The kernels of one run: a folder for their sockets and logs, and the warm process; use it in a `with`."""

    def __init__(self, *, warm: bool = WARM) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="continuity-")
        self.folder = Path(self._folder.name)
        self._numbers = itertools.count()
        self.closed = False
        self._server = self._start_server() if warm and len(self._address) < LONGEST_SOCKET else None

    @property
    def _address(self) -> str:
        return str(self.folder / "warm")

    def _start_server(self) -> subprocess.Popen:
        """Start the warm process; who asks before it is warm waits for it on the socket, which is open at once."""
        command = [sys.executable, "-m", "continuity_analysis.reports.warm_kernels"]
        surroundings = {"env": {**os.environ, **environment(self.folder)}, "start_new_session": True}
        with socket.socket(socket.AF_UNIX) as listener, (self.folder / "warm.log").open("ab") as log:
            listener.bind(self._address)
            listener.listen(64)
            number = listener.fileno()
            pipes = {"stdin": subprocess.PIPE, "stdout": log, "stderr": log, "pass_fds": [number]}
            return subprocess.Popen([*command, str(number)], **pipes, **surroundings)

    def options(self, name: str, *, cwd: Path) -> dict:
        """Keyword arguments for `papermill.execute_notebook` that give the notebook `name` its own kernel."""
        transport = "ipc" if len(self._address) < LONGEST_SOCKET and sys.platform != "win32" else "tcp"
        manager = {
            "transport": transport,
            "connection_file": str(self.folder / f"{next(self._numbers)}.json"),
            "folder": str(self.folder),
            "warm_address": self._address if self._server else "",
            "log_file": str(self.log(name)),
        }
        return {
            "kernel_name": "python3",
            "language": "python",
            "kernel_manager_class": ReportKernelManager,
            "config": Config({"ReportKernelManager": manager}),
            "resources": {"metadata": {"path": str(cwd)}},
        }

    def log(self, name: str) -> Path:
        """The file that takes what the kernel of notebook `name` writes outside its cells."""
        return self.folder / f"{name.replace('/', '@')}.log"

    def close(self) -> None:
        """Stop every kernel that is still running and the warm process, and remove the folder; once is enough."""
        if self.closed:
            return
        self.closed = True
        for file in self.folder.glob("*.pid"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(file.read_text()), signal.SIGTERM)
        if self._server is not None:
            self._server.terminate()  # its kernels notice and end too
            self._server.wait()
            self._server.stdin.close()
        self._folder.cleanup()

    def __enter__(self) -> "Kernels":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()


def environment(folder: Path) -> dict[str, str]:
    """Environment of a report's kernel: the package that runs it, one thread per kernel, nobody's IPython profile."""
    package_parent = str(Path(__file__).resolve().parents[2])
    paths = [str(Path(path).resolve()) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        **single,
        "PYTHONPATH": os.pathsep.join([package_parent, *paths]),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
