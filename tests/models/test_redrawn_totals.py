"""Totals re-drawn phase by phase: by hand, against every combination, and what is too little to draw from."""

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.models.redrawn_totals import APART, ENDLESS, FEW, FEW_FOR_INTERVAL, NO_PHASE, redraw_totals
from tests.models.test_phase_shares import long, unfinished

QUICK = settings(derandomize=True, deadline=None, max_examples=20)
TEN = np.column_stack([np.arange(1.0, 11), np.arange(10.0, 0, -1)])


def redrawn(*frames, groups=1, number=3, **how):
    rng = np.random.default_rng(0)
    found = redraw_totals(pd.concat(frames, ignore_index=True), number, groups=groups, rng=rng, **how)
    return found.iloc[0] if groups == 1 else found


def test_phases_that_make_up_for_each_other_spread_once_they_are_drawn_apart():
    """Each total is 11; drawn apart they are the sum of two uniform numbers from 1 to 10."""
    found = redrawn(long(TEN))
    assert found[["measured_hours", "n_whole", "n_fewest", "redrawn_hours"]].tolist() == [11, 10, 10, 11]
    assert found["low"] <= 11 <= found["high"]
    assert pd.isna(found["reason"])
    tail = redrawn(long(TEN), share=0.9)
    assert tail[["measured_hours", "redrawn_hours"]].tolist() == [11, 16]  # 85 of 100 pairs are below 16, 90 at most


@QUICK
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=3, max_size=5))
def test_against_every_combination(rows):
    """The median lies where half of all combinations are, to what 20,000 draws can tell."""
    found = redrawn(long(rows))
    totals = np.sort([a + b for a, b in product(*zip(*rows, strict=True))])
    below, upto = (totals < found["redrawn_hours"]).mean(), (totals <= found["redrawn_hours"]).mean()
    assert below <= 0.52
    assert upto >= 0.48
    assert found["reason"] == FEW_FOR_INTERVAL
    assert np.isnan([found["low"], found["high"]]).all()


def test_what_was_called_off_or_failed_later_adds_to_the_phases_it_went_through():
    early = [unfinished(0, h, "ended", row=100 + h) for h in (20, 30, 40)]
    found = redrawn(long([[1, 1], [1, 1], [1, 1]]), *early)
    assert found["n_fewest"] == 3
    assert found["n_whole"] == 3
    assert found["measured_hours"] == 2
    assert found["redrawn_hours"] in (2, 21)  # half of the six first phases took an hour


def test_a_phase_that_never_ended_often_enough_cannot_be_drawn():
    off = [unfinished(0, 50, "censored", row=100 + i) for i in range(9)]
    found = redrawn(long([[1, 1], [2, 1], [3, 1]]), *off)
    assert found["reason"] == ENDLESS
    assert np.isnan(found["redrawn_hours"])


def test_too_little():
    assert redrawn(long([[1, 1], [2, 2]]))["reason"] == FEW
    assert redrawn(unfinished(0, 1, "ended"))["reason"] == NO_PHASE
    empty = redrawn(long(TEN).head(0))
    assert (empty["reason"], empty["n_fewest"], empty["n_whole"]) == (NO_PHASE, 0, 0)
    different = [long([[1, 0, 0, 4]] * 3), long([[0, 2, 0, 4]] * 3, row=50)]
    assert redrawn(*different, number=4)["reason"] == APART


def test_what_was_not_split_is_drawn_as_a_phase_only_where_nothing_was():
    unsplit = long([[1, 0, 4]] * 4)
    assert redrawn(unsplit)["redrawn_hours"] == 5
    both = redrawn(unsplit, long([[1, 2]] * 4, row=50))
    assert both["redrawn_hours"] == 3
    assert both["n_whole"] == 8


def test_groups_apart_from_each_other():
    frames = [long(TEN), long(TEN * 3, group=2, row=100)]
    found = redrawn(*frames, groups=3)
    assert found["redrawn_hours"].tolist()[::2] == [11, 33]
    assert found["reason"].tolist()[1] == NO_PHASE


def test_the_interval_holds_the_truth_where_phases_are_independent():
    """100 services of 30 recoveries; the large table is docs/calibration_recovery.md."""
    hours = np.random.default_rng(5).lognormal(0, 0.5, (100, 30, 2))
    row = np.repeat(np.arange(100 * 30), 2)
    rows = pd.DataFrame({"row": row, "group": row // 30, "phase": np.tile([0, 1], 100 * 30), "hours": hours.ravel(),
                         "outcome": "ended", "whole": True})  # fmt: skip
    found = redrawn(rows, groups=100)
    truth = np.median(np.random.default_rng(6).lognormal(0, 0.5, (300_000, 2)).sum(axis=1))
    assert 0.88 < ((found["low"] <= truth) & (truth <= found["high"])).mean() < 0.99
