"""Verdicts of many groups at once; what each rule says is in test_verdict_rules.py."""

import numpy as np
import pandas as pd

from continuity_analysis.models import objectives as o


def hours(*down):
    table = pd.DataFrame({"down_hours": down}, dtype=float)
    return table.assign(agreed_hours=1000.0, unknown_hours=0.0, unplanned_hours=table["down_hours"])


def test_all_groups_at_once_and_none():
    judged = o.judge_availability(hours(0.5, 1.5, 0.5), np.array([0.999, 0.999, np.nan]))
    assert judged["verdict"].tolist() == ["MET", "BREACHED", "NOT_SET"]
    assert o.judge_availability(hours(), []).empty
    exposed = pd.DataFrame({"covered_hours": [1.0], "share_over_objective": [0.0]})
    assert o.judge_recovery_point(exposed.iloc[:0], [], share=[]).empty


def test_input_is_not_changed():
    estimates = hours(1.0)
    before = estimates.copy()
    o.judge_availability(estimates, [0.999])
    pd.testing.assert_frame_equal(estimates, before)
