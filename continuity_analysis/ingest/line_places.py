"""Where lines lie in a big file: a few of them are had by number without taking the others apart."""

from bisect import bisect_right
from io import FileIO
from pathlib import Path

import numpy as np

_BLOCK = 1 << 18
_NEWLINE = 10


def picked_lines(path: Path, wanted: list[int], *, of: int) -> list[tuple[int, bytes]] | None:
    """Lines by their numbers, from 1.

    Parameters
    ----------
    path : Path
        Of a file that is not empty.
    wanted : list of int
        In order.
    of : int
        How many lines that are not blank the file has.

    Returns
    -------
    list of (number, bytes) or None
        None where the file has blank lines, so that numbers say nothing of places.
    """
    with path.open("rb", buffering=0) as stream:
        ends, total, size = _ends(stream, {n for w in wanted for n in (w - 1, w)})
        if total + (0 if ends.get(total) == size else 1) != of:
            return None
        ends |= {0: 0, of: size}
        return [(n, _between(stream, ends[n - 1], ends[n])) for n in wanted]


def _ends(stream: FileIO, wanted: set[int]) -> tuple[dict[int, int], int, int]:
    """Where the wanted lines and the last whole one end, how many whole ones there are, and how long the file is."""
    found, before, start, rest = {}, 0, 0, sorted(wanted)
    buffer = bytearray(_BLOCK)
    view = np.frombuffer(buffer, dtype=np.uint8)
    while length := stream.readinto(buffer):
        newlines = view[:length] == _NEWLINE
        after = before + np.count_nonzero(newlines)
        here = rest[bisect_right(rest, before) : bisect_right(rest, after)]
        if here:
            places = np.flatnonzero(newlines) + start + 1
            found |= {n: int(places[n - before - 1]) for n in here}
        if newlines[-1]:
            found[after] = start + length
        before, start = after, start + length
    return found, before, start


def _between(stream: FileIO, start: int, end: int) -> bytes:
    stream.seek(start)
    return stream.read(end - start)
