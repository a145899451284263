import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs

from continuity_analysis.errors import InputError
from continuity_analysis.questions import durations, restoration, survival

PERIOD = "2026-07"


def incident(day, hours=None, **more):
    start = pd.Timestamp(f"2026-07-{day:02d}", tz="UTC") if day > 0 else pd.Timestamp("2026-06-20", tz="UTC")
    end = (
        {"restored_at": (start + pd.Timedelta(seconds=round(hours * 3600))).isoformat()}
        if hours is not None
        else {"status": "open"}
    )
    return {"started_at": start.isoformat()} | end | more


def logs_of(*incidents, as_of="2026-08-10", **more):
    return make_logs(as_of=as_of, incidents=list(incidents), **more)


def reasons(logs, **clocks):
    found = durations(logs, PERIOD, **clocks)
    return dict(zip(found["incident_id"], found["excluded"].fillna("counts"), strict=True))


def test_one_observation_per_service_and_incident():
    both = {"incident_id": "A", "component": "web-1"}
    logs = logs_of(
        incident(2, 3, **both),
        incident(2, 5, **both | {"component": "web-2", "started_at": "2026-07-01T23:00"}),
        incident(4, 2, incident_id="B", component="web-1"),
        incident(4, 4, incident_id="B", component="db"),
        catalog={"services": {"web": {"components": ["web-*"]}, "db": {}}},
    )
    found = durations(logs, PERIOD)
    assert set(zip(found["service"], found["incident_id"], found["hours"], strict=True)) == {
        ("web", "A", 6), ("db", "B", 4), ("web", "B", 2),
    }  # fmt: skip
    whole = restoration(logs, PERIOD).set_index("service")
    assert whole["n"].to_dict() == {"db": 1, "web": 2, "all services": 2}
    assert whole["max_hours"].to_dict() == {"db": 4, "web": 6, "all services": 6}


def test_an_incident_is_open_while_any_of_its_components_is():
    logs = logs_of(
        incident(2, 3, incident_id="A", component="a", mitigated_at="2026-07-02T01:00"),
        incident(2, incident_id="A", component="b", observed_at="2026-07-03"),
        incident(9, 3, incident_id="B", component="b", mitigated_at="2026-07-09T01:00"),
        catalog={"services": {"web": {"components": ["?"]}}},
    )
    found = durations(logs, PERIOD).iloc[0]
    assert found["censored"]
    assert found["hours"] == 24  # the other component was seen later, but not open
    mitigated = durations(logs, PERIOD, end="mitigated").iloc[0]
    assert (mitigated["hours"], bool(mitigated["censored"])) == (24, True)


def test_open_ones_are_censored_when_they_were_last_seen():
    found = durations(logs_of(incident(2, observed_at="2026-07-04T06:00")), PERIOD).iloc[0]
    assert (found["hours"], found["censored"], found["excluded"]) == (54, True, None) or pd.isna(found["excluded"])
    assert (found["hours"], bool(found["censored"])) == (54, True)


def test_what_is_left_out_says_why():
    logs = logs_of(
        incident(1, 1, incident_id="fine"),
        incident(2, 1, incident_id="cancelled", status="cancelled"),
        incident(3, 1, incident_id="scheduled", status="scheduled"),
        incident(4, 1, incident_id="planned", planned=True),
        incident(5, 1, incident_id="upkeep", kind="maintenance"),
        incident(6, 1, incident_id="alert", kind="alert"),
        incident(7, incident_id="no time", status="resolved"),
        incident(8, -1, incident_id="backwards"),
        incident(0, 400, incident_id="earlier"),
    )
    assert reasons(logs) == {
        "fine": "counts",
        "cancelled": "cancelled",
        "scheduled": "announced and not begun",
        "planned": "planned work is not an incident",
        "upkeep": "planned work is not an incident",
        "alert": "another kind of evidence",
        "no time": "resolved without a time",
        "backwards": "restored before started",
        "earlier": "began before the period",
    }
    found = restoration(logs, PERIOD, by="all").iloc[0]
    assert (found["n"], found["n_excluded"]) == (1, 8)


def test_corrections_count_and_the_raw_numbers_stand_beside():
    corrections = [
        {"incident": "A", "restored_at": "2026-07-01T01:00Z", "because": "closed late"},
        {"incident": "B", "exclude": True, "because": "a drill"},
    ]
    logs = logs_of(
        incident(1, 9, incident_id="A"), incident(2, 5, incident_id="B"), catalog={"corrections": corrections}
    )
    assert reasons(logs) == {"A": "counts", "B": "excluded by a correction"}
    assert durations(logs, PERIOD)["correction"].tolist() == ["closed late", "a drill"]
    found = restoration(logs, PERIOD).iloc[-1]
    assert (found["n"], found["median_hours"], found["n_corrected"]) == (1, 1, 2)
    assert (found["raw_n"], found["raw_median_hours"]) == (2, 7)


def test_a_ticket_closure_counts_and_is_marked():
    logs = logs_of(
        incident(1, 2, restored_basis="closure"),
        incident(2, status="resolved", closed_at="2026-07-02T05:00"),
        incident(3, 1, closed_at="2026-07-09"),
    )
    found = durations(logs, PERIOD)
    assert found["hours"].tolist() == [2, 5, 1]
    assert found["end_basis"].notna().tolist() == [True, True, False]
    assert restoration(logs, PERIOD, by="all")["n_upper_bound"].tolist() == [2]


def test_evidence_follows_the_order_of_the_catalogue():
    rows = [incident(1, 1, incident_id="I", kind="incident"), incident(9, 2, incident_id="P", kind="probe")]
    assert reasons(logs_of(*rows))["P"] == "another kind of evidence"
    first = {"evidence": {"restoration": ["probe", "incident"]}}
    assert reasons(logs_of(*rows, catalog=first)) == {"I": "another kind of evidence", "P": "counts"}


def test_the_same_outage_in_two_products_is_one():
    logs = logs_of(
        incident(1, 2, incident_id="A"),
        incident(3, 2, incident_id="B"),
        incident(9, 2, incident_id="D"),
        incident(3, 3, incident_id="page B", product="page"),
        incident(7, 1, incident_id="page C", product="page"),
        incident(3, 3, incident_id="elsewhere", product="page", component="db"),
    )
    assert reasons(logs) == {
        "A": "counts",
        "B": "counts",
        "D": "counts",
        "page B": "the same outage as another product saw",
        "page C": "counts",
        "elsewhere": "counts",
    }


def test_other_clock_ends():
    logs = logs_of(
        incident(1, 5, incident_id="A", detected_at="2026-07-01T00:30", acknowledged_at="2026-07-01T01:00"),
        incident(2, 5, incident_id="B", detected_at="2026-07-01T23:00"),
        incident(3, 5, incident_id="C"),
        incident(4, incident_id="D", observed_at="2026-07-04T02:00"),
        incident(5, 5, incident_id="E", started_basis="creation", detected_at="2026-07-05"),
        incident(6, incident_id="F", product="other", component="db", observed_at="2026-07-07"),
    )
    detected = durations(logs, PERIOD, end="detected").set_index("incident_id")
    assert detected["hours"].fillna(-1).tolist() == [0.5, 0, -1, 2, 0, -1]
    assert detected.loc["B", "remark"] == "detected before the impact: 0 h"
    assert detected.loc["D", "censored"]
    assert reasons(logs, end="detected") == {
        "A": "counts", "B": "counts", "C": "no detected_at", "D": "counts",
        "E": "started_at is when the record was made", "F": "no detected_at",
    }  # fmt: skip
    acknowledged = durations(logs, PERIOD, start="detected", end="acknowledged").set_index("incident_id")
    assert acknowledged.loc["A", "hours"] == 0.5


@pytest.mark.parametrize("clocks", [{"start": "begun"}, {"end": "closed"}, {"start": "restored", "end": "started"}])
def test_clock_ends_that_make_no_sense_are_refused(clocks):
    with pytest.raises(InputError, match="Expected a"):
        restoration(logs_of(incident(1, 1)), PERIOD, **clocks)


def test_groups_are_refused_by_name():
    with pytest.raises(InputError, match="service, severity, cause, part_of_week, all"):
        restoration(logs_of(incident(1, 1)), PERIOD, by="team")


def test_by_severity_and_cause_counts_each_incident_once():
    rows = [
        incident(1, 1, incident_id="A", severity=1, component="a", cause="load"),
        incident(1, 1, incident_id="A", severity=1, component="b", cause="load"),
        incident(2, 2, incident_id="B", severity=3, component="a"),
        incident(3, 4, incident_id="C", component="b"),
    ]
    by_severity = restoration(logs_of(*rows), PERIOD, by="severity")
    assert by_severity["severity"].fillna(-1).tolist() == [1, 3, -1]
    assert by_severity["n"].tolist() == [1, 1, 1]
    by_cause = restoration(logs_of(*rows), PERIOD, by="cause")
    assert by_cause["cause"].fillna("unknown").tolist() == ["load", "unknown"]
    assert by_cause["n"].tolist() == [1, 2]


def test_objective_and_verdict():
    def verdicts(*rows, **more):
        goal = {"objectives": {"restore": {"within": "4h", "for": "50%"}}}
        found = restoration(logs_of(*rows, catalog={"services": {"web": goal, "db": {}}}, **more), PERIOD)
        return dict(zip(found["service"], found["verdict"], strict=True)), found

    seen, found = verdicts(incident(1, 1), incident(2, 3), incident(3, 9))
    assert seen == {"db": "NOT_SET", "web": "MET", "all services": "NOT_SET"}
    assert found.loc[1, "share_within"] == pytest.approx(2 / 3)
    assert found.loc[1, "objective"] == 4
    assert found.loc[1, "low"] != found.loc[1, "low"]  # three are too few for limits
    assert verdicts(incident(1, 9), incident(2, 8))[0]["web"] == "BREACHED"
    young = incident(3, observed_at="2026-07-03T02:00")
    assert verdicts(incident(1, 1), young)[0]["web"] == "MET"  # whatever becomes of the open one
    assert verdicts()[0]["web"] == "INSUFFICIENT"


def test_a_period_that_is_not_over_is_provisional():
    goal = {"services": {"web": {"objectives": {"restore": {"within": "4h", "for": "50%"}}}}}
    found = restoration(logs_of(incident(1, 1), catalog=goal, as_of="2026-07-20"), PERIOD)
    assert found.loc[0, "provisional"]


def test_survival_begins_with_all_and_leaves_out_empty_groups():
    logs = logs_of(incident(1, 1), incident(2, 3), catalog={"services": {"web": {}, "idle": {}}})
    found = survival(logs, PERIOD)
    assert found["group"].tolist() == ["web"] * 3 + ["all services"] * 3
    assert found["survival"].tolist() == [1, 0.5, 0] * 2


def test_no_logs_at_all():
    logs = make_logs(as_of="2026-08-10")
    assert restoration(logs, PERIOD)["service"].tolist() == ["all services"]
    assert restoration(logs, PERIOD, by="severity").empty
    assert durations(logs, PERIOD).empty
    assert survival(logs, PERIOD).empty


def test_a_hundred_groups_equal_each_alone():
    rng = np.random.default_rng(3)
    rows = [
        incident(int(rng.integers(1, 29)), float(h), component=f"c{rng.integers(0, 20):02d}")
        for h in rng.lognormal(0, 1, 300).round(2)
    ]
    logs = logs_of(*rows)
    whole = restoration(logs, PERIOD).set_index("service")
    single = durations(logs, PERIOD).groupby("service")["hours"]
    pd.testing.assert_series_equal(whole["median_hours"].iloc[:-1], single.median(), check_names=False)
    pd.testing.assert_series_equal(whole["max_hours"].iloc[:-1], single.max(), check_names=False)
    pd.testing.assert_series_equal(whole["n"].iloc[:-1], single.size(), check_names=False)
