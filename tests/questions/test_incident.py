"""All that is known of one incident: its moments, what counts, its rows and where they stand."""

import pytest
from logs_in_hand import make_logs

import continuity_analysis as ca
from continuity_analysis.errors import InputError

ROWS = [
    {"incident_id": "A", "component": "shop", "started_at": "2026-07-01 00:00", "detected_at": "2026-07-01 00:02",
     "restored_at": "2026-07-01 01:00", "title": "down <b>", "severity": 1, "export_id": "e9"},
    {"incident_id": "A", "component": "pay", "started_at": "2026-07-01 00:00", "restored_at": "2026-07-01 02:00"},
    {"incident_id": "B", "component": "shop", "started_at": "2026-07-02 00:00", "status": "open"},
    {"incident_id": "B", "component": "shop", "started_at": "2026-07-02 00:00", "status": "cancelled",
     "product": "page", "format": "page_incidents"},
]  # fmt: skip
STATES = [
    {"component": "shop", "from_at": "2026-07-01 00:00", "state": "down", "incident_id": "B"},
    {"component": "shop", "from_at": "2026-07-03 00:00", "state": "down"},
]
EXPORTS = [{"export_id": "e1", "origin": "pager/a.json"}, {"export_id": "e9", "origin": "pager/b.json"}]


def logs_of(**how):
    return make_logs(as_of="2026-07-10", incidents=ROWS, states=STATES, exports=EXPORTS, **how)


def test_its_moments_stand_in_order_and_components_that_say_the_same_are_joined():
    found = ca.incident(logs_of(), "A")
    assert found.moments[["moment", "component", "since_start_hours"]].to_numpy().tolist() == [
        ["started", "pay, shop", 0.0], ["detected", "shop", pytest.approx(1 / 30)], ["restored", "shop", 1.0],
        ["restored", "pay", 2.0],
    ]  # fmt: skip


def test_it_says_per_service_what_counts_and_why_not():
    assert ca.incident(logs_of(), "A").verdicts == ["shop: restored after 1 h.", "pay: restored after 2 h."]
    assert ca.incident(logs_of(), "B", product="pager").verdicts == ["shop: still open after 8 d."]
    said = ca.incident(logs_of(), "B", product="page").verdicts
    assert said == ["shop: does not count in the durations, cancelled."]
    nobody = logs_of(catalog={"services": {"other": {"components": ["other"]}}})
    assert ca.incident(nobody, "A").verdicts == [
        "No service of the catalogue claims what it disrupted, so it counts nowhere."
    ]


def test_a_correction_is_said_beside_what_the_log_says():
    catalog = {"corrections": [{"incident": "A", "restored_at": "2026-07-01T00:30Z", "because": "closed late"}]}
    found = ca.incident(logs_of(catalog=catalog), "A")
    assert found.verdicts[0] == "shop: restored after 30 min; corrected: closed late."
    assert found.rows["incidents"]["restored_at"].dt.hour.tolist() == [1, 2]
    excluded = {"corrections": [{"incident": "A", "exclude": True, "because": "a drill"}]}
    said = ca.incident(logs_of(catalog=excluded), "A").verdicts[0]
    assert said == "shop: does not count in the durations, excluded by a correction; corrected: a drill."


def test_its_rows_of_every_table_and_the_files_they_stand_in():
    found = ca.incident(logs_of(), "A")
    assert {name: len(rows) for name, rows in found.rows.items()} == {"incidents": 2}
    assert found.sources[["origin", "record_no"]].to_numpy().tolist() == [["pager/b.json", 1], ["pager/a.json", 2]]
    assert set(ca.incident(logs_of(), "B", product="page").rows) == {"incidents", "states"}


def test_it_prints_well():
    found = ca.incident(logs_of(), "A")
    assert repr(found).startswith("down <b> (pager A)\nshop: restored after 1 h.")
    shown = found._repr_html_()
    assert "<h4>down &lt;b&gt; (pager A)</h4>" in shown and "pager/b.json" in shown
    assert "detected_at" in shown and "mitigated_at" not in shown  # what none of the rows states is left out


def test_which_incident_is_meant_must_be_clear():
    with pytest.raises(InputError, match=r"of a row of logs.incidents, got 'Z': there is none"):
        ca.incident(logs_of(), "Z")
    with pytest.raises(InputError, match=r"Expected one incident, got 'B' of page, pager: say which product="):
        ca.incident(logs_of(), "B")
    with pytest.raises(InputError, match="Expected a product that has 'A', pager, got 'page'"):
        ca.incident(logs_of(), "A", product="page")
