"""Restore time by size: the textbook's regression, peers, by hand, and how often the intervals hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from continuity_analysis.models.restore_size import ONE_SIZE, exponent, fit_restore_size, predict_restore

# Kutner, Nachtsheim, Neter and Li (2005), Applied Linear Statistical Models, table 1.1 (Toluca Company)
LOTS = [80, 30, 50, 90, 70, 60, 120, 80, 100, 50, 40, 70, 90, 20, 110, 100, 30, 50, 90, 110, 30, 90, 40, 80, 70]
WORK = [
    399, 121, 221, 376, 361, 224, 546, 352, 353, 157, 160, 252, 389, 113, 435, 420, 212, 268, 377, 421, 273, 468, 244,
    342, 323,
]  # fmt: skip


def restored(log_size, log_hours, *, censored=False, group=0):
    return pd.DataFrame(
        {"group": group, "size_bytes": np.exp(log_size), "hours": np.exp(log_hours), "censored": censored}
    )


def toluca():
    """The published regression with its two columns scaled, as logarithms."""
    return fit_restore_size(restored(np.array(LOTS) / 10, np.array(WORK) / 100), groups=1)


def logs_of(frame, *columns):
    return [100 * np.log(float(frame[c].iloc[0])) for c in columns]


def test_published_prediction_interval():
    """Section 2.5 of the book: at 100, 419.4 and the 90 % prediction interval 332.2 to 506.6; MSE 2384."""
    laws = toluca()
    found = predict_restore(laws, [np.exp(10.0)], confidence=0.9)
    assert logs_of(found, "median_hours", "prediction_low", "prediction_high") == pytest.approx(
        [419.3861, 332.2072, 506.5649], abs=1e-3
    )
    assert (100 * laws.scale[0]) ** 2 == pytest.approx(2384, abs=0.5)
    assert 10 * exponent(laws)["estimate"].iloc[0] == pytest.approx(3.5702, abs=1e-4)


def test_published_interval_of_the_mean():
    """The same book at 65: the mean's 90 % interval 277.4 to 311.4, a new one's 209.0 to 379.8."""
    found = predict_restore(toluca(), [np.exp(6.5)], confidence=0.9)
    assert logs_of(found, "low", "high", "prediction_low", "prediction_high") == pytest.approx(
        [277.43, 311.43, 209.04, 379.81], abs=0.01
    )


def test_without_censoring_it_is_the_regression_of_statsmodels():
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    x, y = rng.uniform(20, 22, (2, 7))
    peer = sm.OLS(y, sm.add_constant(x)).fit()
    expected = peer.get_prediction([[1.0, 21.5]]).summary_frame(alpha=0.05).iloc[0]
    laws = fit_restore_size(restored(x, y), groups=1)
    found = predict_restore(laws, [np.exp(21.5)], within_hours=[np.exp(21.0)])
    names = ["median_hours", "low", "high", "prediction_low", "prediction_high"]
    peers = ["mean", "mean_ci_lower", "mean_ci_upper", "obs_ci_lower", "obs_ci_upper"]
    assert np.log(found[names].iloc[0].to_numpy(float)) == pytest.approx(expected[peers].to_numpy(float), rel=1e-9)
    low, high = peer.conf_int()[1]
    assert exponent(laws).iloc[0].tolist() == pytest.approx([peer.params[1], low, high], rel=1e-8)
    spread = (expected["obs_ci_upper"] - expected["mean"]) / stats.t.ppf(0.975, 5)
    assert found["chance"].iloc[0] == pytest.approx(stats.t.cdf((21.0 - expected["mean"]) / spread, 5), rel=1e-9)


def test_censored_law_is_that_of_lifelines():
    import warnings

    from lifelines import LogNormalAFTFitter

    rng = np.random.default_rng(6)
    x = rng.uniform(-1, 1, 40)
    y, limit = 0.7 * x + 0.4 * rng.standard_normal(40), 0.3 + 0.5 * rng.standard_normal(40)
    rows = restored(x + 20, np.minimum(y, limit), censored=y > limit)
    laws = fit_restore_size(rows, groups=1)
    table = pd.DataFrame({"T": rows["hours"], "E": ~rows["censored"], "x": x})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines calls pandas in ways of which pandas warns
        peer = LogNormalAFTFitter().fit(table, duration_col="T", event_col="E")
    n_ended = int((~rows["censored"]).sum())
    scale = laws.scale[0] * np.sqrt((n_ended - 2) / n_ended)  # theirs is the likeliest, which is too small for few
    assert exponent(laws)["estimate"].iloc[0] == pytest.approx(peer.params_["mu_"]["x"], rel=1e-4)
    assert np.log(scale) == pytest.approx(peer.params_["sigma_"]["Intercept"], abs=1e-4)
    error = np.sqrt(laws.covariance[0, 1, 1] * (n_ended - 2) / n_ended)
    assert error == pytest.approx(peer.standard_errors_["mu_"]["x"], rel=1e-3)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.floats(18, 24), st.floats(-3, 3)), min_size=5, max_size=12), st.floats(18, 24))
def test_twin_of_the_textbook_formula(points, at):
    x, y = np.array(points).T
    if np.ptp(x) < 0.01 or np.ptp(y) < 0.01:
        return
    n, sxx = len(x), ((x - x.mean()) ** 2).sum()
    slope = ((x - x.mean()) * (y - y.mean())).sum() / sxx
    line = y.mean() + slope * (at - x.mean())
    residual = y - y.mean() - slope * (x - x.mean())
    s = np.sqrt((residual**2).sum() / (n - 2))
    if s < 1e-3:
        return
    half = stats.t.ppf(0.975, n - 2) * s * np.sqrt(1 + 1 / n + (at - x.mean()) ** 2 / sxx)
    found = predict_restore(fit_restore_size(restored(x, y), groups=1), [np.exp(at)]).iloc[0]
    if np.log(2) - 1e-9 < max(at - x.max(), x.min() - at):
        assert np.isnan(found["median_hours"])
    else:
        assert np.log(found["prediction_high"]) == pytest.approx(line + half, abs=1e-5)


def test_groups_are_apart_and_say_why_they_have_no_law():
    rng = np.random.default_rng(1)
    x, y = rng.uniform(20, 21, (2, 6))
    rows = pd.concat([restored(x, y, group=0), restored(x[:4], y[:4], group=1), restored(np.full(6, 20.0), y, group=2)])
    laws = fit_restore_size(rows, groups=4)
    alone = fit_restore_size(restored(x, y), groups=1)
    assert laws.coefficients[0] == pytest.approx(alone.coefficients[0])
    assert laws.reason.tolist() == [None, "needs at least 5 restores of known size, had 4", ONE_SIZE,
                                    "needs at least 5 restores of known size, had 0"]  # fmt: skip
    assert predict_restore(laws, np.full(4, np.exp(20.5)))["median_hours"].isna().tolist() == [False, True, True, True]


def test_censored_ones_do_not_count_towards_the_fewest_but_lengthen_the_law():
    x, y = np.linspace(20, 21, 6), np.array([0.1, 0.3, 0.2, 0.5, 0.4, 0.6])
    rows = restored(x, y)
    longer = pd.concat([rows, restored([20.5], [1.5], censored=True)])
    at = [np.exp(20.5)]
    plain, more = (predict_restore(fit_restore_size(r, groups=1), at)["median_hours"].iloc[0] for r in (rows, longer))
    assert more > plain
    four = restored(x, y, censored=[False] * 4 + [True] * 2)
    assert fit_restore_size(four, groups=1).reason[0] == "needs at least 5 restores of known size, had 4"


def test_nothing_is_said_beyond_twice_the_largest_or_half_the_smallest():
    rng = np.random.default_rng(2)
    x = np.linspace(np.log(1e9), np.log(4e9), 8)
    laws = fit_restore_size(restored(x, rng.standard_normal(8)), groups=1)
    found = predict_restore(laws, np.array([0.49e9, 0.51e9, 7.99e9, 8.1e9]), group=np.zeros(4, dtype=int))
    assert found["median_hours"].isna().tolist() == [True, False, False, True]
    assert found["extrapolation"].tolist() == pytest.approx([0.1225, 0.1275, 1.9975, 2.025])


def test_a_restore_of_no_time_took_up_to_a_second():
    x, y = np.linspace(20, 21, 8), np.linspace(-9, -8, 8)
    rows = restored(x, y + 0.1 * np.array([1, -1] * 4))
    rows.loc[0, "hours"] = 0.0
    laws = fit_restore_size(rows, groups=1)
    assert laws.reason[0] is None
    assert np.isfinite(laws.scale[0])


@pytest.mark.parametrize("censored", [False, True])
def test_small_calibration(censored):
    """The next restore falls into its interval in 95 %; the large table is docs/calibration_restore_size.md."""
    rng = np.random.default_rng(11)
    runs, n = 1_500, 12
    x = rng.uniform(0, 1, (runs, n))
    y = 0.8 * x + 0.4 * rng.standard_normal((runs, n))
    limit = np.log(rng.exponential(6.0, (runs, n))) if censored else np.full((runs, n), np.inf)
    rows = restored(20 + x.ravel(), np.minimum(y, limit).ravel(), censored=(y > limit).ravel(),
                    group=np.repeat(np.arange(runs), n))  # fmt: skip
    found = predict_restore(fit_restore_size(rows, groups=runs), np.full(runs, np.exp(21.2)))
    new = np.exp(0.8 * 1.2 + 0.4 * rng.standard_normal(runs))
    given_ = found["median_hours"].notna()
    held = (found["prediction_low"] <= new) & (new <= found["prediction_high"])
    assert given_.mean() > 0.9
    assert 0.93 < held[given_].mean() < 0.97
