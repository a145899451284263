import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs_in_hand import make_logs

from continuity_analysis.errors import CatalogError
from continuity_analysis.questions import availability, downtime

DAY = "2026-07-01/2026-07-02"
WATCHED = {"covers_from_at": "2026-06-01", "covers_until_at": "2026-08-01"}
QUICK = settings(max_examples=12, deadline=None, derandomize=True)  # of seven services each


def one(logs, period=DAY, service="web"):
    return availability(logs, period).set_index("service").loc[service]


def logs_of(*incidents, catalog=None, exports=(WATCHED,), as_of="2026-08-01", **more):
    since = {"services": {"web": {"in_service_since": "2026-06-01", "watched_by": ["pager"]}}}
    return make_logs(as_of=as_of, catalog=catalog or since, incidents=list(incidents), exports=list(exports), **more)


def incident(start, end=None, **more):
    stamp = {"started_at": f"2026-07-01T{start}"} | ({"restored_at": f"2026-07-01T{end}"} if end else {})
    return stamp | {"impact": 1.0, "status": "resolved" if end else "open"} | more


def test_overlaps_count_once_and_planned_work_adds_only_what_is_not_down_already():
    found = one(
        logs_of(
            incident("02:00", "05:00"),
            incident("04:00", "06:00", component="web", impact=0.5),
            incident("05:30", "08:00", planned=True, impact=1.0),
        )
    )
    assert found["unplanned_hours"] == pytest.approx(3 + 0.5)
    assert found["planned_hours"] == pytest.approx(0.25 + 2)
    assert found["availability"] == pytest.approx(1 - 5.75 / 24)
    assert found["unplanned_availability"] == pytest.approx(1 - 3.5 / 24)
    assert (found["n"], found["n_incidents"], found["n_open"]) == (1, 2, 0)
    assert found["mtbf_hours"] == pytest.approx(24 - 6)


def test_unknown_time_opens_bounds_and_is_neither_up_nor_down():
    half = {"covers_from_at": "2026-07-01T12:00", "covers_until_at": "2026-08-01"}
    found = one(logs_of(incident("18:00", "20:00"), exports=[half]))
    assert (found["agreed_hours"], found["unknown_hours"], found["coverage"]) == (24, 12, 0.5)
    assert found["availability"] == pytest.approx(1 - 2 / 12)
    assert found["low"] == pytest.approx(1 - 14 / 24)
    assert found["high"] == pytest.approx(1 - 2 / 24)


def test_no_covering_source_is_unknown_never_hundred_percent():
    found = one(logs_of(exports=[WATCHED | {"export_kind": "open_only"}]))
    assert np.isnan(found["availability"])
    assert np.isnan(found["low"])
    assert found["unknown_hours"] == found["agreed_hours"] == 24
    assert found["reason"]


def test_end_is_restored_else_mitigated_else_a_ticket_closed():
    found = one(
        logs_of(
            incident("01:00", "02:00", mitigated_at="2026-07-01T01:30"),
            incident("03:00", mitigated_at="2026-07-01T04:00"),
            incident("05:00", status="resolved", closed_at="2026-07-01T07:00"),
        )
    )
    assert found["down_hours"] == pytest.approx(1 + 1 + 2)
    assert (found["n"], found["n_open"]) == (3, 0)


def test_open_is_down_until_last_seen_then_unknown():
    found = one(logs_of(incident("06:00", observed_at="2026-07-01T10:00"), incident("20:00", "21:00")))
    assert found["down_hours"] == pytest.approx(4 + 1)  # what is known to be fully down stays known
    assert found["unknown_hours"] == pytest.approx(14 - 1)
    assert found["n_open"] == 1
    assert found["low"] == pytest.approx(1 - 18 / 24)


def test_resolved_without_a_time_is_unknown_until_seen_resolved():
    found = one(logs_of(incident("06:00", status="resolved", updated_at="2026-07-01T09:00")))
    assert (found["down_hours"], found["unknown_hours"]) == (0, 3)


def test_a_failure_counts_though_nobody_knows_when_it_ended():
    for lost in (
        incident("06:00", status="resolved", updated_at="2026-07-01T09:00"),
        incident("06:00", observed_at="2026-07-01T06:00"),
    ):
        found = one(logs_of(lost, incident("08:00", "08:30", impact=0.5)))
        assert (found["n"], found["n_incidents"]) == (1, 2)  # whether the second is a failure anew is not known


@pytest.mark.parametrize("status", ["cancelled", "scheduled"])
def test_cancelled_and_scheduled_count_nowhere(status):
    found = one(logs_of(incident("06:00", "09:00", status=status)))
    assert (found["availability"], found["n"], found["n_incidents"]) == (1, 0, 0)


def test_impact_assumed_by_severity_is_said_and_also_given_at_none_and_full():
    found = one(
        logs_of(
            incident("01:00", "03:00", impact=None, severity=1),
            incident("05:00", "06:00", impact=None, severity=4),
            incident("08:00", "11:00", impact=0.5),
        )
    )
    assert found["down_hours"] == pytest.approx(2 + 1.5)
    assert found["n_assumed_impact"] == 2
    assert found["availability_if_no_impact"] == pytest.approx(1 - 1.5 / 24)
    assert found["availability_if_full_impact"] == pytest.approx(1 - (2 + 1 + 1.5) / 24)


def test_what_is_lost_from_sight_is_unknown_if_its_assumed_impact_was_full():
    promised = {"services": {"web": {"in_service_since": "2026-06-01", "objectives": {"availability": "60%"}}}}
    lost = incident("06:00", impact=None, severity=4, observed_at="2026-07-01T09:00")
    found = one(logs_of(lost, catalog=promised))
    assert (found["availability"], found["unknown_hours"], found["availability_if_full_impact"]) == (1, 0, 1 - 3 / 9)
    assert found["verdict"] == "INSUFFICIENT"


def test_a_severity_the_catalogue_states_is_not_assumed():
    catalog = {"impact_by_severity": {1: 0.5}, "services": {"web": {"in_service_since": "2026-06-01"}}}
    found = one(logs_of(incident("01:00", "03:00", impact=None, severity=1), catalog=catalog))
    assert (found["down_hours"], found["n_assumed_impact"]) == (1, 0)


def test_planned_work_without_stated_impact_is_no_down_time_unless_it_was_full():
    found = one(logs_of(incident("01:00", "03:00", impact=None, severity=1, planned=True)))
    assert (found["down_hours"], found["n"], found["n_assumed_impact"]) == (0, 0, 1)
    assert found["availability_if_full_impact"] == pytest.approx(1 - 2 / 24)


def test_states_of_an_incident_take_the_place_of_its_assumed_impact():
    page = {"product": "page", "format": "page_states", "export_id": "e2"}
    found = one(
        logs_of(
            incident("01:00", "05:00", impact=None, severity=1, incident_id="P1", **page),
            exports=[WATCHED | page],
            states=[
                {"incident_id": "P1", "state": "degraded", "from_at": "2026-07-01T01:00"},
                {"incident_id": "P1", "state": "down", "from_at": "2026-07-01T02:00"},
                {"incident_id": "P1", "state": "partial", "from_at": "2026-07-01T03:00"},
            ],
        )
    )
    assert found["down_hours"] == pytest.approx(1 + 0.3 * 2)  # the last level ends with the incident
    assert (found["n_assumed_impact"], found["n_incidents"], found["n"]) == (0, 1, 1)


def test_agreed_maintenance_is_cut_from_agreed_hours_in_local_time():
    window = {"rrule": "FREQ=WEEKLY;BYDAY=WE", "start": "02:00", "duration": "2h"}
    catalog = {"services": {"web": {"in_service_since": "2026-06-01", "maintenance": [window]}}}
    logs = logs_of(incident("00:30", "03:00"), incident("12:00", "13:00"), catalog=catalog, timezone="Europe/Rome")
    found = one(logs)  # a Wednesday; the window is 00:00 to 02:00 UTC
    assert (found["agreed_hours"], found["down_hours"], found["n"]) == (22, 2, 2)


def test_a_rule_that_leaves_its_days_open_is_refused():
    window = {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "start": "02:00", "duration": "2h"}
    with pytest.raises(CatalogError, match="on which days it falls"):
        one(logs_of(catalog={"services": {"web": {"maintenance": [window]}}}))


def test_what_is_down_at_the_start_gives_down_time_and_no_failure():
    night = {"started_at": "2026-06-30T22:00", "restored_at": "2026-07-01T02:00", "impact": 1.0}
    logs = logs_of(night, incident("02:00", "03:00"), incident("00:00", "01:00"))
    found = one(logs)
    assert (found["down_hours"], found["n"]) == (3, 0)
    assert one(logs, "2026-06-30/2026-07-02")["n"] == 1


def test_a_zero_length_incident_is_a_failure_of_no_hours():
    found = one(logs_of(incident("06:00", "06:00"), incident("08:00", "08:00", impact=0.0)))
    assert (found["down_hours"], found["n"], found["n_incidents"]) == (0, 1, 2)


def test_no_failure_is_at_most_three_per_up_time():
    found = one(logs_of())
    assert (found["n"], found["failures_per_year"], found["rate_low"]) == (0, 0, 0)
    assert np.isnan(found["mtbf_hours"])
    assert found["rate_high"] * 24 / 8760 == pytest.approx(2.9957, abs=1e-4)


def test_in_service_from_when_its_source_looks_is_marked_assumed():
    logs = make_logs(as_of="2026-08-01", incidents=[incident("12:00", "13:00")], exports=[WATCHED])
    found = one(logs)
    assert found["in_service_assumed"]
    assert (found["agreed_hours"], found["n"]) == (24, 1)


def test_a_source_of_another_page_or_product_says_nothing_of_a_service_before_its_first_record():
    late = WATCHED | {"covers_from_at": "2026-07-01T12:00", "scope": "page A"}
    others = [WATCHED | {"export_id": "e7", "scope": "page B"}, WATCHED | {"export_id": "e8", "product": "another"}]
    logs = make_logs(as_of="2026-08-01", incidents=[incident("12:00", "13:00")], exports=[late, *others])
    assert one(logs)["agreed_hours"] == 12


def test_before_service_and_after_retirement_nothing_is_agreed():
    catalog = {"services": {"web": {"in_service_since": "2026-07-01T06:00Z", "retired_at": "2026-07-01T18:00Z"}}}
    logs = logs_of(incident("04:00", "08:00"), incident("17:00", "23:00"), catalog=catalog)
    found = one(logs)
    assert (found["agreed_hours"], found["down_hours"], found["n"]) == (12, 3, 2)
    later = one(logs, "2026-07-05/2026-07-06")
    assert later["agreed_hours"] == 0
    assert np.isnan(later["availability"])


def test_a_period_ends_at_as_of_and_its_verdict_is_provisional():
    catalog = {"services": {"web": {"in_service_since": "2026-06-01", "objectives": {"availability": "50%"}}}}
    found = one(logs_of(incident("01:00", "02:00"), catalog=catalog, as_of="2026-07-01T12:00"))
    assert (found["agreed_hours"], found["period_hours"]) == (12, 24)
    assert (found["verdict"], found["provisional"]) == ("MET", True)


def test_unplanned_alone_is_judged_where_the_catalogue_says_so():
    goal = {"objectives": {"availability": "95%"}, "in_service_since": "2026-06-01"}
    work = incident("01:00", "05:00", planned=True)
    for judged, verdict in (("all", "BREACHED"), ("unplanned", "MET")):
        found = one(logs_of(work, catalog={"services": {"web": goal | {"judged": judged}}}))
        assert (found["judged"], found["verdict"]) == (judged, verdict)


def test_a_verdict_that_rests_on_the_assumed_impact_is_insufficient():
    goal = {"objectives": {"availability": "95%"}, "in_service_since": "2026-06-01"}
    found = one(logs_of(incident("01:00", "05:00", impact=None, severity=1), catalog={"services": {"web": goal}}))
    assert found["verdict"] == "INSUFFICIENT"


def test_worst_first_unknown_last_and_services_without_records_are_there():
    catalog = {"services": {"web": {"in_service_since": "2026-06-01"}, "api": {"in_service_since": "2026-06-01"},
                            "idle": {}, "quiet": {"watched_by": ["pager"]}}}  # fmt: skip
    logs = logs_of(incident("01:00", "02:00"), incident("01:00", "05:00", component="api"), catalog=catalog)
    found = availability(logs, DAY).set_index("service")
    assert found.index.tolist() == ["api", "web", "quiet", "idle"]
    assert found.loc["quiet", "availability"] == 1
    assert np.isnan(found.loc["idle", "availability"])


def test_corrections_count_and_the_raw_number_stands_beside():
    page = {"product": "page", "format": "page_states", "export_id": "e2"}
    catalog = {
        "services": {"web": {"in_service_since": "2026-06-01"}},
        "corrections": [
            {"incident": "A", "started_at": "2026-07-01T03:00Z", "because": "the alert came early"},
            {"incident": "P", "exclude": True, "because": "a drill"},
        ],
    }
    logs = logs_of(
        incident("02:00", "05:00", incident_id="A"),
        incident("10:00", "16:00", incident_id="P", **page),
        states=[{"incident_id": "P", "state": "down", "from_at": "2026-07-01T10:00"}],
        exports=[WATCHED, WATCHED | page],
        catalog=catalog,
    )
    found = one(logs)
    assert (found["down_hours"], found["n"], found["n_incidents"]) == (2, 1, 1)
    assert found["raw_availability"] == pytest.approx(1 - 9 / 24)
    assert downtime(logs, DAY)["incident_ids"].tolist() == ["A"]


def test_no_logs_at_all_give_an_empty_table():
    logs = make_logs(as_of="2026-08-01")
    assert availability(logs, DAY).empty
    assert downtime(logs, DAY).empty


def test_down_pieces_name_their_incidents_and_add_up():
    logs = logs_of(
        incident("02:00", "05:00", incident_id="A"),
        incident("04:00", "06:00", impact=0.5, incident_id="B"),
        incident("05:30", "08:00", planned=True, incident_id="C"),
    )
    found = downtime(logs, DAY)
    assert found["incident_ids"].tolist() == ["A, B", "B", "C", "C"]
    assert found["planned"].tolist() == [False, False, True, True]
    assert found["impact"].tolist() == [1, 0.5, 0.5, 1]
    assert (found["hours"] * found["impact"]).sum() == pytest.approx(one(logs)["down_hours"])


def test_enough_replicas_must_be_out():
    catalog = {"services": {"web": {"in_service_since": "2026-06-01", "components": ["m*"],
                                    "redundancy": {"replicas": 3, "required": 2}}}}  # fmt: skip
    member = {"observer": "member", "state": "down"}
    found = one(
        logs_of(
            catalog=catalog,
            exports=[WATCHED | {"product": "page", "format": "page_states", "export_id": "e2"}],
            states=[
                member | {"component": "m1", "from_at": "2026-07-01T01:00", "until_at": "2026-07-01T05:00"},
                member | {"component": "m1", "from_at": "2026-07-01T02:00", "until_at": "2026-07-01T04:30"},
                member | {"component": "m2", "from_at": "2026-07-01T04:00", "until_at": "2026-07-01T07:00"},
            ],
        )
    )
    assert (found["down_hours"], found["n"]) == (1, 1)


def test_time_in_which_the_only_tool_was_told_to_be_silent_is_unknown_and_shown():
    quiet = {"format": "pagerduty_maintenance_windows", "status": "scheduled", "kind": "maintenance", "planned": True,
             "scheduled_from_at": "2026-07-01T02:00", "scheduled_until_at": "2026-07-01T05:00"}  # fmt: skip
    found = one(logs_of(incident("12:00", "13:00"), quiet))
    assert (found["unknown_hours"], found["suppressed_hours"], found["down_hours"]) == (3, 3, 1)
    assert found["low"] == pytest.approx(1 - 4 / 24)
    assert one(logs_of(incident("12:00", "13:00")))["suppressed_hours"] == 0


def test_replicas_give_way_to_incidents_of_the_whole_service_and_to_what_is_not_known():
    catalog = {"services": {"web": {"in_service_since": "2026-06-01", "components": ["web", "m*"],
                                    "redundancy": {"replicas": 3, "required": 2}}}}  # fmt: skip
    member = {"observer": "member", "product": "pager"}
    span = {"from_at": "2026-07-01T02:00", "until_at": "2026-07-01T06:00"}
    states = [
        member | span | {"component": "m1", "state": "down"},
        member | span | {"component": "m2", "state": "partial"},
        member | {"component": "m3", "state": "unknown", "from_at": "2026-07-01T01:00", "until_at": "2026-07-01T04:00"},
    ]
    found = one(logs_of(incident("05:00", "06:00", impact=0.5), states=states, catalog=catalog))
    assert found["unknown_hours"] == 2  # from 02:00 to 04:00 a second replica may have been down
    assert found["down_hours"] == pytest.approx(0.3 * 1 + 0.5 * 1)
    assert found["n"] == 1


# --- a twin that looks at every hour by itself -----------------------------------------------------------------------

SERVICES = list("abcdefg")
FIRST = pd.Timestamp("2026-07-01", tz="UTC")
HOURS = 30


@st.composite
def histories(draw):
    hour = st.integers(-4, HOURS - 1)
    row = st.fixed_dictionaries(
        {
            "service": st.sampled_from(SERVICES),
            "start": hour,
            "length": st.integers(0, 12),
            "impact": st.sampled_from([None, 0.0, 0.4, 1.0]),
            "severity": st.sampled_from([None, 1, 4]),
            "planned": st.booleans(),
            "status": st.sampled_from(["open", "resolved", "cancelled"]),
            "seen": st.integers(0, 8),
        }
    )
    spans = st.lists(st.tuples(st.sampled_from(SERVICES), hour, st.integers(0, 20)), min_size=10, max_size=20)
    return draw(st.lists(row, min_size=10, max_size=30)), draw(spans)


def at(hour):
    return (FIRST + pd.Timedelta(hours=hour)).isoformat()


def logs_from(rows, spans, as_of=HOURS):
    shared = ("impact", "severity", "planned", "status")
    incidents = [
        {
            "component": r["service"],
            "product": r["service"],
            "started_at": at(r["start"]),
            "observed_at": at(min(r["start"] + r["seen"], as_of)),
            "restored_at": at(r["start"] + r["length"]) if r["status"] == "resolved" else None,
        }
        | {name: r[name] for name in shared}
        for r in rows
    ]
    exports = [
        {"export_id": f"e{i}", "product": s, "covers_from_at": at(a), "covers_until_at": at(a + n)}
        for i, (s, a, n) in enumerate(spans)
    ]
    services = {s: {"in_service_since": at(-10), "watched_by": [s]} for s in SERVICES}
    return make_logs(as_of=at(as_of), incidents=incidents, exports=exports, catalog={"services": services})


def twin(rows, spans, service):
    """Hours of known, unplanned and planned time, hour by hour."""
    known = unplanned = planned = 0.0
    for t in range(24):
        if not any(s == service and a <= t < a + n for s, a, n in spans):
            continue
        w = {("down", False): 0.0, ("down", True): 0.0, ("lost", False): 0.0, ("lost", True): 0.0}
        for r in rows:
            if r["service"] != service or r["status"] == "cancelled":
                continue
            assumed = 0.0 if r["planned"] else {None: 1.0, 1: 1.0, 4: 0.0}[r["severity"]]
            impact = assumed if r["impact"] is None else r["impact"]
            seen = max(r["start"], min(r["start"] + r["seen"], HOURS))
            end = r["start"] + r["length"] if r["status"] == "resolved" else seen
            if r["start"] <= t < end:
                w["down", r["planned"]] = max(w["down", r["planned"]], impact)
            elif r["status"] == "open" and end <= t:
                w["lost", r["planned"]] = max(w["lost", r["planned"]], impact)
        both = max(w["down", False], w["down", True])
        if w["lost", False] > w["down", False] or w["lost", True] > both:
            continue
        known += 1
        unplanned += w["down", False]
        planned += both - w["down", False]
    return known, unplanned, planned


@QUICK
@given(histories())
def test_down_time_equals_its_hour_by_hour_twin(history):
    rows, spans = history
    logs = logs_from(rows, spans)
    found = availability(logs, DAY).set_index("service")
    for service in SERVICES:
        row = found.loc[service]
        known, unplanned, planned = twin(rows, spans, service)
        measured = (row["agreed_hours"] - row["unknown_hours"], row["unplanned_hours"], row["planned_hours"])
        assert measured == pytest.approx((known, unplanned, planned))
        assert row["down_hours"] == pytest.approx(unplanned + planned)
    pieces = downtime(logs, DAY)
    weighted = (pieces["hours"] * pieces["impact"]).groupby(pieces["service"]).sum().reindex(SERVICES, fill_value=0)
    np.testing.assert_allclose(weighted, found.loc[SERVICES, "down_hours"], atol=1e-9)


@QUICK
@given(histories())
def test_shares_lie_between_none_and_all_and_within_their_bounds(history):
    found = availability(logs_from(*history), DAY)
    for name in ("", "unplanned_"):
        low, point, high = found[f"{name}low"], found[f"{name}availability"], found[f"{name}high"]
        known = point.notna()
        assert (known == (found["coverage"] > 0)).all()
        assert ((low >= 0) & (low <= point + 1e-12) & (point <= high + 1e-12) & (high <= 1))[known].all()
    assert (found["availability_if_full_impact"] <= found["availability"] + 1e-12)[known].all()
    assert (found["availability_if_no_impact"] >= found["availability"] - 1e-12)[known].all()


@QUICK
@given(histories(), st.integers(-4, 20), st.integers(0, 12), st.sampled_from([0.4, 1.0]), st.booleans())
def test_one_more_incident_never_raises_availability(history, start, length, impact, planned):
    rows, spans = history
    more = {"service": "a", "start": start, "length": length, "impact": impact, "severity": None, "planned": planned,
            "status": "resolved", "seen": 0}  # fmt: skip
    rows = [r for r in rows if r["status"] != "open"]  # what is lost from sight changes coverage
    before, after = (one(logs_from(r, spans), service="a") for r in (rows, [*rows, more]))
    assert before["coverage"] == after["coverage"]
    if before["coverage"]:
        assert after["availability"] <= before["availability"] + 1e-12
        assert after["low"] <= before["low"] + 1e-12
