import numpy as np
import pandas as pd
import pytest
from scipy import stats

from continuity_analysis.models.availability import estimate_availability_interval, estimate_rate
from continuity_analysis.models.failure_rate import estimate_failure_rates, estimate_overdispersed


def failed(*groups, down=1.0):
    """Failures of each group at moments of its up time."""
    rows = [(g, at) for g, moments in enumerate(groups) for at in moments]
    frame = pd.DataFrame(rows, columns=["group", "up_before_hours"]).astype(
        {"group": "int64", "up_before_hours": float}
    )
    return frame.assign(down_hours=down, censored=False)


def measured(n, up):
    return pd.DataFrame({"service": [f"s{i}" for i in range(len(n))], "n": n, "up_hours": np.asarray(up, dtype=float),
                         "known_hours": np.asarray(up, dtype=float) + 10.0})  # fmt: skip


def test_by_hand():
    failures = failed([10, 40], [], down=[2.0, 4.0])
    found = estimate_failure_rates(failures, measured([2, 0], [8760, 8760])).round(6)
    assert found.loc[0, ["mtbf_hours", "failures_per_year", "mean_down_hours", "mtbsi_hours"]].tolist() == [
        4380,
        2,
        3,
        4385,
    ]
    assert found.loc[0, "mtbf_low"] == pytest.approx(8760 / found.loc[0, "rate_high"])
    assert found.loc[0, "mtbsi_low"] == pytest.approx(8770 * 2 / stats.chi2.ppf(0.975, 6), abs=1e-5)
    assert found.loc[1, "rate_high"] == pytest.approx(2.995732)
    assert found.loc[1, "mtbf_low"] == pytest.approx(8760 / 2.995732, abs=0.01)
    assert found.loc[1, ["mtbf_hours", "mtbf_high", "mtbsi_hours", "mtbsi_high", "mean_down_hours"]].isna().all()


def test_an_open_failure_leaves_no_mean_down_time():
    failures = failed([10, 40]).assign(censored=[False, True])
    found = estimate_failure_rates(failures, measured([2], [8760])).iloc[0]
    assert np.isnan(found["mean_down_hours"])
    assert found["n_censored"] == 1


def test_too_few_failures_leave_the_dispersion_null():
    found = estimate_failure_rates(failed(range(19)), measured([19], [100])).iloc[0]
    assert found["n_parts"] == 0
    assert found[["dispersion", "rate_low_overdispersed", "rate_high_overdispersed"]].isna().all()
    assert found["rate_low"] > 0


def test_dispersion_is_variance_over_mean():
    counts = np.array([5, 0, 3, 1, 2, 0, 0, 7, 1, 1])
    at = np.repeat(np.arange(10), counts) * 10 + 1.0
    found = estimate_overdispersed(failed([], at), np.array([0, 20]), up_hours=np.array([50.0, 100.0])).iloc[1]
    assert found["n_parts"] == 10
    assert found["dispersion"] == pytest.approx(counts.var(ddof=1) / counts.mean())
    half = stats.t.ppf(0.975, 9) * np.sqrt(found["dispersion"] / 20)
    assert found["rate_high_overdispersed"] == pytest.approx(20 / 100 * 8760 * np.exp(half))


@pytest.mark.parametrize("size", [1, 4])
def test_calibration_of_the_overdispersed_interval(size):
    """Clusters of `size` failures at once; the exact interval does not know of them."""
    rng = np.random.default_rng(11)
    clusters = rng.poisson(120 / size, 2000)
    group = np.repeat(np.arange(2000), clusters * size)
    at = np.repeat(rng.uniform(0, 1000, clusters.sum()), size)
    n, up = clusters * size, np.full(2000, 1000.0)
    frame = pd.DataFrame({"group": group, "up_before_hours": at})
    wide, exact, truth = estimate_overdispersed(frame, n, up_hours=up), estimate_rate(n, up), 0.12 * 8760
    inside = ((wide["rate_low_overdispersed"] <= truth) & (truth <= wide["rate_high_overdispersed"])).mean()
    narrow = ((exact["rate_low"] <= truth) & (truth <= exact["rate_high"])).mean()
    assert inside >= 0.93
    assert narrow < 0.75 if size > 1 else narrow > 0.94


def test_known_answer_3_1_trivedi_example_10_27():
    # KNOWN_ANSWERS 3.1: amod.ee.duke.edu/statistics.htm
    found = estimate_availability_interval([999, 9990], [1, 10], [1, 10])
    assert found["availability"].tolist() == pytest.approx([0.999, 0.999])
    assert found.loc[0, ["low", "high"]].round(4).tolist() == [0.9624, 1.0]
    assert found.loc[1, ["low", "high"]].round(4).tolist() == [0.9975, 0.9996]


@pytest.mark.parametrize("mean", [0.3, 1, 2.5, 7, 20, 60])
def test_the_exact_poisson_interval_holds_by_enumeration(mean):
    n = np.arange(400)
    found = estimate_rate(n, np.full(400, 8760.0))
    inside = (found["rate_low"] <= mean) & (mean <= found["rate_high"])
    assert stats.poisson.pmf(n, mean)[inside.to_numpy()].sum() >= 0.95
    assert stats.poisson.pmf(n, mean)[(mean <= found["rate_high"]).to_numpy()].sum() >= 0.95


@pytest.mark.parametrize(
    ("availability", "a_year", "a_month", "a_day"),
    [  # KNOWN_ANSWERS 3.3, minutes: SRE book, year of 365 days, month of 30
        (0.9, 36.5 * 1440, 3 * 1440, 144), (0.99, 3.65 * 1440, 432, 14.4), (0.999, 525.6, 43.2, 1.44),
        (0.9995, 262.8, 21.6, 0.72), (0.9999, 52.56, 4.32, 0.144), (0.99999, 5.256, 0.432, 0.0144),
    ],
)  # fmt: skip
def test_known_answer_3_3_budgets(availability, a_year, a_month, a_day):
    """What the verdict takes as the whole period's budget."""
    from continuity_analysis.models.objectives import judge_availability

    for minutes, hours in ((a_year, 8760), (a_month, 720), (a_day, 24)):
        for down, verdict in ((minutes * (1 - 1e-9), "MET"), (minutes * (1 + 1e-6), "BREACHED")):
            row = {"agreed_hours": [hours], "unknown_hours": [0.0], "down_hours": [down / 60], "unplanned_hours": [0.0]}
            assert judge_availability(pd.DataFrame(row), [availability]).loc[0, "verdict"] == verdict


def test_known_answer_3_2_three_outages_of_20_minutes_are_over_the_budget():
    # KNOWN_ANSWERS 3.2, The Calculus of Service Availability: 99.99 % is 53 min a year, five dependencies take 26
    year = 525_600
    assert round(year * (1 - 0.9999)) == 53
    assert round(5 * year * (1 - 0.99999)) == 26
    assert year * (1 - 0.9999) < 3 * 20
