import numpy as np
import pandas as pd
import pytest
from scipy import stats

from continuity_analysis.models.duration_fits import BEYOND, NO_FIT, TOO_FEW, fit_curves, fit_durations
from continuity_analysis.models.lifetimes import (
    FAMILIES,
    fit_lifetimes,
    observations,
    profile_interval,
    quantile_of_fit,
)
from continuity_analysis.models.lifetimes.fitting import ZERO


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
    found = fit_durations(frame(hours), groups=1)
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
    found = fit_durations(frame(rng.lognormal(0, 1, 200), rng.weibull(0.5, 200)), groups=2)
    for group, family in enumerate(("lognormal", "weibull")):
        rows = found[found["group"] == group]
        assert rows["family"].iloc[0] == family
        assert rows["verdict"].tolist()[0] == "best"
        assert rows["p_fit"].notna().tolist() == [True, False, False, False]
        assert rows["p_fit"].iloc[0] > 0.05
    assert of(found, "exponential")["verdict"] == "worse"


def test_the_interval_of_the_best_spans_those_of_laws_not_separable_from_it():
    """From the lowest to the highest of the profile intervals, without an upper limit where one of them has none."""
    hours = np.random.default_rng(3).lognormal(0, 1.25, 12)
    seen = observations(hours, hours, group=np.zeros(12, dtype=np.int64), groups=1)
    rows = fit_durations(frame(hours), groups=1).set_index("family")
    near = rows.index[rows["verdict"] != "worse"]
    assert len(near) > 1
    own = pd.concat([profile_interval(fit_lifetimes(seen, FAMILIES[f]), quantile_of_fit(0.5)) for f in near])
    best = rows.iloc[0]
    assert (best["median_low"], best["median_high"]) == pytest.approx((own["low"].min(), own["high"].max()))
    assert rows["p90_high"].isna().any() and np.isnan(best["p90_high"])
    others = rows.loc[near[1:], ["median_low", "median_high"]].to_numpy(float)
    assert others == pytest.approx(own[["low", "high"]].to_numpy(float)[1:], rel=1e-6), "the others keep their own"


def test_the_interval_of_the_best_holds_the_median_as_often_as_it_says():
    """A small part of docs/calibration_lifetimes.md: of the law as given it was 85 %."""
    hours = np.random.default_rng(4).weibull(0.8, (150, 10))
    rows = fit_durations(frame(*hours), groups=150)
    best = rows[rows["median_hours"].notna() & (rows["verdict"] == "best")]
    held = (best["median_low"] <= np.log(2) ** 1.25) & (np.log(2) ** 1.25 <= best["median_high"].fillna(np.inf))
    assert len(best) > 120 and held.mean() >= 0.92


def test_two_heaps_fit_no_law():
    heaps = np.concatenate([np.linspace(0.9, 1.1, 60), np.linspace(90, 110, 60)])
    found = fit_durations(frame(heaps), groups=1)
    assert found["p_fit"].iloc[0] < 0.01
    assert found[["median_hours", "median_low", "p90_hours", "p90_high"]].isna().all(axis=None)
    assert found["location_hours"].notna().all()
    assert (found["reason"] == NO_FIT).all()


def test_no_quantile_is_given_beyond_the_longest_that_ended():
    hours = np.sort(np.exp(stats.norm.ppf((np.arange(1, 21) - 0.5) / 20)))
    rows = frame(np.append(hours[:16], np.full(4, hours[16])), censored=range(16, 20))  # the longest are still open
    found = fit_durations(rows, groups=1)
    lognormal = of(found, "lognormal")
    assert np.isnan(lognormal["p90_hours"])
    assert lognormal["reason"] == BEYOND
    limits = found[["median_hours", "median_high", "p90_hours", "p90_high"]].to_numpy()
    assert (limits[~np.isnan(limits)] <= hours[15]).all()
    curves = fit_curves(found, rows, groups=1)
    assert curves["hours"].max() == pytest.approx(hours[16])
    assert curves.groupby("family", sort=False)["survival"].min().gt(0).all()


def test_zeros_and_ties_are_known_within_the_resolution():
    hours = np.random.default_rng(4).lognormal(-3, 1.5, 60)
    minutes = np.round(hours * 60) / 60
    exact = fit_durations(frame(minutes), groups=1)
    assert exact["reason"].unique().tolist() == [ZERO]
    within = fit_durations(frame(minutes, resolution=1 / 60), groups=1)
    assert of(within, "lognormal")["n_between"] > 20
    assert of(within, "lognormal")["shape"] == pytest.approx(np.log(hours).std(), rel=0.15)


def test_late_ones_count_from_their_entry_on():
    rng = np.random.default_rng(5)
    hours = rng.exponential(1, 4_000)
    late = hours[hours > 1][:400]
    found = of(fit_durations(frame(late, entry=1.0), groups=1), "exponential")
    assert found["location_hours"] == pytest.approx((late - 1).mean(), rel=1e-6)
    assert np.isnan(found["p_fit"])


def test_below_ten_that_ended_nothing_is_fitted():
    rows = frame(np.arange(1, 10), np.arange(1, 11), [], np.arange(1, 12))
    found = fit_durations(rows, groups=4)
    reasons = found.groupby("group")["reason"].agg(lambda r: set(r.dropna()))
    assert reasons[0] == reasons[2] == {TOO_FEW}
    assert TOO_FEW not in reasons[1] | reasons[3]
    assert found[found["group"].isin([0, 2])][["aicc", "median_hours", "p_fit"]].isna().all(axis=None)
    assert found.loc[found["group"] == 0, "n"].tolist() == [9] * 4
    assert set(fit_curves(found, rows, groups=4)["group"]) == {1, 3}


def test_curves_are_those_of_scipy():
    hours = np.random.default_rng(6).lognormal(1, 0.8, 40)
    curves = fit_curves(fit_durations(frame(hours), groups=1), frame(hours), groups=1)
    laws = {
        "exponential": stats.expon(scale=hours.mean()),
        "weibull": stats.weibull_min(*stats.weibull_min.fit(hours, floc=0)),
        "lognormal": stats.lognorm(np.log(hours).std(), scale=np.exp(np.log(hours).mean())),
        "loglogistic": stats.fisk(*stats.fisk.fit(hours, floc=0)),
    }
    assert set(curves["family"]) == set(laws)
    for family, rows in curves.groupby("family"):
        assert rows["hours"].agg(["min", "max"]).tolist() == pytest.approx([hours.min(), hours.max()])
        assert rows["survival"].to_numpy() == pytest.approx(laws[family].sf(rows["hours"]), abs=2e-3)
