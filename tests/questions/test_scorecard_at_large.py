"""The scorecard with nothing, without a catalogue, with hundreds of services, and in words."""

import numpy as np
import pandas as pd
import pytest

import continuity_analysis as ca
from continuity_analysis.questions.changes import change_in_words
from continuity_analysis.questions.scorecard import COLUMNS, OBJECTIVES
from tests.measurements.backup_logs import at, backup, export, logs_of

JULY = (at(0), at(31 * 24))
WATCH = {"product": "pager", "format": "pager_list", "export_id": "pager"}


def incident(n, component="web", *, begin=100, took=2, **more):
    row = {"incident_id": f"i{n}", "component": component, "kind": "incident", "status": "resolved", "impact": 1.0}
    row |= {"started_at": begin, "restored_at": begin + took, "started_basis": "impact", "observed_at": 1000}
    return WATCH | row | more


def drill(n, took=3, *, asset="db", **more):
    row = {"recovery_id": f"d{n}", "asset": asset, "kind": "drill", "status": "completed", "scope": "end_to_end"}
    times = {"disrupted_at": 50 * n, "service_restored_at": 50 * n + took}
    return {"product": "tool", "export_id": "drills", "observed_at": 1000} | row | times | more


def minute(total, failed, component="web"):
    row = {"log_id": "log", "component": component, "minute_at": 5, "total": total, "failed": failed, "rejected": 0}
    return {"product": "proxy", "export_id": "log", "observed_at": 1000} | row


def carded(services=None, *, period=JULY, as_of=1000, backups=(), **tables):
    watching = export("pager", product="pager", format="pager_list", kind="window", since=-2000, until=1000, scope="s")
    logs = logs_of(backups, [export(since=-2000, until=1000), watching], as_of=as_of,
                   catalog={"services": services} if services else None, **tables)  # fmt: skip
    return ca.scorecard(logs, period)


def row(card, objective, service="shop"):
    (found,) = card[(card["service"] == service) & (card["objective"] == objective)].to_dict("records")
    return found


def test_nothing_at_all():
    card = ca.scorecard(logs_of([], []), JULY)
    assert card.empty
    assert list(card.columns) == list(COLUMNS)


def test_promises_without_any_log_are_insufficient_and_say_why():
    promised = {"availability": "99%", "requests": "99%", "latency": {"under": "1s", "for": "99%"}, "rpo": "6h",
                "restore": {"within": "4h", "for": "90%"}, "rto": "8h", "mtpd": "24h"}  # fmt: skip
    card = carded({"shop": {"objectives": promised}})
    assert card["verdict"].tolist() == ["INSUFFICIENT"] * 7
    assert card["reason"].str.len().min() > 10
    assert card["target"].notna().all()
    assert (card["n"] == 0).all()


def test_without_a_catalogue_everything_seen_has_its_rows():
    card = carded(incidents=[incident(1)], backups=[backup("b", 0, 1, 0)], recoveries=[drill(1)])
    assert sorted(card["service"].unique()) == ["db", "web"]
    assert len(card) == 2 * len(OBJECTIVES)
    assert (card["verdict"] == "NOT_SET").all()
    assert card["target"].isna().all()
    assert row(card, "mtpd", "web")["achieved"] == 2 * 3600
    assert row(card, "rto", "db")["achieved"] == 3 * 3600
    assert row(card, "restore", "web")["achieved"] == 2 * 3600


def test_requests_are_measured():
    services = {"shop": {"components": ["web"], "objectives": {"requests": "99.9%"}}}
    found = row(carded(services, requests=[minute(10_000, 20)]), "requests")
    assert (found["achieved"], found["target"], found["n"]) == (0.998, 0.999, 10_000)
    assert found["verdict"] == "INSUFFICIENT"  # one logged minute of a month


def test_a_disruption_longer_than_tolerable_breaches_at_once():
    services = {"shop": {"components": ["web"], "objectives": {"mtpd": "24h"}}}
    found = row(carded(services, incidents=[incident(1, took=30)], as_of=200), "mtpd")
    assert (found["achieved"], found["verdict"], found["provisional"]) == (30 * 3600, "BREACHED", False)
    found = row(carded(services, incidents=[incident(1, took=20)], as_of=200), "mtpd")
    assert (found["verdict"], found["provisional"]) == ("MET", True)


def test_the_share_promised_is_in_the_definition_and_decides_what_is_achieved():
    services = {"shop": {"components": ["web"], "assets": ["db"]}}
    objectives = {"restore": {"within": "4h", "for": "60%"}, "rpo": {"within": "20h", "for": "50%"}}
    incidents = [incident(i, begin=100 * i, took=i) for i in range(1, 6)]
    backups = [backup(f"b{i}", 24 * i, 24 * i, 24 * i) for i in range(-10, 42)]
    card = carded({"shop": services["shop"] | {"objectives": objectives}}, incidents=incidents, backups=backups)
    assert row(card, "restore")["achieved"] == pytest.approx(3.5 * 3600)
    assert "60 %" in row(card, "restore")["definition"]
    assert row(card, "rpo")["achieved"] == pytest.approx(12 * 3600)
    assert row(card, "rpo")["verdict"] == "MET"


def test_the_proven_chance_is_said_beside_an_rto():
    services = {"shop": {"assets": ["db"], "objectives": {"rto": {"within": "8h", "chance": "90%"}}}}
    found = row(carded(services, recoveries=[drill(1), drill(2)]), "rto")
    assert found["verdict"] == "MET"
    assert "proven chance at least 22.4 %" in found["reason"]
    assert "27 more successes in a row would prove 90 %" in found["reason"]
    none = row(carded(services), "rto")
    assert none["verdict"] == "INSUFFICIENT"
    assert none["reason"].endswith("no recovery proves any chance; 29 successes in a row would prove 90 %")


def test_the_period_before_stands_beside():
    services = {"shop": {"components": ["web"], "objectives": {"restore": {"within": "4h", "for": "50%"}}}}
    incidents = [incident(1, begin=-100, took=1), incident(2, took=3)]
    found = row(carded(services, incidents=incidents), "restore")
    assert (found["achieved"], found["previous"]) == (3 * 3600, 3600)
    assert found["change"] == "too few to tell (1 and 1 incidents)"


def test_a_change_of_the_time_to_restore_is_the_verdict_of_its_test():
    services = {"shop": {"components": ["web"]}}
    before = [incident(i, begin=-100 - 5 * i, took=1 + i / 100) for i in range(1, 11)]
    longer = [incident(10 + i, begin=10 * i, took=3 + i / 100) for i in range(1, 11)]
    alike = [incident(10 + i, begin=10 * i, took=1 + i / 90) for i in range(1, 11)]
    found = row(carded(services, incidents=before + longer), "restore")
    assert found["change"] == "longer (10 and 10 incidents)"
    found = row(carded(services, incidents=before + alike), "restore")
    assert found["change"].startswith("no evidence of a change (10 and 10 incidents; a change by a factor of ")


def test_assumptions_are_said():
    services = {"shop": {"components": ["web"], "objectives": {"availability": "90%"}}}
    found = row(carded(services, incidents=[incident(1, impact=None)]), "availability")
    assert "impact assumed for 1" in found["assumed"]
    assert "in service since its logs begin" in found["assumed"]


WORDS = {
    "longer": (7200.0, 3600.0, "longer by 1 h, not tested"),
    "shorter": (3600.0, 5400.0, "shorter by 30 min, not tested"),
    "the same": (3600.0, 3600.0, "the same"),
    "now without limit": (np.inf, 3600.0, "longer without limit, not tested"),
    "no longer without limit": (3600.0, np.inf, "shorter without limit, not tested"),
    "both without limit": (np.inf, np.inf, "the same"),
    "none before": (3600.0, np.nan, None),
}


@pytest.mark.parametrize("name", WORDS)
def test_change_in_words(name):
    now, before, expected = WORDS[name]
    (words,) = change_in_words(pd.Series([now]), pd.Series([before]), ratio=False)
    assert pd.isna(words) if expected is None else words == expected


def test_change_of_a_ratio_in_words():
    words = change_in_words(pd.Series([0.999]), pd.Series([0.9985]), ratio=True)
    assert words[0].startswith("higher by 0.05 points")


def test_hundreds_of_services():
    """The worst verdicts come first, then the tier; nothing is computed service by service."""
    n = 300
    objectives = {"restore": {"within": "4h", "for": "50%"}, "rpo": "30h", "rto": "8h", "mtpd": "48h"}
    services = {f"s{i}": {"components": [f"web{i}"], "assets": [f"db{i}"], "tier": i % 4, "objectives": objectives}
                for i in range(n)}  # fmt: skip
    backups = [backup(f"b{i}-{d}", 24 * d, 24 * d + 1, 24 * d, asset=f"db{i}") for i in range(n) for d in range(-1, 32)
               if d != 9 or i % 2]  # fmt: skip
    card = carded(
        services,
        incidents=[incident(i, f"web{i}", took=1 + i % 7) for i in range(n)],
        backups=backups,
        recoveries=[
            drill(i, 3 + i % 6, asset=f"db{i}", disrupted_at=5, service_restored_at=8 + i % 7) for i in range(n)
        ],
    )
    assert len(card) == n * 7
    verdicts = ["BREACHED", "AT_RISK", "INSUFFICIENT", "MET", "NOT_SET"]
    assert card["verdict"].tolist() == sorted(card["verdict"], key=verdicts.index)
    for _, rows in card.groupby("verdict"):
        assert rows["tier"].is_monotonic_increasing
    assert (card[card["objective"] == "rpo"]["verdict"] == "BREACHED").sum() == n / 2
