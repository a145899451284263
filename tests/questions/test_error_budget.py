"""Error budgets in time and in requests: what is allowed, spent, by what, how fast, and until when it lasts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs_in_hand import make_logs

from continuity_analysis.questions import availability, budget_course, budget_spent, error_budget

WATCHED = {"covers_from_at": "2025-01-01", "covers_until_at": "2027-01-01"}
JUNE = "2026-06"  # 30 days, 720 h


def incident(start, hours, impact=1.0, **more):
    begin = pd.Timestamp(start, tz="UTC")
    return {"started_at": str(begin), "restored_at": str(begin + pd.Timedelta(hours=hours)), "impact": impact} | more


def minute(at, total, failed=0):
    return {"minute_at": at, "total": total, "failed": failed}


def logs_of(*incidents, as_of="2026-12-01", objectives=None, exports=(WATCHED,), requests=(), **service):
    stated = {"in_service_since": "2025-01-01", "watched_by": ["pager"], "objectives": objectives or {}} | service
    rows = {"incidents": list(incidents), "exports": list(exports), "requests": list(requests)}
    return make_logs(as_of=as_of, catalog={"services": {"web": stated}}, **rows)


def one(logs, period=JUNE, budget="time", window=0):
    found = error_budget(logs, period)
    return found[found["budget"] == budget].iloc[window]


NINES = {"availability": "99.9%"}


@pytest.mark.parametrize(
    ("objective", "year_hours", "month_minutes"),
    [
        ("90%", 36.5 * 24, 3 * 24 * 60), ("99%", 3.65 * 24, 7.2 * 60), ("99.9%", 8.76, 43.2), ("99.95%", 4.38, 21.6),
        ("99.99%", 0.876, 4.32), ("99.999%", 5.256 / 60, 25.92 / 60),
    ],
)  # fmt: skip
def test_nines_allow_what_the_sre_books_print(objective, year_hours, month_minutes):
    """Known answers 3.3: Site Reliability Engineering, appendix A (a year of 365 days, a month of 30)."""
    logs = logs_of(objectives={"availability": objective}, as_of="2027-02-01")
    assert one(logs, "2026")["allowed"] == pytest.approx(year_hours)
    assert one(logs)["allowed"] * 60 == pytest.approx(month_minutes)


def test_two_and_a_half_million_requests_a_day_at_four_nines_may_fail_250_times():
    """Known answers 3.2: Treynor et al., The Calculus of Service Availability, ACM Queue 15(2), 2017."""
    day = [minute("2026-06-01T00:00Z", 1_250_000, 100), minute("2026-06-01T23:59Z", 1_250_000)]
    found = one(logs_of(requests=day, objectives={"requests": "99.99%"}), "2026-06-01", "requests")
    assert (found["unit"], found["n"], found["spent"]) == ("count", 2_500_000, 100)
    assert (found["allowed"], found["left"], found["spent_share"]) == pytest.approx((250, 150, 0.4))
    assert pd.isna(found["assumed"])


def test_the_budget_of_an_unfinished_period_is_that_of_the_whole_period():
    """12 minutes in the first 5 days of 30, of 43.2: at 1.67 times the even rate it lasts 13 days more."""
    found = one(logs_of(incident("2026-06-02", 0.2), objectives=NINES, as_of="2026-06-06"))
    assert found["allowed"] == pytest.approx(0.72)
    assert (found["spent"], found["left"], found["spent_share"]) == pytest.approx((0.2, 0.52, 0.2 / 0.72))
    assert found["burn"] == pytest.approx(0.2 / 120 / 0.001)
    assert found["burn_30d"] == pytest.approx(0.2 / 720 / 0.001)
    assert pd.isna(found["projected_at"])  # the burn of the last 30 days is below 1


def test_exhaustion_is_projected_at_the_rate_of_the_last_30_days():
    may = incident("2026-05-20", 2)
    found = one(logs_of(may, incident("2026-06-02", 0.5), objectives=NINES, as_of="2026-06-06"))
    rate = 2.5 / 720
    assert found["burn_30d"] == pytest.approx(rate / 0.001)
    lasts = pd.Timedelta(hours=0.22 / rate)
    assert abs(found["projected_at"] - (pd.Timestamp("2026-06-06", tz="UTC") + lasts)) < pd.Timedelta(seconds=2)
    late = one(logs_of(may, objectives=NINES, as_of="2026-06-06"))
    assert late["burn_30d"] > 1
    assert late["projected_at"] == pd.Timestamp("2026-06-06", tz="UTC") + pd.Timedelta(hours=0.72 / 2 * 720)
    over = one(logs_of(may, incident("2026-06-02", 1), objectives=NINES, as_of="2026-06-06"))
    assert over["left"] < 0
    assert pd.isna(over["projected_at"])


def test_when_it_was_gone_is_a_moment():
    logs = logs_of(incident("2026-06-02", 0.5), incident("2026-06-20", 1, 0.5), objectives=NINES)
    found = one(logs)  # 0.22 h left on the 20th, spent at half an hour per hour
    assert found["spent"] == pytest.approx(1.0)
    assert abs(found["exhausted_at"] - pd.Timestamp("2026-06-20T00:26:24Z")) < pd.Timedelta(seconds=1)
    assert pd.isna(one(logs_of(incident("2026-06-02", 0.7), objectives=NINES))["exhausted_at"])


def test_rolling_windows_end_with_the_period_or_as_of():
    logs = logs_of(incident("2026-04-10", 1), incident("2026-06-28", 0.5), incident("2026-07-02", 9), objectives=NINES)
    found = error_budget(logs, JUNE).set_index("window")
    assert found.index.tolist() == ["2026-06", "last 30 days", "last 90 days"]
    assert found["spent"].tolist() == pytest.approx([0.5, 0.5, 1.5])
    assert found["allowed"].tolist() == pytest.approx([0.72, 0.72, 2.16])


def test_planned_work_spends_only_where_all_causes_are_judged():
    work = incident("2026-06-05", 1, planned=True)
    for judged, hours in (("all", 1.5), ("unplanned", 0.5)):
        logs = logs_of(work, incident("2026-06-10", 0.5), objectives=NINES, judged=judged)
        assert one(logs)["spent"] == pytest.approx(hours)
        assert budget_spent(logs, JUNE)["hours"].sum() == pytest.approx(hours)
        assert one(logs)["judged"] == judged


def test_unknown_time_and_assumed_impacts_stand_as_bounds():
    seen = {"covers_from_at": "2025-01-01", "covers_until_at": "2026-06-30"}
    guess = incident("2026-06-10", 2, None, severity=1)
    found = one(logs_of(incident("2026-06-05", 1), guess, objectives=NINES, exports=[seen]))
    assert (found["spent_low"], found["spent"], found["spent_high"]) == pytest.approx((1, 3, 3 + 24))
    assert (found["unknown_hours"], found["assumed"]) == (24, "impacts of incidents")


@pytest.mark.parametrize(
    ("objective", "exports", "reason"),
    [
        ("100%", (WATCHED,), "an objective of 100 % allows nothing: there is no budget"),
        ("99.9%", (), "nothing was seen that could have spent it"),
    ],
)
def test_no_budget_comes_with_its_reason(objective, exports, reason):
    found = one(logs_of(objectives={"availability": objective}, exports=exports))
    assert found["reason"] == reason
    assert found[["allowed", "left", "spent_share", "burn", "burn_30d"]].isna().all()


def test_without_a_promise_or_without_logs_there_is_no_row():
    for logs in (logs_of(incident("2026-06-02", 1)), make_logs(as_of="2026-12-01")):
        assert error_budget(logs, JUNE).empty
        assert budget_course(logs, JUNE).empty
    assert budget_spent(make_logs(as_of="2026-12-01"), JUNE).empty
    unpromised = budget_spent(logs_of(incident("2026-06-02", 1)), JUNE)
    assert (unpromised["hours"].tolist(), unpromised["share_of_budget"].isna().all()) == ([1], True)


def test_what_a_log_does_not_speak_of_is_assumed_to_have_been_asked_as_often():
    """100 an hour for 15 of 30 days: at 99.9 % 72 may fail in all, and 5 of them did."""
    rows = [minute("2026-06-01T00:00Z", 20_000, 5), minute("2026-06-15T23:59Z", 16_000)]
    found = one(logs_of(requests=rows, objectives={"requests": "99.9%"}), budget="requests")
    assert (found["allowed"], found["spent"], found["left"]) == pytest.approx((72, 5, 67))
    assert (found["spent_low"], found["spent_high"]) == pytest.approx((5, 5 + 36_000))
    assert found["assumed"].startswith("in hours without a log")
    assert found["burn"] == pytest.approx(5 / 36_000 / 0.001)


def test_a_budget_of_requests_was_gone_at_the_minute_that_spent_it():
    rows = [minute(f"2026-06-{d:02d}T00:00Z", 1000, f) for d, f in ((1, 1), (10, 1), (20, 3))]
    found = one(
        logs_of(requests=[*rows, minute("2026-06-30T23:59Z", 0)], objectives={"requests": "99.9%"}), budget="requests"
    )
    assert found["exhausted_at"] == pd.Timestamp("2026-06-20T00:01Z")


def test_each_moment_goes_to_the_largest_impact_and_is_shared_where_equal():
    rows = [
        incident("2026-06-02T00:00", 4, 0.5, incident_id="A"),
        incident("2026-06-02T01:00", 1, 1.0, incident_id="B"),
        incident("2026-06-02T03:00", 2, 0.5, incident_id="C"),
        incident("2026-06-02T03:00", 9, 0.0, incident_id="none"),
        incident("2026-06-02T04:30", 1, 0.75, incident_id="W", planned=True),
    ]
    logs = logs_of(*rows, objectives=NINES)
    found = budget_spent(logs, JUNE).set_index("incident_id")
    assert found["hours"].to_dict() == pytest.approx({"A": 1.25, "B": 1.0, "C": 0.75, "W": 0.125 + 0.375})
    assert found["share_of_spent"].sum() == pytest.approx(1)
    assert found.loc["B", "share_of_budget"] == pytest.approx(1 / 0.72)
    assert found.index[0] == "A"


def test_one_incident_of_several_components_and_one_outage_of_several_products_count_once():
    twice = [incident("2026-06-02T00:00", 2, component=c, incident_id="A") for c in ("web-1", "web-2")]
    page = incident("2026-06-02T00:10", 2, component="web-1", incident_id="P", product="page")
    logs = logs_of(*twice, page, incident("2026-06-09", 1, component="web-1"), components=["web-*"], objectives=NINES)
    found = budget_spent(logs, JUNE)
    assert found["incident_id"].tolist() == ["A", "I4"]
    assert found["hours"].tolist() == pytest.approx([2 + 1 / 6, 1])


def test_outages_that_belong_to_no_incident_stand_for_themselves():
    page = {"product": "page", "format": "page_states", "export_id": "e2"}
    states = [{"state": "down", "from_at": f"2026-06-0{d}T00:00Z", "until_at": f"2026-06-0{d}T01:00Z"} for d in (2, 3)]
    logs = make_logs(
        as_of="2026-12-01", states=states, exports=[WATCHED | page],
        catalog={"services": {"web": {"in_service_since": "2025-01-01"}}},
    )  # fmt: skip
    found = budget_spent(logs, JUNE)
    assert found["hours"].tolist() == [1, 1]
    assert found["incident_id"].isna().all()


def test_the_course_begins_whole_ends_with_what_is_left_and_leads_on():
    logs = logs_of(incident("2026-05-20", 2), incident("2026-06-02", 0.36, 1.0), objectives=NINES, as_of="2026-06-06")
    course = budget_course(logs, JUNE)
    assert course["left_share"].tolist() == pytest.approx([1, 1, 0.5, 0.5, 0.5, 0])
    assert course["projected"].tolist() == [False] * 4 + [True] * 2
    assert course["at"].is_monotonic_increasing
    assert course["at"].iloc[-1] == one(logs)["projected_at"]


SERVICES = "abc"
ROW = st.tuples(
    st.sampled_from(SERVICES), st.integers(-6, 30), st.integers(0, 12), st.sampled_from([0.0, 0.4, 1.0]), st.booleans()
)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.lists(ROW, min_size=5, max_size=25), st.integers(1, 23))
def test_attributions_equal_an_hourly_twin_and_add_up_to_all_down_time(rows, cut):
    start = pd.Timestamp("2026-06-01", tz="UTC")
    incidents = [
        incident((start + pd.Timedelta(hours=a)).tz_localize(None), n, w, component=s, planned=p, incident_id=f"I{i}")
        for i, (s, a, n, w, p) in enumerate(rows)
    ]
    catalog = {"services": {s: {"in_service_since": "2026-01-01", "watched_by": ["pager"]} for s in SERVICES}}
    logs = make_logs(as_of="2026-12-01", incidents=incidents, exports=[WATCHED], catalog=catalog)
    found = budget_spent(logs, "2026-06-01").set_index("incident_id")["hours"]
    parts = [f"2026-06-01T00:00/2026-06-01T{cut:02d}:00", f"2026-06-01T{cut:02d}:00/2026-06-02T00:00"]
    both = pd.concat([budget_spent(logs, p) for p in parts]).groupby("incident_id")["hours"].sum()
    pd.testing.assert_series_equal(both.sort_index(), found.sort_index(), check_exact=False)
    expected = np.zeros(len(rows))
    for service in SERVICES:
        for t in range(24):
            here = [(i, w, p) for i, (s, a, n, w, p) in enumerate(rows) if s == service and a <= t < a + n and w]
            worst = {q: max((w for _, w, p in here if p == q), default=0.0) for q in (False, True)}
            for q, gained in ((False, worst[False]), (True, max(worst[True] - worst[False], 0))):
                most = [i for i, w, p in here if p == q and w == worst[q]]
                expected[most] += gained / max(len(most), 1)
    told = {f"I{i}": hours for i, hours in enumerate(expected) if hours}
    assert found.to_dict() == pytest.approx(told)
    down = availability(logs, "2026-06-01").set_index("service")["down_hours"]
    added = budget_spent(logs, "2026-06-01").groupby("service")["hours"].sum().reindex(list(SERVICES), fill_value=0)
    np.testing.assert_allclose(added, down[list(SERVICES)], atol=1e-9)
