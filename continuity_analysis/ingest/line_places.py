"""Where lines lie in a big file: a few of them are had by number without taking the others apart."""

import mmap
from bisect import bisect_right
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
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        ends, total = _ends(text, {n for w in wanted for n in (w - 1, w)})
        ended = text[-1] == _NEWLINE
        if total + (not ended) != of:
            return None
        ends |= {0: 0} | ({} if ended else {of: len(text)})
        return [(n, text[ends[n - 1] : ends[n]]) for n in wanted]


def _ends(text: mmap.mmap, wanted: set[int]) -> tuple[dict[int, int], int]:
    """Where the wanted lines end, and how many newlines there are."""
    found, before, rest = {}, 0, sorted(wanted)
    bytes_of = np.frombuffer(text, dtype=np.uint8)
    for start in range(0, len(bytes_of), _BLOCK):
        newlines = bytes_of[start : start + _BLOCK] == _NEWLINE
        after = before + np.count_nonzero(newlines)
        here = rest[bisect_right(rest, before) : bisect_right(rest, after)]
        if here:
            places = np.flatnonzero(newlines) + start + 1
            found |= {n: int(places[n - before - 1]) for n in here}
        before = after
    del bytes_of  # the map cannot be closed while it is looked at
    return found, before
