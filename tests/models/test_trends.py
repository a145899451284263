"""Trend tests by hand, against published numbers, against a slow twin, and by how often they are wrong."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from continuity_analysis.models.failure_times import failure_times
from continuity_analysis.models.trends import DISAGREE, FEWEST, LESS, MORE, NONE, TOO_FEW, judge_trends, trend_tests

NIST = [5, 40, 43, 175, 389, 712, 747, 795, 1299, 1478]
GAPS = [104, 131, 1597, 59, 4, 503, 157, 6, 118, 173, 114, 62, 101, 216, 106, 140, 1, 102, 3, 393, 96, 232, 89, 61, 37,
        293, 7, 165, 87, 99]  # fmt: skip


def many(*histories, end, group=None):
    """Failures of several systems; an end of None is that of the last failure."""
    system = np.repeat(np.arange(len(histories)), [len(h) for h in histories])
    ends = [h[-1] if e is None else e for h, e in zip(histories, end, strict=True)]
    return failure_times([t for h in histories for t in h], system, ends, group=group)


def test_by_hand():
    found = trend_tests(many([1, 2, 9], [1, 2, 9], [5], [], end=[10, None, None, 3]))
    assert found["n"].tolist() == [3, 3, 1, 0]
    assert found.loc[0, "laplace_u"] == pytest.approx((12 - 15) / math.sqrt(3 * 100 / 12))
    assert found.loc[1, "laplace_u"] == pytest.approx((3 - 9) / math.sqrt(2 * 81 / 12))
    assert found.loc[0, "mil_hdbk_chi2"] == pytest.approx(2 * math.log(10 * 5 * 10 / 9))
    assert found["mil_hdbk_df"].tolist() == [6, 4, 0, 0]
    assert found.loc[0, "mil_hdbk_p"] == pytest.approx(2 * stats.chi2.sf(2 * math.log(500 / 9), 6))
    deviation = math.sqrt((4 + 4 + 16) / 2) / 3  # of the gaps 1, 1, 7 over their mean
    assert found["lewis_robinson_u"].tolist()[:2] == pytest.approx([found.loc[1, "laplace_u"] / deviation] * 2)
    assert found.loc[2:].drop(columns=["n", "mil_hdbk_df"]).isna().all(axis=None)


def test_known_answer_2_1_nist_case_study():
    # KNOWN_ANSWERS 2.1: NIST/SEMATECH handbook, case study 1, time truncated
    found = trend_tests(many(NIST, end=[1500])).iloc[0]
    assert found["mil_hdbk_chi2"] == pytest.approx(37.228, abs=5e-4)
    assert found["mil_hdbk_df"] == 20
    assert found["mil_hdbk_p"] == pytest.approx(2 * 0.010986, abs=1e-6)
    assert found["laplace_u"] == pytest.approx(-1.32695, abs=5e-6)
    assert found["laplace_p"] == pytest.approx(0.1845, abs=5e-5)
    judged = judge_trends(trend_tests(many(NIST, end=[1500]))).iloc[0]
    assert (judged["verdict"], judged["reason"]) == (DISAGREE, "found by MIL-HDBK-189 only")


def test_known_answer_2_4_rate_of_occurrence_failure_truncated():
    found = trend_tests(many(np.cumsum(GAPS), end=[None])).iloc[0]
    assert found["laplace_u"] == pytest.approx(2.4094383, abs=5e-8)


def slow(histories, ends):
    """All systems as one group, a failure at a time; with the Laplace moments of every order of the gaps."""
    above = variance = chi2 = excess = spread = size = used = 0.0
    for times, end in zip(histories, ends, strict=True):
        inner = times[:-1] if times and times[-1] == end else times
        for t in inner:
            above, variance = above + t - end / 2, variance + end**2 / 12
            chi2, used = chi2 + 2 * math.log(end / t), used + 1
        n, gaps = len(times), [b - a for a, b in zip([0, *times], times, strict=False)]
        if n >= 2:
            excess += sum(times[:-1]) - (n - 1) * times[-1] / 2
            spread += np.var(gaps, ddof=1) * n * (n * n - 1) / 12
            size += n
    u = above / math.sqrt(variance) if used else math.nan
    lewis = (excess / math.sqrt(spread * size / (size + 1)) if spread > 1e-9 else 0.0) if size else math.nan
    return [u, chi2 if used else math.nan, 2 * used, lewis]


HISTORY = st.lists(st.integers(1, 60), max_size=9).map(sorted)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.tuples(HISTORY, st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=6))
def test_many_systems_at_once_are_as_one_after_the_other(drawn):
    histories = [h for h, _, _ in drawn]
    ends = [(h[-1] if h else 1) + more for h, more, _ in drawn]
    group = np.array([g for _, _, g in drawn])
    found = trend_tests(many(*histories, end=ends, group=group))
    for g in range(group.max() + 1):
        of = np.flatnonzero(group == g)
        expected = slow([histories[i] for i in of], [ends[i] for i in of])
        row = found.loc[g, ["laplace_u", "mil_hdbk_chi2", "mil_hdbk_df", "lewis_robinson_u"]].astype(float)
        assert row.tolist() == pytest.approx(expected, nan_ok=True, abs=1e-9)


def test_the_moments_of_lewis_and_robinson_are_those_of_all_orders_of_the_gaps():
    from itertools import permutations

    gaps = [1.0, 2.0, 2.5, 7.0, 0.5]
    sums = [np.cumsum(order)[:-1].sum() for order in permutations(gaps)]
    assert np.mean(sums) == pytest.approx(4 * 13 / 2)
    u = [trend_tests(many(np.cumsum(order), end=[20]))["lewis_robinson_u"][0] for order in permutations(gaps)]
    assert np.var(u) == pytest.approx(6 / 5)  # one that takes the gaps in any order; theirs is larger by (n + 1) / n


@pytest.mark.parametrize("n", [FEWEST, 10, 30])
@pytest.mark.parametrize("by_failure", [False, True])
def test_each_test_is_wrong_as_often_as_it_says(n, by_failure):
    """Of a constant rate; the calibration of other laws is in docs/calibration_trends.md."""
    rng = np.random.default_rng([n, by_failure])
    times = np.cumsum(rng.exponential(size=(8000, n)), axis=1) if by_failure else np.sort(rng.random((8000, n)))
    found = trend_tests(failure_times(times.ravel(), np.repeat(np.arange(8000), n), times[:, -1] if by_failure else
                                      np.ones(8000)))  # fmt: skip
    for name in ("laplace_p", "mil_hdbk_p", "lewis_robinson_p"):
        assert 0.04 <= (found[name] <= 0.05).mean() <= 0.06, name


def test_together_systems_may_each_fail_at_a_rate_of_their_own():
    rng = np.random.default_rng(5)
    runs, systems = 3000, 12
    end, rate = rng.uniform(5, 50, (runs, systems)), rng.gamma(0.5, 0.2, systems)
    n = rng.poisson(end * rate)
    system = np.repeat(np.arange(runs * systems), n.ravel())
    hours = rng.random(n.sum()) * end.ravel()[system]
    found = trend_tests(failure_times(hours, system, end.ravel(), group=np.repeat(np.arange(runs), systems)))
    for name in ("laplace_p", "mil_hdbk_p", "lewis_robinson_p"):
        assert 0.04 <= (found[name] <= 0.05).mean() <= 0.06, name


def verdicts(*rows):
    columns = ["n", "laplace_u", "laplace_p", "mil_hdbk_chi2", "mil_hdbk_p", "lewis_robinson_u", "lewis_robinson_p"]
    frame = pd.DataFrame(rows, columns=columns).assign(mil_hdbk_df=40)
    return (
        judge_trends(frame)[["verdict", "reason"]].astype(object).where(lambda f: f.notna(), None).to_numpy().tolist()
    )


def test_a_trend_is_what_all_three_find():
    assert verdicts([20, 3, 0.001, 20, 0.001, 2, 0.01], [20, -3, 0.001, 70, 0.001, -2, 0.01]) == [
        [MORE, None],
        [LESS, None],
    ]
    assert verdicts([20, 3, 0.001, 20, 0.001, 1, 0.3]) == [[DISAGREE, "found by Laplace and MIL-HDBK-189 only"]]
    assert verdicts([20, 3, 0.001, 70, 0.001, 2, 0.01]) == [[DISAGREE, "they point in opposite directions"]]
    assert verdicts([20, 1, 0.3, 38, 0.8, 1, 0.3]) == [[NONE, None]]
    assert verdicts([7, 3, 0.001, 20, 0.001, 2, 0.01]) == [[TOO_FEW, "7 failures; at least 8 are needed"]]


def test_of_many_services_a_trend_must_be_the_clearer():
    one = [20, 2.1, 0.03, 25, 0.03, 2.1, 0.03]
    assert verdicts(one) == [[MORE, None]]
    assert verdicts(one, *[[20, 0.1, 0.9, 39, 0.9, 0.1, 0.9]] * 9)[0] == [NONE, None]
    assert verdicts(one, *[[7, 0.1, 0.9, 39, 0.9, 0.1, 0.9]] * 9)[0] == [MORE, None]


def test_equal_gaps_show_no_trend():
    found = trend_tests(many(np.arange(1, 11) / 3, end=[10 / 3 + 0.1])).iloc[0]
    assert found[["lewis_robinson_u", "lewis_robinson_p"]].tolist() == [0, 1]


@pytest.mark.parametrize(("hours", "end"), [([0.0], [1.0]), ([2.0], [1.0]), ([np.nan], [1.0])])
def test_what_is_not_on_the_clock_is_refused(hours, end):
    with pytest.raises(ValueError, match="after 0"):
        failure_times(hours, [0], end)


def test_nothing():
    for ends in ([], [3.0]):
        found = judge_trends(trend_tests(failure_times([], [], ends)))
        assert found["verdict"].tolist() == [TOO_FEW] * len(ends)
