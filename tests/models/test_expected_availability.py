"""Expected availability and the forecast: by hand, against a slow twin, and by calibration."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from continuity_analysis.models import generalised
from continuity_analysis.models.expected_availability import anderson_darling, estimate_expected_availability
from continuity_analysis.models.forecast import chance_of_no_failure, forecast_availability, simulate_down_hours
from continuity_analysis.models.generalised import DRAWS, draw_failure_law

TEN = [0.4, 2.1, 0.9, 5.5, 1.3, 0.7, 3.2, 0.25, 1.8, 1.1]


def failed(*groups, censored=()):
    rows = [(g, h) for g, hours in enumerate(groups) for h in hours]
    frame = pd.DataFrame(rows, columns=["group", "down_hours"]).astype({"group": "int64", "down_hours": float})
    frame["censored"] = frame.index.isin(censored)
    return frame.assign(down_at_end=frame["censored"])


def expect(failures, *up):
    return estimate_expected_availability(failures, np.array(up, dtype=float))


def test_twin_draw_by_draw():
    """Krishnamoorthy and Mathew's algorithm as it is written, with its own random numbers."""
    rng, logs, n = np.random.default_rng(3), np.log(TEN), 10
    z, u = rng.standard_normal(400_000), rng.chisquare(n - 1, 400_000)
    s2 = logs.var(ddof=1)
    mean = np.exp(logs.mean() + z / np.sqrt(u / (n - 1)) * np.sqrt(s2 / n) + 0.5 * s2 / (u / (n - 1)))
    rate = rng.gamma(n + 0.5, 1 / 4000, 400_000)
    slow = np.quantile(1 / (1 + rate * mean), [0.5, 0.025, 0.975])
    found = expect(failed(TEN), 4000)[0].iloc[0]
    fast = found[["expected", "expected_low", "expected_high"]].to_numpy(float)
    assert np.log(1 - fast) == pytest.approx(np.log(1 - slow), abs=0.06)
    assert found["mean_down_low"] == pytest.approx(np.quantile(mean, 0.025), rel=0.02)
    assert (found["n"], found["n_known"], found["n_zero"], found["n_censored"]) == (10, 10, 0, 0)
    assert pd.isna(found["reason"])


NONE = {
    "no failure in": ([], 100),
    "failures of known length: 9; at least 10": (TEN[:9], 100),
    "all failures lasted equally long": ([2.0] * 12, 100),
    "not lognormal": ([1.0] * 20 + [1.001] * 20 + [200.0], 100),
    "no up time": (TEN, 0),
}


@pytest.mark.parametrize("reason", NONE)
def test_no_estimate_without_evidence(reason):
    hours, up = NONE[reason]
    found, law, which = expect(failed(hours), up)
    assert found.loc[0, ["expected", "expected_low", "expected_high"]].isna().all()
    assert reason in found.loc[0, "reason"]
    assert len(which) == len(law.rate) == 0


def test_nothing_at_all():
    found, law, _ = expect(failed())
    assert found.empty
    assert forecast_availability(law, []).empty


def test_failures_without_length_count_but_cost_nothing():
    with_zeros = expect(failed([*TEN, 0.0, 0.0]), 4000)[0].iloc[0]
    assert (with_zeros["n"], with_zeros["n_zero"]) == (12, 2)
    assert with_zeros["expected"] == expect(failed(TEN), 4000)[0].loc[0, "expected"]


def test_an_open_failure_lowers_what_is_expected():
    closed, short = (expect(failed(hours), 4000)[0].loc[0, "expected"] for hours in (TEN, [*TEN, 0.2]))
    opened = [expect(failed([*TEN, h], censored=[10]), 4000) for h in (0.2, 50.0)]
    values = [found.loc[0, "expected"] for found, *_ in opened]
    assert values[1] < values[0] < short
    assert values[1] < closed
    assert opened[0][0].loc[0, "n_censored"] == 1
    assert (opened[0][1].left_hours > 0).all()


def test_augmentation_gives_back_what_censoring_took():
    """Of 300 down times those over 4 h are known only to be over it: the law hardly moves."""
    hours = np.exp(np.random.default_rng(1).normal(0, 1.2, 300))
    late = np.flatnonzero(hours > 4)
    whole = draw_failure_law(failed(hours), np.array([1e5]))
    cut = draw_failure_law(failed(np.minimum(hours, 4), censored=late), np.array([1e5]))
    assert len(late) > 15
    for name in ("mu", "sigma"):
        before, after = getattr(whole, name), getattr(cut, name)
        assert after.mean() == pytest.approx(before.mean(), abs=0.1)
        assert after.std() == pytest.approx(before.std(), rel=0.35)


def test_a_group_does_not_depend_on_the_others():
    alone, _, _ = expect(failed(TEN), 4000)
    beside, law, which = expect(failed([], [*TEN, 7.0], TEN), 10, 900, 4000)
    assert beside.loc[2, "expected_low"] == alone.loc[0, "expected_low"]
    both = forecast_availability(law, [500, 500], objective=0.99)
    one = forecast_availability(law.rows(which == 2), [500], objective=0.99)
    assert both.loc[1].tolist() == one.loc[0].tolist()


def test_anderson_darling_is_scipys():
    values = np.random.default_rng(2).gumbel(size=40)
    group = np.repeat([0, 1], [25, 15])
    for g in (0, 1):
        mine, n = values[group == g], (group == g).sum()
        z = np.sort((mine - mine.mean()) / mine.std(ddof=1))
        i = np.arange(1, n + 1)
        slow = -n - np.mean((2 * i - 1) * (stats.norm.logcdf(z) + stats.norm.logsf(z[::-1])))
        assert anderson_darling(group, values, 3)[g] == pytest.approx(slow * (1 + 0.75 / n + 2.25 / n**2))
    assert np.isnan(anderson_darling(group, values, 3)[2])


def test_forecast_of_a_known_law():
    """With rate and down times known, failures are a Poisson count and the chance has a closed form."""
    fixed = generalised.FailureLaw(*(np.full((1, DRAWS), x) for x in (1 / 1000, np.log(2.0), 1e-9, 0.0)))
    found = forecast_availability(fixed, [1000.0], objective=[0.999]).iloc[0]
    assert found["chance"] == pytest.approx(np.exp(-1), abs=4 * found["chance_error"])
    assert found["forecast"] == pytest.approx(1 - 2 / 1002, abs=2e-4)
    assert found["forecast_high"] == 1
    planned = forecast_availability(fixed, [1000.0], planned_hours=[2.0], objective=[0.999]).iloc[0]
    assert planned["chance"] == 0


def test_forecast_bounds_and_unknowns():
    _, law, _ = expect(failed(TEN, [*TEN, 0.3]), 40, 4000)
    found = forecast_availability(law, [200, 0], objective=[np.nan, 0.9])
    assert found.loc[0, ["forecast_low", "forecast", "forecast_high"]].between(0, 1).all()
    assert np.isnan(found.loc[0, "chance"])
    assert found.loc[1].isna().all()
    assert (simulate_down_hours(law, np.array([200.0, 200.0])) <= 200).all()


def test_chance_without_a_failure_so_far():
    found = chance_of_no_failure([0, 0, 3], [1000, 0, 1000], hours=[500, 500, 500])
    assert found[0] == pytest.approx(0.05**0.5)
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(np.exp(-stats.chi2.ppf(0.95, 8) / 2 / 2))


@pytest.mark.parametrize("sigma", [1, 2.5])
@pytest.mark.parametrize("n", [10, 30])
def test_calibration_in_its_family(n, sigma):
    rng = np.random.default_rng([7, n])
    runs, truth = 2000, 1 / (1 + np.exp(sigma**2 / 2) / 500)
    hours = rng.lognormal(0, sigma, (runs, n))
    found = expect(failed(*hours), *rng.exponential(500, (runs, n)).sum(axis=1))[0].dropna(subset="expected")
    assert len(found) > 0.95 * runs
    assert (found["expected_low"].le(truth) & found["expected_high"].ge(truth)).mean() >= 0.93
