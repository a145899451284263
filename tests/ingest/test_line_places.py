"""Lines of a big file had by number: those that a slow reader finds, or none where numbers say nothing of places."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.ingest import line_places
from continuity_analysis.ingest.line_places import picked_lines

LINES = st.lists(st.binary(min_size=0, max_size=12).map(lambda b: b.replace(b"\n", b"x")), min_size=1, max_size=40)


@given(LINES, st.booleans(), st.data())
@settings(derandomize=True, deadline=None, max_examples=100)
def test_they_are_those_of_a_slow_reader(tmp_path_factory, lines, ended, data):
    path = tmp_path_factory.mktemp("places") / "lines"
    path.write_bytes(b"\n".join(lines) + b"\n" * ended or b"\n")
    slow = path.read_bytes().split(b"\n")
    slow = [line + b"\n" for line in slow[:-1]] + ([slow[-1]] if slow[-1] else [])
    wanted = sorted(data.draw(st.sets(st.integers(1, len(slow)), min_size=1)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_places, "_BLOCK", 7)
        found = picked_lines(path, wanted, of=len(slow))
    assert found == [(n, slow[n - 1]) for n in wanted]


@pytest.mark.parametrize("text", [b"{}\n\n{}\n", b"\n{}\n{}", b"{}\n{}\n  \n"])
def test_with_blank_lines_numbers_say_nothing_of_places(tmp_path: Path, text):
    (tmp_path / "lines").write_bytes(text)
    assert picked_lines(tmp_path / "lines", [2], of=2) is None
