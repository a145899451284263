"""Single edits of SQL, each of which takes one handling out: pairs of the text that stands there and what replaces it.

No parser of SQL: pieces are found by their keyword and the brackets and texts around it.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\w+|\s+|.", re.DOTALL)
_ALTERNATIVE = re.compile(r"(?<=[('|])[\w .+-]+\|(?!\|)|\|[\w .+-]+(?=[)'])")
_ENDS = {"GROUP", "ORDER", "QUALIFY", "WINDOW", "UNION", "HAVING", "LIMIT", "WHERE"}
_CALLS = ("coalesce", "nullif", "concat_ws", "greatest", "least", "if")


def edits_of(sql: str) -> Iterator[tuple[str, str]]:
    """Every edit of a statement, as the text replaced and its replacement."""
    tokens = [(m.start(), m.group()) for m in _TOKEN.finditer(sql)]
    for at, (start, token) in enumerate(tokens):
        word = token.upper()
        if word == "CASE":
            yield from _case_edits(sql, tokens, at)
        elif word in ("WHERE", "QUALIFY"):
            end = _condition_end(tokens, at + 1, len(sql))
            yield sql[start:end], f"{token} true "
            yield from _parts_dropped(sql, start + len(token), end)
        elif word == "FILTER" and sql[start:].startswith(("FILTER (", "FILTER(")):
            end = _closing(tokens, at + 1, len(sql))
            yield sql[start:end], ""
        elif token == "IN" and sql[start + 2 :].lstrip().startswith("('"):
            yield from _items_dropped(sql, start, _closing(tokens, at + 1, len(sql)), "(")
        elif token == "map" and sql[start + 3 :].lstrip().startswith("{"):
            yield from _items_dropped(sql, start, _closing(tokens, at + 1, len(sql)), "{")
        elif token in _CALLS and sql[start + len(token) :].startswith("("):
            yield from _call_edits(sql, start, _closing(tokens, at + 1, len(sql)), token)
        elif token.startswith("'") and "|" in token.strip("'|"):
            yield from _alternatives_dropped(token)
        elif word == "DISTINCT" and sql[:start].rstrip().endswith("SELECT"):
            yield sql[start - 7 : start + 30], sql[start - 7 : start] + sql[start + 8 : start + 30]
    if not re.search(r"\bSELECT\b", sql):
        yield from _parts_dropped(sql, 0, len(sql))


def _closing(tokens: list, at: int, end: int) -> int:
    """The place behind the bracket that closes the first one opened at or after token `at`."""
    depth = 0
    for start, token in tokens[at:]:
        depth += (token in "([{") - (token in ")]}") if len(token) == 1 else 0
        if depth == 0 and token in (")", "]", "}"):
            return start + 1
    return end


def _condition_end(tokens: list, at: int, end: int) -> int:
    """Where a WHERE ends: at the bracket around its query, at the next clause, or with the text."""
    depth = 0
    for start, token in tokens[at:]:
        depth += (token in "([{") - (token in ")]}") if len(token) == 1 else 0
        if depth < 0 or (depth == 0 and token in _ENDS):
            return start
    return end


def _split(sql: str, start: int, end: int, words: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Pieces of sql[start:end] between any of `words` at the outermost level: begin, end, and the word before it.

    A CASE counts as a bracket.
    """
    pieces, depth, begin, before = [], 0, start, ""
    for m in _TOKEN.finditer(sql, start, end):
        token = m.group()
        depth += (token in "([{") - (token in ")]}") if len(token) == 1 else (token == "CASE") - (token == "END")
        if depth == 0 and token in words:
            pieces.append((begin, m.start(), before))
            begin, before = m.end(), token
    return [*pieces, (begin, end, before)]


def _parts_dropped(sql: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """A condition without one of its alternatives, or without one of the things it asks for."""
    text = sql[start:end]
    if "BETWEEN" in text:
        return
    for word in ("OR", "AND"):
        pieces = _split(sql, start, end, (word,))
        if len(pieces) > 1:
            for left_out in range(len(pieces)):
                kept = [sql[b:e].strip() for n, (b, e, _) in enumerate(pieces) if n != left_out]
                yield text, " " + f" {word} ".join(kept) + " "
            return


def _case_edits(sql: str, tokens: list, at: int) -> Iterator[tuple[str, str]]:
    """A CASE without one of its branches, without its ELSE, and with simpler conditions."""
    start, depth, end = tokens[at][0], 0, len(sql)
    for where, token in tokens[at:]:
        depth += (token == "CASE") - (token == "END")
        if depth == 0:
            end = where + 3
            break
    pieces = _split(sql, start + 4, end - 3, ("WHEN", "THEN", "ELSE"))
    subject = sql[pieces[0][0] : pieces[0][1]].strip()
    whens = [p for p in pieces if p[2] == "WHEN"]
    thens = [p for p in pieces if p[2] == "THEN"]
    other = next((sql[b:e].strip() for b, e, word in pieces if word == "ELSE"), None)
    branches = [(sql[a:b].strip(), sql[c:d].strip()) for (a, b, _), (c, d, _) in zip(whens, thens, strict=True)]
    for number in range(len(branches)):
        yield sql[start:end], _case(subject, branches[:number] + branches[number + 1 :], other)
    if other not in (None, "NULL"):
        yield sql[start:end], _case(subject, branches, None)
    for (begin, stop, _), (_, last, _) in zip(whens, thens, strict=True):
        for _, new in _parts_dropped(sql, begin, stop):
            yield sql[begin:last], new + sql[stop:last]


def _case(subject: str, branches: list[tuple[str, str]], other: str | None) -> str:
    if not branches:
        return f"({other})" if other else "NULL"
    whens = " ".join(f"WHEN {condition} THEN {result}" for condition, result in branches)
    return f"CASE {subject} {whens} {'' if other is None else 'ELSE ' + other} END"


def _items_dropped(sql: str, start: int, end: int, opening: str) -> Iterator[tuple[str, str]]:
    """A list of words, or a map of them, without one of its entries."""
    inside = sql.index(opening, start) + 1
    pieces = _split(sql, inside, end - 1, (",",))
    for left_out in range(len(pieces) if len(pieces) > 1 else 0):
        kept = ", ".join(sql[b:e].strip() for n, (b, e, _) in enumerate(pieces) if n != left_out)
        yield sql[start:end], sql[start:inside] + kept + sql[end - 1 : end]


def _alternatives_dropped(literal: str) -> Iterator[tuple[str, str]]:
    """The text of a regular expression without one of the plain words between its bars."""
    for found in _ALTERNATIVE.finditer(literal):
        yield literal, literal[: found.start()] + literal[found.end() :]


def _call_edits(sql: str, start: int, end: int, name: str) -> Iterator[tuple[str, str]]:
    """A call whose arguments stand in for each other, without one of them."""
    arguments = [sql[b:e].strip() for b, e, _ in _split(sql, start + len(name) + 1, end - 1, (",",))]
    if name == "if":
        yield from ((sql[start:end], f"({a})") for a in arguments[1:])
    elif name == "nullif":
        yield sql[start:end], f"({arguments[0]})"
    elif len(arguments) > 1:
        first = 1 if name == "concat_ws" else 0
        for left_out in range(first, len(arguments)):
            kept = [a for n, a in enumerate(arguments) if n != left_out]
            yield sql[start:end], f"({kept[0]})" if len(kept) == 1 and not first else f"{name}({', '.join(kept)})"
