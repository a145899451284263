"""Resuming: what is unchanged is not run again, and whatever a report depends on makes it run again."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from small_notebooks import FACTS, LOGS, PARAMETERS, code, save, text

from continuity_analysis.reports import fingerprints
from continuity_analysis.reports.fingerprints import inputs_fingerprint, notebook_fingerprint, run_fingerprint
from continuity_analysis.reports.records import keep_report, unchanged_report
from continuity_analysis.reports.results import ReportResult, write
from continuity_analysis.reports.run import RunOptions, run_reports
from continuity_analysis.store import compact, ingest

COUNTED = (
    "from pathlib import Path\nplace = Path('{}')\nplace.write_text(place.read_text() + 'x' if place.exists() else 'x')"
)


@pytest.fixture
def project(tmp_path):
    """Two notebooks that count how often they ran, one of which fails until it is told not to."""
    counts = {name: tmp_path / name for name in ("steady", "shaky")}
    trouble = tmp_path / "trouble"
    trouble.write_text("")
    cells = {name: [code(PARAMETERS, tags=["parameters"]), code(COUNTED.format(p))] for name, p in counts.items()}
    cells["shaky"].append(code(f"assert not Path('{trouble}').exists()"))
    notebooks = save(tmp_path / "notebooks", **cells)
    out = tmp_path / "out"
    options = RunOptions("2026Q3", logs=LOGS, out=out, formats=("html",), notebooks_dir=notebooks, resume=True)

    def ran():
        return {name: len(p.read_text()) if p.exists() else 0 for name, p in counts.items()}

    return options, ran, trouble


def test_only_what_failed_or_changed_is_run_again(project, monkeypatch):
    options, ran, trouble = project
    first = run_reports((), options)
    assert (first.failed, first.unchanged, ran()) == (("shaky",), (), {"steady": 1, "shaky": 1})
    trouble.unlink()
    second = run_reports((), options)
    assert (second.failed, second.unchanged, ran()) == ((), ("steady",), {"steady": 1, "shaky": 2})
    written = {p: p.stat().st_mtime_ns for p in options.out.rglob("*") if p.is_file()}
    monkeypatch.setattr("continuity_analysis.reports.run._anew", None)  # nothing is read, no kernel is started
    third = run_reports((), options)
    assert (third.unchanged, ran()) == (("shaky", "steady"), {"steady": 1, "shaky": 2})
    assert third.summary == second.summary
    assert third.reports == second.reports
    assert third.about == second.about
    assert written == {p: p.stat().st_mtime_ns for p in options.out.rglob("*") if p.is_file()}
    monkeypatch.undo()
    page = options.out / "steady.html"
    page.write_text("tampered")
    assert run_reports((), options).unchanged == ("shaky",)
    assert "tampered" not in page.read_text()
    assert run_reports((), replace(options, resume=False)).unchanged == ()
    assert ran() == {"steady": 3, "shaky": 3}


def fingerprint(options):
    notebooks = {p.stem: p for p in sorted(Path(options.notebooks_dir).glob("*.ipynb"))}
    return run_fingerprint(notebooks, options, inputs=inputs_fingerprint(options))


@pytest.fixture
def given(tmp_path):
    logs = shutil.copytree(LOGS, tmp_path / "logs")
    catalog, template = tmp_path / "services.yaml", tmp_path / "look.pptx"
    catalog.write_text("timezone: UTC\n")
    template.write_bytes(b"slides")
    notebooks = save(tmp_path / "notebooks", one=[text("# One"), code("1")])
    (notebooks / "table.csv").write_text("a\n")
    return RunOptions("2026Q3", logs=logs, catalog=catalog, template=template, notebooks_dir=notebooks)


CHANGES = {
    "a log": lambda o: next(p for p in o.logs.rglob("*") if p.is_file()).write_bytes(b"other"),
    "one more log": lambda o: (o.logs / "more.json").write_text("{}"),
    "the catalogue": lambda o: o.catalog.write_text("timezone: Europe/Rome\n"),
    "the template": lambda o: o.template.write_bytes(b"other slides"),
    "a cell": lambda o: save(o.notebooks_dir, one=[text("# One"), code("2")]),
    "a file beside": lambda o: (o.notebooks_dir / "table.csv").write_text("a\nb\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_run_reads_is_in_its_fingerprint(given, change):
    before = fingerprint(given)
    assert fingerprint(given) == before
    CHANGES[change](given)
    assert fingerprint(given) != before


@pytest.mark.parametrize(
    "changed",
    [
        {"period": "2026Q2"},
        {"as_of": "2026-10-02"},
        {"timezone": "Europe/Rome"},
        {"formats": ("html",)},
        {"parameters": {"limit": "4"}},
        {"keep": 3},
        {"catalog": None},
        {"template": None},
    ],
)
def test_whatever_is_asked_is_in_its_fingerprint(given, changed):
    assert fingerprint(replace(given, **changed)) != fingerprint(given)


def test_the_program_and_what_is_installed_are_in_its_fingerprint(given, tmp_path, monkeypatch):
    before = fingerprint(given)
    (tmp_path / "newer" / "pandas-9.9.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "newer"))
    fingerprints.program_fingerprint.cache_clear()
    other = fingerprint(given)
    monkeypatch.undo()
    fingerprints.program_fingerprint.cache_clear()
    assert other != before == fingerprint(given)


def test_a_store_counts_by_what_it_holds(tmp_path, given):
    store = tmp_path / "store"
    ingest(LOGS, store)
    options = replace(given, logs=None, store=store)
    before = fingerprint(options)
    by_url = inputs_fingerprint(replace(options, store=store.as_uri()))
    ingest(LOGS, store)  # all of it is there already
    assert fingerprint(options) == before
    ingest(LOGS.parent / "atlas_flex_restore_jobs", store)
    assert fingerprint(options) != before
    assert inputs_fingerprint(replace(options, store=store.as_uri())) != by_url
    compact(store)
    assert fingerprint(options) == fingerprint(options)


def test_a_report_counts_by_its_parameters_and_facts(given):
    path = given.notebooks_dir / "one.ipynb"
    about = {"facts": FACTS, "inputs": "x"}
    first = notebook_fingerprint(path, {"store": "/tmp/a", "limit": 3}, **about)
    assert notebook_fingerprint(path, {"store": "/tmp/b", "limit": 3}, **about) == first  # a store of one run only
    assert notebook_fingerprint(path, {"store": "/tmp/a", "limit": 4}, **about) != first
    assert notebook_fingerprint(path, {"store": "/tmp/a", "limit": "3"}, **about) != first
    assert notebook_fingerprint(path, {"store": "/tmp/a", "limit": 3}, facts=FACTS, inputs="y") != first
    assert notebook_fingerprint(path, {"limit": 3}, facts=replace(FACTS, rejected=4), inputs="x") != first


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", json.dumps({"fingerprint": "f"}), "null"])
def test_a_record_that_cannot_be_read_is_none(tmp_path, content):
    report = ReportResult("one", "One", "", "notebooks/one.ipynb")
    write(tmp_path / "notebooks" / "one.ipynb", "{}")
    keep_report(tmp_path, report, fingerprint="f")
    assert unchanged_report(tmp_path, "one", fingerprint="f") == report
    assert unchanged_report(tmp_path, "one", fingerprint="g") is None
    (tmp_path / ".continuity" / "reports" / "one.json").write_text(content)
    assert unchanged_report(tmp_path, "one", fingerprint="f") is None
