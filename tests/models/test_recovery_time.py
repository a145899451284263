"""Exact chances against published numbers and enumeration; the law of recoveries on hand cases."""

import numpy as np
import pandas as pd
import pytest

from continuity_analysis.models.lifetimes import kaplan_meier, quantiles
from continuity_analysis.models.proportions import lower_bound
from continuity_analysis.models.recovery_time import (
    estimate_recovery_survival,
    estimate_recovery_time,
    evidence_needed,
)


@pytest.mark.parametrize(("n", "upper"), [(10, 0.2589), (30, 0.0950), (100, 0.0295)])
def test_rule_of_three(n, upper):
    """Known answer 4.3: after n successes and no failure, the chance of failure is at most about 3 / n."""
    assert 1 - lower_bound(n, n) == pytest.approx(upper, abs=5e-5)


@pytest.mark.parametrize(("n", "quantile"), [(5, 0.55), (10, 0.74), (15, 0.82), (20, 0.86), (30, 0.905), (59, 0.95)])
def test_what_n_successes_prove(n, quantile):
    """Known answer 4.4 (Wilks 1941): the slowest of n bounds this quantile, printed there to two digits."""
    assert lower_bound(n, n) == pytest.approx(quantile, abs=0.006)


@pytest.mark.parametrize(("chance", "n"), [(0.90, 29), (0.95, 59), (0.99, 299)])
def test_successes_needed_in_a_row(chance, n):
    """Known answer 4.4: 29, 59 and 299 successes prove 90, 95 and 99 %."""
    assert evidence_needed(0, 0, chance=chance) == n
    assert evidence_needed(n - 10, n - 10, chance=chance) == 10
    assert evidence_needed(n, n, chance=chance) == 0


def test_evidence_needed_against_counting():
    for k, n, chance in ((0, 1, 0.5), (3, 5, 0.8), (9, 10, 0.9), (8, 8, 0.7), (1, 4, 0.95)):
        more = 0
        while lower_bound(k + more, n + more) < chance:
            more += 1
        assert evidence_needed(k, n, chance=chance) == more


def test_nothing_proves_certainty_and_nothing_is_known_of_none():
    assert np.isnan(evidence_needed(5, 5, chance=1.0))
    assert np.isnan(evidence_needed(5, 5, chance=np.nan))

    assert evidence_needed(np.array([1, 2]), np.array([1, 2]), chance=np.array([0.5, np.nan]))[0] == 4


def recoveries(*rows):
    """Rows of group, kind, outcome, hours, data_hours."""
    frame = pd.DataFrame(rows, columns=["group", "kind", "outcome", "hours", "data_hours"])
    ended = frame["outcome"].map({"never": "never", "censored": "censored"}).fillna("restored")
    data = ended.where(frame["data_hours"].notna(), "data")
    clocks = {f"{clock}_{name}": frame[name] for clock in ("disrupted", "declared") for name in ("outcome", "hours")}
    frame = frame.assign(data_outcome=data, **clocks)
    return frame.astype({c: float for c in frame if c.endswith("hours")} | {"group": "int64"})


def estimated(*rows, within=(24.0,), chance=(0.9,)):
    groups = pd.Index([f"s{i}" for i in range(len(within))])
    found = estimate_recovery_time(recoveries(*rows), groups, within_hours=np.array(within), chance=np.array(chance))
    return found.iloc[0] if len(within) == 1 else found


EVALUABLE = {  # outcome, hours, data_hours: evaluable, met
    "in time": (("restored", 10, 5), (1, 1)),
    "on time": (("restored", 24, 5), (1, 1)),
    "too late": (("restored", 25, 5), (1, 0)),
    "never restored": (("never", np.inf, np.nan), (1, 0)),
    "called off in time": (("censored", 10, np.nan), (0, 0)),
    "called off too late": (("censored", 30, np.nan), (1, 0)),
    "data in time": (("data", np.nan, 10), (0, 0)),
    "data alone too late": (("data", np.nan, 30), (1, 0)),
}


@pytest.mark.parametrize("name", EVALUABLE)
def test_what_can_be_held_against_an_rto(name):
    row, expected = EVALUABLE[name]
    found = estimated((0, "drill", *row))
    assert (found["n_evaluable"], found["n_met"]) == expected
    assert found["n_drills_over"] == expected[0] - expected[1]
    assert found["n_real_over"] == 0
    assert estimated((0, "restore", *row))["n_real_over"] == expected[0] - expected[1]
    assert estimated((0, "drill", *row), within=(np.nan,))["n_evaluable"] == 0


def test_a_tool_that_failed_is_not_held_against_the_rto():
    frame = recoveries((0, "restore", "data", np.nan, np.inf)).assign(data_outcome="never")
    found = estimate_recovery_time(frame, pd.Index(["s"]), within_hours=[24.0], chance=[0.9]).iloc[0]
    assert found[["n", "n_evaluable", "n_data_only"]].tolist() == [1, 0, 1]


def test_counts_and_hours():
    rows = [(0, "drill", "restored", h, h / 2) for h in (2, 4, 6)] + [(0, "restore", "never", np.inf, np.nan)]
    rows += [(0, "drill", "censored", 1, np.nan), (0, "restore", "data", np.nan, 3), (0, "restore", "data", np.nan, 5)]
    found = estimated(*rows, within=(5.0,))
    counts = ["n", "n_real", "n_drills", "n_evaluable", "n_met", "n_failed", "n_censored", "n_data_only"]
    assert found[counts].tolist() == [7, 3, 4, 4, 2, 1, 1, 2]
    assert found["chance"] == 0.5
    assert found["worst_hours"] == np.inf
    assert found["slowest_restored_hours"] == 6
    assert found["median_hours"] == 5  # of four: 2, 4, 6 and never
    assert found[["data_median_hours", "data_worst_hours"]].tolist() == [3, 5]


def test_the_median_of_recoveries_that_mostly_fail_is_unknown():
    rows = [(0, "drill", "restored", 2, 1), *[(0, "drill", "never", np.inf, np.nan)] * 2]
    assert np.isnan(estimated(*rows)["median_hours"])


@pytest.mark.parametrize(("restored", "others", "share"), [
    (8, [], 0.68), (5, [], 0.55), (7, ["never"], 0.65), (7, ["censored"], 0.53), (7, ["data"], 0.65),
    (0, ["never"], None)])  # fmt: skip
def test_what_the_slowest_bounds(restored, others, share):
    """The slowest of 8 bounds P68 of those that come back; one called off or not over may be slower."""
    rows = [(0, "drill", "restored", h, h) for h in range(1, restored + 1)]
    rows += [(0, "drill", o, {"never": np.inf, "censored": 0.5}.get(o, np.nan), np.nan) for o in others]
    found = estimated(*rows)["slowest_bounds_share"]
    assert np.isnan(found) if share is None else found == pytest.approx(share, abs=0.008)


def test_the_median_has_the_exact_interval_where_none_is_censored():
    """Known answer 4.4: the 2nd and the 9th of 10, the 1st and the 6th of 6, none of 5; failures are the slowest."""
    limits = ["median_low", "median_high"]
    ten = [(0, "drill", "restored", h, 1) for h in (9, 1, 8, 2, 7, 3, 6, 4, 5, 10)]
    assert estimated(*ten)[limits].tolist() == [2, 9]
    assert estimated(*ten[:6])[limits].tolist() == [1, 9]
    assert estimated(*ten[:5])[limits].isna().all()
    failed = [(0, "drill", "never", np.inf, np.nan)] * 2
    found = estimated(*ten[:8], *failed)
    assert found["median_low"] == 2
    assert np.isnan(found["median_high"])
    both = estimated(*[(1, *row[1:]) for row in ten], *ten[:6], within=(24.0, 24.0), chance=(0.9, 0.9))
    assert both["median_low"].tolist() == [1, 2]
    assert both["median_high"].tolist() == [9, 9]


def test_with_one_called_off_the_median_has_the_interval_of_the_curve():
    rows = [(0, "drill", "restored", h, 1) for h in range(1, 11)] + [(0, "drill", "censored", 4.5, np.nan)]
    curves = kaplan_meier([*range(1, 11), 4.5], [True] * 10 + [False])
    low, high = quantiles(curves, 0.5)[["low", "high"]].iloc[0]
    assert estimated(*rows)[["median_low", "median_high"]].tolist() == [low, high]


def test_either_clock_has_its_median_and_its_worst():
    frame = recoveries((0, "drill", "restored", 3, 1), (0, "drill", "restored", 5, 1), (0, "drill", "never", np.inf, 1))
    frame = frame.assign(declared_hours=[2.0, 4.5, np.inf], disrupted_outcome=["restored", "restored", "data"])
    found = estimate_recovery_time(frame, pd.Index(["s"]), within_hours=[24.0], chance=[0.9]).iloc[0]
    assert found[["declared_median_hours", "declared_worst_hours"]].tolist() == [4.5, np.inf]
    assert found[["disrupted_median_hours", "disrupted_worst_hours"]].tolist() == [4, 5]


def test_five_restored_at_one_hour_and_five_failed_at_half_an_hour_level_off_at_one_half():
    """What failed after 0.5 h never came back: it is not over at 0.5 h, and it is not taken out of those at risk."""
    rows = [(0, "drill", "restored", 1, 1)] * 5 + [(0, "drill", "never", np.inf, np.nan)] * 5
    law = estimate_recovery_survival(recoveries(*rows), groups=1)
    assert law[["hours", "survival", "n_at_risk"]].to_numpy().tolist() == [[0, 1, 10], [1, 0.5, 10]]
    assert estimated(*rows)["chance"] == 0.5


def test_the_law_levels_off_at_the_success_share():
    rows = [(0, "drill", "restored", h, 1) for h in (1, 2, 3)] + [(0, "drill", "never", np.inf, np.nan)]
    rows += [(1, "drill", "restored", 5, 1)]
    curves = estimate_recovery_survival(recoveries(*rows), groups=2)
    first, second = (curves[curves["group"] == g] for g in (0, 1))
    assert first["survival"].tolist() == pytest.approx([1, 0.75, 0.5, 0.25])
    assert first["hours"].max() == 3
    assert second["survival"].tolist() == [1, 0]


def test_groups_without_recoveries_and_none_at_all():
    found = estimated((1, "drill", "restored", 2, 1), within=(24.0, 24.0), chance=(0.9, 0.9))
    assert found["n"].tolist() == [0, 1]
    assert found.loc[0, ["chance", "low", "high", "proven_chance", "median_hours", "worst_hours"]].isna().all()
    assert found["evidence_needed"].tolist() == [29, 28]
    assert estimate_recovery_time(recoveries(), pd.Index([]), within_hours=[], chance=[]).empty
    assert estimate_recovery_survival(recoveries(), groups=3).empty
