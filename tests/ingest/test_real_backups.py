"""Real backup and restore exports, where they lie beside the project: read without a reject, same numbers as pandas."""

import json
from pathlib import Path

import pandas as pd
import pytest

from continuity_analysis.ingest.read import Reading, read_files

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "backups"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real logs are not part of the project")


def read_one(name: str) -> Reading:
    (reading,) = read_files([REAL / name])
    return reading


@pytest.mark.parametrize("product", ["atlas", "restic", "pgbackrest", "velero"])
def test_nothing_is_rejected(product: str) -> None:
    readings = [r for r in read_files([REAL / product]) if r.format]
    assert readings or product == "velero"
    for reading in readings:
        assert reading.rejected == 0, reading.file
        assert reading.records == reading.used + reading.ignored, reading.file


def test_flex_restore_jobs_take_as_long_as_pandas_says() -> None:
    name = "atlas/flex_restoreJobs_list_page1.json"
    jobs = pd.DataFrame(json.loads((REAL / name).read_text(encoding="utf-8"))["results"])
    wanted = pd.to_datetime(jobs["restoreFinishedDate"]) - pd.to_datetime(jobs["restoreScheduledDate"])
    rows = read_one(name).tables["recoveries"].to_pandas()
    got = rows["finished_at"] - rows["started_at"]
    assert (len(got), got.median(), got.max()) == (len(wanted), wanted.median(), wanted.max())
    assert (rows["status"] == "completed").sum() == (jobs["status"] == "COMPLETED").sum()


@pytest.mark.parametrize(
    ("name", "table", "end", "rows", "seconds"),
    [
        ("atlas/history_dedicated_restoreJobs.ndjson", "recoveries", "finished_at", 74, (186, 230, 316)),
        ("atlas/history_dedicated_snapshots.ndjson", "backups", "recovery_point_at", 222, (35, 101.5, 454)),
    ],
)
def test_dedicated_clusters_begin_with_the_second_in_the_id(name, table, end, rows, seconds) -> None:
    frame = read_one(name).tables[table].to_pandas()
    took = (frame[end] - frame["started_at"]).dt.total_seconds()
    assert (len(frame), (took.min(), took.median(), took.max())) == (rows, seconds)
