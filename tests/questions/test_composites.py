"""Composites from logs: tiers, services with all they need, and whether their promises can be kept at all."""

import pandas as pd
import pytest
from matplotlib import pyplot as plt

from continuity_analysis.figures import composites as figure
from continuity_analysis.questions import composite_scorecard, reachable_availability, scorecard
from tests.measurements.backup_logs import at, export, logs_of

PERIOD = (at(0), at(240))

SERVICES = {
    "shop": {"tier": 1, "depends_on": ["cart", "db"], "objectives": {"availability": "95%", "mtpd": "3h"}},
    "cart": {"tier": 1, "depends_on": ["db"], "objectives": {"availability": "98%"}},
    "db": {"tier": 2, "objectives": {"availability": "96%"}},
    "lone": {},
}


def down(n, component, day, hours):
    row = {"incident_id": f"i{n}", "component": component, "kind": "incident", "status": "resolved", "impact": 1.0}
    times = {"started_at": 24 * day, "restored_at": 24 * day + hours, "started_basis": "impact", "observed_at": 300}
    return row | times | {"product": "pager", "format": "pager_list", "export_id": "pager"}


def logs(services=SERVICES):
    stated = {n: {"in_service_since": "2026-01-01", "watched_by": ["pager"], **s} for n, s in services.items()}
    what = [("shop", 1, 4), ("cart", 1, 6), ("db", 3, 12), ("cart", 3, 2)] if services else [("web", 1, 4)]
    incidents = [down(n, *row) for n, row in enumerate(what)]
    pager = export("pager", product="pager", format="pager_list", kind="window", since=-2000, until=300, scope="s")
    return logs_of([], [pager], catalog={"services": stated} if services else None, as_of=240, incidents=incidents)


@pytest.fixture(scope="module")
def seen():
    return logs()


@pytest.fixture(scope="module")
def composites(seen):
    return composite_scorecard(seen, PERIOD)


@pytest.fixture(scope="module")
def reachable(seen):
    return reachable_availability(seen, PERIOD)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def of(composites, name, objective="availability"):
    (row,) = composites[(composites["composite"] == name) & (composites["objective"] == objective)].to_dict("records")
    return row


def test_every_composite_has_every_objective(composites):
    assert composites.groupby("kind")["composite"].unique().map(set).to_dict() == {
        "all": {"all services"}, "tier": {"tier 1", "tier 2"}, "depends_on": {"shop", "cart"}}  # fmt: skip
    assert (composites.groupby(["kind", "composite"]).size() == 7).all()
    assert composites["rule"].str.startswith("the worst verdict of its services").all()


def test_a_tier_is_up_while_all_its_services_are(composites):
    tier = of(composites, "tier 1")
    assert tier["achieved"] == pytest.approx(1 - 8 / 240)  # shop 4 h within cart's 6 h, and 2 h
    assert (tier["verdict"], tier["n_services"], tier["n_breached"], tier["n_met"]) == ("BREACHED", 2, 1, 1)
    assert tier["worst_service"] == "cart"
    assert of(composites, "tier 2")["achieved"] == pytest.approx(1 - 12 / 240)
    assert of(composites, "all services")["achieved"] == pytest.approx(1 - 18 / 240)
    assert of(composites, "all services")["n_not_set"] == 1


def test_with_what_it_needs_a_service_is_down_when_any_is(composites):
    assert of(composites, "shop")["achieved"] == pytest.approx(1 - 18 / 240)
    assert of(composites, "shop", "mtpd")["achieved"] == 4 * 3600  # the longest of those that promised it


def test_the_services_own_verdicts_are_those_of_the_scorecard(seen, composites):
    card = scorecard(seen, PERIOD)
    counted = composites[(composites["kind"] == "all")].set_index("objective")
    for objective, rows in card.groupby("objective"):
        assert counted.loc[objective, "n_met"] == (rows["verdict"] == "MET").sum()
        assert counted.loc[objective, "n_insufficient"] == (rows["verdict"] == "INSUFFICIENT").sum()


def test_what_can_be_promised_follows_from_what_is_needed(reachable):
    found = reachable.set_index("service")
    assert found.index.tolist() == ["cart", "shop"]
    assert found.loc["cart", "promised_reachable"] == "no"  # 98 %, and db promises 96 %
    shop = found.loc["shop"]
    assert (shop["needs"], shop["n_needs"], shop["promised_reachable"]) == ("cart, db", 2, "only if failures coincide")
    assert shop["promised_product"] == pytest.approx(0.98 * 0.96)
    assert shop["achieved_product"] == pytest.approx((1 - 8 / 240) * (1 - 12 / 240))
    assert shop["together_availability"] == pytest.approx(1 - 18 / 240)
    assert shop["verdict"] == "MET"


def test_figures_and_words(composites, reachable):
    glance = figure.composites_glance(composites)
    assert [row[0] for row in glance.rows] == ["all services", "tier 1", "tier 2"]
    assert glance.rows[1][1] == "Breached, 1 of 2 met"
    table = figure.composites_table(composites, kinds=("depends_on",))
    assert {row[0] for row in table.rows} == {"shop", "cart"}
    assert "tier 1 96.67 % (2 services)" in figure.composites_sentence(composites)
    ax = figure.plot_reachable(reachable)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["cart  (needs 1)", "shop  (needs 2)"]
    assert "2 of 2 promise as much" in ax.get_title(loc="left") + ax.get_title()
    assert figure.reachable_table(reachable).rows[0][4] == "no"
    assert "**Of 2 services that need others, 2 promise" in figure.reachable_sentence(reachable)


def test_nothing_at_all():
    empty = logs_of([], [])
    composites, reachable = composite_scorecard(empty, PERIOD), reachable_availability(empty, PERIOD)
    assert composites.empty
    assert reachable.empty
    assert figure.composites_glance(composites).rows == figure.composites_table(composites).rows == ()
    assert figure.composites_sentence(composites).startswith("Never was a source watching")
    assert figure.plot_reachable(reachable).texts[0].get_text() == "The catalogue states no depends_on."
    assert figure.reachable_table(reachable).caption == "The catalogue states no depends_on."
    unset = {"shop": {"depends_on": ["db"]}, "db": {}}
    found = reachable_availability(logs(unset), PERIOD)
    assert found["reason"].tolist() == ["no availability is promised"]
    assert figure.plot_reachable(found).texts[0].get_text().startswith("No service that needs others promised")


def test_without_a_catalogue_all_services_are_the_only_composite():
    found = composite_scorecard(logs({}), PERIOD)
    assert found["composite"].unique().tolist() == ["all services"]
    assert pd.isna(found["known_hours"]).sum() == 6
