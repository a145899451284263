"""The questions on recovery points, from logs to verdicts."""

import numpy as np
import pandas as pd
import pytest

import continuity_analysis as ca
from continuity_analysis.errors import InputError
from continuity_analysis.questions.exposed import BY
from continuity_analysis.questions.recovery_point import COLUMNS
from tests.measurements.backup_logs import at, backup, export, hours, logs_of

PERIOD = (at(0), at(240))
SHOP = {"shop": {"assets": ["db"], "objectives": {"rpo": "30h"}}}


def daily(n=11, *, skip=(), asset="db", run=2, first=-1, **more):
    """A backup every 24 h from a day before the origin; `skip` names the failed ones."""
    status = {i: "failed" if i in skip else "completed" for i in range(first, n)}
    return [
        backup(f"{asset}{i}", 24 * i, 24 * i + run, 24 * i, asset=asset, status=s, **more) for i, s in status.items()
    ]


def asked(rows, exports=None, *, services=SHOP, as_of=None, period=PERIOD, by="service"):
    exports = exports or [export(since=-48, until=500)]
    logs = logs_of(rows, exports, catalog={"services": services} if services else None, as_of=as_of)
    return ca.recovery_point(logs, period, by=by).set_index(by)


def test_a_regular_schedule():
    row = asked(daily()).loc["shop"]
    assert row[["mean_hours", "worst_hours", "covered_hours", "n", "n_episodes"]].tolist() == [14, 26, 240, 11, 0]
    assert row[["objective", "share_promised", "verdict", "direction"]].tolist() == [30, 1, "MET", "exact"]
    assert list(asked(daily()).reset_index().columns) == ["service", *COLUMNS]


def test_a_failed_run_breaches():
    row = asked(daily(skip=[3])).loc["shop"]
    assert row[["worst_hours", "n_episodes", "verdict"]].tolist() == [50, 1, "BREACHED"]
    assert row["share_over_objective"] == pytest.approx(20 / 240)


def test_a_share_allows_some_of_it():
    services = {"shop": {"assets": ["db"], "objectives": {"rpo": {"within": "30h", "for": "90%"}}}}
    assert asked(daily(skip=[3]), services=services).loc["shop", "verdict"] == "MET"


def test_without_a_catalogue_every_asset_is_its_own_service():
    found = asked(daily() + daily(asset="files"), services=None)
    assert sorted(found.index) == ["db", "files"]
    assert (found["verdict"] == "NOT_SET").all()
    assert found["objective"].isna().all()


def test_a_service_has_the_worst_of_its_assets_and_the_worst_comes_first():
    services = {"shop": {"assets": ["db", "files"]}, "desk": {"assets": ["files"]}}
    found = asked(daily() + daily(asset="files", skip=[3]), services=services)
    assert found["worst_hours"].to_dict() == {"desk": 50, "shop": 50}
    by_asset = asked(daily() + daily(asset="files", skip=[3]), services=services, by="asset")
    assert by_asset["worst_hours"].to_dict() == {"files": 50, "db": 26}
    assert by_asset.index[0] == "files"


def test_an_asset_that_was_never_seen_leaves_the_service_unknown():
    services = {"shop": {"assets": ["db", "archive"], "objectives": {"rpo": "30h"}}}
    row = asked(daily(), services=services).loc["shop"]
    assert row[["covered_hours", "unknown_hours", "verdict"]].tolist() == [0, 240, "INSUFFICIENT"]


def test_a_promise_without_backups_is_insufficient():
    row = asked([], services={"shop": {"objectives": {"rpo": "30h"}}}).loc["shop"]
    assert row[["n", "verdict"]].tolist() == [0, "INSUFFICIENT"]


def test_no_source_after_the_last_export():
    row = asked(daily(5), [export(since=-48, until=120)], as_of=200).loc["shop"]
    assert row[["covered_hours", "unknown_hours"]].tolist() == [120, 80]


def test_one_listing_may_meet_but_never_breach():
    listing = [export("list", kind="listing", since=None, until=241)]
    rows = [r | {"export_id": "list"} for r in daily()]
    assert asked(rows, listing).loc["shop", "verdict"] == "MET"
    row = asked([r for r in rows if r["backup_id"] != "db3"], listing).loc["shop"]
    assert row[["worst_hours", "share_over_proven", "verdict"]].tolist() == [50, 0, "INSUFFICIENT"]
    assert "listings" in row["reason"]


def test_listings_made_every_day_may_breach():
    listings = [export(f"list{m}", kind="listing", since=None, until=m) for m in range(0, 264, 24)]
    rows = [r | {"export_id": e["export_id"]} for r in daily(skip=[]) for e in listings
            if r["finished_at"] <= e["observed_at"] and r["backup_id"] != "db3"]  # fmt: skip
    row = asked(rows, listings).loc["shop"]
    assert row[["worst_hours", "verdict"]].tolist() == [50, "BREACHED"]


def test_missing_run_times_are_marked_and_decide_where_they_could():
    rows = [r | {"finished_at": None, "recovery_point_basis": "cursor"} for r in daily()]
    row = asked(rows).loc["shop"]
    assert row[["direction", "worst_hours", "verdict"]].tolist() == ["lower bound", 24, "INSUFFICIENT"]
    roomy = {"shop": {"assets": ["db"], "objectives": {"rpo": "60h"}}}
    assert asked(rows, services=roomy).loc["shop", "verdict"] == "MET"


def test_assumed_points_are_counted():
    rows = [r | {"recovery_point_at": None} for r in daily()]
    assert asked(rows).loc["shop", "share_assumed"] == 1


def test_partial_backups_count_where_every_service_accepts_them():
    rows = [*daily(), backup("p", 60, 61, 60, status="partial")]
    services = {"shop": {"assets": ["db"], "accept_partial": True, "objectives": {"rpo": "30h"}}}
    assert asked(rows, services=services).loc["shop", "n"] == 12
    services = {**services, "desk": {"assets": ["db"]}}
    assert asked(rows, services=services).loc["shop", "n"] == 11


def test_in_service_since_and_until():
    services = {"shop": {"assets": ["db"], "in_service_since": str(at(24)), "retired_at": str(at(48))}}
    row = asked(daily(), services=services).loc["shop"]
    assert row[["covered_hours", "unknown_hours"]].tolist() == [24, 0]


def test_in_service_since_before_the_first_backup_was_unprotected():
    services = {"shop": {"assets": ["db"], "in_service_since": str(at(10))}}
    row = asked(daily(first=1), services=services).loc["shop"]
    assert row["unprotected_share"] == pytest.approx(16 / 230)


def test_a_window_of_runs_does_not_prove_that_there_was_nothing_before_it():
    services = {"shop": {**SHOP["shop"], "in_service_since": str(at(-1000))}}
    row = asked(daily(first=1), [export(kind="window", since=24, until=240)], services=services).loc["shop"]
    assert row[["unprotected_share", "unknown_hours", "verdict"]].tolist() == [0, 26, "MET"]


def test_a_backup_counts_until_it_was_last_seen_though_it_is_said_to_be_deleted_later():
    exports = [export(f"l{m}", kind="listing", until=m, since=None) for m in (20, 30, 240)]
    first = backup("a", 0, 2, 0, export_id="l20")
    rows = [first, first | {"export_id": "l30", "status": "deleted"}, backup("b", 40, 42, 40, export_id="l240")]
    row = asked(rows, exports).loc["shop"]
    assert row["covered_hours"] == 238
    assert row["unprotected_share"] == pytest.approx(22 / 238)


def test_an_unfinished_period_is_provisional():
    row = asked(daily(skip=[3]), as_of=120).loc["shop"]
    assert row["verdict"] == "BREACHED"
    assert not row["provisional"]
    services = {"shop": {"assets": ["db"], "objectives": {"rpo": {"within": "30h", "for": "90%"}}}}
    row = asked(daily(skip=[3]), services=services, as_of=120).loc["shop"]
    assert row["share_over_objective"] == pytest.approx(20 / 120)
    assert row[["verdict", "provisional"]].tolist() == ["AT_RISK", True]
    assert asked(daily(), as_of=120).loc["shop", ["verdict", "provisional"]].tolist() == ["MET", True]


def test_the_allowance_of_an_unfinished_period_is_that_of_the_time_in_service():
    shop = {"assets": ["db"], "objectives": {"rpo": {"within": "30h", "for": "90%"}}}
    whole = asked(daily(skip=[5]), services={"shop": shop}, as_of=150).loc["shop"]
    assert whole["verdict"] == "AT_RISK"  # 20 h over of the 24 h that 240 h allow
    late = asked(daily(skip=[5]), services={"shop": shop | {"in_service_since": at(100)}}, as_of=150).loc["shop"]
    assert late["verdict"] == "BREACHED"  # of the 14 h that 140 h allow


def test_exposure_as_pieces():
    logs = logs_of([backup("a", 0, 1, 0, expires_at=30), backup("b", 40, 41, 40)], [export(until=60)], as_of=100)
    found = ca.exposure(logs, (at(0), at(80)))
    assert hours(found["from_at"]) == [1, 30, 41, 60]
    assert hours(found["until_at"]) == [30, 41, 60, 80]
    assert found["state"].tolist() == ["protected", "unprotected", "protected", "unknown"]
    assert found["from_hours"].tolist() == [1, np.inf, 1, pytest.approx(np.nan, nan_ok=True)]
    assert found["until_hours"].tolist()[:3] == [30, np.inf, 20]
    assert found["backup_id"].fillna("").tolist() == ["a", "", "b", ""]


def test_law_and_episodes():
    logs = logs_of(daily(skip=[3]), [export(since=-48, until=500)], catalog={"services": SHOP})
    law = ca.exposure_law(logs, PERIOD)
    assert np.interp(30, law["hours"], law["share_longer"]) == pytest.approx(20 / 240)
    episodes = ca.exposure_episodes(logs, PERIOD)
    assert episodes[["service", "cause", "worst_hours"]].iloc[0].tolist() == ["shop", "failed", 50]
    assert hours(episodes["from_at"]) == [78]


def test_by_must_be_known():
    with pytest.raises(InputError, match="service, asset"):
        asked(daily(), by="team")


def test_nothing_at_all():
    logs = logs_of([], [])
    for question in (ca.recovery_point, ca.exposure, ca.exposure_law, ca.exposure_episodes):
        for by in BY:
            assert question(logs, PERIOD, by=by).empty


def test_hundreds_of_services():
    rows = [r for i in range(300) for r in daily(4, asset=f"db-{i}", skip=[2] if i % 3 == 0 else [])]
    services = {f"shop-{i}": {"assets": [f"db-{i}"], "objectives": {"rpo": "30h"}} for i in range(300)}
    found = asked(rows, services=services, period=(at(0), at(72)))
    assert found["verdict"].value_counts().to_dict() == {"MET": 200, "BREACHED": 100}
    assert isinstance(found.index, pd.Index)
