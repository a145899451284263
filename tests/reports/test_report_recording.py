"""What a run said stays in its store, is shown beside what it says now, and never stands in the way of a report."""

import deltalake
import pandas as pd
import pytest
from lxml import html
from small_notebooks import FACTS, LOGS, PARAMETERS, code, save, scorecard

from continuity_analysis import questions
from continuity_analysis.logs import open_store
from continuity_analysis.reports import recording
from continuity_analysis.reports.fingerprints import file_digest
from continuity_analysis.reports.index import index_page
from continuity_analysis.reports.recording import NOT_KEPT, keep_verdicts
from continuity_analysis.reports.run import RunOptions, run_reports
from continuity_analysis.reports.source import open_source
from continuity_analysis.store import ingest


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store with a catalogue in it."""
    store = tmp_path_factory.mktemp("kept") / "store"
    ingest(LOGS, store, timezone="Europe/Rome")
    (store / "services.yaml").write_text("services: {}\n")
    return store


def keep(store, card, period="2026Q3"):
    with open_source(period=period, store=store) as source:
        return keep_verdicts(card, source=source, store=store)


def test_verdicts_are_kept_with_what_they_rest_on_and_shown_beside_the_present_ones(whole):
    before = pd.Timestamp.now("UTC")
    first = keep(whole, scorecard(2))
    assert first.history["judged_at"].isna().all()
    kept = open_store(whole).verdicts
    assert kept["verdict"].value_counts().to_dict() == {"BREACHED": 2, "AT_RISK": 2, "INSUFFICIENT": 2}
    assert kept["judged_at"].between(before.floor("us"), pd.Timestamp.now("UTC")).all()
    assert kept["catalog_id"].unique().tolist() == [file_digest(whole / "services.yaml")]
    assert set(kept["period"]) == {"2026Q3"} and (kept["observed_at"] == open_store(whole).as_of).all()

    improved = scorecard(2).assign(verdict=lambda f: f["verdict"].replace("BREACHED", "MET"))
    second = keep(whole, improved)
    pd.testing.assert_frame_equal(open_store(whole).verdicts.head(6), kept)
    now = second.history[second.history["judged_at"].isna()]
    assert now["before"].tolist() == ["BREACHED", "AT_RISK", "INSUFFICIENT"] * 2

    page = html.fromstring(index_page(FACTS, [], judged=second))
    (matrix,) = page.xpath("//div[@id='history-table']//table")
    rows = [[cell.text_content() for cell in row] for row in matrix.iterfind("tbody/tr")]
    assert rows[0] == ["service-0 (data at risk)", "At risk"]
    assert "Said otherwise by a later report: 2" in page.text_content()


def test_a_store_that_may_only_be_read_is_reported_on_all_the_same(whole, monkeypatch):
    def refused(*what, **how):
        raise OSError("Read-only file system")

    monkeypatch.setattr(deltalake, "write_deltalake", refused)
    before = len(open_store(whole).verdicts)
    judged = keep(whole, scorecard(1))
    assert judged.not_kept.startswith(f"{NOT_KEPT}. Expected to write verdicts of the store {whole}, got: Read-only")
    assert judged.not_kept in html.fromstring(index_page(FACTS, [], judged=judged)).text_content()
    assert len(open_store(whole).verdicts) == before


def test_logs_from_files_say_that_they_keep_no_history():
    with open_source(period="2026Q3", logs=LOGS, timezone="Europe/Rome") as source:
        judged = keep_verdicts(scorecard(1), source=source, store=None)
    assert (
        "logs read from files keep no history" in html.fromstring(index_page(FACTS, [], judged=judged)).text_content()
    )
    assert recording.keep_verdicts(None, "why", source=source, store=None).error == "why"


def test_a_run_keeps_what_it_said_once_and_a_run_with_nothing_new_adds_nothing(tmp_path, monkeypatch):
    store = tmp_path / "store"
    ingest(LOGS, store, timezone="Europe/Rome")
    monkeypatch.setattr(questions, "scorecard", lambda logs, period: scorecard(1), raising=False)
    notebooks = save(tmp_path / "notebooks", one=[code(PARAMETERS, tags=["parameters"]), code("print('here')")])
    options = RunOptions(
        period="2026Q3", store=store, out=tmp_path / "out", notebooks_dir=notebooks, formats=("html",), resume=True
    )
    assert run_reports((), options).remarks == ()
    assert run_reports((), options).unchanged == ("one",)
    assert len(open_store(store).verdicts) == 3
