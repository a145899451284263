import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles, restricted_mean, share_ended

QUICK = settings(max_examples=60, deadline=None, derandomize=True)

# KNOWN_ANSWERS 1.11: acute myelogenous leukaemia, R survival::aml, transcripts of survfit; in weeks; + is censored
MAINTAINED = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+"
NONMAINTAINED = "5 5 8 8 12 16+ 23 27 30 33 43 45"
# 1.12: Boston University, survival analysis module bs704, log-log limits by Mathematica as scipy's tests quote them
BU = "24+ 3 11+ 19+ 24+ 13+ 14 2+ 18+ 17+ 24+ 21+ 12+ 1 10+ 23 6+ 5 9+ 17"
# 1.13: R survfit with conf.type "log-log", conf.int 0.90, as scipy's tests quote it
EIGHTEEN = "3 5 8 10+ 5 5+ 8 12 15+ 14+ 2 11 10+ 9+ 12 5 8 11"


def read(text):
    words = text.split()
    return np.array([float(w.rstrip("+")) for w in words]), np.array([not w.endswith("+") for w in words])


def curve(*texts, confidence=0.95):
    parts = [read(t) for t in texts]
    group = np.repeat(np.arange(len(parts)), [len(h) for h, _ in parts])
    return kaplan_meier(*(np.concatenate(x) for x in zip(*parts, strict=True)), group=group, confidence=confidence)


def rows_at(curves, group, times):
    rows = np.flatnonzero(curves.group == group)
    return rows[np.isin(curves.hours[rows], times)]


def test_by_hand():
    c = curve("1 2+ 2 3 5+")
    assert c.hours.tolist() == [1, 2, 3, 5]
    assert c.at_risk.tolist() == [5, 4, 2, 1]
    assert c.events.tolist() == [1, 1, 1, 0]
    np.testing.assert_allclose(c.survival, [0.8, 0.6, 0.3, 0.3])
    assert (c.n.tolist(), c.n_events.tolist()) == ([5], [3])
    assert quantiles(c, 0.5)["estimate"].tolist() == [3]
    assert restricted_mean(c)["mean"].tolist() == pytest.approx([1 + 0.8 + 0.6 + 2 * 0.3])


def test_known_answer_1_11():
    c = curve(MAINTAINED, NONMAINTAINED)
    first = rows_at(c, 0, [9, 13, 18, 23, 31, 34, 48])
    np.testing.assert_allclose(c.survival[first], [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184], atol=5e-4)
    error = c.survival * np.sqrt(c.spread)
    np.testing.assert_allclose(error[first], [0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535], atol=5e-5)
    second = rows_at(c, 1, [5, 8, 12, 23, 27, 30, 33, 43, 45])
    known = [0.8333, 0.6667, 0.5833, 0.4861, 0.3889, 0.2917, 0.1944, 0.0972, 0]
    np.testing.assert_allclose(c.survival[second], known, atol=5e-5)
    known = [0.1076, 0.1361, 0.1423, 0.1481, 0.1470, 0.1387, 0.1219, 0.0919]
    np.testing.assert_allclose(error[second][:-1], known, atol=5e-5)
    assert quantiles(c, 0.5)["estimate"].tolist() == [31, 23]


def test_known_answer_1_11_restricted_means():
    found = restricted_mean(curve(MAINTAINED, NONMAINTAINED), np.array([161.0, 161.0]))
    np.testing.assert_allclose(found["mean"], [52.645, 22.708], atol=5e-4)
    np.testing.assert_allclose(found["se"], [19.829, 4.181], atol=5e-4)


def test_known_answer_1_12():
    c = curve(BU)
    rows = rows_at(c, 0, [1, 3, 5, 14, 17, 23])
    np.testing.assert_allclose(c.survival[rows], [0.95, 0.897, 0.844, 0.76, 0.676, 0.507], atol=1e-3)
    half = 1.959964 * c.survival[rows] * np.sqrt(c.spread[rows])
    np.testing.assert_allclose(half, [0.096, 0.135, 0.162, 0.214, 0.246, 0.341], atol=1e-3)
    ends = rows_at(c, 0, [1, 5, 23])
    np.testing.assert_allclose(c.low[ends], [0.694743, 0.591142, 0.160489], atol=1e-6)
    np.testing.assert_allclose(c.high[ends], [0.992802, 0.947073, 0.776724], atol=1e-6)


def test_known_answer_1_13():
    c = curve(EIGHTEEN, confidence=0.9)
    np.testing.assert_allclose(c.low[[0, 1, 2, 3]], [0.743667, 0.685823, 0.505968, 0.329131], atol=1e-6)
    np.testing.assert_allclose(c.low[-1], 0.044995, atol=1e-6)
    np.testing.assert_allclose(c.high[[0, -1]], [0.989029, 0.388762], atol=1e-6)


def test_all_censored_says_nothing():
    c = curve("3+ 5+ 9+")
    assert (c.survival == 1).all()
    assert quantiles(c, 0.5).isna().all(axis=None)
    assert restricted_mean(c)["mean"].tolist() == [9]
    assert share_ended(c, 9.0)["estimate"].tolist() == [0]
    assert share_ended(c, 9.1)["estimate"].isna().all()


def test_the_middle_of_a_level_stretch_is_the_median():
    c = curve("1 2 4 8", "1 2 4+ 8+", "1 1 1 7", "3 3 3 3")
    assert quantiles(c, 0.5)["estimate"].tolist() == [3, 2, 1, 3]


@pytest.mark.parametrize(("n", "reached"), [(35, False), (36, True)])
def test_p90_has_an_upper_limit_from_36_on(n, reached):
    found = quantiles(kaplan_meier(np.arange(1.0, n + 1), np.ones(n)), 0.9)
    assert found["high"].notna().tolist() == [reached]


@pytest.mark.parametrize(("n", "reached"), [(5, False), (6, True)])
def test_a_median_has_limits_from_six_on(n, reached):
    found = quantiles(kaplan_meier(np.arange(1.0, n + 1), np.ones(n)), 0.5)
    assert found[["low", "high"]].notna().all(axis=None) == reached
    assert found["estimate"].notna().all()


def test_share_ended_by_none_and_by_all_keeps_its_doubt():
    c = curve(*["1 2 3 4 5 6 7 8 9 10"] * 3)
    found = share_ended(c, np.array([0.5, 10.0, 4.0]))
    np.testing.assert_allclose(found["estimate"], [0, 1, 0.4])
    exact = 1 - 0.025 ** (1 / 10)  # Clopper-Pearson for 0 of 10
    np.testing.assert_allclose(found[["low", "high"]].iloc[:2], [[0, exact], [1 - exact, 1]])
    assert found.loc[2, "low"] < 0.4 < found.loc[2, "high"]


def test_share_ended_is_not_known_beyond_what_was_observed():
    c = curve("1 2 5+", "1 2 5")
    assert share_ended(c, np.array([6.0, 6.0]))["estimate"].fillna(-1).tolist() == [-1, 1]
    assert share_ended(c, np.array([np.nan, 5.0]))["estimate"].fillna(-1).tolist() == [-1, 1]


def test_groups_without_observations_have_no_rows():
    c = kaplan_meier([2.0], [True], group=[1], groups=3)
    assert quantiles(c, 0.5)["estimate"].fillna(-1).tolist() == [-1, 2, -1]
    assert restricted_mean(c)["mean"].fillna(-1).tolist() == [-1, 2, -1]
    assert len(kaplan_meier([], [], groups=2).hours) == 0


@pytest.mark.parametrize("hours", [[-1.0, 2.0], [np.nan, 2.0]])
def test_negative_or_missing_durations_are_refused(hours):
    with pytest.raises(ValueError, match="known and not negative"):
        kaplan_meier(hours, [True, True])


def test_late_entrants_are_at_risk_only_once_seen():
    # of those seen from the start 1 of 2 ends at 1 h; at 3 h one of the two that had entered by then, then the other
    c = kaplan_meier([1.0, 3.0, 4.0], [True, True, True], entry=[0.0, 0.0, 2.0])
    assert c.at_risk.tolist() == [2, 2, 1]
    np.testing.assert_allclose(c.survival, [1 / 2, 1 / 4, 0])
    assert c.from_start.tolist() == [2]


def test_a_curve_is_not_known_once_none_was_watched():
    c = kaplan_meier([1.0, 2.0, 5.0, 6.0, 4.0], [1, 1, 1, 0, 1], group=[0, 0, 0, 0, 1], entry=[0, 0, 3.0, 3.0, 1.0])
    assert np.isnan(c.survival).tolist() == [False, True, True, True, True]
    assert quantiles(c, 0.5)["estimate"].tolist()[:1] == [1.0]
    assert quantiles(c, 0.75)["estimate"].isna().all()
    assert share_ended(c, np.array([5.0, 4.0])).isna().all(axis=None)
    assert restricted_mean(c, np.array([5.0, 4.0]))[["mean", "low"]].isna().all(axis=None)


def test_a_duration_over_before_it_was_seen_is_refused():
    with pytest.raises(ValueError, match="under observation"):
        kaplan_meier([1.0, 2.0], [True, True], entry=[0.0, 2.0])


def test_the_interval_of_a_restricted_mean_by_hand():
    # 4 of 5 end at 1, 2, 3, 4 h, one lasts; up to 4 h the area is 1 + .8 + .6 + .4
    found = restricted_mean(curve("1 2 3 4 9"), np.array([4.0])).iloc[0]
    assert found["mean"] == pytest.approx(2.8)
    # nothing is censored, so the variance is that of min(T, 4 h) over n
    assert found["se"] == pytest.approx(np.sqrt(np.var([1, 2, 3, 4, 4]) / 5))
    odds, step = 0.3 / 0.7, 1.959964 * found["se"] / (4 * 0.7 * 0.3)
    assert found["low"] == pytest.approx(4 / (1 + odds * np.exp(step)), rel=1e-6)
    assert found["high"] == pytest.approx(4 / (1 + odds * np.exp(-step)), rel=1e-6)


def test_a_group_without_a_restricted_mean_leaves_the_others_theirs():
    c = curve("1 2 3 4 9", "1 2+", "1 2 3 4 9")
    found = restricted_mean(c, np.full(3, 4.0))
    assert found.isna().any(axis=1).tolist() == [False, True, False]
    assert found.loc[0].tolist() == pytest.approx(found.loc[2].tolist())


def test_a_restricted_mean_has_no_interval_where_none_lasts_beyond_its_horizon():
    c = curve("1 2 3 4 5 6", "1 2 9 9 9 9")
    found = restricted_mean(c, np.array([6.0, 5.0]))
    assert found["mean"].tolist() == pytest.approx([3.5, (1 + 2 + 4 * 5) / 6])
    assert found["low"].isna().tolist() == [True, True]  # none beyond 6 h; only two ended within 5 h
    assert restricted_mean(c)["low"].notna().tolist() == [True, True]


# --- twins -----------------------------------------------------------------------------------------------------------

SAMPLE = st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 2)), min_size=1, max_size=25)


@QUICK
@given(st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.integers(0, 1), st.integers(0, 4)), max_size=25))
def test_curves_with_late_entrants_equal_their_slow_twin(rows):
    rows = [(t, e, g, entry if entry < t else 0) for t, e, g, entry in rows]
    t, e, g, entry = np.array(rows).reshape(-1, 4).T
    found = kaplan_meier(t, e == 1, group=g, groups=2, entry=entry)
    for group in range(2):
        mine, survival = [r for r in rows if r[2] == group], 1.0
        known = any(entry == 0 for *_, entry in mine)
        for row in np.flatnonzero(found.group == group):
            now = found.hours[row]
            at_risk = sum(1 for u, _, _, entry in mine if entry < now <= u)
            ends = sum(1 for u, ended, *_ in mine if u == now and ended)
            leaves, later = sum(1 for u, *_ in mine if u == now), any(u > now for u, *_ in mine)
            emptied = at_risk == leaves and later
            known &= not (emptied and ends == at_risk)
            survival *= 1 - ends / at_risk
            assert found.at_risk[row] == at_risk
            assert found.survival[row] == pytest.approx(survival if known else np.nan, abs=1e-12, nan_ok=True)
            known &= not emptied


def twin(rows, group):
    """Survival of one group, time by time, as the textbook has it."""
    mine = [(t, e) for t, e, g in rows if g == group]
    survival, curve = 1.0, {}
    for t in sorted({t for t, _ in mine}):
        at_risk = sum(1 for u, _ in mine if u >= t)
        survival *= 1 - sum(1 for u, e in mine if u == t and e) / at_risk
        curve[t] = survival
    return curve


def level(curve, t):
    return next((s for u, s in reversed(curve.items()) if u <= t), 1.0)


@QUICK
@given(SAMPLE)
def test_curves_equal_their_slow_twin(rows):
    t, e, g = (np.array(x) for x in zip(*rows, strict=True))
    found = kaplan_meier(t, e, group=g, groups=3)
    shares, means = share_ended(found, 4.0), restricted_mean(found)
    for group in range(3):
        slow = twin(rows, group)
        mine = found.group == group
        assert found.hours[mine].tolist() == list(slow)
        np.testing.assert_allclose(found.survival[mine], list(slow.values()), atol=1e-12)
        if slow and (max(slow) >= 4 or slow[max(slow)] == 0):
            assert shares.loc[group, "estimate"] == pytest.approx(1 - level(slow, 4), abs=1e-12)
        if slow:
            area = sum(level(slow, x) for x in range(max(slow)))  # steps lie on whole hours
            assert means.loc[group, "mean"] == pytest.approx(area)


@QUICK
@given(SAMPLE, st.sampled_from([0.25, 0.5, 0.9]))
def test_quantiles_equal_their_slow_twin(rows, share):
    t, e, g = (np.array(x) for x in zip(*rows, strict=True))
    found = quantiles(kaplan_meier(t, e, group=g, groups=3), share)["estimate"]
    for group in range(3):
        slow = twin(rows, group)
        reached = [u for u, s in slow.items() if s <= 1 - share + 1e-9]
        below = [u for u, s in slow.items() if s < 1 - share - 1e-9]
        if not reached:
            assert np.isnan(found[group])
        else:
            assert found[group] == (reached[0] + below[0]) / 2 if below else found[group] == reached[0]


def test_equals_scipy_on_random_censored_data():
    rng = np.random.default_rng(7)
    for n in (40, 200):
        t, ended = rng.exponential(5, n).round(1), rng.random(n) < 0.7
        t[:2], ended[:2] = (t.max() + 1, 0.0), (False, True)  # so that the band is defined from the start to the end
        peer = stats.ecdf(stats.CensoredData.right_censored(t, ~ended)).sf
        band = peer.confidence_interval(method="log-log")
        c = kaplan_meier(t, ended)
        np.testing.assert_allclose(c.survival, peer.evaluate(c.hours), atol=1e-9)
        np.testing.assert_allclose(c.low, band.low.evaluate(c.hours), atol=1e-9)
        np.testing.assert_allclose(c.high, band.high.evaluate(c.hours), atol=1e-9)


@pytest.mark.parametrize("censoring", [0.0, 0.3])
def test_the_interval_of_the_median_holds_the_truth(censoring):
    rng = np.random.default_rng(20260701)
    sets, n = 500, 30
    t = rng.lognormal(0, 1.2, (sets, n))
    last_seen = rng.exponential(1 / 0.38, (sets, n)) if censoring else np.full((sets, n), np.inf)
    ended = t <= last_seen
    assert 1 - ended.mean() == pytest.approx(censoring, abs=0.1)
    group = np.repeat(np.arange(sets), n)
    found = quantiles(kaplan_meier(np.minimum(t, last_seen).ravel(), ended.ravel(), group=group), 0.5)
    holds = (found["low"].fillna(0) <= 1) & (found["high"].fillna(np.inf) >= 1)
    assert 0.93 <= holds.mean() <= 0.975


def test_what_the_curve_does_not_reach_may_still_have_a_lower_limit():
    """Ten durations, five of them open after 9 h: P75 is not reached, but lies beyond where the band falls to it."""
    hours = np.array([1, 2, 3, 4, 5, 9, 9, 9, 9, 9.0])
    found = quantiles(kaplan_meier(hours, hours < 9), 0.75).iloc[0]
    assert np.isnan(found["estimate"])
    assert np.isnan(found["high"])
    # after 4 h the band is at 0.6 ** exp(1.96 sqrt(1/6 - 1/10) / -ln 0.6) = 0.2526, after 5 h at 0.184
    assert found["low"] == 5.0
