"""Services with what they need: measured on real intervals, and as the parts would give it if independent."""

import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs

from continuity_analysis.measurements.clock import HOUR
from continuity_analysis.measurements.dependencies import measure_dependencies, needed_by
from continuity_analysis.measurements.intervals import intervals
from continuity_analysis.measurements.watched_time import Observation
from continuity_analysis.models.dependencies import estimate_dependence, estimate_gains
from continuity_analysis.questions.dependencies import dependencies, dependency_edges, improvement_gains

PERIOD = ("2026-01-01", "2026-01-11")  # 240 h
PAGER = {"covers_from_at": "2026-01-01", "covers_until_at": "2026-01-11"}
PAGE = PAGER | {"export_id": "e2", "product": "page", "format": "page_states"}
CATALOG = {"services": {"shop": {"depends_on": ["cart", "db"]}, "cart": {"depends_on": ["db"]}, "db": {}}}


def down(component, day, hours, **values):
    start = pd.Timestamp(f"2026-01-{day:02}")
    ends = {"started_at": str(start), "restored_at": str(start + pd.Timedelta(hours=hours)), "impact": 1.0}
    return {"component": component, **ends, **values}


def logs(*incidents, catalog=CATALOG, **tables):
    stated = {n: {"in_service_since": "2026-01-01", **s} for n, s in catalog["services"].items()}
    return make_logs(as_of="2026-01-11", catalog={"services": stated}, incidents=list(incidents), exports=[PAGER, PAGE],
                     **tables)  # fmt: skip


def test_the_whole_is_down_when_anything_it_needs_is():
    some = logs(down("shop", 2, 4), down("cart", 2, 6), down("db", 4, 12), down("cart", 4, 2))
    found = dependencies(some, PERIOD).set_index("service")
    shop = found.loc["shop"]
    assert shop["parts"] == "shop, cart, db"
    assert shop["known_hours"] == 240
    assert shop["measured_availability"] == pytest.approx(1 - 18 / 240)
    assert shop["own_availability"] == pytest.approx(1 - 4 / 240)
    assert shop["predicted_availability"] == pytest.approx((1 - 4 / 240) * (1 - 8 / 240) * (1 - 12 / 240))
    assert shop[["joint_hours", "n_joint"]].to_list() == [6.0, 2]
    assert np.isnan(shop["dependence_ratio"])
    assert "needs at least 3" in shop["reason"]
    assert found.loc["cart", "measured_availability"] == pytest.approx(1 - 18 / 240)
    assert "db" not in found.index


def test_three_joint_outages_give_a_ratio():
    some = logs(*[down(c, d, 2) for d in (2, 3, 4) for c in ("cart", "db")])
    row = dependencies(some, PERIOD).set_index("service").loc["cart"]
    assert row["dependence_ratio"] == pytest.approx((6 / 240) / (1 - (1 - 6 / 240) ** 2))
    assert row["n_joint"] == 3
    assert pd.isna(row["reason"])


def test_partial_outages_are_taken_level_by_level():
    some = logs(down("cart", 2, 10, impact=0.5), down("db", 2, 5), down("db", 4, 5, impact=0.5))
    row = dependencies(some, PERIOD).set_index("service").loc["cart"]
    assert row["measured_availability"] == pytest.approx(1 - (5 + 2.5 + 2.5) / 240)
    half = 1 - (1 - 10 / 240) ** 2
    full = 5 / 240
    assert row["predicted_availability"] == pytest.approx(1 - 0.5 * half - 0.5 * full)


def test_a_component_that_two_parts_share_counts_once():
    catalog = {"services": {"a": {"components": ["a", "net"], "depends_on": ["b"]}, "b": {"components": ["b", "net"]}}}
    row = dependencies(logs(down("net", 2, 24), catalog=catalog), PERIOD).iloc[0]
    assert row["predicted_availability"] == pytest.approx(0.9)
    assert row["measured_availability"] == pytest.approx(0.9)
    assert row["n_joint"] == 0


def test_what_never_failing_buys_is_importance_times_unavailability():
    found = improvement_gains(logs(down("cart", 2, 24), down("db", 4, 12)), PERIOD)
    cart = found[found["service"] == "cart"].set_index("part")
    assert cart.index.to_list() == ["cart", "db"]
    assert cart["importance"].to_list() == pytest.approx([0.95, 0.9])
    assert cart["hours_per_year_won"].to_list() == pytest.approx([0.95 * 0.1 * 8760, 0.9 * 0.05 * 8760])
    assert cart["n"].to_list() == [1, 1]


def replicas(*outages, n=3):
    """States of n members, each out on the days given, for as many hours."""
    rows = []
    for i in range(n):
        name, at = f"db-{i}", pd.Timestamp("2026-01-01")
        for member, day, hours in outages:
            if member == i:
                start = pd.Timestamp(f"2026-01-{day:02}")
                rows += [state(name, "up", at, start), state(name, "down", start, start + pd.Timedelta(hours=hours))]
                at = start + pd.Timedelta(hours=hours)
        rows.append(state(name, "up", at, pd.Timestamp("2026-01-11")))
    return rows


def state(name, word, start, until):
    return {"component": name, "observer": "member", "state": word, "from_at": str(start), "until_at": str(until)}


REDUNDANT = {"services": {"db": {"components": ["db-*"], "redundancy": {"replicas": 3, "required": 2}}}}


def test_replicas_that_fail_together_have_a_ratio_over_one():
    out = [(i, d, 2) for d in (2, 4, 6) for i in (0, 1)]
    row = dependencies(logs(states=replicas(*out), catalog=REDUNDANT), PERIOD).iloc[0]
    q = 6 / 240
    assert row["kind"] == "redundancy"
    assert row["measured_availability"] == pytest.approx(1 - q)
    assert row["predicted_availability"] == pytest.approx(1 - q**2)
    assert row["dependence_ratio"] == pytest.approx(1 / q)
    assert row["n_joint"] == 3


def test_replicas_that_were_not_all_seen_have_no_row():
    assert dependencies(logs(states=replicas(n=2), catalog=REDUNDANT), PERIOD).empty


def test_without_a_catalogue_or_logs_there_is_nothing_to_say():
    empty = make_logs(as_of="2026-01-11")
    assert dependencies(empty, PERIOD).empty
    assert improvement_gains(empty, PERIOD).empty
    assert dependency_edges(empty).columns.to_list() == ["service", "depends_on"]
    dark = dependencies(make_logs(as_of="2026-01-11", catalog=CATALOG), PERIOD)
    assert dark["measured_availability"].isna().all()
    assert dark["reason"].eq("no time in which every part was known").all()


def test_needs_are_followed_and_counted_once():
    found = needed_by({"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ()})
    assert found[found["service"] == "a"]["part"].tolist() == ["a", "b", "d", "c"]
    assert found[found["service"] == "d"][["part", "own"]].to_numpy().tolist() == [["d", True]]
    assert needed_by({"alone": ()}).empty


def test_independent_parts_have_a_ratio_of_one():
    """2,000 pairs of parts that fail independently: measured and predicted agree on average."""
    rng = np.random.default_rng(7)
    pairs, days = 2000, 100
    start = np.cumsum(rng.exponential(20, (2 * pairs, 160)) + 4, axis=1)
    code = np.repeat(np.arange(2 * pairs), 160)
    frame = pd.DataFrame({"code": code, "start": start.ravel(), "impact": 1.0, "planned": False, "assumed": False})
    frame = frame.assign(start=(frame["start"] * HOUR).astype("int64"), product="p", kind="probe", is_open=False)
    frame = frame.assign(end=frame["start"] + 4 * HOUR, incident_id=np.arange(len(frame)).astype(str), component="c")
    names = [f"{i // 2:05}{'ab'[i % 2]}" for i in range(2 * pairs)]
    whole = intervals(np.arange(2 * pairs), np.full(2 * pairs, 100 * HOUR), np.full(2 * pairs, days * 24 * HOUR))
    seen = Observation(pd.DataFrame({"service": names}), whole, whole, 100 * HOUR, days * 24 * HOUR)
    needs = {names[i]: ((names[i + 1],) if i % 2 == 0 else ()) for i in range(2 * pairs)}
    systems = measure_dependencies(frame.assign(tail=frame["end"]), seen, depends_on=needs)
    found = estimate_dependence(systems)
    assert len(found) == pairs
    joint = found["joint_hours"].sum() / (
        (1 - found["own_availability"]) * (1 - found["predicted_availability"] / found["own_availability"])
        * found["known_hours"]
    ).sum()  # fmt: skip
    assert joint == pytest.approx(1, abs=0.02)
    assert found["dependence_ratio"].mean() == pytest.approx(1, abs=0.005)
    assert len(estimate_gains(systems)) == 3 * pairs
