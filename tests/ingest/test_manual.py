"""What `continuity formats` says of each format: all of it, whatever the terminal's width, commands in one piece."""

import re

import pytest

from continuity_analysis.ingest.manual import describe, read_manual, show_manual
from continuity_analysis.ingest.registry import formats


@pytest.mark.parametrize("name", sorted(formats()))
def test_every_format_says_how_to_get_it_and_what_it_was_checked_against(name: str) -> None:
    manual = read_manual(formats()[name])
    assert manual.get_it_with and manual.get_it_with[0]
    assert manual.checked_against and manual.checked_against[0]


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", sorted(formats()))
def test_nothing_is_lost_and_no_command_is_broken(name: str, width: int) -> None:
    made = formats()[name]
    shown = show_manual(made, width)
    words = re.sub(r"(Get it with|Checked against):", " ", f"{made.title} {made.manual}").replace("`", "").split()
    there = set(shown.replace("`", "").split())
    assert not [w for w in words if w not in there and w.replace("::", ":") not in there]
    for command in re.findall(r"``(.*?)``", " ".join(made.manual.split())):
        assert command in shown
    long = [line for line in shown.splitlines() if len(line) > max(width, 40)]
    assert all("`" in line or ": " in line or len(line.split()) <= 2 for line in long), long


def test_an_example_keeps_its_lines() -> None:
    shown = show_manual(formats()["csv_mapped"], 60).splitlines()
    (line,) = (n for n, text in enumerate(shown) if text.strip() == "sources:")
    assert shown[line + 1].startswith(" " * 15 + '- {path: "itsm/*.csv"')
    assert shown[line - 1].endswith(":")
    assert "sources:\n" in describe(formats()["csv_mapped"])["get_it_with"]
