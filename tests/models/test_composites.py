"""Composites: the worst verdict of their services, and what can be promised in series, by hand and by slow twins."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models.composites import COUNTS, estimate_composites, estimate_reach, reach_in_words
from continuity_analysis.models.verdicts import VERDICTS


def card(*rows):
    columns = ["service", "objective", "unit", "achieved", "verdict", "provisional"]
    return pd.DataFrame(rows, columns=columns).astype({"achieved": float, "provisional": bool})


def members(**composites):
    rows = [(name, "tier", service) for name, services in composites.items() for service in services]
    return pd.DataFrame(rows, columns=["composite", "kind", "service"], dtype="str")


NOTHING = pd.DataFrame({"composite": [], "kind": [], "availability": [], "known_hours": []}).astype(
    {"composite": "str", "kind": "str"}
)


def test_the_worst_verdict_is_the_verdict_and_the_worst_achieved_what_was_achieved():
    rows = card(("a", "rpo", "seconds", 3600, "MET", False), ("b", "rpo", "seconds", 7200, "MET", True),
                ("c", "rpo", "seconds", 60, "AT_RISK", True),
                ("d", "rpo", "seconds", 90000, "NOT_SET", False))  # fmt: skip
    (row,) = estimate_composites(rows, members(one="abcd"), NOTHING).to_dict("records")
    assert (row["verdict"], row["provisional"], row["achieved"]) == ("AT_RISK", True, 7200)
    assert (row["worst_service"], row["n_services"], row["n_known"]) == ("c", 4, 3)
    assert [row[name] for name in COUNTS.values()] == [0, 1, 0, 2, 1]
    assert row["reason"] == "at risk: c; met: b, a"
    unset = estimate_composites(rows.assign(verdict="NOT_SET"), members(one="abcd"), NOTHING)
    assert unset["achieved"].tolist() == [90000], "where none promised, the worst of all"


def test_availability_is_that_of_all_at_once():
    rows = card(("a", "availability", "ratio", 0.99, "MET", False), ("b", "availability", "ratio", 0.98, "MET", False))
    together = pd.DataFrame(
        {"composite": ["one", "two"], "kind": "tier", "availability": [0.975, np.nan], "known_hours": [240.0, np.nan]}
    )
    found = estimate_composites(rows, members(one="ab", two="a"), together).set_index("composite")
    assert found.loc["one", ["achieved", "reason"]].tolist() == [
        0.975, "met: b, a; all up 97.5 % of the 10 d known of all"]  # fmt: skip
    assert np.isnan(found.loc["two", "achieved"])
    assert found.loc["two", "reason"] == "met: a; never were all of them known at once"


def test_breached_is_never_provisional_and_nothing_set_is_not_set():
    rows = card(("a", "rto", "seconds", 1, "BREACHED", False), ("b", "rto", "seconds", 1, "MET", True),
                ("c", "rto", "seconds", np.nan, "NOT_SET", False))  # fmt: skip
    found = estimate_composites(rows, members(one="ab", two="c"), NOTHING).set_index("composite")
    assert found["verdict"].to_dict() == {"one": "BREACHED", "two": "NOT_SET"}
    assert not found["provisional"].any()
    assert found.loc["two", "reason"] == "no objective is set"
    assert estimate_composites(rows.iloc[:0], members(), NOTHING).empty


CELL = st.tuples(st.sampled_from(VERDICTS), st.sampled_from([1.0, 2.0, 3.0, np.inf, np.nan]))


@given(st.lists(CELL, min_size=1, max_size=8), st.data())
@settings(derandomize=True, deadline=None, max_examples=30)
def test_twin(cells, data):
    names = [f"s{i}" for i in range(len(cells))]
    rows = card(*[(n, "rpo", "seconds", x, v, False) for n, (v, x) in zip(names, cells, strict=True)])
    sets = {f"t{i}": data.draw(st.sets(st.sampled_from(names), min_size=1)) for i in range(3)}
    found = estimate_composites(rows, members(**sets), NOTHING).set_index("composite")
    for composite, services in sets.items():
        verdicts = [cells[names.index(n)][0] for n in services]
        achieved = [cells[names.index(n)][1] for n in services]
        assert found.loc[composite, "verdict"] == next(v for v in VERDICTS if v in verdicts)
        assert found.loc[composite, "n_met"] == verdicts.count("MET")
        known = [x for x in achieved if not np.isnan(x)]
        assert found.loc[composite, "achieved"] == (max(known) if known else pytest.approx(np.nan, nan_ok=True))


def reach(target, *parts):
    services = pd.DataFrame({"service": pd.array(["shop"], dtype="str"), "target": [target]})
    needs = pd.DataFrame({"service": "shop", "part": list("abcdef"[: len(parts)]), "promised": parts})
    found = estimate_reach(services, needs, of="promised")
    words = reach_in_words(found.assign(target=target, needs=", ".join(needs["part"])), of="as promised")
    return found.iloc[0], words.item()


def test_in_series_the_product_bounds_what_can_be_promised():
    """Two parts of 99.9 % leave 99.8001 %: 99.7 % can be promised if the service itself is up 99.89970 %."""
    row, words = reach(0.997, 0.999, 0.999)
    assert (row["reachable"], row["lowest"]) == ("yes", 0.999)
    assert row["product"] == pytest.approx(0.998001)
    assert row["own_needed"] == pytest.approx(0.997 / 0.998001)
    assert words == (
        "as promised, what it needs (a, b) is up 99.8 % of the time if failures are independent; by itself the service "
        "must be up 99.9 %"
    )


def test_as_much_as_the_product_can_be_promised_only_if_failures_coincide():
    row, words = reach(0.9985, 0.999, 0.999)
    assert row["reachable"] == "only if failures coincide"
    assert np.isnan(row["own_needed"])
    assert words.endswith("no more than the 99.85 % promised")
    row, _ = reach(0.999, 0.999)  # then it may never fail by itself
    assert (row["reachable"], row["own_needed"]) == ("only if failures coincide", 1)


def test_more_than_the_least_available_part_cannot_be_promised():
    row, words = reach(0.9995, 0.999, 0.9999)
    assert row["reachable"] == "no"
    assert words == "as promised, what it needs (a, b) is up no more than 99.9 %, less than the 99.95 % promised"


def test_with_a_part_that_never_was_up_nothing_can_be_promised():
    row, words = reach(0.5, 0.0, 0.999)
    assert (row["reachable"], row["lowest"], row["product"]) == ("no", 0, 0)
    assert np.isnan(row["own_needed"])
    assert words.endswith("is up no more than 0 %, less than the 50 % promised")


def test_a_part_without_a_promise_leaves_it_unknown_unless_the_others_decide():
    row, words = reach(0.99, 0.999, np.nan)
    assert (row["reachable"], row["n_unknown"], row["unknown"]) == ("unknown", 1, "b")
    assert words == "as promised, not known: b"
    assert reach(0.9995, 0.999, np.nan)[0]["reachable"] == "no"
    assert reach(0.9, np.nan)[0]["reachable"] == "unknown"
    assert reach(np.nan, 0.9)[1] == "no availability is promised"


@given(st.floats(0.5, 1), st.lists(st.floats(0.5, 1), min_size=1, max_size=6))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_reach_twin(target, parts):
    row, _ = reach(target, *parts)
    product = 1.0
    for part in parts:
        product *= part
    assert row["product"] == pytest.approx(product)
    if abs(product - target) > 1e-9 and abs(min(parts) - target) > 1e-9:
        expected = "no" if target > min(parts) else "only if failures coincide" if target > product else "yes"
        assert row["reachable"] == expected
