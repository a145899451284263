"""Phases by hand, against an obvious twin, identities, and intervals that hold as often as they say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from continuity_analysis.models.phase_shares import (
    FEW_WHOLE,
    FEWEST,
    NO_VARIANCE,
    NONE_WHOLE,
    ONLY_IN_PART,
    estimate_phases,
)

QUICK = settings(derandomize=True, deadline=None, max_examples=20)


def long(hours, group=0, row=0):
    """Phases of whole recoveries: a row of `hours` each."""
    hours = np.asarray(hours, dtype=float)
    n, k = hours.shape
    frame = pd.DataFrame({"row": row + np.repeat(np.arange(n), k), "phase": np.tile(np.arange(k), n)})
    frame = frame.assign(group=group, hours=hours.ravel(), outcome="ended", whole=True)
    return frame[frame["hours"] > 0]


def unfinished(phase, hours, outcome, group=0, row=900):
    return pd.DataFrame({"row": [row], "phase": phase, "group": group, "hours": hours, "outcome": outcome,
                         "whole": False})  # fmt: skip


def asked(*frames, groups=1, number=3):
    frames = frames or (long(np.ones((1, 2))).head(0),)
    return estimate_phases(pd.concat(frames, ignore_index=True), groups=groups, number=number)


def test_by_hand():
    """Totals 3, 5, 10, 6 …: shares of the time are 18/33 and 15/33 of each three; variances split by covariances."""
    hours = [[1, 2, 0], [2, 3, 0], [6, 4, 0]] * 4
    found = asked(long(hours))
    assert found["n"].tolist() == [12, 12]
    assert found["n_whole"].tolist() == [12, 12]
    assert found["median_hours"].tolist() == [2, 3]
    assert found["share_of_time"].tolist() == pytest.approx([9 / 18, 9 / 18])
    # phase 1 is 3 + (-2, -1, 3), phase 2 is 3 + (-1, 0, 1), totals 6 + (-3, -1, 4): 19 and 7 of 26
    assert found["share_of_variance"].tolist() == pytest.approx([19 / 26, 7 / 26])


def test_called_off_is_censored_and_failed_has_no_length():
    rows = [long([[1, 1, 0], [2, 1, 0], [4, 1, 0]]), unfinished(0, 3, "censored"), unfinished(1, 9, "failed", row=901)]
    found = asked(*rows).set_index("phase")
    assert found.loc[0, ["n", "n_censored", "n_failed", "median_hours"]].tolist() == [4, 1, 0, 3]  # of 1, 2, over 3, 4
    assert found.loc[1, ["n", "n_censored", "n_failed", "median_hours"]].tolist() == [3, 0, 1, 1]


def test_few_have_no_shares_of_variance_and_no_intervals():
    found = asked(long(np.arange(1, 2 * FEWEST - 1).reshape(-1, 2)))
    assert found["share_of_time"].notna().all()
    assert found[[c for c in found if "share_of_variance" in c or c.endswith(("_low", "_high"))]].isna().all(axis=None)
    assert found["p90_hours"].isna().all()
    assert (found["reason"] == FEW_WHOLE).all()
    equal = asked(long(np.ones((FEWEST, 2))))
    assert (equal["reason"] == NO_VARIANCE).all()
    assert equal["share_of_time_low"].tolist() == [0.5, 0.5]
    assert (asked(unfinished(0, 1, "ended"))["reason"] == NONE_WHOLE).all()
    assert asked().empty


def test_recoveries_that_were_not_split_count_only_where_none_was():
    parts, rest = long(np.full((10, 2), [1.0, 3.0])), long(np.full((5, 3), [1.0, 0, 9]), row=50)
    both = asked(parts, rest).set_index("phase")
    assert both["share_of_time"].tolist()[:2] == [0.25, 0.75]
    assert both.loc[2, "reason"] == ONLY_IN_PART
    assert np.isnan(both.loc[2, "share_of_time"])
    assert both["n"].tolist() == [15, 10, 5]
    assert asked(rest)["share_of_time"].tolist() == [0.1, 0.9]


def jackknife(hours):
    """Limits of shares of time from sums without each recovery in turn."""
    n, total = len(hours), hours.sum()
    without = [hours.sum(axis=0) - h for h in hours]
    shares = np.array([w / w.sum() for w in without])
    share = hours.sum(axis=0) / total
    half = stats.t.ppf(0.975, n - 1) * np.sqrt(((shares - share) ** 2).sum(axis=0))
    return np.clip(np.column_stack([share - half, share + half]), 0, 1)


def hc4(hours):
    """Limits of slopes on the total by matrices, as textbooks write them."""
    total = hours.sum(axis=1)
    x = np.column_stack([np.ones(len(total)), total])
    bread = np.linalg.inv(x.T @ x)
    leverage = np.einsum("ij,jk,ik->i", x, bread, x)
    limits = []
    for phase in hours.T:
        slope = bread @ x.T @ phase
        weights = (phase - x @ slope) ** 2 / (1 - leverage) ** np.minimum(4, len(total) * leverage / 2)
        error = np.sqrt((bread @ (x.T * weights) @ x @ bread)[1, 1])
        d = (total - total.mean()) ** 2
        half = stats.t.ppf(0.975, d.sum() ** 2 / (d**2).sum()) * error
        limits.append([slope[1] - half, slope[1] + half])
    return np.array(limits)


@QUICK
@given(st.integers(10, 25), st.integers(2, 4), st.integers(0, 10_000))
def test_against_numpy(n, k, seed):
    hours = np.random.default_rng(seed).lognormal(size=(n, k))
    found = asked(long(hours), long(hours[:12] * 2, group=2, row=500), groups=3, number=k + 1)
    total = hours.sum(axis=1)
    first = found[found["group"] == 0]
    covariance = [np.cov(hours[:, i], total)[0, 1] / total.var(ddof=1) for i in range(k)]
    assert first["share_of_variance"].tolist() == pytest.approx(covariance)
    assert first["share_of_variance"].sum() == pytest.approx(1)
    assert first["share_of_time"].tolist() == pytest.approx((hours.sum(axis=0) / total.sum()).tolist())
    slope = stats.linregress(total, hours[:, 0])
    assert first["share_of_variance"].iloc[0] == pytest.approx(slope.slope)
    assert first[["share_of_time_low", "share_of_time_high"]].to_numpy() == pytest.approx(jackknife(hours), rel=1e-6)
    assert first[["share_of_variance_low", "share_of_variance_high"]].to_numpy() == pytest.approx(hc4(hours), rel=1e-6)
    other = found[found["group"] == 2]
    assert other["share_of_time"].tolist() == pytest.approx((hours[:12].sum(axis=0) / hours[:12].sum()).tolist())
    assert not (found["group"] == 1).any()


def test_intervals_hold_as_often_as_they_say():
    """1,000 services of 30 recoveries; the large table is docs/calibration_recovery.md."""
    rng, sigma = np.random.default_rng(3), np.array([0.4, 0.6])
    hours = np.exp(sigma * rng.standard_normal((1000, 30, 2)))
    row = np.repeat(np.arange(1000 * 30), 2)
    rows = pd.DataFrame({"row": row, "group": row // 30, "phase": np.tile([0, 1], 1000 * 30), "hours": hours.ravel(),
                         "outcome": "ended", "whole": True})  # fmt: skip
    found = asked(rows, groups=1000)
    first = found[found["phase"] == 0]
    means, variances = np.exp(sigma**2 / 2), (np.exp(sigma**2) - 1) * np.exp(sigma**2)
    for name, truth in (
        ("share_of_time", means[0] / means.sum()),
        ("share_of_variance", variances[0] / variances.sum()),
    ):
        held = ((first[f"{name}_low"] <= truth) & (truth <= first[f"{name}_high"])).mean()
        assert 0.93 < held < 0.97
