"""What was read, what looks odd, what is missing: each found by hand in a handful of exports."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from continuity_analysis.catalog import read_catalog
from continuity_analysis.figures import data_quality as tables
from continuity_analysis.figures import records
from continuity_analysis.figures.sentences import quality_sentence
from continuity_analysis.ingest import clocks
from continuity_analysis.logs.gathering import rows_of
from continuity_analysis.logs.opening import make_logs
from continuity_analysis.questions import data_quality
from tests.exports_by_hand import incident, listing, reading, reject

WATCHED = {"covers_from_at": "2026-01-01", "covers_until_at": "2026-03-01"}
CATALOG = {
    "services": {
        "shop": {"components": ["web"], "objectives": {"rpo": "6h", "rto": "4h", "requests": "99%"}},
        "dark": {},
    }
}


def quality_of(*readings, catalog=CATALOG):
    rows, skipped = rows_of(list(readings))
    return data_quality(make_logs(rows, catalog=read_catalog(catalog), timezone=None, origin="here", skipped=skipped))


@pytest.fixture
def odd():
    odd = [
        {"incident_id": "late", "status": "resolved", "restored_at": "2025-12-31"},
        {"incident_id": "early", "status": "resolved", "restored_at": "2026-01-02", "detected_at": "2025-12-31"},
        {"incident_id": "endless", "status": "resolved"},
        {"incident_id": "old", "status": "open"},
        {"incident_id": "ticket", "status": "resolved", "restored_at": "2026-01-02", "restored_basis": "closure"},
        {"incident_id": "stranger", "component": "unheard-of"},
    ]
    return quality_of(
        reading(
            "a",
            "2026-03-01",
            incidents=odd,
            rejects=[reject("a")],
            about={**WATCHED, "timezone_assumed": "Europe/Rome"},
        ),
        listing("b", "2026-03-01", "one", complete=None),
    )


def test_every_oddity_is_counted_with_an_example(odd):
    found = odd["oddities"].set_index("what")
    expected = {
        "restored before it started": "late",
        "detected before it started": "early",
        "resolved, but no log says when": "endless",
        "open for more than 30 days": "old",
        "ended by the closure of its ticket": "ticket",
        "completed, but no log says when": "one",
        "the moment of its data is not stated": "one",
        "times without a zone, read as Europe/Rome": "a.json",
    }
    assert found["example"].to_dict() == expected
    assert (found["n"] == 1).all()
    assert found.loc["restored before it started", "share"] == pytest.approx(1 / 6)


def test_an_export_far_ahead_of_all_others_is_named():
    near = [reading(name, f"2026-0{i}-01", incidents=[incident(incident_id=name)]) for i, name in enumerate("abc", 1)]
    assert quality_of(*near)["oddities"]["what"].str.contains("after all others").sum() == 0
    found = quality_of(*near, reading("typo", "2099-01-01", incidents=[incident(incident_id="t")]))["oddities"]
    (row,) = found[found["what"].str.contains("after all others")].to_dict("records")
    assert (row["n"], row["example"]) == (1, "typo.json")


def test_what_is_missing_says_what_to_add(odd):
    missing = odd["missing"].set_index("missing")["examples"].to_dict()
    assert missing["services that no source watches"] == "dark"
    assert missing["services with a promise on requests, none counted"] == "shop"
    assert missing["services with an RPO and no backup seen"] == "shop"
    assert missing["services with an RTO and no recovery on record"] == "shop"
    assert missing["assets whose run times no export states"] == "db"
    assert missing["listings not declared complete"] == "vault"
    assert missing["services with incidents of unknown impact"] == "shop"
    assert odd["missing"]["add"].notna().all()


def test_files_rejects_and_strangers_are_listed(odd):
    files = odd["files"].set_index("file")
    assert (files["records"] == files["used"] + files["ignored"] + files["rejected"]).all()
    assert files.index[0] == "a.json"
    assert odd["rejects"]["n"].sum() == 1
    assert set(odd["unclaimed"]["name"]) == {"unheard-of", "db"}
    assert "1 rejected" in quality_sentence(odd)
    assert "2 components and assets are claimed by no service" in quality_sentence(odd)


def test_a_clean_set_has_no_oddity():
    good = incident("resolved", restored_at="2026-01-02", severity=1, acknowledged_at="2026-01-01T01:00Z")
    quality = quality_of(reading("a", "2026-03-01", incidents=[good], about=WATCHED), catalog=None)
    assert quality["oddities"].empty
    assert quality["rejects"].empty
    assert quality["missing"]["question"].to_list() == ["recovery_point", "recovery_time"]
    assert quality["missing"]["missing"].str.startswith("cannot be answered: no ").all()


def test_tables_stand_for_every_frame(odd):
    for made in (odd, quality_of(reading("a", "2026-03-01", incidents=[incident()]), catalog=None)):
        for name, rows in made.items():
            table = getattr(tables, f"{name}_table", None) or getattr(records, f"{name}_table")
            table = table(made)
            assert table.to_html().count("<tr>") == len(table.rows) + 1
            if name not in ("files", "stated"):
                assert len(table.rows) == len(rows)
    assert isinstance(made["files"], pd.DataFrame)


def test_what_was_read_more_than_once_and_which_counts():
    first = reading("a", "2026-01-02", incidents=[incident(), incident(incident_id="P2")])
    later = reading("b", "2026-01-03", incidents=[incident("resolved"), incident("resolved", incident_id="P3")])
    again = reading("c", "2026-01-03", incidents=[incident(incident_id="P9"), incident(incident_id="P9")])
    told = reading("d", "2026-01-03", kind="events", about={"format": "pager_log"}, incidents=[incident(), incident()])
    once = reading("e", "2026-01-03", changes=[{"change_id": "C"}])
    found = quality_of(first, later, again, told, once)["repeats"].to_dict("records")
    common = {"table": "incidents"}
    assert found == [
        common | {"format": "pager_list", "rows": 6, "keys": 4, "in_several": 1, "within_one": 1}
        | {"what_counts": "the newest"},
        common | {"format": "pager_log", "rows": 2, "keys": 1, "in_several": 0, "within_one": 1}
        | {"what_counts": "all, joined column by column"},
    ]  # fmt: skip


def test_a_file_that_stands_there_twice_is_named():
    one = reading("a", "2026-01-02", incidents=[incident()])
    copy = replace(one, file="copy.json")
    assert quality_of(one, copy)["unread"].to_dict("records") == [
        {"reason": "same content as another file", "n": 1, "example": "copy.json"}
    ]


def test_local_times_and_what_clock_changes_did_to_them():
    counts = json.dumps({clocks.TWICE: 2, clocks.NEVER: 1})
    about = {"timezone_assumed": "Europe/Rome", "clock_oddities": counts}
    local = [
        reading("a", "2026-01-02", about=about),
        reading("b", "2026-01-02", about={"timezone_assumed": "Asia/Tokyo"}),
    ]
    found = quality_of(*local, reading("c", "2026-01-02"))["local_times"]
    assert found.to_dict("records") == [
        {"format": "pager_list", "zone": "Asia/Tokyo", "n": 1, "twice": 0, "never": 0},
        {"format": "pager_list", "zone": "Europe/Rome", "n": 1, "twice": 2, "never": 1},
    ]


def test_what_ended_and_what_did_not():
    rows = [
        {"incident_id": "1", "status": "resolved", "restored_at": "2026-01-02"},
        {"incident_id": "2", "status": "resolved", "closed_at": "2026-01-02"},
        {"incident_id": "3", "status": "resolved"},
        {"incident_id": "4", "status": "open"},
        {"incident_id": "5", "status": "cancelled"},
        {"incident_id": "6"},
    ]
    backups = [{"backup_id": "1", "status": "running"}, {"backup_id": "2", "status": "failed"}]
    found = quality_of(reading("a", "2026-03-01", incidents=rows, backups=backups))["endings"].set_index("table")
    assert found.loc["incidents"].to_dict() == {
        "product": "pager", "n": 6, "ended": 2, "no_moment": 1, "going_on": 1, "other": 1, "unknown": 1,
    }  # fmt: skip
    assert found.loc["backups", ["ended", "no_moment", "going_on"]].to_list() == [0, 1, 1]


def test_what_the_records_never_state():
    backups = [{"backup_id": "1", "started_at": "2026-01-01"}, {"backup_id": "2", "finished_at": "2026-01-02"}]
    quality = quality_of(reading("a", "2026-03-01", backups=backups))
    counts = quality["stated"].set_index("column")["n_stated"]
    assert counts[["status", "started_at", "finished_at", "size_bytes"]].to_list() == [0, 1, 1, 0]
    (row,) = records.stated_table(quality).rows
    assert row == ("backups", "pager", "2", "", "started (1), finished (1)", "status, recovery point, size, verified")
    assert "assets whose outcomes no export states" in quality["missing"]["missing"].to_list()


def test_listings_and_the_gaps_between_them():
    quality = quality_of(
        listing("a", "2026-02-01", "one"), listing("b", "2026-02-08", "one", "two"), listing("c", "2026-02-09", "two"),
        listing("d", "2026-02-09", "three", scope="other", complete=None),
    )  # fmt: skip
    found = quality["listings"].set_index("scope")
    assert found.loc["vault", ["n", "longest_gap_hours", "complete", "n_backups"]].to_list() == [3, 168, 3, 2]
    assert found.loc["other", ["n", "complete", "n_backups"]].to_list() == [1, 0, 1]
    assert pd.isna(found.loc["other", "longest_gap_hours"])


def test_what_begins_after_its_own_export_is_left_out_and_named():
    rows = [
        incident(incident_id="typo", started_at="2062-01-01"),
        incident(incident_id="skew", started_at="2026-03-01"),
    ]
    rows += [incident("scheduled", incident_id="plan", started_at="2026-04-01", scheduled_from_at="2026-04-01")]
    quality = quality_of(reading("a", "2026-03-01", incidents=rows))
    (row,) = quality["oddities"][quality["oddities"]["what"] == "begins after its own export was made"].to_dict(
        "records"
    )
    assert (row["table"], row["n"], row["example"]) == ("incidents", 1, "typo")


def test_of_nothing_every_question_is_said_to_be_unanswerable():
    made = quality_of(reading("a", "2026-01-02"), catalog=None)
    assert made["missing"]["question"].to_list() == ["availability", "restoration", "recovery_point", "recovery_time"]
    for name in made:
        table = getattr(tables, f"{name}_table", None) or getattr(records, f"{name}_table")
        assert table(made).caption
