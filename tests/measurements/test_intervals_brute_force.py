"""Every operation equals its brute-force twin, wherever its groups and moments lie on the number line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.measurements import intervals as iv
from continuity_analysis.measurements import line
from continuity_analysis.measurements.overlaps import at_least, highest
from continuity_analysis.measurements.union_lengths import union_lengths
from tests.measurements import interval_twin as twin

SPAN = (-6, 7)
MINUTE = 60_000_000
QUICK = settings(max_examples=60, deadline=None, derandomize=True)
WORLDS = {  # number of the first moment, microseconds per unit, numbers of the groups
    "around 1970": (0, 1, (0, 1, 2)),
    "gaps in group numbers": (30_000_000 * MINUTE, MINUTE, (1, 4, 9)),
    "one group": (-(2**40), 7, (3, 3, 3)),
    "nearly all 64 bits": (0, 2**59, (0, 5, 9)),
    "huge group numbers": (0, 1, (0, 2**40, 2**62)),
    "ranks": (12, MINUTE, (0, 1, 3)),
}
SMALL = [name for name in WORLDS if name != "huge group numbers"]  # where an array per group fits in memory


@pytest.fixture(params=WORLDS)
def world(request, monkeypatch):
    """Where groups and moments lie; chunks so short that every case has several."""
    monkeypatch.setattr(line, "_CHUNK", 2)
    if request.param == "ranks":
        monkeypatch.setattr(line, "_ROOM", 1)
    return WORLDS[request.param]


def rows_of(world, at_most=7):
    """Unsorted, overlapping, touching, equal, empty intervals as tuples; those of one group where there is only one."""
    group = st.integers(0, 0 if len(set(world[2])) == 1 else 2)
    moment = st.integers(SPAN[0], SPAN[1] - 1)
    return st.lists(st.tuples(group, moment, moment).map(lambda r: (r[0], *sorted(r[1:]))), max_size=at_most)


def there(rows, world):
    origin, unit, groups = world
    return iv.intervals(
        [groups[g] for g, _, _ in rows],
        [origin + unit * a for _, a, _ in rows],
        [origin + unit * b for _, _, b in rows],
    )


def back(x, world):
    origin, unit, groups = world
    number = {g: i for i, g in reversed(list(enumerate(groups)))}
    moments = ((int(m) - origin) // unit for side in (x.start, x.end) for m in side)
    units = list(moments)
    return list(zip((number[g] for g in x.group.tolist()), units[: len(x)], units[len(x) :], strict=True))


@pytest.mark.parametrize("name", ["union", "intersection", "difference", "complement"])
def test_sets_of_moments(world, name):
    @QUICK
    @given(rows_of(world), rows_of(world))
    def check(x, y):
        operation = getattr(iv, name)
        found = operation(there(x, world)) if name == "union" else operation(there(x, world), there(y, world))
        assert back(found, world) == getattr(twin, name)(x, y, SPAN)

    check()


def test_pieces_and_whose_they_are(world):
    @QUICK
    @given(rows_of(world), rows_of(world))
    def check(x, y):
        second = twin.merged(twin.lasting(y))
        kept, rows = iv.clip(there(x, world), there(y, world))
        expected = [(i, p) for i, row in enumerate(x) for p in twin.clipped(row, second)]
        assert list(zip(rows.tolist(), back(kept, world), strict=True)) == expected
        left, rows = iv.remove(there(x, world), there(y, world))
        expected = [(i, p) for i, row in enumerate(x) for p in twin.removed(row, second, SPAN)]
        assert list(zip(rows.tolist(), back(left, world), strict=True)) == expected

    check()


def test_which_overlap_which(world):
    @QUICK
    @given(rows_of(world), rows_of(world))
    def check(x, y):
        pieces = [p for p, _ in twin.steps(y, lambda g, mine: tuple(mine), SPAN)]  # disjoint; many of them touch
        pairs = zip(*(a.tolist() for a in iv.overlaps(there(x, world), there(pieces, world))), strict=True)
        expected = [(i, j) for i, row in enumerate(x) for j, p in enumerate(pieces) if twin.clipped(row, [p])]
        assert list(pairs) == expected

    check()


@pytest.mark.parametrize("world", SMALL, indirect=True)
def test_at_least(world):
    needed = np.zeros(1 + max(world[2]), dtype=int)
    needed[list(world[2])] = (2, 1, 3)
    of_group = needed[list(world[2])]

    @QUICK
    @given(rows_of(world, at_most=10))
    def check(x):
        found = back(at_least(there(x, world), needed), world)
        assert found == [p for p, _ in twin.steps(x, lambda g, mine: len(mine) >= of_group[g], SPAN)]

    check()


@pytest.mark.parametrize("columns", [1, 3])
def test_highest(world, columns):
    weight = st.sampled_from([0.0, 0.25, 0.5, 1.0])

    @QUICK
    @given(rows_of(world, at_most=10), st.lists(st.lists(weight, min_size=3, max_size=3), min_size=10, max_size=10))
    def check(x, weights):
        weights = np.array(weights)[: len(x), :columns]
        weights[:, -1] = weights[:, 0]  # equal columns are worked out once
        steps, values = highest(there(x, world), weights)
        found = list(zip(back(steps, world), map(tuple, values.tolist()), strict=True))

        def largest(g, mine):
            top = weights[mine].max(axis=0, initial=0)
            return tuple(top.tolist()) if top.any() else None

        assert found == twin.steps(x, largest, SPAN)

    check()


@pytest.mark.parametrize("world", SMALL, indirect=True)
def test_lengths_and_lengths_of_unions_within_windows(world):
    origin, unit, groups = world
    n, moment = 2 + max(groups), st.integers(*SPAN)
    whole = (origin + unit * SPAN[0], origin + unit * SPAN[1])

    @QUICK
    @given(rows_of(world), st.lists(st.tuples(moment, moment).map(sorted), min_size=n, max_size=n))
    def check(x, windows):
        x = [r for r in x if unit * (r[2] - r[1]) < 2**61]  # a sum of longer ones would not fit in 64 bits
        low, high = (np.array([origin + unit * w[i] for w in windows]) for i in (0, 1))
        of_each = union_lengths(there(x, world), n, start=low, end=high)
        assert of_each.tolist() == [unit * covered(x, groups, i, windows[i]) for i in range(n)]
        of_all = union_lengths(there(x, world), n, start=int(low[0]), end=int(high[0]))
        assert of_all.tolist() == [unit * covered(x, groups, i, windows[0]) for i in range(n)]
        union = iv.lengths(iv.union(there(x, world)), n)
        assert union.tolist() == union_lengths(there(x, world), n, start=whole[0], end=whole[1]).tolist()

    check()


def covered(x, groups, number, window):
    """Units of a window in which something of the group with this number is open."""
    group = groups.index(number) if number in groups else -1
    return sum(bool(twin.open_at(x, group, t)) for t in range(*window))


def test_needing_none_is_refused():
    with pytest.raises(ValueError, match="at least 1 interval, got 0"):
        at_least(iv.intervals([1], [0], [5]), [1, 0])


def test_no_moment_and_no_group_overflows():
    most = 2**63 - 1
    x = iv.intervals([most, 0, most, 0], [-most, -most, 5, -most - 1], [most, 0, most, 7])
    found = iv.union(x)
    assert found.group.tolist() == [0, most]
    assert found.start.tolist() == [-most - 1, -most]
    assert found.end.tolist() == [7, most]
    left = iv.difference(found, iv.intervals([most, 0], [-1, -3], [1, 7]))
    assert left.start.tolist() == [-most - 1, -most, 1]
    assert left.end.tolist() == [-3, -1, most]


def test_results_keep_no_memory_of_what_was_merged_away_and_inputs_stay():
    start = np.arange(100_000)[::-1].copy()
    x = iv.intervals(np.zeros(100_000), start, start + 2)
    found = iv.union(x)
    assert found.end.tolist() == [100_001]
    assert (x.start == np.arange(100_000)[::-1]).all()
    assert all(side.base is None or side.base.nbytes < 1000 for side in (found.start, found.end))
