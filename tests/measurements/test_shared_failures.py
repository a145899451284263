import pandas as pd

from continuity_analysis.measurements.shared_failures import measure_shared_failures


def test_failures_of_several_services_that_begin_close_to_each_other():
    rows = [
        (0, "10:00"),
        (0, "12:00"),
        (0, "12:05"),
        (1, "10:10"),
        (1, "10:40"),
        (2, "10:20"),
        (2, "12:30"),
        (1, "12:41"),
    ]
    failures = pd.DataFrame(rows, columns=["group", "at"])
    failures["started_at"] = pd.to_datetime("2026-07-01 " + failures["at"], utc=True)
    # 10:00, 10:10, 10:20 are one; 12:00 and 12:05 are of one service; 12:30 and 12:41 are another
    assert measure_shared_failures(failures).tolist() == [0, -1, -1, 0, -1, 0, 1, 1]
    assert measure_shared_failures(failures, within_hours=1 / 60).tolist() == [-1] * 8
    assert measure_shared_failures(failures[:0]).empty
