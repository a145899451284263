"""The permutation log-rank test: by hand, against published figures, a slow twin, every shuffle, and its own size."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models.log_rank import SHUFFLES, log_rank_scores, permutation_log_rank

# acute myelogenous leukaemia, maintained and not (R's survival::aml; Miller 1997)
MAINTAINED = [9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161]
NOT_MAINTAINED = [5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45]


def observations(*samples):
    whole = np.concatenate(samples).astype(float)
    return np.abs(whole), whole > 0, np.repeat(np.arange(len(samples)), [len(s) for s in samples])


def slow(hours, ended, second, stratum):
    """Observed less expected of the second sample, and its hypergeometric variance, time by time."""
    excess = variance = 0.0
    for s in set(stratum):
        for t in sorted(set(hours[ended & (stratum == s)])):
            here = (stratum == s) & (hours >= t)
            n, k, d = here.sum(), (here & second).sum(), (here & ended & (hours == t)).sum()
            excess += (here & ended & second & (hours == t)).sum() - d * k / n
            variance += d * (k / n) * (1 - k / n) * (n - d) / max(n - 1, 1)
    return excess, variance


def test_observed_and_expected_of_a_published_example():
    hours, ended, sample = observations(MAINTAINED, NOT_MAINTAINED)
    scores = log_rank_scores(hours, ended, np.zeros(len(hours)))
    expected = [float((ended - scores)[sample == s].sum()) for s in (0, 1)]
    assert expected == pytest.approx([10.69, 7.31], abs=0.005)
    excess, variance = slow(hours, ended, sample == 1, np.zeros(len(hours)))
    assert scores[sample == 1].sum() == pytest.approx(excess)
    assert excess**2 / variance == pytest.approx(3.396389, abs=1e-6)


def test_p_of_a_published_example_is_near_the_asymptotic_one():
    hours, ended, sample = observations(MAINTAINED, NOT_MAINTAINED)
    zero = np.zeros(len(hours), dtype=int)
    found = permutation_log_rank(log_rank_scores(hours, ended, zero), sample == 1, zero, group=zero, groups=1)
    assert found["p"][0] == pytest.approx(0.0653393, abs=0.02)
    assert found["excess"][0] == pytest.approx(3.69, abs=0.005)
    assert found["ways"][0] == comb(23, 11)


def test_by_hand():
    # at 1 h one of three ends, at 2 h one of two, at 3 h the last: hazards 1/3, 1/3 + 1/2, 1/3 + 1/2 + 1
    scores = log_rank_scores([3, 1, 2], [True, True, True], [0, 0, 0])
    assert scores == pytest.approx([1 - 11 / 6, 1 - 1 / 3, 1 - 5 / 6])


def test_p_is_that_of_every_shuffle():
    hours, ended = np.array([1, 2, 3, 4, 5, 9.0]), np.array([1, 1, 0, 1, 1, 1], dtype=bool)
    second, zero = np.array([1, 1, 1, 0, 0, 0], dtype=bool), np.zeros(6, dtype=int)
    scores = log_rank_scores(hours, ended, zero)
    all_sums = np.array([scores[list(rows)].sum() for rows in combinations(range(6), 3)])
    exact = (np.abs(all_sums) >= abs(scores[second].sum()) - 1e-9).mean()
    found = permutation_log_rank(scores, second, zero, group=zero, groups=1)
    assert found["ways"][0] == 20
    assert found["p"][0] == pytest.approx(exact, abs=4 * np.sqrt(exact / SHUFFLES[0]))


@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.booleans(), st.booleans(), st.integers(0, 2)), min_size=1, max_size=30
    )
)  # fmt: skip
@settings(derandomize=True, deadline=None, max_examples=60)
def test_the_statistic_is_that_of_the_slow_account(rows):
    hours, ended, second, stratum = (np.array(x) for x in zip(*rows, strict=True))
    scores = log_rank_scores(hours, ended, stratum)
    assert scores[second].sum() == pytest.approx(slow(hours, ended, second, stratum)[0], abs=1e-9)
    assert [scores[stratum == s].sum() for s in range(3)] == pytest.approx([0, 0, 0], abs=1e-9)


def test_groups_are_apart_and_their_order_is_nothing():
    rng = np.random.default_rng(3)
    group = rng.integers(0, 4, 80)
    hours, second = rng.exponential(1 + (group == 2) * 3.0), rng.random(80) < 0.5
    hours = np.where((group == 2) & second, hours * 9, hours)
    scores = log_rank_scores(hours, np.ones(80), group)
    found = permutation_log_rank(scores, second, group, group=group, groups=6)
    order = rng.permutation(80)
    again = permutation_log_rank(scores[order], second[order], group[order], group=group[order], groups=6)
    assert found["excess"].to_numpy() == pytest.approx(again["excess"].to_numpy())
    assert found["p"][2] < 0.05 < found["p"].drop(2).min()
    assert found[["p", "ways"]].iloc[4:].to_numpy().tolist() == [[1, 1], [1, 1]]


def test_only_within_a_stratum_are_samples_compared():
    # within each severity nothing changed; the second sample only has more of the long kind
    rng = np.random.default_rng(5)
    stratum = np.repeat([0, 1], 60)
    second = np.tile(np.arange(60) < 45, 2) ^ (stratum == 1)
    hours = rng.exponential(np.where(stratum == 0, 10.0, 1.0))
    zero = np.zeros(120, dtype=int)
    apart = permutation_log_rank(log_rank_scores(hours, zero == 0, stratum), second, stratum, group=zero, groups=1)
    mixed = permutation_log_rank(log_rank_scores(hours, zero == 0, zero), second, zero, group=zero, groups=1)
    assert mixed["p"][0] < 0.01 < 0.1 < apart["p"][0]


def test_nothing_at_all():
    none = np.zeros(0, dtype=int)
    scores = log_rank_scores(none, none, none)
    found = permutation_log_rank(scores, none == 0, none, group=none, groups=2)
    assert found.to_numpy().tolist() == [[0, 1, 1], [0, 1, 1]]


def test_five_in_a_hundred_equal_pairs_are_called_different():
    rng = np.random.default_rng(11)
    pairs, n = 400, 16
    group = np.repeat(np.arange(pairs), n)
    hours, second = np.exp(rng.normal(0, 1.5, pairs * n)), np.tile(np.arange(n) < 8, pairs)
    scores = log_rank_scores(hours, np.ones(len(hours)), group)
    p = permutation_log_rank(scores, second, group, group=group, groups=pairs)["p"]
    assert 0.03 <= (p <= 0.05).mean() <= 0.07
    assert 0.42 <= (p <= 0.5).mean() <= 0.58
