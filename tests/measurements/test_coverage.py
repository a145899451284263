from logs_in_hand import make_logs

from continuity_analysis.measurements.clock import to_hours
from continuity_analysis.measurements.coverage import measure_coverage
from continuity_analysis.measurements.intervals import lengths
from continuity_analysis.measurements.services import measure_services


def covered_hours(**rows):
    logs = make_logs(as_of="2026-08-01", **rows)
    services = measure_services(logs)
    found = measure_coverage(logs, services)
    return dict(zip(services["service"], to_hours(lengths(found, len(services))), strict=True))


def export(start, end, **more):
    return {"covers_from_at": f"2026-07-01T{start}", "covers_until_at": f"2026-07-01T{end}"} | more


INCIDENT = {"started_at": "2026-07-01T01:00", "restored_at": "2026-07-01T02:00"}


def test_exports_are_joined_each_up_to_its_own_end():
    files = [export("00:00", "06:00"), export("04:00", "08:00", export_id="b"), export("20:00", "21:00", export_id="c")]
    assert covered_hours(incidents=[INCIDENT], exports=files) == {"web": 9}


def test_what_shows_only_open_ones_or_does_not_say_since_when_vouches_for_nothing():
    silent = [
        export("00:00", "06:00", export_kind="open_only"),
        {"export_id": "b", "covers_until_at": "2026-07-01T06:00"},
        {"export_id": "c", "covers_from_at": "2026-07-01T06:00"},
    ]
    assert covered_hours(incidents=[INCIDENT], exports=silent) == {"web": 0}


def test_an_export_speaks_for_its_product_and_scope():
    page = {"product": "page", "format": "page_incidents"}
    found = covered_hours(
        incidents=[
            INCIDENT | page | {"component": "a", "export_id": "p1"},
            INCIDENT | page | {"component": "b", "export_id": "p2"},
            INCIDENT | {"component": "c", "export_id": "e1"},
        ],
        exports=[
            export("00:00", "01:00", **page, export_id="p1", scope="first page"),
            export("00:00", "02:00", **page, export_id="p2", scope="second page"),
            export("10:00", "14:00", **page, export_id="p3"),  # of no scope: all of the product
            export("00:00", "08:00"),
        ],
    )
    assert found == {"a": 5, "b": 6, "c": 8}


def test_a_product_that_the_catalogue_names_watches_without_ever_reporting():
    services = {"web": {}, "quiet": {"watched_by": ["pager"]}, "alone": {}}
    found = covered_hours(
        incidents=[INCIDENT], exports=[export("00:00", "08:00", scope="team")], catalog={"services": services}
    )
    assert found == {"alone": 0, "quiet": 8, "web": 8}


def test_listings_of_other_things_do_not_watch():
    backup = {"product": "pager", "format": "pager_backups", "export_id": "b1"}
    found = covered_hours(
        incidents=[INCIDENT],
        backups=[backup | {"backup_id": "1", "asset": "x"}],
        exports=[export("00:00", "02:00"), export("00:00", "20:00", **backup)],
    )
    assert found == {"web": 2}


def test_no_exports():
    assert covered_hours(incidents=[INCIDENT]) == {"web": 0}


def test_an_assessment_watches_nothing():
    hub = {"product": "hub", "format": "hub_assessments", "export_id": "h"}
    found = covered_hours(
        incidents=[INCIDENT | {"product": "hub"}],
        estimates=[hub | {"component": "web", "estimate_id": "A1", "disruption": "zone"}],
        exports=[export("00:00", "01:00", product="hub"), export("00:00", "08:00", **hub)],
    )
    assert found == {"web": 1}


PROBE = {"product": "probe", "format": "probe_states", "export_id": "p", "observer": "probe"}


def seen(state, start, end, **more):
    return PROBE | {"state": state, "from_at": f"2026-07-01T{start}", "until_at": f"2026-07-01T{end}"} | more


def test_what_a_probe_calls_unknown_it_did_not_watch():
    states = [seen("up", "00:00", "03:00"), seen("unknown", "03:00", "05:00"), seen("up", "05:00", "10:00")]
    mine = export("00:00", "10:00", **PROBE)
    assert covered_hours(states=states, exports=[mine]) == {"web": 8}
    assert covered_hours(states=states, incidents=[INCIDENT], exports=[mine, export("02:00", "04:00")]) == {"web": 9}


def test_a_component_unknown_while_another_is_fully_down_hides_nothing():
    states = [
        seen("unknown", "03:00", "05:00", component="a"),
        seen("down", "04:00", "08:00", component="b"),
    ]
    catalog = {"services": {"web": {"components": ["a", "b"]}}}
    assert covered_hours(states=states, exports=[export("00:00", "10:00", **PROBE)], catalog=catalog) == {"web": 9}


def test_a_state_unknown_until_now_is_unknown_to_the_end():
    states = [seen("up", "00:00", "03:00"), PROBE | {"state": "unknown", "from_at": "2026-07-01T03:00"}]
    assert covered_hours(states=states, exports=[export("00:00", "10:00", **PROBE)]) == {"web": 3}


QUIET = {"product": "pager", "format": "pagerduty_maintenance_windows", "export_id": "m", "status": "scheduled",
         "kind": "maintenance", "planned": True}  # fmt: skip


def quiet(start, end, **more):
    announced = {"scheduled_from_at": f"2026-07-01T{start}", "scheduled_until_at": f"2026-07-01T{end}"}
    return QUIET | announced | more


def test_a_pager_told_to_be_silent_watches_nothing_and_others_may():
    pager, page = export("00:00", "08:00"), export("03:00", "04:00", product="page", format="f", export_id="p")
    window = quiet("02:00", "05:00")
    assert covered_hours(incidents=[INCIDENT, window], exports=[pager]) == {"web": 5}
    other = {"product": "page", "format": "f", "export_id": "p", "component": "web"}
    assert covered_hours(incidents=[INCIDENT, window, INCIDENT | other], exports=[pager, page]) == {"web": 6}
    assert covered_hours(incidents=[INCIDENT, window | {"status": "cancelled"}], exports=[pager]) == {"web": 8}


def test_a_list_of_planned_work_is_no_witness_of_what_was_not_planned():
    page = {"product": "statuspage", "format": "statuspage_maintenances", "export_id": "s"}
    work = INCIDENT | page | {"kind": "maintenance", "planned": True}
    assert covered_hours(incidents=[work], exports=[export("00:00", "20:00", **page)]) == {"web": 0}


def test_a_list_of_silent_windows_is_no_witness():
    listed = export("00:00", "20:00", product="pager", format="pagerduty_maintenance_windows", export_id="m")
    files = [export("00:00", "08:00"), listed]
    assert covered_hours(incidents=[INCIDENT, quiet("02:00", "03:00")], exports=files) == {"web": 7}
