"""Growth of data and when it passes the RTO: by hand, against a slow twin, and how often intervals hold."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from continuity_analysis.models.restore_size import SizeLaws, fit_restore_size
from continuity_analysis.models.size_crossing import (
    ALREADY,
    NO_LIMIT,
    NOT_GROWING,
    NOT_LONGER,
    SHRINKS,
    estimate_crossing,
)
from continuity_analysis.models.size_growth import estimate_growth, project_size


def sizes(log_size, day=None, group=0):
    log_size = np.asarray(log_size, dtype=float)
    return pd.DataFrame(
        {"group": group, "day": np.arange(len(log_size)) if day is None else day, "size_bytes": np.exp(log_size)}
    )


def test_steady_growth_by_hand():
    found = estimate_growth(sizes(20 + 0.01 * np.arange(36)), groups=1).iloc[0]
    assert found["growth"] == pytest.approx(0.01)
    assert found["growth_low"] == pytest.approx(0.01)
    assert (found["n_sizes"], found["history_days"]) == (36, 35)


def test_twelve_sizes_by_hand():
    """One size per mean: steps 0 and 2 in turn over 3 days each; drift 1 / 3 · 12 / 11 ... and its error."""
    steps = np.array([2, 0] * 5 + [2]) * 0.01
    found = estimate_growth(sizes(np.append(20, 20 + np.cumsum(steps)), day=3 * np.arange(12)), groups=1).iloc[0]
    drift = 0.12 / 33
    left = steps - 3 * drift
    wander = 1.5 * 11 / 10 * (left**2).sum() / 33
    assert found["growth"] == pytest.approx(drift)
    assert found["wander"] == pytest.approx(wander)
    assert found["growth_high"] - drift == pytest.approx(stats.t.ppf(0.975, 10) * np.sqrt(wander / 33))


def test_means_of_twelve_stretches_as_a_slow_twin_has_them():
    rng = np.random.default_rng(4)
    day, y = np.sort(rng.uniform(0, 300, 101)), 20 + np.cumsum(0.01 * rng.standard_normal(101))
    blocks = [[i for i in range(101) if i * 12 // 101 == b] for b in range(12)]
    at, means = (np.array([x[b].mean() for b in blocks]) for x in (day, y))
    growth = (means[-1] - means[0]) / (at[-1] - at[0])
    two = pd.concat([sizes(y, day), sizes(y[:30], day[:30], group=1)])
    found = estimate_growth(two, groups=2)
    assert found["growth"].iloc[0] == pytest.approx(growth)
    assert found["growth"].iloc[1] == pytest.approx(
        estimate_growth(sizes(y[:30], day[:30]), groups=1)["growth"].iloc[0]
    )


def test_too_few_or_too_short_says_so():
    rows = [sizes(np.full(11, 20.0)), sizes(np.full(12, 20.0), day=2 * np.arange(12), group=1)]
    found = estimate_growth(pd.concat(rows), groups=3)
    assert found["growth"].isna().all()
    assert found["reason"].tolist() == ["needs at least 12 sizes of backups, had 11",
                                        "needs sizes of at least 28 days, had 22",
                                        "needs at least 12 sizes of backups, had 0"]  # fmt: skip


@pytest.mark.parametrize("persistence", [0.0, 0.9, 1.0])
def test_interval_holds_whether_or_not_sizes_wander(persistence):
    rng = np.random.default_rng(3)
    runs, n = 800, 120
    walk = np.zeros((runs, n))
    for i in range(1, n):
        walk[:, i] = persistence * walk[:, i - 1] + 0.02 * rng.standard_normal(runs)
    y = 20 + walk + 0.002 * np.arange(n)
    found = estimate_growth(sizes(y.ravel(), np.tile(np.arange(n), runs), np.repeat(np.arange(runs), n)), groups=runs)
    assert found["growth_low"].le(0.002).mul(found["growth_high"].ge(0.002)).mean() > 0.93


def test_projection_adds_drift_and_wandering():
    growth = pd.DataFrame({"growth": [0.001], "growth_error": [0.0002], "wander": [4e-6]})
    found = project_size(growth, [1e9], days=[100.0]).iloc[0]
    half = stats.t.ppf(0.975, 10) * np.sqrt(0.0002**2 * 1e4 + 4e-4)
    assert found["size_bytes"] == pytest.approx(1e9 * np.exp(0.1))
    assert np.log(found["high"] / found["size_bytes"]) == pytest.approx(half)


def law(slope=1.0, scale=1e-9, error=1e-9):
    """Median of 1 h at 10⁹ bytes, known almost exactly; sizes restored from half that to twice."""
    return SizeLaws(
        centre=np.array([np.log(1e9)]), coefficients=np.array([[0.0, slope]]), scale=np.array([scale]),
        covariance=np.array([np.eye(2) * error**2]), freedom=np.array([1e6]), smallest=np.array([5e8]),
        largest=np.array([2e9]), n=np.array([10]), n_censored=np.array([0]), reason=np.array([None], dtype=object),
    )  # fmt: skip


def grown(growth=0.001, error=1e-9, wander=0.0, days=2000.0):
    low, high = growth - 2 * error, growth + 2 * error
    none = pd.Series([None], dtype="str")
    known = {"growth": growth, "growth_low": low, "growth_high": high, "growth_error": error, "wander": wander}
    return pd.DataFrame(known | {"history_days": days, "reason": none})


def crossing(laws, growth, *, size=1e9, within=2.0, seed=0):
    rng = np.random.default_rng(seed)
    return estimate_crossing(laws, growth, size_bytes=[size], within_hours=[within], rng=rng).iloc[0]


def test_the_date_by_hand():
    """Proportional, growing by 0.1 % a day: from 1 h to 2 h takes ln 2 / 0.001 = 693 days, at 2 · 10⁹ bytes."""
    found = crossing(law(), grown())
    assert found["limit_bytes"] == pytest.approx(2e9)
    assert found[["median_days", "median_low", "median_high"]].tolist() == pytest.approx([693.147] * 3, rel=1e-3)
    assert pd.isna(found["reason"])
    half = crossing(law(slope=0.5), grown(), within=1.5)
    assert half["median_days"] == pytest.approx(2 * np.log(1.5) / 0.001, rel=1e-6)


def test_p90_passes_earlier():
    found = crossing(law(scale=0.2), grown())
    assert found["p90_days"] == pytest.approx((np.log(2) - 1.2815516 * 0.2) / 0.001, rel=1e-6)


def test_wandering_makes_the_range_that_of_the_inverse_gaussian():
    wander = 1e-4
    found = crossing(law(), grown(wander=wander, days=1e5), within=1.5)
    room = np.log(1.5)
    mean, shape = room / 0.001, room**2 / wander
    expected = stats.invgauss(mean / shape, scale=shape).ppf([0.025, 0.975])
    assert found["median_low"] == pytest.approx(expected[0], rel=0.05)
    assert crossing(law(), grown(wander=wander, days=1e5), within=1.2)["median_high"] == pytest.approx(
        stats.invgauss(np.log(1.2) / 0.001 / (np.log(1.2) ** 2 / wander), scale=np.log(1.2) ** 2 / wander).ppf(0.975),
        rel=0.1,
    )


@pytest.mark.parametrize(
    ("laws", "growth", "within", "reason"),
    [
        (law(), grown(), np.nan, NO_LIMIT),
        (law(), grown(growth=-0.001), 2.0, SHRINKS),
        (law(), grown(error=0.001), 2.0, NOT_GROWING),
        (law(error=0.6), grown(), 2.0, NOT_LONGER),
        (law(), grown(days=600.0), 2.0, "not within the 600 days that can be foreseen"),
    ],
)
def test_no_date_and_why(laws, growth, within, reason):
    found = crossing(laws, growth, within=within)
    assert found["reason"] == reason
    assert np.isnan(found["median_days"])
    assert np.isnan(found["median_high"])


def test_never_further_than_twice_the_largest_restored():
    found = crossing(law(slope=0.3), grown(days=1e5), within=2.0)
    assert found["horizon_days"] == pytest.approx(np.log(4) / 0.001)
    assert found["reason"] == "not within the 1,386 days that can be foreseen"


def test_what_takes_too_long_today_already_has_day_0_even_if_nothing_grows():
    found = crossing(law(), grown(growth=0.0, error=0.001), within=0.5)
    assert found[["median_days", "median_low", "p90_days"]].tolist() == [0, 0, 0]
    assert found["reason"] == ALREADY


def test_a_group_without_a_law_or_growth_is_null_beside_others():
    laws = fit_restore_size(pd.DataFrame({"group": [0], "size_bytes": 1e9, "hours": 1.0, "censored": False}), groups=1)
    found = crossing(laws, grown())
    assert found["reason"] == "needs at least 5 restores of known size, had 1"
    assert np.isnan(found["limit_bytes"])
    none = grown().assign(growth=np.nan, growth_low=np.nan, growth_high=np.nan, wander=np.nan, reason="too few")
    assert crossing(law(), none)["reason"] == "too few"
