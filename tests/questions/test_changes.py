"""Changes: what they cost, how often they fail, and whether failures follow them more than chance would have it."""

import numpy as np
import pandas as pd
import pytest
from logs_in_hand import make_logs
from scipy.stats import binomtest

from continuity_analysis.measurements.changes import AfterChanges
from continuity_analysis.models.changes import _law_of_sum, _together
from continuity_analysis.questions.planned_changes import after_changes, change_outcomes

PERIOD = ("2026-01-01", "2026-01-11")  # 240 h
SEEN = {"covers_from_at": "2026-01-01", "covers_until_at": "2026-01-11"}
EXPORTS = [SEEN, SEEN | {"export_id": "e3", "product": "ci", "format": "ci_runs"}]


def change(start, hours=0.0, *, status="completed", kind="deployment", component="web"):
    begun = pd.Timestamp(f"2026-01-{start}")
    return {"change_id": f"{kind}{start}{component}", "component": component, "kind": kind, "status": status,
            "product": "ci", "format": "ci_runs", "export_id": "e3", "started_at": str(begun),
            "finished_at": str(begun + pd.Timedelta(hours=hours))}  # fmt: skip


def down(start, hours, **values):
    begun = pd.Timestamp(f"2026-01-{start}")
    return {"started_at": str(begun), "restored_at": str(begun + pd.Timedelta(hours=hours)), "impact": 1.0, **values}


def logs(*made, incidents=(), exports=None):
    catalog = {"services": {"web": {"in_service_since": "2026-01-01", "watched_by": ["pager"]}}}
    return make_logs(as_of="2026-01-11", catalog=catalog, changes=list(made), incidents=list(incidents),
                     exports=EXPORTS if exports is None else exports)  # fmt: skip


def test_failed_changes_and_roll_backs_have_a_share_with_its_interval():
    made = [change("02T00:00"), change("03T00:00", status="failed"), change("03T04:00"), change("04T00:00")]
    made += [change("04T01:00", 1, kind="rollback"), change("05T00:00", status="cancelled")]
    web = change_outcomes(logs(*made), PERIOD).set_index("service").loc["web"]
    assert web[["n", "n_failed", "n_rolled_back", "n_rollbacks"]].to_list() == [4, 1, 1, 1]
    exact = binomtest(2, 4).proportion_ci(method="exact")
    assert web[["failed_share", "low", "high"]].to_list() == pytest.approx([0.5, exact.low, exact.high])
    assert web["recovery_n"] == 2
    assert web["recovery_median_hours"] == pytest.approx(3.0)  # of 4 h and 2 h


def test_a_failed_change_nobody_has_put_right_is_censored():
    made = (
        change("02T00:00", status="failed"),
        change("03T00:00", status="failed"),
        change("03T12:00", status="running"),
    )
    web = change_outcomes(logs(*made), PERIOD).set_index("service").loc["web"]
    assert web[["n", "recovery_n", "recovery_n_censored"]].to_list() == [2, 2, 2]
    assert np.isnan(web["recovery_median_hours"])


def test_down_time_goes_to_the_change_in_which_it_began_and_to_the_planned_work_of_it():
    made = (change("02T00:00", 4), change("02T01:00", 1), change("05T00:00", 2))
    incidents = (down("02T01:30", 1), down("02T03:30", 2), down("03T00:00", 5),
                 down("04T23:00", 2, planned=True, kind="maintenance"))  # fmt: skip
    found = change_outcomes(logs(*made, incidents=incidents), PERIOD).set_index("service")
    assert found.loc["web", "down_hours"] == pytest.approx(1 + 2)
    assert found.loc["web", "n_with_downtime"] == 2
    assert found.loc["web", "down_hours_per_change"] == pytest.approx(1)
    assert found.loc["all services", "down_hours"] == found.loc["web", "down_hours"]


def test_where_nobody_watched_the_service_the_cost_is_unknown():
    web = change_outcomes(logs(change("02T00:00"), exports=EXPORTS[1:]), PERIOD).iloc[0]
    assert web["n"] == 1
    assert np.isnan(web["down_hours"])


def test_failures_soon_after_changes_are_held_against_chance():
    made = [change(f"{d:02}T00:00", 1) for d in range(1, 9)]  # 2 h near each of 8: 16 h of 240 less what is down
    incidents = [down(f"{d:02}T00:30", 0.5) for d in (2, 3, 4)] + [down("09T00:00", 1)]
    web = after_changes(logs(*made, incidents=incidents), PERIOD).set_index("service").loc["web"]
    share = (16 - 1.5) / (240 - 2.5)
    assert web[["n_changes", "n", "n_after"]].to_list() == [8, 4, 3]
    assert web["share_of_time"] == pytest.approx(share)
    assert web["ratio"] == pytest.approx(3 / (4 * share))
    tails = [binomtest(3, 4, share, alternative=a).pvalue for a in ("less", "greater")]
    assert web["p_value"] == pytest.approx(2 * min(tails))
    exact = binomtest(3, 4).proportion_ci(method="exact")
    assert web[["low", "high"]].to_list() == pytest.approx([exact.low / share, exact.high / share])
    assert web["verdict"] == "more than chance"


def test_where_nobody_vouches_for_changes_nothing_is_said():
    found = after_changes(logs(change("02T00:00"), incidents=[down("02T00:30", 1)], exports=[SEEN]), PERIOD)
    assert found["verdict"].isna().all()
    assert found["ratio"].isna().all()
    assert found["reason"].eq("no change within the time that was watched").all()


def test_without_failures_the_question_cannot_be_asked():
    web = after_changes(logs(change("02T00:00")), PERIOD).iloc[0]
    assert web["reason"] == "no failure"
    assert pd.isna(web["verdict"])


def test_nothing_gives_rows_of_nothing():
    empty = make_logs(as_of="2026-01-11")
    assert change_outcomes(empty, PERIOD)["n"].to_list() == [0]
    assert after_changes(empty, PERIOD)["verdict"].isna().all()


def test_the_law_of_the_sum_is_that_of_adding_one_by_one():
    n, share = np.array([3, 0, 5, 2]), np.array([0.1, 0.4, 0.02, 0.5])
    law = np.ones(1)
    for count, q in zip(n, share, strict=True):
        for _ in range(count):
            law = np.convolve(law, [1 - q, q])
    assert _law_of_sum(n, share) == pytest.approx(law, abs=1e-14)


def test_chance_alone_is_called_more_or_fewer_in_at_most_one_of_twenty():
    """2,000 fleets of 8 services whose failures fall by chance, and the interval of the ratio, which holds 1."""
    rng = np.random.default_rng(3)
    false, covered, fleets = 0, 0, 2000
    for _ in range(fleets):
        share, n = rng.uniform(0.01, 0.3, 8), rng.poisson(6, 8)
        seen = AfterChanges(n, rng.binomial(n, share), np.full(8, 1000.0), 1000 * share, np.full(8, 5))
        whole = _together(seen.near_failures, n, share, seen)
        false += whole["p_value"] < 0.05
        covered += whole["low"] <= 1 <= whole["high"]
    assert false / fleets <= 0.05
    assert covered / fleets >= 0.95
