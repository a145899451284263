"""Expected availability as a question: history, pooling, planned work, verdicts, nothing at all."""

import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs
from matplotlib import pyplot as plt

import continuity_analysis as ca
from continuity_analysis.figures import expected_availability as figure
from continuity_analysis.periods import read_period
from continuity_analysis.questions.achieved import achieved_availability
from continuity_analysis.questions.expected_availability import ALL
from continuity_analysis.questions.promises import promises
from continuity_analysis.questions.scorecard import _card

WATCHED = {"covers_from_at": "2025-01-01", "covers_until_at": "2026-07-01"}
HOURS = (0.4, 2.1, 0.9, 5.5, 1.3, 0.7, 3.2, 0.25, 1.8, 1.1, 0.6)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def outages(hours=HOURS, *, component="web", first="2025-02-01", every=40):
    starts = [pd.Timestamp(first, tz="UTC") + pd.Timedelta(days=every * i) for i in range(len(hours))]
    ends = [s + pd.Timedelta(hours=h) for s, h in zip(starts, hours, strict=True)]
    return [
        {"component": component, "started_at": str(s), "restored_at": str(e), "impact": 1.0}
        for s, e in zip(starts, ends, strict=True)
    ]


def logs_of(*incidents, objective="99%", services=("web",), as_of="2026-07-01", **more):
    promise = {"in_service_since": "2025-01-01", "watched_by": ["pager"], "objectives": {"availability": objective}}
    catalog = {"services": dict.fromkeys(services, promise | more)}
    return make_logs(as_of=as_of, catalog=catalog, incidents=list(incidents), exports=[WATCHED])


def row(frame, service="web"):
    return frame.set_index("service").loc[service]


def test_all_known_time_counts_and_the_coming_period_is_as_long():
    logs = logs_of(*outages())
    found = row(ca.expected_availability(logs, "2026Q2"))
    assert (found["n"], found["n_known"]) == (11, 11)
    assert found["up_hours"] == pytest.approx(546 * 24 - sum(HOURS))
    assert found["coming_hours"] == 91 * 24
    assert found["expected_low"] < found["expected"] < found["expected_high"]
    assert found["achieved"] == row(ca.availability(logs, "2026Q2"))["availability"]
    assert found["history_from"] == pd.Timestamp("2025-01-01", tz="UTC")
    recent = row(ca.expected_availability(logs, "2026Q2", history="2026"))
    assert recent["n"] == 2
    assert "at least 10 are needed" in recent["reason"]


def test_met_is_at_risk_where_the_chance_is_small_and_met_without_a_chance():
    found = row(ca.expected_availability(logs_of(*outages(), objective="99.9%"), "2026-06"))
    assert found["achieved"] == 1
    assert 0.3 < found["chance"] < 0.9
    assert found["verdict"] == "AT_RISK"
    assert row(ca.expected_availability(logs_of(*outages(), objective="90%"), "2026-06"))["verdict"] == "MET"
    few = row(ca.expected_availability(logs_of(*outages(HOURS[:5]), objective="99.9%"), "2026-06"))
    assert np.isnan(few["chance"])
    assert few["verdict"] == "MET"
    assert 0 < few["chance_no_failure"] < 1


def test_no_failure_has_a_bound_only():
    found = row(ca.expected_availability(logs_of(), "2026Q2"))
    assert found["chance_no_failure"] == pytest.approx(0.05 ** (91 / 546))
    assert found["reason"].startswith("no failure in")
    assert np.isnan(found["expected"])


def test_planned_work_is_added_as_announced_unless_only_unplanned_is_judged():
    work = {"kind": "maintenance", "planned": True, "status": "scheduled", "impact": 0.5, "component": "web",
            "scheduled_from_at": "2026-07-10", "scheduled_until_at": "2026-07-11"}  # fmt: skip
    for judged, added in (("all", 12), ("unplanned", 0)):
        found = row(ca.expected_availability(logs_of(*outages(), work, judged=judged), "2026Q2"))
        assert found["announced_hours"] == 12
        assert found["unplanned_expected"] - found["expected"] == pytest.approx(added / (91 * 24))
        assert found["judged"] == judged


def test_over_all_services_what_overlaps_is_one_failure():
    both = [*outages(HOURS[:6]), *outages(HOURS[:6], component="shop"), *outages(HOURS[6:], component="shop", every=29)]
    found = ca.expected_availability(logs_of(*both, services=("web", "shop")), "2026Q2")
    assert found["service"].iloc[-1] == ALL
    assert row(found, ALL)["n"] < row(found)["n"] + row(found, "shop")["n"]
    assert row(found, ALL)["n"] == 10  # six of both, five of the shop alone, the first of which is at the same time
    assert row(found, ALL)["up_hours"] == row(found)["up_hours"] + row(found, "shop")["up_hours"]
    assert pd.isna(row(found, ALL)["chance"])


def test_availability_and_the_scorecard_have_what_is_expected():
    logs = logs_of(*outages())
    expected = row(ca.expected_availability(logs, "2026Q2"))
    card = achieved_availability(logs, read_period("2026Q2")).loc["web"]
    for name in ("expected", "expected_low", "expected_high"):
        assert card[name] == row(ca.availability(logs, "2026Q2"))[name] == expected[name]
    now = achieved_availability(logs, read_period("2026Q2"))
    promised = promises(logs.catalog, ["web"])
    assert _card("availability", now, now, promised)["expected"].tolist() == [expected["expected"]]


def test_a_failure_with_which_an_assumed_service_life_begins_is_not_counted():
    first = {"covers_from_at": outages()[0]["started_at"]}  # nobody looked before
    logs = make_logs(as_of="2026-07-01", incidents=outages(), exports=[WATCHED | first])
    assert row(ca.failure_rates(logs))["n"] == 10
    assert row(ca.failure_rates(logs_of(*outages())))["n"] == 11


@pytest.mark.parametrize("logs", [make_logs(as_of="2026-07-01"), logs_of(as_of="2026-07-01")])
def test_nothing(logs):
    found, rates = ca.expected_availability(logs, "2026Q2"), ca.failure_rates(logs, "2026Q2")
    figure.plot_expected_availability(found)
    figure.plot_failure_rates(rates)
    assert len(figure.expected_table(found).rows) == len(found)
    assert len(figure.failure_rates_table(rates).rows) == len(rates)
    assert figure.expected_sentence(found)


def test_figures_show_each_service_at_its_value():
    logs = logs_of(*outages(), *outages(HOURS * 3, component="shop", every=12), services=("web", "shop", "idle"))
    found, rates = ca.expected_availability(logs, "2026Q2"), ca.failure_rates(logs)
    ax = figure.plot_expected_availability(found)
    shown = found[found["expected"].notna()]
    x = next(line for line in ax.lines if line.get_marker() == "o").get_xdata()
    assert x == pytest.approx(1 - shown["expected"].to_numpy())
    assert "idle" not in " ".join(t.get_text() for t in ax.get_yticklabels())
    ax = figure.plot_failure_rates(rates)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == [
        "exact (Poisson)", "overdispersed (failures cluster)", "no failure: at most"
    ]  # fmt: skip
    sentence = figure.expected_sentence(found)
    assert "Of 3 services, 2 failed often enough" in sentence
    assert "chance" in sentence
