"""Incidents chosen: they agree with the questions of the reports, and every number leads to its incidents."""

import pandas as pd
import pytest
from logs_in_hand import make_logs

from continuity_analysis.errors import InputError
from continuity_analysis.questions import durations, restoration, survival
from continuity_analysis.questions.selection import Choice, choose_incidents, incident_timeline

PERIOD = "2026-07"
LOGS = make_logs(
    as_of="2026-08-10",
    incidents=[
        {"incident_id": "A", "component": "shop", "started_at": "2026-07-01", "restored_at": "2026-07-01 01:00",
         "severity": 1, "acknowledged_at": "2026-07-01 00:05"},
        {"incident_id": "A", "component": "pay", "started_at": "2026-07-01", "restored_at": "2026-07-01 02:00",
         "severity": 2, "acknowledged_at": "2026-07-01 00:05"},
        {"incident_id": "B", "component": "shop", "started_at": "2026-07-05", "restored_at": "2026-07-05 03:00",
         "severity": 2},
        {"incident_id": "C", "component": "pay", "started_at": "2026-07-20", "status": "open"},
        {"incident_id": "D", "component": "pay", "started_at": "2026-07-09", "restored_at": "2026-07-09 01:00",
         "planned": True},
        {"incident_id": "E", "component": "web", "started_at": "2026-06-30", "restored_at": "2026-07-02"},
        {"incident_id": "F", "component": "web", "started_at": "2026-06-01", "restored_at": "2026-06-02"},
        {"incident_id": "G", "component": "web", "started_at": "2026-07-06", "status": "resolved"},
        {"incident_id": "H", "component": "web", "scheduled_from_at": "2026-07-30", "started_at": "2026-07-30",
         "status": "scheduled"},
    ],
)  # fmt: skip
SHARED = ["n", "n_censored", "n_excluded", "median_hours", "low", "high", "p90_hours", "max_hours"]


@pytest.mark.parametrize("by", ["service", "severity", "cause", "part_of_week", "all"])
@pytest.mark.parametrize("clocks", [("started", "restored"), ("started", "acknowledged")])
def test_nothing_chosen_agrees_with_the_reports(by, clocks):
    start, end = clocks
    chosen = choose_incidents(LOGS, PERIOD, Choice(by=by, start=start, end=end))
    said = restoration(LOGS, PERIOD, by=by, start=start, end=end)
    pd.testing.assert_frame_equal(chosen.restoration[SHARED], said[SHARED])
    assert chosen.restoration["group"].tolist() == said[by].astype("str").fillna("unknown").tolist()
    pd.testing.assert_frame_equal(chosen.survival, survival(LOGS, PERIOD, by=by, start=start, end=end))
    if by == "service":
        single = chosen.durations[chosen.durations["group"] != "all services"].drop(columns="group")
        said = durations(LOGS, PERIOD, start=start, end=end).drop(columns="resolution_hours")
        pd.testing.assert_frame_equal(single, said)


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(services=("shop",)),
        Choice(severities=(2, None)),
        Choice(services=("shop", "pay"), by="severity"),
    ],
)
def test_every_number_is_made_of_the_incidents_behind_it(choice):
    chosen = choose_incidents(LOGS, PERIOD, choice)
    rows = chosen.durations
    for group in chosen.restoration.itertuples():
        mine = rows[rows["group"] == group.group]
        used = mine[mine["excluded"].isna()]
        assert (group.n, group.n_excluded) == (len(used), len(mine) - len(used))
        assert group.n_censored == used["censored"].sum()
    assert set(rows["group"]) <= set(chosen.restoration["group"])


def test_one_incident_of_two_services_stands_once_in_both_together():
    both = choose_incidents(LOGS, PERIOD, Choice(services=("shop", "pay"))).restoration.set_index("group")["n"]
    assert both.to_dict() == {"pay": 2, "shop": 2, "the services chosen": 3}
    one = choose_incidents(LOGS, PERIOD, Choice(services=("shop",))).restoration
    assert one["group"].tolist() == ["shop"]
    assert one["max_hours"].tolist() == [3.0]


def test_severity_is_that_of_the_service_and_none_stated_can_be_chosen():
    def n(*severities):
        rows = choose_incidents(LOGS, PERIOD, Choice(severities=severities)).restoration
        return rows[rows["n"] > 0].set_index("group")["n"].to_dict()

    assert n(1) == {"shop": 1, "all services": 1}
    assert n(2) == {"pay": 1, "shop": 1, "all services": 2}
    assert n(None) == {"pay": 1, "all services": 1}


def test_what_counts_as_evidence_does_not_depend_on_what_is_looked_at():
    """The pager does say who acknowledged when, so an open incident is still waiting for it, whatever is chosen."""
    choice = Choice(services=("pay",), severities=(None,), end="acknowledged")
    (row,) = choose_incidents(LOGS, PERIOD, choice).restoration.itertuples()
    assert (row.n, row.n_censored) == (1, 1)


def test_a_wrong_choice_says_what_is_expected():
    with pytest.raises(InputError, match="Expected by to be one of"):
        choose_incidents(LOGS, PERIOD, Choice(by="moon"))
    with pytest.raises(InputError, match="Expected a start before the end"):
        choose_incidents(LOGS, PERIOD, Choice(start="restored", end="started"))


def test_the_timeline_has_all_that_lasted_in_the_period():
    rows = incident_timeline(LOGS, PERIOD).set_index(["incident_id", "service"])
    assert list(rows.index) == [
        ("E", "web"), ("A", "shop"), ("A", "pay"), ("B", "shop"), ("G", "web"), ("D", "pay"), ("C", "pay"),
    ]  # fmt: skip
    still = rows.loc[("C", "pay")]
    assert still["is_open"] and still["ended_at"] == LOGS.as_of
    assert rows["is_open"].sum() == 1
    untold = rows.loc[("G", "web")]
    assert not untold["ends_known"] and untold["ended_at"] == untold["started_at"]
    assert rows.loc[("D", "pay"), "excluded"] == "planned work is not an incident"
    assert len(incident_timeline(LOGS, PERIOD, Choice(services=("pay",), severities=(2,)))) == 1
    assert incident_timeline(LOGS, "2026-05").empty
