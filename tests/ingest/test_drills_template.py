"""The template and the page on drills: what a user copies is read without a reject, and every column is explained."""

import csv
import re
from pathlib import Path

from continuity_analysis.ingest.formats import drills_csv
from continuity_analysis.ingest.read import read_files

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEMPLATE = DOCS / "drills-template.csv"


def header() -> list[str]:
    with TEMPLATE.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def test_template_is_recognised_and_its_example_rows_are_passed_over() -> None:
    (reading,) = read_files([TEMPLATE])
    assert reading.format == "drills_csv"
    assert (reading.records, reading.ignored, reading.rejected) == (2, 2, 0)
    assert not reading.tables


def test_template_filled_in_is_used(tmp_path: Path) -> None:
    filled = tmp_path / "drills.csv"
    filled.write_text(TEMPLATE.read_text(encoding="utf-8").replace("EXAMPLE-", "our-drill-"), encoding="utf-8")
    (reading,) = read_files([filled])
    assert (reading.records, reading.used, reading.rejected) == (2, 2, 0)
    rows = reading.tables["recoveries"].to_pylist()
    assert [row["status"] for row in rows] == ["completed", "failed"]
    assert {row["scope"] for row in rows} == {"end_to_end"}


def test_every_column_is_in_the_template_and_explained_in_that_order() -> None:
    explained = re.findall(r"^\| `(\w+)` \|", (DOCS / "drills.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert explained == header()
    assert set(explained) == {*drills_csv.FIELDS, "scenario"}


def test_naive_times_without_a_stated_zone_are_refused(tmp_path: Path) -> None:
    drills = tmp_path / "drills.csv"
    drills.write_text(
        "drill_id,service,outcome,service_restored_at\n1,shop,completed,2026-07-01 10:00\n", encoding="utf-8"
    )
    (reading,) = read_files([drills])
    assert not reading.tables
    assert "zone" in reading.reason
