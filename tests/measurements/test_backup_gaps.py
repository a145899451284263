"""The schedule as it can be read off backups."""

from continuity_analysis.measurements.backup_gaps import measure_backup_gaps
from continuity_analysis.questions.exposed import observe_exposure
from tests.measurements.backup_logs import at, backup, logs_of


def test_gaps_between_backups_count_failed_runs_and_not_copies():
    runs = [backup(f"b{i}", 24 * i, 24 * i + 1, 24 * i + 1) for i in range(5)]
    runs[2] |= {"status": "failed", "recovery_point_at": None}
    copies = [backup("b1", 24, 30, 25, location="far")]
    chunk = backup("chunk", 40, 41, 41, method="log", covers_from_at=25)
    logs = logs_of([*runs, *copies, backup("base", 1, 2, 2, asset="db2"), chunk | {"asset": "db2"}])
    usable = observe_exposure(logs, (at(0), at(1000)), "asset").usable
    found = measure_backup_gaps(usable, start=at(0), end=at(1000)).set_index("asset")
    assert found.loc["db", ["n", "interval_hours", "run_hours"]].to_list() == [4, 24, 1]
    assert not found.loc["db", "continuous"]
    part = measure_backup_gaps(usable, start=at(20), end=at(60)).set_index("asset")
    assert part.loc["db", ["n", "interval_hours"]].to_list() == [1, 24]
    assert found.loc["db2", ["n", "continuous"]].to_list() == [0, True]
