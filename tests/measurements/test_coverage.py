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
