import numpy as np
import pandas as pd
import pytest
from scipy import stats

from continuity_analysis.models.lifetimes.fitting import ZERO
from continuity_analysis.models.restoration_fits import BEYOND, TOO_FEW, estimate_fit_curves, estimate_fits


def frame(*groups, censored=(), entry=0.0, resolution=0.0):
    hours = np.concatenate([np.asarray(g, dtype=float) for g in groups])
    return pd.DataFrame({
        "group": np.repeat(np.arange(len(groups)), [len(g) for g in groups]), "hours": hours,
        "censored": np.isin(np.arange(len(hours)), censored), "entry_hours": entry, "resolution_hours": resolution,
    })  # fmt: skip


def of(found, family, group=0):
    return found[(found["family"] == family) & (found["group"] == group)].iloc[0]


def test_without_censoring_the_estimates_are_the_customary_ones():
    hours = np.random.default_rng(1).lognormal(1, 0.8, 40)
    found = estimate_fits(frame(hours), groups=1)
    logs = np.log(hours)
    lognormal = of(found, "lognormal")
    assert lognormal["location_hours"] == lognormal["median_hours"] == pytest.approx(np.exp(logs.mean()))
    assert lognormal["shape"] == pytest.approx(logs.std())
    assert lognormal["p90_hours"] == pytest.approx(np.exp(logs.mean() + logs.std() * stats.norm.ppf(0.9)))
    shape, _, scale = stats.weibull_min.fit(hours, floc=0)
    weibull = of(found, "weibull")
    assert (weibull["shape"], weibull["location_hours"]) == pytest.approx((shape, scale), rel=1e-3)
    assert weibull["shape_low"] < weibull["shape"] < weibull["shape_high"]
    exponential = of(found, "exponential")
    assert exponential["location_hours"] == pytest.approx(hours.mean())
    assert np.isnan(exponential["shape"])
    aicc = 2 * 2 - 2 * stats.lognorm.logpdf(hours, logs.std(), scale=np.exp(logs.mean())).sum() + 12 / 37
    assert lognormal["aicc"] == pytest.approx(aicc)


def test_the_best_is_first_and_alone_asked_whether_it_fits():
    rng = np.random.default_rng(2)
    found = estimate_fits(frame(rng.lognormal(0, 1, 200), rng.weibull(0.5, 200)), groups=2)
    for group, family in enumerate(("lognormal", "weibull")):
        rows = found[found["group"] == group]
        assert rows["family"].iloc[0] == family
        assert rows["verdict"].tolist()[0] == "best"
        assert rows["p_fit"].notna().tolist() == [True, False, False, False]
        assert rows["p_fit"].iloc[0] > 0.05
    assert of(found, "exponential")["verdict"] == "worse"


def test_two_heaps_fit_no_law():
    heaps = np.concatenate([np.linspace(0.9, 1.1, 60), np.linspace(90, 110, 60)])
    assert estimate_fits(frame(heaps), groups=1)["p_fit"].iloc[0] < 0.01


def test_no_quantile_is_given_beyond_the_longest_that_ended():
    hours = np.sort(np.random.default_rng(3).lognormal(0, 1, 20))
    rows = frame(hours, censored=range(11, 20))  # the nine longest are still open
    found = estimate_fits(rows, groups=1)
    lognormal = of(found, "lognormal")
    assert np.isnan(lognormal["p90_hours"])
    assert lognormal["reason"] == BEYOND
    limits = found[["median_hours", "median_high", "p90_hours", "p90_high"]].to_numpy()
    assert (limits[~np.isnan(limits)] <= hours[10]).all()
    curves = estimate_fit_curves(rows, groups=1)
    assert curves["hours"].max() == pytest.approx(hours[-1])
    assert curves.groupby("family", sort=False)["survival"].min().gt(0).all()


def test_zeros_and_ties_are_known_within_the_resolution():
    hours = np.random.default_rng(4).lognormal(-3, 1.5, 60)
    minutes = np.round(hours * 60) / 60
    exact = estimate_fits(frame(minutes), groups=1)
    assert exact["reason"].unique().tolist() == [ZERO]
    within = estimate_fits(frame(minutes, resolution=1 / 60), groups=1)
    assert of(within, "lognormal")["n_between"] > 20
    assert of(within, "lognormal")["shape"] == pytest.approx(np.log(hours).std(), rel=0.15)


def test_late_ones_count_from_their_entry_on():
    rng = np.random.default_rng(5)
    hours = rng.exponential(1, 4_000)
    late = hours[hours > 1][:400]
    found = of(estimate_fits(frame(late, entry=1.0), groups=1), "exponential")
    assert found["location_hours"] == pytest.approx((late - 1).mean(), rel=1e-6)
    assert np.isnan(found["p_fit"])


def test_below_ten_that_ended_nothing_is_fitted():
    found = estimate_fits(frame(np.arange(1, 10), np.arange(1, 11), [], np.arange(1, 12)), groups=4)
    reasons = found.groupby("group")["reason"].agg(lambda r: set(r.dropna()))
    assert reasons[0] == reasons[2] == {TOO_FEW}
    assert TOO_FEW not in reasons[1] | reasons[3]
    assert found[found["group"].isin([0, 2])][["aicc", "median_hours", "p_fit"]].isna().all(axis=None)
    assert found.loc[found["group"] == 0, "n"].tolist() == [9] * 4
    assert set(estimate_fit_curves(frame(np.arange(1, 10), np.arange(1, 11)), groups=2)["group"]) == {1}
