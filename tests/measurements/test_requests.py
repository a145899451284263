"""Requests into the share that was served, minutes that were bad, and what the logs speak of."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs_in_hand import make_logs

from continuity_analysis.errors import ContinuityError
from continuity_analysis.questions.requests import request_availability
from continuity_analysis.tables import LATENCY_BOUNDS

HOUR = "2026-07-01T00:00/2026-07-01T01:00"
SHOP = {"in_service_since": "2026-06-01"}


def minute(n, total, failed=0, rejected=0, **more):
    at = f"2026-07-{1 + n // 1440:02d}T{n // 60 % 24:02d}:{n % 60:02d}Z"
    return {"minute_at": at, "total": total, "failed": failed, "rejected": rejected, **more}


def times(**counts):
    """A histogram with so many response times up to each bound; `b0_5` is the bound of 0.5 s, `beyond` the last."""
    found = [0] * (len(LATENCY_BOUNDS) + 1)
    for name, count in counts.items():
        found[-1 if name == "beyond" else LATENCY_BOUNDS.index(float(name[1:].replace("_", ".")))] = count
    return found


def asked(*rows, period=HOUR, service=None, by="service", as_of="2026-08-01", **catalog):
    services = {"web": SHOP | (service or {})} | catalog
    return request_availability(
        make_logs(as_of=as_of, requests=list(rows), catalog={"services": services}), period, by=by
    )


def one(*rows, **options):
    return asked(*rows, **options).set_index("service").loc["web"]


WHOLE = [minute(0, 10), minute(59, 10)]  # a log that speaks of the whole hour


def test_what_policy_refused_is_not_counted():
    """1 - failed / (total - rejected): 2.5 million requests at 99.99 % are 250 errors (known answer 3.2)."""
    found = one(minute(1, 2_500_100, 250, 100), minute(2, 0))
    assert found["request_availability"] == pytest.approx(0.9999, abs=1e-12)
    assert found[["total", "failed", "rejected", "n"]].tolist() == [2_500_100, 250, 100, 2_500_000]


def test_the_window_is_half_open_and_services_stay_apart():
    rows = [minute(0, 10, 1), minute(59, 10), minute(60, 10, 10), minute(5, 4, 4, component="api")]
    found = asked(*rows, api=SHOP).set_index("service")
    assert found["request_availability"].to_dict() == {"api": 0.0, "web": 0.95}
    assert found.loc["web", "asked_hours"] == pytest.approx(2 / 60)


def test_nothing_left_to_serve_is_unknown():
    assert np.isnan(one(minute(1, 5, 0, 5))["request_availability"])
    assert asked().empty
    assert request_availability(make_logs(as_of="2026-08-01"), HOUR).empty


def test_a_log_that_does_not_say_what_failed_counts_nowhere():
    found = one(minute(1, 100, failed=None), minute(2, 10, 1))
    assert (found["n"], found["request_availability"]) == (10, 0.9)


def test_all_logs_of_a_minute_make_the_minute():
    found = one(minute(1, 6, 0), minute(1, 6, 1, log_id="L2"), minute(2, 9, 9))
    assert (found["bad_hours"] * 60, found["good_hours"] * 60) == (1, 0)
    assert (found["few_hours"] * 60, found["bad_minute_availability"]) == (1, 0)


@pytest.mark.parametrize(
    ("total", "failed", "rejected", "state"),
    [
        (100, 5, 0, "good"),
        (100, 6, 0, "bad"),
        (10, 1, 0, "bad"),
        (9, 9, 0, "few"),
        (12, 1, 3, "few"),
        (12, 1, 2, "bad"),
    ],
)
def test_bad_is_more_than_5_percent_of_at_least_10_that_were_not_refused(total, failed, rejected, state):
    found = one(minute(7, total, failed, rejected))
    assert {s: round(60 * found[f"{s}_hours"]) for s in ("good", "bad", "few")}[state] == 1
    assert found[["good_hours", "bad_hours", "few_hours"]].sum() == pytest.approx(1 / 60)


def test_the_catalogue_says_when_a_minute_is_bad():
    found = one(minute(7, 4, 1), minute(8, 4, 0), service={"bad_minute": {"failed": "20%", "of_at_least": 4}})
    assert found["bad_minute_availability"] == 0.5


def test_only_minutes_of_agreed_hours_count():
    work = {"rrule": "FREQ=DAILY", "start": "00:10", "duration": "10min"}
    found = one(*WHOLE, minute(10, 50, 50), minute(19, 50, 50), minute(20, 20, 20), service={"maintenance": [work]})
    assert (found["n"], found["failed"]) == (40, 20)
    assert (found["agreed_hours"], found["logged_hours"]) == pytest.approx((50 / 60, 50 / 60))


def test_a_log_speaks_of_its_services_from_its_first_minute_to_its_last():
    """Web was asked in two minutes; the log is there for 30, and nobody asked web in the others."""
    rows = [minute(0, 10, component="api"), minute(10, 10), minute(20, 10, 1), minute(29, 10, component="api")]
    found = one(*rows, api=SHOP)
    assert (found["logged_hours"], found["logged"]) == (0.5, 0.5)
    assert found["asked_hours"] == pytest.approx(2 / 60)


def test_unlogged_time_opens_bounds_as_if_it_had_as_many_requests():
    """10 of 100 failed in half of the hour: had the other half had 100 too, 10 to 110 of 200 would have."""
    found = one(minute(0, 50), minute(29, 50, 10))
    low, high = found["request_availability_low"], found["request_availability_high"]
    assert (low, found["request_availability"], high) == pytest.approx((0.45, 0.9, 0.95))


@pytest.mark.parametrize(
    ("rows", "goal", "verdict"),
    [
        ([*WHOLE, minute(1, 80, 1)], "99%", "MET"),
        ([*WHOLE, minute(1, 80, 1)], "99.1%", "BREACHED"),
        ([minute(0, 50), minute(29, 50, 1)], "99%", "INSUFFICIENT"),
        ([minute(0, 50), minute(29, 50, 40)], "99%", "BREACHED"),
        ([], "99%", "INSUFFICIENT"),
        (WHOLE, None, "NOT_SET"),
    ],
)
def test_a_verdict_holds_whatever_unlogged_time_held(rows, goal, verdict):
    found = one(*rows, service={"objectives": {"requests": goal}})
    assert found["verdict"] == verdict
    if verdict == "INSUFFICIENT" and rows:
        assert "no access log speaks of 30 min" in found["reason"]


def test_an_unfinished_period_is_not_lost_yet():
    rows = [minute(0, 50), minute(29, 50, 40)]
    found = one(*rows, service={"objectives": {"requests": "99%"}}, as_of="2026-07-01T00:30Z")
    assert (found["verdict"], found["provisional"], found["logged"]) == ("AT_RISK", True, 1)


LIMIT = {"objectives": {"latency": {"under": "500ms", "for": "90%"}}}


@pytest.mark.parametrize(
    ("under", "low", "high"),
    [("500ms", 0.7, 0.7), ("0.5s", 0.7, 0.7), ("400ms", 0.6, 0.6), ("450ms", 0.6, 0.7), ("1ms", 0, 0), ("0.5ms", 0, 0),
     ("100s", 0.9, 0.9), ("200s", 0.9, 1.0)],
)  # fmt: skip
def test_a_limit_between_two_bounds_leaves_the_share_between_two_counts(under, low, high):
    row = minute(0, 10, latency_histogram=times(b0_4=6, b0_5=1, b0_63=2, beyond=1))
    found = one(row, service={"objectives": {"latency": {"under": under, "for": "90%"}}})
    assert (found["latency_share"], found["latency_share_most"]) == pytest.approx((low, high))


@pytest.mark.parametrize(("share", "verdict"), [("60%", "MET"), ("65%", "INSUFFICIENT"), ("71%", "BREACHED")])
def test_both_sides_must_agree_or_there_is_no_verdict(share, verdict):
    half = times(b0_4=6, b0_5=1, b0_63=3)
    rows = [minute(0, 10, latency_histogram=half), minute(59, 10, latency_histogram=half)]
    found = one(*rows, service={"objectives": {"latency": {"under": "450ms", "for": share}}})
    assert found["latency_verdict"] == verdict
    if verdict == "INSUFFICIENT":
        assert "leave open 60 % to 70 %" in found["latency_reason"]


def test_a_failure_is_no_fast_answer_and_a_refusal_none_at_all():
    """8 of 10 within the limit, 2 failed and 1 was refused: of 7 served 5 were in time at least, 7 at most."""
    rows = [minute(0, 10, 2, 1, latency_histogram=times(b0_4=8, b5_0=2)), minute(1, 3, latency_histogram=times(b0_4=3))]
    found = one(*rows, service=LIMIT)
    assert found["served"] == 10
    assert (found["latency_share"], found["latency_share_most"]) == pytest.approx((0.8, 1.0))


def test_a_histogram_of_the_served_alone_is_exact_and_no_histogram_leaves_all_open():
    served = one(minute(0, 10, 2, 1, latency_histogram=times(b0_4=5, b5_0=2)), service=LIMIT)
    assert (served["latency_share"], served["latency_share_most"]) == pytest.approx((5 / 7, 5 / 7))
    none = one(*WHOLE, service=LIMIT)
    assert (none["latency_share"], none["latency_share_most"], none["latency_verdict"]) == (0, 1, "INSUFFICIENT")
    assert np.isnan(one(*WHOLE)["latency_share"])


def test_days_and_weeks_are_those_of_the_zone():
    rows = [minute(0, 10, 1), minute(22 * 60, 10, 2), minute(24 * 60, 10, 3)]
    logs = make_logs(as_of="2026-08-01", requests=rows, timezone="Europe/Rome", catalog={"services": {"web": SHOP}})
    days = request_availability(logs, "2026-07", by="day")
    assert days["failed"].tolist() == [1, 5]  # 22:00 and 00:00 UTC are 2 July in Rome
    assert days["from_at"].astype(str).tolist() == ["2026-06-30 22:00:00+00:00", "2026-07-01 22:00:00+00:00"]
    assert days["request_availability"].tolist() == [0.9, 0.75]
    weeks = request_availability(logs, "2026-07", by="week")
    assert (weeks["n"].tolist(), weeks["failed"].tolist()) == ([30], [6])
    with pytest.raises(ContinuityError, match="service, day or week"):
        request_availability(logs, "2026-07", by="month")


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 90), st.integers(0, 30), st.integers(0, 8), st.integers(0, 8)),
    max_size=25,
)


def logs_from(rows):
    spread = [
        minute(n, total + failed + rejected, failed, rejected, component=name, log_id=f"L{i}",
               latency_histogram=times(b0_4=total // 2, b0_5=total - total // 2 + failed))
        for i, (name, n, total, failed, rejected) in enumerate(rows)
    ]  # fmt: skip
    promised = SHOP | {"objectives": {"latency": {"under": "450ms", "for": "90%"}}}
    return make_logs(as_of="2026-08-01", requests=spread, catalog={"services": dict.fromkeys("abc", promised)})


@settings(max_examples=20, deadline=None, derandomize=True)
@given(ROWS, st.integers(1, 90))
def test_counts_equal_a_minute_by_minute_twin_and_parts_of_a_window_add_up(rows, cut):
    logs = logs_from(rows)
    names = ["n", "failed", "rejected", "served", "bad_hours", "good_hours", "few_hours", "asked_hours", "logged_hours"]
    parts = [f"2026-07-01T00:00/{minute(cut, 0)['minute_at']}", f"{minute(cut, 0)['minute_at']}/2026-07-01T01:31"]
    whole, first, second = (
        request_availability(logs, p).set_index("service").reindex(list("abc")).fillna(0)
        for p in ("2026-07-01T00:00/2026-07-01T01:31", *parts)
    )
    np.testing.assert_allclose(whole[names], first[names] + second[names], atol=1e-9)
    for service in "abc":
        bad = good = few = 0
        for n in range(91):
            here = [r for r in rows if r[0] == service and r[1] == n]
            asked, failed = sum(r[2] + r[3] for r in here), sum(r[3] for r in here)
            bad += asked >= 10 and failed / asked > 0.05
            good += asked >= 10 and failed / asked <= 0.05
            few += 0 < asked < 10
        found = whole.loc[service]
        assert found[["bad_hours", "good_hours", "few_hours"]].tolist() == pytest.approx(
            [bad / 60, good / 60, few / 60]
        )
        assert found["n"] == sum(r[2] + r[3] for r in rows if r[0] == service)
        low, high = found["latency_share"], found["latency_share_most"]
        true = sum(r[2] // 2 for r in rows if r[0] == service)
        assert low - 1e-9 <= true / max(found["served"], 1) <= high + 1e-9
