"""Attempts joined into recoveries, clocks, phases and outcomes: one named case each."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from continuity_analysis.measurements.recoveries import PHASES, measure_recoveries
from tests.measurements import recovery_twin
from tests.measurements.backup_logs import at, logs_of


def attempt(recovery_id="r", disrupted=0, restored=None, **more):
    """One attempt to recover "db"; a completed drill unless said otherwise."""
    row = {"recovery_id": recovery_id, "asset": "db", "kind": "drill", "status": "completed", "scope": "end_to_end"}
    row |= {"disrupted_at": disrupted, "service_restored_at": restored, "product": "tool", "export_id": "drills"}
    return row | more


def recovered(*attempts, until=1000, declared=()):
    logs = logs_of([], recoveries=list(attempts), as_of=2000)
    return measure_recoveries(logs.recoveries, until=at(until), declared=declared)


def outcome(found):
    return list(zip(found["outcome"], found["hours"], strict=True))


def test_the_clock_runs_from_disruption_to_service():
    assert outcome(recovered(attempt(disrupted=1, restored=5))) == [("restored", 4)]


def test_the_clock_may_begin_when_it_is_declared():
    row = attempt(disrupted=1, restored=5, declared_at=2)
    assert outcome(recovered(row, declared=["db"])) == [("restored", 3)]
    assert recovered(row, declared=["db"])["total_hours"].tolist() == [4]
    assert outcome(recovered(attempt(restored=5), declared=["db"]))[0][0] == "data"


def test_each_clock_is_read_as_finely_as_its_product_tells_time():
    rows = [attempt(f"r{i}", i * 10, i * 10 + 1 + i / 60, data_restored_at=i * 10 + i / 3600) for i in range(3)]
    found = recovered(*rows)
    for clock, width in {"": 1 / 60, "declared_": 1 / 60, "data_": 1 / 3600}.items():
        assert found[f"{clock}resolution_hours"].to_numpy() == pytest.approx([width] * 3)


def test_failed_is_never_restored_whether_or_not_its_clock_is_known():
    assert outcome(recovered(attempt(status="failed", finished_at=9))) == [("never", np.inf)]
    unclocked = attempt(disrupted=None, status="failed", started_at=1, finished_at=9)
    assert outcome(recovered(unclocked)) == [("never", np.inf)]
    assert outcome(recovered(attempt(status="failed", finished_at=9), declared=["db"])) == [("never", np.inf)]


def test_aborted_is_censored_at_its_end():
    assert outcome(recovered(attempt(status="aborted", started_at=1, finished_at=9))) == [("censored", 9)]


def test_running_is_censored_at_the_moment_of_judgement():
    assert outcome(recovered(attempt(status="running", started_at=1), until=30)) == [("censored", 30)]


def test_what_ended_later_was_still_running():
    found = recovered(attempt(disrupted=1, restored=50), until=30)
    assert outcome(found) == [("censored", 29)]
    assert found["status"].tolist() == ["running"]
    assert recovered(attempt(disrupted=40, restored=50), until=30).empty


def test_data_alone_is_no_recovery_of_the_service():
    found = recovered(attempt(started_at=1, data_restored_at=4, finished_at=4, scope="data"))
    assert outcome(found) == [("censored", 4)]
    assert found[["data_outcome", "data_hours"]].iloc[0].tolist() == ["restored", 3]


def test_a_tool_log_has_no_clock_and_measures_the_data():
    tool = {"disrupted": None, "kind": "restore", "scope": "data", "started_at": 2}
    found = recovered(
        attempt("a", finished_at=5, data_restored_at=5, **tool),
        attempt("b", finished_at=6, **tool),
        attempt("c", finished_at=6, status="failed", **tool),
        attempt("d", status="running", **tool),
        until=10,
    ).set_index("recovery_id")
    assert (found["outcome"] == "data").all()
    assert found["data_outcome"].to_dict() == {"a": "restored", "b": "restored", "c": "never", "d": "censored"}
    assert found["data_hours"].to_dict() == {"a": 3, "b": 4, "c": np.inf, "d": 8}
    assert not found["end_to_end"].any()


def test_attempts_for_one_disruption_are_one_recovery():
    found = recovered(
        attempt("second", 0, 20, started_at=12, data_restored_at=18),
        attempt("first", 0, status="failed", detected_at=1, started_at=2, finished_at=10),
    )
    assert outcome(found) == [("restored", 20)]
    row = found.iloc[0]
    assert (row["recovery_id"], row["n_attempts"], row["status"]) == ("first", 2, "completed")
    assert row[["detect_hours", "restore_data_hours"]].tolist() == [1, 16]


JOINED = {
    "completed, whatever came after": (["completed", "failed"], "completed"),
    "still trying": (["failed", "running"], "running"),
    "the last one failed": (["aborted", "failed"], "failed"),
    "the last one was called off": (["failed", "aborted"], "aborted"),
}


@pytest.mark.parametrize("name", JOINED)
def test_how_attempts_end(name):
    statuses, expected = JOINED[name]
    ends = [{"service_restored_at": 5 + i} if s == "completed" else {} for i, s in enumerate(statuses)]
    ends = [
        e | ({} if s == "running" else {"finished_at": 5 + i})
        for i, (e, s) in enumerate(zip(ends, statuses, strict=True))
    ]
    rows = [
        attempt(f"r{i}", status=s, **({"started_at": 3 + i} | e))
        for i, (s, e) in enumerate(zip(statuses, ends, strict=True))
    ]
    assert recovered(*rows)["status"].tolist() == [expected]


def test_other_disruptions_assets_kinds_and_tool_logs_stay_apart():
    tool = {"disrupted": None, "started_at": 1, "scope": "data"}
    rows = [
        attempt("a", 0, 5),
        attempt("b", 1, 5),
        attempt("c", 0, 5, asset="files"),
        attempt("d", 0, 5, kind="restore"),
    ]
    rows += [attempt("e", data_restored_at=2, **tool), attempt("f", data_restored_at=2, **tool)]
    assert len(recovered(*rows)) == 6


def test_phases():
    names = ("disrupted_at", "detected_at", "declared_at", "started_at", "data_restored_at", "service_restored_at")
    row = attempt(**dict(zip(names, (0, 1, 3, 6, 10, 15), strict=True)))
    assert recovered(row)[list(PHASES)].iloc[0].tolist() == [1, 2, 3, 4, 5]
    missing = recovered(row | {"declared_at": None})[list(PHASES)].iloc[0]
    assert missing.isna().tolist() == [False, True, True, False, False]


def test_phases_that_run_backwards_are_missing_but_early_detection_is_no_time():
    row = attempt(disrupted=5, restored=20, detected_at=4, declared_at=3)
    phases = recovered(row)[["detect_hours", "declare_hours"]].iloc[0]
    assert phases["detect_hours"] == 0
    assert np.isnan(phases["declare_hours"])


def test_restored_before_the_disruption_measures_nothing():
    assert outcome(recovered(attempt(disrupted=5, restored=4)))[0][0] == "data"


def test_each_service_of_an_asset_has_its_recovery_and_unclaimed_ones_none():
    logs = logs_of([], recoveries=[attempt(restored=5), attempt("x", 0, 5, asset="other")], as_of=2000,
                   catalog={"services": {"shop": {"assets": ["db"]}, "desk": {"assets": ["db"]}}})  # fmt: skip
    found = measure_recoveries(logs.recoveries, until=at(100))
    assert sorted(found["service"]) == ["desk", "shop"]


def test_none():
    found = recovered()
    assert found.empty
    assert {"outcome", "hours", "data_hours", "total_hours", *PHASES} <= set(found.columns)
    assert found["hours"].dtype == float
    assert isinstance(found["begun_at"].dtype, pd.DatetimeTZDtype)


def test_both_clocks_stand_beside_each_other():
    row = attempt(disrupted=1, restored=5, declared_at=2)
    for declared in ((), ["db"]):
        found = recovered(row, attempt("x", 10, status="failed", finished_at=19), declared=declared)
        assert found["disrupted_hours"].tolist() == [4, np.inf]
        assert found["declared_hours"].tolist() == [3, np.inf]
        assert found["disrupted_outcome"].tolist() == ["restored", "never"]
    off = recovered(attempt(declared_at=2, status="aborted", finished_at=9)).iloc[0]
    assert off[["disrupted_outcome", "disrupted_hours", "declared_outcome", "declared_hours"]].tolist() == [
        "censored", 9, "censored", 7]  # fmt: skip
    assert recovered(attempt(restored=5))["declared_outcome"].tolist() == ["data"]


def test_phases_add_up_also_where_it_was_detected_before_the_disruption():
    row = attempt(disrupted=5, restored=20, detected_at=4, declared_at=7, started_at=8, data_restored_at=15)
    found = recovered(row)[list(PHASES)].iloc[0]
    assert found.tolist() == [0, 2, 1, 7, 5]
    assert found.sum() == 15


ATTEMPTS = st.lists(
    st.tuples(
        st.sampled_from(["completed", "failed", "aborted", "running"]),
        st.sampled_from(["drill", "restore"]),
        st.sampled_from([0, 0, 10, None]),
        st.tuples(*[st.one_of(st.none(), st.integers(0, 8)) for _ in range(4)]),
        st.integers(1, 20),
    ),
    min_size=1,
    max_size=6,
)


@settings(derandomize=True, deadline=None, max_examples=15)
@given(st.lists(ATTEMPTS, min_size=8, max_size=12), st.integers(5, 60), st.booleans())
def test_against_one_attempt_after_another(cases, until, declared):
    """The slow twin: attempts of one disruption are one recovery; failed, aborted and running ones end as defined."""
    rows = {f"db{c}": [_drawn(f"db{c}", i, *a) for i, a in enumerate(case)] for c, case in enumerate(cases)}
    found = recovered(*(r for case in rows.values() for r in case), until=until, declared=rows if declared else ())
    for asset, case in rows.items():
        got = found[found["service"] == asset]
        got = sorted((o, -1.0 if math.isnan(h) else h) for o, h in outcome(got))
        assert got == recovery_twin.measure(case, until, declared)


def _drawn(asset, number, status, kind, disrupted, steps, length):
    begin = 10 if disrupted is None else disrupted
    times = dict(zip(("detected_at", "declared_at", "started_at", "data_restored_at"), steps, strict=True))
    times = {k: None if v is None else begin + v for k, v in times.items()}
    back = begin + 8 + length if status == "completed" else None
    over = None if status == "running" else begin + 8 + length
    how = {"status": status, "kind": kind, "finished_at": over, "asset": asset}
    return attempt(f"{asset}-{number}", disrupted, back, **how, **times)
