"""The fitted platform: what its laws rest on, and that next year falls within its forecast as often as it says."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import calibration_scenarios as calibration
from continuity_analysis.models.edits import no_edits
from continuity_analysis.models.generalised import DRAWS
from continuity_analysis.models.platform_fit import fit_platform
from continuity_analysis.models.resampling import LAWS, draw_resampled_law
from continuity_analysis.models.simulation import simulate
from tests.models.platforms_in_hand import YEAR, evidence

TEN = [0.4, 2.1, 0.9, 5.5, 1.3, 0.7, 3.2, 0.25, 1.8, 1.1]


def test_a_service_alone_keeps_its_own_law():
    fitted = fit_platform(evidence(TEN))
    assert fitted.about.loc[0, ["n", "n_known", "spread_from"]].tolist() == [10, 10, "own"]
    assert fitted.failures.mu.shape == (1, DRAWS)
    assert np.median(fitted.failures.mu) == pytest.approx(np.log(TEN).mean(), abs=0.01)
    assert fitted.failures.rate.mean() == pytest.approx(10.5 / YEAR, rel=0.01)


def test_few_failures_keep_their_mean_and_take_the_spread_of_all():
    fitted = fit_platform(evidence(TEN, [40.0, 60.0], [0.02]))
    assert fitted.about["spread_from"].tolist() == ["own", "all services", "all services"]
    assert np.median(fitted.failures.mu[1]) == pytest.approx(np.log([40, 60]).mean(), abs=0.05)
    within = ((np.log(TEN) - np.log(TEN).mean()) ** 2).sum() + 2 * np.log(np.sqrt(60 / 40)) ** 2
    assert np.mean(1 / fitted.failures.sigma[1] ** 2) == pytest.approx(10 / within, rel=0.03)
    assert np.std(fitted.failures.mu[2]) > np.std(fitted.failures.mu[0])


REASONS = {
    "no failure in": [],
    "failures of known length: 2; at least 3": [1.0, 2.0],
    "down times are not lognormal": [1.0] * 20 + [1.001] * 20 + [200.0],
}


@pytest.mark.parametrize("reason", REASONS)
def test_too_little_is_null_with_its_reason(reason):
    fitted = fit_platform(evidence(REASONS[reason]))
    assert np.isnan(fitted.failures.rate).all()
    assert reason in fitted.about.loc[0, "reason"]


def test_not_asking_others_needs_three_failures():
    fitted = fit_platform(evidence(TEN, TEN[:3], TEN[:2]), pooled=False)
    assert fitted.about["spread_from"].tolist() == ["own", "own", ""]


def test_services_are_independent_of_each_other():
    fitted = fit_platform(evidence(TEN, TEN))
    assert abs(np.corrcoef(fitted.failures.rate)[0, 1]) < 0.05


def test_recoveries_own_pooled_and_stated():
    done = pd.DataFrame({"group": [0, 0, 0, 0, 1], "hours": [2.0, 4.0, 3.0, np.inf, 5.0],
                         "outcome": ["restored"] * 3 + ["never", "restored"]})  # fmt: skip
    fitted = fit_platform(evidence(TEN, TEN, recoveries=done))
    assert fitted.about["recovery_from"].tolist() == ["own", "all services"]
    assert fitted.about["n_recoveries"].tolist() == [3, 1]
    assert fitted.recoveries.success[0].mean() == pytest.approx(3.5 / 5, abs=0.02)
    assert fitted.recoveries.share.mean() == pytest.approx(0.5 / 21, rel=0.1)
    assert (fit_platform(evidence(TEN, TEN, recoveries=done), needs_backup=0.1).recoveries.share == 0.1).all()
    unrecorded = fit_platform(evidence(TEN, restores_recorded=False))
    assert np.isnan(unrecorded.recoveries.share).all()


def test_what_is_shared():
    seen = evidence(TEN, TEN)
    seen.failures["shared"] = np.where(seen.failures.index % 10 < 2, seen.failures.index % 10, -1)
    shared = fit_platform(seen).shared
    assert shared.rate.mean() == pytest.approx(2.5 / YEAR, rel=0.05)
    assert shared.share.mean() == pytest.approx(2.5 / 11, rel=0.05)
    assert fit_platform(evidence(TEN)).shared is None


def test_resampled_laws_keep_weights_and_groups():
    group = np.array([0, 0, 2, 2, 2])
    law = draw_resampled_law(group, np.array([1.0, 3.0, 1, 1, 1]), names=["a", "b", "c"], purpose="x")
    rng = np.random.default_rng(0)
    for number, weights in ((0, [0.25, 0.75]), (2, [1 / 3] * 3)):
        size = 20_000
        found = law.pick(np.full(size, number), rng.integers(0, 10 * LAWS, size), rng.random(size))
        assert set(found) == set(np.flatnonzero(group == number))
        share = np.bincount(found - found.min()) / size
        assert share == pytest.approx(weights, abs=0.06)


def test_next_year_falls_within_its_forecast():
    """A small one; the large table is docs/calibration_scenarios.md."""
    rng, often = np.random.default_rng(5), np.full(120, 12.0)
    seen = calibration.evidence(calibration.truth(often, 1.2, rng=rng), 120, rng=rng)
    actual = calibration.costs(calibration.truth(often, 1.2, rng=rng), 120)
    fitted = fit_platform(seen, pooled=False)
    years = {name: simulate(p, {"x": no_edits(120)}, years=400)["x"]
             for name, p in (("fit", fitted), ("plug-in", calibration.plug_in(seen, fitted)))}  # fmt: skip
    inside = {}
    for name, found in years.items():
        given = ~np.isnan(found.down[:, 0])
        low, high = np.quantile(found.down[given], [0.05, 0.95], axis=1)
        inside[name] = np.mean((low <= actual["down"][given]) & (actual["down"][given] <= high))
        assert given.mean() > 0.9
    assert 0.84 < inside["fit"] < 0.96
    assert inside["plug-in"] < inside["fit"] - 0.03
