"""Expected exposure: closed forms, a slow twin, the coming period, other schedules, and how often intervals hold."""

import importlib.util
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from continuity_analysis.models import exposure_forecast
from continuity_analysis.models.backup_cycles import DRAWS, law_of_cycles
from continuity_analysis.models.expected_exposure import (
    FEWEST_CYCLES,
    FEWEST_DUE,
    FEWEST_STRINGS,
    estimate_expected_exposure,
    long_run_estimates,
)
from continuity_analysis.models.exposure_forecast import forecast_exposure, hours_over, simulated_law
from continuity_analysis.models.exposure_law import HOUR
from continuity_analysis.models.proportions import clopper_pearson
from continuity_analysis.models.schedule_needed import estimate_schedules
from continuity_analysis.models.simulated_cycles import simulate_cycles
from continuity_analysis.models.simulated_strings import hours_over_of_strings, never_over, only_strings
from continuity_analysis.models.strings_of_misses import chance_of_so_few_strings


def cycles(missed, *, interval=24.0, run=0.0, held=0.0, asset="db", waited=0.0):
    """Complete cycles with so many misses after each, and one under way."""
    n = len(missed)
    missed = np.append(missed, 0)
    interval, run, held = (np.append(np.broadcast_to(x, n), np.atleast_1d(x)[-1]) for x in (interval, run, held))
    lost = missed * interval
    whole = np.append(np.ones(n, dtype=bool), False)
    return pd.DataFrame(
        {
            "asset": asset, "stretch": 0, "run_hours": run, "held_hours": held,
            "interval_hours": np.where(whole, interval, np.nan), "missed": missed,
            "missed_hours": np.where(whole, lost, np.nan), "waited_hours": np.where(whole, interval + lost, waited),
            "complete": whole,
        }
    )  # fmt: skip


def law_of(*args, **how):
    return law_of_cycles(cycles(*args, **how))


def only(law):
    return estimate_expected_exposure(law).iloc[0]


def promised(within_hours, share, groups=1):
    return pd.DataFrame({"within_hours": [float(within_hours)] * groups, "share": [float(share)] * groups})


TENTH = [1 if i % 9 == 4 else 0 for i in range(900)]  # 100 of 1,000 due runs missed, none twice in a row


def test_a_regular_schedule_gives_half_the_interval_and_the_run_time():
    row = only(law_of([0] * 30, interval=6.0, run=0.5))
    assert row["expected_hours"] == 3.5
    assert row["expected_low"] == 3.5
    # 0 of 30 runs missed: the exact upper limit of the chance is 1 - 0.025^(1/30)
    p = 1 - 0.025 ** (1 / 30)
    assert row["expected_high"] == pytest.approx(0.5 + 3 * (1 + p) / (1 - p), rel=2e-3)
    assert row[["n_cycles", "n_due", "n_missed"]].tolist() == [30, 30, 0]


def test_nightly_backups_of_which_one_in_ten_is_missed():
    """Cox (1962): mean E[G²] / 2 E[G]; 14.667 h; over 24 h 10 %, over 48 h 1 % of the time."""
    law = law_of(TENTH)
    assert law.chance_seen()[0, 0] == pytest.approx(0.1)
    assert only(law)["expected_hours"] == pytest.approx(24 * 1.1 / (2 * 0.9))
    assert pytest.approx(14.667, abs=1e-3) == 24 * 1.1 / (2 * 0.9)
    for within, share in ((24, 0.10), (48, 0.01)):
        over = hours_over(law, np.array([0]), hours=5_000.0, within_hours=np.array([float(within)])) / 5_000
        assert over.mean() == pytest.approx(share, abs=0.006)
    assert only(law_of(TENTH, run=2.0))["expected_hours"] == pytest.approx(24 * 1.1 / (2 * 0.9) + 2)


def test_exponential_gaps_lose_their_mean():
    """Exponential gaps of mean 24 h: mean loss 24 h, over 24 h 1/e of the time (Cox 1962)."""
    gaps = 24 * -np.log1p(-(np.arange(4_000) + 0.5) / 4_000)
    law = law_of([0] * 4_000, interval=np.random.default_rng(0).permutation(gaps))
    assert only(law)["expected_hours"] == pytest.approx(24, rel=2e-3)
    over = hours_over(law, np.array([0]), hours=5_000.0, within_hours=np.array([24.0])) / 5_000
    assert over.mean() == pytest.approx(np.exp(-1), abs=0.01)


@given(st.lists(st.tuples(st.integers(6, 30), st.integers(0, 6), st.integers(0, 6)), min_size=FEWEST_DUE, max_size=22))
@settings(derandomize=True, deadline=None, max_examples=30)
def test_the_long_run_is_that_of_any_cycle_followed_by_any_other(rows):
    """Twin: every pair of cycles once; the age between the two moments at which backups become usable."""
    interval, run, held = (np.array(x, dtype=float) for x in zip(*rows, strict=True))
    held = np.minimum(held, run)
    area = length = 0.0
    for i, j in product(range(len(rows)), repeat=2):
        begin, end = run[i] - held[i], interval[i] + run[j] - held[i]
        area, length = area + (end**2 - begin**2) / 2, length + end - begin
    found = only(law_of([0] * len(rows), interval=interval, run=run, held=held))
    assert found["expected_hours"] == pytest.approx(area / length)


@given(
    st.lists(st.tuples(st.integers(2, 30), st.integers(0, 40), st.integers(0, 3)), min_size=FEWEST_CYCLES, max_size=12),
    st.integers(0, DRAWS - 1),
)
@settings(derandomize=True, deadline=None, max_examples=15)
def test_the_simulated_law_is_that_of_its_backups_one_by_one(rows, draw):
    """Twin: the age at every minute's middle, straight from the definition; runs may overtake each other."""
    interval, run, missed = (np.array(x, dtype=float) for x in zip(*rows, strict=True))
    law = law_of(missed.astype(int), interval=interval, run=run, waited=1.0)
    usable, held = (x[0, draw] for x in simulate_cycles(law, 50.0))
    moments = (np.arange(3_000) + 0.5) / 60
    ages = [t - max(d for u, d in zip(usable, held, strict=True) if u <= t) for t in moments]
    exposure = simulated_law(law, np.array([0]), hours=50.0)
    mean = exposure.total(exposure.protected, (exposure.youngest + exposure.oldest) / 2)[draw] / 50 / HOUR**2
    assert mean == pytest.approx(np.mean(ages), abs=0.02)
    over = exposure.over(np.full(DRAWS, 20.0))[draw] / HOUR
    assert over == pytest.approx(np.sum(np.array(ages) > 20) / 60, abs=0.1)


@pytest.mark.parametrize("held", [0, 1])
def test_simulated_periods_have_the_mean_of_the_long_run(held):
    """Also where the data is of the end of each run: then it is half the interval, and var(run) / E[G] more."""
    rng = np.random.default_rng(3)
    missed, run = rng.geometric(0.8, 1_500) - 1, rng.uniform(0, 4.9, 1_500)
    law = law_of(missed, interval=rng.uniform(5, 7, 1_500), run=run, held=held * run)
    assert not law.clustered[0]
    found = forecast_exposure(law, np.array([0]), hours=3_000.0, objectives=promised(np.nan, np.nan)).iloc[0]
    assert found["coming_mean_hours"] == pytest.approx(only(law)["expected_hours"], rel=0.01)
    assert found["coming_mean_low"] < found["coming_mean_hours"] < found["coming_mean_high"]
    assert np.isnan(found["chance"])


def test_limits_are_those_of_the_exact_chance_of_a_miss():
    row = only(law_of(TENTH))
    for limit, p in zip(("expected_low", "expected_high"), clopper_pearson(100, 1_000), strict=True):
        assert row[limit] == pytest.approx(24 * (1 + p) / (2 * (1 - p)), rel=2e-3)


def test_strings_as_long_as_each_other_may_come_from_longer_ones():
    row = only(law_of([4 if i % 40 == 7 else 0 for i in range(400)]))
    assert row["expected_high"] > row["expected_hours"] * 1.3  # resampled strings alone would all be of 4


def test_misses_cluster_where_they_form_fewer_strings_than_chance_would():
    for n, k, c in ((10, 2, 1), (30, 6, 3), (100, 10, 10), (7, 7, 1), (5, 0, 0)):
        want = hypergeom.cdf(c, n, n - k + 1, k) if k else 1.0
        assert chance_of_so_few_strings([n], [k], [c])[0] == pytest.approx(want)
    pairs = sum(1 for i, j in product(range(10), repeat=2) if i + 1 == j)
    assert chance_of_so_few_strings([10], [2], [1])[0] == pytest.approx(pairs / 45)
    strings = [4 if i % 40 == 7 else 0 for i in range(200)]
    assert law_of(strings).clustered[0]
    assert not law_of(TENTH).clustered[0]


def test_clustered_misses_are_resampled_string_by_string():
    strings = [4 if i % 40 == 7 else 0 for i in range(400)]
    row = only(law_of(strings))
    gaps = np.where(np.array(strings) > 0, 120.0, 24.0)
    assert row["expected_hours"] == pytest.approx((gaps**2).sum() / 2 / gaps.sum())
    assert row["clustered"]


def test_null_with_the_reason():
    few = only(law_of([0] * (FEWEST_DUE - 1)))
    assert np.isnan(few["expected_hours"])
    assert few["reason"] == f"{FEWEST_DUE - 1} backup runs were due: at least {FEWEST_DUE} are needed"
    long = only(law_of([3] * (FEWEST_CYCLES - 1)))
    assert long["reason"] == f"{FEWEST_CYCLES - 1} complete backup cycles: at least {FEWEST_CYCLES} are needed"
    stopped = only(law_of([0] * 30, waited=37.0))
    assert "no usable backup was begun for 37 h" in stopped["reason"]
    strings = only(law_of([5] * (FEWEST_STRINGS - 1) + [0] * 60))
    assert f"strings of them seen: {FEWEST_STRINGS - 1}," in strings["reason"]
    assert estimate_expected_exposure(law_of_cycles(cycles([]).iloc[:0])).empty


def test_an_interval_that_most_runs_do_not_keep_to_lets_one_expect_nothing():
    """Daily backups, and a first day of retries every 20 minutes that set the usual interval: 71 of 72 look missed."""
    row = only(law_of([0] * 5 + [71] * 50, interval=1 / 3))
    assert np.isnan(row["expected_hours"])
    assert row["reason"].endswith("gave no backup: no cycle to go by")
    half = only(law_of([1] * 50))
    assert half["expected_hours"] > 0  # half of them, and no more


def test_an_asset_does_not_depend_on_the_others():
    both = pd.concat([cycles(TENTH[:200], run=1.0, asset="a"), cycles([0, 1] * 30, asset="b")])
    alone, together = law_of(TENTH[:200], run=1.0, asset="a"), law_of_cycles(both)
    pd.testing.assert_frame_equal(estimate_expected_exposure(alone), estimate_expected_exposure(together).iloc[:1])
    one = forecast_exposure(alone, np.array([0]), hours=720.0, objectives=promised(30, 0.9))
    both = forecast_exposure(together, np.array([0, 1]), hours=720.0, objectives=promised(30, 0.9, groups=2))
    pd.testing.assert_frame_equal(one, both.iloc[:1])


def test_groups_of_the_same_assets_are_drawn_once_and_each_asked_by_its_own_promise():
    law = law_of_cycles(pd.concat([cycles(TENTH[:200], run=1.0, asset="a"), cycles([0, 1] * 30, asset="b")]))
    limits = pd.DataFrame({"within_hours": [60, 20, 30, 90, np.nan], "share": [1, 0.9, 1, 0.99, np.nan]})
    rows, group = np.array([0, 1, 1, 0, 1, 0, 1]), np.array([0, 0, 1, 2, 3, 3, 4])
    every = forecast_exposure(law.rows(rows), group, hours=720.0, objectives=limits)
    for i in range(5):
        own = rows[group == i]
        alone = forecast_exposure(
            law.rows(own), np.zeros(len(own), dtype=int), hours=720.0, objectives=limits.iloc[[i]]
        )
        pd.testing.assert_frame_equal(every.iloc[[i]].reset_index(drop=True), alone)
    assert every.loc[0, "coming_promised_hours"] == every.loc[0, "coming_worst_hours"]  # promised for all of the time
    few = forecast_exposure(law.rows(rows), group, hours=720.0, objectives=limits, of=("promised",))
    pd.testing.assert_frame_equal(few, every[few.columns])


def test_the_promise_is_likely_where_the_age_kept_to_for_its_share_is():
    law = law_of(TENTH[:200], run=1.0)
    found = forecast_exposure(law, np.array([0]), hours=720.0, objectives=promised(48, 0.97)).iloc[0]
    assert found["coming_promised_low"] < 48 < found["coming_promised_high"]
    assert 0.05 < found["chance"] < 0.95
    assert (found["chance"] > 0.5) == (found["coming_promised_hours"] <= 48)


def test_a_service_has_the_worst_of_its_assets_at_each_moment():
    law = law_of_cycles(pd.concat([cycles([0] * 30, asset="a", waited=6.0), cycles([0] * 30, asset="b", waited=18.0)]))
    found = forecast_exposure(law, np.array([0, 0]), hours=240.0, objectives=promised(24, 1)).iloc[0]
    # two regular schedules half a day apart: the older of both is never younger than 12 h
    assert found["coming_mean_low"] == pytest.approx(18, abs=0.1)
    one = forecast_exposure(law, np.array([0, 1]), hours=240.0, objectives=promised(24, 1, groups=2))
    assert one["coming_mean_low"].to_numpy() == pytest.approx([12, 12], abs=0.1)


def test_a_promise_never_yet_broken_is_not_sure_to_be_kept():
    found = forecast_exposure(law_of([0] * 30), np.array([0]), hours=720.0, objectives=promised(30, 1))
    assert 0.4 < found["chance"].iloc[0] < 0.9  # 30 more runs; by Jeffreys E[(1 - p)^30] is 0.71
    many = forecast_exposure(law_of([0] * 3_000), np.array([0]), hours=720.0, objectives=promised(30, 1))
    assert many["chance"].iloc[0] > 0.99


OBJECTIVE = pd.DataFrame({"within_hours": [24.0], "share": [0.99], "required_chance": [0.9]})


def test_the_age_kept_to_lies_in_its_prediction_interval_as_often_as_that_says():
    """Calibration, small: 50 assets of 100 nightly runs, one in ten missed, then 30 nights more; for 90 % of the time.

    The larger table is in docs/calibration_exposure.md.
    """
    rng = np.random.default_rng(5)
    law = law_of_cycles(pd.concat([cycles(np.diff(np.flatnonzero(np.append(rng.random(100) > 0.1, True))) - 1,
                                          asset=f"a{i:03}") for i in range(50)]))  # fmt: skip
    objectives = pd.DataFrame({"within_hours": 24.0, "share": [0.9] * len(law)})
    found = forecast_exposure(law, np.arange(len(law)), hours=720.0, objectives=objectives, of=("promised",))
    kept = []
    for _ in range(len(law)):
        gaps = 24 * np.diff(np.flatnonzero(np.concatenate([[True], rng.random(29) > 0.1, [True]])))
        ages = np.concatenate([np.arange(gap) + 0.5 for gap in gaps])
        kept.append(np.quantile(ages, 0.9))
    inside = (found["coming_promised_low"] - 1 <= kept) & (kept <= found["coming_promised_high"] + 1)
    assert inside.mean() >= 0.88


def test_another_schedule_halves_the_interval_and_keeps_the_misses():
    law = law_of(TENTH, run=0.5)
    found = estimate_schedules(law, np.array([0]), hours=2_160.0, objectives=OBJECTIVE, every_hours=[24, 6, 0.25])
    assert found["every_hours"].tolist() == [0.25, 6, 24]
    for row in found.iloc[1:].itertuples():
        assert row.expected_hours == pytest.approx(0.5 + row.every_hours * 1.1 / (2 * 0.9))
    assert found["reason"].tolist() == ["more than one run in 20 takes longer", "", ""]
    assert found.loc[0, ["expected_hours", "chance"]].isna().all()
    assert found.loc[1, "chance"] > 0.99
    assert found.loc[2, "chance"] < 0.01
    assert found["longest"].tolist() == [False, True, False]


def test_what_stops_backups_for_a_time_does_not_stop_sooner_where_they_run_more_often():
    law = law_of([4 if i % 40 == 7 else 0 for i in range(400)])
    found = long_run_estimates(law, [1.0])[0, 0, 0]
    a = 10 / 400 / 24  # strings an hour, each of 96 h
    assert found == pytest.approx((1 + 2 * a * 96 + a * 96**2) / 2 / (1 + a * 96), rel=1e-9)


def test_a_stop_takes_as_many_runs_away_as_fall_into_it():
    law = law_of([4 if i % 40 == 7 else 0 for i in range(400)])
    found = forecast_exposure(law.every(36.0), np.array([0]), hours=20_000.0, objectives=promised(np.nan, np.nan)).iloc[
        0
    ]
    assert found["coming_mean_hours"] == pytest.approx(long_run_estimates(law, [36.0])[0, 0, 0], rel=0.02)


def test_strings_alone_give_the_chances_of_the_whole_period():
    for missed in (TENTH, [4 if i % 40 == 7 else 0 for i in range(400)]):
        law = law_of(missed, run=np.random.default_rng(1).uniform(0.5, 2, len(missed))).every(12.0)
        limit = np.array([15.0])
        assert only_strings(law, limit)[0]
        assert not only_strings(law, np.array([13.0]))[0]
        whole = hours_over(law, np.array([0]), hours=2_160.0, within_hours=limit)
        few = hours_over_of_strings(law, np.array([0]), hours=2_160.0, within_hours=limit)
        error = np.sqrt((whole.var() + few.var()) / DRAWS)
        assert few.mean() == pytest.approx(whole.mean(), abs=4 * error)
        for q in (0.1, 0.5, 0.9):
            assert np.quantile(few, q) == pytest.approx(np.quantile(whole, q), rel=0.12, abs=2)


@pytest.mark.parametrize("missed", [TENTH, [4 if i % 40 == 7 else 0 for i in range(400)], [0] * 60])
def test_what_no_string_can_carry_over_the_target_need_not_be_drawn(missed):
    law = law_of(missed, run=np.random.default_rng(1).uniform(0.5, 2, len(missed))).every(6.0)
    limits = np.arange(9.0, 160.0, 3.0)
    never = np.array([never_over(law, np.array([limit]))[0] for limit in limits])
    assert never[-1]
    assert not never[0]
    first = limits[np.argmax(never)]
    few = hours_over_of_strings(law, np.array([0]), hours=8_760.0, within_hours=np.array([first]))
    assert (few == 0).all()


def test_a_large_group_is_drawn_in_pieces_that_give_the_same(monkeypatch):
    law = law_of(TENTH, run=0.5)
    law, group = law.rows(np.zeros(3, dtype=np.int64)), np.array([0, 0, 1])
    asked = promised(26.0, 0.99, groups=2)
    whole = forecast_exposure(law, group, hours=500.0, objectives=asked)
    monkeypatch.setattr(exposure_forecast, "_AT_ONCE", 9_000)
    pd.testing.assert_frame_equal(forecast_exposure(law, group, hours=500.0, objectives=asked), whole)
    limit = np.array([26.0, 26.0])
    assert (hours_over(law, group, hours=500.0, within_hours=limit).mean(axis=1) > 0).all()


def test_calibration_in_small():
    path = Path(__file__).parents[2] / "benchmarks" / "calibration_exposure.py"
    spec = importlib.util.spec_from_file_location("calibration_exposure", path)
    calibration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(calibration)
    calibration.RUNS, calibration.LONG = 200, 200_000
    times = calibration.RUN_TIMES["lognormal, mean 1 h, sigma 0.5"]
    found = calibration.simulated([7], 30, outcomes=calibration.independent(0.1), run_times=times)
    given_share, coverage, *_ = calibration.covered(*found)
    assert float(given_share.split()[0]) > 97
    assert float(coverage.split()[0]) >= 93
