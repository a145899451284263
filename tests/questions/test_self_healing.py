"""Failovers, self-healing and what they cost; how fast services came back after what they need."""

import numpy as np
import pytest
from logs_in_hand import make_logs

from continuity_analysis.questions.self_healing import reconnection, self_healing

PERIOD = ("2026-01-01", "2026-02-01")
PAGER = {"covers_from_at": "2026-01-01", "covers_until_at": "2026-02-01"}


def healed(start, back, *, kind="failover", status="completed", asset="db", **values):
    moments = {"disrupted_at": f"2026-01-{start}", "service_restored_at": back and f"2026-01-{back}"}
    ident = f"{kind}-{start}"
    return {"recovery_id": ident, "product": "k", "kind": kind, "status": status, "asset": asset, **moments, **values}


def down(component, start, end, **values):
    ended = end and f"2026-01-{end}"
    status = "resolved" if end else "open"
    return {"component": component, "started_at": f"2026-01-{start}", "restored_at": ended, "status": status,
            "impact": 1.0, **values}  # fmt: skip


def logs(*recoveries, incidents=(), services=("db", "shop"), **more):
    stated = {n: {"in_service_since": "2026-01-01", "assets": [n]} for n in services}
    if "shop" in stated:
        stated["shop"]["depends_on"] = ["db"]
    some = make_logs(as_of="2026-02-01", catalog={"services": stated}, incidents=list(incidents), exports=[PAGER],
                     recoveries=list(recoveries), **more)  # fmt: skip
    some.tables["recoveries"]["service"] = some.recoveries["asset"]
    return some


def test_kinds_stand_apart_and_restores_are_not_among_them():
    rows = [
        *(healed(f"0{2 + h}T00:00", f"0{2 + h}T0{h}:00") for h in (1, 2, 3)),
        healed("02T00:00", "02T00:30", kind="self_heal"),
        healed("06T00:00", "06T09:00", kind="restore"),
    ]
    found = self_healing(logs(*rows), PERIOD).set_index("kind")
    assert found.index.to_list() == ["failover", "self_heal"]
    assert found.loc["failover", ["n", "median_hours", "max_hours"]].to_list() == [3, 2.0, 3.0]
    assert found.loc["self_heal", ["n", "median_hours"]].to_list() == [1, 0.5]


def test_what_they_cost_is_the_down_time_of_the_service_in_them_each_moment_once():
    rows = (healed("02T00:00", "02T02:00"), healed("02T01:00", "02T03:00"), healed("05T00:00", "05T01:00"))
    outage = (down("db", "02T00:30", "02T06:00"), down("db", "05T00:30", "05T00:45", impact=0.5))
    row = self_healing(logs(*rows, incidents=outage), PERIOD).iloc[0]
    assert row["down_hours"] == pytest.approx(2.5 + 0.125)
    assert row["known_hours"] == 31 * 24


def test_a_failed_one_is_censored_and_what_began_outside_is_left_out():
    rows = (healed("02T00:00", None, status="failed", finished_at="2026-01-02T05:00"),
            healed("03T00:00", "03T01:00"), healed("31T23:00", None, status="running"),
            healed("03T00:00", "03T01:00", disrupted_at="2025-12-01"))  # fmt: skip
    row = self_healing(logs(*rows), PERIOD).iloc[0]
    assert row[["n", "n_censored", "max_hours"]].to_list() == [3, 2, 1.0]


def test_of_a_service_nobody_watched_the_cost_is_unknown():
    row = self_healing(logs(healed("02T00:00", "02T01:00", asset="cache"), services=("db",)), PERIOD).iloc[0]
    assert row["n"] == 1
    assert np.isnan(row["down_hours"])


def test_services_reconnect_after_what_they_need_is_back():
    outages = (
        down("db", "02T00:00", "02T02:00"), down("shop", "02T00:30", "02T03:00"),
        down("db", "03T00:00", "03T02:00"), down("shop", "03T00:30", "03T01:00"),
        down("db", "04T00:00", "04T02:00"), down("shop", "04T01:00", "04T05:00"),
        down("shop", "06T00:00", "06T01:00"), down("db", "07T00:00", "07T01:00"),
        down("db", "08T00:00", "08T01:00"), down("shop", "08T00:30", None, observed_at="2026-01-08T04:00"),
    )  # fmt: skip
    found = reconnection(logs(incidents=outages), PERIOD).set_index("service")
    shop = found.loc["shop"]
    assert shop["depends_on"] == "db"
    assert shop[["n", "n_before", "n_censored"]].to_list() == [4, 1, 1]
    assert shop[["median_hours", "max_hours"]].to_list() == [3.0, 3.0]
    assert found.loc["all services", "n"] == 4


def test_an_outage_still_open_has_not_come_back():
    outages = (down("db", "02T00:00", None), down("shop", "02T01:00", "02T02:00"))
    assert reconnection(logs(incidents=outages), PERIOD).empty


def test_nothing_gives_nothing():
    empty = make_logs(as_of="2026-02-01")
    empty.tables["recoveries"]["service"] = empty.recoveries["asset"]
    assert self_healing(empty, PERIOD).empty
    assert reconnection(empty, PERIOD).empty
