import pandas as pd
import pytest
import yaml

from continuity_analysis.catalog import read_catalog
from continuity_analysis.catalog.quantities import read_hours, read_share
from continuity_analysis.errors import CatalogError

EXAMPLE = """
timezone: Europe/Rome
impact_by_severity: {1: 1.0, 2: 0.5}
evidence: {restoration: [incident, probe, alert]}
sources:
  - {path: "mongo/pbm-*.json", asset: mongo-prod, scope: mongo-prod/pbm, complete: true, timezone: UTC}
  - {path: "itsm/*.csv", format: csv, table: incidents, timezone: Europe/Rome, dayfirst: true,
     columns: {incident_id: Number, component: CI, started_at: Opened, restored_at: Resolved}}
services:
  mongo: {}
  checkout:
    tier: 1
    components: ["checkout*"]
    assets: [mongo-prod]
    in_service_since: 2025-01-01
    depends_on: [mongo]
    redundancy: {replicas: 3, required: 1, zones: 3}
    hours: 24x7
    maintenance: [{rrule: "FREQ=WEEKLY;BYDAY=SU", start: "02:00", duration: 2h}]
    objectives: {availability: 99.9%, requests: 99.95%, latency: {under: 500ms, for: 99%},
                 restore: {within: 4h, for: 90%}, rpo: {within: 6h, for: 100%},
                 rto: {within: 24h, chance: 90%}, mtpd: 48h}
corrections:
  - {incident: PD-123, exclude: true, because: "drill"}
  - {incident: PD-124, started_at: 2026-07-01T10:00Z, because: "alert came late, see post-mortem"}
"""


@pytest.fixture
def catalog():
    return read_catalog(yaml.safe_load(EXAMPLE))


def test_every_key_of_the_design_is_understood(catalog):
    checkout = catalog.services["checkout"]
    objectives = checkout.objectives
    assert (objectives.availability, objectives.requests, objectives.mtpd_hours) == (0.999, 0.9995, 48)
    assert (objectives.restore.within_hours, objectives.restore.share) == (4, 0.9)
    assert (objectives.rpo.within_hours, objectives.rpo.share) == (6, 1)
    assert (objectives.rto.within_hours, objectives.rto.chance) == (24, 0.9)
    assert objectives.latency.under_seconds == pytest.approx(0.5)
    assert checkout.in_service_since == pd.Timestamp("2025-01-01", tz="UTC")
    assert catalog.corrections[1].started_at == pd.Timestamp("2026-07-01T10:00Z")
    assert catalog.sources[0].complete is True


def test_when_a_minute_is_bad_may_be_said_for_a_service():
    services = {"a": {}, "b": {"bad_minute": {"failed": "1%", "of_at_least": 50}}, "c": {"bad_minute": {"failed": 0}}}
    read = {name: s.bad_minute for name, s in read_catalog({"services": services}).services.items()}
    assert [(m.failed, m.of_at_least) for m in read.values()] == [(0.05, 10), (0.01, 50), (0, 10)]


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"failed": "120%"}, "services.a.bad_minute.failed: expected a share such as 99.9% or 0.999, got '120%'"),
        ({"of_at_least": 0}, "services.a.bad_minute.of_at_least: input should be greater than or equal to 1, got 0"),
        ({"of_atleast": 5}, "services.a.bad_minute.of_atleast: there is no 'of_atleast'; did you mean 'of_at_least'?"),
    ],
)
def test_errors_about_bad_minutes_name_the_key_and_what_was_expected(stated, sentence):
    with pytest.raises(CatalogError) as error:
        read_catalog({"services": {"a": {"bad_minute": stated}}})
    assert sentence in str(error.value)


def test_an_objective_may_be_written_short():
    objectives = read_catalog({"services": {"a": {"objectives": {"rpo": "6h", "rto": "1d"}}}}).services["a"].objectives
    assert (objectives.rpo.within_hours, objectives.rpo.share) == (6, 1)
    assert (objectives.rto.within_hours, objectives.rto.chance) == (24, None)


def test_components_are_claimed_by_pattern_or_by_the_service_name(catalog):
    claims = catalog.services_of_components(["checkout-api", "mongo", "stranger", None])
    assert claims.to_dict("records") == [
        {"component": "checkout-api", "service": "checkout"},
        {"component": "mongo", "service": "mongo"},
    ]
    assert catalog.services_of_assets(["mongo-prod", "files"])["asset"].to_list() == ["mongo-prod"]


def test_without_services_every_component_is_its_own():
    assert read_catalog(None).services_of_components(["b", "a"])["service"].to_list() == ["a", "b"]


def test_impact_is_assumed_by_severity_and_by_state(catalog):
    assert [catalog.impact(s) for s in (None, 1, 2, 3, 5)] == [1, 1, 0.5, 0, 0]
    assert [catalog.impact_of_state(s) for s in ("down", "partial", "degraded", "up")] == [1, 0.3, 0, 0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"service": {}}, "service: there is no 'service'; did you mean 'services'?"),
        ({"services": {"a": {"teir": 1}}}, "services.a.teir: there is no 'teir'; did you mean 'tier'?"),
        ({"services": {"a": {"objectives": {"rto": "soon"}}}}, "expected a duration with its unit"),
        ({"services": {"a": {"objectives": {"restore": "4h"}}}}, "expected the share it holds for"),
        ({"services": {"a": {"objectives": {"restore": {"within": "4h"}}}}}, "expected the share it holds for"),
        ({"services": {"a": {"objectives": {"availability": "99,9"}}}}, "expected a share such as 99.9%"),
        ({"services": {"a": {"depends_on": ["b"]}}}, "services.a.depends_on: there is no 'b'"),
        ({"services": {"a": {"redundancy": {"replicas": 1, "required": 2}}}}, "required <= replicas"),
        ({"services": {"a": {"hours": "8x5"}}}, "services.a.hours: expected service hours such as"),
        ({"services": {"a": {"hours": "Mo-Fr 08:00-18:00; PH off"}}}, "state public holidays as holidays: IT"),
        ({"services": {"a": {"hours": "Mo-Fr 08:00-08:00"}}}, "got 'Mo-Fr 08:00-08:00'"),
        ({"services": {"a": {"hours": "Mo-Fr 08:00-25:00"}}}, "clock times 00:00 to 24:00"),
        ({"services": {"a": {"hours": "Mo off"}}}, "got 'Mo off'"),
        ({"services": {"a": {"hours": ""}}}, "services.a.hours: expected service hours"),
        ({"services": {"a": {"hours": 24}}}, "got '24'"),
        ({"services": {"a": {"holidays": "XX"}}}, "services.a.holidays: expected a country such as IT"),
        ({"services": {"a": {"holidays": False}}}, 'in quotes such as "NO"'),
        ({"services": {"a": {"holidays": {"country": "IT", "subdivision": "ZZZ"}}}}, "have subdivision ZZZ"),
        ({"services": {"a": {"holidays": {"country": "IT", "region": "BZ"}}}}, "there is no 'region'"),
        ({"services": {"a": {"timezone": "Rome"}}}, "services.a.timezone: Expected a time zone"),
        ({"services": {"a": {"maintenance": [{"rrule": "x", "start": "02:00", "duration": "2h"}]}}}, "iCalendar"),
        ({"timezone": "CETT"}, "timezone: Expected a time zone"),
        (
            {"sources": [{"path": "x", "table": "incidents", "columns": {"strated_at": "a"}}]},
            "did you mean 'started_at'",
        ),
        ({"sources": [{"path": "x", "columns": {"started_at": "a"}}]}, "columns need the table"),
        ({"corrections": [{"incident": "PD-1"}]}, "corrections.0.because: expected a value, got none"),
        ({"impact_by_severity": {1: 2.0}}, "impact_by_severity.1"),
    ],
)
def test_errors_name_the_key_and_what_was_expected(content, sentence):
    with pytest.raises(CatalogError) as error:
        read_catalog(content)
    assert sentence in str(error.value)


def hours(text):
    stretches = read_catalog({"services": {"a": {"hours": text}}}).services["a"].hours
    return [(s.day, s.opens / 60, s.closes / 60) for s in stretches]


def test_service_hours_are_days_and_ranges():
    workdays = [(d, 8, 18) for d in range(5)]
    assert hours("24x7") == hours("24/7") == []
    assert hours("Mo-Fr 08:00-18:00") == hours("Mo-Fr 8:00 - 18:00") == workdays
    assert hours("Mo-Fr 08:00-18:00, Sa 09:00-13:00") == [*workdays, (5, 9, 13)]
    assert hours("Mo-Fr 08:00-18:00; Sa 09:00-13:00") == [*workdays, (5, 9, 13)]
    assert hours("Mo,We 08:00-12:00,13:00-17:30") == [(0, 8, 12), (0, 13, 17.5), (2, 8, 12), (2, 13, 17.5)]
    assert hours("Mo-Su 22:00-06:00") == hours("22:00-06:00") == [(d, 22, 30) for d in range(7)]
    assert hours("Sa-Mo") == [(0, 0, 24), (5, 0, 24), (6, 0, 24)]
    assert hours("Su 00:00-24:00") == [(6, 0, 24)]


def test_a_semicolon_replaces_the_hours_of_its_days_and_a_comma_adds():
    assert hours("Mo-We 08:00-18:00; We 10:00-12:00") == [(0, 8, 18), (1, 8, 18), (2, 10, 12)]
    assert hours("Mo-We 08:00-18:00, We 20:00-22:00") == [(0, 8, 18), (1, 8, 18), (2, 8, 18), (2, 20, 22)]
    assert hours("Mo-We 08:00-18:00; Tu off") == hours("Mo-We 08:00-18:00, Tu off") == [(0, 8, 18), (2, 8, 18)]


def test_holidays_are_a_country_or_a_part_of_it():
    part = {"country": "IT", "subdivision": "BZ"}
    found = read_catalog({"services": {"a": {"holidays": "IT"}, "b": {"holidays": part}}}).services
    assert [(s.holidays.country, s.holidays.subdivision) for s in found.values()] == [("IT", None), ("IT", "BZ")]


def test_a_file_that_is_no_catalogue_is_named(tmp_path):
    path = tmp_path / "services.yaml"
    with pytest.raises(CatalogError, match=r"services\.yaml"):
        read_catalog(path)
    path.write_text("services: [unclosed")
    with pytest.raises(CatalogError, match="does not parse at line 1"):
        read_catalog(path)
    path.write_text("- a list")
    with pytest.raises(CatalogError, match="got a list"):
        read_catalog(path)
    path.write_text("")
    assert read_catalog(path).services == {}


def test_durations_and_shares():
    assert [read_hours(t) for t in ("4h", "30min", "1d 12h", "500ms", "2w")] == pytest.approx(
        [4, 0.5, 36, 1 / 7200, 336]
    )
    assert [read_share(t) for t in ("99.9%", 0.999, "100 %", 1, "0%")] == [0.999, 0.999, 1, 1, 0]
    for bad in ("4", "", "h", "4 parsecs", "-1h", None):
        with pytest.raises(ValueError, match="duration"):
            read_hours(bad)
    for bad in ("101%", "a", 1.1, True, None):
        with pytest.raises(ValueError, match="share"):
            read_share(bad)


def test_when_backups_are_due_and_kept():
    stated = [
        {"assets": ["mongo*"], "method": "full", "every": "6h", "start": "02:00", "within": "30min", "keep": "30d"},
        {"assets": "files", "location": "nas", "rrule": "FREQ=WEEKLY;BYDAY=SU", "start": "02:00"},
        {"assets": "*", "keep": "7d"},
    ]
    first, second, third = read_catalog({"backups": stated}).backups
    assert (first.every_hours, first.within_hours, first.keep_hours) == (6, 0.5, 720)
    assert (first.scheduled, second.scheduled, third.scheduled) == (True, True, False)
    assert first.speaks_of("mongo-prod", method="full", location=None)
    assert not first.speaks_of("mongo-prod", method=None, location=None)
    assert not second.speaks_of("files", method=None, location="tape")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"assets": "a"}, "expected every, rrule or keep, got none of them"),
        ({"assets": [], "keep": "7d"}, "assets"),
        ({"assets": "a", "every": "6h", "rrule": "FREQ=DAILY", "start": "02:00"}, "got both"),
        ({"assets": "a", "rrule": "FREQ=DAILY"}, 'such as start: "02:00", got none'),
        ({"assets": "a", "rrule": "daily", "start": "02:00"}, "iCalendar"),
        ({"assets": "a", "every": "6h", "start": "2 am"}, "clock time in quotes"),
        ({"assets": "a", "start": "02:00", "keep": "1d"}, "how often it is due"),
        ({"assets": "a", "every": "7h", "start": "02:00"}, "whole part of it, such as 6h"),
        ({"assets": "a", "keep": "7d", "within": "1h"}, "what is not due is not late"),
        ({"assets": "a", "evry": "6h"}, "did you mean 'every'"),
    ],
)
def test_schedules_that_say_nothing_certain_are_refused(rule, expected):
    with pytest.raises(CatalogError, match=expected):
        read_catalog({"backups": [rule]})
