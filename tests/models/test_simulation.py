"""Simulated years: against closed forms, by hand where nothing varies, against a slow twin, and one another."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models.edits import Disaster, no_edits
from continuity_analysis.models.platform import SharedCause
from continuity_analysis.models.redundancy import availability_of_redundant
from continuity_analysis.models.simulated_failures import begun_while_up, draw_failures
from continuity_analysis.models.simulated_losses import age_at
from continuity_analysis.models.simulated_outages import Outages, in_zones
from continuity_analysis.models.simulated_years import monte_carlo_error
from continuity_analysis.models.simulation import simulate
from tests.models.platforms_in_hand import YEAR, platform, points, recoveries, undetected

NONE = no_edits(1)
HOUR_DOWN = 4.0
EVENLY = (np.arange(4000) + 0.5) / 4000


def today(fitted, edits=None, **how):
    return simulate(fitted, {"x": edits or no_edits(len(fitted.services))}, **how)["x"]


def near(values, truth, errors=4.0):
    """The mean of independent years is the truth within so many of its standard errors."""
    return abs(values.mean() - truth) < errors * values.std(ddof=1) / np.sqrt(values.size)


# --- closed forms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needed", "of", "unavailable"),
    [(1, 2, 1 - 0.999901970395), (2, 3, 1 - 0.999707852365), (1, 3, 1 - 0.999999029410), (3, 5, 1 - 0.999990437675)],
)
def test_redundant_zones_with_repair(needed, of, unavailable):
    """KNOWN_ANSWERS 3.4: failures at 1/1000 h, repairs at 1/10 h, each zone by itself."""
    fitted = platform(1 / 1000, np.log(10), 1, family="weibull")  # a Weibull law of shape 1 is exponential
    edits = replace(NONE, zones=np.array([of]), required=np.array([needed]), common_cause=np.zeros(1))
    down = today(fitted, edits, years=60, hours=1e6).down[0] / 1e6
    assert near(down, unavailable)
    exact = availability_of_redundant(needed, of, failure_rate=1 / 1000, repair_rate=1 / 10)
    assert unavailable == pytest.approx(1 - exact, rel=1e-6)


@pytest.mark.parametrize(("needed", "of", "hours"), [(1, 2, 51_500), (2, 3, 17_500), (3, 5, 355_783.33)])
def test_mean_time_until_a_redundant_service_fails(needed, of, hours):
    """KNOWN_ANSWERS 3.4: (3l + m) / 2l^2, (5l + m) / 6l^2, and of 3 of 5; each zone is repaired by itself."""
    years, length = 200, 12.0 * hours
    zones = []
    for zone in range(of):
        failures = draw_failures(np.full((1, years), length / 1000), hours=length, keys=[("zone", zone)])
        down = 10 * failures.variates("down", "standard_exponential")
        up = begun_while_up(failures.row, failures.start, down=down)
        zones.append(Outages(failures.row[up], failures.start[up], down[up]))
    none = Outages(*(np.zeros(0, dtype=t) for t in (np.int64, float, float)))
    deep = in_zones(zones, none, spare=np.full(years, of - needed), failover=np.zeros(years))
    first = deep.start[np.flatnonzero(np.diff(deep.row, prepend=-1))]
    assert len(first) == years
    assert near(first, hours)


@pytest.mark.parametrize(
    ("availability", "hours_a_year"),
    [(0.9, 876), (0.99, 87.6), (0.999, 8.76), (0.9995, 4.38), (0.9999, 52.56 / 60), (0.99999, 5.256 / 60)],
)
def test_alternating_renewal_and_nines(availability, hours_a_year):
    """KNOWN_ANSWERS 3.3, 36.5 d to 5.26 min a year: up A / (1 - A) h in the mean, then down 1 h."""
    up = availability / (1 - availability)
    length = max(YEAR, 100 * (up + 1)) / YEAR  # years simulated as one, so that it fails often enough
    down = today(platform(1 / up, 0.0, 0.0), years=200, hours=length * YEAR).down[0] / length
    assert near(down, hours_a_year)
    assert down.mean() == pytest.approx(hours_a_year, rel=0.03)


def test_five_critical_dependencies_take_26_minutes():
    """KNOWN_ANSWERS 3.2: five dependencies of 99.999 % each."""
    needs = np.array([[0, part] for part in range(1, 6)])
    fitted = platform(1e-5 / (1 - 1e-5), 0.0, 0.0, services=6, needs=needs)
    whole = today(fitted, years=4000, hours=10 * YEAR).whole[0] / 10 * 60
    assert near(whole, 5 * 8760 * 60 * 1e-5)


@pytest.mark.parametrize(
    ("gaps", "mean", "over"),
    [
        (np.full(400, 24.0), 12.0, {24: 0.0}),
        (-24 * np.log(EVENLY), 24.0, {24: np.exp(-1)}),
        (24 * np.ceil(np.log(EVENLY) / np.log(0.1)), 14.667, {24: 0.10, 48: 0.01}),
    ],
)
def test_recovery_points_at_a_random_moment(gaps, mean, over):
    """KNOWN_ANSWERS 4.5: E[G^2] / 2 E[G], and E[(G - x)+] / E[G]."""
    fitted = platform(20 / YEAR, -9.0, 0.0, recoveries=recoveries(-9.0, 0.0, share=1.0),
                      recovery_points=points(gaps))  # fmt: skip
    years = today(fitted, years=2000)
    assert years.lost.sum() / years.recoveries.sum() == pytest.approx(mean, rel=0.03)
    single = today(fitted, replace(NONE, rate=np.array([0.01])), years=20_000)
    lost = single.worst_lost[single.recoveries == 1]
    assert all((lost > hours).mean() == pytest.approx(share, abs=0.025) for hours, share in over.items())


# --- by hand -------------------------------------------------------------------------------------------------------


def test_without_variance_it_is_arithmetic():
    """4 h down, half of it undetected; detected in 5 min and then twice as fast: 5 min and 1 h."""
    fitted = platform(2 / YEAR, np.log(HOUR_DOWN), 0.0, detection=undetected(0.5))
    edits = replace(NONE, detect_at_most=np.array([5 / 60]), restore=np.array([0.5]))
    found = simulate(fitted, {"today": NONE, "then": edits}, years=500, hours=YEAR)
    whole = found["today"].down % HOUR_DOWN < 1e-9  # none was cut at the year's end
    assert whole.mean() > 0.98
    assert found["today"].down[whole] == pytest.approx(found["today"].failures[whole] * HOUR_DOWN)
    same = whole & (found["then"].failures == found["today"].failures)
    assert found["then"].down[same] == pytest.approx(found["then"].failures[same] * (1 + 5 / 60))


def test_a_backup_every_hour_instead_of_six():
    """Without variance: no more than the new time between backups and their run time is lost, half of it on average."""
    fitted = platform(50 / YEAR, -9.0, 0.0, recoveries=recoveries(np.log(2), 0.0, share=1.0),
                      recovery_points=points(np.full(50, 6.0), youngest=0.5, every=6.0))  # fmt: skip
    found = simulate(fitted, {"today": NONE, "hourly": replace(NONE, backup_every=np.ones(1))}, years=500)
    for name, every in (("today", 6.0), ("hourly", 1.0)):
        years = found[name]
        assert years.worst_lost.max() == pytest.approx(every + 0.5, rel=0.01)
        assert years.lost.sum() / years.recoveries.sum() == pytest.approx(every / 2 + 0.5, rel=0.02)
        assert years.worst_recovery.max() == pytest.approx(2.0)
    assert (found["hourly"].down == found["today"].down).all()


def test_what_was_no_backup_for_long_stays_so():
    """Of a gap of 30 h where 6 h is usual, 24 h had no backups; under backups every hour that is 25 h, then 1 h."""
    fitted = points([30.0, 6.0], every=6.0)
    share = np.array([24.9, 25.1, 29.9, 3.0]) / 30
    ages = age_at(fitted, np.zeros(4, dtype=np.int64), share, every=np.full(4, 1.0), usual=np.full(4, 6.0))
    assert ages == pytest.approx([24.9, 0.1, 0.9, 3.0])
    rarer = age_at(fitted, np.ones(1, dtype=np.int64), np.array([0.5]), every=np.full(1, 12.0), usual=np.full(1, 6.0))
    assert rarer == pytest.approx([6.0])
    none = age_at(points([30.0], unprotected=True), np.zeros(1, dtype=np.int64), np.ones(1), every=np.full(1, np.nan),
                  usual=np.full(1, 6.0))  # fmt: skip
    assert np.isinf(none).all()


def test_a_disaster_hits_all_at_once_and_other_zones_make_up_for_it():
    fitted = platform(1e-15, 0.0, 0.0, services=2, recoveries=recoveries(np.log(10), 0.0, share=0.0, services=2),
                      needs=np.array([[0, 0], [0, 1]]))  # fmt: skip
    both = np.ones(2, dtype=bool)
    whole = today(fitted, replace(no_edits(2), disasters=(Disaster("lost", 1 / 50, both),)), years=10_000)
    assert near(whole.failures[0], 1 / 50)
    assert (whole.failures[0] == whole.failures[1]).all()
    assert whole.whole[0] == pytest.approx(whole.down[0])
    edits = replace(no_edits(2), zones=np.array([2, 1]), common_cause=np.zeros(2), failover=np.array([0.25, 0]),
                    disasters=(Disaster("lost", 1 / 50, both, one_zone=True, down_hours=10.0),))  # fmt: skip
    one = today(fitted, edits, years=10_000)
    assert set(np.round(one.down[0] / 0.25, 9)) <= {0.0, 1.0, 2.0}
    assert one.down[1] == pytest.approx(whole.down[1])


def test_what_is_shared_strikes_together_and_leaves_rates_as_they_were():
    law = SharedCause(np.array([4 / YEAR]), np.full((2, 1), 0.5))
    fitted = platform(6 / YEAR, -9.0, 0.0, services=2, shared=law)
    apart = platform(6 / YEAR, -9.0, 0.0, services=2)
    years = today(fitted, years=8000)
    assert near(years.failures[0], 6)
    assert near(years.failures[1], 6)
    # of 4 shared events a year each hits both with chance (3 / 4)^2
    assert np.cov(years.failures)[0, 1] == pytest.approx(4 * 9 / 16, abs=0.35)
    assert np.cov(today(apart, years=8000).failures)[0, 1] == pytest.approx(0, abs=0.3)


def test_a_failed_recovery_is_made_again():
    fitted = platform(10 / YEAR, 0.0, 0.0, recoveries=recoveries(0.0, 0.0, share=1.0, success=0.5))
    years = today(fitted, years=2000)
    assert years.down.sum() / years.failures.sum() == pytest.approx(2.0, rel=0.03)


def test_unknown_stays_unknown():
    fitted = platform(np.array([[1 / YEAR], [np.nan]]), 0.0, 0.0, services=2, needs=np.array([[0, 0], [0, 1]]))
    years = today(fitted, years=100)
    assert np.isnan(years.down[1]).all()
    assert np.isnan(years.whole[0]).all()
    assert np.isnan(years.lost).all()
    assert not np.isnan(years.down[0]).any()


# --- against a slow twin -------------------------------------------------------------------------------------------


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 100), st.floats(0.001, 300)), max_size=40))
def test_failures_while_down_never_happen(rows):
    rows = sorted(rows)
    row, start, down = (np.array([r[i] for r in rows], dtype=t) for i, t in enumerate((np.int64, float, float)))
    slow, up_again = [], {}
    for r, s, d in rows:
        slow.append(s >= up_again.get(r, -1.0) - 1e-9)
        if slow[-1]:
            up_again[r] = s + d
    assert begun_while_up(row, start, down=down).tolist() == slow


# --- common random numbers -----------------------------------------------------------------------------------------


def spread(services=1):
    rng, shape = np.random.default_rng(1), (services, 1000)
    fitted = platform(1, 0, 0, services=services)
    law = replace(fitted.failures, rate=rng.gamma(8.5, 1 / YEAR, shape), mu=rng.normal(0, 0.3, shape),
                  sigma=np.full(shape, 1.0))  # fmt: skip
    return replace(fitted, failures=law)


def test_nothing_changed_is_no_difference_at_all():
    fitted = spread(3)
    found = simulate(fitted, {"today": no_edits(3), "same": replace(no_edits(3), rate=np.ones(3))}, years=2000)
    assert (found["today"].down == found["same"].down).all()
    alone = today(fitted, years=2000)
    assert (alone.down == found["today"].down).all()


def test_a_scenario_does_not_depend_on_the_others_nor_a_service_on_the_others():
    fitted, more = spread(3), replace(no_edits(3), rate=np.array([1.3, 1, 1]))
    most = replace(no_edits(3), rate=np.full(3, 3.7))
    found = simulate(fitted, {"today": no_edits(3), "more": more, "most": most}, years=1000)
    assert (found["more"].down == today(fitted, more, years=1000).down).all()
    assert (found["more"].down[1:] == found["today"].down[1:]).all()
    one = replace(fitted, services=fitted.services[1:2], failures=fitted.failures.rows(np.array([1])))
    assert (today(one, years=1000).down == found["today"].down[1:2]).all()


@pytest.mark.parametrize(("rate", "restore", "times"), [(1, 0.9, 5), (0.9, 1, 3), (1.1, 1, 3)])
def test_common_random_numbers_sharpen_differences(rate, restore, times):
    fitted, edits = spread(), replace(NONE, rate=np.array([rate]), restore=np.array([restore]))
    found = simulate(fitted, {"today": NONE, "then": edits}, years=4000)
    other = simulate(fitted, {"today": NONE}, years=4000, seed=1)["today"].down
    then = found["then"].down
    own, apart = (monte_carlo_error(then - x, fitted.draws)[0] for x in (found["today"].down, other))
    assert apart > times * own


@pytest.mark.parametrize("rate", [0.3, 1.4, 2.6])
def test_rates_are_what_they_are_changed_to(rate):
    fitted = platform(5 / YEAR, -9.0, 0.0)
    assert near(today(fitted, replace(NONE, rate=np.array([rate])), years=4000).failures[0], 5 * rate)


def test_monte_carlo_error_counts_years_of_one_draw_together():
    rng = np.random.default_rng(0)
    level = rng.normal(size=(2000, 50))
    values = np.tile(level, (1, 4))
    assert np.median(monte_carlo_error(values, 50)) == pytest.approx(values.mean(axis=1).std(), rel=0.1)
    assert monte_carlo_error(level, 50) == pytest.approx(level.std(axis=1, ddof=1) / np.sqrt(50))
