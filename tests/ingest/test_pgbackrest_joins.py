"""A run of pgBackRest's, told by its logs and by a listing: one row."""

import shutil
from pathlib import Path

import pandas as pd

from continuity_analysis.logs import read_logs
from continuity_analysis.measurements.usable_backups import measure_usable_backups

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
SAMPLES = (
    "pgbackrest_log/orders-backup.log",
    "pgbackrest_expire_log/orders-expire.log",
    "pgbackrest_verify_log/orders-verify.log",
    "pgbackrest_info/what_the_logs_tell_of.json",
)


def test_logs_and_a_listing_of_the_same_runs_make_one_row_each(tmp_path):
    for name in SAMPLES:
        shutil.copy(FIXTURES / name, tmp_path)
    backups = read_logs(tmp_path, timezone="Europe/Rome").backups
    made = backups[~backups["backup_id"].str.contains("/run/")].set_index("backup_id")
    assert len(backups) == 10 and len(made) == 6 and made.index.is_unique
    listed = made[made["size_bytes"].notna()]
    assert sorted(listed["location"]) == ["repo1", "repo2"]
    assert listed["removed_at"].isna().all()
    gone = made[made["removed_at"].notna()]
    assert len(gone) == 4 and set(gone["status"]) == {"completed"} and gone["started_at"].notna().all()
    assert (gone["removed_at"] > gone["finished_at"]).all()
    assert gone["removed_at"].max() - gone["removed_at"].min() < pd.Timedelta(minutes=1)
    damaged = listed.loc[listed["location"] == "repo1"].iloc[0]
    assert (damaged["status"], damaged["error"]) == ("partial", "pages failed their checksum")
    assert (damaged["verified_by"], damaged["verified_result"]) == ("full_read", "failed")


def test_without_a_listing_a_backup_counts_until_expiry_removed_it(tmp_path):
    for name in SAMPLES[:2]:
        shutil.copy(FIXTURES / name, tmp_path)
    logs = read_logs(tmp_path, timezone="Europe/Rome")
    usable = measure_usable_backups(logs.backups, logs.exports)
    first = usable[usable["backup_id"].str.contains("F_") & usable["usable"]]
    assert len(first) == 3
    assert (first["usable_until_at"] - first["usable_from_at"] > pd.Timedelta(seconds=60)).all()
