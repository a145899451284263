"""Down time by cause: what the source says, what the catalogue's rules make of it, and that it adds up."""

import pandas as pd
import pytest
from logs_in_hand import make_logs

from continuity_analysis.catalog import read_catalog
from continuity_analysis.errors import CatalogError, InputError
from continuity_analysis.models.causes import estimate_concentration
from continuity_analysis.questions.availability import availability
from continuity_analysis.questions.causes import downtime_by_cause, downtime_concentration

PERIOD = ("2026-01-01", "2026-02-01")
PAGER = {"covers_from_at": "2026-01-01", "covers_until_at": "2026-02-01"}
PAGE = PAGER | {"export_id": "e2", "product": "page", "format": "page_states"}
RULES = [{"cause": "human_error", "when": "*config*"}, {"cause": "load", "when": "*"}]


def down(start, end, **values):
    return {"started_at": f"2026-01-{start}", "restored_at": f"2026-01-{end}", "impact": 1.0, **values}


def logs(*incidents, catalog=None, **tables):
    return make_logs(as_of="2026-02-01", catalog=catalog, incidents=list(incidents), exports=[PAGER, PAGE], **tables)


def by_cause(found, column="down_hours"):
    return dict(zip(found["cause"], found[column], strict=True))


def test_the_sources_own_class_stands_where_no_rule_fits():
    rows = (
        down("02T00:00", "02T02:00", cause="attack"), down("03T00:00", "03T01:00", title="Wrong CONFIG rolled out"),
        down("04T00:00", "04T03:00"),
    )  # fmt: skip
    found = downtime_by_cause(logs(*rows, catalog={"causes": RULES[:1]}), PERIOD)
    assert by_cause(found) == {"unknown": 3.0, "attack": 2.0, "human_error": 1.0}
    assert by_cause(found, "n_by_rule") == {"unknown": 0, "attack": 0, "human_error": 1}
    assert found["cumulative_share"].to_list() == pytest.approx([0.5, 5 / 6, 1])


def test_the_first_rule_that_fits_wins_over_the_source_and_reads_cause_and_title():
    rows = (down("02T00:00", "02T02:00", cause="attack", cause_reported="bad config"),
            down("03T00:00", "03T01:00", title="slow"))  # fmt: skip
    assert by_cause(downtime_by_cause(logs(*rows, catalog={"causes": RULES}), PERIOD)) == {
        "human_error": 2.0, "load": 1.0,
    }  # fmt: skip


def test_what_was_ingested_is_left_as_it_is():
    some = logs(down("02T00:00", "02T02:00", cause="attack", title="x"), catalog={"causes": RULES})
    downtime_by_cause(some, PERIOD)
    assert some.incidents["cause"].to_list() == ["attack"]


def test_overlaps_count_once_and_planned_work_stands_apart():
    rows = (
        down("02T00:00", "02T04:00", cause="attack"), down("02T02:00", "02T06:00", cause="load"),
        down("02T05:00", "02T08:00", cause="update", planned=True),
    )  # fmt: skip
    some = logs(*rows)
    found = downtime_by_cause(some, PERIOD)
    assert by_cause(found, "unplanned_hours") == {"attack": 3.0, "load": 3.0, "update": 0.0}
    assert by_cause(found, "planned_hours") == {"attack": 0.0, "load": 0.0, "update": 2.0}
    assert by_cause(found, "n") == {"attack": 1, "load": 0, "update": 0}
    whole = availability(some, PERIOD).iloc[0]
    assert found["unplanned_hours"].sum() == pytest.approx(whole["unplanned_hours"])
    assert found["planned_hours"].sum() == pytest.approx(whole["planned_hours"])
    assert found["n"].sum() == whole["n"]


def test_an_outage_another_product_explains_takes_its_cause():
    seen = {"component": "web", "state": "down", "from_at": "2026-01-02T00:00", "until_at": "2026-01-02T04:00"}
    later = {"component": "web", "state": "up", "from_at": "2026-01-02T04:00", "until_at": None}
    some = logs(down("02T01:00", "02T02:00", cause="supplier"), states=[seen, later])
    found = downtime_by_cause(some, PERIOD)
    assert by_cause(found) == {"supplier": 4.0}
    assert found["n_by_others"].to_list() == [1]


def test_an_incident_of_several_services_has_one_cause_though_only_one_of_them_is_explained():
    page = {"product": "page", "format": "page_states", "export_id": "e2"}
    posts = [
        down("02T00:00", "02T04:00", component=c, incident_id="S1", impact=None, **page) for c in ("web", "search")
    ]
    seen = [{"component": c, "state": word, "incident_id": "S1", "from_at": f"2026-01-02T0{at}:00", "until_at": None}
            for c in ("web", "search") for at, word in ((0, "down"), (4, "up"))]  # fmt: skip
    some = logs(*posts, down("02T01:00", "02T02:00", cause="supplier"), states=seen)
    found = downtime_by_cause(some, PERIOD, by="service")
    assert found["cause"].to_list() == ["supplier", "supplier"]
    assert found["down_hours"].to_list() == [4.0, 4.0]


def test_by_service_adds_up_to_all():
    rows = [down(f"{d:02}T00:00", f"{d:02}T0{1 + d % 5}:00", component=c, cause="load")
            for d, c in ((2, "a"), (3, "b"), (4, "a"))]  # fmt: skip
    some = logs(*rows)
    each = downtime_by_cause(some, PERIOD, by="service")
    assert each.groupby("service")["share"].sum().to_list() == pytest.approx([1, 1])
    assert each["down_hours"].sum() == pytest.approx(downtime_by_cause(some, PERIOD)["down_hours"].sum())


def test_empty_logs_have_no_cause_and_no_share():
    empty = make_logs(as_of="2026-02-01")
    assert downtime_by_cause(empty, PERIOD).empty
    found = downtime_concentration(empty, PERIOD)
    assert found["share"].isna().all()
    assert found["n"].eq(0).all()
    with pytest.raises(InputError, match="all, service"):
        downtime_by_cause(empty, PERIOD, by="cause")


def test_the_worst_outages_are_whole_ones_and_too_few_give_no_share():
    outages = pd.DataFrame({"group": "a", "hours": [10.0, *[1.0] * 30]})
    found = estimate_concentration(outages, ["a", "b"])
    a = found[found["group"] == "a"]
    assert a["n_worst"].to_list() == [0, 1, 3]
    assert a["share"].to_list()[1:] == pytest.approx([10 / 40, 12 / 40])
    assert a["reason"].to_list()[0] == "needs at least 100 outages"
    assert found[found["group"] == "b"]["share"].isna().all()


def test_an_outage_two_sources_report_counts_once():
    found = downtime_concentration(logs(*[down("02T00:00", "02T04:00")] * 2), PERIOD)
    assert found["n"].unique().tolist() == [1]
    assert found["down_hours"].unique().tolist() == [4.0]


def test_a_cause_that_is_no_class_is_refused_and_a_close_one_is_named():
    with pytest.raises(CatalogError, match=r"causes\.0\.cause: expected one of infrastructure.*human_error"):
        read_catalog({"causes": [{"cause": "human-error", "when": "*"}]})
    with pytest.raises(CatalogError, match="did you mean 'when'"):
        read_catalog({"causes": [{"cause": "load", "wen": "*"}]})


def test_services_that_need_each_other_in_a_circle_are_refused():
    circle = {"a": {"depends_on": ["b"]}, "b": {"depends_on": ["c"]}, "c": {"depends_on": ["a"]}}
    with pytest.raises(CatalogError, match=r"expected no circle, got: . needs ., . needs ., . needs .;"):
        read_catalog({"services": circle})
    with pytest.raises(CatalogError, match="a needs a"):
        read_catalog({"services": {"a": {"depends_on": ["a"]}}})
