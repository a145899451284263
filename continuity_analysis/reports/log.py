"""What a run says while it goes on: one line per thing that happened, as text or as JSON.

Everything goes to the logger `continuity_analysis.reports` of `logging`, which is silent unless someone listens.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from continuity_analysis.errors import InputError

LOG = logging.getLogger("continuity_analysis.reports")
LOG.addHandler(logging.NullHandler())
KINDS = ("text", "json")
_OWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class Lines(logging.Formatter):
    """A record as one line: the moment, the level, what happened, and the facts given with it.

    Parameters
    ----------
    kind : str
        Out of `KINDS`.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"moment": moment, "level": record.levelname.lower(), "what": record.getMessage()}
        facts = {name: value for name, value in vars(record).items() if name not in _OWN}
        if self.kind == "json":
            return json.dumps(told | facts, ensure_ascii=False, default=str)
        words = [f"{name}={_quoted(value)}" for name, value in facts.items()]
        return " ".join([moment, told["level"].upper(), told["what"], *words])


@contextmanager
def lines_on_stderr(kind: str | None) -> Iterator[None]:
    """Write what a run says to standard error for as long as this lasts; nothing if `kind` is None.

    Parameters
    ----------
    kind : str or None
        Out of `KINDS`.

    Raises
    ------
    InputError
        If it is none of them.
    """
    if kind is None:
        yield
        return
    if kind not in KINDS:
        raise InputError(f"Expected log lines as {' or '.join(KINDS)}, got {kind!r}.")
    handler, level = logging.StreamHandler(sys.stderr), LOG.level
    handler.setFormatter(Lines(kind))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        LOG.setLevel(level)


def _quoted(value: object) -> str:
    text = str(value)
    return text if text and not any(c in text for c in ' "=\n') else json.dumps(text, ensure_ascii=False)
