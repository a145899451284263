"""Laws of recoveries that came back: by hand, against scipy, failures apart, and what has no law."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from continuity_analysis.models.duration_fits import FEWEST_ENDED, NO_FIT
from continuity_analysis.models.recovery_fits import FEW, fit_recovery_times


def recoveries(hours, outcome="restored", group=0, resolution=0.0):
    columns = {"hours": np.asarray(hours, float), "outcome": outcome, "resolution_hours": resolution}
    return pd.DataFrame({"group": group, **columns})


def fitted(*frames, groups=1, family=None):
    found = fit_recovery_times(pd.concat(frames, ignore_index=True), groups=groups)
    return found if family is None else found[found["family"] == family].iloc[0]


LOGNORMAL = np.exp(0.5 * stats.norm.ppf((np.arange(1, 31) - 0.5) / 30) + 1)


def test_the_law_is_that_of_those_that_came_back():
    """Failures change the share that comes back, and nothing else."""
    alone = fitted(recoveries(LOGNORMAL))
    with_failures = fitted(recoveries(LOGNORMAL), recoveries([np.inf] * 10, "never"))
    columns = ["family", "median_hours", "low", "high", "p90_hours", "fit_p"]
    pd.testing.assert_frame_equal(alone[columns], with_failures[columns])
    assert with_failures[["n", "n_restored", "n_failed", "n_censored"]].iloc[0].tolist() == [40, 30, 10, 0]
    assert with_failures["share_restored"].iloc[0] == 0.75
    low, high = stats.binomtest(30, 40).proportion_ci(method="exact")
    assert with_failures[["share_low", "share_high"]].iloc[0].tolist() == pytest.approx([low, high])


def test_against_the_maximum_likelihood_of_scipy():
    shape, _, scale = stats.lognorm.fit(LOGNORMAL, floc=0)
    found = fitted(recoveries(LOGNORMAL), family="lognormal")
    assert found["median_hours"] == pytest.approx(scale, rel=1e-4)
    assert found["p90_hours"] == pytest.approx(stats.lognorm.ppf(0.9, shape, scale=scale), rel=1e-4)
    assert found["low"] < found["median_hours"] < found["high"]
    assert found["verdict"] in ("best", "not separable from the best")
    best = fitted(recoveries(LOGNORMAL)).iloc[0]
    assert best["verdict"] == "best"
    assert best["fit_p"] > 0.5


def test_called_off_counts_as_lasting_at_least_so_long():
    off = fitted(recoveries(LOGNORMAL), recoveries([6.0] * 5, "censored"), family="lognormal")
    assert off["median_hours"] > fitted(recoveries(LOGNORMAL), family="lognormal")["median_hours"]
    assert off[["n", "n_restored", "n_censored"]].tolist() == [35, 30, 5]
    data = stats.CensoredData(LOGNORMAL, right=[6.0] * 5)
    _, _, scale = stats.lognorm.fit(data, floc=0)
    assert off["median_hours"] == pytest.approx(scale, rel=1e-3)


def test_few_have_no_law_and_say_so():
    few = fitted(recoveries(LOGNORMAL[: FEWEST_ENDED - 1]))
    assert len(few) == 1
    assert few[["n", "reason"]].iloc[0].tolist() == [FEWEST_ENDED - 1, FEW]
    assert few[["family", "median_hours", "fit_p"]].isna().all(axis=None)
    many_failed = fitted(recoveries([1.0] * 3), recoveries([np.inf] * 20, "never"))
    assert many_failed["reason"].tolist() == [FEW]
    assert fitted(recoveries([2.0] * 12).assign(hours=2.013))["reason"].notna().all()


def test_a_law_that_does_not_fit_gives_no_quantile():
    two = np.concatenate([np.full(20, 0.1) + np.arange(20) / 1e3, np.full(20, 30.0) + np.arange(20) / 10])
    found = fitted(recoveries(two))
    assert found["fit_p"].iloc[0] < 0.01
    assert found[["median_hours", "low", "high", "p90_hours"]].isna().all(axis=None)
    assert (found["reason"] == NO_FIT).all()


def test_durations_of_zero_are_known_within_the_resolution():
    hours = np.append([0.0, 0.0], LOGNORMAL)
    assert fitted(recoveries(hours))["family"].isna().all()
    assert fitted(recoveries(hours, resolution=1 / 60))["family"].notna().all()


def test_groups_do_not_mix():
    both = fitted(recoveries(LOGNORMAL), recoveries(LOGNORMAL * 5, group=2), recoveries([1.0], group=1), groups=4)
    first, second = (both[(both["group"] == g) & (both["family"] == "lognormal")].iloc[0] for g in (0, 2))
    assert second["median_hours"] == pytest.approx(5 * first["median_hours"], rel=1e-3)
    assert both[both["group"] == 3][["n", "reason"]].iloc[0].tolist() == [0, FEW]
