"""Every format against its fixtures: `tests/fixtures/<format>/<sample>.<ext>` beside `<sample>.expected.json`.

An expected file says `records`, `used`, `ignored` (reason to count), `rejected` (record_no and part of the reason),
`tables` (canonical rows without nulls and provenance, but with record_no), and if need be `options` (timezone, as_of,
catalog) and `export` (columns of the exports row to compare). `python -m tests.ingest.expect FILE` prints one.
"""

import pytest

from continuity_analysis.ingest.registry import formats
from tests.ingest.samples import FIXTURES, Sample, all_samples, outcome, plain, read_sample, samples_of

SAMPLES = list(all_samples())


@pytest.mark.parametrize("name", sorted(formats()))
def test_every_format_has_a_sample(name: str) -> None:
    folder = FIXTURES / name
    assert folder.is_dir() and samples_of(folder), f"{folder} holds no sample"


def test_every_fixture_folder_is_a_format() -> None:
    folders = {p.name for p in FIXTURES.iterdir() if p.is_dir()}
    assert folders <= set(formats())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.format}/{s.path.name}")
def test_sample_gives_the_expected_tables(sample: Sample) -> None:
    expected = sample.expected
    (reading,) = read_sample(sample.path, expected.get("options", {}))
    assert reading.format == sample.format, reading.reason
    got = outcome(reading)
    assert reading.records == reading.used + reading.ignored + reading.rejected
    for part in ("records", "used", "ignored"):
        assert got[part] == expected[part], part
    check_rejected(got["rejected"], expected["rejected"])
    assert sorted(got["tables"]) == sorted(expected["tables"])
    for name, rows in expected["tables"].items():
        assert canonical(got["tables"][name]) == canonical(rows), name
    for column, value in expected.get("export", {}).items():
        assert plain(reading.export[column]) == value, column


def check_rejected(got: list[dict], expected: list[dict]) -> None:
    """The same records are rejected, each for a reason that holds the expected words."""
    assert [r["record_no"] for r in got] == [r["record_no"] for r in expected], got
    for one, other in zip(got, expected, strict=True):
        assert other["reason"] in one["reason"]


def canonical(rows: list[dict]) -> list:
    """Rows in an order that does not depend on how they were written."""
    return sorted(rows, key=lambda row: sorted((k, str(v)) for k, v in row.items()))
