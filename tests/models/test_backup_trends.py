"""Growth of run times, and when a run no longer fits: by hand, what is not printed, calibration."""

import numpy as np
import pytest

from continuity_analysis.models.backup_trends import GROWS, NONE, TOO_FEW, estimate_trends, weekly_medians

DAYS = -7.0 * np.arange(26)[::-1] - 3.5


def grown(per_month, *, now=6.0, days=DAYS, noise=0.0):
    return np.log(now) + np.log1p(per_month) / 30 * days + noise


def test_weeks_end_at_the_end():
    days, logs, n = weekly_medians(
        np.zeros(5, int), np.array([-0.5, -6.9, -7.0, -20.0, -1.0]), np.array([1.0, 3.0, 5.0, 9.0, np.nan]), jobs=2
    )
    assert days.shape == (2, 3)
    assert np.exp(logs[0]) == pytest.approx([9.0, 5.0, np.sqrt(3)])
    assert days[0] == pytest.approx([-20.0, -7.0, -3.7])
    assert np.isnan(logs[1]).all()
    assert n.tolist() == [4, 0]


def test_a_line_without_errors_reaches_its_interval_when_it_says():
    row = estimate_trends(DAYS[None], grown(0.1)[None], interval_hours=np.array([8.0])).iloc[0]
    assert (row["trend"], row["reason"]) == (GROWS, "")
    assert (row["now"], row["growth"]) == pytest.approx((6.0, 0.1))
    expected = 30 * np.log(8 / 6) / np.log(1.1)
    assert [row[f"reaches{k}_days"] for k in ("", "_low", "_high")] == pytest.approx([expected] * 3)


def test_never_further_ahead_than_the_history():
    row = estimate_trends(DAYS[None], grown(0.1)[None], interval_hours=np.array([100.0])).iloc[0]
    assert np.isnan(row["reaches_days"])
    assert row["reason"] == "not within the next 178 days, as far as the history reaches back"


def test_what_has_outgrown_its_interval_says_since_when():
    row = estimate_trends(DAYS[None], grown(0.1)[None], interval_hours=np.array([5.0])).iloc[0]
    assert row["reaches_days"] == pytest.approx(30 * np.log(5 / 6) / np.log(1.1))
    assert row["reason"] == "it does not fit any more"


@pytest.mark.parametrize(
    ("logs", "interval", "trend", "reason"),
    [
        (grown(0.1), np.nan, GROWS, "no interval is known"),
        (np.where(DAYS < -50, np.nan, grown(0.1)), 8.0, TOO_FEW, "fewer than 26 weeks with run times"),
        (np.tile([0.0, 0.1], 13), 8.0, NONE, "run times are not known to grow"),
    ],
)
def test_no_date_where_none_can_be_defended(logs, interval, trend, reason):
    days = np.where(np.isnan(logs), np.nan, DAYS)
    row = estimate_trends(days[None], logs[None], interval_hours=np.array([interval])).iloc[0]
    assert np.isnan(row[["reaches_days", "reaches_low_days", "reaches_high_days"]].astype(float)).all()
    assert (row["trend"], row["reason"]) == (trend, reason)
    assert np.isnan(row["growth"]) == (trend == TOO_FEW)


@pytest.mark.parametrize("ahead", [90.0, -91.0])  # far off the slope matters, at the centre only the level
def test_the_interval_of_the_date_holds_the_true_one(ahead):
    rng, runs = np.random.default_rng(0), 1500
    logs = grown(0.06, noise=rng.normal(0, 0.1, (runs, 26)))
    limit = np.full(runs, np.exp(np.log(6) + np.log1p(0.06) / 30 * ahead))
    found = estimate_trends(np.tile(DAYS, (runs, 1)), logs, interval_hours=limit)
    found = found[found["trend"] == GROWS]
    holds = ~(found["reaches_low_days"].fillna(np.inf) > ahead) & ~(found["reaches_high_days"] < ahead)
    assert len(found) > 0.95 * runs
    assert 0.935 <= holds.mean() <= 0.975
