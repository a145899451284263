"""A JSON document taken apart into records without trusting it: what decodes is kept, wherever it breaks.

A document is a stream of values: an array is its elements, an object with KEY is KEY's elements, anything else is one
record. So a bare object, a list, a list of pages, and pages or records written one after the other are one case.
Records are slices of the text as it stood there; what stood around them is their *page*.
"""

import json
import re
from dataclasses import dataclass, field

_SPACE = re.compile(r"[\s\ufeff\x1e]*")
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_DECODE = json.JSONDecoder().raw_decode
_LIKELY = r'"{}"\s*:\s*[\[{{]'
_SHOWN = 2000
_DEEPEST = 100
_BROKEN = (ValueError, RecursionError)


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

    def skip(self, position: int) -> int:
        return _SPACE.match(self.text, position).end()

    def at(self, position: int) -> str:
        return self.text[position : position + 1]

    def value(self, position: int, depth: int = 0) -> int:
        """One value outside any page; a list within lists is its elements, too."""
        mark = self.at(position)
        if mark == "[" and depth == _DEEPEST:
            raise _BrokenOffError(position, "nested too deeply")
        if mark == "[":
            return self.elements(position, lambda at: self.value(at, depth + 1))
        if mark == "{" and self.paths and self.has_key(position):
            return self.page(position)
        return self.record(position, None, None)

    def has_key(self, position: int) -> bool:
        """Whether the object at `position` leads to KEY, judged on its decoded value or, if broken, on its text."""
        try:
            whole, _ = _DECODE(self.text, position)
        except _BROKEN:
            end = self.balanced(position) or len(self.text)
            likely = (re.compile(_LIKELY.format('[^"]+' if p[0] == "*" else re.escape(p[0]))) for p in self.paths)
            return any(pattern.search(self.text, position, end) for pattern in likely)
        return any(_leads(whole, path) for path in self.paths)

    def page(self, position: int) -> int:
        """An object that holds its records under KEY; the rest of it becomes their page."""
        number = len(self.found.pages)
        self.found.pages.append("{}")
        self.open_pages[number] = page = {}
        end = self.members(position, self.paths, page, (number, None))
        self.found.pages[number] = json.dumps(page, ensure_ascii=False)
        del self.open_pages[number]
        return end

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
            return self.elements(position, lambda at: self.record(at, *where))
        if mark == "{" and deeper:
            return self.members(position, deeper, page.setdefault(name, {}), where)
        if mark == "{" and () in rest and where[1] is None:
            return self.record(position, *where)
        page[name], position = self.decode(position)
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
            _, end = _DECODE(self.text, position)
        except _BROKEN as error:
            end = self.balanced(position)
            if end is None:
                raise _BrokenOffError(position, _why(error)) from error
        self.found.values.append(self.text[position:end])
        self.found.page_of.append(-1 if page is None else page)
        self.found.array_of.append(array)
        return end

    def decode(self, position: int) -> tuple[object, int]:
        try:
            return _DECODE(self.text, position)
        except _BROKEN as error:
            raise _BrokenOffError(position, _why(error)) from error

    def balanced(self, position: int) -> int | None:
        """End of the bracketed value at `position`, if what follows it can follow a value; else None."""
        depth = 0
        if self.at(position) not in ("{", "["):
            return None
        for part in _STRUCTURE.finditer(self.text, position):
            mark = part.group()
            depth += (mark in "[{") - (mark in "]}") if len(mark) == 1 else 0
            if depth == 0:
                after = self.at(self.skip(part.end()))
                return part.end() if after in ("", ",", "]", "}", "{", "[") else None
        return None


def _why(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(getattr(error, "msg", error)).lower()


def _leads(value: object, path: tuple[str, ...]) -> bool:
    """Whether `path` leads from `value` to an array, to an object (named, not starred), or to null."""
    if not path:
        return value is None or isinstance(value, (list, dict))
    if not isinstance(value, dict):
        return False
    if path[0] == "*":
        return any(isinstance(v, list) if len(path) == 1 else _leads(v, path[1:]) for v in value.values())
    return path[0] in value and _leads(value[path[0]], path[1:])
