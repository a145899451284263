"""The questions on recovery times, from logs to verdicts."""

import numpy as np
import pytest

import continuity_analysis as ca
from continuity_analysis.questions.recovery_time import COLUMNS
from tests.measurements.backup_logs import at, hours, logs_of

DAY = 24
SHOP = {"shop": {"assets": ["db"], "objectives": {"rto": {"within": "10h", "chance": "80%"}}}}


def recovery(n, took=5, *, day=0, **more):
    """A completed end-to-end drill of "db" that took so many hours, or another recovery."""
    start = day * DAY
    row = {"recovery_id": f"r{n}", "asset": "db", "kind": "drill", "status": "completed", "scope": "end_to_end"}
    row |= {"disrupted_at": start, "started_at": start + 1, "data_restored_at": start + took - 1}
    return row | {"service_restored_at": start + took, "product": "tool", "export_id": "drills"} | more


def tool(n, took, *, day=0, **more):
    """A restore that a tool recorded: no disruption, only data."""
    times = {"disrupted_at": None, "service_restored_at": None, "started_at": day * DAY, "kind": "restore"}
    ends = {"data_restored_at": day * DAY + took, "finished_at": day * DAY + took, "scope": "data"}
    return recovery(n, day=day) | times | ends | more


def logs(*rows, services=SHOP, as_of=300 * DAY):
    return logs_of([], recoveries=list(rows), catalog={"services": services} if services else None, as_of=as_of)


def asked(*rows, period=None, **how):
    return ca.recovery_time(logs(*rows, **how), period=period).set_index("service").loc["shop"]


def test_drills_in_time():
    row = asked(*(recovery(i, 2 + i, day=10 * i) for i in range(5)))
    assert row[["n", "n_drills", "n_real", "n_evaluable", "n_met", "chance"]].tolist() == [5, 5, 0, 5, 5, 1]
    assert row["proven_chance"] == pytest.approx(0.05 ** (1 / 5))
    assert row[["evidence_needed", "worst_hours", "median_hours", "verdict"]].tolist() == [9, 6, 4, "MET"]
    assert hours([row["last_proof_at"]]) == [40 * DAY + 6]
    assert row["last_proof_age_days"] == pytest.approx(260 - 0.25)
    assert ["service", *row.index] == list(COLUMNS)


def test_only_a_drill_over_it_is_at_risk_a_real_one_breaches():
    assert asked(recovery(1), recovery(2, 11, day=1))["verdict"] == "AT_RISK"
    assert asked(recovery(1), recovery(2, 11, day=1, kind="restore"))["verdict"] == "BREACHED"


def test_a_failed_recovery_is_the_slowest_of_all():
    row = asked(recovery(1), recovery(2, day=1, status="failed", service_restored_at=None, finished_at=30))
    assert row[["n_evaluable", "n_met", "n_failed", "worst_hours"]].tolist() == [2, 1, 1, np.inf]
    assert row["slowest_restored_hours"] == 5


def test_called_off_and_running_are_evaluable_only_when_already_too_late():
    row = asked(
        recovery(1),
        recovery(2, day=1, status="aborted", service_restored_at=None, data_restored_at=None, finished_at=DAY + 5),
        recovery(3, day=2, status="aborted", service_restored_at=None, data_restored_at=None, finished_at=2 * DAY + 12),
        recovery(4, day=300, status="running", service_restored_at=None, data_restored_at=None, started_at=300 * DAY),
    )
    assert row[["n", "n_evaluable", "n_met", "n_censored", "n_drills_over"]].tolist() == [4, 2, 1, 3, 1]


def test_tool_logs_prove_nothing_but_a_slow_one_is_a_failure():
    row = asked(tool(1, 2), tool(2, 4, day=1))
    assert row[["n", "n_data_only", "n_evaluable", "verdict"]].tolist() == [2, 2, 0, "INSUFFICIENT"]
    assert row[["data_median_hours", "data_worst_hours"]].tolist() == [3, 4]
    row = asked(tool(1, 2), tool(2, 14, day=1))
    assert row[["n_evaluable", "n_met", "verdict"]].tolist() == [1, 0, "BREACHED"]


def test_a_tool_log_that_failed_is_no_failed_recovery():
    row = asked(recovery(9), tool(1, 2, status="failed", data_restored_at=None))
    assert row[["n_evaluable", "n_met", "verdict"]].tolist() == [1, 1, "MET"]


def test_old_evidence_no_longer_counts():
    row = asked(recovery(1), as_of=366 * DAY)
    assert row[["n", "n_stale", "n_evaluable", "verdict"]].tolist() == [0, 1, 0, "INSUFFICIENT"]
    assert hours([row["last_proof_at"]]) == [5]
    services = {"shop": SHOP["shop"] | {"evidence_max_age_days": 400}}
    assert asked(recovery(1), services=services, as_of=366 * DAY)["verdict"] == "MET"


def test_a_period_sets_the_moment_of_judgement():
    rows = [recovery(1, day=5), recovery(2, 12, day=20, kind="restore")]
    early, late = ((at(0), at(10 * DAY)), (at(10 * DAY), at(40 * DAY)))
    assert asked(*rows, period=early)[["n", "verdict"]].tolist() == [1, "MET"]
    assert asked(*rows, period=late)[["n", "verdict"]].tolist() == [2, "BREACHED"]


def test_an_unfinished_period_is_provisional():
    row = asked(recovery(1), period=(at(0), at(400 * DAY)))
    assert row[["verdict", "provisional"]].tolist() == ["MET", True]


def test_the_clock_may_begin_at_the_declaration():
    row = recovery(1, 12, declared_at=4)
    assert asked(row)["verdict"] == "AT_RISK"
    services = {"shop": SHOP["shop"] | {"rto_clock": "declared"}}
    assert asked(row, services=services)[["verdict", "worst_hours"]].tolist() == ["MET", 8]


def test_attempts_for_one_disruption_are_one():
    second = recovery(2, 9, started_at=6)
    row = asked(recovery(1, status="failed", service_restored_at=None, finished_at=5), second)
    assert row[["n", "n_met", "worst_hours"]].tolist() == [1, 1, 9]


def test_failovers_are_recoveries_of_their_own_kind():
    rows = [recovery(1), recovery(2, 0.1, day=1, kind="failover"), recovery(3, 0.01, day=2, kind="self_heal")]
    assert asked(*rows)["n"] == 1
    survival = ca.recovery_survival(logs(*rows))
    assert survival.groupby("group")["n_at_risk"].max().to_dict() == {"all": 1, "drills": 1, "fail-overs": 1}
    assert len(ca.recovery_phases(logs(*rows))) == 3


def test_a_service_without_recoveries_or_without_a_promise():
    services = SHOP | {"desk": {"assets": ["other"]}, "bare": {"objectives": {"rto": "4h"}}}
    found = ca.recovery_time(logs(recovery(1, asset="other"), services=services)).set_index("service")
    assert found["verdict"].to_dict() == {"bare": "INSUFFICIENT", "desk": "NOT_SET", "shop": "INSUFFICIENT"}
    assert found.loc["bare", "required_chance"] == 0.9
    assert found.loc["desk", "median_hours"] == 5
    assert found.loc["desk", "n_evaluable"] == 0


def test_phases_the_newest_first():
    found = ca.recovery_phases(logs(recovery(1, 5), recovery(2, 12, day=1), tool(3, 2, day=2)))
    assert found["recovery_id"].tolist() == ["r3", "r2", "r1"]
    assert found["restore_data_hours"].tolist() == [2, 10, 3]
    assert found["total_hours"].tolist()[1:] == [12, 5]
    assert found["within_objective"].tolist()[1:] == [False, True]
    assert found["within_objective"].isna().tolist() == [True, False, False]


def test_survival_of_real_and_rehearsed_apart_and_together():
    rows = [recovery(1, 2), recovery(2, 4, day=1), recovery(3, 6, day=2, kind="restore")]
    survival = ca.recovery_survival(logs(*rows))
    assert survival["group"].unique().tolist() == ["all", "real recoveries", "drills"]
    together = survival[survival["group"] == "all"]
    assert together["hours"].tolist() == [0, 2, 4, 6]
    assert together["survival"].tolist() == pytest.approx([1, 2 / 3, 1 / 3, 0])


def test_a_recovery_of_two_services_counts_once_in_the_fleet():
    services = SHOP | {"desk": {"assets": ["db"]}}
    survival = ca.recovery_survival(logs(recovery(1), services=services))
    assert survival["n_at_risk"].max() == 1


def test_nothing_at_all():
    assert ca.recovery_time(logs(services=None)).empty
    assert ca.recovery_phases(logs(services=None)).empty
    assert ca.recovery_survival(logs(services=None)).empty
    assert ca.recovery_time(logs_of([], [])).empty
