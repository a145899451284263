"""Fitted laws: by hand, against published numbers, a slow obvious twin, and what has no fit."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from continuity_analysis.models.lifetimes import (
    FAMILIES,
    compare_families,
    fit_lifetimes,
    limits,
    observations,
)
from continuity_analysis.models.lifetimes.fitting import (
    ALL_EQUAL,
    BEST,
    NO_MAXIMUM,
    NONE_ENDED,
    NOT_SEPARABLE,
    NOTHING,
    WORSE,
    ZERO,
)

QUICK = settings(max_examples=40, deadline=None, derandomize=True)
PEERS = {"weibull": lambda m, s: stats.weibull_min(1 / s, scale=np.exp(m)),
         "lognormal": lambda m, s: stats.lognorm(s, scale=np.exp(m)),
         "loglogistic": lambda m, s: stats.fisk(1 / s, scale=np.exp(m)),
         "exponential": lambda m, s: stats.expon(scale=np.exp(m))}  # fmt: skip

# KNOWN_ANSWERS 1.1: NIST/SEMATECH e-Handbook 8.4.1.3; 10 units censored at 500 h
NIST = "54 187 216 240 244 335 361 373 375 386" + " 500+" * 10
# 1.2: diesel generator fans, Nelson (1982); SAS/QC and R survival::genfan
FANS = """450 460+ 1150 1150 1560+ 1600 1660+ 1850+x5 2030+x3 2070 2070 2080 2200+ 3000+x4 3100 3200+
3450 3750+x2 4150+x4 4300+x4 4600 4850+x4 5000+x3 6100+ 6100 6100+x2 6300+ 6450+x2 6700+ 7450+ 7800+x2
8100+x2 8200+ 8500+x3 8750+ 8750
8750+ 9400+ 9900+ 10100+x3 11500+"""
# 1.4: lecture 3 of AMS 588, Stony Brook University
STONY_BROOK = "3 5 6+ 8 10+ 11+ 15 20+ 22 23 27+ 29 32 35 40 26 28 33+ 21 24+"
# 1.6: exponential with its standard error, as a third-party test suite quotes it
EXPONENTIAL = "1 2.5 3 6 7.5 10 12 12 14.5 15 16+ 16+ 20+ 20+ 21+ 22+"


def read(text):
    words = [w.split("x") for w in text.split()]
    words = [w for w, *times in words for _ in range(int(times[0]) if times else 1)]
    return limits([float(w.rstrip("+")) for w in words], ["+" not in w for w in words])


def fit(text, family):
    return fit_lifetimes(observations(*read(text)), family)


def test_known_answer_1_1():
    found = fit(NIST, "weibull")
    assert np.exp(found.location) == pytest.approx(606.5280, abs=5e-4)
    assert 1 / found.scale == pytest.approx(1.7208, abs=5e-5)
    assert found.loglik == pytest.approx(-75.135, abs=5e-4)
    assert 4 - 2 * found.loglik == pytest.approx(154.27, abs=5e-3)
    assert 4 - 2 * fit(NIST, "lognormal").loglik == pytest.approx(154.39, abs=5e-3)


def test_known_answer_1_1_in_other_families():
    # lifelines, surpyval, reliability and scipy agree on these
    found = fit(NIST, "lognormal")
    assert [found.location[0], found.scale[0], found.loglik[0]] == pytest.approx(
        [6.22600, 0.908909, -75.196271], abs=2e-5
    )
    found = fit(NIST, "loglogistic")
    assert np.exp(found.location[0]) == pytest.approx(489.2533, abs=5e-4)
    assert [1 / found.scale[0], found.loglik[0]] == pytest.approx([2.056397, -74.966710], abs=2e-6)


def test_known_answer_1_2():
    lower, upper = read(FANS)
    assert (len(lower), np.isfinite(upper).sum(), lower.sum()) == (70, 12, 344_440)
    found = fit(FANS, "weibull")
    assert 1 / found.scale == pytest.approx(1.0584, abs=5e-5)
    assert np.exp(found.location) / 1000 == pytest.approx(26.2968, abs=1e-4)
    assert np.exp(fit(FANS, "exponential").location) == pytest.approx(28_703, abs=0.5)


def test_known_answer_1_4():
    found = fit(STONY_BROOK, "weibull")
    assert [1 / found.scale[0], np.exp(found.location[0])] == pytest.approx([2.149, 28.99], abs=1e-2)


def test_known_answer_1_6():
    found = fit(EXPONENTIAL, "exponential")
    assert np.exp(found.location) == pytest.approx(19.85)
    # the observed information of the logarithm is the number that ended
    ((_, _, top),) = found.parts
    assert 19.85 / np.sqrt(-top.hessian[0, 0, 0]) == pytest.approx(6.277119, abs=5e-6)


def test_by_hand():
    # the logarithms of e, e², e³ have mean 2 and deviation √(2/3); three of mean 2 h at rate 1/2 per hour
    found = fit_lifetimes(observations(np.exp([1.0, 2.0, 3.0])), "lognormal")
    assert [found.location[0], found.scale[0]] == pytest.approx([2, np.sqrt(2 / 3)])
    assert found.loglik == pytest.approx(-1.5 * np.log(2 * np.pi * 2 / 3) - 1.5 - 6)
    found = fit_lifetimes(observations([1.0, 2.0, 3.0], [1.0, 2.0, np.inf]), "exponential")
    assert [np.exp(found.location[0]), found.loglik[0]] == pytest.approx([3, -2 * np.log(3) - 2])
    # two of four end within the first hour: S(1 h) = 1/2
    found = fit_lifetimes(observations([0.0, 0, 1, 1], [1, 1, np.inf, np.inf]), "exponential")
    assert np.exp(-1 / np.exp(found.location)) == pytest.approx(0.5)
    # late entrants have only lasted since: 2 h until one ended
    found = fit_lifetimes(observations([3.0, 4.0], [3.0, np.inf], entry=[2.0, 3.0]), "exponential")
    assert np.exp(found.location) == pytest.approx(2)


def test_every_family_at_its_own_quantiles_and_mean():
    for name, law in PEERS.items():
        scale = 1.0 if name == "exponential" else 0.4
        family, peer = FAMILIES[name], law(0.3, scale)
        for share in (0.1, 0.5, 0.9):
            assert np.exp(0.3 + scale * family.standard_quantile(share)) == pytest.approx(peer.ppf(share))
        assert np.exp(0.3 + family.log_mean(np.array([scale]))[0]) == pytest.approx(peer.mean())
        z = np.array([-9.0, -0.7, 0.0, 1.3])
        for law_of_z in (family.density, family.survival):
            _, first, second = law_of_z(z)
            (up, up1, _), (down, down1, _) = law_of_z(z + 1e-5), law_of_z(z - 1e-5)
            np.testing.assert_allclose([first, second], [(up - down) / 2e-5, (up1 - down1) / 2e-5], atol=1e-6)


@pytest.mark.parametrize(("lower", "upper", "reason"), [
    ([], [], NOTHING),
    ([1, 2, 3], [np.inf] * 3, NONE_ENDED),
    ([5], [5], ALL_EQUAL),
    ([5, 5, 5], [5, 5, 5], ALL_EQUAL),
    ([5, 3], [5, np.inf], ALL_EQUAL),
    ([0, 0, 0], [1, 1, 1], ALL_EQUAL),
    ([0, 0.5, 0.7], [1, 2, 0.7], ALL_EQUAL),
    ([0, 1, 2], [0, 1, 2], ZERO),
    ([0, 2], [1, np.inf], NO_MAXIMUM),
])  # fmt: skip
def test_what_has_no_fit_says_why(lower, upper, reason):
    # among others that have one
    good, group = np.array([1.0, 2.0, 4.0]), np.repeat([0, 1, 2], [3, len(lower), 3])
    seen = observations(np.concatenate([good, lower, good]), np.concatenate([good, upper, good]), group=group, groups=3)
    for family in ("weibull", "lognormal", "loglogistic"):
        found = fit_lifetimes(seen, family)
        assert found.reason.tolist() == [None, reason, None]
        assert np.isnan(found.location).tolist() == np.isnan(found.loglik).tolist() == [False, True, False]
        assert found.location[0] == found.location[2]


def test_an_exponential_needs_but_one_end():
    found = fit_lifetimes(observations([5.0, 3.0], [5.0, np.inf]), "exponential")
    assert np.exp(found.location) == pytest.approx(8)
    assert fit_lifetimes(observations([0.0], [1.0]), "exponential").reason.tolist() == [NO_MAXIMUM]


def test_a_covariate_that_explains_everything_has_no_fit():
    x = np.array([0.0, 0, 1, 1])
    found = fit_lifetimes(observations(np.exp(1 + x), covariates=x), "weibull")
    assert found.reason.tolist() == [NO_MAXIMUM]


def test_families_are_ranked_and_called_apart_only_when_they_are():
    rng = np.random.default_rng(4)
    hours, group = np.concatenate([rng.lognormal(0, 1.5, 2000), rng.lognormal(0, 1.5, 8)]), np.repeat([0, 1], [2000, 8])
    seen = observations(hours, group=group, groups=3)
    table = compare_families([fit_lifetimes(seen, f) for f in FAMILIES])
    first, second, third = (table[table["group"] == g] for g in range(3))
    assert first["family"].iloc[0] == "lognormal"
    assert first.set_index("family")["verdict"].to_dict() == {
        "lognormal": BEST, "loglogistic": WORSE, "weibull": WORSE, "exponential": WORSE
    }  # fmt: skip
    assert first["difference"].iloc[1] >= 7
    assert set(second["verdict"].iloc[1:3]) == {NOT_SEPARABLE}
    assert third["verdict"].isna().all()
    assert set(third["reason"]) == {NOTHING}
    k, n, row = 2, 2000, first.iloc[0]
    assert row["aicc"] == pytest.approx(2 * k - 2 * row["loglik"] + 2 * k * (k + 1) / (n - k - 1))


def test_weights_count_as_often():
    hours, times = np.array([1.0, 2.0, 5.0, 9.0]), np.array([3, 1, 2, 4])
    upper = np.where(hours == 9, np.inf, hours)
    entry = np.array([0, 1.0, 0, 2.0])
    for family in FAMILIES:
        once = fit_lifetimes(observations(hours, upper, weight=times, entry=entry), family)
        again = fit_lifetimes(
            observations(*(np.repeat(x, times) for x in (hours, upper)), entry=np.repeat(entry, times)), family
        )
        assert [once.location[0], once.scale[0], once.loglik[0]] == pytest.approx(
            [again.location[0], again.scale[0], again.loglik[0]]
        )


def test_zeros_and_ties_lie_within_the_resolution():
    lower, upper = limits([0, 1, 1, 2, 1, 0], [1, 1, 1, 1, 1, 0], group=[0, 0, 0, 0, 1, 1], resolution=1 / 60)
    r = 1 / 60
    assert lower.tolist() == pytest.approx([0, 1 - r, 1 - r, 2, 1, 0])
    assert upper.tolist() == pytest.approx([r, 1 + r, 1 + r, 2, 1, np.inf])
    assert [x.tolist() for x in limits([0.0, 1], [True, False])] == [[0, 1], [0, np.inf]]


def test_two_timestamps_cut_to_the_hour_hardly_bias_a_fit():
    rng = np.random.default_rng(6)
    hours = np.exp(np.log(2) + rng.normal(size=4000))
    recorded = np.floor(rng.random(4000) + hours)
    found = fit_lifetimes(observations(*limits(recorded, recorded >= 0, resolution=1.0)), "lognormal")
    assert [found.location[0], found.scale[0]] == pytest.approx([np.log(2), 1], abs=0.06)


@pytest.mark.parametrize("given", [
    {"lower": [2.0], "upper": [1.0]}, {"lower": [-1.0]}, {"lower": [np.nan]}, {"lower": [1.0], "entry": [1.0]},
    {"lower": [1.0], "weight": [0.0]}, {"lower": [1.0], "covariates": [np.nan]},
])  # fmt: skip
def test_what_cannot_be_is_refused(given):
    with pytest.raises(ValueError, match="Expected"):
        observations(**given)


# --- twin ------------------------------------------------------------------------------------------------------------

ROW = st.tuples(st.floats(0.1, 20), st.sampled_from(["exact", "open", "between"]), st.floats(0, 0.9), st.integers(0, 2))


def lasting(t, m, s, family):
    if family == "lognormal":
        return math.erfc((math.log(t) - m) / s / math.sqrt(2)) / 2
    u = (t / math.exp(m)) ** (1 / s)
    return math.exp(-u) if family == "weibull" else 1 / (1 + u)


def density(t, m, s, family):
    if family == "lognormal":
        return math.exp(-(((math.log(t) - m) / s) ** 2) / 2) / (t * s * math.sqrt(2 * math.pi))
    u = (t / math.exp(m)) ** (1 / s)
    return u / (s * t) * (math.exp(-u) if family == "weibull" else (1 + u) ** -2)


def slow(rows, family):
    """The logarithm of the likelihood as it is written down, and its maximum by a search that knows no derivatives."""

    def loglik(m, s):
        total = 0.0
        for hours, kind, late, _ in rows:
            if kind == "exact":
                total += math.log(density(hours, m, s, family))
            elif kind == "open":
                total += math.log(lasting(hours, m, s, family))
            else:
                total += math.log(lasting(hours, m, s, family) - lasting(2 * hours, m, s, family))
            total -= math.log(lasting(hours * late, m, s, family)) if late else 0
        return total

    def worst(parameters):
        try:
            return -loglik(parameters[0], math.exp(parameters[1]))
        except (ValueError, OverflowError, ZeroDivisionError):
            return 1e9

    found = optimize.minimize(worst, [1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9})
    return loglik, found


@QUICK
@given(st.lists(ROW, min_size=4, max_size=9), st.sampled_from(["weibull", "lognormal", "loglogistic"]))
def test_fits_equal_their_slow_twin(rows, family):
    hours, kind, late, group = (np.array(x) for x in zip(*rows, strict=True))
    upper = np.select([kind == "exact", kind == "open"], [hours, np.inf], 2 * hours)
    found = fit_lifetimes(observations(hours, upper, group=group, groups=3, entry=hours * late), family)
    for g in range(3):
        mine = [r for r in rows if r[3] == g]
        if found.reason[g] is None:
            loglik, twin = slow(mine, family)
            assert loglik(found.location[g], found.scale[g]) == pytest.approx(found.loglik[g], abs=1e-8)
            assert -twin.fun <= found.loglik[g] + 1e-6 or np.abs(twin.x).max() > 8
