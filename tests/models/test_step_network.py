"""Steps that wait for each other: by hand, against a slow twin, and circles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models.step_network import done_at, needed, network, on_longest_path, with_one_faster

DIAMOND = network(4, [(1, 0), (2, 0), (3, 1), (3, 2)])  # 3 needs 1 and 2, both need 0


def hours(*each):
    """Back hours of steps in one draw, or several."""
    return np.array(each, dtype=float).reshape(len(each), -1)


def test_levels_and_needs():
    assert DIAMOND.level.tolist() == [0, 1, 1, 2]
    assert needed(DIAMOND).tolist() == [[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]]


def test_in_series_and_in_parallel_by_hand():
    back = hours(1, 2, 5, 1)
    assert done_at(DIAMOND, np.zeros_like(back), back)[:, 0].tolist() == [1, 3, 6, 7]


def test_data_may_wait_or_begin_at_once():
    series = network(2, [(1, 0)])
    data, back = hours(1, 4), hours(2, 1)
    assert done_at(series, data, back)[:, 0].tolist() == [3, 8]
    assert done_at(series, data, back, data_waits=False)[:, 0].tolist() == [3, 5]
    done = done_at(series, data, back, data_waits=False)
    assert on_longest_path(series, done, data, data_waits=False)[1].tolist() == [0, 1]
    assert on_longest_path(series, done_at(series, data, back), data)[1].tolist() == [1, 1]


def test_longest_path_by_hand_and_of_ties_both():
    back = hours([1, 1], [2, 5], [5, 5], [1, 1])
    share = on_longest_path(DIAMOND, done_at(DIAMOND, np.zeros_like(back), back), np.zeros_like(back))
    assert share[3].tolist() == [1, 0.5, 1, 1]
    assert share[1].tolist() == [1, 1, 0, 0]


def test_what_never_comes_back_holds_up_all_that_need_it():
    back = hours(1, np.inf, 5, 1)
    done = done_at(DIAMOND, np.zeros_like(back), back)
    assert done[:, 0].tolist() == [1, np.inf, 6, np.inf]
    assert on_longest_path(DIAMOND, done, np.zeros_like(back))[3].tolist() == [1, 1, 0, 1]


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        network(3, [(0, 1), (1, 2), (2, 0)])
    assert network(0, []).level.tolist() == []
    assert network(3, [(0, 1), (1, 2)]).level.tolist() == [2, 1, 0]


def test_one_faster_by_hand():
    back = hours(1, 2, 5, 1)
    wide, pairs, step, speed = with_one_faster(DIAMOND, 0.5)
    done = done_at(wide, np.zeros_like(back[step]), back[step] * speed[:, None])[:, 0]
    assert done[:4].tolist() == [1, 3, 6, 7]
    found = {tuple(p): d for p, d in zip(pairs.tolist(), done[4:], strict=True)}
    assert [found[3, k] for k in range(4)] == [6.5, 7, 4.5, 6.5]
    assert (found[2, 0], found[1, 1]) == (5.5, 2)


@st.composite
def networks(draw):
    n = draw(st.integers(1, 7))
    edges = [(i, j) for i in range(n) for j in range(i) if draw(st.booleans())]
    names = draw(st.permutations(range(n)))
    times = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=n, max_size=n))
    return n, [(names[i], names[j]) for i, j in edges], np.array(times, dtype=float)


def slow(edges, times, step, *, waits, halved=None):
    """When a step is done and what is on a longest path to it, by recursion."""
    factor = 0.5 if step == halved else 1.0
    data, back = times[step] * factor
    below = [(p, *slow(edges, times, p, waits=waits, halved=halved)) for s, p in edges if s == step]
    start = max((done for _, done, _ in below), default=0.0)
    binding = [path for p, done, path in below if done == start and (waits or start >= data)]
    done = start + data + back if waits else max(start, data) + back
    return done, {step}.union(*binding)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(networks(), st.booleans())
def test_slow_twin(drawn, waits):
    n, edges, times = drawn
    of = network(n, edges)
    data, back = times[:, :1], times[:, 1:]
    done = done_at(of, data, back, data_waits=waits)
    share = on_longest_path(of, done, data, data_waits=waits)
    wide, pairs, step, speed = with_one_faster(of, 0.5)
    faster = done_at(wide, data[step] * speed[:, None], back[step] * speed[:, None], data_waits=waits)[:, 0]
    for s in range(n):
        expected, path = slow(edges, times, s, waits=waits)
        assert done[s, 0] == expected
        assert set(np.flatnonzero(share[s])) == path
    for (s, v), found in zip(pairs.tolist(), faster[n:], strict=True):
        assert found == slow(edges, times, s, waits=waits, halved=v)[0]
