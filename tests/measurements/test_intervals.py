import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.measurements import intervals as iv
from continuity_analysis.measurements import line
from continuity_analysis.measurements.overlaps import at_least, highest
from continuity_analysis.measurements.union_lengths import union_lengths

GROUPS, GRID = 3, 12
QUICK = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def some_intervals(draw, at_most=7):
    rows = draw(
        st.lists(st.tuples(st.integers(0, GROUPS - 1), st.integers(0, GRID), st.integers(0, GRID)), max_size=at_most)
    )
    return iv.intervals([g for g, _, _ in rows], [min(a, b) for _, a, b in rows], [max(a, b) for _, a, b in rows])


def cells(x, weight=None):
    """Which unit cells of each group are in any interval (or the largest weight there)."""
    grid = np.zeros((GROUPS, GRID + 1))
    for i, (g, a, b) in enumerate(zip(x.group, x.start, x.end, strict=True)):
        grid[g, a:b] = np.maximum(grid[g, a:b], 1 if weight is None else weight[i])
    return grid


def assert_disjoint_in_order(x):
    assert all((g, b) < (h, c) for g, b, h, c in zip(x.group[:-1], x.end[:-1], x.group[1:], x.start[1:], strict=True))


@pytest.fixture(params=[line._ROOM, 1], ids=["offsets", "ranks"])
def room(request, monkeypatch):
    """Both ways to lay groups on one line: by offset, and by rank where offsets would not fit in 64 bits."""
    monkeypatch.setattr(line, "_ROOM", request.param)


def test_union_merges_what_touches_and_keeps_instants():
    x = iv.union(iv.intervals([0, 0, 0, 0, 1], [5, 0, 3, 9, 4], [7, 3, 4, 9, 6]))
    assert x.group.tolist() == [0, 0, 0, 1]
    assert x.start.tolist() == [0, 5, 9, 4]
    assert x.end.tolist() == [4, 7, 9, 6]


def test_an_instant_at_a_touching_end_is_swallowed():
    x = iv.union(iv.intervals([0, 0, 0], [0, 3, 0], [3, 3, 0]))
    assert (x.start.tolist(), x.end.tolist()) == ([0], [3])


def test_half_open_instant_is_inside_at_the_start_and_outside_at_the_end():
    window = iv.intervals([0], [2], [5])
    instants = iv.intervals([0, 0, 0], [2, 4, 5], [2, 4, 5])
    assert iv.clip(instants, window)[1].tolist() == [0, 1]
    assert iv.remove(instants, window)[1].tolist() == [2]


def test_end_before_start_becomes_an_instant():
    x = iv.intervals([0], [5], [3])
    assert (x.start.tolist(), x.end.tolist()) == ([5], [5])


def test_groups_never_touch_although_times_do():
    assert len(iv.union(iv.intervals([0, 1, 2], [0, 5, 0], [5, 9, 9]))) == 3


def test_nothing_in_nothing_out():
    nothing = iv.intervals([], [], [])
    one = iv.intervals([0], [0], [1])
    assert len(iv.union(nothing)) == len(iv.intersection(one, nothing)) == len(iv.intersection(nothing, one)) == 0
    assert iv.difference(one, nothing).end.tolist() == [1]
    assert len(at_least(nothing, [1])) == len(highest(nothing, np.zeros(0))[0]) == 0
    assert iv.complement(nothing, one).end.tolist() == [1]
    assert len(iv.complement(one, nothing)) == len(iv.complement(one, one)) == 0
    assert iv.lengths(nothing, 2).tolist() == union_lengths(nothing, 2, start=0, end=9).tolist() == [0, 0]
    assert len(iv.overlaps(nothing, one)[0]) == 0


@pytest.mark.parametrize("operation", ["union", "intersection", "difference", "complement"])
def test_operations_equal_their_grid_twin(room, operation):
    twin = {
        "union": lambda a, b: a,
        "intersection": lambda a, b: a * b,
        "difference": lambda a, b: a * (1 - b),
        "complement": lambda a, b: b * (1 - a),
    }[operation]

    @QUICK
    @given(some_intervals(), some_intervals())
    def check(x, y):
        found = iv.union(x) if operation == "union" else getattr(iv, operation)(x, y)
        np.testing.assert_array_equal(cells(found), twin(cells(x), cells(y)))
        assert iv.lengths(found, GROUPS).tolist() == cells(found).sum(axis=1).tolist()
        assert_disjoint_in_order(found)

    check()


def test_clip_and_remove_keep_rows_apart_and_add_up(room):
    @QUICK
    @given(some_intervals(), some_intervals())
    def check(x, y):
        for pieces, rows in (iv.clip(x, y), iv.remove(x, y)):
            assert (pieces.group == x.group[rows]).all()
            assert (pieces.start >= x.start[rows]).all()
            assert (pieces.end <= x.end[rows]).all()
        total = iv.lengths(iv.clip(x, y)[0], GROUPS) + iv.lengths(iv.remove(x, y)[0], GROUPS)
        np.testing.assert_array_equal(total, iv.lengths(x, GROUPS))

    check()


def test_at_least_equals_its_grid_twin(room):
    needed = np.array([1, 2, 3])

    @QUICK
    @given(some_intervals())
    def check(x):
        depth = sum((cells(x[[i]]) for i in range(len(x))), np.zeros((GROUPS, GRID + 1)))
        np.testing.assert_array_equal(cells(at_least(x, needed)), depth >= needed[:, None])

    check()


def test_highest_equals_its_grid_twin(room):
    @QUICK
    @given(some_intervals(at_most=12), st.randoms(use_true_random=False))
    def check(x, random):
        weights = np.array([random.choice([0, 0.25, 0.5, 1]) for _ in range(len(x))])
        steps, values = highest(x, weights)
        np.testing.assert_array_equal(cells(steps, values), cells(x, weights))
        assert_steps_are_minimal(steps, values)

    check()


def assert_steps_are_minimal(steps, values):
    assert (values > 0).all()
    touching = (steps.group[1:] == steps.group[:-1]) & (steps.start[1:] == steps.end[:-1])
    assert (values[1:] != values[:-1])[touching].all()


def test_highest_of_several_columns_is_each_column_alone():
    x = iv.intervals([0, 0, 0], [0, 2, 4], [6, 8, 5])
    weights = np.array([[0.5, 0.0], [1.0, 0.3], [0.2, 0.9]])
    steps, values = highest(x, weights)
    for column in range(2):
        alone = cells(*highest(x, weights[:, column]))
        np.testing.assert_array_equal(cells(steps, values[:, column]), alone)


def test_overlaps_pairs_what_overlaps_without_merging():
    x = iv.intervals([0, 0, 1], [0, 5, 0], [4, 6, 9])
    y = iv.intervals([0, 0, 0], [1, 3, 5], [3, 5, 8])
    pairs = set(zip(*(a.tolist() for a in iv.overlaps(x, y)), strict=True))
    assert pairs == {(0, 0), (0, 1), (1, 2)}


def test_long_spans_and_many_groups_fit():
    century = 100 * 365 * 86_400_000_000
    x = iv.intervals([0, 999_999, 999_999], [0, 5, 10], [century, 10, 20])
    assert iv.lengths(iv.union(x), 1_000_000)[[0, 999_999]].tolist() == [century, 15]
