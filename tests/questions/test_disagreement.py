"""Where requests and incidents disagree, by hand and against a minute-by-minute twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs_in_hand import make_logs

from continuity_analysis.questions import agreement, disagreements

HOUR = "2026-07-01T00:00/2026-07-01T01:00"
WATCHED = {"covers_from_at": "2026-06-01", "covers_until_at": "2026-08-01"}
SHOP = {"in_service_since": "2026-06-01", "watched_by": ["pager"]}


def moment(minute):
    return f"2026-07-01T{minute // 60:02d}:{minute % 60:02d}Z"


def minute(n, total=20, failed=0, component="web"):
    return {"minute_at": moment(n), "total": total, "failed": failed, "component": component}


def incident(start, end, impact=1.0, **more):
    return {"started_at": moment(start), "restored_at": moment(end), "impact": impact, "title": "down"} | more


def logs_of(requests, incidents=(), exports=(WATCHED,), services=("web",)):
    catalog = {"services": dict.fromkeys(services, SHOP)}
    return make_logs(
        as_of="2026-08-01", requests=requests, incidents=list(incidents), exports=list(exports), catalog=catalog
    )


def hours(logs):
    found = agreement(logs, HOUR).iloc[0]
    names = ("both_bad", "only_requests", "only_incidents", "both_good", "unwatched")
    return [round(60 * found[f"{n}_hours"]) for n in names]


def test_what_both_call_bad_and_what_only_one_does():
    bad = [minute(n, failed=5) for n in (10, 11, 30, 31, 32)]
    logs = logs_of(bad + [minute(n) for n in (12, 13, 50)] + [minute(14, 3, 3)], [incident(10, 14), incident(32, 32)])
    assert hours(logs) == [2, 3, 2, 1, 0]
    assert agreement(logs, HOUR)["overlap"].tolist() == pytest.approx([2 / 7])
    found = disagreements(logs, HOUR)
    assert found["kind"].tolist() == ["bad minutes, no incident", "bad minutes, incident without impact"]
    assert found["start"].dt.minute.tolist() == [30, 32]
    assert found["hours"].tolist() == pytest.approx([2 / 60, 1 / 60])
    assert found["failed"].tolist() == [10, 5]


def test_an_incident_that_no_request_felt_is_listed_where_enough_were_asked():
    quiet = [minute(n) for n in (10, 11)]
    rows = [incident(10, 20, incident_id="A"), incident(30, 35, incident_id="B"), incident(40, 45, 0.0)]
    found = disagreements(logs_of([*quiet, minute(31, 5), minute(41)], rows), HOUR)
    assert found["kind"].tolist() == ["down, no request failed"]
    assert found.loc[0, ["incident_id", "title", "asked", "failed"]].tolist() == ["A", "down", 40, 0]
    assert found.loc[0, "hours"] == pytest.approx(2 / 60)
    assert disagreements(logs_of([*quiet, minute(15, 1, 1)], rows), HOUR).empty


def test_bad_minutes_during_an_incident_rated_without_impact_are_told_apart():
    logs = logs_of([minute(10, failed=9), minute(11, failed=9)], [incident(5, 11, 0.0)])
    kinds = disagreements(logs, HOUR).set_index("kind")["start"].dt.minute.to_dict()
    assert kinds == {"bad minutes, no incident": 11, "bad minutes, incident without impact": 10}


def test_where_nobody_watched_there_is_no_disagreement():
    half = {"covers_from_at": moment(30), "covers_until_at": "2026-08-01"}
    logs = logs_of([minute(10, failed=9), minute(40, failed=9)], exports=[half])
    assert hours(logs) == [0, 1, 0, 0, 1]
    assert disagreements(logs, HOUR)["start"].dt.minute.tolist() == [40]


def test_nothing_asked_gives_empty_tables():
    for logs in (logs_of([], [incident(1, 5)]), make_logs(as_of="2026-08-01")):
        assert agreement(logs, HOUR).empty
        assert disagreements(logs, HOUR).empty


ROWS = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.integers(0, 59)), st.tuples(st.integers(0, 15), st.integers(0, 3))
)
SPANS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(-5, 59), st.integers(0, 20), st.sampled_from([0.0, 0.5])), max_size=6
)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(ROWS, SPANS, st.integers(0, 60))
def test_agreement_equals_a_minute_by_minute_twin(rows, spans, watched_from):
    requests = [minute(n, good + failed, failed, component=s) for (s, n), (good, failed) in rows.items()]
    incidents = [
        incident(max(a, 0), max(a + n, 0), w, component=s, incident_id=f"I{i}") for i, (s, a, n, w) in enumerate(spans)
    ]
    half = {"covers_from_at": moment(watched_from), "covers_until_at": "2026-08-01"}
    logs = logs_of(requests, incidents, exports=[half], services="ab")
    found = agreement(logs, HOUR).set_index("service").reindex(list("ab")).fillna(0)
    listed = disagreements(logs, HOUR)
    silent = listed[listed["kind"] != "down, no request failed"].groupby("service")["hours"].sum()
    for service in "ab":
        cells = dict.fromkeys(("both_bad", "only_requests", "only_incidents", "both_good", "unwatched"), 0)
        for n in range(60):
            good, failed = rows.get((service, n), (0, 0))
            if good + failed < 10:
                continue
            bad = failed / (good + failed) > 0.05
            down = any(s == service and w > 0 and max(a, 0) <= n < a + length for s, a, length, w in spans)
            if n < watched_from:
                cells["unwatched"] += 1
            else:
                name = {(1, 1): "both_bad", (1, 0): "only_requests", (0, 1): "only_incidents", (0, 0): "both_good"}
                cells[name[bad, down]] += 1
        measured = found.loc[service, [f"{name}_hours" for name in cells]]
        np.testing.assert_allclose(measured, np.array(list(cells.values())) / 60, atol=1e-9)
        assert silent.get(service, 0) == pytest.approx(cells["only_requests"] / 60)
