"""CSV files into rows, whatever their encoding, with the text of every row as it stood there."""

import codecs
import csv
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Row:
    """One row: number of its first line in the file, its cells, its raw text, and why it cannot be used."""

    line: int
    cells: list[str]
    raw: str
    reason: str | None = None


def encoding_of(chunks: Iterable[bytes]) -> str:
    """UTF-8, or Windows-1252 where bytes beyond ASCII are never UTF-8."""
    decode = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape").decode
    strange = False
    for chunk in chunks:
        beyond = {c for c in decode(chunk) if c > "\x7f"} - {"\ufeff"}
        foreign = {c for c in beyond if "\udc80" <= c <= "\udcff"}
        if beyond - foreign:
            return "utf-8"
        strange = strange or bool(foreign)
    return "cp1252" if strange else "utf-8"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def read_rows(path: Path, delimiter: str) -> tuple[list[str], Iterator[Row]]:
    """The headers of a CSV file and an iterator over its rows; blank lines and a line `sep=;` are passed over.

    A row whose quotes swallow lines and that does not fit the header is given up at its first line, so that a stray
    quote loses one row and not the rest of the file.
    """
    csv.field_size_limit(sys.maxsize)
    encoding = encoding_of(_chunks(path))
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    stream = io.TextIOWrapper(path.open("rb"), encoding=encoding, errors=errors, newline="")
    rows = _Rows(stream, delimiter)
    header = next((cells or rows.first_line() for _, cells, _ in rows.take() if not _is_mark(cells)), [])
    return [cell.strip().lstrip("\ufeff").strip('"') for cell in header], rows.checked(len(header))


def places_of(header: list[str]) -> dict[str, int]:
    """Each header with its place; one that stands more than once is also `Header[1]`, `Header[2]`, … in order."""
    names = [cell.strip() for cell in header]
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if names.count(name) > 1:
            places.setdefault(f"{name}[{names[:place].count(name) + 1}]", place)
        places.setdefault(name, place)
    return places


def _is_mark(cells: list[str]) -> bool:
    return bool(cells) and cells[0].lstrip("\ufeff").lower().startswith("sep=")


def _without_blanks(cells: list[str], width: int) -> list[str]:
    """Cells without blank ones beyond the header's width."""
    return cells[:width] if not any(cell.strip() for cell in cells[width:]) else cells


class _Rows:
    """Rows of a stream with the lines each was made of; lines can be given back."""

    def __init__(self, stream: io.TextIOWrapper, delimiter: str) -> None:
        self.stream, self.delimiter = stream, delimiter
        self.returned: list[str] = []
        self.consumed: list[str] = []
        self.line = 0

    def lines(self) -> Iterator[str]:
        while True:
            text = self.returned.pop() if self.returned else self.stream.readline()
            if not text:
                return
            self.line += 1
            self.consumed.append(text)
            yield text

    def first_line(self) -> list[str]:
        """Cells of the first line of the row just read, whatever its quotes; its other lines are given back."""
        self.returned.extend(reversed(self.consumed[1:]))
        self.line -= len(self.consumed) - 1
        del self.consumed[1:]
        return next(csv.reader([self.consumed[0].rstrip("\r\n")], delimiter=self.delimiter), [])

    def take(self) -> Iterator[tuple[int, list[str], str | None]]:
        """Rows that are not blank: first line, cells, and what is wrong with their quotes."""
        reader = csv.reader(self.lines(), delimiter=self.delimiter, strict=True)
        while True:
            self.consumed.clear()
            first = self.line + 1
            try:
                cells, wrong = next(reader), None
            except StopIteration:
                return
            except csv.Error as error:
                cells, wrong = [], f"its quotes do not fit: {error}"
            if wrong or any(cell.strip() for cell in cells):
                yield first, cells, wrong

    def checked(self, width: int) -> Iterator[Row]:
        """Rows held against the number of headers."""
        with self.stream:
            while (row := self.one(width)) is not None:
                yield row

    def one(self, width: int) -> Row | None:
        """The next row; one that took more than a line and does not fit is given up at its first line."""
        first, cells, wrong = next(self.take(), (0, [], None))
        if not first:
            return None
        cells = _without_blanks(cells, width)
        if len(cells) != width:
            alone = _without_blanks(self.first_line(), width)
            cells = alone if len(alone) == width else cells
            wrong = wrong or f"expected {width} cells as in the header, got {len(cells)}"
        wrong = None if len(cells) == width else wrong
        raw = "".join(self.consumed).rstrip("\r\n")
        if not raw.isascii() and any("\ud800" <= c <= "\udfff" for c in raw):
            wrong, raw = "it is not UTF-8", raw.encode("utf-8", errors="replace").decode("utf-8")
        return Row(first, [] if wrong else cells, raw, wrong)
