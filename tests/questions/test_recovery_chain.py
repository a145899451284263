"""The recovery chain, asked of logs by hand."""

import numpy as np
import pytest

from continuity_analysis.models import recovery_chain as model
from continuity_analysis.questions import recovery_chain, recovery_chain_steps
from tests.measurements.backup_logs import logs_of


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(model, "WEIGHTINGS", 50)
    monkeypatch.setattr(model, "DRAWS_EACH", 50)


def drill(number, service, *, begin, hours, **more):
    """An hour until work begins, then half for the data."""
    moments = {"disrupted_at": begin, "started_at": begin + 1, "data_restored_at": begin + 1 + hours / 2,
               "service_restored_at": begin + 1 + hours}  # fmt: skip
    about = {
        "recovery_id": f"r{number}",
        "asset": service,
        "kind": "drill",
        "status": "completed",
        "scope": "end_to_end",
    }
    return {"product": "drills", "export_id": "drills"} | about | moments | more


def logs(*drills, shop=None, **others):
    promised = {"rto": {"within": "6h", "chance": "80%"}}
    needing = {"depends_on": ["web", "db"], "objectives": promised, **(shop or {})}
    catalog = {"services": {"shop": needing, "web": {}, "db": {}}}
    return logs_of([], recoveries=list(drills), catalog=catalog, as_of=2000, **others)


ALL = [drill(1, "db", begin=100, hours=4), drill(2, "web", begin=200, hours=2), drill(3, "shop", begin=300, hours=1)]


def test_the_order_and_the_longest_path():
    found = recovery_chain(logs(*ALL)).set_index("service")
    assert found["level"].to_dict() == {"db": 0, "web": 0, "shop": 1}
    assert found.loc["shop", "order"] == "db, web | shop"
    assert found["median_hours"].to_dict() == {"db": 5, "web": 3, "shop": 6}
    assert found.loc["shop", ["chance", "objective", "required_chance", "criticality"]].tolist() == [1, 6, 0.8, 1]
    assert found.loc["shop", "critical_step"] == "db"
    assert (found.loc["shop", "speed_up_step"], found.loc["shop", "median_gain"]) == ("db", 2)
    assert found["reason"].isna().all()


def test_data_may_be_restored_at_once():
    found = recovery_chain(logs(*ALL), data_waits=False).set_index("service")
    assert found.loc["shop", "median_hours"] == 5.5


def test_steps_by_name():
    found = recovery_chain_steps(logs(*ALL))
    shop = found[found["service"] == "shop"].set_index("step")
    assert shop.index.tolist() == ["until work begins", "db", "web", "shop"]
    assert shop["criticality"].tolist() == [1, 1, 0, 1]
    assert shop["end_median"].tolist() == [1, 5, 3, 6]
    assert shop["n"].tolist() == [3, 1, 1, 1]


def test_the_declared_clock_begins_later():
    declared = [d | {"declared_at": d["disrupted_at"] + 0.75} for d in ALL]
    found = recovery_chain(logs(*declared, shop={"rto_clock": "declared"})).set_index("service")
    assert found.loc["shop", "median_hours"] == 5.25
    assert found.loc["db", "median_hours"] == 5


def test_a_step_never_tried_makes_it_a_bound():
    found = recovery_chain(logs(*ALL[1:])).set_index("service").loc["shop"]
    assert found["n_unknown"] == 1
    assert found["reason"] == "no recovery of db"
    assert found["median_hours"] == 4
    assert np.isnan(found["low"])


def test_data_alone_counts_only_where_nothing_whole_was_seen():
    alone = drill(9, "db", begin=100, hours=3, scope="data", disrupted_at=None, service_restored_at=None)
    found = recovery_chain(logs(alone, *ALL[1:])).set_index("service").loc["shop"]
    assert found["reason"] == "only data restores of db"
    assert found["median_hours"] == 4
    assert recovery_chain(logs(alone, *ALL)).set_index("service").loc["shop", "median_hours"] == 6


def test_a_failed_drill_may_never_come_back():
    failed = drill(9, "db", begin=400, hours=3, status="failed", service_restored_at=None, finished_at=409)
    found = recovery_chain(logs(*ALL, failed)).set_index("service").loc["shop"]
    assert found["never"] == pytest.approx(0.5, abs=0.02)


def test_evidence_too_old_does_not_count():
    old = logs(*ALL, shop={"evidence_max_age_days": 60})
    found = recovery_chain(old).set_index("service").loc["shop"]
    assert found["reason"] == "no recovery of shop"


def test_without_any_logs_there_is_nothing():
    none = logs_of([])
    assert recovery_chain(none).empty
    assert recovery_chain_steps(none).empty
