import numpy as np
import pandas as pd
import pytest

from continuity_analysis.models.restoration import estimate_restoration, estimate_survival


def estimates(*groups, within=np.nan, censored=()):
    hours = np.concatenate([np.asarray(g, dtype=float) for g in groups])
    frame = pd.DataFrame({
        "group": np.repeat(np.arange(len(groups)), [len(g) for g in groups]),
        "hours": hours,
        "censored": np.isin(np.arange(len(hours)), censored),
    })  # fmt: skip
    return estimate_restoration(frame, groups=len(groups), within_hours=within)


def test_without_censoring_the_median_and_the_mean_are_the_plain_ones():
    rng = np.random.default_rng(1)
    hours = rng.lognormal(1, 1, 22)
    found = estimates(hours).iloc[0]
    assert (found["n"], found["n_censored"]) == (22, 0)
    assert found["median_hours"] == pytest.approx(np.median(hours))
    assert [found["mean_hours"], found["restricted_mean_hours"]] == pytest.approx([hours.mean()] * 2)
    assert found["geometric_mean_hours"] == pytest.approx(np.exp(np.log(hours).mean()))
    assert found["max_hours"] == found["horizon_hours"] == hours.max()
    assert np.isnan(found["mean_low"])  # 22 are too few for the interval of a mean


def test_open_ones_take_the_mean_away_and_leave_the_restricted_one():
    found = estimates([1, 2, 4, 8], censored=[3]).iloc[0]
    assert np.isnan(found["mean_hours"])
    assert np.isnan(found["geometric_mean_hours"])
    assert found["restricted_mean_hours"] == pytest.approx(1 + 0.75 + 2 * 0.5 + 4 * 0.25)
    assert (found["max_hours"], found["longest_open_hours"]) == (4, 8)


def test_coxs_interval_by_hand():
    logs = np.linspace(-2, 2, 31)
    found = estimates(np.exp(logs)).iloc[0]
    centre, variance = logs.mean(), logs.var(ddof=1)
    half = 1.959963984540054 * np.sqrt(variance / 31 + variance**2 / 60)
    assert found["mean_low"] == pytest.approx(np.exp(centre + variance / 2 - half))
    assert found["mean_high"] == pytest.approx(np.exp(centre + variance / 2 + half))


def test_no_interval_for_a_mean_that_is_not_lognormal_or_has_zeros():
    two_kinds = [0.0001] * 15 + [1.0] * 15  # logs far apart: the lognormal mean would be far above any of them
    zeros = [0.0] + [1.0, 2.0] * 15
    found = estimates(two_kinds, zeros)
    assert found["mean_hours"].notna().all()
    assert found[["mean_low", "mean_high"]].isna().all(axis=None)


def test_share_within_a_target_of_each_group():
    found = estimates([1, 2, 3, 4], [1, 2, 3], [], within=np.array([2.0, 5.0, 1.0]), censored=[6])
    assert found["share_within"].fillna(-1).tolist() == [0.5, -1, -1]
    assert found.loc[1, "share_at_least"] == pytest.approx(2 / 3)  # whatever becomes of the open one
    assert found["n"].tolist() == [4, 3, 0]


def test_no_target_no_share():
    assert estimates([1, 2, 3])[["share_within", "share_at_least"]].isna().all(axis=None)


def test_curves_begin_at_zero_hours_with_all():
    frame = pd.DataFrame({"group": [1, 1, 1], "hours": [0.0, 2.0, 2.0], "censored": [False, False, True]})
    found = estimate_survival(frame, groups=3)
    assert found["group"].tolist() == [1, 1, 1]
    assert found["hours"].tolist() == [0, 0, 2]
    np.testing.assert_allclose(found["survival"], [1, 2 / 3, 1 / 3])
    assert found["n_at_risk"].tolist() == [3, 3, 2]


def test_the_length_biased_mean_is_that_of_a_random_moment():
    hours = np.array([1.0, 1.0, 2.0, 6.0])
    found = estimates(hours, [1, 2], censored=[5])
    assert found.loc[0, "length_biased_mean_hours"] == pytest.approx(42 / 10)
    moments = np.random.default_rng(0).uniform(0, hours.sum(), 100_000)
    belongs = hours[np.searchsorted(np.cumsum(hours), moments)]
    assert belongs.mean() == pytest.approx(42 / 10, rel=0.01)
    assert np.isnan(found.loc[1, "length_biased_mean_hours"])


def test_late_ones_are_at_risk_from_their_entry_on():
    frame = pd.DataFrame({"group": 0, "hours": [1.0, 2.0, 3.0, 4.0], "censored": False, "entry_hours": [0, 0, 0, 2.5]})
    found = estimate_restoration(frame, groups=1).iloc[0]
    assert (found["n"], found["n_late"]) == (4, 1)
    assert found["median_hours"] == 2
    assert np.isnan(found["mean_hours"])
    assert np.isnan(found["length_biased_mean_hours"])
    curve = estimate_survival(frame, groups=1)
    assert curve.loc[curve["hours"] > 0, "survival"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 6, 0])


def test_a_quantile_takes_as_many_as_leave_one_beyond_it():
    found = estimates(np.arange(1, 10), np.arange(1, 11), np.arange(1, 20), np.arange(1, 21))
    assert found["p90_hours"].notna().tolist() == [False, True, True, True]
    assert found["p95_hours"].notna().tolist() == [False, False, False, True]


def test_the_restricted_mean_has_an_interval_from_three_that_ended_on():
    found = estimates([1, 2, 4, 8], [1, 2, 8], censored=[3, 6])
    assert found["restricted_mean_low"].notna().tolist() == [True, False]
    assert (
        found.loc[0, "restricted_mean_low"]
        < found.loc[0, "restricted_mean_hours"]
        < found.loc[0, "restricted_mean_high"]
    )
