"""What was read, what looks odd, what is missing: each found by hand in a handful of exports."""

import pandas as pd
import pytest

from continuity_analysis.catalog import read_catalog
from continuity_analysis.figures import data_quality as tables
from continuity_analysis.figures.sentences import quality_sentence
from continuity_analysis.logs.opening import _rows_of, make_logs
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
    rows, skipped = _rows_of(list(readings))
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
    assert quality["missing"].empty


def test_tables_stand_for_every_frame(odd):
    for made in (odd, quality_of(reading("a", "2026-03-01", incidents=[incident()]), catalog=None)):
        for name, rows in made.items():
            table = getattr(tables, f"{name}_table")(made)
            assert table.to_html().count("<tr>") == len(table.rows) + 1
            if name not in ("files",):
                assert len(table.rows) == len(rows)
    assert isinstance(made["files"], pd.DataFrame)
