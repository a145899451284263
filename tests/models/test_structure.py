"""Availability of systems from their parts: published numbers, and every state tried one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models.structure import (
    Gate,
    at_least_up,
    birnbaum_importance,
    in_series,
    system_availability,
)

BRIDGE = Gate(1, (in_series(0, 3), in_series(1, 4), in_series(0, 2, 4), in_series(1, 2, 3)))


def test_the_bridge_network():
    """2 p^2 + 2 p^3 - 5 p^4 + 2 p^5 = .97848 at p = .9; the textbook network of two paths and a bridge."""
    assert system_availability(BRIDGE, [0.9] * 5) == pytest.approx(0.97848, abs=1e-9)


def test_the_bridge_itself_matters_least():
    """It decides only while one path component of each side is down, crosswise: 2 p^2 (1 - p)^2."""
    found = birnbaum_importance(BRIDGE, [0.9] * 5)
    assert found[2] == pytest.approx(2 * 0.9**2 * 0.1**2)
    assert found[:2] == pytest.approx(found[3:])
    assert found.sum() == pytest.approx(4 * 0.9 + 6 * 0.9**2 - 20 * 0.9**3 + 10 * 0.9**4)


@pytest.mark.parametrize(
    ("k", "n", "known"),
    [(1, 2, 0.999901970395), (2, 3, 0.999707852365), (1, 3, 0.999999029410), (3, 5, 0.999990437675)],
)
def test_k_of_n_with_repair(k, n, known):
    """k-of-n of repairable parts, failure rate 1/1000 h, repair rate 1/10 h, a crew for each (Trivedi's formulas)."""
    assert at_least_up(np.full((1, n), 1000 / 1010), k)[0] == pytest.approx(known, abs=1e-12)


def test_five_critical_dependencies():
    """Five dependencies of 99.999 % cost 26 min a year (The Calculus of Service Availability, ACM Queue 2017)."""
    lost = 1 - system_availability(in_series(0, 1, 2, 3, 4), [0.99999] * 5)
    assert 525_600 * lost == pytest.approx(26, abs=0.5)


def test_what_several_parts_need_counts_once():
    """Each unique critical dependency counts once (the same source)."""
    shop = in_series(0, in_series(1, 3), in_series(2, 3))
    assert shop == in_series(0, 1, 3, 2)
    assert system_availability(shop, [0.9] * 4) == pytest.approx(0.9**4)
    redundant = Gate(1, (in_series(0, 2), in_series(1, 2)))
    assert system_availability(redundant, [0.9, 0.9, 0.5]) == pytest.approx(0.5 * 0.99)


def test_too_many_shared_components_are_refused():
    many = Gate(1, (Gate(1, tuple(range(25))), Gate(2, tuple(range(25)))))
    with pytest.raises(ValueError, match="at most 20"):
        system_availability(many, [0.5] * 25)


gates = st.recursive(
    st.integers(0, 4),
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda parts: st.integers(1, len(parts)).map(lambda k: Gate(k, tuple(parts)))
    ),
    max_leaves=8,
).filter(lambda g: isinstance(g, Gate))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(gates, st.lists(st.sampled_from([0.0, 0.3, 0.9, 1.0]), min_size=5, max_size=5))
def test_it_equals_trying_every_state(gate, p):
    total = sum(
        np.prod([q if up else 1 - q for q, up in zip(p, state, strict=True)])
        for state in product([0, 1], repeat=5)
        if works(gate, state)
    )
    assert system_availability(gate, p) == pytest.approx(total, abs=1e-12)


def works(gate, state):
    if not isinstance(gate, Gate):
        return bool(state[gate])
    return sum(works(part, state) for part in gate.parts) >= gate.required
