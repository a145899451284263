"""Curves and fits beside those of other packages, on random censored data."""

import numpy as np
import pytest
from scipy import optimize, stats

from continuity_analysis.models.lifetimes import (
    FAMILIES,
    fit_lifetimes,
    kaplan_meier,
    limits,
    observations,
    quantiles,
    restricted_mean,
)


def censored(n, seed):
    rng = np.random.default_rng(seed)
    hours, last_seen = rng.weibull(0.8, n).round(6), rng.exponential(4, n).round(6)
    return np.minimum(hours, last_seen), hours <= last_seen


def fitted(hours, ended, family):
    found = fit_lifetimes(observations(*limits(hours, ended)), family)
    assert found.reason.tolist() == [None]
    return found.location[0], found.scale[0], found.loglik[0]


def tightly(function, start, args, disp):
    return optimize.fmin(function, start, args=args, disp=0, xtol=1e-10, ftol=1e-12, maxiter=2000, maxfun=2000)


@pytest.mark.parametrize(("family", "law"), {"weibull": stats.weibull_min, "lognormal": stats.lognorm,
                                             "loglogistic": stats.fisk}.items())  # fmt: skip
@pytest.mark.parametrize("n", [25, 300])
def test_equals_scipy(family, law, n):
    hours, ended = censored(n, 11)
    shape, _, scale = law.fit(stats.CensoredData.right_censored(hours, ~ended), floc=0, optimizer=tightly)
    location, spread, loglik = fitted(hours, ended, family)
    assert location == pytest.approx(np.log(scale), abs=1e-5)
    assert spread == pytest.approx(shape if family == "lognormal" else 1 / shape, rel=1e-5)
    frozen = law(shape, 0, scale)
    assert loglik == pytest.approx(frozen.logpdf(hours[ended]).sum() + frozen.logsf(hours[~ended]).sum(), rel=1e-9)


def test_equals_scipy_with_interval_censoring():
    hours, ended = censored(200, 12)
    hours = np.where(ended, hours, np.maximum(hours, 0.1))
    low, high = np.floor(hours * 2) / 2, np.where(ended, np.floor(hours * 2) / 2 + 0.5, np.inf)
    low = np.where(ended, low, hours)
    data = stats.CensoredData(right=low[~ended], interval=np.column_stack([low, high])[ended])
    shape, _, scale = stats.weibull_min.fit(data, floc=0, optimizer=tightly)
    found = fit_lifetimes(observations(low, high), "weibull")
    assert [found.location[0], found.scale[0]] == pytest.approx([np.log(scale), 1 / shape], abs=1e-5)


def test_equals_surpyval():
    surpyval = pytest.importorskip("surpyval", reason="a peer that is installed with the extra `dev`")
    laws = {"exponential": surpyval.Exponential, "weibull": surpyval.Weibull, "lognormal": surpyval.LogNormal,
            "loglogistic": surpyval.LogLogistic}  # fmt: skip
    assert laws.keys() == FAMILIES.keys()
    hours, ended = censored(150, 13)
    for family, law in laws.items():
        peer = law.fit(hours, c=(~ended).astype(int))
        location, scale, loglik = fitted(hours, ended, family)
        known = {"exponential": [1 / np.exp(location)], "lognormal": [location, scale]}.get(
            family, [np.exp(location), 1 / scale]
        )
        assert peer.params == pytest.approx(known, rel=1e-5)
        assert -peer.neg_ll() == pytest.approx(loglik, abs=1e-5)


def test_equals_surpyval_with_delayed_entry():
    surpyval = pytest.importorskip("surpyval", reason="a peer that is installed with the extra `dev`")
    rng = np.random.default_rng(14)
    hours, entry = rng.weibull(1.3, 800) * 5, np.where(rng.random(800) < 0.4, rng.random(800) * 4, 0)
    hours, entry = hours[hours > entry], entry[hours > entry]
    peer = surpyval.Weibull.fit(hours, tl=entry)
    found = fit_lifetimes(observations(hours, entry=entry), "weibull")
    assert [np.exp(found.location[0]), 1 / found.scale[0]] == pytest.approx(list(peer.params), rel=1e-5)


def test_equals_lifelines():
    lifelines = pytest.importorskip("lifelines", reason="a peer that is installed with the extra `dev`")
    from lifelines.utils import restricted_mean_survival_time

    hours, ended = censored(151, 15)
    peer, c = lifelines.KaplanMeierFitter().fit(hours, ended), kaplan_meier(hours, ended)
    np.testing.assert_allclose(c.survival, peer.survival_function_at_times(c.hours), atol=1e-9)
    band = peer.confidence_interval_.loc[c.hours].to_numpy()
    inner = (c.survival < 1) & (c.survival > 0)
    np.testing.assert_allclose(np.column_stack([c.low, c.high])[inner], band[inner], atol=1e-9)
    assert quantiles(c, 0.5)["estimate"][0] == peer.median_survival_time_
    mean = restricted_mean_survival_time(peer, 1)
    assert restricted_mean(c, np.array([1.0]))["mean"][0] == pytest.approx(mean, rel=1e-9)
    for family, law in (("weibull", lifelines.WeibullFitter), ("lognormal", lifelines.LogNormalFitter)):
        fit = law().fit(hours, ended, fit_options={"ftol": 1e-15, "gtol": 1e-9})
        location, scale, loglik = fitted(hours, ended, family)
        assert fit.log_likelihood_ == pytest.approx(loglik, abs=1e-5)
        known = [location, scale] if family == "lognormal" else [np.exp(location), 1 / scale]
        assert fit.params_.to_numpy() == pytest.approx(known, rel=1e-5)


@pytest.mark.filterwarnings("ignore:Starting with pandas")
def test_accelerated_failure_times_equal_those_of_lifelines():
    lifelines = pytest.importorskip("lifelines", reason="a peer that is installed with the extra `dev`")
    import pandas as pd

    hours, ended = censored(200, 16)
    x = np.random.default_rng(17).normal(size=200)
    hours = hours * np.exp(0.5 * x)
    fit = lifelines.WeibullAFTFitter(fit_intercept=True).fit(
        pd.DataFrame({"hours": hours, "ended": ended, "x": x}), "hours", "ended"
    )
    found = fit_lifetimes(observations(*limits(hours, ended), covariates=x), "weibull")
    peer = fit.params_["lambda_"]
    assert found.coefficients[0] == pytest.approx([peer["Intercept"], peer["x"]], abs=1e-4)
    assert fit.log_likelihood_ <= found.loglik[0] + 1e-9
    assert fit.log_likelihood_ == pytest.approx(found.loglik[0], abs=1e-5)


def test_curves_with_late_entrants_equal_those_of_statsmodels():
    survfunc = pytest.importorskip(
        "statsmodels.duration.survfunc", reason="a peer that is installed with the extra `dev`"
    )
    hours, ended = censored(200, 18)
    entry = np.where(np.arange(200) % 3 == 0, hours / 2, 0)
    peer = survfunc.SurvfuncRight(hours, ended, entry=entry)
    c = kaplan_meier(hours, ended, entry=entry)
    rows = c.events > 0
    np.testing.assert_allclose(c.survival[rows], peer.surv_prob, atol=1e-12)
    error = (c.survival * np.sqrt(c.spread))[rows]
    np.testing.assert_allclose(error[:-1], peer.surv_prob_se[:-1], atol=1e-9)
