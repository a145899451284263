"""Pooled medians by hand, against published numbers and a peer, against slow twins, and by how often they hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from continuity_analysis.models.lifetimes import observations
from continuity_analysis.models.pooling import compare_with_common, own_medians, pool_durations, seen_durations
from continuity_analysis.models.pooling.estimates import FEW_SERVICES, FEW_WITHIN, NO_INCIDENT, NO_PROFILE, ZERO
from continuity_analysis.models.pooling.funnel import NONE_ENDED, funnel_limits
from continuity_analysis.models.pooling.marginal import services_of
from continuity_analysis.models.pooling.mixtures import mixture_quantiles

DYESTUFF = np.array([[1545, 1440, 1440, 1520, 1580], [1540, 1555, 1490, 1560, 1495], [1595, 1550, 1605, 1510, 1560],
                     [1445, 1440, 1595, 1465, 1545], [1595, 1630, 1515, 1635, 1625], [1520, 1455, 1450, 1480, 1445]],
                    dtype=float)  # fmt: skip
UNIT = 50.0  # the yields as logarithms of hours: (yield - 1500) / 50


def dyestuff():
    return observations(np.exp((DYESTUFF.ravel() - 1500) / UNIT), group=np.repeat(np.arange(6), 5))


def effects_at(seen, mu, sigma, ratio):
    services = services_of(seen, cases=1)
    theta = np.array([[(services.centre - mu) / sigma, 1 / sigma]])
    return services.effects(theta, np.array([float(ratio)]))


def durations(groups, *, seed, tau=0.5, most=6, still_open=0.0):
    rng = np.random.default_rng(seed)
    n = rng.integers(1, most + 1, groups)
    group, own = np.repeat(np.arange(groups), n), tau * rng.normal(size=groups)
    hours = np.exp(own[group] + rng.normal(size=len(group)))
    frame = pd.DataFrame({"group": group, "hours": hours, "censored": rng.random(len(group)) < still_open})
    return frame, np.exp(own)


def test_by_hand_balanced_and_known_variances():
    """The textbook shrinkage: a mean of n is drawn towards mu by sigma² / (sigma² + n tau²)."""
    seen, mu, sigma, tau = observations(np.exp([1.0, 3.0, 4.0, 6.0]), group=[0, 0, 1, 1]), 3.5, 1.2, 0.8
    found = effects_at(seen, mu, sigma, tau / sigma)
    own = tau**2 / (tau**2 + sigma**2 / 2)
    assert mu + tau * found.mean[0] == pytest.approx([mu + own * (2 - mu), mu + own * (5 - mu)])
    assert tau**2 * found.variance[0] == pytest.approx([tau**2 * (1 - own)] * 2)


def test_a_single_open_incident_by_hand():
    """P(duration above c), the service's own deviation integrated out, is normal with the sum of both variances."""
    for ratio in (0.0, 0.4, 2.0, 10.0, 50.0):
        for mu in (-3.0, 0.0, 3.0):
            found = effects_at(observations([1.0], [np.inf]), mu, 0.7, ratio)
            exact = stats.norm.logsf(0.0, mu, 0.7 * np.sqrt(1 + ratio**2))
            assert found.value[0] == pytest.approx(exact, abs=1e-4)


def test_published_dyestuff_of_davies_1947():
    """Davies, Statistical Methods in Research and Production; numbers as in the documentation of lme4 (Dyestuff)."""
    _, whole = pool_durations(dyestuff())
    assert UNIT**2 * whole["between_sd"] ** 2 == pytest.approx(1764.05, rel=1e-3)
    assert UNIT**2 * whole["within_sd"] ** 2 == pytest.approx(2451.25, rel=1e-3)
    assert 1500 + UNIT * np.log(whole["typical_hours"]) == pytest.approx(1527.5)
    assert whole["between_share"] == pytest.approx(1764.05 / (1764.05 + 2451.25), rel=1e-3)


def test_published_dyestuff_maximum_likelihood():
    seen = dyestuff()
    at = (27.5 / UNIT, np.sqrt(2451.25) / UNIT, np.sqrt(1388.333 / 2451.25))
    found = effects_at(seen, *at)
    yields = found.value[0] + np.log(seen.lower).sum() - 30 * np.log(UNIT)
    assert yields == pytest.approx(-163.6635, abs=1e-3)  # -2 log likelihood 327.327
    assert found.gradient[0] == pytest.approx([0, 0], abs=1e-3)
    assert all(effects_at(seen, at[0], at[1], at[2] * f).value[0] < found.value[0] for f in (0.99, 1.01))


def test_derivatives_are_those_of_the_value():
    frame, _ = durations(6, seed=3, still_open=0.3)
    services = services_of(seen_durations(frame.assign(resolution_hours=0.2).round(1), groups=6), cases=2)
    theta, ratio, step = np.array([[0.2, 0.9]]), np.array([0.8]), 1e-4
    found = services.effects(theta, ratio)
    for i in range(2):
        beside = [services.effects(theta + s * step * np.eye(2)[i], ratio) for s in (-1, 1)]
        assert (beside[1].value - beside[0].value) / (2 * step) == pytest.approx(
            found.gradient[:, i], rel=1e-4, abs=1e-5
        )
        slope = (beside[1].gradient - beside[0].gradient) / (2 * step)
        assert slope[0] == pytest.approx(found.hessian[0, i], rel=1e-3, abs=1e-3)


def slow_value(rows, mu, sigma, tau):
    """The likelihood of one service's rows (lower, upper), integrated by general-purpose quadrature."""

    def integrand(m):
        value = stats.norm.pdf(m, mu, tau)
        for low, high in rows:
            a, b = (np.log(x) if x > 0 else -np.inf for x in (low, high))
            value *= (
                stats.norm.pdf(a, m, sigma)
                if low == high
                else stats.norm.cdf(b, m, sigma) - stats.norm.cdf(a, m, sigma)
            )
        return value

    points = [mu, *(float(np.log(x)) for row in rows for x in row if 0 < x < np.inf)]
    return integrate.quad(integrand, mu - 9 * tau, mu + 9 * tau, points=sorted(points), limit=400)[0]


row = st.tuples(st.floats(0.1, 10), st.sampled_from(["known", "open", "between", "below"]))


@settings(derandomize=True, deadline=None, max_examples=15)
@given(st.lists(row, min_size=1, max_size=5), st.floats(-1, 1), st.floats(0.3, 2), st.floats(0.1, 2))
def test_against_slow_integration(rows, mu, sigma, ratio):
    limits = {"known": lambda h: (h, h), "open": lambda h: (h, np.inf), "between": lambda h: (h, 1.3 * h),
              "below": lambda h: (0.0, h)}  # fmt: skip
    rows = [limits[kind](hours) for hours, kind in rows]
    found = effects_at(observations(*zip(*rows, strict=True)), mu, sigma, ratio)
    slow = slow_value(rows, mu, sigma, ratio * sigma)
    per_hour = sum(np.log(low) for low, high in rows if low == high)  # densities are those of hours, not of logarithms
    assert found.value[0] + per_hour == pytest.approx(np.log(slow), abs=2e-4)


def slow_posterior(frame, groups):
    """Location of each service on a dense grid over everything, flat in mu, tau² and log sigma."""
    y, open_yet, group = np.log(frame["hours"].to_numpy()), frame["censored"].to_numpy(), frame["group"].to_numpy()
    mu, m = np.linspace(-9, 9, 181), np.linspace(-9, 9, 181)
    total = np.zeros((groups, len(m)))
    for sigma in np.geomspace(0.35, 3, 25):
        logs = np.where(
            open_yet[:, None], stats.norm.logsf(y[:, None], m, sigma), stats.norm.logpdf(y[:, None], m, sigma)
        )
        own = np.exp(np.stack([logs[group == g].sum(axis=0) for g in range(groups)]))
        for log_tau in np.linspace(np.log(0.1), np.log(30), 40):
            tau = np.exp(log_tau)
            law = np.exp(-(((m - mu[:, None]) / tau) ** 2) / 2) / tau
            law = np.where(law.sum(axis=1, keepdims=True) > 0, law, 0)
            of_mu = own @ law.T
            for g in range(groups):
                others = np.prod(np.delete(of_mu, g, axis=0), axis=0)
                total[g] += (others @ law) * own[g] * tau**2
    below = np.cumsum(total, axis=1) / total.sum(axis=1, keepdims=True)
    return np.stack([np.exp([np.interp(p, b, m + (m[1] - m[0]) / 2) for p in (0.025, 0.5, 0.975)]) for b in below])


def test_intervals_are_those_of_the_whole_posterior():
    frame, _ = durations(6, seed=11, tau=1.0, still_open=0.0)
    frame["censored"] = np.arange(len(frame)) % 5 == 2
    found, _ = pool_durations(seen_durations(frame, groups=6))
    slow = slow_posterior(frame, 6)
    assert found[["pooled_low", "pooled_hours", "pooled_high"]].to_numpy() == pytest.approx(slow, rel=0.06)


def test_peer_statsmodels():
    mixed = pytest.importorskip("statsmodels.regression.mixed_linear_model")
    for seed in (1, 2):
        frame, _ = durations(14, seed=seed, tau=0.9)
        _, whole = pool_durations(seen_durations(frame, groups=14))
        y, one = np.log(frame["hours"].to_numpy()), np.ones((len(frame), 1))
        peer = mixed.MixedLM(y, one, frame["group"].to_numpy()).fit(reml=True)
        assert whole["within_sd"] ** 2 == pytest.approx(peer.scale, rel=2e-3)
        assert whole["between_sd"] ** 2 == pytest.approx(float(peer.cov_re[0, 0]), rel=1e-2)


def test_the_share_between_services_has_its_exact_profile():
    """Balanced: the restricted likelihood of the ratio is known in closed form."""
    _, whole = pool_durations(dyestuff())
    means = DYESTUFF.mean(axis=1)
    within, between = ((DYESTUFF - means[:, None]) ** 2).sum(), 5 * ((means - means.mean()) ** 2).sum()

    def loglik(r):
        return -29 / 2 * np.log(within + between / (1 + 5 * r * r)) - 5 / 2 * np.log(1 + 5 * r * r)

    top = optimize.minimize_scalar(lambda r: -loglik(r), bounds=(0.1, 5), method="bounded")
    wanted = -top.fun - stats.chi2.ppf(0.95, 1) / 2
    low, high = (optimize.brentq(lambda r: loglik(r) - wanted, *b) for b in ((0, top.x), (top.x, 50)))
    shares = [whole["between_low"], whole["between_high"]]
    assert shares == pytest.approx([r**2 / (1 + r**2) for r in (low, high)], rel=1e-2)


def test_hours_or_minutes_are_the_same():
    frame, _ = durations(8, seed=5, still_open=0.2)
    seen, minutes = (seen_durations(frame.assign(hours=f * frame["hours"]), groups=8) for f in (1, 60))
    (each, whole), (other, other_whole) = pool_durations(seen), pool_durations(minutes)
    columns = ["pooled_low", "pooled_hours", "pooled_high"]
    assert 60 * each[columns].to_numpy() == pytest.approx(other[columns].to_numpy(), rel=1e-4)
    assert whole["between_share"] == pytest.approx(other_whole["between_share"], abs=1e-4)


def test_close_limits_are_as_good_as_known():
    frame, _ = durations(8, seed=6)
    frame["hours"] = np.maximum(frame["hours"].round(1), 0.1)
    known, coarse = (
        pool_durations(seen_durations(frame.assign(resolution_hours=r), groups=8)) for r in (1e-9, 1 / 3600)
    )
    assert known[0]["pooled_hours"].to_numpy() == pytest.approx(coarse[0]["pooled_hours"].to_numpy(), rel=1e-3)


def test_wide_limits_are_not_taken_as_known():
    """Where each duration may be half or twice as long, part of their spread is only that of what is known of them."""
    frame, _ = durations(8, seed=8)
    hours, group = frame["hours"].to_numpy(), frame["group"].to_numpy()
    known, wide = (pool_durations(observations(hours / f, hours * f, group=group))[1] for f in (1.001, 2.0))
    assert wide["within_sd"] < 0.95 * known["within_sd"]


def test_zeros_count_with_a_resolution_and_stop_without_one():
    frame, _ = durations(8, seed=7)
    frame.loc[0, "hours"] = 0.0
    each, whole = pool_durations(seen_durations(frame, groups=8))
    assert whole["reason"] == ZERO and each["pooled_hours"].isna().all()
    each, whole = pool_durations(seen_durations(frame.assign(resolution_hours=1 / 60), groups=8))
    assert whole["reason"] is None and each["pooled_hours"].notna().all()


def reason_of(hours, group, censored=False, groups=8):
    frame = pd.DataFrame({"group": group, "hours": hours, "censored": censored})
    return pool_durations(seen_durations(frame, groups=groups))


def test_reasons_why_nothing_is_pooled():
    some = np.exp(np.random.default_rng(1).normal(size=20))
    assert reason_of(some, np.arange(20) % 4)[1]["reason"] == FEW_SERVICES
    assert reason_of(some, np.arange(20) % 8, np.arange(20) % 8 > 3)[1]["reason"] == FEW_SERVICES
    assert reason_of(some[:10], np.arange(10) % 7)[1]["reason"] == FEW_WITHIN
    assert (
        reason_of(np.repeat([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2), np.repeat(np.arange(6), 2))[1]["reason"] == NO_PROFILE
    )
    assert reason_of([], [])[1]["reason"] == FEW_SERVICES
    each, whole = reason_of(some, np.arange(20) % 6)
    assert whole["reason"] is None
    assert each["reason"].fillna("").tolist() == [""] * 6 + [NO_INCIDENT] * 2


def test_own_medians():
    own = own_medians(observations([1.0, 4.0, 2.0, 3.0], [1.0, 4.0, 2.0, np.inf], group=[0, 0, 1, 2], groups=4))
    assert own["n"].tolist() == [2, 1, 1, 0] and own["n_censored"].tolist() == [0, 0, 1, 0]
    assert own["raw_hours"].tolist()[:2] == pytest.approx([2.0, 2.0])
    assert own.loc[0, "raw_low"] < 2 < own.loc[0, "raw_high"]
    assert own.loc[1:, ["raw_low", "raw_high"]].isna().all(axis=None) and own.loc[2:, "raw_hours"].isna().all()


def test_an_open_incident_pulls_upwards_and_few_incidents_towards_the_middle():
    frame, _ = durations(10, seed=9, tau=1.0)
    each, whole = pool_durations(seen_durations(frame, groups=10))
    raw = own_medians(seen_durations(frame, groups=10))
    away = np.abs(np.log(each["pooled_hours"] / whole["typical_hours"]))
    assert (away < np.abs(np.log(raw["raw_hours"] / whole["typical_hours"])) + 0.05).all()
    assert each["own_share"].corr(raw["n"], method="spearman") == pytest.approx(1)
    longest = frame.groupby("group")["hours"].idxmax()[0]
    opened = frame.assign(censored=frame.index == longest)
    assert pool_durations(seen_durations(opened, groups=10))[0]["pooled_hours"][0] > each["pooled_hours"][0]


def test_mixture_quantiles_against_a_root_finder():
    rng = np.random.default_rng(0)
    weights, mean, variance = rng.dirichlet(np.ones(6)).reshape(2, 3), rng.normal(size=(2, 3, 4)), rng.random((2, 3, 4))
    found = mixture_quantiles((0.025, 0.5, 0.9), weights, mean, variance)
    for i, share in enumerate((0.025, 0.5, 0.9)):
        for j in range(4):
            law = stats.norm(mean[..., j], np.sqrt(variance[..., j]))
            slow = optimize.brentq(lambda x, law=law, share=share: (weights * law.cdf(x)).sum() - share, -20, 20)
            assert found[i, j] == pytest.approx(slow, abs=1e-6)


def test_the_funnel_is_students_t_where_nothing_is_open():
    within = np.sqrt(2451.25) / UNIT
    each, whole = compare_with_common(dyestuff(), within)
    means = (DYESTUFF.mean(axis=1) - 1500) / UNIT
    assert np.log(each["own_hours"]).to_numpy() == pytest.approx(means)
    assert np.log(whole["common_hours"]) == pytest.approx(means.mean())
    t = (means - means.mean()) / (within * np.sqrt(1 / 5 - 1 / 30))
    assert each["p"].to_numpy() == pytest.approx(2 * stats.t.sf(np.abs(t), 24))
    assert each["adjusted_p"].to_numpy() == pytest.approx(stats.false_discovery_control(each["p"]))
    assert each["verdict"].tolist() == ["as expected by chance"] * 4 + ["longer", "shorter"]
    low, high = funnel_limits(pd.concat([whole, pd.Series({"within_sd": within})]), 5, confidence=0.95)
    outside = (each["own_hours"] < low) | (each["own_hours"] > high)
    assert outside.tolist() == (each["p"] < 0.05).tolist()


def test_the_funnel_where_incidents_are_open():
    seen = observations([1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 2.0], [1.0, 2.0, 3.0, np.inf, 2.0, 1.0, np.inf],
                        group=[0, 0, 0, 1, 2, 2, 2], groups=4)  # fmt: skip
    each, whole = compare_with_common(seen, 1.0)
    assert each["verdict"].fillna("").tolist()[1::2] == [NONE_ENDED, ""]
    assert each["n_effective"][0] == pytest.approx(3)
    assert 2 < each["n_effective"][2] < 3 and 5 < whole["n_common"] < 7
    assert compare_with_common(seen, np.nan)[1].isna().all()


def test_wider_limits_where_services_differ():
    whole = pd.Series({"common_hours": 1.0, "typical_hours": 1.1, "n_common": 50.0, "freedom": 40.0, "within_sd": 1.0,
                       "between_sd": 0.5})  # fmt: skip
    low, high = funnel_limits(whole, [1e9], confidence=0.95, differ=True)
    assert [low[0], high[0]] == pytest.approx(1.1 * np.exp([-0.98, 0.98]), rel=1e-3)
    assert funnel_limits(whole, [50], confidence=0.998)[0] == pytest.approx([1.0])


def test_intervals_hold_as_often_as_they_say():
    """A small sample of docs/calibration_pooling.md: 12 services, one incident in ten open."""
    held, typical = [], []
    for run in range(50):
        frame, truth = durations(12, seed=[17, run])
        rng = np.random.default_rng([18, run])
        seen = np.exp(rng.normal(1.28 * np.sqrt(2 * 1.25), np.sqrt(1.25), len(frame)))
        frame = frame.assign(hours=np.minimum(frame["hours"], seen), censored=frame["hours"] > seen)
        each, whole = pool_durations(seen_durations(frame, groups=12))
        if whole["reason"] is None:
            held.append((each["pooled_low"] <= truth) & (truth <= each["pooled_high"]))
            typical.append(whole["typical_low"] <= 1 <= whole["typical_high"])
    assert len(held) > 45
    assert 0.93 <= np.mean(held) <= 0.985
    assert np.mean(typical) >= 0.93
