"""A run that is told to end: systemd, Kubernetes and time limits send SIGTERM, and some time later SIGKILL."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from continuity_analysis.errors import Terminated

SENTENCE = (
    "The run was told to end (SIGTERM) before it was complete: what was made until then stays, and --resume runs only "
    "the rest."
)


@contextmanager
def terminable() -> Iterator[None]:
    """Raise Terminated where the main thread stands when SIGTERM comes, so that whatever is open is closed in order.

    A second SIGTERM changes nothing. In another thread, or where SIGTERM is ignored, it is left as it is.

    Raises
    ------
    Terminated
        Also where what was interrupted made an error of its own of it, as DuckDB does.
    """
    before = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or before in (signal.SIG_IGN, None):
        yield
        return
    asked = []

    def end(number: int, frame: object) -> None:
        asked.append(number)
        if len(asked) == 1:
            raise Terminated(SENTENCE)

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    except Exception as error:
        if asked:
            raise Terminated(SENTENCE) from error
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
