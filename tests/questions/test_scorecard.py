"""One row per service and objective, from exports made by hand, each number known in advance."""

import logs_in_hand
import pandas as pd
import pytest

from continuity_analysis.catalog import read_catalog
from continuity_analysis.logs.gathering import rows_of
from continuity_analysis.logs.opening import make_logs
from continuity_analysis.periods import read_period
from continuity_analysis.questions import scorecard
from continuity_analysis.questions.achieved import achieved_mtpd
from continuity_analysis.questions.scorecard import COLUMNS
from tests.exports_by_hand import reading

PROMISES = {
    "availability": "99%", "restore": {"within": "4h", "for": "50%"}, "rpo": {"within": "12h"},
    "rto": {"within": "8h", "chance": "50%"}, "mtpd": "24h", "requests": "99%",
    "latency": {"under": "1s", "for": "99%"},
}  # fmt: skip
SHOP = {"components": ["web"], "assets": ["db"], "in_service_since": "2026-01-01", "tier": 1, "objectives": PROMISES}
WATCHED = {"covers_from_at": "2025-12-01", "covers_until_at": "2026-03-01"}
VAULT = {**WATCHED, "product": "vault", "format": "vault_jobs"}


def incident(name, start, end, **rest):
    how = {"status": "resolved", "impact": 1.0, "kind": "incident", "started_basis": "impact"}
    return {"incident_id": name, "started_at": start, "restored_at": end, **how, **rest}


def backup(day):
    at = f"{pd.Timestamp('2026-01-01') + pd.Timedelta(days=day):%Y-%m-%d}"
    points = {"started_at": f"{at}T00:00Z", "recovery_point_at": f"{at}T00:00Z", "finished_at": f"{at}T01:00Z"}
    return {"backup_id": at, "method": "full", "status": "completed", **points}


def drill(name, start, end):
    how = {"kind": "drill", "status": "completed", "scope": "end_to_end"}
    return {"recovery_id": name, "disrupted_at": start, "service_restored_at": end, **how}


@pytest.fixture(scope="module")
def card():
    incidents = [
        incident("one", "2026-01-05T00:00Z", "2026-01-05T02:00Z"),
        incident("two", "2026-01-06T00:00Z", "2026-01-06T06:00Z"),
        incident("three", "2026-01-07T00:00Z", "2026-01-07T01:00Z"),
    ]
    exports = [
        reading("a", "2026-03-01", kind="events", incidents=incidents, about=WATCHED),
        reading("b", "2026-03-01", kind="events", backups=[backup(d) for d in range(-1, 31)], about=VAULT),
        reading("c", "2026-03-01", recoveries=[drill("d", "2026-01-10T00:00Z", "2026-01-10T05:00Z")], about=VAULT),
    ]
    rows, skipped = rows_of(exports)
    catalog = read_catalog({"services": {"shop": SHOP, "other": {"tier": 2}}})
    return scorecard(make_logs(rows, catalog=catalog, timezone=None, origin="here", skipped=skipped), "2026-01")


def row(card, objective, service="shop"):
    return card[(card["service"] == service) & (card["objective"] == objective)].iloc[0]


def test_there_is_a_row_for_every_service_and_objective(card):
    assert list(card.columns) == list(COLUMNS)
    assert len(card) == 2 * 7
    assert (card.loc[card["service"] == "other", "verdict"] == "NOT_SET").all()
    assert card["definition"].notna().all()
    assert not card["provisional"].any()


@pytest.mark.parametrize(
    ("objective", "target", "achieved", "verdict", "n"),
    [
        ("availability", 0.99, 1 - 9 / 744, "BREACHED", 3),
        ("restore", 4 * 3600, 2 * 3600, "MET", 3),
        ("rto", 8 * 3600, 5 * 3600, "MET", 1),
        ("mtpd", 24 * 3600, 6 * 3600, "MET", 3),
        ("requests", 0.99, None, "INSUFFICIENT", 0),
        ("latency", 0.99, None, "INSUFFICIENT", 0),
    ],
)
def test_what_was_achieved_is_in_the_targets_own_unit(card, objective, target, achieved, verdict, n):
    found = row(card, objective)
    assert found["target"] == pytest.approx(target)
    assert found["verdict"] == verdict
    assert found["n"] == n
    if achieved is None:
        assert pd.isna(found["achieved"])
    else:
        assert found["achieved"] == pytest.approx(achieved, rel=1e-12)


def test_the_exposure_at_the_promised_share_is_the_worst(card):
    found = row(card, "rpo")
    assert found["achieved"] == pytest.approx(25 * 3600)
    assert found["verdict"] == "BREACHED"


def test_the_worst_verdict_comes_first_and_then_the_tier(card):
    assert card["verdict"].to_list() == sorted(
        card["verdict"], key=["BREACHED", "AT_RISK", "INSUFFICIENT", "MET", "NOT_SET"].index
    )
    assert card["service"].iloc[0] == "shop"


def test_the_period_before_is_stated_and_its_difference_is_never_called_a_change(card):
    words = card.loc[card["objective"] != "restore", "change"].dropna()
    assert (words.eq("the same") | words.str.endswith(", not tested")).all()
    assert pd.isna(row(card, "availability")["previous"])
    assert pd.isna(row(card, "availability")["change"])


def test_a_disruption_begun_before_the_period_counts_in_its_whole_length():
    catalog = {"services": {"web": {"watched_by": ["pager"], "in_service_since": "2026-01-01",
                                    "objectives": {"mtpd": "48h"}}}}  # fmt: skip
    incidents = [
        {"started_at": "2026-06-29T00:00", "restored_at": "2026-07-01T06:00", "impact": 1.0},
        {"started_at": "2026-07-09T00:00", "restored_at": "2026-07-09T06:00", "impact": 1.0},
    ]
    watched = [{"covers_from_at": "2026-01-01", "covers_until_at": "2026-08-01"}]
    logs = logs_in_hand.make_logs(as_of="2026-08-01", catalog=catalog, incidents=incidents, exports=watched)
    found = achieved_mtpd(logs, read_period("2026-07")).loc["web"]
    assert (found["achieved"], found["verdict"], found["n"]) == (54 * 3600, "BREACHED", 2)
    assert found["assumed"] == "begun before the period: 1"
    assert achieved_mtpd(logs, read_period("2026-06")).loc["web", "n"] == 1


def asked(minute, **more):
    times = [0] * 52
    times[26], times[27], times[30] = 90, 5, 5  # up to 0.4, 0.5 and 1 s
    counts = {"total": 100, "failed": 0, "rejected": 0, "latency_histogram": times} | more
    return {"log_id": "L", "component": "web", "minute_at": minute, **counts}


@pytest.mark.parametrize(
    ("under", "achieved", "verdict", "assumed"),
    [("1s", 1.0, "MET", None), ("500ms", 0.95, "BREACHED", None),
     ("450ms", 0.9, "BREACHED", "a lower bound; at most 95 %"),
     ("900ms", 0.95, "INSUFFICIENT", "a lower bound; at most 100 %")],
)  # fmt: skip
def test_requests_and_latency_are_what_access_logs_say(under, achieved, verdict, assumed):
    rows = [asked("2026-01-01T00:00Z"), asked("2026-01-31T23:59Z", total=102, failed=2)]  # two without a time
    export = reading(
        "r", "2026-03-01", kind="window", requests=rows, about={"product": "proxy", "format": "proxy_access"}
    )
    made, skipped = rows_of([export])
    promised = {"requests": "99%", "latency": {"under": under, "for": "99%"}}
    catalog = read_catalog({"services": {"shop": SHOP | {"objectives": promised}}})
    card = scorecard(make_logs(made, catalog=catalog, timezone=None, origin="here", skipped=skipped), "2026-01")
    served, fast = row(card, "requests"), row(card, "latency")
    assert (served["achieved"], served["verdict"], served["n"]) == (pytest.approx(1 - 2 / 202), "MET", 202)
    assert (served["coverage"], fast["coverage"]) == (1, 1)
    assert (fast["achieved"], fast["verdict"], fast["n"]) == (pytest.approx(achieved), verdict, 200)
    assert (None if pd.isna(fast["assumed"]) else fast["assumed"]) == assumed
