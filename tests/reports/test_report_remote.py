"""A run kept at a URL: copied there whole, resumed from there, and its old runs removed there."""

import pytest
from small_notebooks import LOGS, PARAMETERS, code, save, scorecard

from continuity_analysis import questions
from continuity_analysis.errors import InputError
from continuity_analysis.reports.options import RunOptions
from continuity_analysis.reports.remote import local_folder
from continuity_analysis.reports.run import run_reports
from continuity_analysis.reports.telling import Telling, run_and_tell

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def memory():
    system = fsspec.filesystem("memory")
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


def test_a_run_goes_to_a_url_and_is_resumed_from_there(memory, tmp_path, monkeypatch):
    monkeypatch.setattr(questions, "scorecard", lambda logs, period: scorecard(), raising=False)
    notebooks = save(tmp_path / "notebooks", one=[code(PARAMETERS, tags=["parameters"])])
    about = {"logs": LOGS, "notebooks_dir": notebooks, "formats": ("html",), "resume": True, "keep": 1}
    about |= {"out": "memory://bucket/reports", "as_of": "2026-10-01"}
    told = run_and_tell((), RunOptions("2026Q3", **about), Telling())
    assert told.place == "memory://bucket/reports/2026Q3_as-of_2026-10-01T000000Z"
    there = {name.removeprefix("/bucket/reports/") for name in memory.find("bucket")}
    inner = "2026Q3_as-of_2026-10-01T000000Z"
    files = ("index.html", "one.html", "summary.json", "notebooks/one.ipynb", ".continuity/reports/one.json")
    assert there == {"index.html", ".continuity/run.json", *(f"{inner}/{file}" for file in files)}
    assert run_and_tell((), RunOptions("2026Q3", **about), Telling()).result.unchanged == ("one",)
    run_and_tell((), RunOptions("2026Q2", **about), Telling())
    assert {name.split("/")[3] for name in memory.find("bucket")} == {
        "index.html", ".continuity", "2026Q2_as-of_2026-10-01T000000Z",
    }  # fmt: skip


def test_only_what_is_new_or_other_is_written(memory, tmp_path):
    url = "memory://bucket/out"
    with local_folder(url, with_earlier=True) as folder:
        for name in ("same", "other", "gone"):
            (folder / name).write_text(name)
    written = {name: memory.modified(f"bucket/out/{name}") for name in ("same", "other")}
    with local_folder(url, with_earlier=True) as folder:
        assert (folder / "same").read_text() == "same"
        (folder / "other").write_text("changed")
        (folder / "gone").unlink()
    assert [name.rpartition("/")[2] for name in memory.find("bucket")] == ["other", "same"]
    assert memory.modified("bucket/out/same") == written["same"]
    assert memory.cat("bucket/out/other") == b"changed"


def test_what_is_there_stays_where_it_is_not_needed(memory):
    memory.pipe("bucket/out/mine", b"1")
    with local_folder("memory://bucket/out", with_earlier=False) as folder:
        assert list(folder.iterdir()) == []
        (folder / "page").write_text("2")
    assert memory.cat("bucket/out/mine") == b"1"


@pytest.mark.parametrize("url", ["nonsense://x", "s3://bucket/x"])
def test_a_url_that_cannot_be_used_is_said(url):
    if url.startswith("s3"):
        try:
            import s3fs  # noqa: F401
        except ImportError:
            pass
        else:
            pytest.skip("s3fs is installed here")
    with pytest.raises(InputError, match=f"Expected to read and write {url}"), local_folder(url, with_earlier=True):
        pass


def test_the_function_takes_folders_only(tmp_path):
    with pytest.raises(InputError, match="--out takes a URL"):
        run_reports((), RunOptions(logs=LOGS, out="memory://bucket/out"))
