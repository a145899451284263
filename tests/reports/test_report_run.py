"""A run end to end: what is written, what a failure leaves, what is refused before anything runs."""

import json
from pathlib import Path

import nbformat
import pytest
from small_notebooks import LOGS, scorecard

import continuity_analysis
from continuity_analysis import questions
from continuity_analysis.errors import ContinuityError, InputError
from continuity_analysis.reports import results
from continuity_analysis.reports.run import RunOptions, run_reports
from continuity_analysis.reports.source import open_source
from continuity_analysis.store import ingest


def outputs(folder, name):
    executed = nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4)
    return [output for cell in executed.cells for output in cell.get("outputs", ())]


def test_it_writes_pages_deck_index_summary_and_executed_notebooks(run):
    result, _ = run
    there = {path.relative_to(result.folder).as_posix() for path in result.folder.rglob("*") if path.is_file()}
    names = ("review", "plain", "broken", "dying")
    expected = {f"{name}.{kind}" for name in names for kind in ("html", "pdf")} | {
        f"notebooks/{name}.ipynb" for name in names
    }
    records = {f".continuity/reports/{name}.json" for name in names}
    assert there == expected | records | {"index.html", "summary.json", "review.pptx"}
    assert result.index == result.folder / "index.html"


def test_a_failed_cell_fails_the_run_and_nothing_else(run):
    result, _ = run
    assert result.exit_code == 3
    assert result.failed == ("broken", "dying")
    failures = {report.name: report.failure for report in result.reports}
    assert failures["review"] is None
    assert failures["plain"] is None
    broken = failures["broken"]
    assert (broken.cell, broken.of, broken.heading) == (6, 8, "Second part")
    assert broken.error == "ZeroDivisionError: division by zero"
    assert "return 1 / x" in broken.source


def test_the_executed_notebook_of_a_failure_is_kept_as_far_as_it_came(run):
    folder = run[0].folder
    kinds = [output.output_type for output in outputs(folder, "broken")]
    assert kinds == ["stream", "error"]


def test_a_kernel_that_dies_is_a_failure_of_its_report_only(run):
    result, _ = run
    failure = next(report.failure for report in result.reports if report.name == "dying")
    assert failure.cell == 3
    assert "died" in failure.error
    assert outputs(result.folder, "dying")[0].text == "alive\n"


def test_everything_is_resolved_once_and_passed_where_it_is_known(run):
    folder = run[0].folder
    period, as_of, store = outputs(folder, "broken")[0].text.split()
    assert period == "2026Q3"
    assert as_of.endswith("+00:00")
    assert Path(store).is_absolute()
    assert outputs(folder, "plain")[1].text == "limit 5 []\n"


def test_notebooks_run_beside_themselves_with_the_package_that_runs_them(run, notebooks):
    package, place = outputs(run[0].folder, "plain")[0].text.splitlines()
    assert package == continuity_analysis.__file__
    assert place == str(notebooks)


def test_progress_is_told_cell_by_cell(run):
    _, told = run
    assert [done for name, done, of in told if name == "plain"] == [1, 2, 3, 4]
    assert {of for name, done, of in told if name == "plain"} == {4}


def test_summary_lists_reports_and_failures(run):
    result, _ = run
    summary = json.loads((result.folder / "summary.json").read_text())
    assert summary == result.summary
    reports = {report["name"]: report for report in summary["reports"]}
    assert reports["review"]["status"] == "done"
    assert reports["review"]["deck"] == "review.pptx"
    assert reports["broken"]["status"] == "failed"
    assert "cell 6 of 8" in reports["broken"]["error"]


def test_a_rerun_replaces_files_and_makes_what_was_asked_for(notebooks, tmp_path, monkeypatch):
    def failing(logs, period):
        raise ValueError("no numbers today")

    monkeypatch.setattr(questions, "scorecard", failing, raising=False)
    store, out = tmp_path / "store", tmp_path / "out"
    ingest(LOGS, store)
    for old in ("plain.html", "index.html", "summary.json", "notebooks/plain.ipynb"):
        results.write(out / old, "old")
    options = RunOptions(period="2026-07", store=store, out=out, formats=("html",), notebooks_dir=notebooks, jobs=1)
    result = run_reports(("plain",), options)
    assert result.failed == ("scorecard",)
    assert "no numbers today" in (out / "index.html").read_text()
    assert {path.name for path in out.iterdir()} == {
        "plain.html", "notebooks", "index.html", "summary.json", ".continuity",
    }  # fmt: skip
    assert json.loads((out / "summary.json").read_text())["services"] == []
    assert "old" not in [path.read_text() for path in out.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("names", "changed", "said"),
    [
        (("nothing",), {}, "broken, dying, plain, review"),
        ((), {"formats": ("docx",)}, "html, pdf, pptx"),
        ((), {"formats": ()}, "got none"),
        ((), {"jobs": 0}, "one job"),
        ((), {"parameters": {"colour": "red"}}, "colour"),
        ((), {"template": __file__}, "PowerPoint"),
        ((), {"store": "somewhere"}, "either --store or --logs"),
        ((), {"logs": None}, "either --store or --logs"),
        ((), {"logs": "no/such/folder"}, "no/such/folder"),
        ((), {"period": "next-year"}, "next-year"),
    ],
)
def test_wrong_use_is_refused_before_anything_runs(notebooks, tmp_path, names, changed, said):
    options = {"period": "2026Q3", "logs": LOGS, "out": tmp_path / "out", "notebooks_dir": notebooks} | changed
    with pytest.raises(ContinuityError, match=said):
        run_reports(names, RunOptions(**options))
    assert not (tmp_path / "out").exists()


def test_a_folder_without_notebooks_is_said(tmp_path):
    with pytest.raises(InputError, match="found none"):
        run_reports((), RunOptions(logs=LOGS, notebooks_dir=tmp_path))


def test_files_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    place = tmp_path / "page.html"
    results.write(place, "before")

    def full_disk(self, content):
        raise OSError("no space left")

    monkeypatch.setattr("pathlib.Path.write_bytes", full_disk)
    with pytest.raises(OSError, match="no space"):
        results.write(place, "after")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert place.read_text() == "before"


def test_a_store_is_read_as_it_stood_when_the_run_began(tmp_path):
    store = tmp_path / "store"
    ingest(LOGS, store)
    with open_source(period="2026Q3", store=store, as_of="2026-10-01") as source:
        place = source.parameters["store"]
        assert place != str(store)
        before = source.facts
        ingest(LOGS.parent / "atlas_flex_restore_jobs", store)
        with open_source(period="2026Q3", store=place, as_of="2026-10-01") as again:
            assert again.facts.files == before.files
    with open_source(period="2026Q3", store=store, as_of="2026-10-01") as later:
        assert later.facts.files > before.files


@pytest.mark.parametrize(("period", "passed"), [("2026Q3", "2026Q3"), ("last-quarter", "2026Q3"), ("90d", "/")])
def test_a_period_is_passed_by_its_name_or_its_ends(tmp_path, period, passed):
    with open_source(period=period, logs=LOGS, as_of="2026-10-15", timezone="Europe/Rome") as source:
        assert passed in source.parameters["period"]
        assert source.parameters["timezone"] == "Europe/Rome"
        assert source.parameters["as_of"] == "2026-10-14T22:00:00+00:00"


def test_the_made_up_scorecard_has_every_verdict():
    assert set(scorecard()["verdict"]) == {"BREACHED", "AT_RISK", "INSUFFICIENT", "NOT_SET"}
