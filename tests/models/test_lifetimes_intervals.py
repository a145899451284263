"""Profile-likelihood intervals and the goodness of fit: exact cases, a slow twin, known answers, and their own size."""

import numpy as np
import pytest
from scipy import optimize, stats
from scipy.special import psi

from continuity_analysis.models.lifetimes import (
    FAMILIES,
    LOCATION,
    MEAN,
    SCALE,
    anderson_darling,
    coefficient,
    fit_lifetimes,
    limits,
    observations,
    profile_interval,
    quantile_of_fit,
)
from continuity_analysis.models.lifetimes.fitting import ALL_EQUAL
from continuity_analysis.models.lifetimes.goodness_of_fit import NOT_TESTED, distances
from continuity_analysis.models.lifetimes.goodness_of_fit import TOO_FEW as TOO_FEW_TO_TEST
from continuity_analysis.models.lifetimes.profile_intervals import (
    NO_LIMIT,
    NO_MEAN,
    ONE_SCALE,
    TOO_FEW,
    bartlett_factor,
)

CHI2 = stats.chi2.ppf(0.95, 1)


def censored(groups, n, seed, *, rate=0.3):
    rng = np.random.default_rng(seed)
    hours, last_seen = rng.lognormal(0, 1.2, groups * n), rng.exponential(1 / rate, groups * n)
    lower, upper = limits(np.minimum(hours, last_seen), hours <= last_seen)
    return observations(lower, upper, group=np.repeat(np.arange(groups), n))


def test_a_lognormal_location_without_censoring_by_hand():
    logs = np.random.default_rng(1).normal(2, 1, 12)
    fit = fit_lifetimes(observations(np.exp(logs)), "lognormal")
    # twice the fall at m is n log(1 + (mean - m)² / variance); its mean is n (ψ(n/2) - ψ((n - 1)/2))
    factor = 12 * (psi(6) - psi(5.5))
    half = np.sqrt(logs.var() * np.expm1(CHI2 * factor / 12))
    found = profile_interval(fit, LOCATION).iloc[0]
    assert found[["estimate", "low", "high"]].tolist() == pytest.approx(
        [logs.mean(), logs.mean() - half, logs.mean() + half]
    )
    assert np.log(profile_interval(fit, quantile_of_fit(0.5)).iloc[0, :3].astype(float)).tolist() == pytest.approx(
        [logs.mean(), logs.mean() - half, logs.mean() + half]
    )


def test_a_lognormal_scale_without_censoring_by_hand():
    logs = np.random.default_rng(2).normal(2, 1, 9)
    fit = fit_lifetimes(observations(np.exp(logs)), "lognormal")
    found = profile_interval(fit, SCALE).iloc[0]
    wanted = CHI2 * (9 * (np.log(9 / 2) - psi(4)) - 1)
    for limit in (found["low"], found["high"]):
        ratio = logs.var() / limit**2
        assert 9 * (ratio - 1 - np.log(ratio)) == pytest.approx(wanted, rel=1e-6)


def test_an_exponential_mean_by_hand():
    fit = fit_lifetimes(observations([2.0, 3.0, 4.0, 9.0], [2.0, 3.0, 4.0, np.inf]), "exponential")
    found = profile_interval(fit, MEAN).iloc[0]
    assert found["estimate"] == pytest.approx(6)
    for limit in (found["low"], found["high"]):
        fall = 2 * (3 * np.log(limit / 6) + 18 / limit - 3)
        assert fall == pytest.approx(CHI2 * 6 * (np.log(3) - psi(3)), rel=1e-6)


def test_bartlett_factors_are_what_twice_the_fall_is_on_average():
    rng, runs = np.random.default_rng(3), 40_000
    for n in (4, 15):
        logs = rng.normal(size=(runs, n))
        fit = fit_lifetimes(observations(np.exp(logs[0])), "lognormal")
        variance = logs.var(axis=1)
        of_location = n * np.log1p(logs.mean(axis=1) ** 2 / variance)
        squares = (logs**2).sum(axis=1)
        of_scale = n * (variance - 1 - np.log(variance))
        assert squares.mean() == pytest.approx(n, rel=0.02)
        assert bartlett_factor(fit, LOCATION)[0] == pytest.approx(of_location.mean(), rel=0.02)
        assert bartlett_factor(fit, SCALE)[0] == pytest.approx(of_scale.mean(), rel=0.03)


@pytest.mark.parametrize("family", FAMILIES)
def test_limits_are_where_a_slow_search_finds_them(family):
    seen = censored(3, 30, 5)
    fit = fit_lifetimes(seen, family)
    law = FAMILIES[family]

    def loglik(rows, m, s):
        hours, ended = seen.lower[rows], np.isfinite(seen.upper[rows])
        z = (np.log(hours) - m) / s
        with np.errstate(all="ignore"):
            return (law.density(z)[0] - np.log(s * hours))[ended].sum() + law.survival(z)[0][~ended].sum()

    for quantity in (LOCATION, SCALE, MEAN, quantile_of_fit(0.9)):
        found = profile_interval(fit, quantity)
        if quantity is SCALE and law.scale:
            assert found["reason"].tolist() == [ONE_SCALE] * 3
            continue
        wanted = CHI2 * bartlett_factor(fit, quantity)
        for g in range(3):
            top = loglik(seen.group == g, fit.location[g], fit.scale[g])
            for limit in found.loc[g, ["low", "high"]].dropna().astype(float):

                def profile(log_scale, limit=limit, g=g, quantity=quantity):
                    s = limit if quantity is SCALE else np.exp(log_scale)
                    if quantity is SCALE:
                        m = log_scale
                    else:
                        added = float(quantity.added(law, np.array(s))[0])
                        m = (np.log(limit) if quantity.on_hours else limit) - added
                    return -loglik(seen.group == g, m, s) if np.isfinite(m) else 1e9

                if law.scale:
                    lowest = profile(0.0)
                else:
                    around = fit.location[g] if quantity is SCALE else np.log(fit.scale[g])
                    lowest = optimize.minimize_scalar(profile, bracket=(around - 0.1, around + 0.1), tol=1e-10).fun
                assert 2 * (top + lowest) == pytest.approx(wanted[g], rel=1e-5)
        if family != "loglogistic":
            assert found[["low", "high"]].notna().all(axis=None)


def test_a_covariate_has_its_interval():
    rng = np.random.default_rng(8)
    x = rng.normal(size=60)
    logs = 1 + 0.5 * x + rng.normal(size=60)
    fit = fit_lifetimes(observations(np.exp(logs), covariates=x), "lognormal")
    found = profile_interval(fit, coefficient(1)).iloc[0]
    # least squares: twice the fall is n log(1 + t² / (n - 2))
    line = stats.linregress(x, logs)
    t = np.sqrt(58 * np.expm1(CHI2 * bartlett_factor(fit, coefficient(1))[0] / 60))
    assert found["estimate"] == pytest.approx(line.slope)
    assert [found["low"], found["high"]] == pytest.approx([line.slope - t * line.stderr, line.slope + t * line.stderr])


def test_where_there_is_no_limit_it_says_why():
    lower = [1.0, 2.0, 3.0, 4.0, 1.0, 5.0, 7.0, 7.0]
    upper = [1.0, 2.0, 3.0, 4.0, 1.0, np.inf, 7.0, 7.0]
    fit = fit_lifetimes(observations(lower, upper, group=np.repeat([0, 1, 2], [4, 2, 2])), "weibull")
    found = profile_interval(fit, quantile_of_fit(0.5))
    assert found["reason"].fillna("").tolist() == ["", TOO_FEW, ALL_EQUAL]
    assert found.notna().sum(axis=1).tolist() == [3, 2, 1]
    heavy = fit_lifetimes(observations(np.exp([-9.0, -3.0, 0.0, 2.0, 9.0])), "loglogistic")
    assert profile_interval(heavy, MEAN)["reason"].tolist() == [NO_MEAN]
    wide = fit_lifetimes(observations(np.exp([-1.0, -0.3, 0.0, 0.2, 1.0])), "loglogistic")
    found = profile_interval(wide, MEAN).iloc[0]
    assert found["reason"] == NO_LIMIT
    assert found["low"] < found["estimate"]


@pytest.mark.parametrize("spread", [1e-3, 40.0])
def test_durations_of_any_spread_have_limits_in_order_or_a_reason(spread):
    rng = np.random.default_rng(13)
    hours, ended, group = np.exp(rng.normal(0, spread, 48)), rng.random(48) < 0.8, np.repeat(np.arange(6), 8)
    hours = np.where(rng.random(48) < 0.3, 0.0, hours)
    seen = observations(*limits(hours, ended, resolution=0.1), group=group, entry=np.zeros(48))
    for family in FAMILIES:
        fit = fit_lifetimes(seen, family)
        for quantity in (LOCATION, SCALE, MEAN, quantile_of_fit(0.95)):
            found = profile_interval(fit, quantity)
            assert not ((found["low"] > found["estimate"]) | (found["high"] < found["estimate"])).any()
            assert found["reason"].notna().equals(found[["estimate", "low", "high"]].isna().any(axis=1))


def test_the_distance_is_the_customary_one_without_censoring():
    hours, group = np.random.default_rng(9).lognormal(1, 0.7, 50), np.repeat([0, 1], [20, 30])
    seen = observations(hours, group=group)
    for family, law in (("lognormal", stats.norm), ("weibull", stats.gumbel_l), ("loglogistic", stats.logistic)):
        fit = fit_lifetimes(seen, family)
        for g, n in ((0, 20), (1, 30)):
            z = np.sort((np.log(hours[group == g]) - fit.location[g]) / fit.scale[g])
            i = np.arange(1, n + 1)
            known = -n - ((2 * i - 1) * (law.logcdf(z) + law.logsf(z[::-1]))).sum() / n
            assert distances(seen, fit)[g] == pytest.approx(known)


def test_the_distance_of_censored_durations_is_its_integral():
    seen = observations([1.0, 2.0, 3.0, 5.0], [1.0, np.inf, 3.0, np.inf])
    fit = fit_lifetimes(seen, "weibull")
    law = stats.weibull_min(1 / fit.scale[0], scale=np.exp(fit.location[0]))
    u = law.cdf([1, 3, 5.0])
    curve = lambda x: np.select([x < u[0], x < u[1]], [0, 1 / 4], 1 - 3 / 4 / 2)  # noqa: E731
    x = (np.arange(400_000) + 0.5) / 400_000 * u[2]
    known = 4 * ((curve(x) - x) ** 2 / (x * (1 - x))).mean() * u[2]
    assert distances(seen, fit)[0] == pytest.approx(known, rel=1e-4)


def test_what_is_not_tested_says_why():
    hours = np.array([1.0, 2.0, 4.0, 5.0, 9.0, 3.0, 3.0, 1.0, 2.0])
    seen = observations(hours, group=np.repeat([0, 1, 2], [5, 2, 2]))
    found = anderson_darling(seen, fit_lifetimes(seen, "lognormal"), bootstraps=50)
    assert found["reason"].fillna("").tolist() == ["", ALL_EQUAL, TOO_FEW_TO_TEST]
    late = observations(hours, entry=hours / 2)
    assert anderson_darling(late, fit_lifetimes(late, "lognormal"))["reason"].tolist() == [NOT_TESTED]


def test_five_in_a_hundred_true_laws_are_doubted_and_false_ones_more():
    groups, n = 120, 40
    true = censored(groups, n, 10, rate=0.05)
    tested = anderson_darling(true, fit_lifetimes(true, "lognormal"), bootstraps=99)
    assert (tested["p"] <= 0.05).mean() <= 0.1
    assert 0.4 <= (tested["p"] <= 0.5).mean() <= 0.6
    wrong = anderson_darling(true, fit_lifetimes(true, "exponential"), bootstraps=99)
    assert (wrong["p"] <= 0.05).mean() > 0.3


def test_draws_of_a_group_depend_on_nothing_but_itself():
    seen = censored(4, 20, 12)
    every = anderson_darling(seen, fit_lifetimes(seen, "weibull"), bootstraps=60)
    again = anderson_darling(seen, fit_lifetimes(seen, "weibull"), bootstraps=60)
    assert every.equals(again)
    first = seen.take(np.array([0, 1]))
    assert anderson_darling(first, fit_lifetimes(first, "weibull"), bootstraps=60).equals(every.iloc[:2])
