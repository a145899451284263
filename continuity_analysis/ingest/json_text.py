"""JSON text that may be broken or very big: where a value ends, and what it begins with."""

import json
import re

SPACE = re.compile(r"[\s\ufeff\x1e]*")
BROKEN = (ValueError, RecursionError)
decode_at = json.JSONDecoder().raw_decode
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_BETWEEN = re.compile(r"[\s,]*")
_MEMBER = re.compile(r'"((?:[^"\\]|\\.)*)"\s*:\s*')
_BIG = 1 << 26
_BIG_MEMBER = 1 << 20
_DEEPEST = 4


def end_of(text: str, position: int) -> int | None:
    """End of the bracketed value at `position`, judged by its brackets alone; None where what follows cannot follow."""
    depth = 0
    if text[position : position + 1] not in ("{", "["):
        return None
    for part in _STRUCTURE.finditer(text, position):
        mark = part.group()
        depth += (mark in "[{") - (mark in "]}") if len(mark) == 1 else 0
        if depth == 0:
            after = SPACE.match(text, part.end()).end()
            return part.end() if text[after : after + 1] in ("", ",", "]", "}", "{", "[") else None
    return None


def first_value(text: str) -> dict | list:
    """The first value of a document, or as much of it as decodes.

    Of a broken one, and of one that is very big, the outermost members (or the first element) are decoded: a big member
    and one that is broken are cut to their own first element or members, any broken deeper down is None.
    """
    start = SPACE.match(text).end()
    return _decoded(text, start) if len(text) <= _BIG else _outermost(text, start)


def _decoded(text: str, start: int, depth: int = 0) -> dict | list:
    try:
        return decode_at(text, start)[0]
    except BROKEN:
        return _outermost(text, start, depth)


def _outermost(text: str, start: int, depth: int = 0) -> dict | list:
    at = _BETWEEN.match(text, start + 1).end()
    if text[start] == "[":
        return [_decoded(text, at, depth + 1)] if text[at : at + 1] == "{" else []
    found = {}
    while member := _MEMBER.match(text, at):
        found[member.group(1)], end = _member_value(text, member.end(), depth)
        if end is None:
            break
        at = _BETWEEN.match(text, end).end()
    return found


def _member_value(text: str, start: int, depth: int) -> tuple[object, int | None]:
    """The value of a member and its end; of a big list its first element, of a broken value what it begins with."""
    end = end_of(text, start) if len(text) > _BIG else None
    try:
        if end is not None and end - start > _BIG_MEMBER:
            return _outermost(text, start), end
        return decode_at(text, start)
    except BROKEN:
        begins = depth < _DEEPEST and text[start : start + 1] in ("{", "[")
        return _outermost(text, start, depth + 1) if begins else None, None
