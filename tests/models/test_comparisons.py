"""Two samples of durations: verdict, ratios with intervals, and what samples of that size can show."""

import numpy as np
import pandas as pd
import pytest

from continuity_analysis.models.comparisons import LEVEL, compare_durations, ratio_interval
from continuity_analysis.models.detectable import chance_of_moves, estimate_visibility
from continuity_analysis.models.log_rank import log_rank_scores, permutation_log_rank
from continuity_analysis.models.multiple_tests import benjamini_hochberg


def durations(first, second, *, group=0, stratum=0, censored=()):
    hours = np.concatenate([first, second]).astype(float)
    return pd.DataFrame(
        {"group": group, "second": np.arange(len(hours)) >= len(first), "stratum": stratum, "hours": hours,
         "censored": np.isin(np.arange(len(hours)), censored)}
    )  # fmt: skip


def lognormal(n, *, seed, factor=1.0):
    return factor * np.exp(np.random.default_rng(seed).normal(0, 1.2, n))


def test_verdicts_in_words():
    rows = pd.concat(
        [
            durations(lognormal(40, seed=1), lognormal(40, seed=2, factor=6), group=0),
            durations(lognormal(40, seed=3), lognormal(40, seed=4, factor=1 / 6), group=1),
            durations(lognormal(40, seed=15), lognormal(40, seed=16), group=2),
            durations([1, 2], [30, 40], group=3),
            durations([1, 2, 3], [], group=4),
        ]
    )
    found = compare_durations(rows, groups=6)
    words = ["longer", "shorter", "no evidence of a change", *["too few to tell"] * 3]
    assert found["verdict"].to_list() == words
    assert found["n_first"].to_list() == [40, 40, 40, 2, 3, 0]
    assert found["n_second"].to_list() == [40, 40, 40, 2, 0, 0]
    assert found["p"].isna().to_list() == [False] * 3 + [True] * 3
    assert found["detectable_ratio"].isna().to_list() == [False] * 3 + [True] * 3
    assert found["median_ratio"][0] == pytest.approx(found["median_second"][0] / found["median_first"][0])
    assert (found["ratio_low"][:3] < found["median_ratio"][:3]).all()
    assert (found["median_ratio"][:3] < found["ratio_high"][:3]).all()


def test_the_first_is_the_second_turned_round():
    one, other = lognormal(35, seed=7), lognormal(45, seed=8, factor=2)
    there, back = (compare_durations(durations(*pair), groups=1).iloc[0] for pair in ((one, other), (other, one)))
    assert there["p"] == pytest.approx(back["p"], abs=0.02)
    for ratio, low, high in (
        ("median_ratio", "ratio_low", "ratio_high"),
        ("mean_ratio", "mean_ratio_low", "mean_ratio_high"),
    ):
        assert there[ratio] == pytest.approx(1 / back[ratio])
        assert there[low] == pytest.approx(1 / back[high])


def test_open_incidents_are_counted_and_can_only_lengthen():
    first, second = lognormal(30, seed=9), lognormal(30, seed=10)
    ended = compare_durations(durations(first, second), groups=1).iloc[0]
    still_open = compare_durations(durations(first, second, censored=range(30, 45)), groups=1).iloc[0]
    assert [still_open["n_censored_first"], still_open["n_censored_second"]] == [0, 15]
    assert still_open["median_second"] > ended["median_second"]


def test_no_ratio_of_means_from_few():
    found = compare_durations(durations(lognormal(29, seed=1), lognormal(40, seed=2)), groups=1).iloc[0]
    assert pd.isna(found["mean_ratio_low"]) and pd.isna(found["mean_ratio_high"])


def test_many_services_are_judged_together():
    pairs = [(lognormal(20, seed=g), lognormal(20, seed=100 + g, factor=1 if g else 4)) for g in range(40)]
    rows = pd.concat(durations(*pair, group=g) for g, pair in enumerate(pairs))
    found = compare_durations(rows, groups=40)
    assert found["p"][0] < 0.01
    assert (found["adjusted_p"] >= found["p"]).all()
    assert (found["verdict"][1:] == "no evidence of a change").all()


def test_ratio_intervals_by_hand():
    first = pd.DataFrame({"estimate": [1.0, 1.0], "low": [0.5, np.nan], "high": [2.0, 2.0]})
    second = pd.DataFrame({"estimate": [4.0, 4.0], "low": [2.0, 2.0], "high": [8.0, 8.0]})
    found = ratio_interval(first, second)
    assert found["ratio"].to_list() == pytest.approx([4, 4])
    # log limits are log 2 away on each side: together √2 log 2
    assert found["low"].to_list() == pytest.approx([4 * 2 ** -(2**0.5)] * 2)
    assert found["high"][0] == pytest.approx(4 * 2 ** (2**0.5)) and np.isnan(found["high"][1])


def test_what_can_be_seen_is_seen_eight_times_in_ten():
    pairs, n = 200, 20
    one, other = lognormal(n, seed=1), lognormal(n, seed=2)
    ratio = compare_durations(durations(one, other), groups=1)["detectable_ratio"][0]
    scatter = np.log(np.concatenate([one, other])).std()
    hours = np.exp(np.random.default_rng(4).normal(0, scatter, (pairs, 2 * n)))
    hours, second = (hours * np.repeat([1, ratio], n)).ravel(), np.tile(np.repeat([False, True], n), pairs)
    group = np.repeat(np.arange(pairs), 2 * n)
    scores = log_rank_scores(hours, np.ones(len(hours)), group)
    found = permutation_log_rank(scores, second, group, group=group, groups=pairs)
    assert 0.72 <= (found["p"] <= 0.05).mean() <= 0.88


@pytest.mark.parametrize(
    ("mean", "sd", "n", "worse", "better_15", "false_30"),
    # Davidovič (2021), table 1 and its text: minutes; companies A, B, C in 2019
    [(146, 316, 173, 0.38, 0.49, 0.19), (151, 301, 103, 0.40, 0.50, 0.23), (271, 413, 609, 0.20, 0.64, 0.10)],
)
def test_mttr_against_incident_metrics_in_sre(mean, sd, n, worse, better_15, false_30):
    """A real improvement by 10 % splits a year's incidents in two halves; "nothing changed" compares two years."""
    half = {"n_first": n / 2, "n_second": n / 2, "ratio": 0.9}
    assert 1 - chance_of_moves(mean, sd, **half) == pytest.approx(worse, abs=0.01)
    assert chance_of_moves(mean, sd, **half, move=15) == pytest.approx(better_15, abs=0.01)
    assert chance_of_moves(mean, sd, n_first=n, n_second=n, move=30) == pytest.approx(false_30, abs=0.01)


def test_resampling_agrees_with_normal_theory_where_that_holds():
    hours = np.random.default_rng(2).gamma(4, 1, 500)
    found = estimate_visibility(hours, per_period=80)
    mean, sd = hours.mean(), hours.std()
    equal = {"n_first": 80, "n_second": 80}
    assert found["missed"] == pytest.approx(1 - chance_of_moves(mean, sd, **equal, ratio=0.9), abs=0.02)
    assert found["false_move"] == pytest.approx(2 * chance_of_moves(mean, sd, **equal, move=0.1 * mean), abs=0.03)
    assert found["low"] < 1 < found["high"]


def test_how_many_incidents_it_takes():
    hours = np.random.default_rng(3).gamma(4, 1, 400)
    found = estimate_visibility(hours, per_period=80)
    for n, chance in ((found["needed_mean"], 0.8), (found["needed_mean"] / 4, 0.29)):
        rng = np.random.default_rng(1)
        first, second = (rng.choice(hours, (400, int(n))) * r for r in (1.0, 0.9))
        z = (first.mean(1) - second.mean(1)) / np.sqrt((first.var(1) + second.var(1)) / int(n))
        assert (np.abs(z) > 1.96).mean() == pytest.approx(chance, abs=0.07)
    assert found["needed_test"] == pytest.approx(found["needed_mean"], rel=0.35)  # a rank test loses little here


@pytest.mark.parametrize(("n", "per_period"), [(29, 10), (0, 5), (50, 0)])
def test_too_short_a_history_says_nothing(n, per_period):
    found = estimate_visibility(np.linspace(1, 2, n), per_period=per_period)
    assert found["n"] == n
    assert found[["false_move", "missed", "low", "high", "needed_mean", "needed_test"]].isna().all()


def test_benjamini_hochberg_equals_its_definition():
    rng = np.random.default_rng(1)
    p = np.where(rng.random(50) < 0.2, np.nan, rng.random(50))
    known = np.flatnonzero(~np.isnan(p))
    m = len(known)
    ranked = np.sort(p[known])
    for i in known:
        rank = np.searchsorted(ranked, p[i], side="right")
        expected = min(1, min(ranked[k - 1] * m / k for k in range(rank, m + 1)))
        assert benjamini_hochberg(p)[i] == pytest.approx(expected)
    assert np.isnan(benjamini_hochberg(p)).sum() == 50 - m


def test_false_alarms_between_unchanged_periods_are_as_rare_as_promised():
    pairs, n = 1_000, 12
    rng = np.random.default_rng(3)
    hours = rng.lognormal(0, 1.5, (pairs, 2 * n))
    last = np.where(rng.random(hours.shape) < 0.1, hours * rng.random(hours.shape), np.inf)
    group = np.repeat(np.arange(pairs), 2 * n)
    second = np.tile(np.arange(2 * n) >= n, pairs)
    scores = log_rank_scores(np.minimum(hours, last).ravel(), (hours <= last).ravel(), group)
    found = permutation_log_rank(scores, second, group, group=group, groups=pairs, seed=0)
    assert 30 <= (found["p"] <= LEVEL).sum() <= 67
