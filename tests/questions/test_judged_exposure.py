"""The disruption that an objective is judged against: corruption or attack, unless it says loss of primary."""

import numpy as np
import pandas as pd
import pytest

import continuity_analysis as ca
from continuity_analysis.catalog import read_catalog
from continuity_analysis.errors import CatalogError
from continuity_analysis.figures.question_tables import recovery_point_table
from tests.measurements.backup_logs import at, backup, export, logs_of

PERIOD = (at(0), at(240))
RPO = {"within": "6h", "for": "100%"}
PRIMARY = RPO | {"against": "loss of primary"}


def lag(seconds=3600.0, hours=range(-2, 242)):
    """A replica seen every hour, so far behind."""
    row = {"asset": "db", "replica": "r1", "lag_seconds": seconds, "product": "m", "export_id": "history"}
    return [row | {"observed_at": t} for t in hours]


def logs(samples=(), **services):
    """Daily backups, two hours long: up to 26 h are at risk when the data is corrupted."""
    rows = [backup(f"b{i}", 24 * i, 24 * i + 2, 24 * i) for i in range(-1, 11)]
    stated = {name: {"assets": ["db"], "tier": 1, "objectives": {"rpo": rpo}} for name, rpo in services.items()}
    more = {"lag": list(samples)} if len(samples) else {}
    return logs_of(rows, [export(since=-48, until=500)], catalog={"services": stated}, **more)


@pytest.fixture(scope="module")
def both():
    return logs(lag(), plain=RPO, copied=PRIMARY)


def test_the_same_backups_and_replicas_keep_one_promise_and_break_the_other(both):
    """A replica one hour behind, seen hourly: at most two hours are lost with the primary, 26 when both are corrupt."""
    found = ca.recovery_point(both, PERIOD).set_index("service")
    told = ["against", "verdict", "worst_hours", "covered_hours", "n_episodes"]
    assert found.loc["plain", told].tolist() == ["corruption or attack", "BREACHED", 26, 240, 11]
    assert found.loc["copied", told].tolist() == ["loss of primary", "MET", 2, 240, 0]
    assert found.loc["copied", "mean_hours"] == pytest.approx(1.5)
    assert found.loc["copied", ["expected", "chance_next_period"]].isna().all()


def test_curves_and_episodes_are_of_what_is_judged(both):
    ages = ca.exposure(both, PERIOD).groupby("service")["until_hours"].max()
    assert ages.to_dict() == {"copied": 2, "plain": 26}
    assert ca.exposure(both, PERIOD, view="all").groupby("service")["until_hours"].max().to_dict() == dict.fromkeys(
        ["copied", "plain"], 26
    )
    assert ca.exposure_law(both, PERIOD).groupby("service")["hours"].max().to_dict() == {"copied": 2, "plain": 26}
    assert set(ca.exposure_episodes(both, PERIOD)["service"]) == {"plain"}


def test_the_scorecard_says_which_was_judged(both):
    card = ca.scorecard(both, PERIOD)
    card = card[card["objective"] == "rpo"].set_index("service")
    assert card["achieved"].to_dict() == {"plain": 26 * 3600, "copied": 2 * 3600}
    assert card.loc["plain", "assumed"].startswith("judged against corruption or attack")
    assert card.loc["copied", "assumed"].startswith("judged against loss of primary")
    assert "of backups and logs only (corruption or attack)" in card.loc["plain", "definition"]
    assert "of backups, logs and replicas (loss of primary)" in card.loc["copied", "definition"]
    assert "Judged against" in recovery_point_table(ca.recovery_point(both, PERIOD)).columns


def test_replicas_too_far_behind_break_the_promise_and_are_the_cause():
    found = logs(lag(7 * 3600.0), copied=PRIMARY)
    row = ca.recovery_point(found, PERIOD).iloc[0]
    assert (row["verdict"], row["worst_hours"]) == ("BREACHED", 8)
    assert set(ca.exposure_episodes(found, PERIOD)["cause"]) == {"replicas behind"}


def test_without_lag_on_record_nothing_is_known_and_the_reason_says_so():
    row = ca.recovery_point(logs(copied=PRIMARY), PERIOD).iloc[0]
    assert (row["verdict"], row["reason"]) == ("INSUFFICIENT", "no replica's lag is on record for db")
    assert np.isnan(row["worst_hours"])


def test_while_no_replica_is_seen_nothing_is_known():
    """The last of hourly samples, at 120 h, is relied upon for two more."""
    row = ca.recovery_point(logs(lag(hours=range(-2, 121)), copied=PRIMARY), PERIOD).iloc[0]
    assert row[["covered_hours", "unknown_hours", "worst_hours"]].tolist() == [122, 118, 3]


def test_a_tier_is_judged_against_corruption_only(both):
    row = ca.recovery_point(both, PERIOD, by="tier").iloc[0]
    assert (row["against"], row["verdict"], row["worst_hours"]) == ("corruption or attack", "NOT_SET", 26)
    assert "loss of primary" in row["reason"]
    alike = ca.recovery_point(logs(lag(), a=PRIMARY, b=PRIMARY), PERIOD, by="tier").iloc[0]
    assert pd.isna(alike["objective"])


def test_cycles_of_backups_foresee_nothing_of_replicas(both):
    found = ca.expected_recovery_point(both, PERIOD).set_index("service")
    assert found.loc["copied", "reason"].startswith("judged against loss of primary")
    assert found.loc["copied", ["chance", "coming_worst_hours"]].isna().all()
    assert not found.loc["plain", "reason"].startswith("judged against")


def test_the_catalogue_names_the_two():
    with pytest.raises(CatalogError, match=r"rpo.against: .*'corruption or attack' or 'loss of primary'.*got 'fire'"):
        read_catalog({"services": {"a": {"objectives": {"rpo": RPO | {"against": "fire"}}}}})
    stated = read_catalog({"services": {"a": {"objectives": {"rpo": "6h"}}}}).services["a"].objectives.rpo
    assert stated.against is None
