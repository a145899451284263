"""A JSON document taken apart into records without trusting it: what decodes is kept, wherever it breaks.

A document is a stream of values: an array is its elements, an object with KEY is KEY's elements, anything else is one
record. So a bare object, a list, a list of pages, and pages or records written one after the other are one case.
Records are slices of the text as it stood there; what stood around them is their *page*.
"""

import json
from dataclasses import dataclass, field

from continuity_analysis.ingest.json_text import BROKEN, SPACE, decode_at, end_of

_SHOWN = 2000
_DEEPEST = 100


@dataclass
class Found:
    """Records of one document: `values` with the number of their page and the name of their array, `pages`, `trouble`.

    `trouble` is (place and reason, raw text) where the document broke off; it counts as one record.
    """

    values: list[str] = field(default_factory=list)
    page_of: list[int] = field(default_factory=list)
    array_of: list[str | None] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    trouble: tuple[str, str] | None = None


class _BrokenOffError(Exception):
    """The text cannot be followed any further from `args[0]` on."""


def find_records(text: str, keys: tuple[str, ...]) -> Found:
    """Take `text` apart; `keys` are the alternatives of KEY, dotted, `*` for every array of an object.

    Parameters
    ----------
    text : str
        The whole document.
    keys : tuple of str
        Empty where the values themselves are the records.
    """
    walk = _Walk(text, [tuple(key.split(".")) for key in keys])
    position = 0
    try:
        while (position := walk.skip(position)) < len(text):
            position = walk.value(position)
    except _BrokenOffError as stop:
        at, what = stop.args
        walk.close_pages()
        where = f"line {text.count(chr(10), 0, at) + 1}, character {at}"
        walk.found.trouble = (f"{where}: {what}", text[at : at + _SHOWN] or text[-_SHOWN // 10 :])
    return walk.found


class _Walk:
    """One pass over the text. Methods take a position and return the one after what they read."""

    def __init__(self, text: str, paths: list[tuple[str, ...]]) -> None:
        self.text, self.paths, self.found = text, paths, Found()
        self.open_pages: dict[int, dict] = {}
        self.hits = 0

    def skip(self, position: int) -> int:
        return SPACE.match(self.text, position).end()

    def at(self, position: int) -> str:
        return self.text[position : position + 1]

    def value(self, position: int, depth: int = 0) -> int:
        """One value outside any page; a list within lists is its elements, too."""
        mark = self.at(position)
        if mark == "[" and depth == _DEEPEST:
            raise _BrokenOffError(position, "nested too deeply")
        if mark == "[":
            return self.elements(position, lambda at: self.value(at, depth + 1))
        if mark == "{" and self.paths:
            return self.page_or_record(position)
        return self.record(position, None, None)

    def page_or_record(self, position: int) -> int:
        """An object that holds its records under KEY, the rest of which becomes their page; else a record itself."""
        number, hits = len(self.found.pages), self.hits
        self.found.pages.append("{}")
        self.open_pages[number] = page = {}
        try:
            end = self.members(position, self.paths, page, (number, None))
        except _BrokenOffError:
            if self.hits > hits:
                raise
            end = None
        del self.open_pages[number]
        if self.hits > hits:
            self.found.pages[number] = json.dumps(page, ensure_ascii=False)
            return end
        self.found.pages.pop()
        return self.record(position, None, None) if end is None else self.keep(position, end, None, None)

    def close_pages(self) -> None:
        """Keep what was seen of the pages that the broken text left open."""
        for number, page in self.open_pages.items():
            self.found.pages[number] = json.dumps(page, ensure_ascii=False)

    def members(self, position: int, paths: list, page: dict, where: tuple) -> int:
        """The members of an object: those on a path are followed, all others are stored in `page`."""
        position = self.skip(position + 1)
        while self.at(position) != "}":
            name, position = self.decode(position)
            position = self.skip(position)
            if not isinstance(name, str) or self.at(position) != ":":
                raise _BrokenOffError(position, "expected a name, a colon and a value")
            position = self.skip(position + 1)
            rest = [path[1:] for path in paths if path[0] in ("*", name)]
            starred = any(path[0] == "*" for path in paths)
            inside = (where[0], name if starred else where[1])
            position = self.member(position, name, rest, page, where=inside)
            position = self.comma(position, "}")
        return position + 1

    def member(self, position: int, name: str, rest: list, page: dict, *, where: tuple) -> int:
        mark, deeper = self.at(position), [path for path in rest if path]
        if mark == "[" and () in rest:
            self.hits += 1
            return self.elements(position, lambda at: self.record(at, *where))
        if mark == "{" and deeper:
            return self.members(position, deeper, page.setdefault(name, {}), where)
        if mark == "{" and () in rest and where[1] is None:
            self.hits += 1
            return self.record(position, *where)
        page[name], position = self.decode(position)
        self.hits += page[name] is None and () in rest and where[1] is None
        return position

    def elements(self, position: int, read) -> int:
        """The elements of an array, each read by `read`."""
        position = self.skip(position + 1)
        while self.at(position) != "]":
            position = self.comma(read(position), "]")
        return position + 1

    def comma(self, position: int, closing: str) -> int:
        position = self.skip(position)
        if self.at(position) == closing:
            return position
        if self.at(position) != ",":
            raise _BrokenOffError(position, f"expected a comma or {closing!r}")
        return self.skip(position + 1)

    def record(self, position: int, page: int | None, array: str | None) -> int:
        """One record: its slice of the text, even where only its brackets can be followed."""
        try:
            _, end = decode_at(self.text, position)
        except BROKEN as error:
            end = end_of(self.text, position)
            if end is None:
                raise _BrokenOffError(position, _why(error)) from error
        return self.keep(position, end, page, array)

    def keep(self, position: int, end: int, page: int | None, array: str | None) -> int:
        self.found.values.append(self.text[position:end])
        self.found.page_of.append(-1 if page is None else page)
        self.found.array_of.append(array)
        return end

    def decode(self, position: int) -> tuple[object, int]:
        try:
            return decode_at(self.text, position)
        except BROKEN as error:
            raise _BrokenOffError(position, _why(error)) from error


def _why(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(getattr(error, "msg", error)).lower()
