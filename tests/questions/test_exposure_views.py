"""Exposure from other sides, from logs to answers: views, incidents, retention depth, real losses."""

import numpy as np
import pandas as pd
import pytest

import continuity_analysis as ca
from continuity_analysis.errors import InputError
from tests.measurements.backup_logs import at, backup, export, hours, logs_of

PERIOD = (at(0), at(240))
SHOP = {"shop": {"assets": ["db"], "objectives": {"rpo": "30h"}}}
EXPORTS = [export(since=-48, until=500)]


def daily(n=11, **more):
    """A backup every 24 h from a day before the origin, two hours long."""
    return [backup(f"b{i}", 24 * i, 24 * i + 2, 24 * i, **more) for i in range(-1, n)]


def restored(backup_id, done, **more):
    row = {"recovery_id": f"r{done}", "asset": "shop", "kind": "drill", "status": "completed", "backup_id": backup_id}
    return row | {"product": "drills", "export_id": "history", "data_restored_at": done} | more


def incident(name, start, **more):
    row = {"incident_id": name, "component": "shop", "kind": "incident", "status": "resolved", "title": name}
    row |= {"product": "pager", "export_id": "history", "started_at": start, "restored_at": start + 1}
    return row | more


def logs(rows=None, *, catalog=None, exports=None, **tables):
    return logs_of(rows or daily(), exports or EXPORTS, catalog={"services": SHOP} | (catalog or {}), **tables)


def views(logs, by="service"):
    return ca.recovery_point_views(logs, PERIOD, by=by).set_index("view")


def test_all_backups_are_those_of_the_recovery_point():
    mine, asked = views(logs()).loc["all"], ca.recovery_point(logs(), PERIOD).iloc[0]
    same = ["p50_hours", "p95_hours", "worst_hours", "mean_hours", "share_over_objective", "n", "direction"]
    assert mine[same].tolist() == asked[same].tolist()
    assert mine["p95_low_hours"] == mine["p95_hours"]


def test_without_any_evidence_each_view_says_what_is_missing():
    found = views(logs())
    assert found.loc[["proven", "off-site", "loss of primary"], "p50_hours"].isna().all()
    assert found["reason"].fillna("").tolist() == [
        "",
        "no restore and no full read of a backup of db is on record",
        "the catalogue does not say which locations are off-site (off_site)",
        "no replica's lag is on record for db",
    ]


def test_proven_counts_from_the_drill_on():
    """Proven at 12 h and at 132 h: the points of 0 h and 120 h; before the first proof nothing is known."""
    row = views(logs(recoveries=[restored("b0", 12), restored("b5", 132)])).loc["proven"]
    assert row[["covered_hours", "unknown_hours", "worst_hours", "n"]].tolist() == [228, 12, 132, 2]
    assert ca.exposure(logs(recoveries=[restored("b0", 12)]), PERIOD, view="proven")["until_hours"].tolist()[-1] == 240


def test_off_site_is_what_the_catalogue_says_and_nothing_else():
    rows = daily() + [backup(f"c{i}", 96 * i, 96 * i + 10, 96 * i, location="vault") for i in range(-1, 3)]
    found = views(logs(rows, catalog={"off_site": [{"location": "vault"}]}))
    assert found.loc["off-site", ["worst_hours", "n", "covered_hours"]].tolist() == [106, 4, 240]
    nowhere = views(logs(rows, catalog={"off_site": [{"location": "vault", "asset": "files"}]})).loc["off-site"]
    assert nowhere[["p50_hours", "unprotected_share", "n"]].tolist() == [np.inf, 1, 0]


def test_replicas_count_beside_backups_and_only_while_their_lag_is_known():
    lag = [{"asset": "db", "replica": "r1", "observed_at": t, "lag_seconds": 3600.0, "product": "m",
            "export_id": "history"} for t in range(120)]  # fmt: skip
    row = views(logs(lag=lag)).loc["loss of primary"]
    assert row[["covered_hours", "worst_hours", "mean_hours"]].tolist() == [
        121,
        pytest.approx(3),
        pytest.approx(1.5, abs=0.02),
    ]


def test_what_went_between_two_listings_gives_a_range():
    """Listed at 100 h, absent at 200 h: there until 100 h at least and 200 h at most."""
    rows = [*daily(9, export_id="l2"), backup("old", -47, -46, -47, export_id="l1")]
    rows += [r | {"export_id": "l1"} for r in daily(5)]
    exports = [export(f"l{i}", kind="listing", since=None, until=t, complete=True) for i, t in ((1, 100), (2, 200))]
    asked = logs_of(rows, exports, catalog={"services": SHOP})
    row = ca.retention_depth(asked, (at(100), at(200)), days=[7]).iloc[0]
    assert row[["share_proven", "last_days"]].tolist() == [1, pytest.approx(224 / 24)]
    assert row[["median_days", "median_days_high"]].tolist() == pytest.approx([174 / 24, 197 / 24])
    assert row[["chance_7d", "chance_7d_high"]].tolist() == pytest.approx([0.56, 0.79])
    part = ca.retention_depth(asked, (at(0), at(200)), days=[7]).iloc[0]  # what went before the first listing?
    assert part["share_proven"] < 1
    assert np.isnan(part["median_days_high"])


def test_the_same_incidents_with_what_was_at_risk():
    """Points at 0, 24, 48 ... usable two hours later: at 25 h the point of 0 h is the newest."""
    rows = [incident("a", 25, detected_at=30), incident("b", 26, acknowledged_at=27), incident("c", 40)]
    found = ca.incident_exposures(logs(incidents=rows), PERIOD).set_index("incident_id")
    assert found["hours"].to_dict() == {"a": 25, "c": 16, "b": 2}
    assert found["position"].tolist() == pytest.approx([23 / 24, 14 / 24, 0])
    assert found["survived"].tolist() == [True, pd.NA, True]
    assert found.loc["a", ["hours_when_noticed", "backup_id"]].tolist() == [1, "b0"]  # that of 24 h was ready by then
    assert hours(found["noticed_at"].dropna()) == [30, 27]


def test_a_point_that_expired_before_the_incident_was_noticed_did_not_survive():
    rows = [*daily(3, expires_at=60), backup("late", 58, 59, 58)]
    asked = logs(rows, incidents=[incident("a", 55, detected_at=61)])
    found = ca.incident_exposures(asked, PERIOD).iloc[0]
    assert found[["hours", "hours_when_noticed", "survived"]].tolist() == [7, np.inf, False]
    every = ca.exposure_at_incidents(asked, PERIOD).set_index("service")
    assert every.loc["all services", ["n", "n_lost", "n_noticed"]].tolist() == [1, 1, 1]


def test_an_incident_that_disrupted_two_services_counts_once_in_all():
    services = SHOP | {"desk": {"assets": ["db"]}}
    rows = [incident("a", 25), incident("a", 30, component="desk"), incident("b", 60)]
    found = ca.exposure_at_incidents(logs(incidents=rows, catalog={"services": services}), PERIOD)
    assert found.set_index("service")["n"].to_dict() == {"desk": 1, "shop": 2, "all services": 2}


def test_incidents_outside_the_period_and_without_exposure():
    found = ca.exposure_at_incidents(logs(incidents=[incident("a", 241), incident("b", -1)]), PERIOD)
    assert found["n"].tolist() == [0, 0]
    assert ca.exposure_at_incidents(logs(), PERIOD)["mean_position"].isna().all()


def test_depth_of_a_service_is_that_of_its_shallowest_asset():
    rows = daily() + [r | {"asset": "files", "expires_at": r["finished_at"] + 48} for r in daily()]
    services = {"shop": {"assets": ["db", "files"]}}
    asked = logs(rows, catalog={"services": services})
    row = ca.retention_depth(asked, PERIOD, days=[1, 3]).iloc[0]
    files = ca.retention_depth(asked, PERIOD, by="asset", days=[1, 3]).set_index("asset").loc["files"]
    assert (
        row[["min_days", "median_days", "chance_3d"]].tolist()
        == files[["min_days", "median_days", "chance_3d"]].tolist()
    )
    pieces = ca.retention(asked, PERIOD)
    assert set(pieces["asset"]) == {"files"}
    law = ca.retention_law(asked, PERIOD)
    assert np.interp(1, law["days"], law["chance"]) == pytest.approx(row["chance_1d"])


@pytest.mark.parametrize("days", [[], [0], [-1], [float("nan")]])
def test_a_delay_must_be_positive(days):
    with pytest.raises(InputError, match="positive numbers"):
        ca.retention_depth(logs(), PERIOD, days=days)


def test_a_view_must_exist():
    with pytest.raises(InputError, match="one of all, proven, off-site, loss of primary, got 'mirror'"):
        ca.exposure(logs(), PERIOD, view="mirror")


def lost(*recoveries):
    return ca.realised_loss(logs(recoveries=list(recoveries))).set_index("recovery_id").sort_index()


def test_what_was_lost_and_whether_a_log_shows_it():
    times = {"disrupted_at": 50, "started_at": 51, "data_restored_at": 52}
    found = lost(
        restored("b2", 1, **times, recovery_point_at=48),
        restored("b1", 2, **times, recovery_point_at=24),  # an older one than they had to
        restored(None, 3, **times, recovery_point_at=49),  # an hour after the newest on record
        restored("b2", 4, **times, recovery_point_at=48 - 0.5 / 60),  # to the minute
        restored("x9", 5, **times, recovery_point_at=48),
        restored(None, 6, **times),
        restored(None, 7, disrupted_at=-60, started_at=-58, recovery_point_at=-62),
    )
    assert found["lost_hours"].tolist() == pytest.approx([2, 26, 1, 2 + 0.5 / 60, 2, np.nan, 2], nan_ok=True)
    assert found["at_risk_hours"].tolist() == [2] * 6 + [np.inf]
    assert found["gap_hours"].round(3).tolist() == pytest.approx([0, 0, 1, 0, 0, np.nan, np.nan], nan_ok=True)
    assert found["evidence"].fillna("").tolist() == [
        "on record", "on record", "no listing shows it", "on record", "backup not on record", "", "nobody was watching",
    ]  # fmt: skip


def test_only_completed_recoveries_of_the_period():
    times = {"disrupted_at": 50, "started_at": 51, "recovery_point_at": 48}
    asked = logs(recoveries=[restored("b2", 52, **times), restored("b2", 53, **times, status="failed")])
    assert ca.realised_loss(asked)["recovery_id"].tolist() == ["r52"]
    assert ca.realised_loss(asked, period=(at(60), at(70))).empty


def test_nothing_on_record():
    empty = logs_of([], [], catalog={"services": SHOP})
    assert ca.recovery_point_views(empty, PERIOD)["p50_hours"].isna().all()
    assert ca.retention_depth(empty, PERIOD)["covered_hours"].tolist() == [0]
    assert ca.exposure_at_incidents(empty, PERIOD)["n"].tolist() == [0, 0]
    assert ca.incident_exposures(empty, PERIOD).empty
    assert ca.realised_loss(empty).empty
