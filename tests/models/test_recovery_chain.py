"""The recovery chain: closed forms, published formulas, and limits that a single step has exactly."""

import numpy as np
import pytest
from scipy import stats

from continuity_analysis.models import recovery_chain
from continuity_analysis.models.recovery_chain import Chains, estimate_chains, estimate_critical_steps
from continuity_analysis.models.step_draws import (
    AS_SEEN,
    OPTIMISTIC,
    PESSIMISTIC,
    StepEvidence,
    draw_steps,
)
from continuity_analysis.models.step_network import done_at, network, on_longest_path


def evidence(*steps, censored=()):
    """Back hours of each step's recoveries; `censored` are pairs of step and place."""
    step = np.repeat(np.arange(len(steps)), [len(s) for s in steps])
    back = np.concatenate([np.asarray(s, dtype=float) for s in steps]) if steps else np.zeros(0)
    marks = np.zeros(len(back), dtype=bool)
    first = np.cumsum([0, *(len(s) for s in steps)])
    marks[[first[s] + k for s, k in censored]] = True
    return StepEvidence(step, np.zeros(len(back)), back, marks, len(steps))


def chains(edges, *steps, censored=(), before=(0.0,) * 2000, whole=None):
    """Services with these steps; one more for the time until work begins, by default none, as well known as can be."""
    seen = evidence(*steps, before, censored=censored)
    n = len(steps)
    known = np.ones(n + 1, dtype=bool) if whole is None else np.array([*whole, True])
    return Chains(network(n, edges), seen, np.full(n, n), known)


def estimated(of, within=np.nan, seed=0):
    limits = np.full(len(of.clock), within)
    return estimate_chains(of, within_hours=limits, rng=np.random.default_rng(seed))


def test_two_in_series_by_hand():
    """1 or 3 h, then 10 or 20 h: 11, 13, 21 or 23 h alike likely."""
    found = estimated(chains([(1, 0)], [1, 3], [10, 20]), within=13).iloc[1]
    assert found["median_hours"] in (13, 21)
    assert found["p90_hours"] == 23
    assert found["chance"] == pytest.approx(0.5, abs=4 * found["chance_error"])
    assert found["chance_error"] == pytest.approx(np.sqrt(0.25 / 20_000), rel=0.01)
    assert (found["n_steps"], found["n_unknown"], found["never"]) == (2, 0, 0)


def test_two_in_parallel_by_hand():
    """The later of 1 or 3 h and of 2 or 4 h, then 1 h: 3 h in one case of four, 4 h in one, 5 h in two."""
    of = chains([(2, 0), (2, 1)], [1, 3], [2, 4], [1])
    found = estimated(of, within=4).iloc[2]
    assert found["chance"] == pytest.approx(0.5, abs=4 * found["chance_error"])
    steps = estimate_critical_steps(of, rng=np.random.default_rng(1)).query("service == 2").set_index("step")
    assert steps.loc[0, "criticality"] == pytest.approx(0.25, abs=0.015)  # 3 against 2
    assert steps.loc[1, "criticality"] == pytest.approx(0.75, abs=0.015)
    assert steps.loc[[2, 3], "criticality"].tolist() == [1, 1]


def test_the_time_until_work_begins_comes_once():
    found = estimated(chains([(1, 0)], [1], [2], before=[5] * 2000)).iloc[1]
    assert found["median_hours"] == 8


def test_greatest_of_exponentials_has_mean_of_the_harmonic_sum():
    """E max of k exponentials of mean 1 is 1 + 1/2 + … + 1/k (Rényi 1953)."""
    rng = np.random.default_rng(7)
    k, n = 4, 200_000
    back = np.concatenate([rng.exponential(size=(k, n)), np.zeros((1, n))])
    of = network(k + 1, [(k, i) for i in range(k)])
    done = done_at(of, 0 * back, back)[k]
    assert done.mean() == pytest.approx(sum(1 / i for i in range(1, k + 1)), abs=5 * done.std() / np.sqrt(n))
    share = on_longest_path(of, done_at(of, 0 * back, back), 0 * back)[k, :k]
    assert share == pytest.approx(np.full(k, 1 / k), abs=0.006)


def test_two_normal_paths_as_clark_has_them():
    """Clark (1961), The greatest of a finite set of random variables, Operations Research 9, equations 2 and 4.

    The mean of the later of two independent normal paths, as in PERT, and the chance that the first is the later one,
    its criticality index. PERT, which looks only at the path of the larger mean, would say 10 and 1.
    """
    rng = np.random.default_rng(8)
    mean, deviation, n = (10.0, 9.0), (2.0, 3.0), 400_000
    back = np.stack([rng.normal(m, d, n) for m, d in zip(mean, deviation, strict=True)] + [np.zeros(n)])
    of = network(3, [(2, 0), (2, 1)])
    done = done_at(of, 0 * back, back)
    a = np.hypot(*deviation)
    alpha = (mean[0] - mean[1]) / a
    expected = mean[0] * stats.norm.cdf(alpha) + mean[1] * stats.norm.cdf(-alpha) + a * stats.norm.pdf(alpha)
    second = (mean[0] ** 2 + deviation[0] ** 2) * stats.norm.cdf(alpha)
    second += (mean[1] ** 2 + deviation[1] ** 2) * stats.norm.cdf(-alpha) + sum(mean) * a * stats.norm.pdf(alpha)
    assert done[2].mean() == pytest.approx(expected, abs=0.015)
    assert done[2].var() == pytest.approx(second - expected**2, rel=0.01)
    assert on_longest_path(of, done, 0 * back)[2, 0] == pytest.approx(stats.norm.cdf(alpha), abs=0.003)


def test_a_step_seen_to_fail_may_never_come_back():
    found = estimated(chains([(1, 0)], [1, 1, np.inf], [1, 1, 1, np.inf]), within=100).iloc[1]
    assert found["never"] == pytest.approx(1 - 2 / 3 * 3 / 4, abs=0.015)
    assert found["chance"] == pytest.approx(0.5, abs=0.015)
    assert np.isnan(found["p90_hours"])


def test_called_off_ones_are_as_long_as_those_that_took_longer():
    """1, 2 (called off), 3, 4 h: Kaplan-Meier has 1/4 at 1 h, 3/8 at 3 h and 3/8 at 4 h."""
    data, back = draw_steps(evidence([1, 2, 3, 4], censored=[(0, 1)]), law=AS_SEEN, weightings=1, draws=40_000,
                            rng=np.random.default_rng(2))  # fmt: skip
    values, counts = np.unique(data + back, return_counts=True)
    assert values.tolist() == [1, 3, 4]
    assert counts / 40_000 == pytest.approx([0.25, 0.375, 0.375], abs=0.01)


def test_what_outlasts_all_that_ended_is_not_known_to_end():
    seen = evidence([1, 2, 3], censored=[(0, 2)])
    draw = {law: draw_steps(seen, law=law, weightings=50, draws=200, rng=np.random.default_rng(3))[1]
            for law in (AS_SEEN, OPTIMISTIC, PESSIMISTIC)}  # fmt: skip
    assert np.isinf(draw[AS_SEEN]).mean() == pytest.approx(1 / 3, abs=0.03)
    assert np.isfinite(draw[OPTIMISTIC]).all()
    assert set(np.unique(draw[OPTIMISTIC])) == {0, 1, 2, 3}
    assert np.isinf(draw[PESSIMISTIC]).mean() == pytest.approx(1 / 2, abs=0.06)


@pytest.mark.parametrize(("met", "n"), [(5, 5), (8, 10), (18, 20)])
def test_one_step_has_the_limits_of_clopper_and_pearson(met, n):
    """18 of 20: 0.683 to 0.988 (R binom); the published limits within the error of 400 draws of the weights."""
    found = estimated(chains([], [1.0] * met + [9.0] * (n - met)), within=2).iloc[0]
    low, high = stats.beta(met, n - met + 1).ppf(0.025), stats.beta(met + 1, max(n - met, 1e-12)).ppf(0.975)
    assert found["low"] == pytest.approx(low, abs=0.05)
    assert found["high"] == pytest.approx(min(high, 1), abs=0.03)
    assert found["chance"] == pytest.approx(met / n, abs=0.01)


def test_one_step_has_the_limits_of_order_statistics():
    """Median of 10: the 2nd and 9th (97.85 %), so that weights reach to one of those; of 5: no upper limit."""
    found = estimated(chains([], np.arange(1.0, 11))).iloc[0]
    assert found["median_low"] in (2, 3)
    assert found["median_high"] in (8, 9)
    five = estimated(chains([], np.arange(1.0, 6))).iloc[0]
    assert np.isnan(five["median_high"])
    assert np.isnan(estimated(chains([], np.arange(1.0, 21))).iloc[0]["p90_high"])


def test_unknown_steps_leave_only_bounds():
    of = chains([(1, 0), (2, 1)], [1, 2], [], [3, 4])
    found = estimated(of, within=10)
    assert found["n_unknown"].tolist() == [0, 1, 1]
    assert found["low"].isna().tolist() == [False, True, True]
    assert found.loc[2, ["median_high", "p90_high"]].isna().all()
    steps = estimate_critical_steps(of, rng=np.random.default_rng(1)).query("service == 2").set_index("step")
    assert np.isnan(steps.loc[1, "criticality"])
    partly = estimated(chains([], [1, 2], whole=[False]), within=10)
    assert partly["n_unknown"].tolist() == [1]
    none = chains([], [1], before=())
    assert estimated(none)["n_unknown"].tolist() == [1]


def test_halving_gains_what_it_should():
    """5 h against 3 h in parallel, then 1 h: halving the 5 h step makes the 3 h one the longest."""
    of = chains([(2, 0), (2, 1)], [5], [3], [1], before=[2] * 2000)
    steps = estimate_critical_steps(of, rng=np.random.default_rng(1)).query("service == 2").set_index("step")
    assert steps["median_gain"].to_dict() == {3: 1, 0: 2, 1: 0, 2: 0.5}
    assert steps["start_median"].to_dict() == {3: 0, 0: 2, 1: 2, 2: 7}
    assert steps["end_median"].to_dict() == {3: 2, 0: 7, 1: 5, 2: 8}


def test_the_interval_of_a_chain_holds(monkeypatch):
    """Two steps in series, 8 drills each, lognormal: the limits of the chance within 4 h hold it in at least 95 %."""
    monkeypatch.setattr(recovery_chain, "WEIGHTINGS", 100)
    monkeypatch.setattr(recovery_chain, "DRAWS_EACH", 60)
    rng = np.random.default_rng(12)
    truth = (np.exp(0.5 * rng.standard_normal((2, 400_000)))).sum(axis=0)
    chance = (truth <= 3.0).mean()
    runs = 50
    drills = np.exp(0.5 * rng.standard_normal((runs, 2, 8)))
    held = []
    for pair in drills:
        found = estimated(chains([(1, 0)], *pair), within=3.0).iloc[1]
        held.append(found["low"] <= chance <= found["high"])
    assert np.mean(held) > 0.93


def test_nothing_at_all():
    empty = Chains(network(0, []), evidence([]), np.zeros(0, dtype=int), np.ones(1, dtype=bool))
    assert estimated(empty).empty
    assert estimate_critical_steps(empty, rng=np.random.default_rng(0)).empty


def test_the_same_seed_gives_the_same():
    of = chains([(1, 0)], [1, 2, 3], [4, 5, 6])
    assert estimated(of, within=6).equals(estimated(of, within=6))
