"""Every format against its fixtures: `tests/fixtures/<format>/<sample>.<ext>` beside `<sample>.expected.json`.

An expected file says `records`, `used`, `ignored` (reason to count), `rejected` (record_no and part of the reason),
`tables` (canonical rows without nulls and provenance, but with record_no), and if need be `options` (timezone, as_of,
catalog) and `export` (columns of the exports row to compare). `python -m tests.ingest.expect FILE` prints one.
"""

from pathlib import Path

import pytest

from continuity_analysis.ingest.files import list_files, make_plain
from continuity_analysis.ingest.heads import Head, read_head
from continuity_analysis.ingest.registry import formats, recognise
from tests.ingest.samples import FIXTURES, Sample, all_samples, differences, read_sample, samples_of

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
    assert reading.records == reading.used + reading.ignored + reading.rejected
    assert not differences(reading, expected)


@pytest.mark.parametrize("folder", sorted({s.format for s in SAMPLES}))
def test_no_two_formats_claim_a_file(folder: str, tmp_path: Path) -> None:
    for file in list_files([FIXTURES / folder]):
        head = read_head(make_plain(file, tmp_path))
        if isinstance(head, Head):
            reason = recognise(head)[1] or ""
            assert not reason.startswith("claimed by"), f"{file.name}: {reason}"
