"""Printed text, code and tracebacks of documents: in lines that fit, and not without end."""

import re
import unicodedata

from continuity_analysis.reports.markdown import laid_out
from continuity_analysis.reports.pdf_typst import breakable, literal

ACROSS = 92  # letters of the narrow type that fit beside each other
LINES_AT_MOST = 400
MESSAGES_AT_MOST = 20


def printed(text: str, *, at_most: int = LINES_AT_MOST, function: str = "printed") -> str:
    """Typst's code for text as it stands, in the narrow type."""
    return f"#{function}({literal(wrapped(text, at_most=at_most))})"


def said(text: str) -> str:
    """Typst's code for printed text: sentences as paragraphs, anything laid out with spaces as it stands."""
    text = text.strip("\n")
    if not text.strip():
        return ""
    if laid_out(text):
        return printed(text)
    parts = [part.strip() for part in re.split(r"\n+", text) if part.strip()]
    more = len(parts) - LINES_AT_MOST
    parts = [*parts[:LINES_AT_MOST], _more(more)] if more > 0 else parts
    return "\n\n".join(f"#par({literal(breakable(part))})" for part in parts)


def wrapped(text: str, *, at_most: int = LINES_AT_MOST) -> str:
    """Text in lines of at most `ACROSS` letters, and at most so many lines."""
    lines = [piece for line in text.expandtabs(4).splitlines() for piece in _pieces(line)]
    more = len(lines) - at_most
    return "\n".join([*lines[:at_most], _more(more)] if more > 0 else lines)


def _more(lines: int) -> str:
    return f"… {lines:,} more lines are in the executed notebook."


def _pieces(line: str) -> list[str]:
    """A line, broken at its last space before the edge, or at the edge."""
    pieces = []
    while (end := _fits(line)) < len(line):
        space = line.rfind(" ", ACROSS // 2, end + 1)
        end = space + 1 if space >= 0 else end
        pieces.append(line[:end].rstrip())
        line = line[end:]
    return [*pieces, line.rstrip()]


def _fits(line: str) -> int:
    """How many letters of a line fit; East Asian ones are two wide."""
    room = ACROSS
    for number, letter in enumerate(line):
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 0:
            return number
    return len(line)
