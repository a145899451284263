"""A process that has imported what notebooks import, and forks a kernel for each notebook that asks.

A kernel started this way is ready in well under a second where a cold one needs three. It is an ordinary ipykernel in
a process of its own; only the imports are shared. Run as a program with the number of an inherited file handle, a Unix
socket that listens: `python -m continuity_analysis.reports.warm_kernels HANDLE`. It stops, and its kernels with it,
when its standard input is closed, which happens also when the process that started it is killed.

The conversation on the socket: the asker sends one line of JSON, `{"argv", "cwd", "env", "log"}`; the kernel answers
with its process id and keeps the connection open for as long as it lives, so that the asker sees its end.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from select import select

PRELOADED = (
    "numpy",
    "pandas",
    "scipy.stats",
    "pyarrow.dataset",
    "duckdb",
    "deltalake",
    "pydantic",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "matplotlib.pyplot",
    "IPython.core.interactiveshell",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "continuity_analysis.reports.local_kernel",
    "continuity_analysis.logs",
    "continuity_analysis.store",
    "continuity_analysis.questions",
    "continuity_analysis.figures.display_tables",
)
"""Modules that notebooks use; one that cannot be imported here is left for the notebook to complain about."""


def main(handle: int) -> None:
    """Preload, then fork kernels for whoever connects until standard input is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the asker, who then ends this process
    preload()
    asked = serve(socket.socket(fileno=handle))
    if asked is not None:
        become_kernel(*asked)


def preload() -> None:
    """Import `PRELOADED` and set what was made aside from garbage collection, so that forks share it."""
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    for name in PRELOADED:
        try:
            importlib.import_module(name)
        except Exception as error:  # whatever is wrong with it is reported by the notebook that imports it
            print(f"not preloaded: {name}: {error!r}", file=sys.stderr)
    gc.collect()
    gc.freeze()


def serve(listener: socket.socket) -> tuple[dict, socket.socket] | None:
    """Fork on each request. Returns in each child with its request and connection, in the parent with None."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that end leave no zombies
    while True:
        ready, _, _ = select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return None
        connection, _ = listener.accept()
        with connection:
            line = connection.makefile("rb").readline()
            if not line:
                continue
            parent = os.getpid()
            if os.fork() == 0:
                listener.close()
                return {**json.loads(line), "parent": parent}, socket.socket(fileno=os.dup(connection.fileno()))


def become_kernel(request: dict, connection: socket.socket) -> None:
    """Turn this forked process into the kernel that was asked for; returns when the kernel is shut down."""
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else signal.default_int_handler)
    for target, path, flags in ((0, os.devnull, os.O_RDONLY), (1, request["log"], os.O_WRONLY | os.O_APPEND)):
        handle = os.open(path, flags | os.O_CREAT, 0o600)
        os.dup2(handle, target)
        os.close(handle)
    os.dup2(1, 2)
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    connection.sendall(f"{os.getpid()}\n".encode())
    from continuity_analysis.reports.local_kernel import LocalKernelApp

    with contextlib.closing(connection):
        sys.argv = ["local_kernel", *request["argv"]]
        app = LocalKernelApp.instance()
        app.parent_handle = request["parent"]
        app.initialize(request["argv"])
        app.start()


if __name__ == "__main__":
    main(int(sys.argv[1]))
