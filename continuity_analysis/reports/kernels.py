"""Kernels for reports: this very interpreter and package, quiet, over local sockets, forked from a warm process.

Where a warm process cannot be had (no `fork`, no Unix sockets, or it did not answer) an ordinary kernel is started.
"""

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from importlib.metadata import EntryPoint
from pathlib import Path
from select import select
from types import TracebackType

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Unicode
from traitlets.config import Config

PROVISIONER = "continuity-warm"
WARM = sys.platform == "linux"  # fork after importing the numeric libraries is safe there, not on macOS
LONGEST_SOCKET = 100  # characters; the system's limit for the path of a Unix socket is 107
ANSWER_WITHIN = 60  # seconds, of which a warm process needs about three when it has just been started
"""How long a warm process may take to preload and fork before an ordinary kernel is started instead."""


class ForkedKernel:
    """A kernel forked by another process, seen through the connection it holds; has the face of a Popen."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(ANSWER_WITHIN)
        answer = connection.recv(64)
        if not answer.endswith(b"\n"):
            raise ConnectionError("the warm process ended before it forked a kernel")
        self.pid = int(answer)
        self.connection = connection
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it lives; afterwards 0, as how it ended is not known."""
        if self.returncode is None and select([self.connection], [], [], 0)[0]:
            self._ended()
        return self.returncode

    def wait(self) -> int | None:
        """Wait until it has ended."""
        if self.returncode is None:
            select([self.connection], [], [])
            self._ended()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal it and the processes it started, if it still lives."""
        if self.poll() is None:
            os.killpg(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _ended(self) -> None:
        self.returncode = 0
        self.connection.close()


class WarmProvisioner(LocalProvisioner):
    """Asks the warm process for a fork; starts an ordinary kernel where that fails."""

    address = Unicode()
    log_file = Unicode()

    async def launch_kernel(self, cmd: list[str], **kwargs) -> dict:
        """Launch the kernel and return how to connect to it."""
        if self.address:
            try:
                self.process = self._fork(cmd, kwargs)
            except OSError:  # also ConnectionError and TimeoutError
                self.process = None
        if self.process is None:
            with Path(self.log_file).open("ab") as log:
                connection = await super().launch_kernel(cmd, **{**kwargs, "stdout": log, "stderr": log})
            self._pid_file.write_text(str(self.pid))
            return connection
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd")
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel's process group; a kernel that has ended already needs none."""
        if isinstance(self.process, ForkedKernel):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def cleanup(self, restart: bool = False) -> None:
        """Forget the kernel."""
        self._pid_file.unlink(missing_ok=True)
        await super().cleanup(restart=restart)

    @property
    def _pid_file(self) -> Path:
        return Path(self.log_file).with_suffix(".pid")

    def _fork(self, cmd: list[str], kwargs: dict) -> ForkedKernel:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(ANSWER_WITHIN)
            connection.connect(self.address)
            arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
            cwd = str(kwargs.get("cwd") or Path.cwd())
            request = {"argv": arguments, "cwd": cwd, "env": kwargs.get("env") or {}, "log": self.log_file}
            connection.sendall(json.dumps(request).encode() + b"\n")
            return ForkedKernel(connection)
        except OSError:
            connection.close()
            raise


KernelProvisionerFactory.provisioners[PROVISIONER] = EntryPoint(
    PROVISIONER, f"{__name__}:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME
)


class ReportKernelManager(AsyncKernelManager):
    """Runs this interpreter whatever kernels Jupyter knows, so that a notebook sees the package that runs it."""

    warm_address = Unicode(help="socket of the warm process, empty for ordinary kernels").tag(config=True)
    folder = Unicode(help="where the run's kernels keep what they write").tag(config=True)
    log_file = Unicode(os.devnull, help="takes what a kernel writes outside its cells").tag(config=True)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The only kernel there is: ipykernel under this interpreter, figures at twice the screen's resolution."""
        settings = {"address": self.warm_address, "log_file": self.log_file}
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *ARGUMENTS],
            display_name="Python of continuity",
            language="python",
            env=environment(Path(self.folder)),
            metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": settings}},
        )


ARGUMENTS = ("--InlineBackend.figure_formats={'retina'}",)


class Kernels:
    """The kernels of one run: a folder for their sockets and logs, and the warm process; use it in a `with`."""

    def __init__(self, *, warm: bool = WARM) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="continuity-")
        self.folder = Path(self._folder.name)
        self._numbers = itertools.count()
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
        return self.folder / f"{name}.log"

    def close(self) -> None:
        """Stop every kernel that is still running and the warm process, and remove the folder."""
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
