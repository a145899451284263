"""The kernel of reports: ipykernel, but where it talks over local sockets it opens no network port at all.

An ordinary ipykernel takes what processes forked by a notebook print from a TCP port of this machine, whatever its
transport is. Run as a program with ipykernel's arguments: `python -m continuity_analysis.reports.local_kernel -f FILE`.
"""

import os
import sys
from functools import partial
from pathlib import Path

if __name__ == "__main__" and sys.path[0] in ("", str(Path.cwd())):
    del sys.path[0]  # modules beside a notebook are for the notebook; ipykernel puts the folder back

import zmq
from ipykernel import kernelapp
from ipykernel.iostream import IOPubThread
from zmq.eventloop.zmqstream import ZMQStream

SENT_WITHIN = 3000
"""How long a process that ends waits for its last words to be taken [milliseconds]."""


class LocalOutput(IOPubThread):
    """Sends what cells print; takes what processes forked by a cell print from the Unix socket at `address`."""

    def __init__(self, socket: zmq.Socket, *, address: str, **settings) -> None:
        self._address = address
        super().__init__(socket, **settings)

    def _setup_pipe_in(self) -> None:
        self._pipe_uuid = os.urandom(16)
        listener = self.socket.context.socket(zmq.PULL)
        listener.linger = 0
        listener.bind(self._address)
        self._pipe_in = ZMQStream(listener, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[zmq.Context, zmq.Socket]:
        context = zmq.Context()
        sender = context.socket(zmq.PUSH)
        sender.linger = SENT_WITHIN
        sender.connect(self._address)
        return context, sender


class LocalKernelApp(kernelapp.IPKernelApp):
    """An ipykernel whose every socket is of the transport it was told to use."""

    def init_iopub(self, context: zmq.Context) -> None:
        """Initialize the channel for output."""
        if self.transport == "ipc":
            kernelapp.IOPubThread = partial(LocalOutput, address=f"ipc://{self.ip}-out")
        super().init_iopub(context)


if __name__ == "__main__":
    LocalKernelApp.launch_instance()
