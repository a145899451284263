"""What a format's docstring tells its user, as parts and as text for a terminal of any width."""

import re
import textwrap
from dataclasses import dataclass

from continuity_analysis.ingest.registry import Format

SHOWS = {
    "events": "a history: all that happened is there",
    "window": "a window: the last so many rows or days",
    "listing": "a listing: what has survived until then",
    "open_only": "open ones only: what is resolved vanishes",
    "glance": "a glance: signs of what happened; their absence proves nothing",
}
_GET, _CHECKED = "Get it with:", "Checked against:"
_COMMAND = re.compile(r"``(.*?)``")
_GLUE = "\N{NO-BREAK SPACE}"
_LABEL = 9


@dataclass(frozen=True)
class Manual:
    """How to get an export, what it was checked against, and all else there is to know, each a list of blocks.

    A block is a paragraph or a bullet in one line, or an example of several lines, which begin with four spaces.
    """

    get_it_with: list[str]
    notes: list[str]
    checked_against: list[str]


def read_manual(made: Format) -> Manual:
    """The parts of a format's docstring."""
    get, notes, checked, into = [], [], [], None
    for block in _blocks(made.manual):
        if block.startswith(_GET):
            into = get
        elif block.startswith(_CHECKED):
            into = checked
        elif not (block.startswith("    ") and into is get):
            into = notes
        told = block.removeprefix(_GET).removeprefix(_CHECKED)
        into.append(told if told.startswith("    ") else told.strip())
    return Manual(get, notes, checked)


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    fresh = True
    for line in text.splitlines():
        example = line.startswith("    ")
        if not line.strip():
            fresh = True
        elif example and blocks and blocks[-1].startswith("    ") and not fresh:
            blocks[-1] += "\n" + line
        elif fresh or example or line.startswith(("- ", _GET, _CHECKED)):
            blocks.append(line.rstrip() if example else line.strip())
            fresh = False
        else:
            blocks[-1] += " " + line.strip()
    return blocks


def show_manual(made: Format, width: int) -> str:
    """All a user needs to know of a format, in lines of at most `width` characters; commands are never broken."""
    manual = read_manual(made)
    lines = [made.name, *_wrapped(made.title, width, "  ")]
    for label, blocks in (
        ("fills", [made.fills]),
        ("shows", [SHOWS[made.export]]),
        ("get it", manual.get_it_with),
        ("mind", manual.notes),
        ("checked", manual.checked_against),
    ):
        lines += _labelled(label, blocks, width)
    return "\n".join(lines)


def _labelled(label: str, blocks: list[str], width: int) -> list[str]:
    indent = " " * (_LABEL + 2)
    lines = [line for block in blocks for line in _wrapped(block, width, indent)]
    return [f"  {label:<{_LABEL}}" + lines[0][len(indent) :], *lines[1:]] if lines else []


def _wrapped(block: str, width: int, indent: str) -> list[str]:
    if block.startswith("    "):
        return [indent + line[2:] for line in block.splitlines()]
    whole = _COMMAND.sub(lambda found: "`" + found.group(1).replace(" ", _GLUE) + "`", block)
    text = whole[:-1] if whole.endswith("::") else whole
    hanging = indent + ("  " if text.startswith("- ") else "")
    how = {"break_long_words": False, "break_on_hyphens": False}
    lines = textwrap.wrap(text, max(width, 40), initial_indent=indent, subsequent_indent=hanging, **how)
    return [line.replace(_GLUE, " ") for line in lines]


def describe(made: Format) -> dict:
    """The same as plain values for JSON."""
    manual = read_manual(made)
    parts = {"get_it_with": manual.get_it_with, "notes": manual.notes, "checked_against": manual.checked_against}
    return {
        "format": made.name,
        "product": made.product,
        "title": made.title,
        "export": made.export,
        "tables": list(made.tables),
        **{name: "\n".join(blocks) for name, blocks in parts.items()},
        "manual": made.manual,
    }
