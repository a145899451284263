"""Readiness from logs: what each check is answered from, as things stood at a moment."""

import pytest

from continuity_analysis.questions.readiness import readiness, readiness_counts
from tests.measurements.backup_logs import at, backup, export, logs_of

DAY = 24
SHOP = {"components": ["web", "api"], "assets": ["db"], "in_service_since": "2026-07-01", "depends_on": ["queue"]}
QUEUE = {"components": ["queue"], "in_service_since": "2026-07-01"}


def catalog(*, common=None, off_site=(), **own):
    elsewhere = [{"location": pattern} for pattern in off_site]
    services = {"shop": SHOP | {"readiness": own}, "queue": QUEUE}
    return {"readiness": common or {}, "off_site": elsewhere, "services": services}


def seen(component="web", hours=900, **state):
    known = {"replicas": 3, "ready": 3, "nodes": 3, "zones": 2, "autoscaled": True, "disruption_budget": True}
    row = {"component": component, "observed_at": hours, "product": "kube", "export_id": "k", "record_no": 1}
    return row | known | state


def change(began, ended, *, component="web", kind="deployment", status="completed"):
    ident = f"{component}-{began}"
    return {"change_id": ident, "component": component, "kind": kind, "status": status, "started_at": began,
            "finished_at": ended, "product": "ci", "format": "ci_runs", "export_id": "ci", "record_no": 1}  # fmt: skip


def drill(began, back, *, status="completed", findings=None, kind="drill", scope="end_to_end", asset="db", **more):
    row = {"recovery_id": f"D{began}", "asset": asset, "kind": kind, "status": status, "disrupted_at": began,
           "started_at": began, "data_restored_at": back, "service_restored_at": back, "finished_at": back or began + 1,
           "scope": scope, "findings": findings, "product": "drills", "format": "drills_csv", "export_id": "dr",
           "record_no": 1}  # fmt: skip
    return row | more


def outage(component, began, ended, **more):
    row = {"incident_id": f"{component}-{began}", "component": component, "started_at": began, "restored_at": ended,
           "impact": 1.0, "status": "resolved", "kind": "incident", "product": "pager", "format": "pager_incidents",
           "export_id": "p", "record_no": 1, "planned": False}  # fmt: skip
    return row | more


EXPORTS = [
    export(),
    export("ci", product="ci", format="ci_runs", kind="window", scope=None),
    export("dr", product="drills", format="drills_csv", kind="listing", scope=None),
    export("p", product="pager", format="pager_incidents", kind="window", scope=None),
]


def ready(backups=(), *, period=None, stated=None, **tables):
    logs = logs_of(list(backups), EXPORTS, catalog=stated or catalog(), as_of=1000, **tables)
    found = readiness(logs, period=period)
    return found[found["service"] == "shop"].set_index("check")


def test_the_newest_state_of_each_workload_counts_as_it_was_at_the_end_of_the_period():
    states = [seen(hours=100, ready=1), seen(hours=900, ready=3), seen("api", hours=500, zones=1)]
    now = ready(workloads=states)
    assert now.loc[["replicas", "nodes", "autoscaling"], "result"].to_list() == ["PASS"] * 3
    assert now.loc["zones", "result"] == "FAIL"
    assert now.loc["zones", "evidence"] == "api: different zones: 1 on 2026-07-21"
    assert now.loc["zones", "evidence_at"] == at(500)
    before = ready(workloads=states, period=(at(0), at(200)))
    assert before.loc["replicas", ["result", "evidence"]].to_list() == [
        "FAIL", "web: replicas ready: 1 of 3 asked for on 2026-07-05"
    ]  # fmt: skip
    assert before.loc["zones", "result"] == "PASS"


def test_pipelines_by_the_last_deployment_of_each_component_and_what_ended_later_still_ran():
    rows = [change(10, 11), change(500, 501, status="failed"), change(600, 990), change(700, 701, component="api")]
    assert ready(changes=rows).loc["pipeline_green", "result"] == "PASS"
    before = ready(changes=rows, period=(at(0), at(800))).loc["pipeline_green"]
    assert before["result"] == "FAIL" and before["evidence"] == "web: last deployment failed on 2026-07-21"


def test_a_deployment_that_was_rolled_back_is_not_green_and_the_roll_back_was_tried():
    found = ready(changes=[change(10, 11), change(500, 501), change(502, 503, kind="rollback")])
    assert found.loc["pipeline_green", "evidence"] == "web: last deployment rolled back on 2026-07-21"
    assert found.loc["rollback_tried", "result"] == "PASS"
    assert found.loc["pipeline_recent", "evidence_at"] == at(11)


def test_what_is_not_on_record_fails_only_if_it_was_recorded_for_long_enough():
    rows = [change(10, 11)]
    assert ready(changes=rows).loc["rollback_tried", "result"] == "UNKNOWN"  # recorded for 41 days of 365
    strict = catalog(rollback_max_age_days=30, pipeline_max_age_days=30)
    found = ready(changes=rows, stated=strict)
    assert found.loc[["rollback_tried", "pipeline_recent"], "result"].to_list() == ["FAIL", "FAIL"]
    assert found.loc["rollback_tried", "asks"] == "rolled back, for real or as a trial, within 30 days"


def test_backups_at_a_moment_their_places_and_their_proof():
    copies = [backup("a", 900, 901, 901, recovery_point_basis="backup_end", location="near"),
              backup("a", 900, 905, 901, recovery_point_basis="backup_end", location="far-1")]  # fmt: skip
    found = ready(copies, stated=catalog(off_site=["far-*"]), recoveries=[drill(950, 953)])
    assert found.loc[["backups_consistent", "backups_off_site", "backups_proven"], "result"].to_list() == ["PASS"] * 3
    assert found.loc["backups_off_site", "evidence"] == "db: copies at: far-1, near"
    assert found.loc["backups_proven", "evidence_at"] == at(953)
    early = ready(copies, stated=catalog(off_site=["far-*"]), period=(at(0), at(903)))
    assert early.loc["backups_off_site", "evidence"] == "db: copies at: near; none of them is off-site"
    assert ready(copies).loc["backups_off_site", "result"] == "UNKNOWN"


def test_a_check_that_failed_is_known_and_a_broken_chain_is_not_consistent():
    whole = backup("a", 100, 101, 101, recovery_point_basis="backup_end")
    bad = backup("b", 900, 901, 901, verified_at=910, verified_by="checksum", verified_result="failed")
    found = ready([whole, bad])
    assert found.loc["backups_consistent", "evidence"] == "db: the newest backup of 2026-08-07: failed verification"
    assert found.loc["backups_proven", "evidence"].startswith("db: a check found a backup broken on 2026-08-07")
    chained = ready([whole, backup("c", 900, 901, 901, method="incremental", parent_id="gone")])
    assert chained.loc["backups_consistent", "evidence"] == "db: the newest backup of 2026-08-07: broken chain"


def test_an_asset_of_which_no_backup_was_seen_is_unknown_and_a_service_without_assets_needs_none():
    found = readiness(logs_of([], EXPORTS, catalog=catalog(), as_of=1000)).set_index(["service", "check"])
    assert found.loc[("shop", "backups_consistent"), "evidence"] == "db: no backup of it was ever seen"
    assert found.loc[("queue", "backups_consistent"), ["result", "evidence"]].to_list() == [
        "NOT_APPLICABLE", "the catalogue states no assets of it"
    ]  # fmt: skip


def test_the_last_end_to_end_drill_decides_and_one_that_was_called_off_does_not():
    rows = [drill(100, 104), drill(300, None, status="aborted"), drill(400, 401, scope="data")]
    assert ready(recoveries=rows).loc["drill_done", "evidence_at"] == at(104)
    failed = ready(recoveries=[*rows, drill(500, None, status="failed")]).loc["drill_done"]
    assert failed["result"] == "FAIL" and "never brought it back" in failed["evidence"]


def test_findings_are_closed_by_a_later_line_or_by_the_catalogue():
    found = [drill(100, 104, findings="No key\nSlow disk"), drill(300, 304, findings="Slow disk\nfixed: No key")]
    row = ready(recoveries=found).loc["findings_closed"]
    assert row["evidence"] == "open: 1 of 2, such as “Slow disk”; found again after an earlier drill: 1"
    closed = catalog(closed_findings={"slow*": "2026-07-20"})
    assert ready(recoveries=found, stated=closed).loc["findings_closed", "result"] == "PASS"
    too_early = catalog(closed_findings={"slow*": "2026-07-10"})
    assert ready(recoveries=found, stated=too_early).loc["findings_closed", "result"] == "FAIL"
    assert ready(recoveries=found, period=(at(0), at(310)), stated=closed).loc["findings_closed", "result"] == "FAIL"


def test_reconnection_is_late_where_the_service_stayed_down_after_what_it_needs():
    both = [outage("queue", 100, 102), outage("web", 100.5, 102.1), outage("queue", 300, 302), outage("web", 301, 305)]
    row = ready(incidents=both).loc["reconnection"]
    assert row[["result", "evidence"]].to_list() == ["FAIL", "1 of 2 times within 15 min; the longest took 3 h"]
    assert row["asks"] == "back within 15 min of what it needs"
    assert ready(incidents=both, stated=catalog(reconnect_within="4h")).loc["reconnection", "result"] == "PASS"


def test_what_was_back_before_what_it_needs_or_long_ago_says_nothing_of_reconnection():
    both = [outage("queue", 900, 902), outage("web", 900, 901), outage("queue", 300, 302), outage("web", 301, 305)]
    old = catalog() | {"services": catalog()["services"] | {"shop": SHOP | {"evidence_max_age_days": 10}}}
    assert ready(incidents=both, stated=old).loc["reconnection", "result"] == "UNKNOWN"


def test_checks_that_are_skipped_or_not_chosen_do_not_apply():
    found = ready(stated=catalog(common={"checks": ["replicas", "zones"]}, skip={"zones": "one site"}))
    assert found.loc["zones", ["result", "evidence"]].to_list() == ["NOT_APPLICABLE", "one site"]
    assert found.loc["nodes", "evidence"] == "not among the checks of the catalogue"
    assert found.loc["replicas", "result"] == "UNKNOWN"


@pytest.mark.parametrize(("named", "result"), [(None, "UNKNOWN"), ([], "FAIL"), (["Second Power"], "PASS")])
def test_suppliers_are_those_of_the_catalogue(named, result):
    stated = catalog() if named is None else catalog(suppliers=named)
    assert ready(stated=stated).loc["suppliers", "result"] == result


def test_without_a_catalogue_everything_seen_is_a_service_and_without_logs_there_is_none():
    logs = logs_of([backup("a", 900, 901, 901)], EXPORTS, as_of=1000, workloads=[seen()])
    assert set(readiness(logs)["service"]) == {"db", "web"}
    assert readiness_counts(logs).set_index("service").loc["web", "n_pass"] == 5
    nothing = logs_of([], [])
    assert readiness(nothing).empty and readiness_counts(nothing).empty
