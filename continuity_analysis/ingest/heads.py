"""The head of a file, parsed once for all formats: enough to tell whose export it is."""

import csv
import re
from dataclasses import dataclass, field, replace

from continuity_analysis.ingest.csv_rows import encoding_of
from continuity_analysis.ingest.files import PlainFile
from continuity_analysis.ingest.json_text import BROKEN, decode_at, first_value
from continuity_analysis.ingest.parquet_names import MAGIC, column_names

LENGTH = 65536
DELIMITERS = ",;\t|"
_LONG_LINE = 1 << 25
_SPACE = " \t\r\n\ufeff\x1e"
_LIKE_JSON = re.compile(r'[\s\ufeff\x1e]*(\{\s*("|\}|$)|\[\s*(\{|\[|\]|"|$))')


@dataclass(frozen=True)
class Head:
    """What formats may look at.

    Attributes
    ----------
    name : str
        Relative name of the file, with `/` between the parts and its .gz or .zst removed.
    container : str
        "json", "csv", "lines" or "parquet", judged by content.
    keys : frozenset of str
        Keys of the first JSON value if it is an object, columns of a Parquet file, else empty.
    first : dict
        The first JSON value, or the first element if that is an array; empty where it is no object.
    header : list of str
        Headers of a CSV file; names in a Parquet file, dotted where they lie in a struct; else empty.
    text : str
        The first 64 KB.
    by_line : bool
        True where a JSON file holds one value per line.
    line_length : int
        Mean length of its first lines [B].
    delimiter : str
        Of a CSV file.
    """

    name: str
    container: str
    keys: frozenset[str] = frozenset()
    first: dict = field(default_factory=dict)
    header: list[str] = field(default_factory=list)
    text: str = ""
    by_line: bool = False
    line_length: int = 0
    delimiter: str = ","


def read_head(file: PlainFile) -> Head | str:
    """The head of `file`, or one sentence on why nothing can be made of it.

    Raises
    ------
    InputError
        If it is a Parquet file that cannot be opened.
    """
    if not file.size:
        return "empty file"
    sample = _beginning(file)
    if sample[:4] in MAGIC:
        header, keys = column_names(file.path)
        return Head(_unpacked(file.name), "parquet", keys=keys, header=header)
    if b"\0" in sample[:LENGTH]:
        return "a binary file, where text or Parquet was expected: export it as JSON, CSV, Parquet or text lines"
    text = sample.decode(encoding_of([sample]), errors="replace").lstrip("\ufeff")
    name = _unpacked(file.name)
    if not text.strip(_SPACE):
        return "empty file"
    objects = _objects_by_line(text, whole=len(sample) >= file.size)
    if objects is not None:
        head = _json_head(name, text, objects, by_line=True)
        return replace(head, line_length=len(sample) // max(1, sample.count(b"\n")))
    if _LIKE_JSON.match(text):
        whole = text if len(sample) >= file.size else file.path.read_text(encoding="utf-8-sig", errors="replace")
        return _json_head(name, text, [first_value(whole)], by_line=False)
    delimiter, header = sniff(text)
    kind = "csv" if delimiter else "lines"
    return Head(name, kind, header=header, text=text[:LENGTH], delimiter=delimiter or ",")


def _unpacked(name: str) -> str:
    return re.sub(r"\.(gz|zst)$", "", name, flags=re.IGNORECASE)


def _beginning(file: PlainFile) -> bytes:
    """The first 64 KB, or more where that holds no two whole lines."""
    with file.path.open("rb") as stream:
        sample = stream.read(LENGTH)
        while len(sample) < min(_LONG_LINE, file.size) and sample.count(b"\n") < 2:
            sample += stream.read(len(sample))
    return sample


def _objects_by_line(text: str, *, whole: bool) -> list | None:
    """The values of the first lines if the file holds one JSON object or array per line, else None.

    That is so if most lines are one each, or if some are and no other looks like a part of a longer value.
    """
    lines = text.split("\n")
    lines = [line for line in (lines if whole else lines[:-1]) if line.strip(_SPACE)][:200]
    if len(lines) < 2:
        return None
    values = [value for value in map(_line_value, lines) if value is not None]
    whole_lines = not any(line.rstrip(_SPACE).endswith(("{", "[", ",")) for line in lines)
    return values if 2 * len(values) >= len(lines) or (len(values) > 1 and whole_lines) else None


def _line_value(line: str) -> dict | list | None:
    line = line.strip(_SPACE)
    if line[:1] not in ("{", "["):
        return None
    try:
        value, end = decode_at(line)
    except BROKEN:
        return None
    return value if end == len(line) else None


def _json_head(name: str, text: str, values: list, *, by_line: bool) -> Head:
    top = values[0] if values else {}
    keys = frozenset(top) if isinstance(top, dict) else frozenset()
    first = next((v for v in map(_innermost, values) if isinstance(v, dict)), {})
    return Head(name, "json", keys=keys, first=first, text=text[:LENGTH], by_line=by_line)


def _innermost(value):
    """The value itself, or the first element of a list, or of the list that this is."""
    while isinstance(value, list) and value:
        value = value[0]
    return value


def sniff(text: str) -> tuple[str | None, list[str]]:
    """Delimiter and headers of CSV text; (None, []) where no delimiter parts two rows or more alike."""
    stated = re.match(r"sep=(.)\r?\n", text)
    if stated:
        rows = _rows(text[stated.end() :], stated.group(1))
        return stated.group(1), [cell.strip() for cell in rows[0]] if rows else []
    best = (0, None, [])
    for delimiter in DELIMITERS:
        rows = _rows(text, delimiter)
        width = len(rows[0]) if rows else 0
        alike = sum(len(row) == width for row in rows)
        if width > 1 and (alike > 1 or len(rows) == 1) and (alike / len(rows), width) > (best[0], len(best[2])):
            best = (alike / len(rows), delimiter, [cell.strip() for cell in rows[0]])
    return best[1], best[2]


def _rows(text: str, delimiter: str) -> list[list[str]]:
    text = text[:LENGTH]
    if len(text) == LENGTH:
        text = text[: text.rfind("\n") + 1] or text
    try:
        return [row for row in csv.reader(text.splitlines(keepends=True)[:100], delimiter=delimiter) if row]
    except csv.Error:
        return []
