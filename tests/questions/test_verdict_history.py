"""The history of verdicts: as each report saw it, whatever the objectives, the catalogue or the logs became since."""

import numpy as np
import pandas as pd
import pytest

from continuity_analysis.logs import open_store
from continuity_analysis.periods import read_period
from continuity_analysis.questions import scorecard, verdict_history
from continuity_analysis.questions.verdict_history import judgements, with_present
from continuity_analysis.store import write_readings, write_verdicts
from tests.exports_by_hand import moment, reading


def catalogue(hours):
    objectives = {"restore": {"within": f"{hours}h", "for": "50%"}}
    return {"services": {"shop": {"components": ["web"], "objectives": objectives}}}


def disruptions(month, hours, number=12):
    """Incidents of one month, each of so many hours, one a day."""
    begins = [pd.Timestamp(f"2026-{month:02d}-{day:02d}", tz="UTC") for day in range(1, number + 1)]
    return [
        {
            "incident_id": f"{month}-{begin.day}",
            "component": "web",
            "kind": "incident",
            "status": "resolved",
            "started_at": begin.isoformat(),
            "restored_at": (begin + pd.Timedelta(hours=hours)).isoformat(),
        }
        for begin in begins
    ]


def report(store, period, hours, at):
    """What `continuity report` keeps, made at a moment by the clock."""
    logs = open_store(store, catalog=catalogue(hours))
    window = read_period(period, as_of=logs.as_of)
    rows = judgements(scorecard(logs, window), window, as_of=logs.as_of)
    write_verdicts(store, rows.assign(judged_at=moment(at), catalog_id=f"{hours} hours"))


def said(history):
    columns = ["period", "judged_at", "target", "verdict", "before", "newest"]
    rows = history[history["objective"] == "restore"][columns]
    return [
        (r.period, f"{r.judged_at:%m-%d}" if pd.notna(r.judged_at) else "now", r.target / 3600, r.verdict,
         None if pd.isna(r.before) else r.before, bool(r.newest)) for r in rows.itertuples()
    ]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Q2 reported, objectives edited, more logs ingested, Q3 and Q2 reported."""
    place = tmp_path_factory.mktemp("store") / "store"
    write_readings([reading("a", "2026-07-01", incidents=disruptions(5, 3))], place, now="2026-07-01")
    report(place, "2026Q2", 4, "2026-07-02")
    write_readings([reading("b", "2026-10-01", incidents=disruptions(8, 1))], place, now="2026-10-01")
    report(place, "2026Q3", 2, "2026-10-02")
    report(place, "2026Q2", 2, "2026-10-03")
    return place


def test_an_old_verdict_stays_when_objectives_are_edited_and_the_new_one_stands_beside_it(store):
    logs = open_store(store, catalog=catalogue(2))
    history = verdict_history(logs)
    assert said(history) == [
        ("2026Q2", "07-02", 4, "MET", None, False),
        ("2026Q2", "10-03", 2, "BREACHED", "MET", True),
        ("2026Q3", "10-02", 2, "MET", None, True),
    ]
    revised = history[history["differs"].notna()]
    assert revised["differs"].tolist() == ["target, services.yaml, moment it speaks of"]
    assert history["n"].tolist() == [12, 12, 12]
    assert (history["version"].notna() & history["reason"].notna()).all()


def test_what_was_known_at_a_moment_is_what_reports_had_said_by_then(store):
    early = open_store(store, known_at="2026-10-02", catalog=catalogue(1))
    assert said(verdict_history(early)) == [
        ("2026Q2", "07-02", 4, "MET", None, True),
        ("2026Q3", "10-02", 2, "MET", None, True),
    ]
    assert said(verdict_history(open_store(store, as_of="2026-07-01", catalog={}))) == [
        ("2026Q2", "07-02", 4, "MET", None, True)
    ]


def test_the_present_verdict_stands_last_and_is_not_yet_on_record(store):
    logs = open_store(store, catalog=catalogue(0.5))
    history = verdict_history(logs, "2026Q3")
    assert said(history)[2:] == [("2026Q3", "10-02", 2, "MET", None, False),
                                 ("2026Q3", "now", 0.5, "BREACHED", "MET", True)]  # fmt: skip
    assert len(open_store(store).verdicts) == 3
    month = history.tail(1).assign(period_from_at=moment("2026-08-01"), period_until_at=moment("2026-09-01"))
    assert len(with_present(logs.verdicts, month)) == 1  # quarters are not beside months


def test_without_a_history_there_is_only_the_present_and_without_objectives_nothing(store):
    none = open_store(store, known_at="2026-06-01", catalog={})
    first = verdict_history(open_store(store)).head(1)
    assert verdict_history(none).empty
    assert with_present(none.verdicts, first.head(0)).empty
    history = with_present(none.verdicts, first.assign(judged_at=first["judged_at"].where([False])))
    assert said(history) == [("2026Q2", "now", 4, "MET", None, True)]


def test_an_old_report_made_again_is_no_newer_word_on_its_period():
    """Judged half-way, at the end, and then once more as of half-way."""
    ends = {"period": "2026Q2", "period_from_at": moment("2026-04-01"), "period_until_at": moment("2026-07-01")}
    spoken, made = ("2026-05-15", "2026-07-01", "2026-05-15"), ("2026-05-15", "2026-07-02", "2026-07-09")
    rows = pd.DataFrame(ends, index=range(3)).assign(
        service="shop", objective="rpo", verdict=["AT_RISK", "BREACHED", "AT_RISK"], target=1.0,
        judged_at=[moment(m) for m in made], observed_at=[moment(m) for m in spoken],
    )  # fmt: skip
    history = with_present(rows)
    assert history["verdict"].tolist() == ["AT_RISK", "AT_RISK", "BREACHED"]
    assert history["newest"].tolist() == [False, False, True]
    assert history["differs"].dropna().tolist() == ["moment it speaks of"]


def test_what_differs_is_named_only_where_the_verdict_does_and_something_is_known():
    one = {"period": "2026Q2", "period_from_at": moment("2026-04-01"), "period_until_at": moment("2026-07-01")}
    one |= {"service": "shop", "objective": "rpo", "target": 1.0, "observed_at": moment("2026-07-01"), "version": "1"}
    days = {"2026-07-02": ("MET", None), "2026-07-03": ("BREACHED", None), "2026-07-04": ("BREACHED", "x"),
            "2026-07-05": ("MET", "y")}  # fmt: skip
    rows = [one | {"judged_at": moment(d), "verdict": v, "catalog_id": c} for d, (v, c) in days.items()]
    history = with_present(pd.DataFrame(rows))
    assert history["differs"].fillna("same").tolist() == ["same", "what the logs say", "same", "services.yaml"]
    assert history["newest"].tolist() == [False, False, False, True]
    assert np.array_equal(history["before"].fillna("none"), ["none", "MET", "BREACHED", "BREACHED"])
