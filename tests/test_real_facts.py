"""Real exports, where they lie beside the project: our figures are those of a script that shares no code with us."""

import shutil
from pathlib import Path

import pytest

import continuity_analysis as ca
from tests import real_facts

pytestmark = pytest.mark.skipif(not real_facts.REAL.is_dir(), reason="the real logs are not part of the project")
DOCUMENT = Path(__file__).parent.parent / "docs" / "real_backups.md"


def read(name, tmp_path):
    """The logs of one file, or of all that a pattern names, as one service with all its evidence."""
    services = {"all": {"assets": ["*"], "evidence_max_age_days": 100_000}}
    for path in real_facts.REAL.glob(name):
        shutil.copy(path, tmp_path / path.name)
    return ca.read_logs(tmp_path, catalog={"services": services}, timezone="UTC")


@pytest.mark.parametrize("name", real_facts.RESTORES)
def test_restores_take_as_long_as_the_script_says(name, tmp_path):
    facts = real_facts.restore_facts(name)
    row = ca.recovery_time(read(name, tmp_path)).set_index("service").loc["all"]
    assert row[["n", "n_data_only", "n_evaluable"]].tolist() == [facts["n"], facts["n"], 0]
    assert (read(name, tmp_path).recoveries["status"] == "completed").sum() == facts["completed"]
    assert row["data_worst_hours"] * 3600 == pytest.approx(facts["longest"], abs=1e-5)
    assert row["data_median_hours"] * 3600 == pytest.approx(facts["median"], abs=1e-5)
    assert row["verdict"] == "NOT_SET"


@pytest.mark.parametrize("name", real_facts.BACKUPS)
def test_backups_leave_at_risk_what_the_script_says(name, tmp_path):
    facts, logs = real_facts.backup_facts(name), read(name, tmp_path)
    points = logs.backups["recovery_point_at"].fillna(logs.backups["started_at"]).sort_values()
    assert (len(points), points.iloc[-1].to_pydatetime()) == (facts["n"], facts["newest"])
    assert points.diff().max().total_seconds() == pytest.approx(facts["gap"], abs=1e-6)
    row = ca.recovery_point(logs, (facts["from"], facts["until"])).iloc[0]
    assert row["worst_hours"] * 3600 == pytest.approx(facts["largest"], abs=1e-4)
    if "pbm" in name:  # each file vouches for its own run only: of the time between the two nothing is known
        assert row["unknown_hours"] > 40
    else:
        assert row["mean_hours"] * 3600 == pytest.approx(facts["mean"], abs=1e-4)
    assert row["unprotected_share"] == 0


def test_the_law_of_a_hundred_restores_is_told(tmp_path):
    found = ca.fitted_recovery_time(read("atlas/flex_restoreJobs_list_page1.json", tmp_path))
    best = found[(found["service"] == "all") & (found["verdict"] == "best")].iloc[0]
    assert best[["measures", "n", "n_restored"]].tolist() == ["data alone", 100, 100]


def test_the_document_holds_the_facts_of_the_files():
    assert real_facts.tables() in DOCUMENT.read_text(encoding="utf-8")
