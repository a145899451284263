"""What the slowest of n bounds, and where the median lies: published numbers, counting, and enumeration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from continuity_analysis.models.order_statistics import needed_to_bound, quantile_ranks, share_bounded

QUICK = settings(derandomize=True, deadline=None, max_examples=50)


@pytest.mark.parametrize(("n", "quantile"), [(5, 0.55), (10, 0.74), (15, 0.82), (20, 0.86), (30, 0.905), (59, 0.95)])
def test_what_the_slowest_of_n_bounds(n, quantile):
    """Known answer 4.4 (Wilks 1941), printed there to two digits."""
    assert share_bounded(n) == pytest.approx(quantile, abs=0.006)


@pytest.mark.parametrize(("share", "n"), [(0.90, 29), (0.95, 59), (0.99, 299)])
def test_how_many_it_takes(share, n):
    """Known answer 4.4: the longest of 29, 59 and 299 bounds P90, P95 and P99."""
    assert needed_to_bound(share) == n
    assert share_bounded(n) >= share > share_bounded(n - 1)


def test_how_many_it_takes_on_both_sides():
    """Known answer 4.4: 95 % of all lie between the shortest and the longest of 93, with 95 % confidence."""
    assert needed_to_bound(0.95, both_sides=True) == 93


# known answer 4.4: 95 % interval of the median by order statistics
MEDIAN = {6: (1, 6, 0.9688), 8: (1, 8, 0.9922), 10: (2, 9, 0.9785), 15: (4, 12, 0.9648), 20: (6, 15, 0.9586),
          30: (10, 21, 0.9572)}  # fmt: skip


@pytest.mark.parametrize("n", MEDIAN)
def test_the_median_by_order_statistics(n):
    low, high, held = quantile_ranks(n)
    assert (low, high, round(float(held), 4)) == MEDIAN[n]


def test_five_do_not_bound_the_median():
    """Known answer 4.4: impossible with 5, where the shortest and the longest hold it in 93.75 % only."""
    low, high, _ = quantile_ranks(5)
    assert np.isnan(low)
    assert np.isnan(high)
    assert binom.cdf(4, 5, 0.5) - binom.cdf(0, 5, 0.5) == 0.9375


@QUICK
@given(st.integers(1, 60), st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_ranks_against_trying_all(n, share):
    low, high, held = (float(x) for x in quantile_ranks(n, share))
    lows = [k for k in range(1, n + 1) if binom.cdf(k - 1, n, share) <= 0.025 + 1e-12]
    highs = [k for k in range(1, n + 1) if binom.sf(k - 1, n, share) <= 0.025 + 1e-12]
    assert (lows[-1] if lows else None) == (None if np.isnan(low) else low)
    assert (highs[0] if highs else None) == (None if np.isnan(high) else high)
    assert held >= 0.95


@QUICK
@given(st.integers(1, 40), st.integers(0, 10))
def test_others_that_took_longer_bound_less(n, longer):
    """The n-th of n + longer values bounds a share p unless at least n of them fall below it."""
    share = float(share_bounded(n, longer))
    assert binom.sf(n - 1, n + longer, share) == pytest.approx(0.05)


def test_it_holds_as_often_as_it_says():
    """Uniform durations: the longest of n covers as large a share as it is long."""
    rng = np.random.default_rng(0)
    for n in (5, 20):
        longest = rng.random((20_000, n)).max(axis=1)
        assert (longest >= share_bounded(n)).mean() == pytest.approx(0.95, abs=0.006)


def test_counted_both_sides():
    rng = np.random.default_rng(1)
    drawn = np.sort(rng.random((20_000, 93)), axis=1)
    assert (drawn[:, -1] - drawn[:, 0] >= 0.95).mean() == pytest.approx(0.95, abs=0.006)
    assert needed_to_bound([0.5, 0.9], both_sides=True).tolist() == [8, 46]


def test_nothing_bounds_nothing_and_nothing_bounds_all():
    assert np.isnan(share_bounded(0))
    assert np.isnan(share_bounded(0, 3))
    assert np.isnan(needed_to_bound(1.0))
    assert needed_to_bound(0.0) == 1
    assert np.isnan(np.array(quantile_ranks(0))).all()
