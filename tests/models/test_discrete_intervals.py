"""Intervals of chances and of rates: published figures, and the exact ones by enumerating every sample."""

import numpy as np
import pytest
from scipy.stats import binom, poisson

from continuity_analysis.models.counts import garwood, jeffreys, score
from continuity_analysis.models.proportions import clopper_pearson, lower_bound, wilson

# known answer 4.1: R binom::binom.confint, method "exact"
PUBLISHED = {
    (18, 20): (0.6830173, 0.9876515),
    (4, 20): (0.0573340, 0.4366140),
    (4, 200): (0.0054756, 0.0504136),
    (190, 200): (0.9099725, 0.9757658),
    (1, 30): (0.0008436, 0.1721695),
    (0, 30): (0, 0.1157033),
}


@pytest.mark.parametrize("case", PUBLISHED)
def test_clopper_pearson_published(case):
    assert [float(x) for x in clopper_pearson(*case)] == pytest.approx(PUBLISHED[case], abs=5e-8)


# known answer 4.1: R binom::binom.confint, method "wilson"
WILSON = {
    (18, 20): (0.6989664, 0.9721335),
    (4, 20): (0.0806577, 0.4160174),
    (4, 200): (0.0078044, 0.0502871),
    (190, 200): (0.9104219, 0.9726174),
    (1, 30): (0.0059086, 0.1667039),
    (0, 30): (0, 0.1135134),
}


@pytest.mark.parametrize("case", WILSON)
def test_wilson_published(case):
    assert [float(x) for x in wilson(*case)] == pytest.approx(WILSON[case], abs=5e-8)


@pytest.mark.parametrize(
    ("interval", "low", "high"),
    [  # known answer 4.2: R DescTools and exactci, 15 events in 400
        (garwood, 0.0209884653319583, 0.0618505471787146),
        (score, 0.0227264749, 0.0618771721),
        (jeffreys, 0.0219234232, 0.0602898620),
    ],
)
def test_poisson_published(interval, low, high):
    assert [float(x) / 400 for x in interval(15)] == pytest.approx([low, high], abs=5e-11)


def test_two_sided_coverage_by_enumeration():
    """An exact interval holds the true chance in at least 95 % of all samples, for n = 5 to 60 and any chance."""
    true = np.linspace(0.005, 0.995, 199)
    for n in range(5, 61):
        k = np.arange(n + 1)
        low, high = clopper_pearson(k, n)
        inside = (low[:, None] <= true) & (true <= high[:, None])
        assert (binom.pmf(k[:, None], n, true) * inside).sum(axis=0).min() >= 0.95


def test_one_sided_coverage_by_enumeration():
    true = np.linspace(0.005, 0.995, 199)
    for n in (5, 12, 30, 60):
        k = np.arange(n + 1)
        inside = lower_bound(k, n)[:, None] <= true
        assert (binom.pmf(k[:, None], n, true) * inside).sum(axis=0).min() >= 0.95


def test_poisson_coverage_by_enumeration():
    """The exact interval holds the true mean in at least 95 % of all samples, the shorter ones do not."""
    true = np.concatenate([np.linspace(0.01, 10, 1000), np.linspace(10, 100, 200)])
    k = np.arange(250)
    low, high = garwood(k)
    inside = (low[:, None] <= true) & (true <= high[:, None])
    assert (poisson.pmf(k[:, None], true) * inside).sum(axis=0).min() >= 0.95
    for shorter in (score, jeffreys):
        low, high = shorter(k)
        inside = (low[:, None] <= true) & (true <= high[:, None])
        assert (poisson.pmf(k[:, None], true) * inside).sum(axis=0).min() < 0.95


def test_of_nothing_nothing_is_known():
    for interval in (clopper_pearson, wilson):
        assert np.isnan(np.array(interval(0, 0))).all()
