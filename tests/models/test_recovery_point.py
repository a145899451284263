"""The law of exposure against renewal theory and a slow twin."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models.exposure_law import exposure_exceedance
from continuity_analysis.models.recovery_point import estimate_recovery_point, exposure_quantile

ORIGIN = pd.Timestamp("2026-01-01", tz="UTC")
QUICK = settings(max_examples=40, deadline=None, derandomize=True)


def at(hours):
    return ORIGIN + pd.TimedeltaIndex(np.round(np.asarray(hours, dtype=float) * 3600e6).astype("timedelta64[us]"))


def pieces(start, end, data, *, state="protected", name="db", **marks):
    """Pieces of one asset, in hours; `data` is the moment held."""
    n = len(start)
    columns = {
        "asset": pd.Series([name] * n, dtype="str"),
        "from_at": at(start),
        "until_at": at(end),
        "data_at": at(data),
    }
    flags = {"proven": True, "point_assumed": False, "direction": "exact", "allowance_hours": 0.0}
    return pd.DataFrame(columns | {"state": state} | flags | marks)


def regular(gaps, run=0.0):
    """Backups that hold their start, begun after each of the gaps [h] and usable `run` hours later."""
    begun = np.concatenate([[0], np.cumsum(gaps)])
    return pieces(begun[:-1] + run, begun[1:] + run, begun[:-1])


def law(frame, limit=24.0):
    return estimate_recovery_point(frame, by="asset", within_hours=pd.Series({"db": limit})).iloc[0]


def longer_than(frame, hours):
    """Share of time with an age above `hours`, from the exact exceedance."""
    curve = exposure_exceedance(frame, by="asset")
    return np.interp(hours, curve["hours"], curve["share_longer"])


def test_constant_gaps():
    """Known answer 4.5: 24 h apart, mean 12 h, never over 24 h (Cox 1962)."""
    found = law(regular([24] * 50))
    assert (found["mean_hours"], found["p50_hours"], found["worst_hours"]) == (12, 12, 24)
    assert found["share_over_objective"] == 0
    assert found["p95_hours"] == pytest.approx(22.8)


@pytest.mark.parametrize("run", [0.5, 3])
def test_constant_gaps_and_run_time(run):
    """Known answer 4.5: mean 12 + D, worst 24 + D when the point is the start of a run of D hours."""
    found = law(regular([24] * 50, run))
    assert found["mean_hours"] == pytest.approx(12 + run, rel=1e-12)
    assert found["worst_hours"] == 24 + run
    assert found["share_over_objective"] == pytest.approx(run / 24)


def test_nightly_with_missed_runs():
    """Known answer 4.5: 10 % missed: mean 14.667 h, over 24 h for .10 of the time, over 48 h for .01."""
    rng = np.random.default_rng(1)
    frame = regular(24.0 * rng.geometric(0.9, 100_000))
    found = law(frame)
    assert found["mean_hours"] == pytest.approx(44 / 3, abs=0.12)
    assert found["share_over_objective"] == pytest.approx(0.10, abs=0.004)
    assert longer_than(frame, 48) == pytest.approx(0.01, abs=0.0015)
    assert found["p99_hours"] == pytest.approx(48, abs=1.2)


def test_exponential_gaps():
    """Known answer 4.5: gaps exponential with mean 24 h: mean loss 24 h, over 24 h for 1/e of the time."""
    rng = np.random.default_rng(2)
    found = law(regular(rng.exponential(24, 100_000)))
    assert found["mean_hours"] == pytest.approx(24, abs=0.5)
    assert found["share_over_objective"] == pytest.approx(np.exp(-1), abs=0.006)


def test_mean_is_what_renewal_theory_says_of_any_gaps():
    gaps = np.array([3, 10, 1, 40, 7, 7, 22.5])
    assert law(regular(gaps))["mean_hours"] == pytest.approx((gaps**2).sum() / 2 / gaps.sum(), rel=1e-12)


def test_unprotected_time_is_infinitely_old_and_beside_the_mean():
    frame = pd.concat([regular([10] * 9), pieces([90], [100], [0], state="unprotected")])
    found = law(frame, limit=5.0)
    assert found["mean_hours"] == 5
    assert found["unprotected_share"] == pytest.approx(0.1)
    assert found["share_over_objective"] == pytest.approx(0.1 + 0.45)
    assert (found["p99_hours"], found["worst_hours"]) == (np.inf, np.inf)
    assert found["p50_hours"] == pytest.approx(50 / 9)
    curve = exposure_exceedance(frame, by="asset")
    assert curve[["hours", "share_longer"]].to_numpy().tolist() == [[0, 1], [10, pytest.approx(0.1)]]


def test_a_quantile_just_at_the_protected_share_is_finite():
    frame = pd.concat([regular([10] * 95), pieces([950], [1000], [0], state="unprotected")])
    assert law(frame)["p95_hours"] == 10


def test_unknown_time_counts_nowhere():
    frame = pd.concat([regular([10] * 4), pieces([40], [100], [0], state="unknown")])
    found = law(frame, limit=5.0)
    assert found[["covered_hours", "unknown_hours", "share_over_objective", "p50_hours"]].tolist() == [40, 60, 0.5, 5]


def test_nothing_covered_is_null():
    found = law(pieces([0], [10], [0], state="unknown"))
    assert found[["p50_hours", "worst_hours", "mean_hours", "share_over_objective", "share_assumed"]].isna().all()
    assert found[["covered_hours", "direction"]].tolist() == [0, "unknown"]


def test_logs_that_are_shipped_as_they_grow_have_age_zero():
    frame = pd.concat([pieces([0], [60], [60]), pieces([60], [100], [60])])
    found = law(frame, limit=10.0)
    assert found[["p50_hours", "worst_hours", "mean_hours"]].tolist() == [0, 40, 8]
    assert found["share_over_objective"] == pytest.approx(0.3)
    assert exposure_exceedance(frame, by="asset")["share_longer"].tolist() == pytest.approx([0.4, 0.0])


def test_no_objective_no_share():
    assert np.isnan(law(regular([10]), limit=np.nan)["share_over_objective"])
    assert estimate_recovery_point(regular([10]), by="asset", within_hours=pd.Series(dtype=float)).shape[0] == 1


def test_what_is_proven_assumed_and_cautious():
    frame = pd.concat(
        [
            pieces([0], [10], [0], proven=False, point_assumed=True, direction="lower bound", allowance_hours=4.0),
            pieces([10], [20], [10]),
        ]
    )
    found = law(frame, limit=8.0)
    shares = found[["share_over_objective", "share_over_proven", "share_over_cautious", "share_assumed"]]
    assert shares.tolist() == pytest.approx([0.2, 0.1, 0.4, 0.5])
    assert found["direction"] == "lower bound"
    assert law(frame.assign(direction="unknown"))["direction"] == "unknown"


AGES = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20), st.sampled_from("ppppuk")), min_size=1, max_size=12)


def exceedance(cases, hours):
    """S(x) the slow way, as an exact fraction of covered time; None if nothing is covered."""
    covered = sum(length for _, length, state in cases if state != "k")
    beyond = Fraction(0)
    for age, length, state in cases:
        if state == "u":
            beyond += length
        if state == "p":
            beyond += min(max(age + length - hours, 0), length)
    return beyond / covered if covered else None


@QUICK
@given(st.lists(AGES, min_size=1, max_size=5), st.integers(0, 60), st.sampled_from([0.0, 0.25, 0.5, 0.8, 0.95, 1.0]))
def test_against_the_slow_twin(groups, limit, share):
    """Many groups at once: exceedance at any age, and the quantile as its smallest inverse."""
    frames = []
    for g, cases in enumerate(groups):
        start = np.cumsum([0, *(length for _, length, _ in cases)])
        states = [{"p": "protected", "u": "unprotected", "k": "unknown"}[s] for *_, s in cases]
        data = start[:-1] - np.array([age for age, *_ in cases])
        frames.append(pieces(start[:-1], start[1:], data, name=f"g{g}").assign(state=states))
    frame = pd.concat(frames)
    names = [f"g{g}" for g in range(len(groups))]
    found = estimate_recovery_point(frame, by="asset", within_hours=pd.Series(float(limit), index=names))
    found = found.set_index("asset")
    quantiles = exposure_quantile(frame, pd.Series(share, index=names), by="asset")
    for name, cases in zip(names, groups, strict=True):
        expected = exceedance(cases, limit)
        if expected is None:
            assert np.isnan(found.loc[name, "share_over_objective"])
            assert np.isnan(quantiles[name])
            continue
        assert found.loc[name, "share_over_objective"] == pytest.approx(float(expected), abs=1e-12)
        allowed, q = 1 - share, quantiles[name]
        if np.isinf(q):
            assert exceedance(cases, 1000) > allowed
        else:
            assert exceedance(cases, Fraction(q)) <= allowed + 1e-9
            assert q == 0 or exceedance(cases, Fraction(q) - Fraction(1, 1000)) >= allowed - 1e-9


def test_none():
    empty = regular([10]).iloc[:0]
    assert estimate_recovery_point(empty, by="asset", within_hours=pd.Series(dtype=float)).empty
    assert exposure_exceedance(empty, by="asset").empty
    assert exposure_quantile(empty, pd.Series(dtype=float), by="asset").empty
