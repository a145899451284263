"""How kernels of reports come to life: forked by a warm process, or started in the ordinary way where that fails."""

import json
import os
import signal
import socket
from importlib.metadata import EntryPoint
from pathlib import Path
from select import select

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Unicode

PROGRAM = "continuity_analysis.reports.local_kernel"
"""The kernel's module, which is imported only where a kernel runs."""
PROVISIONER = "continuity-warm"
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
            arguments = cmd[cmd.index(PROGRAM) + 1 :]
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
