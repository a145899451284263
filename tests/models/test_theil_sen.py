"""Median slopes: by hand, published, against a slow twin and scipy, and how often the interval holds."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from continuity_analysis.models.theil_sen import fit_theil_sen, kendall_null

SEEDING = [1.26, 1.27, 1.12, 1.16, 1.03]  # Hollander and Wolfe (1999), example 9.1: years 1 to 5


def test_three_points_by_hand():
    line = fit_theil_sen([[0, 1, 3]], [[0, 2, 3]])  # slopes 2, 1, 0.5
    assert (line.slope[0], line.tau[0], line.n[0]) == (1.0, 1.0, 3)
    assert line.p[0] == pytest.approx(2 / 6)
    assert np.isnan([line.low[0], line.high[0]]).all()


def test_cloud_seeding_as_published():
    line = fit_theil_sen([[1, 2, 3, 4, 5]], [SEEDING])
    assert line.slope[0] == pytest.approx(-0.05625)
    assert line.tau[0] == pytest.approx(-0.6)  # C = -6
    assert line.p[0] == pytest.approx(2 * 0.117, abs=0.001)  # their table A.30: P(K >= 6) = .117 for n = 5
    assert (line.low[0], line.high[0]) == pytest.approx((-0.15, 0.04))


def test_bonett_s_example_as_published():
    y = [21, 4, 9, 12, 35, 18, 10, 22, 24, 1, 6, 8, 13, 16, 19]  # statpsych, ci.theil: 0.5
    x = [67, 28, 30, 28, 52, 40, 25, 37, 44, 10, 14, 20, 28, 40, 51]
    assert fit_theil_sen([x], [y]).slope[0] == pytest.approx(0.5)


def test_the_null_law_is_that_of_all_orders():
    discordant = [sum(a > b for a, b in combinations(order, 2)) for order in permutations(range(5))]
    expected = [np.mean(np.array(discordant) <= d) for d in range(11)]
    assert kendall_null(5) == pytest.approx(expected)


points = st.lists(st.integers(-1000, 1000), min_size=2, max_size=12, unique=True)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.lists(points, min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_all_groups_at_once_are_each_by_itself(groups, seed):
    rng = np.random.default_rng(seed)
    width = max(map(len, groups))
    x, y = (np.full((len(groups), width), np.nan) for _ in range(2))
    for row, values in enumerate(groups):
        place = np.sort(rng.permutation(width)[: len(values)])
        x[row, place], y[row, place] = values, rng.permutation(len(values)) + 0.5 * np.sin(values)
    found = fit_theil_sen(x, y)
    for row in range(len(groups)):
        there = ~np.isnan(x[row])
        px, py = x[row][there], y[row][there]
        slopes = sorted((py[j] - py[i]) / (px[j] - px[i]) for i, j in combinations(range(len(px)), 2))
        assert found.slope[row] == pytest.approx(np.median(slopes))
        tau = stats.kendalltau(px, py, method="exact")
        assert (found.tau[row], found.p[row]) == pytest.approx((tau.statistic, tau.pvalue))
        if not np.isnan(found.low[row]):
            rank = slopes.index(pytest.approx(found.low[row]))
            assert found.high[row] == pytest.approx(slopes[len(slopes) - 1 - rank])
            assert 2 * kendall_null(len(px))[rank] <= 0.05 < 2 * kendall_null(len(px))[rank + 1]


def test_large_samples_agree_with_scipy():
    rng = np.random.default_rng(0)
    x, y = np.arange(53.0), rng.normal(size=53) + 0.02 * np.arange(53)
    ours, theirs = fit_theil_sen([x], [y]), stats.theilslopes(y, x)
    assert ours.slope[0] == pytest.approx(theirs.slope)
    assert (ours.low[0], ours.high[0]) == pytest.approx((theirs.low_slope, theirs.high_slope), rel=0.02)


def test_the_interval_holds_what_it_says():
    rng = np.random.default_rng(1)
    x = np.tile(np.arange(12.0), (2000, 1))
    line = fit_theil_sen(x, rng.standard_t(3, size=x.shape) + 0.3 * x)
    assert 0.94 <= ((line.low <= 0.3) & (line.high >= 0.3)).mean() <= 0.985


@pytest.mark.parametrize("n", [0, 1])
def test_below_two_points_nothing_is_said(n):
    line = fit_theil_sen(np.where(np.arange(3) < n, 1.0, np.nan)[None], np.ones((1, 3)))
    assert np.isnan([line.slope[0], line.low[0], line.tau[0], line.p[0]]).all()
