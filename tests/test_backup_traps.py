"""The table of traps of backup logs names tests that are there."""

import re
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = HERE.parent / "docs" / "real_backups.md"


def named_tests():
    """File, function and sample (empty: none) of every test that the table names, line by line."""
    table = DOCUMENT.read_text(encoding="utf-8").partition("## Traps of backup logs")[2]
    lines = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith(("| Trap", "| ---"))]
    return [re.findall(r"`([\w/]+\.py)::(\w+)(?:\[([^]`]+)\])?`", line) for line in lines]


def test_every_trap_is_held_by_a_test_that_exists():
    lines = named_tests()
    assert len(lines) >= 20 and all(lines)
    for file, function, sample in {test for line in lines for test in line}:
        assert re.search(rf"^def {function}\(", (HERE / file).read_text(encoding="utf-8"), flags=re.M), function
        assert not sample or (HERE / "fixtures" / sample).is_file(), sample
