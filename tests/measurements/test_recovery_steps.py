"""Steps of recoveries: from the begin of work to the service, one named case each."""

import numpy as np

from continuity_analysis.measurements.recoveries import measure_recoveries
from continuity_analysis.measurements.recovery_steps import measure_steps
from tests.measurements.backup_logs import at, logs_of


def steps(*attempts):
    rows = [
        {"recovery_id": f"r{i}", "asset": "db", "kind": "drill", "status": "completed", "scope": "end_to_end",
         "product": "tool", "export_id": "drills"} | a
        for i, a in enumerate(attempts)
    ]  # fmt: skip
    logs = logs_of([], recoveries=rows, as_of=2000)
    return measure_steps(measure_recoveries(logs.recoveries, until=at(1000)))


def test_data_then_bringing_back():
    found = steps(
        {"disrupted_at": 1, "declared_at": 2, "started_at": 4, "data_restored_at": 7, "service_restored_at": 8}
    )
    row = found.iloc[0]
    assert row[["data_hours", "back_hours", "from_disruption", "from_declaration"]].tolist() == [3, 1, 3, 2]
    assert (row["whole"], row["outcome"]) == (True, "restored")


def test_without_a_moment_for_data_all_is_bringing_back():
    assert steps({"disrupted_at": 1, "started_at": 4, "service_restored_at": 8})[["data_hours", "back_hours"]].iloc[
        0
    ].tolist() == [0, 4]


def test_work_begins_with_the_last_moment_known_before_it():
    found = steps({"disrupted_at": 1, "detected_at": 3, "service_restored_at": 8}).iloc[0]
    assert (found["back_hours"], found["from_disruption"]) == (5, 2)


def test_failed_never_and_called_off_at_least():
    found = steps({"disrupted_at": 1, "started_at": 2, "status": "failed", "finished_at": 9},
                  {"disrupted_at": 11, "started_at": 12, "status": "aborted", "finished_at": 15},
                  {"disrupted_at": 21, "started_at": 22, "status": "running"})  # fmt: skip
    assert found["outcome"].tolist() == ["never", "censored", "censored"]
    assert found["back_hours"].tolist() == [np.inf, 3, 978]
    assert found["data_hours"].tolist() == [np.inf, 0, 0]


def test_data_alone_is_marked():
    found = steps({"scope": "data", "started_at": 1, "data_restored_at": 3},
                  {"scope": "data", "started_at": 11, "status": "aborted", "finished_at": 12},
                  {"scope": "data", "started_at": 21, "status": "failed", "finished_at": 22})  # fmt: skip
    assert found["whole"].tolist() == [False] * 3
    assert found["outcome"].tolist() == ["restored", "censored", "never"]
    assert found["data_hours"].tolist() == [2, 0, np.inf]
    assert found["back_hours"].tolist() == [0, 1, 0]
    assert found["from_disruption"].isna().all()


def test_no_recoveries():
    assert steps().empty
